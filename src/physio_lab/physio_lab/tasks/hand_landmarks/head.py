"""A head on MediaPipe's hand landmark network, to be taught: it corrects what that says by what that knows of a region.

MediaPipe's network averages its last map over the image and answers by one linear layer. The head is given an earlier map of
7 x 7 cells as well, in which every cell keeps its place. It is added to MediaPipe's answer (Apache-2.0), which stays as it is: so
what drawn hands teach starts from a network that knows real ones.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache

import numpy as np
import torch
from torch import Tensor, nn

from physio_core.pose.blaze.hands import DEPTH_SCALE
from physio_core.pose.hand_estimator import PALM_M
from physio_core.pose.network import FOLDER, REMEDY
from physio_core.runners.model_file import read_model_file
from physio_core.share import shared_path
from physio_core.types import FloatArray
from physio_lab.engine.task import Batch
from physio_lab.tasks.hand_landmarks.config import NetworkConfig
from physio_lab.tasks.hand_landmarks.opened import CELLS, CHANNELS, CLIPPED, MEANS, OUTPUTS, Opened, opened
from physio_lab.tasks.hand_landmarks.opened import Head as Weights

SIZE_PX = 224
SHRINKS = (0.003, 0.01, 0.03, 0.1, 0.3)
_SCALE = np.concatenate([np.tile([1.0, 1.0, 1.0 / DEPTH_SCALE], 21) / SIZE_PX, np.full(63, 1.0 / PALM_M)])
"""From the numbers of MediaPipe's outputs to marks in sides of the region, and to joints in lengths of the palm."""


class LandmarkHead(nn.Module):
    """What the network knows of regions (N, KNOWN), as :meth:`Opened.known` gives it, to marks and joints (N, 2, 21, 3)."""

    def __init__(self, config: NetworkConfig) -> None:
        """It says what MediaPipe says until it is taught."""
        super().__init__()
        self.scaled, self.fewer = nn.BatchNorm2d(CHANNELS), nn.Conv2d(CHANNELS, config.channels, 1)
        self.level, self.mean = nn.BatchNorm2d(config.channels), nn.BatchNorm1d(MEANS)
        self.hidden, self.even = nn.Linear(config.channels * CELLS**2 + MEANS, config.width), nn.BatchNorm1d(config.width)
        self.drop, self.head = nn.Dropout(config.dropout), nn.Linear(config.width, OUTPUTS)
        self.straight = nn.Linear(MEANS, OUTPUTS).requires_grad_(False)
        with torch.no_grad():
            for one in (self.head, self.straight):
                one.weight.zero_()
                one.bias.zero_()
        self.register_buffer("scale", torch.tensor(_SCALE, dtype=torch.float32), persistent=False)

    def forward(self, known: Tensor) -> Tensor:
        """Marks and joints."""
        cells, mean, said = known.split([CHANNELS * CELLS**2, MEANS, OUTPUTS], dim=1)
        made = torch.relu(self.level(self.fewer(self.scaled(cells.reshape(-1, CHANNELS, CELLS, CELLS))))).flatten(1)
        given = torch.cat([made, self.mean(mean).clamp(-CLIPPED, CLIPPED)], dim=1)
        more = self.head(self.drop(torch.relu(self.even(self.hidden(self.drop(given))))))
        told: Tensor = more + self.straight(mean) + said * self.scale
        return told.reshape(-1, 2, 21, 3)

    def parts(self) -> Iterator[nn.Module]:
        """From the head to the deepest."""
        yield from (self.head, self.even, self.hidden, self.mean, self.level, self.fewer, self.scaled)

    def weights(self) -> Weights:
        """As the file has it: what scales features is in the weights of the layer beside it."""
        (before, shift), (after, level), (even, add), mean = map(_affine, (self.scaled, self.level, self.even, self.mean))
        fewer, bias = (_numbers(one) for one in (self.fewer.weight[:, :, 0, 0], self.fewer.bias))
        hidden, offset = _numbers(self.hidden.weight), _numbers(self.hidden.bias)
        head, last = _numbers(self.head.weight), _numbers(self.head.bias)
        return Weights(
            fewer * before * after[:, None], (fewer @ shift + bias) * after + level, *mean,
            hidden * even[:, None], offset * even + add, head / _SCALE[:, None],
            _numbers(self.straight.weight) / _SCALE[:, None], (last + _numbers(self.straight.bias)) / _SCALE,
        )  # fmt: skip

    def solve(self, taught: Iterable[Batch], apart: Iterable[Batch]) -> float:
        """Find the straight way from means to what MediaPipe misses, which the rest then corrects.

        Ridge regression: Hoerl and Kennedy, Technometrics 12, 1970.

        Returns:
            How far weights were drawn to 0, as a share of the number of regions: what was right for people apart.
        """
        (rows, missed), (others, theirs) = (_missed(batches) for batches in (taught, apart))
        middle, level, scale = rows.mean(0), missed.mean(0), rows.std(0) + 1e-3
        given, known = (rows - middle) / scale, (others - middle) / scale
        inner, outer = given.T @ given, given.T @ (missed - level)
        found = {shrink: np.linalg.solve(inner + shrink * len(rows) * np.eye(MEANS), outer) for shrink in SHRINKS}
        best = min(SHRINKS, key=lambda shrink: float(np.square(known @ found[shrink] + level - theirs).mean()))
        weights = found[best] / scale[:, None]
        with torch.no_grad():
            self.straight.weight.copy_(torch.from_numpy(weights.T))
            self.straight.bias.copy_(torch.from_numpy(level - middle @ weights))
        return best


def _missed(batches: Iterable[Batch]) -> tuple[FloatArray, FloatArray]:
    """Means (N, 1152) and what MediaPipe's answer misses (N, 126)."""
    means, missed = [], []
    for known, wanted in batches:
        means.append(known[:, -OUTPUTS - MEANS : -OUTPUTS].astype(np.float64))
        missed.append(wanted.reshape(len(wanted), -1) - known[:, -OUTPUTS:] * _SCALE)
    return np.concatenate(means), np.concatenate(missed)


def _affine(norm: nn.BatchNorm1d | nn.BatchNorm2d) -> tuple[FloatArray, FloatArray]:
    """Factor and addend of what normalises, once it is taught."""
    assert norm.running_var is not None and norm.running_mean is not None
    factor = _numbers(norm.weight) / np.sqrt(_numbers(norm.running_var) + norm.eps)
    return factor, _numbers(norm.bias) - _numbers(norm.running_mean) * factor


def _numbers(values: Tensor) -> FloatArray:
    return np.asarray(values.detach().cpu().numpy(), np.float64)


@lru_cache(maxsize=1)
def mediapipe() -> Opened:
    """MediaPipe's network, opened.

    Raises:
        ModelError: its file is missing or damaged.
        ConfigError: ONNX is not installed.
    """
    return opened(read_model_file(shared_path("models", FOLDER) / "hand_landmark_full.onnx", remedy=REMEDY))
