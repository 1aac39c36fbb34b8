"""What was planned against what was done, day by day: sets of the patient's programme, and days on which nobody came."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from physio_core.types import Verdict
from physio_records.store.history import Programme, SessionRecord

OVER_D = 14
"""Days without a session after which a course counts as over, so that nobody is blamed for what follows."""
DONE = "done"
"""Reason of a set that was gone through to its end."""


@dataclass(frozen=True)
class PlanDay:
    """One day of the plan, or with a session.

    Attributes:
        day: where the report is read.
        wanted: the programme asks for this day of the week.
        came: there was a session.
        planned: sets that the programme had for the sessions of this day; on a day without one nobody wrote them down.
        done: those of them that were done.
    """

    day: date
    wanted: bool
    came: bool
    planned: int = 0
    done: int = 0

    @property
    def missed(self) -> bool:
        """Whether a session was wanted and there was none."""
        return self.wanted and not self.came


def plan_days(
    sessions: Sequence[SessionRecord], days: Sequence[date], programmes: Sequence[Programme], today: date, since: date | None
) -> tuple[PlanDay, ...]:
    """Every day that was planned or had a session, in order.

    Args:
        sessions: of one patient.
        days: of each, where the report is read.
        programmes: the patient's plans, of which the newest says the days of the week.
        today: it is not over, and so not missed yet.
        since: first day that counts; None: the day of the newest plan.
    """
    wanted = _wanted(programmes, days, today, since)
    by_day = {day: [one for one, when in zip(sessions, days, strict=True) if when == day] for day in days}
    return tuple(PlanDay(day, day in wanted, day in by_day, *_sets(by_day.get(day, []))) for day in sorted({*wanted, *by_day}))


def _wanted(programmes: Sequence[Programme], days: Sequence[date], today: date, since: date | None) -> set[date]:
    newest = programmes[-1] if programmes else None
    if newest is None or not newest.weekdays:
        return set()
    first = max(filter(None, (newest.since.astimezone().date(), since)))
    yesterday = today - timedelta(days=1)
    last = max([yesterday, *days]) if (today - max(days)).days < OVER_D else max(days)
    every = (first + timedelta(days=number) for number in range((last - first).days + 1))
    return {day for day in every if day.weekday() in newest.weekdays}


def _sets(sessions: Sequence[SessionRecord]) -> tuple[int, int]:
    """Planned sets of a day and those done; two sessions of a day share its plan, and what is done beyond it does not count."""
    planned: Counter[tuple[str, str]] = Counter()
    done: Counter[tuple[str, str]] = Counter()
    for session in sessions:
        planned |= Counter((one.exercise, one.side.value) for one in session.planned)
        done += Counter(
            (one.exercise, one.side.value) for one in session.sets if one.reason == DONE and one.verdict != Verdict.WRONG.value
        )
    return planned.total(), (planned & done).total()
