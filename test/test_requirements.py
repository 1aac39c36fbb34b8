"""What a robot needs exists for its processor too: the libraries of the arm64 image, as wheels, in the locked versions."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
FROM_APT = re.compile(r"^(#|ros-|colcon|uv$|mujoco)")
"""What docker/Dockerfile.jetson leaves out."""
NO_NETWORK = re.compile("error sending request|failed to lookup|Failed to (fetch|download)|Could not connect|timed out")


def test_the_run_set_resolves_for_arm64(tmp_path: Path) -> None:
    lines = (ROOT / "requirements/run.in").read_text(encoding="utf-8").splitlines()
    libraries = tmp_path / "libraries.txt"
    libraries.write_text("\n".join(line for line in lines if not FROM_APT.match(line)), encoding="utf-8")
    command = [
        sys.executable, "-m", "uv", "pip", "compile", "-q", libraries, "--constraint", ROOT / "requirements/run.lock",
        "--override", ROOT / "requirements/overrides.txt", "--python-version", "3.12", "--python-platform",
        "aarch64-manylinux_2_28", "--only-binary", ":all:",
    ]  # fmt: skip
    done = subprocess.run(list(map(str, command)), capture_output=True, text=True, timeout=60, check=False)
    if done.returncode and NO_NETWORK.search(done.stderr):
        pytest.skip(f"the package index cannot be reached: {done.stderr.strip().splitlines()[-1]}")
    assert done.returncode == 0, done.stderr
    assert "onnxruntime==" in done.stdout and not re.search("mediapipe|openvino", done.stdout)
