"""A whole body from the joints that one camera saw: what was seen stays where it was, what is guessed is where people have it."""

from __future__ import annotations

import numpy as np
import pytest

from physio_core.exercises.flat import whole_body
from physio_core.motion.kinematics import BODY_JOINTS, BodyShape, positions
from physio_core.motion.movements import EXERCISES
from physio_core.motion.projection import to_openpose_18
from physio_core.motion.style import Style
from physio_core.skeleton.layouts import OPENPOSE_18
from physio_core.types import FloatArray

SHAPE = BodyShape()


def seen(exercise: str, yaw_rad: float) -> tuple[FloatArray, FloatArray]:
    """A body over one repetition, towards the viewer, right, up [m] (T, J, 3), and what a far camera sees of it (T, 18, 2)."""
    motion = EXERCISES[exercise].motion(np.linspace(0.0, 1.0, 12), Style(sway=0.0), SHAPE)
    world = positions(SHAPE, motion.placed(yaw_rad=yaw_rad))
    return world, to_openpose_18(world)[..., 1:]


def joint(body: FloatArray, name: str) -> FloatArray:
    return body[:, BODY_JOINTS.index(name)]


@pytest.mark.parametrize("yaw_rad", [0.0, np.pi / 2])
def test_what_was_seen_stays_where_it_was(yaw_rad):
    _, flat = seen("squat", yaw_rad)
    body = whole_body(flat)
    assert body.shape == (12, len(BODY_JOINTS), 3)
    for index, name in enumerate(OPENPOSE_18.joints):
        assert joint(body, name)[:, 1:] == pytest.approx(flat[:, index])


@pytest.mark.parametrize("exercise", ["squat", "jumping_jack", "push_up"])
@pytest.mark.parametrize("yaw_rad", [0.0, np.pi / 2])
def test_what_is_guessed_lies_near_where_the_body_really_has_it(exercise, yaw_rad):
    world, flat = seen(exercise, yaw_rad)
    body = whole_body(flat)
    for name, within_m in (("pelvis", 0.05), ("waist", 0.12), ("chest", 0.12), ("head", 0.1), ("head_top", 0.2)):
        off_m = np.linalg.norm(joint(body, name)[:, 1:] - joint(world, name)[:, 1:], axis=-1)
        assert np.median(off_m) < within_m, name
    for side in ("left", "right"):
        off_m = np.linalg.norm(joint(body, f"{side}_hand")[:, 1:] - joint(world, f"{side}_hand")[:, 1:], axis=-1)
        assert np.median(off_m) < 0.12


def test_feet_on_the_floor_have_their_toes_there_also_when_the_heel_is_raised():
    _, flat = seen("squat", np.pi / 2)
    for name in ("left_ankle", "right_ankle"):
        flat[:, OPENPOSE_18.index(name), 1] = SHAPE.ankle_m + 0.15
    body = whole_body(flat)
    assert joint(body, "left_toe")[:, 2] == pytest.approx(0.0)
    assert joint(body, "left_heel")[:, 2] == pytest.approx(0.15)


def test_a_foot_in_the_air_keeps_its_sole_in_one_line():
    _, flat = seen("squat", np.pi / 2)
    flat[:, OPENPOSE_18.index("left_ankle"), 1] = 0.6
    body = whole_body(flat)
    assert joint(body, "left_toe")[:, 2] == pytest.approx(joint(body, "left_heel")[:, 2])
    assert joint(body, "left_toe")[:, 2] == pytest.approx(0.6 - SHAPE.ankle_m)


@pytest.mark.parametrize(("yaw_rad", "sign"), [(np.pi / 2, 1.0), (-np.pi / 2, -1.0)])
def test_toes_point_where_the_nose_does_and_the_near_side_is_before_the_far_one(yaw_rad, sign):
    _, flat = seen("squat", yaw_rad)
    body = whole_body(flat)
    ahead = joint(body, "left_toe")[0, 1] - joint(body, "left_heel")[0, 1]
    assert np.sign(ahead) == sign
    near, far = ("right", "left") if sign > 0 else ("left", "right")
    assert joint(body, f"{near}_shoulder")[0, 0] > joint(body, f"{far}_shoulder")[0, 0]


def test_from_the_front_arms_are_before_the_trunk_and_feet_turn_outwards():
    _, flat = seen("squat", 0.0)
    body = whole_body(flat)
    assert joint(body, "left_wrist")[0, 0] > joint(body, "neck")[0, 0]
    outwards = [joint(body, f"{side}_toe")[0, 1] - joint(body, f"{side}_heel")[0, 1] for side in ("left", "right")]
    assert outwards[0] > 0.01 and outwards[1] < -0.01
