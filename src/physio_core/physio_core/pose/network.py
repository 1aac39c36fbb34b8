"""A model file that takes a square image: found, checked, and opened in the runner that is asked for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from physio_core.errors import ConfigError, ModelError, RunnerUnavailable
from physio_core.runners.model_file import read_model_file
from physio_core.runners.runner import CPU, FLOAT32, ONNXRUNTIME, READS, Arrays, Runner, RunnerConfig, open_runner
from physio_core.share import shared_path
from physio_core.types import ByteImage, FloatArray

FOLDER = "mediapipe"
REMEDY = "restore models/mediapipe, whose README.md says where each file comes from"
OWN_REMEDY = "restore its folder, or make it again as its README.md says"


class Network:
    """One of the model files: a square image in, named arrays out."""

    def __init__(
        self, name: str, config: RunnerConfig, outputs: Sequence[str], lowest: float = 0.0, highest: float = 1.0,
        folder: str | Path = FOLDER,
    ) -> None:  # fmt: skip
        """Open it.

        Args:
            name: of the file, without its ending.
            config: what runs it.
            outputs: those that are wanted.
            lowest: what the darkest pixel becomes.
            highest: what the brightest pixel becomes.
            folder: where the file lies, with its sum: a folder of the models that ship, or a path.

        Raises:
            ModelError: the file is missing, truncated or of another version.
            RunnerUnavailable: the runner cannot be used here.
        """
        try:
            place = folder if isinstance(folder, Path) else shared_path("models", folder)
        except ConfigError as error:
            raise ModelError(str(error)) from error
        self.runner: Runner = _open(place / name, config, outputs, REMEDY if folder == FOLDER else OWN_REMEDY)
        ((self._input, shape),) = self.runner.inputs.items()
        self.size_px = shape[1]
        self._image = np.empty(shape, np.float32)
        self._scale, self._lowest = np.float32((highest - lowest) / 255.0), np.float32(lowest)

    @property
    def runs_by(self) -> str:
        """The runner, and why it is not the one that was asked for."""
        return self.runner.name + (f", because {self.runner.instead_of}" if self.runner.instead_of else "")

    def run(self, rgb: ByteImage) -> Arrays:
        """What the network says of an image (size_px, size_px, 3).

        Raises:
            RunnerError: it failed, or gave what is no number.
        """
        np.multiply(rgb[None], self._scale, out=self._image)
        if self._lowest:
            self._image += self._lowest
        return self.runner.run({self._input: self._image})


def _open(path: Path, config: RunnerConfig, outputs: Sequence[str], remedy: str) -> Runner:
    """The file that the runner likes best; where it cannot be used and another may be, ONNX Runtime's."""
    there = [file for file in map(path.with_suffix, READS[config.runner]) if file.is_file()]
    file = there[0] if there else path.with_suffix(READS[ONNXRUNTIME][0])
    try:
        return open_runner(read_model_file(file, remedy=remedy), config, outputs=outputs)
    except RunnerUnavailable as error:
        if not config.runner_fallback or config.runner == ONNXRUNTIME:
            raise
        refused = str(error)
    plain = replace(config, runner=ONNXRUNTIME, runner_device=CPU, runner_precision=FLOAT32)
    runner = open_runner(read_model_file(path.with_suffix(READS[ONNXRUNTIME][0]), remedy=remedy), plain, outputs=outputs)
    runner.instead_of = refused
    return runner


def sigmoid(values: FloatArray) -> FloatArray:
    """Logistic function of what a network gives, kept to where it does not overflow."""
    return np.asarray(1.0 / (1.0 + np.exp(-np.clip(values, -80.0, 80.0))))
