"""OpenVINO on x86 processors; reads ONNX and TensorFlow Lite files."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from physio_core.errors import ModelError, RunnerError, RunnerUnavailable
from physio_core.runners.model_file import ModelFile
from physio_core.runners.runner import BFLOAT16, FLOAT32, Arrays, RunnerConfig, Shape, describe, numbers, wanted_outputs
from physio_core.types import FloatArray

# OpenVINO reports each import to its maker unless the package that does it cannot be imported.
sys.modules["openvino_telemetry"] = None  # type: ignore[assignment]
import openvino  # noqa: E402

_HINTS = {FLOAT32: "f32", BFLOAT16: "bf16"}
_CAPABILITIES = {FLOAT32: "FP32", BFLOAT16: "BF16"}


class OpenvinoNetwork:
    """See :class:`~physio_core.runners.runner.Runner`."""

    def __init__(self, model: Any, outputs: Sequence[str], watched: Sequence[str], config: RunnerConfig) -> None:
        self.name, self.instead_of = describe(config), ""
        self.inputs = {item.any_name: _shape(item.partial_shape) for item in model.inputs}
        self.outputs = {name: _shape(item.partial_shape) for name, item in zip(outputs, model.outputs, strict=True)}
        self._request, self._wanted, self._watched = model.create_infer_request(), tuple(outputs), tuple(watched)

    def run(self, feeds: Mapping[str, FloatArray]) -> Arrays:
        """See :class:`~physio_core.runners.runner.Runner`."""
        try:
            made = self._request.infer(dict(feeds), share_inputs=True)
        except (RuntimeError, TypeError, ValueError) as error:
            raise RunnerError(f"{self.name} failed: {error}") from error
        arrays = {name: np.asarray(made[index]) for index, name in enumerate(self._wanted)}
        return numbers(arrays, self._watched, self.name)


def open_network(file: ModelFile, config: RunnerConfig, outputs: Sequence[str], watched: Sequence[str]) -> OpenvinoNetwork:
    """See :func:`~physio_core.runners.runner.open_runner`."""
    core = openvino.Core()
    able = core.get_property("CPU", "OPTIMIZATION_CAPABILITIES")
    if _CAPABILITIES[config.runner_precision] not in able:
        raise RunnerUnavailable(
            f"runner_precision {config.runner_precision} needs instructions that this processor does not have (it has "
            f"{', '.join(sorted(able))}); use runner_precision float32"
        )
    settings = {
        "INFERENCE_NUM_THREADS": config.runner_threads,
        "PERFORMANCE_HINT": "LATENCY",
        "INFERENCE_PRECISION_HINT": _HINTS[config.runner_precision],
    }
    try:
        model = core.read_model(str(file.path))
        there = [item.any_name for item in model.outputs]
        wanted = wanted_outputs(there, outputs, file.path)
        if wanted != there:
            nodes = [item.get_node() for item in model.outputs if item.any_name in wanted]
            model = openvino.Model(nodes, model.get_parameters())
        return OpenvinoNetwork(core.compile_model(model, "CPU", settings), wanted, watched, config)
    except RuntimeError as error:
        raise ModelError(f"model file {file.path} cannot be loaded: {error}") from error


def _shape(sizes: Any) -> Shape:
    return tuple(size.get_length() if size.is_static else -1 for size in sizes)
