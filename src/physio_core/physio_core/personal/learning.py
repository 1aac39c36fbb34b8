"""What is learnt of one patient's own sessions and a therapist's corrections: one stated rule, inside the therapist's limits.

=========================================================================  =================================================
what happened                                                              what follows
=========================================================================  =================================================
the patient's first three sessions of the exercise on a side, three        ``target`` moves to the median extent of their
complete repetitions in each                                               complete repetitions, in steps of 0.05
three further such sessions                                                ``target`` rises to their median; it never falls:
                                                                           that is for pain, effort and the therapist
of what is drawn, three sessions or more since ``target`` last moved,      ``target`` rises by 0.1 (the next path is nearer to the
three drawings in each: the score to be expected next is 76 or more        ideal, and larger); below 51: it falls by 0.1
a therapist ignored a fault in three repetitions, or in a whole set        the fault is not told and does not count
a therapist accepted a fault that was not told                             it is told and counts again
a repetition not as far as ``complete_from`` was corrected to complete     ``complete_from`` falls by 0.05
a repetition as far as ``complete_from`` was corrected to partial          ``complete_from`` rises by 0.05
=========================================================================  =================================================

``target`` stays within ``least_extent`` .. ``most_extent``; ``complete_from`` falls to ``least_extent`` of the exercise's own at
most, and rises to ``most_extent`` of the whole range at most. A fault that may hurt is never ignored, and its band never moves.
What an adjustment was learnt from is not learnt from again, also where that adjustment was rolled back.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from statistics import fmean, median

from physio_core.assessment.repetition import Outcome
from physio_core.exercises.catalogue import Exercise
from physio_core.personal.adjustments import (
    COMPLETE_FROM,
    IGNORED,
    TARGET,
    TOLD,
    Adjustment,
    Personal,
    Why,
    complete_bounds,
    target,
)
from physio_core.session.difficulty import EXTENT_STEP
from physio_core.session.prescription import Limits
from physio_core.trajectories.progress import expected, way
from physio_core.types import Side

SESSIONS = 3
"""Of which a target is learnt."""
REPETITIONS = 3
"""Complete ones that a session must have to be learnt from."""
STEP = 0.05
"""By which shares move."""
IGNORED_FROM = 3
"""Repetitions in which a fault must be ignored to be ignored in all."""


@dataclass(frozen=True)
class Word:
    """A therapist's word on one set, or one repetition of it.

    Attributes:
        at: when it was said.
        accepted: what was judged is right; else it is corrected or ignored.
        fault: which fault; empty: how the repetition counts.
        whole_set: all its repetitions.
        outcome: how the repetition counts instead; None: as it did.
        side: that was asked for.
        extent: how far the repetition went (of a set: the median); NaN: not known.
    """

    at: datetime
    accepted: bool
    fault: str = ""
    whole_set: bool = False
    outcome: Outcome | None = None
    side: Side = Side.NONE
    extent: float = float("nan")


@dataclass(frozen=True)
class SessionSummary:
    """What one session says of one exercise.

    Attributes:
        at: when it began.
        extents: how far its complete repetitions went, by the side that was asked for.
        scores: of each of its drawings, likewise; empty: nothing was drawn.
        words: what a therapist said of it.
    """

    at: datetime
    extents: Mapping[Side, Sequence[float]] = field(default_factory=dict)
    scores: Mapping[Side, Sequence[float]] = field(default_factory=dict)
    words: tuple[Word, ...] = ()


def learnt(
    history: Sequence[SessionSummary], exercise: Exercise, limits: Limits, personal: Personal | None = None
) -> tuple[Adjustment, ...]:
    """What follows from a patient's sessions, by the rule above, oldest first.

    Args:
        history: every session in which the exercise was done, in any order.
        exercise: as in its file.
        limits: the therapist's.
        personal: what was learnt before; None: nothing.
    """
    personal = personal or Personal()
    sessions = sorted(history, key=lambda one: one.at)
    words = sorted((word for one in sessions for word in one.words), key=lambda one: one.at)
    found: list[Adjustment] = []
    for side in Side if exercise.sided else (Side.NONE,):
        if exercise.repetition is not None:
            found += _targets(sessions, side, limits, personal.extended(found))
        elif exercise.trajectory is not None:
            found += _drawn_targets(sessions, side, limits, personal.extended(found))
    if exercise.repetition is not None:
        found += _complete_from(words, exercise, limits, personal, personal.extended(sorted(found, key=lambda one: one.at)))
    for name, fault in exercise.faults.items():
        if not fault.safety:
            found += _ignored([word for word in words if word.fault == name], name, personal)
    return tuple(sorted(found, key=lambda one: one.at))


def _targets(sessions: Sequence[SessionSummary], side: Side, limits: Limits, personal: Personal) -> Iterator[Adjustment]:
    newest, now = personal.newest(TARGET, side), target(personal, side)
    fresh = [one for one in sessions if len(one.extents.get(side, ())) >= REPETITIONS and (newest is None or one.at > newest)]
    for begin in range(0, len(fresh) - SESSIONS + 1, SESSIONS):
        three = fresh[begin : begin + SESSIONS]
        extents = [extent for one in three for extent in one.extents[side]]
        own = median(extents)
        after = min(max(round(round(own / STEP) * STEP, 2), limits.least_extent), limits.most_extent)
        first = newest is None and begin == 0
        if after > now or (first and after < now):
            evidence = {"sessions": SESSIONS, "repetitions": len(extents), "median_extent": round(own, 3)}
            yield Adjustment(
                at=three[-1].at, what=TARGET, side=side, before=now, after=after, why=Why.OWN_SESSIONS, evidence=evidence
            )
            now = after


def _drawn_targets(sessions: Sequence[SessionSummary], side: Side, limits: Limits, personal: Personal) -> Iterator[Adjustment]:
    newest, now = personal.newest(TARGET, side), target(personal, side)
    since: list[float] = []
    for one in sessions:
        scores = one.scores.get(side, ())
        if len(scores) < REPETITIONS or (newest is not None and one.at <= newest):
            continue
        since.append(fmean(scores))
        score = expected(since)
        step = way(score)
        after = min(max(round(now + step * EXTENT_STEP, 2), limits.least_extent), limits.most_extent)
        if step * (after - now) > 0.0:
            evidence = {"sessions": len(since), "expected_score": round(score, 1)}
            yield Adjustment(at=one.at, what=TARGET, side=side, before=now, after=after, why=Why.OWN_SESSIONS, evidence=evidence)
            now, since = after, []


def _complete_from(
    words: Sequence[Word], exercise: Exercise, limits: Limits, personal: Personal, targets: Personal
) -> Iterator[Adjustment]:
    assert exercise.repetition is not None
    least, most = complete_bounds(exercise.repetition, limits)
    newest, now = personal.newest(COMPLETE_FROM), personal.value(COMPLETE_FROM, exercise.repetition.complete_from)
    for word in words:
        if word.outcome is None or word.fault or (newest is not None and word.at <= newest):
            continue
        needed = now * target(targets, word.side, word.at)
        if word.outcome is Outcome.COMPLETE and word.extent < needed:
            after = max(round(now - STEP, 3), min(least, now))
        elif word.outcome is Outcome.PARTIAL and word.extent >= needed:
            after = min(round(now + STEP, 3), max(most, now))
        else:
            continue
        if after != now:
            evidence = {"extent": round(word.extent, 3), "needed": round(needed, 3)}
            yield Adjustment(at=word.at, what=COMPLETE_FROM, before=now, after=after, why=Why.CORRECTION, evidence=evidence)
            now = after


def _ignored(words: Sequence[Word], name: str, personal: Personal) -> Iterator[Adjustment]:
    newest, now = personal.newest(name), personal.value(name, TOLD)
    count = 0
    for word in words:
        if newest is not None and word.at <= newest:
            continue
        count = 0 if word.accepted else count + (IGNORED_FROM if word.whole_set else 1)
        after = TOLD if word.accepted else IGNORED if count >= IGNORED_FROM else now
        if after != now:
            evidence = {"accepted": 1} if word.accepted else {"ignored_repetitions": count}
            yield Adjustment(at=word.at, what=name, before=now, after=after, why=Why.CORRECTION, evidence=evidence)
            now = after
