"""What is known of a set of repetitions that was simulated: when each began, turned and ended, and what was wrong with it."""

from __future__ import annotations

from dataclasses import dataclass

from physio_core.assessment.repetition import Side


@dataclass(frozen=True)
class InjectedFault:
    """A fault of one repetition, as large as the joints really show it.

    Attributes:
        name: as in :data:`physio_sim.patient.faults.FAULTS`.
        value: what the joints show in this repetition, in ``unit``: the lean of the trunk, the lift of a heel ...
        sound: the same of the same repetition without any fault.
        unit: ``deg``, ``cm``, ``s`` or ``%``.
        joint: where, without its side; empty: the whole body.
        side: whose; none: both, or neither.
    """

    name: str
    value: float
    sound: float
    unit: str
    joint: str = ""
    side: Side = Side.NONE

    @property
    def size(self) -> float:
        """How far it is from sound, never negative, in ``unit``."""
        return abs(self.value - self.sound)


@dataclass(frozen=True)
class TrueRepetition:
    """One repetition as it was really done.

    Attributes:
        number: from 1.
        side: which side did it; none: both together.
        start_s: when rest is left [s].
        turn_s: when it is furthest [s].
        end_s: when rest is reached again, or the next one begins [s].
        extent: how far it goes, as a share of the movement's usual range.
        faults: what was wrong with it.
    """

    number: int
    side: Side
    start_s: float
    turn_s: float
    end_s: float
    extent: float
    faults: tuple[InjectedFault, ...] = ()
