"""What a report tells, as numbers: by exercise and side, over a patient's sessions or over the repetitions of one session."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from statistics import median

from physio_core.assessment.repetition import AngleRange, Outcome, Repetition
from physio_core.types import Side, Verdict
from physio_records.entries import RatingKind, now
from physio_records.report.adherence import PlanDay, plan_days
from physio_records.report.reliability import smallest_change
from physio_records.store.history import ExerciseSet, Programme, SessionRecord

RECENT = 3
"""Sessions whose faults are worth working on."""
COUNTED = (Outcome.COMPLETE, Outcome.PARTIAL)
"""What is measured; a wrong or interrupted repetition is told but not measured."""


@dataclass(frozen=True)
class Line:
    """A measure over the report's points (sessions, or repetitions); NaN where it was not measured."""

    side: Side
    values: tuple[float, ...]

    @property
    def known(self) -> tuple[float, ...]:
        """Those that were measured."""
        return tuple(value for value in self.values if math.isfinite(value))


@dataclass(frozen=True)
class Shown:
    """A repetition that is drawn, with the day and the joint that shows it."""

    day: date
    repetition: Repetition
    angle: str
    measured: AngleRange | None


@dataclass(frozen=True)
class ExerciseSummary:
    """One exercise.

    Attributes:
        name: as in files.
        angle: the joint angle that moves most in it; empty: none was measured.
        range_deg: its range, a line for each side [deg].
        range_noise_deg: smallest change of it that is more than noise [deg]; NaN: not known.
        score: [0..100], a line for each side in which it was done.
        score_noise: likewise.
        done: complete repetitions, for each point.
        partial: of those that were not far enough.
        planned: of those that were planned; 0 where nothing was.
        asymmetry: difference between left and right [%], for each point; NaN: not known.
        recent: how many repetitions were measured in the newest sessions.
        faults: name, and in how many of these, most frequent first.
        wrong: whether only another movement was ever made instead.
        best: the repetition with the highest score; None: none has one.
        worst: that with the lowest.
    """

    name: str
    angle: str
    range_deg: tuple[Line, ...]
    range_noise_deg: float
    score: tuple[Line, ...]
    score_noise: float
    done: tuple[int, ...]
    partial: tuple[int, ...]
    planned: tuple[int, ...]
    asymmetry: tuple[float, ...]
    recent: int
    faults: tuple[tuple[str, int], ...]
    wrong: bool
    best: Shown | None
    worst: Shown | None


@dataclass(frozen=True)
class Summary:
    """A patient's sessions, or one of them.

    Attributes:
        sessions: those that are told, in order.
        days: of each, where the report is read.
        exercises: in the order in which they first came.
        pain: highest rating of each session; NaN: nobody asked.
        effort: likewise.
        plan: days of the programme and of sessions, with planned and done sets.
    """

    sessions: tuple[SessionRecord, ...]
    days: tuple[date, ...]
    exercises: tuple[ExerciseSummary, ...]
    pain: tuple[float, ...]
    effort: tuple[float, ...]
    plan: tuple[PlanDay, ...] = ()

    @property
    def single(self) -> bool:
        """Whether it is about one session, so that its points are repetitions."""
        return len(self.sessions) == 1

    @property
    def span(self) -> tuple[date, date]:
        """First and last day that is told of."""
        told = [*self.days, *(one.day for one in self.plan)]
        return min(told), max(told)


def summarise(
    sessions: Sequence[SessionRecord], programmes: Sequence[Programme] = (), today: date | None = None, since: date | None = None
) -> Summary:
    """Numbers of sessions of one patient.

    Args:
        sessions: at least one.
        programmes: the patient's plans, of which the newest counts; none: adherence by day is not told.
        today: until when days count; None: the present day.
        since: from when they do; None: from the plan's own day on.
    """
    days = tuple(session.begun_at.astimezone().date() for session in sessions)
    names = dict.fromkeys(made.exercise for session in sessions for made in session.sets)
    plan = plan_days(sessions, days, programmes, today or now().astimezone().date(), since)
    exercises = tuple(_exercise(name, sessions, days) for name in names)
    pain, effort = (_highest(sessions, kind) for kind in (RatingKind.PAIN, RatingKind.EFFORT))
    return Summary(tuple(sessions), days, exercises, pain, effort, plan)


