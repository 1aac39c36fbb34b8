"""What was said of each recording, beside what people judged: the figures of a method, with intervals over people."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from physio_core.types import BoolArray, FloatArray
from physio_lab.quality.ridge import Names
from physio_lab.reports.intervals import DRAWS, LEVEL, balanced_accuracy

BINS = 10
OWN_SHARE = 0.5
"""Of a recording's own reading when those of a session are read together; not tuned."""


@dataclass(frozen=True)
class Outcomes:
    """Judgements of N recordings, each by what was learnt from other people.

    Attributes:
        recordings: (N,) number of the recording, which may be judged more than once.
        subjects: (N,) who.
        exercises: (N,) what is done.
        patients: (N,) whether the person is a patient.
        targets: (N,) what people judged: 1 or -1, or a score.
        values: (N,) what the method says: above 0 is right; or a score.
        probabilities: (N,) calibrated, of being right; NaN for scores.
        folds: (N,) number of the part that was measured together.
        centres: (N,) median target of what was learnt from.
        spreads: (N,) standard deviation of it.
    """

    recordings: npt.NDArray[np.intp]
    subjects: Names
    exercises: Names
    patients: BoolArray
    targets: FloatArray
    values: FloatArray
    probabilities: FloatArray
    folds: npt.NDArray[np.intp]
    centres: FloatArray
    spreads: FloatArray


def right_or_wrong(found: Outcomes) -> dict[str, Any]:
    """Figures of a set that is judged right or wrong.

    ``balanced_accuracy`` is that of RehabPile (arXiv 2507.21018): the mean over the folds of an exercise, then over exercises, of
    the mean recall of the classes that occur in the fold. ``pooled`` counts the recordings of all folds together.
    """
    people, who = np.unique(found.subjects, return_inverse=True)
    names, what = np.unique(found.exercises, return_inverse=True)
    parts, part = np.unique(found.folds, return_inverse=True)
    counts = np.zeros((len(names), len(parts), len(people), 2, 2))
    np.add.at(counts, (what, part, who, (found.targets > 0).astype(int), (found.values > 0).astype(int)), 1)
    there = np.zeros((len(parts), len(people)))
    there[part, who] = 1
    drawn = np.concatenate([np.ones((1, len(people))), _draws(len(people))])
    by_fold, by_exercise = (
        _balanced(counts, there, drawn),
        _balanced(counts.sum(1, keepdims=True), np.ones((1, len(people))), drawn),
    )
    truth, sure = (found.targets > 0).astype(float), found.probabilities
    return {
        "balanced_accuracy": float(by_fold[0].mean()), **_bounds(by_fold.mean(1)),
        "pooled": {"balanced_accuracy": float(by_exercise[0].mean()), **_bounds(by_exercise.mean(1))},
        "brier": float(np.mean((sure - truth) ** 2)),
        "reliability": reliability(sure, truth),
        "n": _different(found), "subjects": len(people),
        "exercises": {
            str(name): {"balanced_accuracy": float(by_fold[0, i]), **_bounds(by_fold[:, i]), "n": _different(found, what == i)}
            for i, name in enumerate(names)
        },
    }  # fmt: skip


def scored(found: Outcomes) -> dict[str, Any]:
    """Figures of a set that is scored: mean absolute error of an exercise, then over exercises; ``mae_patients`` of patients."""
    names, what = np.unique(found.exercises, return_inverse=True)
    off = np.abs(found.values - found.targets)
    mae, patients = _mean_error(off, what, found.subjects), _mean_error(off, what, found.subjects, found.patients)
    return {
        "mae": float(mae[0].mean()), **_bounds(mae.mean(1)),
        "mae_patients": _known(patients[0].mean()),
        "patients": _bounds(patients.mean(1)),
        "n": _different(found), "subjects": len(np.unique(found.subjects)),
        "exercises": {
            str(name): {
                "mae": float(mae[0, i]), **_bounds(mae[:, i]), "mae_patients": _known(patients[0, i]),
                "n": _different(found, what == i),
            }
            for i, name in enumerate(names)
        },
    }  # fmt: skip


