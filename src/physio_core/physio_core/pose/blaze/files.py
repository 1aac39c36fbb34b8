"""MediaPipe's own model files, as they ship in ``models/mediapipe``, opened in the runner that is asked for."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from physio_core.errors import ConfigError, ModelError
from physio_core.runners.model_file import read_model_file
from physio_core.runners.runner import READS, Arrays, Runner, RunnerConfig, open_runner
from physio_core.share import shared_path
from physio_core.types import ByteImage, FloatArray

FOLDER = "mediapipe"
REMEDY = "restore models/mediapipe, whose README.md says where each file comes from"


class Network:
    """One of the model files: a square image in, named arrays out."""

    def __init__(self, name: str, config: RunnerConfig, outputs: Sequence[str], lowest: float = 0.0) -> None:
        """Open it.

        Args:
            name: of the file, without its ending.
            config: what runs it.
            outputs: those that are wanted.
            lowest: what the darkest pixel becomes; the brightest becomes 1.

        Raises:
            ModelError: the file is missing, truncated or of another version.
            RunnerUnavailable: the runner cannot be used here.
        """
        try:
            folder = shared_path("models", FOLDER)
        except ConfigError as error:
            raise ModelError(str(error)) from error
        ending = next(iter(READS[config.runner]))
        self.runner: Runner = open_runner(read_model_file(folder / f"{name}{ending}", remedy=REMEDY), config, outputs=outputs)
        ((self._input, shape),) = self.runner.inputs.items()
        self.size_px = shape[1]
        self._image = np.empty(shape, np.float32)
        self._scale, self._lowest = np.float32((1.0 - lowest) / 255.0), np.float32(lowest)

    def run(self, rgb: ByteImage) -> Arrays:
        """What the network says of an image (size_px, size_px, 3).

        Raises:
            RunnerError: it failed, or gave what is no number.
        """
        np.multiply(rgb[None], self._scale, out=self._image)
        if self._lowest:
            self._image += self._lowest
        return self.runner.run({self._input: self._image})


def sigmoid(values: FloatArray) -> FloatArray:
    """Logistic function of what a network gives, kept to where it does not overflow."""
    return np.asarray(1.0 / (1.0 + np.exp(-np.clip(values, -80.0, 80.0))))
