"""Negatives of the kinds that recordings of other people showed to be weak, drawn more often by the last training.

Getting up and sitting down at any pace, jumps that begin with a bend of the knees, getting down on the floor and up again without
the rest of a burpee, standing about with a bar, walking and turning, and what a therapist asks for besides the exercises that are
named. They stand apart from :data:`~physio_lab.synthetic.negatives.UNKNOWN`, so that trainings that do not ask for them stay as
they are.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from physio_core.motion.ik import SIDES, PoseBuilder
from physio_core.motion.kinematics import BodyShape
from physio_core.motion.legs import sit_to_stand
from physio_core.motion.movements import REHABILITATION
from physio_core.motion.stance import hold_arms, leg_reach, stood
from physio_core.motion.style import Movement, Style, raised_cosine, smooth, wave
from physio_core.types import FloatArray
from physio_lab.synthetic.negatives import UNKNOWN
from physio_lab.synthetic.negatives_floor import between, rise_from_chair

GOING_DOWN: dict[str, tuple[str, ...]] = {
    "sprawl": ("stand", "crouch", "plank"), "prone": ("stand", "crouch", "plank", "prone"),
    "supine": ("stand", "crouch", "sit_floor", "supine"), "knees": ("stand", "kneel", "sit_floor"),
}  # fmt: skip
"""Ways down to the floor, variants of :func:`get_down`."""


def leap(phase: FloatArray, style: Style, shape: BodyShape) -> PoseBuilder:
    """A jump from a shallow bend of the knees, far less than a squat; variants up, forward (and back), still_arms.

    Bend, leave the floor, land softly, stand for the rest of the repetition.
    """
    turn = np.mod(phase, 1.0)
    bend = raised_cosine(turn, 0.0, 0.05, 0.40) + 0.8 * raised_cosine(turn, 0.0, 0.50, 0.85)
    give = 0.1 + (0.25 + 0.35 * style.size) * style.depth * bend
    lift = (0.05 + 0.12 * style.size) * shape.height_m * raised_cosine(turn, 0.0, 0.30, 0.58)
    tiptoe = 0.6 * raised_cosine(turn, 0.0, 0.24, 0.64)
    pose = PoseBuilder(shape, len(phase))
    pose.root_m[:, 2] = shape.ankle_m + lift + shape.toe_m * np.sin(tiptoe) + leg_reach(shape, give) - 0.004
    pose.lean(0.05 + 0.6 * give, style.round_back, style.gaze)
    ahead = np.zeros_like(turn)
    if style.variant == "forward":  # there on even repetitions, back on odd ones
        flown = smooth(turn, 0.32, 0.56)
        ahead = 0.3 * style.stance * shape.height_m * np.where(np.floor(phase).astype(int) % 2 == 0, flown, 1.0 - flown)
    pose.root_m[:, 0] += ahead
    for side, sign in zip(SIDES, (1.0, -1.0), strict=True):
        place = np.stack([ahead, np.full(len(turn), sign * 0.065 * style.stance * shape.height_m), lift], axis=1)
        pose.foot(side, place, style.toes_out_rad, tiptoe)
    hold_arms(pose, "sides")
    if style.variant == "still_arms":
        return pose
    back, up = raised_cosine(turn, 0.0, 0.02, 0.32), raised_cosine(turn, 0.0, 0.24, 0.66)
    swing = -0.7 * back + (1.0 + 1.8 * style.size) * up
    return pose.set(shoulder_flexion=pose.angle("left_shoulder_flexion") + swing, elbow_flexion=0.25 + 0.4 * up)


def get_down(phase: FloatArray, style: Style, shape: BodyShape) -> PoseBuilder:
    """Down to the floor and up again, at the pace of a burpee or slowly; variants name the way."""
    return between(GOING_DOWN[style.variant], phase, style, shape)


def hold_bar(phase: FloatArray, style: Style, shape: BodyShape) -> PoseBuilder:
    """Standing with a bar or a weight, shifting from foot to foot, knees soft; not lifting it."""
    pose = stood(phase, style, shape, lean=0.05 + 0.08 * style.lean)
    rng = np.random.default_rng(style.seed + 5)
    pose.root_m[:, 1] += 0.02 * shape.height_m * wave(phase, rng)
    return hold_arms(pose, style.arms)


_SIDE = (np.pi / 2, np.pi / 4)
_OWN = (
    Movement("leap", leap, variants=("up", "forward", "still_arms"), period_s=(1.0, 4.0), headings_rad=(*_SIDE, 0.0)),
    Movement("get_down", get_down, variants=tuple(GOING_DOWN), period_s=(2.5, 10.0), headings_rad=_SIDE),
    Movement(
        "rise_quickly", rise_from_chair, arms=("lap", "crossed", "forward", "sides", "clasped"), period_s=(1.3, 4.0),
        place="chair", headings_rad=(*_SIDE, 0.0),
    ),
    Movement(
        "stand_up", sit_to_stand, arms=("crossed", "lap", "forward", "sides"), period_s=(1.3, 5.0), place="chair",
        headings_rad=(*_SIDE, 0.0),
    ),
    Movement("hold_bar", hold_bar, arms=("barbell", "front_rack", "overhead", "goblet", "sides"), period_s=(3.0, 8.0)),
)  # fmt: skip

_TIMES = {
    "leap": 4, "get_down": 4, "rise_quickly": 4, "stand_up": 4, "hold_bar": 2,
    "burpee": 3, "change_posture": 2, "walk_about": 3, "turn_round": 2, "lift_overhead": 3, "swing_kettlebell": 1, "jump": 2,
    "skip_rope": 3, "throw": 2, "swing": 1, "step_in_place": 2, "dip": 2, "pick_up": 10, "rise_from_chair": 2, "side_step": 4,
    "sit": 3, "restless": 2, "touch_toes": 2, "hold_plank": 1, "hang": 1, "raise_arms_sideways": 2,
}  # fmt: skip

_NAMED = ("side_lunge",)
"""Exercises of rehabilitation that the recogniser names by a wider name."""


def hard_negatives() -> list[Movement]:
    """The movements, each as often as it is drawn against the others; those of rehabilitation keep their own label."""
    known = {**UNKNOWN, **{one.name: one for one in _OWN}}
    prescribed = [one for name, one in REHABILITATION.items() if name not in _NAMED]
    return [known[name] for name, times in _TIMES.items() for _ in range(times)] + [
        replace(one, period_s=(0.6 * one.period_s[0], one.period_s[1])) for one in prescribed
    ]
