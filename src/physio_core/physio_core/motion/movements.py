"""The exercises that the coach knows, by name; the one list that screen, clinic and training share."""

from __future__ import annotations

import numpy as np

from physio_core.errors import UnknownExercise
from physio_core.motion.ik import PoseBuilder
from physio_core.motion.kinematics import BodyShape
from physio_core.motion.stance import ARMS_BENDING, ARMS_STILL, stood
from physio_core.motion.style import Movement, Style
from physio_core.motion.supported import bar_height_m, pull_up, push_up
from physio_core.motion.upright import deadlift, jumping_jack, lunge, squat
from physio_core.types import FloatArray

_SIDE = np.pi / 2
_OBLIQUE = np.pi / 4


def _still(phase: FloatArray, style: Style, shape: BodyShape) -> PoseBuilder:
    return stood(phase, style, shape)


STAND_STILL = Movement("stand_still", _still, arms=tuple(hold for hold in ARMS_STILL if hold != "lap"), period_s=(4.0, 10.0))
"""What a patient does between exercises."""

EXERCISES: dict[str, Movement] = {
    movement.name: movement
    for movement in (
        Movement(
            "squat", squat, "squat", ("regular", "sumo", "jump", "wall"), ARMS_BENDING,
            period_s=(1.3, 5.0), headings_rad=(_OBLIQUE, _SIDE, 0.0),
        ),
        Movement(
            "lunge", lunge, "lunge", ("forward", "reverse", "split", "lateral"),
            ("hips", "sides", "clasped", "prisoner", "goblet", "barbell", "crossed"),
            period_s=(2.0, 5.0), headings_rad=(_SIDE, _OBLIQUE, 0.0),
        ),
        Movement(
            "deadlift", deadlift, "deadlift", ("conventional", "romanian", "sumo"),
            period_s=(2.2, 5.5), headings_rad=(_SIDE, _OBLIQUE),
        ),
        Movement(
            "push_up", push_up, "push_up", ("regular", "close", "wide", "incline", "decline", "knees"),
            period_s=(1.2, 4.0), headings_rad=(_SIDE, _OBLIQUE), place="floor",
        ),
        Movement(
            "pull_up", pull_up, "pull_up", ("regular", "wide", "chin_up"), ("straight", "crossed", "bent", "tucked"),
            period_s=(1.8, 5.0), headings_rad=(0.0, np.pi, _OBLIQUE), place="bar",
        ),
        Movement(
            "jumping_jack", jumping_jack, "jumping_jack", ("full", "half", "step", "seal", "alternate"),
            period_s=(0.7, 1.5), headings_rad=(0.0, np.pi, _OBLIQUE),
        ),
    )
}  # fmt: skip


def exercise_named(name: str) -> Movement:
    """The exercise of this name.

    Raises:
        UnknownExercise: there is no such exercise.
    """
    if name not in EXERCISES:
        raise UnknownExercise(name, EXERCISES)
    return EXERCISES[name]


def preferred_heading_rad(name: str) -> float:
    """Heading of the person (0: facing the camera, positive to the person's left) from which an exercise is seen best [rad].

    Raises:
        UnknownExercise: there is no such exercise.
    """
    return exercise_named(name).headings_rad[0]


__all__ = ["EXERCISES", "Movement", "Style", "bar_height_m", "exercise_named", "preferred_heading_rad"]
