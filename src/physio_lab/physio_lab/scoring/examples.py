"""Trials of hand items, and recordings of arm tasks, as scorers see them: 200 points in time, their level, whose, and what."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from physio_core.errors import InputError
from physio_core.hands.scoring import ITEMS, inputs_of
from physio_core.hands.trial import POINTS, TimePoints, Trial, time_points
from physio_core.types import FloatArray
from physio_lab.quality.ridge import Indices
from physio_lab.quality.takes import resampled
from physio_lab.scoring.upper_body import UpperBody
from physio_lab.scoring.wmft import Recording, people_of
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


def of_recordings(recordings: Sequence[Recording]) -> Examples:
    """Recordings as the scorer sees tries: angles, places, the speed of both, how long it takes, and which task it is."""
    people, tasks = people_of(recordings), sorted({one.task for one in recordings})
    bodies = [UpperBody.of(one.joints_m, one.rate_hz) for one in recordings]
    which = np.eye(len(tasks))[[tasks.index(one.task) for one in recordings]]
    inputs = np.stack([_moving(body, row) for body, row in zip(bodies, which, strict=True)])
    return Examples(
        inputs, np.array([one.severity for one in recordings]), np.array([people.index(one.subject) for one in recordings]),
        which.argmax(1), np.array([body.seconds for body in bodies]),
    )  # fmt: skip


def _moving(body: UpperBody, which: FloatArray) -> FloatArray:
    channels = np.concatenate([body.angles, body.courses], axis=1)
    pace = np.log(np.abs(np.gradient(channels, axis=0)) * body.rate_hz + 1e-2)
    always = np.concatenate([[np.log(body.seconds)], which])
    moving = resampled(np.concatenate([channels, pace], axis=1), POINTS)
    return np.asarray(np.concatenate([moving, np.tile(always, (POINTS, 1))], axis=1), np.float32)


@lru_cache(maxsize=4)
def simulated(
    patients: int, per_item: int = 1, seed: int = 0, noise: HandNoise | None = None, steadiest: float = 1.0
) -> Examples:
    """Every item of so many simulated patients, see :func:`trials`; the same arguments give the same examples."""
    return examples_of(trials(patients, seed, ITEMS, per_item, noise, steadiest))