def _exercise(name: str, sessions: Sequence[SessionRecord], days: Sequence[date]) -> ExerciseSummary:
    sets = [[made for made in session.sets if made.exercise == name] for session in sessions]
    angle = _main_angle(done for made in _flat(sets) for done in _measured(made))
    points = _points(sets)
    sides = sorted({one.side for point in points for done in point for one in _ranges(done) if one.angle == angle}, key=_order)
    own = sorted({done.side for point in points for done in point}, key=_order)
    ranges = tuple(Line(side, _medians(points, lambda done, side=side: _range_deg(done, angle, side))) for side in sides)  # type: ignore[misc]
    scores = tuple(Line(side, _medians(points, lambda done, side=side: _score(done, side))) for side in own)  # type: ignore[misc]
    within = [_measured(made) for made in _flat(sets)]
    newest = [done for made in sets[-RECENT:] for each in made for done in _measured(each)]
    faults = Counter(fault for done in newest for fault in {fault.name for fault in done.faults})
    scored = [
        Shown(day, done, angle, _range(done, angle))
        for made, day in zip(sets, days, strict=True)
        for done in (one for each in made for one in _measured(each))
        if math.isfinite(done.score)
    ]
    done, partial, planned = _counts(sets)
    return ExerciseSummary(
        name=name,
        angle=angle,
        range_deg=ranges,
        range_noise_deg=smallest_change([_range_deg(one, angle, side) for one in some] for some in within for side in sides),
        score=scores,
        score_noise=smallest_change([one.score for one in some] for some in within),
        done=done,
        partial=partial,
        planned=planned,
        asymmetry=_asymmetry(points, ranges),
        recent=len(newest),
        faults=tuple(faults.most_common()),
        wrong=bool(made := _flat(sets)) and all(map(another_movement, made)),
        best=max(scored, key=lambda one: one.repetition.score, default=None),
        worst=min(scored, key=lambda one: one.repetition.score, default=None),
    )


def _points(sets: Sequence[Sequence[ExerciseSet]]) -> list[list[Repetition]]:
    """Repetitions by point: of each session, or of the one session one by one, both sides' first ones together."""
    if len(sets) > 1:
        return [[done for each in made for done in _measured(each)] for made in sets]
    by_side: dict[Side, list[Repetition]] = defaultdict(list)
    for done in (one for each in sets[0] for one in _measured(each)):
        by_side[done.side].append(done)
    longest = max(map(len, by_side.values()), default=0)
    return [[some[number] for some in by_side.values() if number < len(some)] for number in range(longest)]


def _counts(sets: Sequence[Sequence[ExerciseSet]]) -> tuple[tuple[int, ...], tuple[int, ...], tuple[int, ...]]:
    """Complete, partial and planned ones of each session; of a single one, of each set."""
    groups = sets if len(sets) > 1 else [[made] for made in sets[0]]
    done = tuple(sum(len(made.complete) for made in group) for group in groups)
    partial = tuple(sum(one.repetition.outcome is Outcome.PARTIAL for made in group for one in made.done) for group in groups)
    return done, partial, tuple(sum(made.planned_repetitions for made in group) for group in groups)


def _highest(sessions: Sequence[SessionRecord], kind: RatingKind) -> tuple[float, ...]:
    return tuple(float(max(session.rated(kind), default=math.nan)) for session in sessions)


def _asymmetry(points: Sequence[Sequence[Repetition]], ranges: Sequence[Line]) -> tuple[float, ...]:
    """[%]: as the repetitions themselves say, else from the ranges of the two sides."""
    own = _medians(points, lambda done: math.nan if done.side else 100.0 * done.asymmetry)
    sides = {line.side: line.values for line in ranges}
    if any(map(math.isfinite, own)) or not {Side.LEFT, Side.RIGHT} <= set(sides):
        return own
    pairs = zip(sides[Side.LEFT], sides[Side.RIGHT], strict=True)
    return tuple(200.0 * abs(left - right) / (left + right) if left + right > 0.0 else math.nan for left, right in pairs)


def _main_angle(repetitions: Iterable[Repetition]) -> str:
    """The angle that moves most."""
    ranges: dict[str, list[float]] = defaultdict(list)
    for done in repetitions:
        for one in _ranges(done):
            if math.isfinite(one.range_deg):
                ranges[one.angle].append(one.range_deg)
    return max(ranges, key=lambda angle: median(ranges[angle]), default="")


def another_movement(made: ExerciseSet) -> bool:
    """Whether a set was judged to be another movement than the one that was asked for."""
    return made.verdict == Verdict.WRONG.value


def _measured(made: ExerciseSet) -> list[Repetition]:
    """What counts of a set; where it was asked of one side, each repetition is of that side."""
    counted = [one.repetition for one in made.done if one.repetition.outcome in COUNTED]
    return [replace(one, side=one.side or made.side) for one in counted]


def _ranges(done: Repetition) -> list[AngleRange]:
    """Of the side that did it: the other one had nothing to do."""
    return [one for one in done.ranges if not done.side or not one.side or one.side is done.side]


def _medians(points: Sequence[Sequence[Repetition]], value: Callable[[Repetition], float]) -> tuple[float, ...]:
    found = ([number for done in point if math.isfinite(number := value(done))] for point in points)
    return tuple(median(some) if some else math.nan for some in found)


def _range_deg(done: Repetition, angle: str, side: Side) -> float:
    return next((one.range_deg for one in _ranges(done) if one.angle == angle and one.side is side), math.nan)


def _range(done: Repetition, angle: str) -> AngleRange | None:
    found = [one for one in _ranges(done) if one.angle == angle and math.isfinite(one.high_deg)]
    return max(found, key=lambda one: one.range_deg, default=None)


def _score(done: Repetition, side: Side) -> float:
    return done.score if done.side is side else math.nan


def _order(side: Side) -> int:
    return [Side.NONE, Side.LEFT, Side.RIGHT].index(side)


def _flat(sets: Sequence[Sequence[ExerciseSet]]) -> list[ExerciseSet]:
    return [made for some in sets for made in some]
