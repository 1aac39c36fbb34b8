"""Paths to learn from, each as many places evenly along its way, and the changes that make one drawing into many."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from physio_core.errors import InputError
from physio_core.trajectories.classifier import labels, other_sense, packed
from physio_core.trajectories.features import CHANNELS, TOKENS, channels, evenly, geometry, in_reach, of_path, tokens_wanted
from physio_core.trajectories.types import load_types
from physio_core.types import UNKNOWN, FloatArray
from physio_lab.datasets.u30a import PathRecording
from physio_lab.engine.task import Batch
from physio_lab.synthetic.paths import Drawing
from physio_lab.synthetic.seen_paths import SeenDrawing
from physio_lab.tasks.paths.config import PathsRecipe, SamplesConfig

PLACES = 96
"""Of each path that is learnt from."""
Labels = npt.NDArray[np.int64]


ARRAYS = ("places", "geometry", "backwards", "labels", "groups")


@dataclass(frozen=True)
class Paths:
    """N paths of one source.

    Attributes:
        places: (N, PLACES, 3) evenly along the way, as the left arm's [reach].
        geometry: (N, F) of :func:`~physio_core.trajectories.features.geometry`.
        backwards: (N, F) the same of the paths drawn backwards.
        labels: (N,) places in ``names``.
        groups: (N,) who drew.
        names: of the labels.
    """

    places: FloatArray
    geometry: FloatArray
    backwards: FloatArray
    labels: Labels
    groups: npt.NDArray[np.str_]
    names: tuple[str, ...]

    def __len__(self) -> int:
        """Number of paths."""
        return len(self.labels)

    def where(self, chosen: npt.NDArray[np.bool_]) -> Paths:
        """Those of a mask (N,)."""
        arrays: dict[str, Any] = {name: getattr(self, name)[chosen] for name in ARRAYS}
        return Paths(names=self.names, **arrays)

    @property
    def tokens(self) -> FloatArray:
        """(N, TOKENS, CHANNELS + 1) what the network reads; the last channel is 1 where a token is."""
        return np.stack([packed(one) for one in self.places])


def of_recordings(recordings: Sequence[PathRecording]) -> Paths:
    """Recordings under the names of the set.

    Raises:
        InputError: one of an unknown type.
    """
    if strange := sorted({one.kind for one in recordings} - set(labels())):
        raise InputError(f"recordings of type {strange[0]!r}; known: {', '.join(labels())}")
    return collected((*in_reach(one.path.stamps_s, one.outward_m), one.kind, one.group) for one in recordings)


def of_drawings(drawings: Sequence[Drawing], camera: bool) -> Paths:
    """Drawings of simulated patients; circles of the right arm, seen as the left's, turn the other way."""
    return collected(
        (
            *of_path(one.camera if camera else one.robot, one.reach_m),
            other_sense(one.kind) if one.robot.side == "right" else one.kind,
            f"person {one.person}",
        )
        for one in drawings
    )


def of_seen(drawings: Sequence[SeenDrawing]) -> Paths:
    """What an estimator saw of simulated patients; one of whom too little was seen is a hand that stays in its place."""
    return collected(
        (*_read(one), other_sense(one.kind) if one.side == "right" else one.kind, f"person {one.person}") for one in drawings
    )


def _read(drawing: SeenDrawing) -> tuple[FloatArray, FloatArray]:
    found = drawing.read()
    return (np.arange(PLACES, dtype=float), np.zeros((PLACES, 3))) if found is None else of_path(*found)


def collected(given: Iterable[tuple[FloatArray, FloatArray, str, str]], names: Sequence[str] = ()) -> Paths:
    """Paths from stamps (n,), places (n, 3) [reach], label and person of each.

    Raises:
        InputError: none.
    """
    names = tuple(names) or labels()
    rows = [(evenly(way, PLACES), *_both_ways(stamps, way), names.index(label), group) for stamps, way, label, group in given]
    if not rows:
        raise InputError("no path to learn from or to measure")
    places, ahead, back, said, groups = zip(*rows, strict=True)
    return Paths(np.stack(places), np.stack(ahead), np.stack(back), np.array(said), np.array(groups, dtype=str), names)


