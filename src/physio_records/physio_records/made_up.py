"""A made-up patient's record of any length, the same for the same seed: for tests, for timing, and to look at reports."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from random import Random

from physio_core.assessment.repetition import AngleRange, Fault, Outcome, Repetition, ScoreTerm
from physio_core.types import Side
from physio_records import entries as e

TRACE_POINTS = 32
WEEKDAYS = (0, 2, 4)
_BEGIN = datetime(2026, 1, 5, 9, 30, tzinfo=timezone.utc)


@dataclass(frozen=True)
class _Exercise:
    """Sides done in turn, the angle that matters, where it begins and is to come, and what may go wrong."""

    name: str
    sides: tuple[Side, ...]
    angle: str
    rest_deg: float
    target_deg: float
    fault: str
    joint: str


EXERCISES = (
    _Exercise("squat", (Side.NONE,), "knee_flexion", 4.0, 95.0, "depth", "knee"),
    _Exercise("shoulder_abduction", (Side.LEFT, Side.RIGHT), "shoulder_abduction", 8.0, 120.0, "range", "shoulder"),
    _Exercise("sit_to_stand", (Side.NONE,), "hip_flexion", 3.0, 85.0, "too_fast", ""),
)


def made_up_entries(patient: str = "p01", sessions: int = 12, repetitions: int = 8, seed: int = 0) -> Iterator[e.Entry]:
    """A patient who gets better, with a weak left side, some pain on the way, and days left out.

    Args:
        patient: code.
        sessions: how many.
        repetitions: of each set; a session has a set for each side of :data:`EXERCISES`.
        seed: which patient.
    """
    random = Random(seed)
    yield from (e.ConsentGiven(patient, scope, _BEGIN) for scope in e.Scope)
    plan = f"{patient}_plan"
    yield e.ProgrammeGiven(plan, patient, "Knee and shoulder, first weeks", WEEKDAYS, "", _BEGIN)
    day, done = 0, 0
    while done < sessions:
        at = _BEGIN + timedelta(days=day)
        if at.weekday() in WEEKDAYS and random.random() < 0.85:
            gain = done / (done + 10.0)
            yield from _session(random, patient, plan, f"{patient}{seed:04x}{done:08x}", at, repetitions, gain, done)
            done += 1
        day += 1


def _session(
    random: Random, patient: str, plan: str, session: str, at: datetime, repetitions: int, gain: float, number: int
) -> Iterator[e.Entry]:
    sets = [(exercise, side) for exercise in EXERCISES for side in exercise.sides]
    planned = tuple(e.PlannedSet(exercise.name, side, repetitions) for exercise, side in sets)
    yield e.SessionBegun(session, patient, planned, plan, "robot1", "en", "0.1.0", "stgcn_body 1", at)
    hurts = number % 5 == 3
    sequence = 0
    for count, (exercise, side) in enumerate(sets, 1):
        at += timedelta(minutes=2)
        sequence += 1
        yield e.SetBegun(session, sequence, count, exercise.name, side, repetitions, at=at)
        for ordinal in range(1, repetitions + 1 - (2 if hurts and count == len(sets) else 0)):
            at += timedelta(seconds=4)
            sequence += 1
            one = _repetition(random, exercise, side, ordinal, gain, 4.0 * ordinal)
            yield e.RepetitionDone(session, sequence, count, ordinal, one, at)
            if one.faults and ordinal % 3 == 0:
                sequence += 1
                yield e.AdviceGiven(session, sequence, count, exercise.fault, "A little further, please.", at)
        yield e.SetEnded(session, sequence + 1, count, "done", "right", exercise.name, at)
        pain = round(max(0.0, 4.0 - 4.0 * gain + random.uniform(-1.0, 1.0) + 2.0 * hurts))
        yield e.Rated(session, sequence + 2, count, e.RatingKind.PAIN, pain, "knee" if pain > 2 else "", at=at)
        yield e.Rated(session, sequence + 3, count, e.RatingKind.EFFORT, random.randint(3, 6), at=at)
        sequence += 3
    if hurts:
        sequence += 1
        yield e.Changed(session, sequence, len(sets), "repetitions", str(repetitions), str(repetitions - 2),
                        "pain above 4 in the set before", at)  # fmt: skip
    yield e.SessionEnded(session, sequence + 1, "pain" if hurts and gain < 0.4 else "finished", at + timedelta(seconds=30))


def _repetition(random: Random, exercise: _Exercise, side: Side, ordinal: int, gain: float, start_s: float) -> Repetition:
    weak = side is Side.LEFT
    tired = 0.01 * ordinal
    extent = min(1.1, 0.72 + 0.33 * gain - (0.12 * (1.0 - gain) if weak else 0.0) - tired + random.gauss(0.0, 0.035))
    lasts_s = max(1.4, 3.0 - 0.1 * ordinal + random.gauss(0.0, 0.25))
    way_deg = exercise.target_deg - exercise.rest_deg
    sides = (Side.LEFT, Side.RIGHT) if side is Side.NONE else (side,)
    lag = {Side.LEFT: 0.05 * (1.0 - gain), Side.RIGHT: 0.0}
    ends_deg = [(exercise.rest_deg, exercise.rest_deg + way_deg * (extent - lag[one])) for one in sides]
    ranges = tuple(
        AngleRange(exercise.angle, one, low_deg + random.gauss(0.0, 1.5), high_deg + random.gauss(0.0, 1.5), 3.0)
        for one, (low_deg, high_deg) in zip(sides, ends_deg, strict=True)
    )
    lacks = max(0.0, 0.85 - extent)
    terms = (
        ScoreTerm("range", max(0.0, 1.0 - 2.0 * lacks), 2.0),
        ScoreTerm("tempo", min(1.0, lasts_s / 2.2), 1.0),
        ScoreTerm("smoothness", min(1.0, 0.6 + 0.35 * gain + random.uniform(-0.05, 0.05)), 1.0),
    )
    faults = (
        (Fault(exercise.fault, lacks * way_deg, "deg", side, exercise.joint, "low", severity=2.0 * lacks),)
        if lacks > 0.06
        else ()
    )
    outcome = Outcome.PARTIAL if extent < 0.62 else Outcome.COMPLETE
    hump = (math.sin(math.pi * point / (TRACE_POINTS - 1)) ** 1.5 for point in range(TRACE_POINTS))
    trace = tuple(extent * share + 0.01 * random.gauss(0.0, 1.0) for share in hump)
    left_deg, right_deg = ranges[0].high_deg, ranges[-1].high_deg
    asymmetry = abs(left_deg - right_deg) / (left_deg + right_deg) * 2.0
    out_s, hold_s = 0.45 * lasts_s, 0.1 * lasts_s
    return Repetition(
        ordinal, outcome, side, start_s, start_s + 0.5 * lasts_s, start_s + lasts_s, out_s, hold_s, out_s, extent,
        -2.4 + 0.6 * gain, math.nan if len(ranges) == 1 else asymmetry, ranges, terms, faults, trace,
    )  # fmt: skip
