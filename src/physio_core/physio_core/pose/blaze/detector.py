"""Finds bodies or palms anywhere in an image: a single-shot detector, its anchors, its decoding, and one box of many.

As MediaPipe's ``SsdAnchorsCalculator``, ``TensorsToDetectionsCalculator`` and ``NonMaxSuppressionCalculator`` (weighted:
boxes that overlap the best one are averaged, by their scores), with the options of ``pose_detection_cpu.pbtxt`` and
``palm_detection_cpu.pbtxt``. Bazarevsky et al. 2019, "BlazeFace: Sub-millisecond Neural Face Detection on Mobile GPUs".
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

import numpy as np

from physio_core.camera.crop import crop
from physio_core.pose.blaze.regions import whole
from physio_core.pose.network import Network, sigmoid
from physio_core.runners.runner import RunnerConfig
from physio_core.types import ByteImage, FloatArray

BOXES, SCORES = "Identity", "Identity_1"
OVERLAP = 0.3
"""Intersection over union from which two boxes are one (``min_suppression_threshold``)."""


@dataclass(frozen=True)
class DetectorSpec:
    """What a detector file was made for.

    Attributes:
        file: its name.
        strides: of its layers [px]; each layer has two anchors to a cell.
        lowest: what the darkest pixel is for it.
    """

    file: str
    strides: tuple[int, ...]
    lowest: float


BODY = DetectorSpec("pose_detection", (8, 16, 32, 32, 32), -1.0)
PALM = DetectorSpec("palm_detection_full", (8, 16, 16, 16), 0.0)


class Detector:
    """One of the two."""

    def __init__(self, spec: DetectorSpec, config: RunnerConfig, least_score: float) -> None:
        """Open the file; errors as :class:`~physio_core.pose.network.Network`."""
        self._network = Network(spec.file, config, (BOXES, SCORES), spec.lowest)
        self._anchors = anchors(spec.strides, self._network.size_px)
        self._least = least_score

    def detect(self, rgb: ByteImage) -> Iterator[FloatArray]:
        """What is found in an image (H, W, 3), the best first: (2 + K, 2) px: two corners of the box, then K key points.

        Raises:
            RunnerError: the network failed.
        """
        region, size = whole(rgb.shape[1], rgb.shape[0]), self._network.size_px
        made = self._network.run(crop(rgb, region.to_image(size), size, black_outside=True))
        scores = sigmoid(made[SCORES].reshape(-1))
        found = np.flatnonzero(scores >= self._least)
        raw = made[BOXES].reshape(len(scores), -1, 2)[found] / size
        middle, extent, marks = raw[:, :1] + self._anchors[found, None], raw[:, 1:2], raw[:, 2:] + self._anchors[found, None]
        things = np.concatenate([middle - extent / 2.0, middle + extent / 2.0, marks], axis=1)
        whole_boxes = (extent >= 0.0).all((1, 2))
        for thing in suppress(things[whole_boxes], scores[found][whole_boxes]):
            yield region.project(thing)


def anchors(strides: Sequence[int], size_px: int) -> FloatArray:
    """Middles (A, 2) of all anchors, x and y in 0 .. 1: row by row, layers of one stride together in each cell."""
    made = []
    for stride, layers in groupby(strides):
        cells = -(-size_px // stride)
        y, x = np.divmod(np.arange(cells * cells), cells)
        made.append(np.repeat((np.stack([x, y], axis=1) + 0.5) / cells, 2 * len(list(layers)), axis=0))
    return np.concatenate(made)


def suppress(things: FloatArray, scores: FloatArray) -> Iterator[FloatArray]:
    """One thing for each group that overlaps its best one, averaged by score.

    Args:
        things: (N, 2 + K, 2): two corners, key points.
        scores: (N,).
    """
    order = np.argsort(-scores, kind="stable")
    things, scores = things[order], scores[order]
    while len(things):
        same = _overlap(things, things[0]) > OVERLAP
        same[0] = True  # also where it has no area
        yield np.average(things[same], axis=0, weights=scores[same])
        things, scores = things[~same], scores[~same]


def _overlap(things: FloatArray, one: FloatArray) -> FloatArray:
    """Intersection over union (N,) of boxes with a box."""
    sides = np.clip(np.minimum(things[:, 1], one[1]) - np.maximum(things[:, 0], one[0]), 0.0, None)
    shared = sides.prod(1)
    total = (things[:, 1] - things[:, 0]).prod(1) + (one[1] - one[0]).prod() - shared
    return np.asarray(np.divide(shared, total, out=np.zeros_like(shared), where=total > 0.0))
