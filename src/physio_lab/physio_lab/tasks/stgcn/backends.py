"""Runs an ONNX file in other ways than the coach does, so that they can be compared: OpenVINO, and eight-bit integers.

Nothing here is needed while someone exercises. The libraries are those of the training group, imported when asked for.
"""

from __future__ import annotations

import importlib
import logging
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from physio_core.action.model import open_session
from physio_core.errors import ConfigError, ModelError
from physio_core.types import FloatArray

Feeds = dict[str, FloatArray]
"""Arrays by the name of the input."""


class Graph(Protocol):
    """A loaded ONNX file.

    Attributes:
        states: shape of each input that carries the past.
    """

    states: dict[str, tuple[int, ...]]

    def run(self, feeds: Feeds) -> list[FloatArray]:
        """All outputs in their order."""


class OnnxRuntimeGraph:
    """In ONNX Runtime, as the coach runs it."""

    def __init__(self, path: Path) -> None:
        """Load; a file that is no network raises ModelError."""
        self._session = open_session(path.read_bytes(), path)
        self.states = {item.name: tuple(item.shape) for item in self._session.get_inputs() if item.name.startswith("state")}

    def run(self, feeds: Feeds) -> list[FloatArray]:
        """See :class:`Graph`."""
        return list(self._session.run(None, feeds))


class OpenvinoGraph:
    """In OpenVINO on the CPU, with the same 32-bit numbers and one thread."""

    def __init__(self, path: Path) -> None:
        """Load; raises ConfigError without OpenVINO, ModelError where it cannot read the file."""
        openvino = _library("openvino")
        settings = {"INFERENCE_NUM_THREADS": 1, "PERFORMANCE_HINT": "LATENCY", "INFERENCE_PRECISION_HINT": "f32"}
        core = openvino.Core()
        try:
            model = core.compile_model(core.read_model(str(path)), "CPU", settings)
        except RuntimeError as error:
            raise ModelError(f"OpenVINO cannot load {path}: {error}") from error
        self.states = {item.any_name: tuple(item.shape) for item in model.inputs if item.any_name.startswith("state")}
        self._request, self._outputs = model.create_infer_request(), range(len(model.outputs))

    def run(self, feeds: Feeds) -> list[FloatArray]:
        """See :class:`Graph`."""
        made = self._request.infer(feeds, share_inputs=True)
        return [made[index] for index in self._outputs]


def quantise(source: Path, target: Path, examples: Iterable[Feeds]) -> None:
    """Write an ONNX file again with convolutions in eight-bit integers (static, each output channel on its own scale).

    Args:
        source: 32-bit network.
        target: written.
        examples: inputs as in real use; their ranges become the ranges of the integers.

    Raises:
        ConfigError: the quantiser or what it leans on is not installed.
    """
    tool = _library("onnxruntime.quantization")

    class Reader(tool.CalibrationDataReader):  # type: ignore[name-defined]
        def __init__(self) -> None:
            self._rest: Iterator[Feeds] = iter(examples)

        def get_next(self) -> Feeds | None:
            return next(self._rest, None)

    level = logging.root.level
    logging.root.setLevel(logging.ERROR)  # it advises on the root logger
    try:
        tool.quantize_static(
            str(source), str(target), Reader(), quant_format=tool.QuantFormat.QDQ, per_channel=True,
            activation_type=tool.QuantType.QUInt8, weight_type=tool.QuantType.QInt8, op_types_to_quantize=["Conv", "Gemm"],
            reduce_range=True,  # weights of 7 bits: with 8, sums of products overflow where a processor has no VNNI
        )  # fmt: skip
    finally:
        logging.root.setLevel(level)


def _library(name: str) -> Any:
    # OpenVINO reports each import to its maker unless the package that does it cannot be imported.
    sys.modules["openvino_telemetry"] = None  # type: ignore[assignment]
    try:
        return importlib.import_module(name)
    except ModuleNotFoundError as error:
        raise ConfigError(f"{error.name} is needed to run {name}; install it with: scripts/setup --training") from error


class GraphStream:
    """The continual network of a graph, remembering; and the clip network beside it."""

    def __init__(self, step: Graph, clip: Graph) -> None:
        self._step, self._clip = step, clip
        self._states: Feeds = {name: np.zeros(shape, np.float32) for name, shape in step.states.items()}

    def feeds(self, frame: FloatArray, reset: bool = False) -> Feeds:
        """The inputs of the next step: a frame (C, V), ``reset`` to forget the past, and what is remembered."""
        return {"frame": frame[None], "fresh": np.array([reset], np.float32), **self._states}

    def step(self, frame: FloatArray, reset: bool = False) -> FloatArray:
        """Scores (K,) after one more frame (C, V)."""
        made = self._step.run(self.feeds(frame, reset))
        self._states = dict(zip(self._states, made[1:], strict=True))
        return np.asarray(made[0][0])

    def clip(self, clip: FloatArray) -> FloatArray:
        """Scores (1, K, T') of a clip (1, C, T, V)."""
        return self._clip.run({"clip": clip})[0]
