"""What convolutions learned about right and wrong, as a folder: written from a set, read to judge other recordings.

Of the kernel only weights are kept, one for each random convolution, so no recording of anybody is in the folder.
"""

from __future__ import annotations

import hashlib
import json
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from physio_core.errors import InputError, ModelError
from physio_core.files import writing, writing_into
from physio_core.types import FloatArray
from physio_lab.quality.judge import Scale, balancing, best_of, sigmoid
from physio_lab.quality.ridge import duals, held_out, linear
from physio_lab.quality.rocket import Rocket
from physio_lab.quality.takes import Take, resampled
from physio_lab.quality.views import FRAMES_OF_ONE

SERIES = ("flat_places", "directions", "bends")
"""Of a take: what is convolved."""
CARD, WEIGHTS = "card.json", "quality.npz"
_PARAMETERS = 5


@dataclass(frozen=True)
class ExerciseJudge:
    """Judges one exercise. F convolutions in all.

    Attributes:
        parameters: of the transform of each of :data:`SERIES`.
        weights: (F,) of the features.
        offset: what is said of features that are 0.
        slope: of the sigmoid that makes a probability of a value.
        bias: of the same.
    """

    parameters: tuple[tuple[FloatArray, ...], ...]
    weights: FloatArray
    offset: float
    slope: float
    bias: float

    def probabilities(self, takes: Sequence[Take]) -> FloatArray:
        """How sure it is of each take that it is right, (N,) [0..1]."""
        transforms = [Rocket.restored(parameters) for parameters in self.parameters]
        values = np.concatenate(_features(takes, transforms), axis=1) @ self.weights + self.offset
        return np.asarray(1.0 / (1.0 + np.exp(-np.clip(self.slope * values + self.bias, -30.0, 30.0))))


def learned(takes: Sequence[Take]) -> ExerciseJudge:
    """A judge of one exercise, from takes of several people.

    Raises:
        InputError: one person, or no right or no wrong one among them.
    """
    target, people = np.array([take.target for take in takes]), np.array([take.subject for take in takes])
    if len(np.unique(target)) < 2 or len(np.unique(people)) < 2:
        raise InputError(f"{takes[0].exercise}: needs right and wrong ones of at least two people")
    rows = np.arange(len(takes))
    transforms = [Rocket().fit(_series(takes, name)) for name in SERIES]
    features = _features(takes, transforms)
    sizes = [float(((one - one.mean(0)) ** 2).sum(1).mean()) for one in features]
    kernel = np.asarray(np.mean([linear(one, rows) for one in features], axis=0))
    inner = held_out(kernel, rows, people, target, lambda some: balancing(target[some]))
    best, weights = best_of(inner, target, Scale(False)), balancing(target)
    counts, share = duals(kernel, target, weights)[best], weights / weights.sum()
    scaled = np.concatenate([one / np.sqrt(size * len(SERIES)) for one, size in zip(features, sizes, strict=True)], axis=1)
    middle = share @ scaled
    along = counts @ (scaled - middle)
    per_feature = np.concatenate(
        [np.full(one.shape[1], (size * len(SERIES)) ** -0.5) for one, size in zip(features, sizes, strict=True)]
    )
    slope, bias = sigmoid(inner[best], target > 0)
    return ExerciseJudge(
        tuple(tuple(one.parameters) for one in transforms), (along * per_feature).astype(np.float32),
        float(share @ target - middle @ along), slope, bias,
    )  # fmt: skip


def write_judges(folder: Path, judges: Mapping[str, ExerciseJudge], card: Mapping[str, Any]) -> None:
    """Write a folder: weights, and a card that says what they are and has their checksum."""
    arrays: dict[str, FloatArray] = {}
    for exercise, judge in judges.items():
        arrays[f"{exercise}/weights"] = judge.weights
        arrays[f"{exercise}/line"] = np.array([judge.offset, judge.slope, judge.bias])
        for number, parameters in enumerate(judge.parameters):
            arrays |= {f"{exercise}/{number}/{place}": array for place, array in enumerate(parameters)}
    with writing_into(folder, last=CARD) as place:
        with writing(place / WEIGHTS) as path, path.open("wb") as file:
            np.savez_compressed(file, **arrays)
        sha256 = hashlib.sha256((place / WEIGHTS).read_bytes()).hexdigest()
        content = {**card, "exercises": list(judges), "sha256": {WEIGHTS: sha256}}
        (place / CARD).write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")


def read_judges(folder: Path) -> dict[str, ExerciseJudge]:
    """The judges of a folder, by exercise.

    Raises:
        ModelError: no such folder, or files that are damaged or do not belong together.
    """
    try:
        card = json.loads((folder / CARD).read_text(encoding="utf-8"))
        if hashlib.sha256((folder / WEIGHTS).read_bytes()).hexdigest() != card["sha256"][WEIGHTS]:
            raise ModelError(f"{folder / WEIGHTS} is not the file that its card describes; restore both")
        with np.load(folder / WEIGHTS) as arrays:
            return {exercise: _judge(exercise, arrays) for exercise in card["exercises"]}
    except (OSError, ValueError, KeyError, TypeError, zipfile.BadZipFile) as error:
        raise ModelError(f"{folder} holds no judge of quality: {type(error).__name__} {error}") from error


def _judge(exercise: str, arrays: Mapping[str, FloatArray]) -> ExerciseJudge:
    parameters = tuple(
        tuple(arrays[f"{exercise}/{number}/{place}"] for place in range(_PARAMETERS)) for number in range(len(SERIES))
    )
    return ExerciseJudge(parameters, arrays[f"{exercise}/weights"], *arrays[f"{exercise}/line"].tolist())


def _features(takes: Sequence[Take], transforms: Sequence[Rocket]) -> list[FloatArray]:
    return [one.features(_series(takes, name)) for name, one in zip(SERIES, transforms, strict=True)]


def _series(takes: Sequence[Take], name: str) -> FloatArray:
    return np.stack([resampled(getattr(take, name), FRAMES_OF_ONE) for take in takes])
