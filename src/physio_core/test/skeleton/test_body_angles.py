"""Angles in any view, and how a person is turned: a body of known angles is filmed, its depth guessed as the estimator does."""

from __future__ import annotations

import numpy as np
import pytest

from physio_core.motion.kinematics import BODY_JOINTS, JOINT_ANGLES, BodyShape, Motion, positions
from physio_core.skeleton.body_angles import BodyAngles
from physio_core.skeleton.heading import SETTLE_S, HeadingEstimator
from physio_core.skeleton.layouts import Layout
from physio_core.skeleton.lifting import DEPTH, LEAN, lifted
from physio_core.types import FloatArray

BODY = Layout("body", tuple(joint.replace("_toe", "_foot_index") for joint in BODY_JOINTS), (), "neck")
UNKNOWN = np.full((1, len(BODY.joints), 3), np.nan)


def in_space(yaw_deg: float = 0.0, **bent_deg: float) -> FloatArray:
    """Someone (1, V, 3) who turned to the left from facing the camera, in its axes [m], and bends joints of both sides."""
    angles = np.zeros((1, len(JOINT_ANGLES)))
    for name, value in bent_deg.items():
        for full in (name,) if name in JOINT_ANGLES else (f"left_{name}", f"right_{name}"):
            angles[:, JOINT_ANGLES.index(full)] = np.radians(value)
    motion = Motion(angles, np.array([[0.0, 0.0, 1.0]]), np.zeros((1, 3))).placed(yaw_rad=np.radians(yaw_deg))
    points = positions(BodyShape(), motion)
    return np.stack([points[..., 1], -points[..., 2], -points[..., 0]], axis=-1)


def guessed(space: FloatArray) -> FloatArray:
    """The same as an estimator guesses it that is too deep and leans to the camera."""
    world_m = space - space[:, [BODY.index("pelvis")]]
    world_m[..., 2] = (world_m[..., 2] + LEAN * world_m[..., 1]) / DEPTH
    return world_m


def measured(space: FloatArray, view: str | None, world_m: FloatArray | None = None) -> dict[str, float]:
    meter = BodyAngles(BODY)
    world_m = guessed(space) if world_m is None else world_m
    return dict(zip(meter.names, meter.measure(space[..., :2], np.ones(space.shape[:2]), world_m, [view]).deg[0], strict=True))


def test_the_guessed_depth_is_set_upright_and_brought_to_the_unit_of_the_image() -> None:
    space = in_space(30.0, knee_flexion=60.0, shoulder_flexion=90.0)
    there = lifted(0.4 * space[..., :2], np.ones(space.shape[:2]), guessed(space), BODY)
    depth = 0.4 * (space[..., 2] - space[:, [BODY.index("pelvis")], 2])
    np.testing.assert_allclose(there, np.concatenate([0.4 * space[..., :2], depth[..., None]], axis=-1), atol=1e-6)


@pytest.mark.parametrize(("yaw_deg", "view"), [(90.0, "side"), (-90.0, "side"), (45.0, "oblique"), (-45.0, "oblique")])
def test_bent_legs_are_read_from_the_side_and_obliquely(yaw_deg: float, view: str) -> None:
    found = measured(in_space(yaw_deg, knee_flexion=80.0, hip_flexion=50.0), view)
    for side in ("left", "right"):
        assert found[f"{side}_knee_flexion"] == pytest.approx(80.0, abs=0.5)
        assert found[f"{side}_hip_flexion"] == pytest.approx(50.0, abs=0.5)


@pytest.mark.parametrize(("yaw_deg", "view"), [(0.0, "front"), (180.0, "front"), (40.0, "oblique")])
def test_spread_legs_are_read_from_the_front_and_obliquely(yaw_deg: float, view: str) -> None:
    found = measured(in_space(yaw_deg, hip_abduction=25.0), view)
    assert found["left_hip_abduction"] == pytest.approx(25.0, abs=0.5) == found["right_hip_abduction"]


