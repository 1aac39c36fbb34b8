"""Which estimator runs where none is named: by what was measured on this machine, else by what is installed.

`physio pose choose` measures, and writes the file; nothing is measured when a coach starts.
"""

from __future__ import annotations

import os
import platform
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Literal

from pydantic import Field

from physio_core.runners.runner import BFLOAT16, CPU, CUDA, FLOAT32, LITERT, ONNXRUNTIME, OPENVINO, TENSORRT
from physio_core.yaml_file import Model, read_model

AUTO, MEDIAPIPE, BLAZE, MOVENET = "auto", "mediapipe", "blaze", "movenet"
INSTALL_MEDIAPIPE = "scripts/setup without --robot, on x86 with Python 3.10 to 3.12"
_X86 = ("x86_64", "AMD64")


class Measured(Model):
    """The file: what `physio pose choose` found, and on which processor."""

    processor: str
    measured_on: str
    estimator: Literal["mediapipe", "blaze"]
    runner: Literal["onnxruntime", "openvino", "litert"] = "onnxruntime"
    runner_device: Literal["cpu", "cuda", "tensorrt"] = "cpu"
    runner_precision: Literal["float32", "bfloat16"] = "float32"
    runner_threads: int = Field(1, ge=1, le=64)
    image_ms: float = Field(gt=0.0)


@dataclass(frozen=True)
class Choice:
    """What runs.

    Attributes:
        estimator: MediaPipe or our own.
        runner: of our own; with the next three, as :class:`~physio_core.runners.runner.RunnerConfig` has them.
        runner_device: likewise.
        runner_precision: likewise.
        runner_threads: likewise.
        why: in words, for the line with which a node starts.
    """

    estimator: str = BLAZE
    runner: str = ONNXRUNTIME
    runner_device: str = CPU
    runner_precision: str = FLOAT32
    runner_threads: int = 1
    why: str = ""


CANDIDATES = (
    Choice(MEDIAPIPE),
    Choice(BLAZE, ONNXRUNTIME),
    Choice(BLAZE, OPENVINO),
    Choice(BLAZE, OPENVINO, runner_precision=BFLOAT16),
    Choice(BLAZE, LITERT),
    Choice(BLAZE, ONNXRUNTIME, CUDA),
    Choice(BLAZE, ONNXRUNTIME, TENSORRT),
)


def candidates(cores: int) -> Iterator[Choice]:
    """What is measured on a machine of so many processor cores; two for one network where there are two."""
    for one in CANDIDATES:
        yield one
        if cores >= 2 and one.estimator == BLAZE and one.runner_device == CPU:
            yield Choice(one.estimator, one.runner, one.runner_device, one.runner_precision, 2)


def choice_path() -> Path:
    """``$XDG_CONFIG_HOME/physio/pose.yaml``, by default ``~/.config/physio/pose.yaml``."""
    home = os.environ.get("XDG_CONFIG_HOME", "")
    return Path(home if Path(home).is_absolute() else Path.home() / ".config") / "physio/pose.yaml"


def chosen() -> Choice:
    """What runs where no estimator is named.

    Raises:
        ConfigError: the file cannot be read; it names what is wrong in it.
    """
    path = choice_path()
    if not path.is_file():
        return _unmeasured("not measured on this machine; physio pose choose does")
    found = read_model(path, Measured)
    if found.processor != processor():
        return _unmeasured(f"{path} was measured on another processor, {found.processor}; physio pose choose measures this one")
    why = f"the fastest on this machine that equals MediaPipe, {found.image_ms:.1f} ms, measured {found.measured_on}"
    return Choice(found.estimator, found.runner, found.runner_device, found.runner_precision, found.runner_threads, why)


def installed(estimator: str) -> bool:
    """Whether an estimator's library is there; our own always has ONNX Runtime."""
    return estimator != MEDIAPIPE or _there("mediapipe")


def processor() -> str:
    """What the machine calls its processor."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        lines = []
    named = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(named, "") or platform.processor() or platform.machine()


def _unmeasured(why: str) -> Choice:
    return Choice(BLAZE, OPENVINO if platform.machine() in _X86 and _there("openvino") else ONNXRUNTIME, why=why)


def _there(module: str) -> bool:
    try:
        return find_spec(module) is not None
    except (ImportError, ValueError):  # None in sys.modules
        return False


REFERENCE = MEDIAPIPE if installed(MEDIAPIPE) else BLAZE
"""What the laboratory's figures are made with, on any machine alike: MediaPipe, or where it has no wheel its networks."""
