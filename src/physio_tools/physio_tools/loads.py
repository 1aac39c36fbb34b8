"""Which libraries each node loads, and its memory then: `python -m physio_tools.loads`, a table of docs/performance.md."""

from __future__ import annotations

import subprocess
import sys

from physio_lab.reports.markdown import markdown_table

NODES = ("camera", "pose", "hand", "action", "coach", "records", "screen", "voice", "robot", "stop_guard", "mount")
LIBRARIES = (
    "numpy", "cv2", "av", "mediapipe", "onnxruntime", "openvino", "pygame", "pydantic", "babel", "sqlalchemy", "mcap", "rosbags",
    "matplotlib", "scipy", "torch", "mujoco", "pandas",
)  # fmt: skip
"""Those that are large, and those that no node may load."""

_LOOK = """
import importlib, sys
importlib.import_module(sys.argv[1])
from physio_tools.usage import resident_mb
import os
print(resident_mb(os.getpid()), *[name for name in sys.argv[2:] if name in sys.modules])
"""


def look(module: str) -> tuple[float, list[str]]:
    """Resident memory of a fresh process that has loaded a module [MB], and which of :data:`LIBRARIES` came with it."""
    done = subprocess.run([sys.executable, "-c", _LOOK, module, *LIBRARIES], capture_output=True, text=True, check=True)
    memory_mb, *names = done.stdout.split()
    return float(memory_mb), names


def main() -> None:
    """Print the table."""
    rows = []
    for node in NODES:
        memory_mb, names = look(f"physio_nodes.{node}{'' if node == 'stop_guard' else '_node'}")
        rows.append([node, f"{memory_mb:.0f}", " ".join(names)])
    print("\n".join(markdown_table(["node", "MB when loaded", "large libraries"], rows)))


if __name__ == "__main__":
    main()
