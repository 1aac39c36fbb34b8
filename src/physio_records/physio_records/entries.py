"""What a session leaves behind, as plain data: whoever coaches says it in these words, the store keeps it.

An entry names its session by an id that no other has (:func:`new_id`), and what happens in a session has a `sequence` that only
grows, because a clock may be set back. Writing an entry twice is the same as writing it once.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from datetime import datetime, timezone
from enum import Enum

from physio_core.assessment.repetition import Repetition
from physio_core.errors import InputError
from physio_core.types import Side

_NAMESPACE = uuid.UUID("5f0c1d9e-6f0a-4f5b-9a53-0d2f4c1a7e11")
SCALE = 10
"""Pain and effort go from 0 to this (numeric rating scale)."""


SCORE = "score"
"""A correction that names this instead of a fault tells a clinical score in ``outcome``, one of :data:`LEVELS`."""
LEVELS = (0, 1, 2)
"""Of the Fugl-Meyer assessment: none, in part, in full."""


class Scope(str, Enum):
    """What a patient may agree to."""

    RECORD = "record"
    """Numbers of each session are kept."""
    SKELETONS = "skeletons"
    """The movement of the joints is kept too; never images."""


class RatingKind(str, Enum):
    """What a patient is asked to rate."""

    PAIN = "pain"
    EFFORT = "effort"


class Action(str, Enum):
    """What a therapist may say of a judgement."""

    ACCEPT = "accept"
    CORRECT = "correct"
    IGNORE = "ignore"


def new_id() -> str:
    """An id that no other robot gives."""
    return uuid.uuid4().hex


def id_of(*parts: str) -> str:
    """An id that is the same wherever it is made of the same parts."""
    return uuid.uuid5(_NAMESPACE, "\n".join(parts)).hex


def now() -> datetime:
    """The time in UTC."""
    return datetime.now(timezone.utc)


@dataclass(frozen=True)
class ConsentGiven:
    """A patient agrees to something."""

    patient: str
    scope: Scope
    at: datetime = field(default_factory=now)


@dataclass(frozen=True)
class ConsentWithdrawn:
    """A patient no longer agrees; what was kept until then is deleted by a command, not by this."""

    patient: str
    scope: Scope
    at: datetime = field(default_factory=now)


@dataclass(frozen=True)
class ProgrammeGiven:
    """A therapist's plan for a patient.

    Attributes:
        id: of this version of the plan; see :func:`new_id`.
        patient: whose.
        name: for people.
        weekdays: on which it is to be done, 0 is Monday; empty: any.
        content: the plan's file, as text.
        at: since when.
    """

    id: str
    patient: str
    name: str
    weekdays: tuple[int, ...] = ()
    content: str = ""
    at: datetime = field(default_factory=now)


@dataclass(frozen=True)
class PlannedSet:
    """A set that a session is to have; repetitions or seconds are 0 where the other counts."""

    exercise: str
    side: Side = Side.NONE
    repetitions: int = 0
    duration_s: float = 0.0


@dataclass(frozen=True)
class SessionBegun:
    """A session begins.

    Attributes:
        session: its id.
        patient: code of who does it.
        planned: what it is to have, in order.
        programme: id of the plan that it follows; empty: none.
        robot: which robot coaches.
        language: in which the patient is spoken to.
        software: version of the coach.
        model: name of the model, with its version.
        at: when.
    """

    session: str
    patient: str
    planned: tuple[PlannedSet, ...] = ()
    programme: str = ""
    robot: str = ""
    language: str = "en"
    software: str = ""
    model: str = ""
    at: datetime = field(default_factory=now)


@dataclass(frozen=True)
class SetBegun:
    """A set of one exercise begins; sets are numbered from 1."""

    session: str
    sequence: int
    set: int
    exercise: str
    side: Side = Side.NONE
    planned_repetitions: int = 0
    planned_s: float = 0.0
    at: datetime = field(default_factory=now)


@dataclass(frozen=True)
class RepetitionDone:
    """A repetition is over, however it counts; those of a set are numbered from 1 by `ordinal`."""

    session: str
    sequence: int
    set: int
    ordinal: int
    repetition: Repetition
    at: datetime = field(default_factory=now)


@dataclass(frozen=True)
class SetEnded:
    """A set is over; `reason`: done, skipped, stopped ..., `verdict` as the coach said it and the movement that was `seen`."""

    session: str
    sequence: int
    set: int
    reason: str = "done"
    verdict: str = ""
    seen: str = ""
    at: datetime = field(default_factory=now)


@dataclass(frozen=True)
class AdviceGiven:
    """The patient was told how to do it better, or praised; `cue` names it, `text` is what was said."""

    session: str
    sequence: int
    set: int
    cue: str
    text: str
    at: datetime = field(default_factory=now)


@dataclass(frozen=True)
class Rated:
    """The patient rated pain or effort, 0 to 10; `joint` says where it hurts, if it was said.

    Raises:
        InputError: the value is not on the scale.
    """

    session: str
    sequence: int
    set: int
    kind: RatingKind
    value: int
    joint: str = ""
    side: Side = Side.NONE
    at: datetime = field(default_factory=now)

    def __post_init__(self) -> None:
        """Check the value."""
        if not 0 <= self.value <= SCALE:
            raise InputError(f"{self.kind.value} {self.value}: give 0 to {SCALE}")


@dataclass(frozen=True)
class Changed:
    """Something was made easier or harder, or a target moved; `reason` in words for the therapist."""

    session: str
    sequence: int
    set: int
    what: str
    before: str
    after: str
    reason: str
    at: datetime = field(default_factory=now)


@dataclass(frozen=True)
class SessionEnded:
    """A session is over; `reason`: finished, stopped, pain ..."""

    session: str
    sequence: int
    reason: str
    at: datetime = field(default_factory=now)


@dataclass(frozen=True)
class Corrected:
    """A therapist accepts, corrects or ignores what was judged of a set, a repetition or one of its faults.

    Attributes:
        id: of the correction.
        session: in which.
        set: which.
        ordinal: which repetition; 0: the whole set.
        action: what is done with it.
        fault: which fault; empty: the repetition itself.
        outcome: how the repetition counts instead; empty: as it was.
        reason: in words.
        therapist: code of who says so.
        at: when.
    """

    id: str
    session: str
    set: int
    ordinal: int
    action: Action
    fault: str = ""
    outcome: str = ""
    reason: str = ""
    therapist: str = ""
    at: datetime = field(default_factory=now)


Entry = (
    ConsentGiven
    | ConsentWithdrawn
    | ProgrammeGiven
    | SessionBegun
    | SetBegun
    | RepetitionDone
    | SetEnded
    | AdviceGiven
    | Rated
    | Changed
    | SessionEnded
    | Corrected
)
