"""What happens in a session, as plain data: for the screen, records and messages."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum

from physio_core.judging.judgement import Judgement
from physio_core.session.difficulty import Change
from physio_core.session.status import Status


class EventKind(str, Enum):
    """What can happen in a session."""

    ASKED = "asked"
    READY = "ready"
    WATCHING = "watching"
    VERDICT = "verdict"
    PAUSED = "paused"
    RESUMED = "resumed"
    STOPPED = "stopped"
    FINISHED = "finished"
    REJECTED = "rejected"
    SKIPPED = "skipped"
    REPETITION = "repetition"
    RESTING = "resting"
    PAIN = "pain"
    EFFORT = "effort"
    CHANGED = "changed"
    CORRECTED = "corrected"


@dataclass(frozen=True)
class Correction:
    """A therapist's word on a fault of the present set.

    Attributes:
        fault: which.
        accepted: it is one; else it is to be ignored.
    """

    fault: str
    accepted: bool


@dataclass(frozen=True)
class Event:
    """One thing that happened.

    Attributes:
        kind: what.
        status: the session right after it.
        exercise: what it is about.
        detail: more, for people.
        judgement: the attempt so far; the closing one for a verdict, the one with the newest repetition for that.
        number: place among all events since the coach started, from 1.
        value: what was told, of pain and effort (0-10).
        change: what was made easier or harder, and why.
        correction: what a therapist said of a fault.
    """

    kind: EventKind
    status: Status
    exercise: str = ""
    detail: str = ""
    judgement: Judgement = field(default_factory=Judgement)
    number: int = 0
    value: int = 0
    change: Change | None = None
    correction: Correction | None = None

    def __str__(self) -> str:
        """One line of a log."""
        if self.kind is EventKind.VERDICT:
            return f"asked {self.exercise}, seen {self.status.seen or 'nothing'}: {self.status.verdict.value}"
        return ": ".join(filter(None, (f"{self.kind.value} {self.exercise}".strip(), self.detail)))


@dataclass(frozen=True)
class Answer:
    """How a request was taken.

    Attributes:
        accepted: carried out, or so already.
        reason: why not, with the words that are valid; empty when accepted.
        status: the session afterwards.
    """

    accepted: bool
    reason: str
    status: Status
