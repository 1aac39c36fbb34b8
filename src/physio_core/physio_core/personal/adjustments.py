"""What is different for one patient, as data: each adjustment with its reason, and the way back.

The exercise's file is never changed. What the target is for a patient counts as the share of the exercise's range at which a
session begins (:class:`~physio_core.session.prescription.Prescription`), so that the bands of how far is far enough follow by the
one rule of :mod:`physio_core.assessment.easing`, pain and effort ease from there, and the therapist's limits hold throughout.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import Enum
from typing import Annotated

from pydantic import AwareDatetime, Field

from physio_core.errors import InputError
from physio_core.exercises.catalogue import Exercise
from physio_core.exercises.definition import RepetitionDefinition
from physio_core.session.prescription import Limits, Prescription
from physio_core.types import Side
from physio_core.yaml_file import Model

TARGET, COMPLETE_FROM = "target", "complete_from"
"""What may move besides faults: the share of the range that is asked for, and the share from which it is complete."""
TOLD, IGNORED = 1.0, 0.0
"""Of a fault: it is told and counts, or not."""
AS_WRITTEN = 1.0
"""Target of an exercise's file."""
_Value = Annotated[float, Field(ge=0.0, le=1.5)]


class Why(str, Enum):
    """Reason of an adjustment."""

    OWN_SESSIONS = "own_sessions"
    CORRECTION = "correction"


class Adjustment(Model):
    """One thing that moved.

    Attributes:
        at: when what led to it happened.
        what: ``target``, ``complete_from``, or the name of a fault.
        side: that was asked for, where each has its own; none: any.
        before: its value up to then; a fault that is told has 1.
        after: its value from then on; a fault that is not told has 0.
        why: its reason.
        evidence: the numbers that led to it, by name.
        rolled_back: it no longer counts; it stays, so that it is not learnt again from the same sessions.
    """

    at: AwareDatetime
    what: Annotated[str, Field(min_length=1)]
    side: Side = Side.NONE
    before: _Value
    after: _Value
    why: Why
    evidence: Mapping[str, float] = Field(default_factory=dict)
    rolled_back: bool = False

    def __str__(self) -> str:
        """One line for people."""
        of = " ".join(filter(None, (self.what, self.side.value)))
        numbers = ", ".join(f"{name} {value:g}" for name, value in self.evidence.items())
        back = ", rolled back" if self.rolled_back else ""
        return f"{self.at:%Y-%m-%d} {of}: {self.before:g} -> {self.after:g}, {self.why.value} ({numbers}){back}"


def amiss(one: Adjustment, exercise: Exercise) -> tuple[str, str] | None:
    """What an exercise could not go by, as the attribute and why; None: nothing."""
    valid = (TARGET, *([COMPLETE_FROM] if exercise.repetition else []), *exercise.faults)
    if one.what not in valid:
        return "what", f"{one.what!r} is not one of: {', '.join(valid)}"
    if one.side.value and not exercise.sided:
        return "side", f"{exercise.name} is done with both sides; leave {one.side.value!r} out"
    if one.what in exercise.faults and one.after not in (TOLD, IGNORED):
        return "after", f"of a fault {TOLD:g} (it is told) or {IGNORED:g} (it is not), got {one.after:g}"
    return None


@dataclass(frozen=True)
class Personal:
    """How one exercise differs for one patient: its adjustments, in the order in which they were made."""

    adjustments: tuple[Adjustment, ...] = ()

    @property
    def active(self) -> tuple[Adjustment, ...]:
        """Those that were not rolled back."""
        return tuple(one for one in self.adjustments if not one.rolled_back)

    def value(self, what: str, usual: float, side: Side = Side.NONE, until: datetime | None = None) -> float:
        """What something is for the patient.

        Args:
            what: as in :class:`Adjustment`.
            usual: what it is where nothing was adjusted.
            side: of what was asked for.
            until: as it was then; None: now.
        """
        found = [one.after for one in self.active if (one.what, one.side) == (what, side) and (until is None or one.at <= until)]
        return found[-1] if found else usual

    def newest(self, what: str, side: Side = Side.NONE) -> datetime | None:
        """When something was last adjusted, also if that was rolled back; None: never."""
        return max((one.at for one in self.adjustments if (one.what, one.side) == (what, side)), default=None)

    def extended(self, adjustments: Iterable[Adjustment]) -> Personal:
        """With further adjustments."""
        return Personal((*self.adjustments, *adjustments))


def rolled_back(personal: Personal, count: int = 1) -> Personal:
    """Without the newest ``count`` adjustments that count, exactly as it was before them.

    Raises:
        InputError: there are not so many.
    """
    there = len(personal.active)
    if not 1 <= count <= there:
        raise InputError(f"cannot roll back {count}: there {'is' if there == 1 else 'are'} {there} to roll back")
    gone = {id(one) for one in personal.active[there - count :]}
    return Personal(
        tuple(one.model_copy(update={"rolled_back": True}) if id(one) in gone else one for one in personal.adjustments)
    )


def target(personal: Personal, side: Side, until: datetime | None = None) -> float:
    """Share of the exercise's range that is asked of a patient on a side; what was learnt of no side counts for both."""
    return personal.value(TARGET, personal.value(TARGET, AS_WRITTEN, until=until), side, until)


def prescribed(wanted: Prescription, personal: Personal) -> Prescription:
    """What is asked of a patient, from the patient's own target on; a therapist's own number goes first."""
    if wanted.extent != AS_WRITTEN:
        return wanted
    own = target(personal, wanted.side)
    return replace(wanted, extent=min(max(own, wanted.limits.least_extent), wanted.limits.most_extent))


def applied(exercise: Exercise, personal: Personal, limits: Limits) -> Exercise:
    """The exercise as its judge is to see it for a patient; a fault that may hurt is never left out.

    Args:
        exercise: as in its file.
        personal: what is different.
        limits: the therapist's, as they are now, whatever was learnt under others.
    """
    told = {name: one for name, one in exercise.faults.items() if one.safety or personal.value(name, TOLD) != IGNORED}
    definition = exercise.repetition
    if definition is not None:
        least, most = complete_bounds(definition, limits)
        complete_from = min(max(personal.value(COMPLETE_FROM, definition.complete_from), least), most)
        definition = definition.model_copy(update={"complete_from": complete_from})
    return replace(exercise, repetition=definition, faults=told)


def complete_bounds(definition: RepetitionDefinition, limits: Limits) -> tuple[float, float]:
    """Between which shares ``complete_from`` may move: as far as the range may be eased, and no further than it may be asked."""
    usual = definition.complete_from
    return max(definition.attempt_from, usual * limits.least_extent), max(usual, min(limits.most_extent, 1.0))