def test_from_the_front_image_and_space_are_weighed_against_each_other() -> None:
    space = in_space(20.0, hip_abduction=25.0, hip_flexion=20.0)
    wrong = guessed(in_space(-20.0, hip_abduction=25.0, hip_flexion=20.0))
    body = BodyAngles(BODY)
    flat, deep = body.both(space[..., :2], np.ones(space.shape[:2]), wrong)
    at = body.names.index("left_hip_abduction")
    low, high = sorted((float(flat.deg[0, at]), float(deep.deg[0, at])))
    assert low + 0.2 * (high - low) < measured(space, "front", wrong)["left_hip_abduction"] < high - 0.2 * (high - low)
    assert high - low > 1.0


def test_depth_cannot_be_judged_from_the_front() -> None:
    found = measured(in_space(knee_flexion=80.0, hip_flexion=50.0), "front")
    assert np.isnan([found[f"left_{name}"] for name in ("knee_flexion", "hip_flexion", "shank_lean", "ankle_dorsiflexion")]).all()


def test_what_points_at_the_camera_is_not_known() -> None:
    assert measured(in_space(hip_flexion=20.0), "front")["left_hip_abduction"] == pytest.approx(0.0, abs=0.5)
    assert np.isnan(measured(in_space(hip_flexion=85.0, knee_flexion=85.0), "front")["left_hip_abduction"])


def test_without_joints_in_space_the_image_is_measured_and_nothing_else() -> None:
    bent = {"knee_flexion": 80.0, "hip_flexion": 50.0}
    assert measured(in_space(90.0, **bent), "side", UNKNOWN)["left_knee_flexion"] == pytest.approx(80.0, abs=0.5)
    assert np.isnan(list(measured(in_space(45.0, **bent), "oblique", UNKNOWN).values())).all()
    assert np.isnan(list(measured(in_space(90.0, **bent), None).values())).all()


def turned(space: FloatArray, world_m: FloatArray | None = None) -> tuple[str, str, float]:
    world_m = guessed(space) if world_m is None else world_m
    heading = HeadingEstimator(BODY).update(1.0, space[0, :, :2], np.ones(space.shape[1]), world_m[0])
    assert heading is not None
    return heading.view, heading.facing, heading.turned_deg


@pytest.mark.parametrize(
    ("yaw_deg", "view", "facing"),
    [
        (0.0, "front", "camera"), (45.0, "oblique", "camera"), (-45.0, "oblique", "camera"), (90.0, "side", "right"),
        (-90.0, "side", "left"), (135.0, "oblique", "away"), (175.0, "front", "away"),
    ],
)  # fmt: skip
def test_how_someone_is_turned_is_told(yaw_deg: float, view: str, facing: str) -> None:
    *told, turned_deg = turned(in_space(yaw_deg, knee_flexion=40.0, spine_flexion=30.0))
    assert told == [view, facing]
    assert turned_deg == pytest.approx(yaw_deg, abs=15.0)


@pytest.mark.parametrize(("yaw_deg", "view"), [(0.0, "front"), (45.0, "oblique"), (90.0, "side")])
def test_without_joints_in_space_the_width_tells_the_view(yaw_deg: float, view: str) -> None:
    assert turned(in_space(yaw_deg), UNKNOWN)[0] == view


def test_a_view_neither_jumps_with_one_image_nor_flickers_at_its_bound() -> None:
    estimator, sure = HeadingEstimator(BODY), np.ones(len(BODY.joints))

    def see(stamp_s: float, yaw_deg: float) -> str:
        space = in_space(yaw_deg)
        heading = estimator.update(stamp_s, space[0, :, :2], sure, guessed(space)[0])
        return heading.view if heading else ""

    assert see(0.0, 5.0) == "front" == see(1 / 30, 90.0)
    assert see(10.0 * SETTLE_S, 90.0) == "side"
    wavering = {see(100.0 + index, yaw_deg) for index, yaw_deg in enumerate((22.0, 28.0, 22.0, 28.0))}
    assert len(wavering) == 1


def test_nobody_is_turned_before_shoulders_and_hips_are_seen() -> None:
    space, hidden = in_space(), np.zeros(len(BODY.joints))
    assert HeadingEstimator(BODY).update(0.0, space[0, :, :2], hidden, guessed(space)[0]) is None
