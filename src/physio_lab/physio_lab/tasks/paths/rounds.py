"""Simulated patients who train for ten rounds: with the next path made for them, or with the ideal alone.

The model of learning is an assumption, not a finding, after the challenge point framework (M. A. Guadagnoli, T. D. Lee, Journal
of Motor Behavior 36(2), 2004): most is learnt from a task that is neither as easy as what one does anyway nor far beyond it.
How hard a shown path is, is how far the patient's drawing of it stays from it, as a share of the path's size; what a round
takes from each of her difficulties is the more, the nearer that is to the best one. All are measured on the ideal path, with
the same chance for both.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from physio_core.trajectories.alignment import distance
from physio_core.trajectories.interpolation import interpolate
from physio_core.trajectories.score import score_type
from physio_core.trajectories.trajectory import Trajectory
from physio_core.trajectories.types import ideal
from physio_core.trajectories.weight import weight_of
from physio_core.types import FloatArray
from physio_lab.synthetic.paths import PathPatient, drawn

ROUNDS = 10
KINDS = ("clock_m", "counter_big", "v_90", "d_l")
BEST, WIDTH = 0.04, 0.03
"""Of the gap between shown and drawn from which most is learnt, and how quickly less is, as shares of the path's size."""
MOST = 0.12
"""Share of a difficulty that the best round takes away."""
TRIALS = 3
"""Drawings whose mean is a person's score."""
POINTS = 50


def trained(patients: Sequence[PathPatient], seed: int, tell: Callable[[], None] = lambda: None) -> dict[str, Any]:
    """Mean scores before and after, and how many people end better with paths made for them."""
    before, made, alone = (np.zeros((len(patients), len(KINDS))) for _ in range(3))
    for person, who in enumerate(patients):
        for place, kind in enumerate(KINDS):
            last = (seed, person, place, ROUNDS)
            before[person, place] = _score(who, kind, last)
            made[person, place] = _score(after_rounds(who, kind, (seed, person, place), generated=True), kind, last)
            alone[person, place] = _score(after_rounds(who, kind, (seed, person, place), generated=False), kind, last)
        tell()
    better = made.mean(1) > alone.mean(1)
    return {
        "before": float(before.mean()), "with_generated": float(made.mean()), "with_ideal_alone": float(alone.mean()),
        "people_better_with_generated": float(better.mean()), "people": len(patients), "rounds": ROUNDS,
    }  # fmt: skip


def after_rounds(who: PathPatient, kind: str, seed: tuple[int, ...], generated: bool) -> PathPatient:
    """A patient after :data:`ROUNDS` rounds."""
    wanted, shown = ideal(kind, who.reach_m, who.side), ideal(kind, who.reach_m, who.side)
    for number in range(ROUNDS):
        own = drawn(who, kind, np.random.default_rng((*seed, number)), shown)
        who = who.eased(MOST * np.exp(-(((gap(own, shown) - BEST) / WIDTH) ** 2)))
        if generated:
            shown = interpolate(own, wanted, weight_of(score_type(own, kind, who.reach_m).score))
    return who


def gap(own: Trajectory, shown: Trajectory) -> float:
    """How far a drawing stays from what was shown, as a share of its size."""
    places = [_even(one) for one in (own, shown)]
    return distance(*places) / float(np.ptp(places[1], axis=0).max())


def _even(path: Trajectory) -> FloatArray:
    return path.by_length(POINTS).positions_m


def _score(who: PathPatient, kind: str, seed: tuple[int, ...]) -> float:
    trials = [drawn(who, kind, np.random.default_rng((*seed, trial))) for trial in range(TRIALS)]
    return float(np.mean([score_type(one, kind, who.reach_m).score for one in trials]))