def _both_ways(stamps_s: FloatArray, places: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Geometry (F,) of a path as it was drawn, and backwards."""
    return geometry(stamps_s, places), geometry(stamps_s[-1] - stamps_s[::-1], places[::-1])


class PathBatches:
    """Batches by number: paths of several sources, each changed at random."""

    def __init__(self, sources: Sequence[tuple[Paths, float]], recipe: PathsRecipe) -> None:
        """Draw from sources, each with its share of a batch."""
        self._sources, self._recipe = [one for one in sources if one[1] > 0.0], recipe
        self._turned = turned_round(sources[0][0].names)

    def __getitem__(self, index: int) -> Batch:
        """Tokens (B, TOKENS, CHANNELS + 1) and labels (B,); batch ``index`` is the same each time it is asked for."""
        rng, plan = np.random.default_rng((self._recipe.seed, index)), self._recipe.samples
        batch = self._recipe.optimiser.batch
        shares = np.array([share for _, share in self._sources])
        counts = rng.multinomial(batch, shares / shares.sum())
        drawn = [_draw(paths, count, rng) for (paths, _), count in zip(self._sources, counts, strict=True)]
        places, labels = np.concatenate([one for one, _ in drawn]), np.concatenate([one for _, one in drawn])
        back = (rng.random(batch) < 0.5) & (self._turned[labels] >= 0)
        places[back] = places[back, ::-1]
        labels = np.where(back, self._turned[labels], labels)
        if plan.unknown and UNKNOWN in self._sources[0][0].names:
            strange = rng.random(batch) < plan.unknown
            places[strange] = [nothing_known(rng) for _ in range(int(strange.sum()))] if strange.any() else places[strange]
            labels[strange] = self._sources[0][0].names.index(UNKNOWN)
        return batch_tokens(changed(places, rng, plan), rng), labels.astype(np.int64)


def turned_round(names: Sequence[str]) -> Labels:
    """What each label becomes when a path is drawn backwards; -1: that is something else."""
    back = [other_sense(name) for name in names]
    return np.array(
        [
            names.index(one) if one in names and (one != name or one in load_types()) else -1
            for name, one in zip(names, back, strict=True)
        ]
    )


def _draw(paths: Paths, count: int, rng: np.random.Generator) -> tuple[FloatArray, Labels]:
    """Rarer labels more often than they are."""
    weight = (1.0 / np.bincount(paths.labels, minlength=len(paths.names)).clip(1))[paths.labels] ** 0.5
    chosen = rng.choice(len(paths), count, p=weight / weight.sum())
    return paths.places[chosen].copy(), paths.labels[chosen]


def changed(places: FloatArray, rng: np.random.Generator, plan: SamplesConfig) -> FloatArray:
    """Places (B, T, 3) of other people: begun and ended elsewhere, broken off, turned, stretched, shifted, shaken; (B, T, 3)."""
    count, steps = places.shape[:2]
    first, last = rng.uniform(0.0, 0.08, count), 1.0 - rng.uniform(0.0, 0.08, count)
    broken = rng.random(count) < plan.unfinished
    last = np.where(broken, rng.uniform(0.4, 1.0, count), last)
    at = (first[:, None] + (last - first)[:, None] * _uneven(count, steps, rng)) * (steps - 1)
    below = np.minimum(at.astype(int), steps - 2)
    part, row = (at - below)[..., None], np.arange(count)[:, None]
    taken = places[row, below] * (1.0 - part) + places[row, below + 1] * part
    centre = taken.mean(1, keepdims=True)
    turn = np.radians(plan.turn_deg)
    own = (taken - centre) * rng.normal(1.0, plan.stretch, (count, 1, 1)) * rng.normal(1.0, plan.stretch / 2.0, (count, 1, 3))
    whole = np.einsum("nij,ntj->nti", _turns(count, turn, rng), own) + centre
    whole = np.einsum("nij,ntj->nti", _turns(count, turn, rng), whole) * rng.normal(1.0, plan.stretch / 2.0, (count, 1, 1))
    shaken = np.cumsum(rng.normal(0.0, 0.0015, whole.shape), axis=1) + rng.normal(0.0, 0.003, whole.shape) * rng.random(
        (count, 1, 1)
    )
    return np.asarray(whole + rng.normal(0.0, plan.shift, (count, 1, 3)) + shaken)


def _uneven(count: int, steps: int, rng: np.random.Generator) -> FloatArray:
    """(B, T) shares 0..1 that rise, faster here and slower there."""
    time = np.linspace(0.0, 1.0, steps)[None]
    size, phase = rng.uniform(0.0, 0.04, (count, 1)), rng.uniform(0.0, 6.3, (count, 1))
    moved = time + size * (np.sin(2.0 * np.pi * time + phase) - np.sin(phase)) * 1.0
    return np.asarray(np.clip(moved, 0.0, 1.0))


def _turns(count: int, spread: float, rng: np.random.Generator) -> FloatArray:
    """(B, 3, 3) small turns about any axis."""
    x, y, z = rng.normal(0.0, spread, (3, count))
    zero = np.zeros(count)
    cross = np.stack([zero, -z, y, z, zero, -x, -y, x, zero], axis=1).reshape(-1, 3, 3)
    return np.asarray(np.eye(3) + cross + 0.5 * cross @ cross)


def batch_tokens(places: FloatArray, rng: np.random.Generator) -> FloatArray:
    """(B, TOKENS, CHANNELS + 1) tokens of places (B, T, 3) that are about evenly along the way; how many, varies a little."""
    count, steps = places.shape[:2]
    lengths = np.linalg.norm(np.diff(places, axis=1), axis=2).sum(1)
    wanted = np.array(
        [tokens_wanted(length * factor) for length, factor in zip(lengths, rng.uniform(0.85, 1.1, count), strict=True)]
    )
    at = np.minimum(np.arange(TOKENS)[None] / (wanted[:, None] - 1), 1.0) * (steps - 1)
    below = np.minimum(at.astype(int), steps - 2)
    part, row = (at - below)[..., None], np.arange(count)[:, None]
    taken = places[row, below] * (1.0 - part) + places[row, below + 1] * part
    there = np.arange(TOKENS)[None] < wanted[:, None]
    filled = np.empty((count, TOKENS, CHANNELS + 1), np.float32)
    filled[..., :CHANNELS] = channels(taken, lengths, there)
    filled[..., CHANNELS] = there
    return filled


def nothing_known(rng: np.random.Generator) -> FloatArray:
    """(PLACES, 3) a path that is no type, somewhere in reach: polygons, loops, waves, wandering, an eight [reach]."""
    time = np.linspace(0.0, 1.0, PLACES)
    size, centre = rng.uniform(0.12, 0.45), np.array([rng.uniform(0.2, 0.75), rng.uniform(-0.4, 0.7), rng.uniform(-0.5, 0.5)])
    kind = rng.integers(5)
    if kind == 0:
        corners = rng.uniform(-1.0, 1.0, (rng.integers(3, 7), 2))
        at = time * (len(corners) - 1)
        flat = np.column_stack([np.interp(at, np.arange(len(corners)), column) for column in corners.T])
    elif kind == 1:
        flat = np.column_stack([np.sin(2.0 * np.pi * time), np.sin(4.0 * np.pi * time + rng.uniform(-0.3, 0.3))])
    elif kind == 2:
        flat = np.column_stack([2.0 * time - 1.0, rng.uniform(0.3, 0.9) * np.sin(2.0 * np.pi * rng.uniform(1.5, 4.0) * time)])
    elif kind == 3:
        angle = 2.0 * np.pi * rng.uniform(1.2, 3.0) * time
        flat = np.column_stack([np.cos(angle), np.sin(angle)]) * np.linspace(rng.uniform(0.0, 0.3), 1.0, PLACES)[:, None]
    else:
        waves = rng.normal(size=(4, 2, 2)) / np.arange(1, 5)[:, None, None]
        flat = sum(
            waves[k, 0] * np.cos(np.pi * (k + 1) * time)[:, None] + waves[k, 1] * np.sin(np.pi * (k + 1) * time)[:, None]
            for k in range(4)
        )
    axes, _ = np.linalg.qr(rng.normal(size=(3, 3)))
    upright = np.array([[0.0, 1.0, 0.0], [0.0, 0.0, 1.0]]) if rng.random() < 0.6 else axes[:2]
    return np.asarray(evenly(flat @ upright * size + centre, PLACES))
