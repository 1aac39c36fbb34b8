"""How well paths are named: each participant by what was learnt from the others, or others by what was learnt here."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from physio_core.errors import InputError
from physio_core.trajectories.types import load_types
from physio_core.types import UNKNOWN, BoolArray, FloatArray
from physio_lab.evaluation.nearest import Nearest, straight, warped
from physio_lab.reports.confusion import Confusion
from physio_lab.reports.intervals import accuracy, interval
from physio_lab.tasks.paths.config import PathsRecipe
from physio_lab.tasks.paths.data import mixed
from physio_lab.tasks.paths.learning import BOTH, ENCODER, KERNEL, WAYS, Learned, encoders_of, kernel_of, named
from physio_lab.tasks.paths.samples import Labels, PathBatches, Paths

NEIGHBOUR, WARPED = "1-nn", "dtw"
METHODS = {
    NEIGHBOUR: "nearest neighbour of 32 places", WARPED: "nearest neighbour after time warping",
    KERNEL: "geometry and kernel ridge", ENCODER: "Transformer", BOTH: "Transformer and kernel together (ships)",
}  # fmt: skip
STRIDE = 3
"""Every so many of the places of a path are compared by the neighbours: 32 of them."""
Tell = Callable[[], None]
Simulated = tuple[Paths, Paths]


@dataclass(frozen=True)
class Named:
    """What N paths were called by a method.

    Attributes:
        truths: (N,) places in ``names``.
        said: (N,) likewise.
        groups: (N,) who drew.
        names: of the labels.
    """

    truths: Labels
    said: Labels
    groups: npt.NDArray[np.str_]
    names: tuple[str, ...]

    def where(self, chosen: BoolArray) -> Named:
        """Those of a mask (N,)."""
        return Named(self.truths[chosen], self.said[chosen], self.groups[chosen], self.names)

    def by(self, names: Mapping[str, str]) -> Confusion:
        """Counts by other, coarser names."""
        labels = tuple(dict.fromkeys(names[name] for name in self.names))
        truths, said = ([names[self.names[one]] for one in row] for row in (self.truths, self.said))
        return Confusion.of(truths, said, labels)

    def figures(self, names: Mapping[str, str] | None = None) -> dict[str, Any]:
        """Accuracy with its interval over people."""
        names = names or {name: name for name in self.names}
        whole = self.by(names)
        low, high = interval([self.where(self.groups == one).by(names) for one in np.unique(self.groups)], accuracy)
        return {"accuracy": whole.accuracy, "low": low, "high": high, "n": whole.total, "people": len(np.unique(self.groups))}


def crossed(paths: Paths, learn: Callable[[Paths], Learned], tell: Tell) -> dict[str, FloatArray]:
    """Scores (N, K) of each way, each group by what was learnt from the others."""
    found = {way: np.zeros((len(paths), len(paths.names))) for way in WAYS}
    for group in np.unique(paths.groups):
        asked = paths.groups == group
        for way, scores in learn(paths.where(~asked)).scores(paths.where(asked)).items():
            found[way][asked, : scores.shape[1]] = scores
        tell()
    return found


def taught(paths: Paths, made: Simulated, recipe: PathsRecipe) -> Learned:
    """Network and kernel machine, learnt from recordings and simulated patients."""
    return Learned(encoders_of(mixed(paths, made, recipe), recipe, len(paths.names)), kernel_of(paths, made))


def taught_alone(paths: Paths, recipe: PathsRecipe) -> Learned:
    """The same of recordings alone, for sets whose shapes no simulated patient draws."""
    return Learned(encoders_of(PathBatches([(paths, 1.0)], recipe), recipe, len(paths.names)), kernel_of(paths))


def neighbours(learnt: Paths, asked: Paths, allowed: Sequence[int]) -> dict[str, Labels]:
    """(N,) what both nearest neighbours say."""
    known = learnt.where(np.isin(learnt.labels, allowed))
    found = {}
    for name, distances in ((NEIGHBOUR, straight), (WARPED, warped)):
        one = Nearest(distances)
        one.fit(known.places[:, ::STRIDE], [str(label) for label in known.labels])
        found[name] = np.array([int(label) for label in one.predict(asked.places[:, ::STRIDE])])
    return found


def crossed_neighbours(paths: Paths, allowed: Sequence[int]) -> dict[str, Labels]:
    """The same, each group by the others."""
    found = {name: np.zeros(len(paths), np.int64) for name in (NEIGHBOUR, WARPED)}
    for group in np.unique(paths.groups):
        asked = paths.groups == group
        for name, said in neighbours(paths.where(~asked), paths.where(asked), allowed).items():
            found[name][asked] = said
    return found


def called(
    paths: Paths, scores: Mapping[str, FloatArray], near: Mapping[str, Labels], allowed: Sequence[int]
) -> dict[str, Named]:
    """By method of :data:`METHODS`: the best of the allowed labels."""
    said = {**near, **{way: named(values, allowed) for way, values in scores.items()}}
    return {name: Named(paths.labels, said[name], paths.groups, paths.names) for name in METHODS if name in said}


def known_labels(paths: Paths) -> list[int]:
    """Places of the labels that occur, without ``unknown``."""
    found = [int(one) for one in np.unique(paths.labels) if paths.names[one] != UNKNOWN]
    if not found:
        raise InputError("no labelled path to measure")
    return found


def without_direction(names: Sequence[str]) -> dict[str, str]:
    """Circles of both senses as one."""
    return {name: name.replace("counter_", "clock_", 1).replace("clock_", "circle_", 1) for name in names}


def families(names: Sequence[str]) -> dict[str, str]:
    """The family of each type."""
    return {name: load_types()[name].family if name in load_types() else name for name in names}
