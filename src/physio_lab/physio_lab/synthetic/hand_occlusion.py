"""Hides hands for a while in simulated trials: an object before some fingers, or the whole hand out of sight."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from physio_core.hands.canonical import CHAINS, KNUCKLES, WRIST
from physio_core.params import Parameters, param
from physio_core.types import BoolArray, FloatArray
from physio_lab.synthetic.hand_trials import HandTrial
from physio_lab.synthetic.noise import wandering


@dataclass(frozen=True)
class Occlusion(Parameters):
    """What is hidden, how often and how long, and what an estimator then says."""

    gaps: int = param(2, "Spells without a hand.", low=0, high=20)
    longest_gap_s: float = param(
        1.2, "A spell without a hand lasts a quarter of this up to all of it.", unit="s", low=0.1, high=10
    )
    covered: int = param(2, "Spells in which one to three fingers are behind something.", low=0, high=20)
    longest_cover_s: float = param(1.5, "Such a spell lasts a quarter of this up to all of it.", unit="s", low=0.1, high=10)
    guessed: float = param(
        0.2, "Error of a tip that an estimator guesses because it is covered, as a share of the way from the wrist to the middle "
        "knuckle; standard deviation.", low=0.0, high=1.0,
    )  # fmt: skip


@dataclass(frozen=True, eq=False)
class Hidden:
    """A trial in which something is hidden. T images.

    Attributes:
        trial: with what an estimator would then say.
        joints: (T, 21) whether the joint cannot be seen.
    """

    trial: HandTrial
    joints: BoolArray


def hidden(trial: HandTrial, rng: np.random.Generator, occlusion: Occlusion | None = None) -> Hidden:
    """Hide parts of a trial while the hand moves or holds.

    Args:
        trial: as an estimator sees it.
        rng: source of chance.
        occlusion: how much; None: usual.
    """
    occlusion = occlusion or Occlusion()
    count, fps = len(trial.stamps_s), 1.0 / float(np.median(np.diff(trial.stamps_s)))
    joints = np.zeros((count, trial.true_m.shape[1]), bool)
    found = trial.found_m.copy()
    for _ in range(occlusion.covered):
        rows = _spell(count, occlusion.longest_cover_s * fps, rng)
        chosen = CHAINS[rng.choice(len(CHAINS), int(rng.integers(1, 4)), replace=False)]
        found[rows] += _guessed(found[rows], chosen, fps, rng) * occlusion.guessed
        joints[np.ix_(np.arange(count)[rows], chosen[:, 1:].ravel())] = True
    joints[~trial.present] = True
    there = trial.present.copy()
    for _ in range(occlusion.gaps):
        rows = _spell(count, occlusion.longest_gap_s * fps, rng)
        there[rows], joints[rows] = False, True
    return Hidden(replace(trial, found_m=np.where(there[:, None, None], found, 0.0), present=there), joints)


def _spell(count: int, longest: float, rng: np.random.Generator) -> slice:
    length = max(1, round(longest * rng.uniform(0.25, 1.0)))
    start = int(rng.integers(0, max(1, count - length)))
    return slice(start, min(count, start + length))


def _guessed(found_m: FloatArray, chains: npt.NDArray[np.intp], fps: float, rng: np.random.Generator) -> FloatArray:
    """Errors (T, 21, 3) [m] of one unit at the tips of some fingers, less towards their roots."""
    errors = np.zeros_like(found_m)
    size = np.linalg.norm(found_m[:, KNUCKLES[1]] - found_m[:, WRIST], axis=-1)[:, None, None]
    for chain in chains:
        errors[:, chain] = wandering(rng, (len(found_m), 1, 3), 0.3 * fps) * np.linspace(0.0, 1.0, len(chain))[:, None] * size
    return errors
