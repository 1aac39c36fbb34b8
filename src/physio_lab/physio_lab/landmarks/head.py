"""The landmark network of the hand: MediaPipe's as it ships, up to its last layer, and a last layer that rendered hands taught.

It takes an image (224, 224, 3) and gives 21 joints from the wrist, in lengths from the wrist to the middle knuckle, in the axes
of the camera. The layer is linear, so a fit has one optimum (ridge regression: Hoerl and Kennedy, Technometrics 12, 1970).
"""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from physio_core.errors import InputError, ModelError
from physio_core.files import writing
from physio_core.pose.blaze.regions import whole
from physio_core.share import shared_folder
from physio_core.types import ByteImage, FloatArray
from physio_lab.datasets.hand_sets import normalised
from physio_lab.refining.networks import HAND_FEATURES, HandNetworks

REMEDY = "train it again: physio hand landmarks train"
SIZE_PX, OUTPUTS = 224, 63
SHAPE = (HAND_FEATURES + 1, OUTPUTS)
SHRINKS = (0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0)
"""How far weights may be drawn to 0, as shares of the number of images; people kept apart decide."""
MODEL, WEIGHTS = "hand_landmarks", "weights.npz"
Sample = tuple[ByteImage, FloatArray]
"""An image (224, 224, 3) and its joints (21, 3), in any unit."""


@dataclass(frozen=True)
class Head:
    """What is added to MediaPipe's landmarks.

    Attributes:
        weights: (1153, 63), the last row is added to all.
    """

    weights: FloatArray

    def joints(self, features: FloatArray, plain: FloatArray) -> FloatArray:
        """Joints (N, 21, 3) of what MediaPipe's network knows (N, 1152) and says, normalised (N, 21, 3)."""
        more = features @ self.weights[:-1] + self.weights[-1]
        told = plain + more.reshape(plain.shape)
        return np.asarray(told - told[:, :1])

    def save(self, path: Path) -> None:
        """Write it, whole or not at all.

        Raises:
            OutputError: it cannot be written.
        """
        with writing(path) as part, part.open("wb") as file:
            np.savez_compressed(file, weights=self.weights.astype(np.float16))

    @staticmethod
    def load(path: Path) -> Head:
        """What :meth:`save` wrote.

        Raises:
            ModelError: the file is missing, truncated, of another shape, or holds what is no number.
        """
        try:
            with path.open("rb") as whole_file, np.load(whole_file, allow_pickle=False) as file:
                weights = file["weights"].astype(np.float64)
        except (OSError, ValueError, KeyError, EOFError, TypeError, zipfile.BadZipFile) as error:
            raise ModelError(f"{path} holds no landmark layer: {error}; {REMEDY}") from error
        if weights.shape != SHAPE or not np.isfinite(weights).all():
            raise ModelError(f"{path}: weights of shape {weights.shape}, need finite ones of {SHAPE}; {REMEDY}")
        return Head(weights)


class LandmarkNetwork:
    """MediaPipe's network with that layer."""

    def __init__(self, head: Path | None = None, networks: HandNetworks | None = None) -> None:
        """Open it; the layer that ships where none is named.

        Raises:
            ModelError: a file is missing or damaged.
            ConfigError: ONNX is not installed.
        """
        self._head = Head.load(head or shared_folder("models") / MODEL / WEIGHTS)
        self._networks = networks or HandNetworks()

    def joints(self, rgb: ByteImage) -> FloatArray:
        """(21, 3) of a hand that fills about two thirds of an image (224, 224, 3).

        Raises:
            InputError: an image of another size.
            RunnerError: the network failed.
        """
        features, plain = look(self._networks, rgb)
        return np.asarray(self._head.joints(features[None], plain[None])[0])


def look(networks: HandNetworks, rgb: ByteImage) -> tuple[FloatArray, FloatArray]:
    """What MediaPipe's network knows of an image (1152,) before its last layer, and its landmarks (21, 3), normalised.

    Raises:
        InputError: an image of another size or kind.
    """
    if rgb.shape != (SIZE_PX, SIZE_PX, 3) or rgb.dtype != np.uint8:
        raise InputError(f"an image of {rgb.shape} {rgb.dtype}; the network takes ({SIZE_PX}, {SIZE_PX}, 3) uint8")
    seen = networks.look(rgb, whole(SIZE_PX, SIZE_PX))
    return seen.features, normalised(seen.marks)


def teach(
    networks: HandNetworks,
    samples: Sequence[tuple[str, Sample]],
    start: Head | None = None,
    tell: Callable[[], None] = lambda: None,
) -> tuple[Head, float]:
    """A layer from images and joints, each with who it is of; what it is drawn towards is ``start``, or MediaPipe's own.

    Returns:
        The layer, and the shrinkage that was right for every fifth person, who is kept apart to decide it.

    Raises:
        InputError: fewer than five people, joints that are no numbers, or an image of another size.
    """
    features, plain, truth = [], [], []
    for _, (rgb, points) in samples:
        if points.shape != (21, 3) or not np.isfinite(points).all():
            raise InputError(f"joints of shape {points.shape} or not finite; need (21, 3) finite numbers")
        one, other = look(networks, rgb)
        features.append(one)
        plain.append(other)
        truth.append(normalised(points))
        tell()
    return fit(np.array(features), np.array(plain), np.array(truth), [who for who, _ in samples], start)


def fit(
    features: FloatArray, plain: FloatArray, truth: FloatArray, who: Sequence[str], start: Head | None = None
) -> tuple[Head, float]:
    """As :func:`teach`, from what the network said: (N, 1152), (N, 21, 3), (N, 21, 3) and N people."""
    people = sorted(set(who))
    if len(people) < 5:
        raise InputError(f"hands of {len(people)} people; to keep some apart at least 5 are needed")
    start = start or Head(np.zeros(SHAPE))
    apart = np.isin(who, people[::5])

    def error(shrink: float) -> float:
        made = _ridge(features[~apart], plain[~apart], truth[~apart], start, shrink)
        return float(np.square(made.joints(features[apart], plain[apart]) - truth[apart]).mean())

    best = min(SHRINKS, key=error)
    return _ridge(features, plain, truth, start, best), best


def _ridge(features: FloatArray, plain: FloatArray, truth: FloatArray, start: Head, shrink: float) -> Head:
    missed = (truth - start.joints(features, plain)).reshape(len(truth), -1)
    middle, level = features.mean(0), missed.mean(0)
    scale = features.std(0) + 1e-3
    rows = (features - middle) / scale
    inner = rows.T @ rows + shrink * len(rows) * np.eye(rows.shape[1])
    weights = np.linalg.solve(inner, rows.T @ (missed - level)) / scale[:, None]
    return Head(start.weights + np.vstack([weights, level - middle @ weights]))
