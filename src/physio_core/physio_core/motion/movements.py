"""The exercises of the movement library, by name; the one list that screen, clinic and training share."""

from __future__ import annotations

import numpy as np

from physio_core.errors import UnknownExercise
from physio_core.motion.arms import EACH, curl, curl_seated, raise_arms, raise_arms_seated
from physio_core.motion.drawn import draw, draw_seated
from physio_core.motion.ik import PoseBuilder
from physio_core.motion.kinematics import BodyShape
from physio_core.motion.legs import calf_raise, lift_leg, march, sit_to_stand
from physio_core.motion.stance import ARMS_BENDING, ARMS_STILL, stood
from physio_core.motion.style import ALTERNATE, CHOSEN, Maker, Movement, Style
from physio_core.motion.supported import bar_height_m, pull_up, push_up
from physio_core.motion.trunk import side_bend, trunk_rotation
from physio_core.motion.upright import deadlift, jumping_jack, lunge, side_lunge, squat
from physio_core.types import FloatArray

_SIDE = np.pi / 2
_OBLIQUE = np.pi / 4


def _still(phase: FloatArray, style: Style, shape: BodyShape) -> PoseBuilder:
    return stood(phase, style, shape)


STAND_STILL = Movement("stand_still", _still, arms=tuple(hold for hold in ARMS_STILL if hold != "lap"), period_s=(4.0, 10.0))
"""What a patient does between exercises."""

RECOGNISED: dict[str, Movement] = {
    movement.name: movement
    for movement in (
        Movement(
            "squat", squat, "squat", ("regular", "sumo", "jump", "wall"), ARMS_BENDING,
            period_s=(1.3, 5.0), headings_rad=(_OBLIQUE, _SIDE, 0.0), angle="knee_flexion",
        ),
        Movement(
            "lunge", lunge, "lunge", ("forward", "reverse", "split", "lateral"),
            ("hips", "sides", "clasped", "prisoner", "goblet", "barbell", "crossed"),
            period_s=(2.0, 5.0), headings_rad=(_SIDE, _OBLIQUE, 0.0), sides=ALTERNATE, angle="knee_flexion",
        ),
        Movement(
            "deadlift", deadlift, "deadlift", ("conventional", "romanian", "sumo"),
            period_s=(2.2, 5.5), headings_rad=(_SIDE, _OBLIQUE), angle="hip_flexion",
        ),
        Movement(
            "push_up", push_up, "push_up", ("regular", "close", "wide", "incline", "decline", "knees"),
            period_s=(1.2, 4.0), headings_rad=(_SIDE, _OBLIQUE), place="floor", angle="elbow_flexion",
        ),
        Movement(
            "pull_up", pull_up, "pull_up", ("regular", "wide", "chin_up"), ("straight", "crossed", "bent", "tucked"),
            period_s=(1.8, 5.0), headings_rad=(0.0, np.pi, _OBLIQUE), place="bar", angle="elbow_flexion",
        ),
        Movement(
            "jumping_jack", jumping_jack, "jumping_jack", ("full", "half", "step", "seal", "alternate"),
            period_s=(0.7, 1.5), headings_rad=(0.0, np.pi, _OBLIQUE), angle="shoulder_abduction",
        ),
    )
}  # fmt: skip
"""Exercises that the shipped recogniser names and synthetic training draws from."""


def _arm(name: str, make: Maker, arms: tuple[str, ...], headings_rad: tuple[float, ...], place: str = "feet") -> Movement:
    angle = name.removeprefix("seated_")
    return Movement(name, make, name, EACH, arms, (2.0, 6.0), headings_rad, place, one_side="left", angle=angle)


def _path(name: str, make: Maker, place: str = "feet") -> Movement:
    return Movement(
        name, make, name, period_s=(9.0, 16.0), headings_rad=(0.0,), place=place, sides=CHOSEN, angle="shoulder_flexion"
    )


_FREE_LEG = ("hips", "sides")
_LEFT_NEAR = (-_SIDE, -_OBLIQUE)