def together(found: Outcomes, low: float, high: float) -> FloatArray:
    """Scores (N,) of recordings when all that a person did in the session is known: half its own, half the person's mean.

    Each exercise has its own level and spread, so what is averaged is how far a score is from the usual, in spreads of it.
    """
    spreads = np.maximum(found.spreads, 1e-9)
    away = (found.values - found.centres) / spreads
    # A person who is dealt out more than once is judged again each time, in another fold.
    sessions = np.char.add(np.char.add(found.subjects, " "), found.folds.astype(str))
    _, who = np.unique(sessions, return_inverse=True)
    means = np.bincount(who, away) / np.bincount(who)
    both = OWN_SHARE * away + (1.0 - OWN_SHARE) * means[who]
    return np.asarray(np.clip(found.centres + spreads * both, low, high))


def reliability(sure: FloatArray, truth: FloatArray) -> dict[str, Any]:
    """How probabilities (N,) agree with what is true (N,): mean of both in bins of probability, and the mean gap."""
    at = np.minimum((sure * BINS).astype(int), BINS - 1)
    held = [at == number for number in range(BINS) if (at == number).any()]
    rows = [{"said": float(sure[one].mean()), "true": float(truth[one].mean()), "n": int(one.sum())} for one in held]
    return {"error": float(sum(abs(row["said"] - row["true"]) * row["n"] for row in rows) / len(sure)), "bins": rows}


def _balanced(counts: FloatArray, there: FloatArray, drawn: FloatArray) -> FloatArray:
    """Balanced accuracy (B, E) of draws (B, S) from counts (E, F, S, 2, 2), averaged over folds with (F, S) people in them.

    A fold counts as often as people of it are drawn, one in which nobody is drawn or nothing was done not at all.
    """
    shape = counts.shape
    weighed = np.tensordot(drawn, counts, axes=(1, 2))
    cells = balanced_accuracy(weighed.reshape(-1, 2, 2)).reshape(len(drawn), *shape[:2])
    often = (drawn @ there.T / there.sum(1))[:, None] * (weighed.sum((-1, -2)) > 0)
    mean: FloatArray = (cells * often).sum(-1) / np.maximum(often.sum(-1), 1e-9)
    return mean


def _mean_error(off: FloatArray, what: npt.NDArray[np.intp], subjects: Names, among: BoolArray | None = None) -> FloatArray:
    """Mean error (1 + B, E), first of all people, then of draws of them; NaN where nobody of ``among`` does an exercise."""
    chosen = np.ones(len(off), bool) if among is None else among
    people, who = np.unique(subjects[chosen], return_inverse=True)
    sums, counts = np.zeros((what.max() + 1, len(people))), np.zeros((what.max() + 1, len(people)))
    np.add.at(sums, (what[chosen], who), off[chosen])
    np.add.at(counts, (what[chosen], who), 1)
    drawn = np.concatenate([np.ones((1, len(people))), _draws(len(people))])
    with np.errstate(invalid="ignore"):
        mean: FloatArray = (drawn @ sums.T) / (drawn @ counts.T)
    return mean


def _draws(people: int) -> FloatArray:
    """How often each person is drawn, (B, people)."""
    if not people:
        return np.zeros((DRAWS, 0))
    return np.random.default_rng(0).multinomial(people, np.full(people, 1.0 / people), DRAWS).astype(float)


def _different(found: Outcomes, chosen: BoolArray | slice = slice(None)) -> int:
    return len(np.unique(found.recordings[chosen]))


def _known(figure: np.floating[Any]) -> float | None:
    return None if np.isnan(figure) else float(figure)


def _bounds(figures: FloatArray) -> dict[str, float | None]:
    """Interval of a figure (1 + B,) whose first is that of everybody; of nobody: None."""
    if np.isnan(figures[1:]).all():
        return {"low": None, "high": None}
    low, high = np.nanquantile(figures[1:], [0.5 - LEVEL / 2.0, 0.5 + LEVEL / 2.0]).tolist()
    return {"low": low, "high": high}
