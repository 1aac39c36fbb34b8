"""Trials of hand items with their level, as scorers see them: 200 points in time, whom they are of, which item."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from physio_core.errors import InputError
from physio_core.hands.scoring import ITEMS, inputs_of
from physio_core.hands.trial import TimePoints, Trial, time_points
from physio_core.types import FloatArray
from physio_lab.quality.ridge import Indices
from physio_lab.synthetic.hand_noise import HandNoise
from physio_lab.synthetic.hand_trials import HandTrial, trials


@dataclass(frozen=True, eq=False)
class Examples:
    """N trials.

    Attributes:
        inputs: (N, P, C) what a network is given, see :func:`~physio_core.hands.scoring.inputs_of`.
        levels: (N,) 0, 1, 2.
        patients: (N,) who.
        items: (N,) index into :data:`~physio_core.hands.scoring.ITEMS`.
        seconds: (N,) how long the movement takes [s].
        refused: trials that cannot be scored, by why.
    """

    inputs: FloatArray
    levels: Indices
    patients: Indices
    items: Indices
    seconds: FloatArray
    refused: tuple[str, ...] = ()

    def __len__(self) -> int:
        """How many there are."""
        return len(self.levels)

    def of(self, rows: Indices) -> Examples:
        """Some of them."""
        return Examples(
            self.inputs[rows], self.levels[rows], self.patients[rows], self.items[rows], self.seconds[rows], self.refused
        )  # fmt: skip


def examples_of(made: Iterable[HandTrial]) -> Examples:
    """Trials as an estimator would see them, cut and brought to their points; what is refused is counted.

    Raises:
        InputError: none is left.
    """
    kept: list[tuple[HandTrial, TimePoints]] = []
    refused = []
    for one in made:
        try:
            kept.append((one, time_points(Trial.of(one.skeletons(), one.side == "left"))))
        except InputError as error:
            refused.append(str(error))
    if not kept:
        raise InputError(f"no trial can be scored: {refused[0] if refused else 'there is none'}")
    return Examples(
        np.stack([inputs_of(points, one.item) for one, points in kept]), np.array([one.level for one, _ in kept]),
        np.array([one.patient.number for one, _ in kept]), np.array([ITEMS.index(one.item) for one, _ in kept]),
        np.array([points.end_s - points.start_s for _, points in kept]), tuple(refused),
    )  # fmt: skip


@lru_cache(maxsize=4)
def simulated(patients: int, per_item: int = 1, seed: int = 0, noise: HandNoise | None = None) -> Examples:
    """Every item of so many simulated patients; the same arguments give the same examples."""
    return examples_of(trials(patients, seed, ITEMS, per_item, noise))
