"""The body keeps its bones, its symmetry and its promises about axes."""

import numpy as np
import pytest

from physio_core.errors import ConfigError, InputError
from physio_core.motion.kinematics import (
    BODY_JOINTS,
    BONES,
    JOINT_ANGLES,
    BodyShape,
    Motion,
    frames,
    mirrored,
    positions,
    root_rotation,
)
from physio_core.skeleton.layouts import OPENPOSE_18

INDEX = {joint: index for index, joint in enumerate(BODY_JOINTS)}


def random_motion(count: int = 40, seed: int = 0) -> Motion:
    rng = np.random.default_rng(seed)
    return Motion(
        rng.normal(0.0, 0.8, (count, len(JOINT_ANGLES))), rng.normal(0.0, 1.0, (count, 3)), rng.normal(0.0, 1.0, (count, 3))
    )


def standing() -> Motion:
    return Motion(np.zeros((1, len(JOINT_ANGLES))), np.array([[0.0, 0.0, BodyShape().hip_height_m]]), np.zeros((1, 3)))


def posed(**angles: float) -> np.ndarray:
    still = standing()
    for name, value in angles.items():
        still.angles_rad[:, JOINT_ANGLES.index(name)] = value
    return positions(BodyShape(), still)[0]


def test_joints_include_the_model_layout() -> None:
    assert set(OPENPOSE_18.joints) <= set(BODY_JOINTS)


def test_standing_body_is_as_tall_as_its_shape_and_stands_on_the_floor() -> None:
    shape = BodyShape(height_m=1.85, leg=1.05)
    still = Motion(np.zeros((1, len(JOINT_ANGLES))), np.array([[0.0, 0.0, shape.hip_height_m]]), np.zeros((1, 3)))
    points = positions(shape, still)[0]
    assert points[INDEX["head_top"], 2] == pytest.approx(1.85, abs=0.01)
    assert points[:, 2].min() == pytest.approx(0.0, abs=1e-9)


def test_person_faces_x_with_the_left_side_at_y() -> None:
    points = posed()
    assert points[INDEX["nose"], 0] > points[INDEX["left_ear"], 0]
    assert points[INDEX["left_toe"], 0] > points[INDEX["left_heel"], 0]
    assert points[INDEX["left_wrist"], 1] > 0 > points[INDEX["right_wrist"], 1]


@pytest.mark.parametrize(
    ("angle", "joint", "axis", "sign"),
    [
        ("spine_flexion", "nose", 0, 1), ("spine_side", "head_top", 1, 1), ("spine_twist", "right_shoulder", 0, 1),
        ("neck_flexion", "nose", 2, -1), ("neck_twist", "nose", 1, 1), ("left_shoulder_flexion", "left_wrist", 0, 1),
        ("left_shoulder_abduction", "left_wrist", 1, 1), ("right_shoulder_abduction", "right_wrist", 1, -1),
        ("left_elbow_flexion", "left_wrist", 0, 1), ("right_hip_flexion", "right_knee", 0, 1),
        ("right_hip_abduction", "right_ankle", 1, -1), ("left_hip_rotation", "left_toe", 1, 1),
        ("left_knee_flexion", "left_ankle", 0, -1), ("right_ankle_flexion", "right_toe", 2, 1),
        ("left_clavicle_elevation", "left_shoulder", 2, 1),
    ],
)  # fmt: skip
def test_positive_angle_moves_the_joint_the_documented_way(angle: str, joint: str, axis: int, sign: int) -> None:
    moved = posed(**{angle: 0.4}) - posed()
    assert sign * moved[INDEX[joint], axis] > 0.01


def test_bones_keep_their_length_in_any_posture() -> None:
    stiff = [
        ("left_hip", "left_knee"), ("left_knee", "left_ankle"), ("right_shoulder", "right_elbow"),
        ("right_elbow", "right_wrist"), ("neck", "left_shoulder"), ("pelvis", "right_hip"), ("nose", "left_ear"),
        ("left_heel", "left_toe"),
    ]  # fmt: skip
    points = positions(BodyShape(), random_motion())
    for a, b in stiff:
        lengths = np.linalg.norm(points[:, INDEX[a]] - points[:, INDEX[b]], axis=-1)
        assert np.ptp(lengths) < 1e-9, (a, b)


def test_mirrored_motion_is_the_mirror_image() -> None:
    motion = random_motion()
    partner = [INDEX[joint.replace("left_", "x_").replace("right_", "left_").replace("x_", "right_")] for joint in BODY_JOINTS]
    image = positions(BodyShape(), motion)[:, partner] * [1.0, -1.0, 1.0]
    assert np.allclose(positions(BodyShape(), mirrored(motion)), image, atol=1e-9)


def test_placing_moves_every_joint_alike() -> None:
    motion = random_motion()
    turn = root_rotation(np.array([0.0, 0.0, 0.7]))
    expected = positions(BodyShape(), motion) @ turn.T + [1.0, -2.0, 0.0]
    assert np.allclose(positions(BodyShape(), motion.placed(1.0, -2.0, 0.7)), expected, atol=1e-9)


def test_one_limb_alone_agrees_with_the_whole_body() -> None:
    motion = random_motion()
    assert np.allclose(
        frames(BodyShape(), motion, ("left_leg",)).at["left_toe"], frames(BodyShape(), motion).at["left_toe"], atol=1e-12
    )


def test_drawable_parts_join_known_joints() -> None:
    assert {joint for bone in BONES for joint in (bone.joint_a, bone.joint_b)} <= set(BODY_JOINTS)
    assert len({bone.name for bone in BONES}) == len(BONES)


def test_motion_refuses_shapes_that_disagree() -> None:
    with pytest.raises(InputError, match="need"):
        Motion(np.zeros((2, len(JOINT_ANGLES))), np.zeros((3, 3)), np.zeros((2, 3)))


def test_shape_refuses_a_giant() -> None:
    with pytest.raises(ConfigError, match="height_m"):
        BodyShape(height_m=3.0)


def test_random_shapes_differ_and_repeat_by_seed() -> None:
    first, again, other = (BodyShape.random(np.random.default_rng(seed)) for seed in (1, 1, 2))
    assert first == again != other
