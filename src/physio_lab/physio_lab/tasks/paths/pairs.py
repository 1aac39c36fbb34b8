"""Pairs of a patient's path and the ideal one of its type, aligned, with the truth that the next path is measured by.

The truth is the mixture of the ideal with *another* drawing of the same type by the same person: what is meant is how she draws,
not the accidents of one drawing, and a method that only repeats what it was given does not win by that alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from physio_core.errors import InputError
from physio_core.trajectories.alignment import align
from physio_core.trajectories.arm import load_arm
from physio_core.trajectories.features import DEVICE_REACH_M
from physio_core.trajectories.trajectory import Trajectory
from physio_core.trajectories.types import ideal
from physio_core.types import FloatArray
from physio_lab.datasets.u30a import PathRecording
from physio_lab.engine.task import Batch, Loss
from physio_lab.tasks.paths.config import PathsRecipe
from physio_lab.tasks.paths.next_network import BEFORE, CHANNELS, OWN, POINTS, WANTED, WEIGHT

WEIGHTS = (0.1, 0.3, 0.5, 0.7, 0.9)
"""Of the patient's own path, at which methods are compared."""


@dataclass(frozen=True)
class Pair:
    """One recording beside the ideal of its type.

    Attributes:
        own: (POINTS, 7) what was drawn, at the moments of the ideal: place [reach], angles [rad].
        wanted: (POINTS, 7) the ideal.
        path: the recording as the left arm's.
        target: the ideal.
        kind: the type.
        group: who.
    """

    own: FloatArray
    wanted: FloatArray
    path: Trajectory
    target: Trajectory
    kind: str
    group: str


def pairs_of(recordings: Sequence[PathRecording]) -> list[Pair]:
    """A pair for each recording; all as the left arm's, for which the types stand."""
    arm = load_arm("device", "left")
    ideals = {
        kind: arm.follow(ideal(kind, DEVICE_REACH_M, "left", 2 * POINTS)) for kind in sorted({one.kind for one in recordings})
    }
    found = []
    for one in recordings:
        own, target = Trajectory(one.path.stamps_s, one.outward_m, one.path.angles_rad, "left"), ideals[one.kind]
        found.append(Pair(*aligned(own, target), own, target, one.kind, one.group))
    return found


def aligned(own: Trajectory, wanted: Trajectory) -> tuple[FloatArray, FloatArray]:
    """Both paths (POINTS, 7) at moments that belong together, evenly along the ideal.

    Raises:
        InputError: joint angles are unknown.
    """
    if own.angles_rad is None or wanted.angles_rad is None:
        raise InputError("joint angles are needed beside the places; let the arm follow the path first")
    even = [own.by_length(2 * POINTS), wanted.by_length(POINTS)]
    centred = [one.positions_m - one.positions_m.mean(0) for one in even]
    matched = align(*(one / np.sqrt((one**2).sum(1).mean()) for one in centred)).pairs
    at = np.bincount(matched[:, 1], matched[:, 0]) / np.bincount(matched[:, 1])
    smooth = np.convolve(np.pad(at, 2, "edge"), np.full(5, 0.2), "valid")
    place = np.interp(smooth, np.arange(2 * POINTS), np.arange(2 * POINTS, dtype=float))
    values = [np.column_stack([one.positions_m / DEVICE_REACH_M, np.asarray(one.angles_rad)]) for one in even]
    own_at = np.stack([np.interp(place, np.arange(2 * POINTS), column) for column in values[0].T], axis=1)
    return own_at, values[1]


def others(pairs: Sequence[Pair]) -> list[list[int]]:
    """For each pair the other drawings of its type by the same person; of one alone, itself."""
    by: dict[tuple[str, str], list[int]] = {}
    for place, one in enumerate(pairs):
        by.setdefault((one.kind, one.group), []).append(place)
    return [[other for other in by[one.kind, one.group] if other != place] or [place] for place, one in enumerate(pairs)]


def batch_of(own: FloatArray, wanted: FloatArray, truth: FloatArray, weight: FloatArray) -> FloatArray:
    """(N, POINTS, CHANNELS) as the network reads it, of paths (N, POINTS, 7) and weights (N,)."""
    batch = np.zeros((len(own), POINTS, CHANNELS), np.float32)
    batch[..., OWN], batch[..., WANTED], batch[..., WEIGHT] = own, wanted, weight[:, None, None]
    batch[:, 1:, BEFORE] = truth[:, :-1]
    return batch


@dataclass(frozen=True)
class PairBatches:
    """Batches by number."""

    pairs: Sequence[Pair]
    recipe: PathsRecipe
    _others: list[list[int]] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Who drew what else."""
        self._others.extend(others(self.pairs))

    def __getitem__(self, index: int) -> Batch:
        """Batch ``index``, and the next paths (B, POINTS, 7); what came before is a little wrong, as it will be at inference."""
        rng = np.random.default_rng((self.recipe.seed, index))
        chosen = rng.integers(len(self.pairs), size=self.recipe.optimiser.batch)
        weight = rng.uniform(0.0, 1.0, len(chosen))
        own = np.stack([self.pairs[row].own for row in chosen])
        wanted = np.stack([self.pairs[row].wanted for row in chosen])
        other = np.stack([self.pairs[rng.choice(self._others[row])].own for row in chosen])
        shift = np.zeros((len(chosen), 1, 7))
        shift[..., :3] = rng.normal(0.0, 0.03, (len(chosen), 1, 3))
        truth = (weight[:, None, None] * other + (1.0 - weight)[:, None, None] * wanted) + shift
        batch = batch_of(own + shift, wanted + shift, truth, weight)
        slips = rng.random((len(chosen), 1, 1)) < 0.5
        batch[:, 1:, BEFORE] += slips * rng.normal(0.0, 0.02, (len(chosen), POINTS - 1, 7))
        return batch, truth.astype(np.float32)


class NextPathTask:
    """The little that :func:`~physio_lab.engine.trainer.fit` asks of a task."""

    name = "next path"

    def blocks(self, model: object) -> list[object]:
        """The head, then all the rest."""
        return [model.head, model.decoder, model.own_encoder, model.wanted_encoder]  # type: ignore[attr-defined]

    def loss(self, model: object, inputs: object, targets: object, recipe: PathsRecipe) -> Loss:
        """Mean square error, places and angles alike."""
        from torch.nn import functional

        return Loss(100.0 * functional.mse_loss(model(inputs), targets))  # type: ignore[operator]
