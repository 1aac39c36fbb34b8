"""What the coach says of paths that real people drew on a robot, asked for and not: each is acted before a camera and judged."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from physio_core.assessment.repetition import Outcome, Repetition
from physio_core.exercises.catalogue import Exercise, load_exercises
from physio_core.judging.drawn import DrawnJudge
from physio_core.judging.judge import Goal, JudgingConfig
from physio_core.trajectories.classifier import PathClassifier, other_sense
from physio_core.trajectories.features import DEVICE_REACH_M
from physio_core.trajectories.onlooker import other_way
from physio_core.trajectories.trajectory import Trajectory
from physio_core.trajectories.types import Family, ideal, type_of
from physio_core.types import Side
from physio_lab.datasets.u30a import PathRecording
from physio_lab.synthetic.acted_paths import BEGINS_S, acted
from physio_lab.synthetic.noise import NoiseConfig
from physio_lab.synthetic.simulated_sets import PERFECT

SHAKEN = replace(PERFECT, jitter=NoiseConfig.jitter, drift=NoiseConfig.drift, bias=NoiseConfig.bias)
"""The estimator errs as it usually does; no joint is hidden, lost or taken for another."""
SHARE = 0.9
"""Of the body's arm that the device's reach is, as the size of an exercise."""
FARTHEST = 1.08
"""No hand comes further [reach]; a path that would have to is left out."""
SAME, SENSE, SHAPE = "asked for", "the other way round", "another shape"
_ANOTHER: dict[Family, str] = {"circle": "v_135", "arc": "clock_m", "line": "clock_m"}


@dataclass(frozen=True)
class Watched:
    """One path that was drawn where one type was asked for.

    Attributes:
        group: one of :data:`SAME`, :data:`SENSE`, :data:`SHAPE`.
        kind: what was drawn.
        asked: what was asked for.
        due: what is to be said, one of ``OTHER_WAYS``; empty: nothing.
        live: what was said first while it was drawn; empty: nothing.
        after: share of the drawing's time after which that was said; NaN: it was not.
        said: what the record says of it; empty: nothing.
        outcome: how it counts; None: nobody saw an attempt.
    """

    group: str
    kind: str
    asked: str
    due: str
    live: str
    after: float
    said: str
    outcome: Outcome | None


def watched(recording: PathRecording, namer: PathClassifier, seed: int) -> Iterator[Watched]:
    """A recording where its own type is asked for, a circle also where the other sense is, and where another shape is.

    Args:
        recording: of an arm whose circles are named as whoever draws sees them.
        namer: names paths.
        seed: of the body that acts it, and of the estimator's noise.
    """
    exercise, kind = next(one for one in load_exercises().values() if one.trajectory), recording.kind
    wanted = {SAME: kind, SHAPE: _ANOTHER[type_of(kind).family]}
    if other_sense(kind) != kind:
        wanted[SENSE] = other_sense(kind)
    for group, asked in wanted.items():
        path = begun_at_first_star(recording.path, asked)
        if np.linalg.norm(path.positions_m, axis=1).max() <= FARTHEST:
            yield _watched(path, kind, group, asking(exercise, asked), namer, seed)


def asking(exercise: Exercise, kind: str) -> Exercise:
    """The same exercise with another type of path."""
    assert exercise.trajectory is not None
    return replace(exercise, trajectory=exercise.trajectory.model_copy(update={"type": kind}))


def begun_at_first_star(path: Trajectory, asked: str) -> Trajectory:
    """A recording in lengths of the device's reach, moved so that it begins where the path that is asked for does."""
    scaled = path.scaled(1.0 / DEVICE_REACH_M)
    away = ideal(asked, 1.0, path.side).positions_m[0] - scaled.positions_m[:3].mean(0)
    return Trajectory(scaled.stamps_s, scaled.positions_m + away, side=path.side)


def _watched(path: Trajectory, kind: str, group: str, exercise: Exercise, namer: PathClassifier, seed: int) -> Watched:
    assert exercise.trajectory is not None
    judge = DrawnJudge(exercise, JudgingConfig(), -1.0, Goal(1, Side(path.side)), namer)
    live, after = "", float("nan")
    done: list[Repetition] = []
    for skeleton in acted(path, SHARE, noise=SHAKEN, seed=seed):
        told = judge.update(skeleton, skeleton.stamp_s)
        if told.now is not None and not live:
            live, after = told.now.direction, (told.stamp_s - BEGINS_S) / path.duration_s
        if told.newest is not None and told.newest not in done:
            done.append(told.newest)
    done += [one.newest for one in judge.close() if one.newest and one.newest not in done]
    first = next((one for one in done if one.end_s > BEGINS_S + 0.5 * path.duration_s), None)
    said = first.faults[0].direction if first and first.outcome is Outcome.WRONG else ""
    asked = exercise.trajectory.type
    return Watched(group, kind, asked, other_way(asked, kind), live, after, said, first.outcome if first else None)