REHABILITATION: dict[str, Movement] = {
    movement.name: movement
    for movement in (
        Movement(
            "sit_to_stand", sit_to_stand, "sit_to_stand", arms=("crossed", "lap", "forward", "sides"), period_s=(2.5, 7.0),
            headings_rad=(_SIDE, _OBLIQUE, 0.0), place="chair", angle="knee_flexion",
        ),
        _arm("shoulder_abduction", raise_arms, ("overhead_side", "side"), (0.0, _OBLIQUE)),
        _arm("shoulder_flexion", raise_arms, ("overhead_front", "front"), _LEFT_NEAR),
        _arm("elbow_flexion", curl, ("sides",), _LEFT_NEAR),
        _arm("seated_shoulder_abduction", raise_arms_seated, ("overhead_side", "side"), (0.0, _OBLIQUE), "chair"),
        _arm("seated_shoulder_flexion", raise_arms_seated, ("overhead_front", "front"), _LEFT_NEAR, "chair"),
        _arm("seated_elbow_flexion", curl_seated, ("sides",), _LEFT_NEAR, "chair"),
        Movement(
            "side_lunge", side_lunge, "side_lunge", ("",), ("clasped", "hips", "crossed"), (2.5, 6.0), (0.0, _OBLIQUE),
            sides=CHOSEN, angle="knee_flexion",
        ),
        Movement(
            "heel_raise", calf_raise, "heel_raise", ("",), _FREE_LEG, (1.5, 5.0), (_SIDE, _OBLIQUE, 0.0), angle="ankle_flexion",
        ),
        Movement(
            "march_in_place", march, "march_in_place", ("",), ("sides", "hips"), (0.8, 2.5), (0.0, _OBLIQUE),
            sides=ALTERNATE, angle="hip_flexion",
        ),
        Movement(
            "standing_leg_raise_front", lift_leg, "standing_leg_raise_front", ("front",), _FREE_LEG, (2.0, 6.0), _LEFT_NEAR,
            sides=CHOSEN, angle="hip_flexion",
        ),
        Movement(
            "standing_leg_raise_side", lift_leg, "standing_leg_raise_side", ("side",), _FREE_LEG, (2.0, 6.0), (0.0, np.pi),
            sides=CHOSEN, angle="hip_abduction",
        ),
        Movement(
            "side_bend", side_bend, "side_bend", ("plain", "overhead"), ("sides", "hips", "prisoner"), (2.5, 6.0), (0.0, np.pi),
            sides=ALTERNATE, angle="spine_side",
        ),
        Movement(
            "trunk_rotation", trunk_rotation, "trunk_rotation", ("",), ("crossed", "clasped", "hips"), (2.0, 6.0),
            (0.0, _OBLIQUE), sides=ALTERNATE, angle="spine_twist",
        ),
    )
}  # fmt: skip
"""Exercises that are judged by their joint angles alone."""

DRAWN: dict[str, Movement] = {
    movement.name: movement
    for movement in (
        _path("draw_circle_clockwise", draw("clock_m")),
        _path("draw_circle_counterclockwise", draw("counter_m")),
        _path("draw_line_aslant", draw("d_r")),
        _path("draw_arc_level", draw("h_u")),
        _path("draw_arc_upright", draw("v_90")),
        _path("seated_draw_circle", draw_seated("clock_m"), "chair"),
    )
}
"""Paths of one hand, judged by their shape."""

EXERCISES: dict[str, Movement] = {**RECOGNISED, **REHABILITATION, **DRAWN}
"""Every exercise that the screen's figures and the simulated patient can show."""


def exercise_named(name: str) -> Movement:
    """The exercise of this name.

    Raises:
        UnknownExercise: there is no such exercise.
    """
    if name not in EXERCISES:
        raise UnknownExercise(name, EXERCISES)
    return EXERCISES[name]


def preferred_heading_rad(name: str, side: str = "left") -> float:
    """Heading of the person (0: facing the camera, positive to the person's left) from which an exercise is seen best [rad].

    Args:
        name: of the exercise.
        side: the side that does it, where only one does: the other needs the mirrored heading.

    Raises:
        UnknownExercise: there is no such exercise.
    """
    movement = exercise_named(name)
    mirrored = side == "right" and movement.has_one_side
    return -movement.headings_rad[0] if mirrored else movement.headings_rad[0]


__all__ = [
    "EXERCISES",
    "RECOGNISED",
    "REHABILITATION",
    "Movement",
    "Style",
    "bar_height_m",
    "exercise_named",
    "preferred_heading_rad",
]
