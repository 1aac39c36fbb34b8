"""What runs a network: named arrays in, named arrays out, by whichever library is asked for."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from importlib import import_module
from importlib.util import find_spec
from typing import Protocol

import numpy as np

from physio_core.errors import ModelError, RunnerError, RunnerUnavailable
from physio_core.params import Parameters, param
from physio_core.runners.model_file import ModelFile
from physio_core.types import FloatArray

Shape = tuple[int, ...]
"""Of an array; -1 where any size is taken."""
Arrays = dict[str, FloatArray]

ONNXRUNTIME, OPENVINO, LITERT = "onnxruntime", "openvino", "litert"
FLOAT32, BFLOAT16 = "float32", "bfloat16"
CPU, CUDA, TENSORRT = "cpu", "cuda", "tensorrt"
READS = {ONNXRUNTIME: (".onnx",), OPENVINO: (".tflite", ".onnx"), LITERT: (".tflite",)}
"""Endings of the files that each runner takes; the first is the one it prefers."""


@dataclass(frozen=True)
class RunnerConfig(Parameters):
    """What runs a network."""

    runner: str = param(ONNXRUNTIME, "Library that runs the network.", choices=tuple(READS))
    runner_device: str = param(CPU, "Processor; graphics cards by onnxruntime only.", choices=(CPU, CUDA, TENSORRT))
    runner_precision: str = param(
        FLOAT32, "Arithmetic; bfloat16 by openvino only, on processors that have it.", choices=(FLOAT32, BFLOAT16)
    )
    runner_threads: int = param(1, "Processor cores that one network uses.", low=1, high=64)
    runner_fallback: bool = param(False, "Take another runner, and say so, where the one asked for cannot be used.")


class Runner(Protocol):
    """A loaded network.

    Attributes:
        name: library, device, arithmetic and threads, for logs and tables.
        inputs: shape of each input, by name, in the file's order.
        outputs: shape of each output, likewise.
        instead_of: why this is not the runner that was asked for; empty: it is.
    """

    name: str
    inputs: dict[str, Shape]
    outputs: dict[str, Shape]
    instead_of: str

    def run(self, feeds: Mapping[str, FloatArray]) -> Arrays:
        """All outputs, by name, in the file's order.

        Raises:
            RunnerError: the library failed, or gave what is no number.
        """
        ...


Open = Callable[[ModelFile, RunnerConfig, Sequence[str], Sequence[str]], Runner]


def open_runner(
    file: ModelFile, config: RunnerConfig | None = None, *, outputs: Sequence[str] = (), watched: Sequence[str] = ()
) -> Runner:
    """A network ready to run.

    Args:
        file: read by :func:`~physio_core.runners.model_file.read_model_file`.
        config: which library, where, how; None: ONNX Runtime on one core.
        outputs: those that are wanted, in the file's order; empty: all. What only others need is not computed where the library
            can leave it out.
        watched: outputs that are looked through for what is no number, each time; empty: all.

    Raises:
        RunnerUnavailable: the library is not installed, or does not have what is asked for on this machine, or does not read such
            files; with ``runner_fallback``: no other can be used either.
        ModelError: the file is no network, or not one with these outputs.
    """
    config = config or RunnerConfig()
    try:
        return _open(file, config, outputs, watched)
    except RunnerUnavailable as error:
        if not config.runner_fallback:
            raise
        refused = str(error)
    for name, endings in READS.items():
        if name == config.runner and (config.runner_device, config.runner_precision) == (CPU, FLOAT32):
            continue
        if file.path.suffix not in endings:
            continue
        plain = replace(config, runner=name, runner_device=CPU, runner_precision=FLOAT32)
        try:
            runner = _open(file, plain, outputs, watched)
        except RunnerUnavailable as error:
            refused += f"; {error}"
        else:
            runner.instead_of = refused
            return runner
    raise RunnerUnavailable(f"no runner for {file.path}: {refused}")


def _open(file: ModelFile, config: RunnerConfig, outputs: Sequence[str], watched: Sequence[str]) -> Runner:
    if file.path.suffix not in READS[config.runner]:
        able = [name for name, endings in READS.items() if file.path.suffix in endings]
        raise RunnerUnavailable(f"{config.runner} does not read {file.path}; use runner {' or '.join(able) or '(none reads it)'}")
    if config.runner_device != CPU and config.runner != ONNXRUNTIME:
        raise RunnerUnavailable(f"runner_device {config.runner_device} needs runner onnxruntime, not {config.runner}")
    if config.runner_precision != FLOAT32 and config.runner != OPENVINO:
        raise RunnerUnavailable(f"runner_precision {config.runner_precision} needs runner openvino, not {config.runner}")
    try:
        door = import_module(f"physio_core.runners.{config.runner}_door")
    except ImportError as error:
        raise _missing(config, str(error)) from error
    opened: Runner = door.open_network(file, config, outputs, watched)
    return opened


def check_installed(config: RunnerConfig) -> None:
    """Raises RunnerUnavailable where the library is not installed; does not load it."""
    library = LIBRARIES[config.runner]
    try:
        found = find_spec(library)
    except ValueError:  # None in sys.modules
        found = None
    if found is None:
        raise _missing(config, f"No module named {library!r}")


def _missing(config: RunnerConfig, why: str) -> RunnerUnavailable:
    return RunnerUnavailable(
        f"runner {config.runner} is not installed ({why}); install it ({INSTALL[config.runner]}), or choose another "
        f"runner: {', '.join(name for name in READS if name != config.runner)}"
    )


LIBRARIES = {ONNXRUNTIME: "onnxruntime", OPENVINO: "openvino", LITERT: "ai_edge_litert"}
"""What each runner imports."""
INSTALL = {
    ONNXRUNTIME: "scripts/setup",
    OPENVINO: "scripts/setup, on x86",
    LITERT: ".venv/bin/pip install ai-edge-litert",
}
"""How to get each runner."""


def describe(config: RunnerConfig) -> str:
    """A runner in words, e.g. ``openvino cpu bfloat16, 2 threads``."""
    threads = f"{config.runner_threads} thread{'s' * (config.runner_threads > 1)}"
    return f"{config.runner} {config.runner_device} {config.runner_precision}, {threads}"


def wanted_outputs(there: Sequence[str], wanted: Sequence[str], path: object) -> list[str]:
    """Those of a file's outputs that are wanted, in its order; none named: all.

    Raises:
        ModelError: one is not there.
    """
    if strange := set(wanted) - set(there):
        raise ModelError(f"{path} has no output {', '.join(sorted(strange))}; it has {', '.join(there)}")
    return [name for name in there if not wanted or name in wanted]


def numbers(made: Arrays, watched: Sequence[str], name: str) -> Arrays:
    """What a network made, once it is seen to be numbers.

    Raises:
        RunnerError: NaN or infinity in a watched output.
    """
    for output in watched or made:
        if not np.isfinite(made[output].sum()):  # one pass; a sum is finite where all its parts are
            raise RunnerError(f"{name} gave NaN or infinity in {output}")
    return made
