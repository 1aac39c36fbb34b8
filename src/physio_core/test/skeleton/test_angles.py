"""Joint angles by value: a body is bent by known angles, seen or put into space, and the angles are read back."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import yaml

from physio_core.errors import ConfigError, InputError
from physio_core.motion.kinematics import BODY_JOINTS, JOINT_ANGLES, BodyShape, Motion, positions
from physio_core.motion.movements import EXERCISES
from physio_core.motion.projection import Camera, project
from physio_core.motion.style import Style
from physio_core.skeleton.angle_table import load_angles
from physio_core.skeleton.angles import TOGETHER, AngleMeter, Angles, joint_error
from physio_core.skeleton.layouts import HAND_21, OPENPOSE_18, Layout

BODY = Layout("body", tuple(joint.replace("_toe", "_foot_index") for joint in BODY_JOINTS), (), "neck")
SIDES = ("left_", "right_")
UP = (0.0, 0.0, 1.0)

SIDE = [
    ({"knee_flexion": 80, "hip_flexion": 50}, {"knee_flexion": 80, "hip_flexion": 50, "shank_lean": 30}),
    ({"knee_flexion": 5}, {"knee_flexion": 5, "hip_flexion": 0, "shank_lean": 5}),
    ({"hip_flexion": -15}, {"hip_flexion": -15, "knee_flexion": 0}),
    ({"hip_flexion": 120, "knee_flexion": 130}, {"hip_flexion": 120, "knee_flexion": 130}),
    ({"shoulder_flexion": 120, "elbow_flexion": 70}, {"shoulder_flexion": 120, "elbow_flexion": 70}),
    ({"shoulder_flexion": -40}, {"shoulder_flexion": -40, "elbow_flexion": 0}),
    ({"shoulder_flexion": 185}, {"shoulder_flexion": 185}),
    ({"ankle_flexion": 15}, {"ankle_dorsiflexion": 15}),
    ({"ankle_flexion": -40, "hip_flexion": 60}, {"ankle_dorsiflexion": -40, "hip_flexion": 60}),
    ({"pitch": 35, "hip_flexion": 35}, {"trunk_lean": 35, "hip_flexion": 35, "shank_lean": 0}),
    ({"pitch": -10}, {"trunk_lean": -10, "shoulder_flexion": 0}),
    ({"pitch": 95, "neck_flexion": -50}, {"trunk_lean": 95}),
]
FRONT = [
    ({"shoulder_abduction": 90}, {"shoulder_abduction": 90, "elbow_flexion": 0}),
    ({"shoulder_abduction": 170}, {"shoulder_abduction": 170}),
    ({"shoulder_abduction": -5, "hip_abduction": 25}, {"shoulder_abduction": -5, "hip_abduction": 25, "knee_valgus": 0}),
    ({"hip_rotation": -90, "knee_flexion": 12}, {"knee_valgus": 12}),
    ({"roll": -15}, {"trunk_side_lean": 15, "pelvis_tilt": -15, "shoulder_tilt": -15, "hip_abduction": 0}),
    ({"neck_side": 20}, {"neck_side_flexion": 20, "trunk_side_lean": 0}),
]


def bent(settings: dict[str, float], yaw_deg: float = 0.0, count: int = 1) -> Motion:
    """Someone facing x who bends joints of both sides, and the pelvis, by so much [deg]."""
    motion = Motion(np.zeros((count, len(JOINT_ANGLES))), np.tile([0.0, 0.0, 1.0], (count, 1)), np.zeros((count, 3)))
    for name, value in settings.items():
        if name in ("roll", "pitch"):
            motion.root_rad[:, ("roll", "pitch").index(name)] = np.radians(value)
            continue
        for full in (name,) if name in JOINT_ANGLES else (side + name for side in SIDES):
            motion.angles_rad[:, JOINT_ANGLES.index(full)] = np.radians(value)
    return motion.placed(yaw_rad=np.radians(yaw_deg))


def seen(motion: Motion, yaw_deg: float) -> np.ndarray:
    """From far away, along x from the front; the person is turned to the left by so much."""
    points = positions(BodyShape(), motion.placed(yaw_rad=np.radians(yaw_deg)))
    return np.stack([points[..., 1], -points[..., 2]], axis=-1)


def full(points: np.ndarray) -> np.ndarray:
    return np.ones(points.shape[:2])


def over_time(angles: Angles, name: str) -> np.ndarray:
    return angles.deg[:, angles.names.index(name)]


def check(found: dict[str, float], expected: dict[str, float]) -> None:
    for name, value in expected.items():
        for full_name in (name,) if name in found else (side + name for side in SIDES):
            assert found[full_name] == pytest.approx(value, abs=1.0), full_name


def values(meter: AngleMeter, points: np.ndarray, up: tuple[float, ...] | None = None) -> dict[str, float]:
    return dict(zip(meter.names, meter.measure(points, full(points), up).deg[-1], strict=True))


@pytest.mark.parametrize("yaw_deg", [90.0, -90.0], ids=["left", "right"])
@pytest.mark.parametrize(("settings", "expected"), SIDE)
def test_angles_are_read_back_from_the_side(settings: dict[str, float], expected: dict[str, float], yaw_deg: float) -> None:
    check(values(AngleMeter(BODY, view="side"), seen(bent(settings), yaw_deg)), expected)


@pytest.mark.parametrize("yaw_deg", [0.0, 180.0], ids=["front", "back"])
@pytest.mark.parametrize(("settings", "expected"), FRONT)
def test_angles_are_read_back_from_the_front_and_the_back(
    settings: dict[str, float], expected: dict[str, float], yaw_deg: float
) -> None:
    check(values(AngleMeter(BODY, view="front"), seen(bent(settings), yaw_deg)), expected)


@pytest.mark.parametrize(("settings", "expected"), SIDE + FRONT)
def test_in_space_it_does_not_matter_from_where_one_looks(settings: dict[str, float], expected: dict[str, float]) -> None:
    points = positions(BodyShape(), bent(settings, yaw_deg=40.0))
    check(values(AngleMeter(BODY), points, UP), expected)


@pytest.mark.parametrize("name", sorted(EXERCISES))
def test_knees_and_elbows_of_each_exercise_are_read_back_in_space(name: str) -> None:
    motion = EXERCISES[name].motion(np.arange(20) / 20, Style(), BodyShape())
    points = positions(BodyShape(), motion)
    angles = AngleMeter(BODY).measure(points, full(points), UP)
    for joint in ("knee_flexion", "elbow_flexion"):
        for side in SIDES:
            np.testing.assert_allclose(over_time(angles, side + joint), np.degrees(np.abs(motion.angle(side + joint))), atol=0.1)


def test_the_neck_is_measured_against_how_one_holds_it() -> None:
    straight, bowed = (
        values(AngleMeter(BODY, view="side"), seen(bent({"neck_flexion": flexion}), 90.0))["neck_flexion"] for flexion in (0, 25)
    )
    assert bowed - straight == pytest.approx(25.0, abs=0.1) and 0.0 < straight < 8.0


def test_a_camera_near_by_reads_a_squat_within_a_few_degrees() -> None:
    motion = bent({"knee_flexion": 90, "hip_flexion": 80, "pitch": 30})
    points, _ = project(positions(BodyShape(), motion.placed(yaw_rad=np.pi / 2)), Camera(3.0, 0.0, 0.8, np.pi, 0.0, aspect=1.0))
    check_near = values(AngleMeter(BODY, view="side"), points)
    for name, value in {"knee_flexion": 90, "hip_flexion": 80}.items():
        assert all(check_near[side + name] == pytest.approx(value, abs=4.0) for side in SIDES)
    assert check_near["trunk_lean"] == pytest.approx(30.0, abs=4.0)


@pytest.mark.parametrize(("yaw_deg", "reads"), [(90.0, 90.0), (70.0, 86.4), (45.0, 70.5)])
def test_a_plane_turned_out_of_the_image_makes_a_right_angle_small(yaw_deg: float, reads: float) -> None:
    found = values(AngleMeter(BODY, view="side"), seen(bent({"knee_flexion": 90, "hip_flexion": 45}), yaw_deg))
    assert found["left_knee_flexion"] == pytest.approx(reads, abs=0.1)


def test_frames_one_by_one_give_what_they_give_together_and_a_turned_head_keeps_its_side() -> None:
    motion = bent({"shoulder_flexion": 60}, count=12)
    motion.angles_rad[4:, JOINT_ANGLES.index("neck_twist")] = np.pi / 2
    motion.angles_rad[4:, JOINT_ANGLES.index("left_knee_flexion")] = np.radians(-10.0)  # looks bent the other way
    points = seen(motion, -90.0)
    together = AngleMeter(BODY, view="side").measure(points, full(points))
    meter = AngleMeter(BODY, view="side")
    one_by_one = np.concatenate([meter.measure(frame[None], np.ones((1, len(BODY_JOINTS)))).deg for frame in points])
    np.testing.assert_allclose(over_time(together, "left_shoulder_flexion"), 60.0, atol=1.0)
    np.testing.assert_array_equal(one_by_one, together.deg)
    meter.reset()
    assert np.isnan(over_time(meter.measure(points[5:6], np.ones((1, len(BODY_JOINTS)))), "left_shoulder_flexion")).all()


@pytest.mark.parametrize("ear", ["left_ear", "right_ear"])
def test_one_ear_is_enough_to_tell_where_someone_looks(ear: str) -> None:
    points = seen(bent({"shoulder_flexion": 60}), 90.0)
    confidence = full(points)
    confidence[:, BODY.joints.index(ear)] = 0.0
    found = AngleMeter(BODY, view="side").measure(points, confidence)
    assert over_time(found, "left_shoulder_flexion") == pytest.approx(60.0, abs=1.0)


def test_what_is_not_seen_is_not_measured() -> None:
    points = seen(bent({"knee_flexion": 30}), 90.0)
    confidence = full(points)
    confidence[:, BODY.joints.index("left_ankle")] = 0.2
    angles = AngleMeter(BODY, view="side").measure(points, confidence)
    at = angles.names.index("left_knee_flexion")
    assert np.isnan(angles.deg[0, at]) and np.isnan(angles.error_deg[0, at]) and angles.confidence[0, at] == 0.0
    assert over_time(angles, "right_knee_flexion") == pytest.approx(30.0) and over_time(
        angles, "left_hip_flexion"
    ) == pytest.approx(0.0, abs=1.0)
    assert np.isnan(over_time(angles, "left_shoulder_abduction")).all(), "not from the side"


def test_a_layout_without_feet_measures_no_ankle() -> None:
    assert AngleMeter(OPENPOSE_18).not_measured == ("left_ankle_dorsiflexion", "right_ankle_dorsiflexion")


def test_the_error_is_that_of_joints_that_err() -> None:
    rng = np.random.default_rng(2)
    confidence = np.full((4000, len(BODY_JOINTS)), 0.9)
    still = seen(bent({"knee_flexion": 60, "shoulder_flexion": 70, "elbow_flexion": 20}, count=4000), 90.0)
    trunk = TOGETHER * float(joint_error(np.array(0.9))) * BodyShape().trunk_m
    shaken = AngleMeter(BODY, view="side").measure(still + trunk * rng.normal(size=still.shape), confidence)
    exact = AngleMeter(BODY, view="side").measure(still, confidence)
    for name in ("left_knee_flexion", "left_hip_flexion", "left_shoulder_flexion", "trunk_lean", "left_ankle_dorsiflexion"):
        at = exact.names.index(name)
        spread = float(np.nanstd(np.radians(shaken.deg[:, at])))
        assert np.degrees(spread) == pytest.approx(exact.error_deg[0, at], rel=0.15), name


def test_a_table_for_hands_needs_no_code(tmp_path: Path) -> None:
    path = tmp_path / "hand.yaml"
    path.write_text(
        "index_flexion: {joints: [wrist, index_mcp, index_pip], plane: own, sign: -1, offset_deg: 180, views: [side],"
        " zero: finger straight, positive: towards the palm}\n"
    )
    points = np.zeros((1, 21, 2))
    points[0, HAND_21.index("index_mcp")], points[0, HAND_21.index("index_pip")] = (0.0, -1.0), (1.0, -2.0)
    assert AngleMeter(HAND_21, load_angles(path)).measure(points, np.ones((1, 21))).deg == pytest.approx(45.0)


ENTRY = {"joints": ["hip", "knee", "ankle"], "plane": "own", "views": ["side"], "zero": "straight", "positive": "bent"}


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"joints": ["hip", "kne", "ankle"]}, ":4: knee_flexion.joints.1: 'kne' is not one of: .*knee"),
        ({"joints": ["hip", "knee"]}, ":2: knee_flexion.joints: give 3 joints, got 2"),
        ({"joints": ["hip", "knee", "hip"]}, ":2: knee_flexion.joints: hip, knee, hip: an angle lies between different joints"),
        ({"joints": "hip"}, ":2: knee_flexion.joints: should be a list, got 'hip'"),
        ({"segments": [["hip", "knee"], ["knee", "ankle"]]}, ":1: knee_flexion: give one of joints and segments"),
        ({"joints": [], "segments": [["hip", "knee"], "up"]}, ":1: knee_flexion: segments: give two of"),
        ({"joints": [], "segments": ["down", ["hip", "knee"]]}, "knee_flexion.segments.0: should be a list, got 'down'"),
        ({"plane": "sagital"}, ":6: knee_flexion.plane: should be 'own', 'sagittal' or 'frontal', got 'sagital'"),
        ({"views": ["oblique"]}, ":9: knee_flexion.views.0: should be 'front' or 'side', got 'oblique'"),
        ({"views": []}, ":8: knee_flexion.views: is empty"),
        ({"in_space": "side"}, ":2: knee_flexion.in_space: should be a list, got 'side'"),
        ({"in_space": ["back"]}, ":3: knee_flexion.in_space.0: should be 'front', 'oblique' or 'side', got 'back'"),
        ({"sign": 2}, ":8: knee_flexion.sign: should be 1 or -1, got 2"),
        ({"sign": True}, ":8: knee_flexion: sign should be a number, got True"),
        ({"offset_deg": "ninety"}, ":6: knee_flexion: offset_deg should be a number, got 'ninety'"),
        ({"offset_deg": 361}, ":6: knee_flexion.offset_deg: should be less than or equal to 360, got 361"),
        ({"zero": None}, ":10: knee_flexion.zero: should be a valid string, got nothing"),
        ({"joint": ["hip"]}, ":2: knee_flexion: 'joint' is not one of: joints"),
        ({"joints": ["hip", "knee", "index_tip"]}, ":1: knee_flexion: .* not all of the body, nor all of one hand"),
    ],
)
def test_a_table_that_makes_no_sense_is_refused(tmp_path: Path, change: dict[str, object], message: str) -> None:
    path = tmp_path / "table.yaml"
    path.write_text(yaml.safe_dump({"knee_flexion": {**ENTRY, **change}}))
    with pytest.raises(ConfigError, match=f"table.yaml.*{message}"):
        load_angles(path)


def test_a_file_that_is_no_table_and_points_that_do_not_fit_are_refused(tmp_path: Path) -> None:
    (tmp_path / "empty.yaml").write_text("")
    with pytest.raises(ConfigError, match="empty.yaml:1: needs keys with values"):
        load_angles(tmp_path / "empty.yaml")
    with pytest.raises(ConfigError, match="gone.yaml: cannot be read"):
        load_angles(tmp_path / "gone.yaml")
    with pytest.raises(ConfigError, match="'oblique' is not one of: front, side"):
        AngleMeter(BODY, view="oblique")
    with pytest.raises(InputError, match="layout openpose_18"):
        AngleMeter(OPENPOSE_18).measure(np.zeros((1, 17, 2)), np.zeros((1, 17)))
