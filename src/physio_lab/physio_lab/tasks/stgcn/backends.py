"""Runs an ONNX file in other ways than the coach does, so that they can be compared: OpenVINO, and eight-bit integers.

Nothing here is needed while someone exercises. The libraries are those of the training group, imported when asked for.
"""

from __future__ import annotations

import importlib
import logging
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import numpy as np

from physio_core.errors import ConfigError
from physio_core.runners.model_file import ModelFile
from physio_core.runners.runner import ONNXRUNTIME, Runner, RunnerConfig, open_runner
from physio_core.types import FloatArray

Feeds = dict[str, FloatArray]
"""Arrays by the name of the input."""


def graph(path: Path, runner: str = ONNXRUNTIME) -> Runner:
    """A file made here, which no sum describes, on one core as the coach runs it.

    Raises:
        ConfigError: the runner is not installed.
        ModelError: it cannot read the file.
    """
    return open_runner(ModelFile(path, path.read_bytes()), RunnerConfig(runner=runner))


def quantise(source: Path, target: Path, examples: Iterable[Feeds]) -> None:
    """Write an ONNX file again with convolutions in eight-bit integers (static, each output channel on its own scale).

    Args:
        source: 32-bit network.
        target: written.
        examples: inputs as in real use; their ranges become the ranges of the integers.

    Raises:
        ConfigError: the quantiser or what it leans on is not installed.
    """
    tool = _quantiser()

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


def _quantiser() -> Any:
    try:
        return importlib.import_module("onnxruntime.quantization")
    except ModuleNotFoundError as error:
        raise ConfigError(
            f"{error.name} is needed to run onnxruntime.quantization; install it with: scripts/setup --training"
        ) from error


class GraphStream:
    """The continual network of a graph, remembering; and the clip network beside it."""

    def __init__(self, step: Runner, clip: Runner) -> None:
        self._step, self._clip = step, clip
        self._states: Feeds = {
            name: np.zeros(shape, np.float32) for name, shape in step.inputs.items() if name.startswith("state")
        }

    def feeds(self, frame: FloatArray, reset: bool = False) -> Feeds:
        """The inputs of the next step: a frame (C, V), ``reset`` to forget the past, and what is remembered."""
        return {"frame": frame[None], "fresh": np.array([reset], np.float32), **self._states}

    def step(self, frame: FloatArray, reset: bool = False) -> FloatArray:
        """Scores (K,) after one more frame (C, V)."""
        scores, *states = self._step.run(self.feeds(frame, reset)).values()
        self._states = dict(zip(self._states, states, strict=True))
        return np.asarray(scores[0])

    def clip(self, clip: FloatArray) -> FloatArray:
        """Scores (1, K, T') of a clip (1, C, T, V)."""
        (scores,) = self._clip.run({"clip": clip}).values()
        return scores
