"""What the simulation knows and a camera does not."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from physio_core.motion.kinematics import JOINT_ANGLES
from physio_core.types import FloatArray, Side

EXERCISING = "exercising"
"""The activity of a patient who does repetitions."""


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


@dataclass(frozen=True)
class Truth:
    """What the patient really does at one moment.

    Attributes:
        persona: how the patient behaves.
        asked: exercise the patient was asked for; empty: none.
        exercise: exercise the patient does; empty while standing.
        activity: what else is to say: standing, moving, exercising, stopped, walking or away.
        phase: of the repetition [0..1).
        repetition: completed repetitions.
        joint_angles_rad: (D,) in the order of ``joint_names`` [rad].
        joint_names: names of the angles.
        stamp_s: when, on the patient's clock [s].
        under_way: the repetition that is being done, with times on the same clock; None: none is.
    """

    persona: str
    asked: str = ""
    exercise: str = ""
    activity: str = "standing"
    phase: float = 0.0
    repetition: int = 0
    joint_angles_rad: FloatArray = field(default_factory=lambda: np.zeros(len(JOINT_ANGLES)))
    joint_names: tuple[str, ...] = JOINT_ANGLES
    stamp_s: float = 0.0
    under_way: TrueRepetition | None = None
