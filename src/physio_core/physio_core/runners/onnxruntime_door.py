"""ONNX Runtime, on a processor or a graphics card."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import onnxruntime
from onnxruntime.capi import onnxruntime_pybind11_state as failures

from physio_core.errors import ModelError, RunnerError, RunnerUnavailable
from physio_core.runners.model_file import ModelFile
from physio_core.runners.runner import CPU, CUDA, TENSORRT, Arrays, RunnerConfig, Shape, describe, numbers, wanted_outputs
from physio_core.types import FloatArray

onnxruntime.disable_telemetry_events()

# ONNX Runtime's own exceptions share no base class.
_REFUSALS = (
    failures.Fail, failures.InvalidArgument, failures.InvalidGraph, failures.InvalidProtobuf, failures.NoModel,
    failures.NotImplemented, failures.RuntimeException, failures.EPFail,
)  # fmt: skip
_PROVIDERS = {
    CPU: ("CPUExecutionProvider",),
    CUDA: ("CUDAExecutionProvider", "CPUExecutionProvider"),
    TENSORRT: ("TensorrtExecutionProvider", "CUDAExecutionProvider", "CPUExecutionProvider"),
}


class OnnxRuntimeNetwork:
    """See :class:`~physio_core.runners.runner.Runner`."""

    def __init__(
        self, session: onnxruntime.InferenceSession, outputs: Sequence[str], watched: Sequence[str], config: RunnerConfig
    ) -> None:
        self.name, self.instead_of = describe(config), ""
        self.inputs = {item.name: _shape(item.shape) for item in session.get_inputs()}
        shapes = {item.name: _shape(item.shape) for item in session.get_outputs()}
        self.outputs = {name: shapes[name] for name in outputs}
        self._session, self._wanted, self._watched = session, list(outputs), tuple(watched)

    def run(self, feeds: Mapping[str, FloatArray]) -> Arrays:
        """See :class:`~physio_core.runners.runner.Runner`."""
        try:
            made = self._session.run(self._wanted, feeds)
        except (*_REFUSALS, ValueError) as error:
            raise RunnerError(f"{self.name} failed: {error}") from error
        return numbers(dict(zip(self._wanted, made, strict=True)), self._watched, self.name)


def open_network(file: ModelFile, config: RunnerConfig, outputs: Sequence[str], watched: Sequence[str]) -> OnnxRuntimeNetwork:
    """See :func:`~physio_core.runners.runner.open_runner`."""
    providers = _PROVIDERS[config.runner_device]
    have = onnxruntime.get_available_providers()
    if providers[0] not in have:
        raise RunnerUnavailable(
            f"runner_device {config.runner_device} needs {providers[0]}, which this ONNX Runtime does not have (it has "
            f"{', '.join(have)}); install onnxruntime-gpu, or use runner_device cpu"
        )
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads, options.inter_op_num_threads = config.runner_threads, 1
    options.log_severity_level = 3
    try:
        session = onnxruntime.InferenceSession(file.content, options, providers=[name for name in providers if name in have])
    except _REFUSALS as error:
        raise ModelError(f"model file {file.path} cannot be loaded: {error}") from error
    if session.get_providers()[0] != providers[0]:  # it takes the next one without a word
        raise RunnerUnavailable(
            f"runner_device {config.runner_device} cannot be used: ONNX Runtime took {session.get_providers()[0]} instead of "
            f"{providers[0]}; see that the card's driver and libraries are there, or use runner_device cpu"
        )
    there = [item.name for item in session.get_outputs()]
    return OnnxRuntimeNetwork(session, wanted_outputs(there, outputs, file.path), watched, config)


def _shape(sizes: Sequence[int | str | None]) -> Shape:
    return tuple(size if isinstance(size, int) else -1 for size in sizes)
