"""What the simulation knows and a camera does not."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from physio_core.motion.kinematics import JOINT_ANGLES
from physio_core.types import FloatArray

EXERCISING = "exercising"
"""The activity of a patient who does repetitions."""


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
    """

    persona: str
    asked: str = ""
    exercise: str = ""
    activity: str = "standing"
    phase: float = 0.0
    repetition: int = 0
    joint_angles_rad: FloatArray = field(default_factory=lambda: np.zeros(len(JOINT_ANGLES)))
    joint_names: tuple[str, ...] = JOINT_ANGLES
