"""Distances by value: a body is posed, seen or put into space, and the distances are read back."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from physio_core.errors import ConfigError, InputError
from physio_core.motion.kinematics import BODY_JOINTS, JOINT_ANGLES, BodyShape, Motion, positions
from physio_core.skeleton.layouts import HAND_21, OPENPOSE_18, Layout
from physio_core.skeleton.measure_table import load_measures
from physio_core.skeleton.measures import MeasureMeter

BODY = Layout("body", tuple(joint.replace("_toe", "_foot_index") for joint in BODY_JOINTS), (), "neck")
SHAPE = BodyShape()
UP = (0.0, 0.0, 1.0)
TRUNK_CM = 100.0 * SHAPE.trunk_m


def body(yaw_deg: float = 0.0, pitch_deg: float = 0.0, **turned_deg: float) -> np.ndarray:
    """Joints (1, V, 3) [m] of someone who bends joints by so much."""
    motion = Motion(np.zeros((1, len(JOINT_ANGLES))), np.array([[0.0, 0.0, 1.0]]), np.array([[0.0, np.radians(pitch_deg), 0.0]]))
    for name, value in turned_deg.items():
        motion.angles_rad[0, JOINT_ANGLES.index(name)] = np.radians(value)
    return positions(SHAPE, motion.placed(yaw_rad=np.radians(yaw_deg)))


def seen(points: np.ndarray, scale: float = 0.4) -> np.ndarray:
    """As a camera far ahead on x sees them, in image heights."""
    return scale * np.stack([points[..., 1], -points[..., 2]], axis=-1)


def measured(meter: MeasureMeter, points: np.ndarray, up: tuple[float, ...] | None = None) -> dict[str, float]:
    return dict(zip(meter.names, meter.measure(points, np.ones(points.shape[:2]), up).cm[-1], strict=True))


def at(points: np.ndarray, joint: str) -> np.ndarray:
    return np.asarray(points[0, BODY.index(joint)])


def test_a_knee_ahead_of_the_toes_is_told_in_centimetres_from_either_side():
    pose = body(left_hip_flexion=70, left_knee_flexion=75, right_hip_flexion=70, right_knee_flexion=75)
    truth = 100.0 * (at(pose, "left_knee") - at(pose, "left_foot_index"))[0]
    meter = MeasureMeter(BODY, view="side", trunk_cm=TRUNK_CM)
    for yaw_deg in (90.0, -90.0):
        turned = body(yaw_deg, left_hip_flexion=70, left_knee_flexion=75, right_hip_flexion=70, right_knee_flexion=75)
        meter.reset()
        assert measured(meter, seen(turned))["left_knee_past_toe"] == pytest.approx(truth, abs=0.2)
    in_space = MeasureMeter(BODY, trunk_cm=None)
    assert measured(in_space, body(33.0, left_hip_flexion=70, left_knee_flexion=75), UP)["left_knee_past_toe"] == pytest.approx(
        truth, abs=0.2
    )


@pytest.mark.parametrize("side", ["left", "right"])
def test_a_knee_inside_of_the_line_from_hip_to_ankle_is_positive_on_both_sides(side: str):
    pose = body(**{f"{side}_hip_rotation": -90.0, f"{side}_knee_flexion": 20.0})
    found = measured(MeasureMeter(BODY, view="front", trunk_cm=TRUNK_CM), seen(pose))
    hip, knee, ankle = (at(pose, f"{side}_{joint}")[1:] for joint in ("hip", "knee", "ankle"))
    along = (ankle - hip) / np.linalg.norm(ankle - hip)
    truth = 100.0 * np.linalg.norm(knee - hip - along * ((knee - hip) @ along))
    assert truth > 3.0 and found[f"{side}_knee_inward"] == pytest.approx(truth, abs=0.2)
    assert np.isnan(found[f"{side}_knee_past_toe"]), "the front does not show it"


def test_hips_below_the_line_from_shoulder_to_ankle_sag_and_above_it_are_negative():
    meter = MeasureMeter(BODY, view="side", trunk_cm=TRUNK_CM)
    for bend_deg in (20.0, -20.0):  # face down, hips bent backwards: they hang
        plank = body(90.0, 90.0, left_hip_flexion=-bend_deg, right_hip_flexion=-bend_deg)
        found = measured(meter, seen(plank))["left_hips_sag"]
        assert np.sign(found) == np.sign(bend_deg) and 5.0 < abs(found) < 12.0


def test_what_is_raised_is_told_by_the_other_hand_the_ear_and_the_floor():
    found = measured(
        MeasureMeter(BODY, view="front", trunk_cm=TRUNK_CM),
        seen(body(left_shoulder_abduction=90, right_shoulder_abduction=60, left_clavicle_elevation=15)),
    )
    assert found["wrist_difference"] > 20.0
    assert found["left_shoulder_height"] - found["right_shoulder_height"] > 3.0
    on_toes = measured(MeasureMeter(BODY, view="side", trunk_cm=TRUNK_CM), seen(body(90.0, left_ankle_flexion=-30.0)))
    assert on_toes["left_heel_height"] > 8.0 and abs(on_toes["right_heel_height"]) < 1.0


def test_the_size_comes_from_bones_that_are_not_foreshortened_and_distances_without_direction_from_any_view():
    raised = body(0.0, left_hip_abduction=60.0)
    front = measured(MeasureMeter(BODY, view="front", trunk_cm=TRUNK_CM), seen(raised))
    truth = 100.0 * abs(at(raised, "left_ankle") - at(raised, "pelvis"))[1]
    assert front["left_foot_reach"] == pytest.approx(truth, rel=0.05) and front["left_foot_reach"] > 60.0
    bowed = body(0.0, 80.0, left_hip_flexion=80, right_hip_flexion=80)
    oblique = measured(MeasureMeter(BODY, view="oblique", trunk_cm=TRUNK_CM), seen(bowed))
    assert oblique["left_hip_height"] == pytest.approx(100.0 * (at(bowed, "left_hip") - at(bowed, "left_ankle"))[2], rel=0.05)
    assert np.isnan(oblique["left_knee_inward"])


def test_frames_may_come_one_by_one_and_bending_to_the_camera_does_not_shrink_the_ruler():
    poses = np.concatenate(
        [seen(body(0.0, pitch, left_hip_flexion=pitch, right_hip_flexion=pitch)) for pitch in (0.0, 30.0, 60.0)]
    )
    together = MeasureMeter(BODY, view="front").measure(poses, np.ones(poses.shape[:2]))
    meter = MeasureMeter(BODY, view="front")
    single = [meter.measure(pose[None], np.ones((1, len(BODY.joints)))).cm[0] for pose in poses]
    np.testing.assert_array_equal(together.cm, np.array(single))
    feet = together.cm[:, together.names.index("feet_apart")]
    assert feet[2] == pytest.approx(feet[0], rel=0.01)


def test_a_less_sure_joint_makes_a_distance_less_sure_and_a_hidden_one_leaves_it_out():
    pose = seen(body())
    sure = np.ones((1, len(BODY.joints)))
    best = MeasureMeter(BODY, view="front").measure(pose, sure)
    sure[0, BODY.index("left_wrist")] = 0.6
    less = MeasureMeter(BODY, view="front").measure(pose, sure)
    index = best.names.index("wrist_difference")
    assert less.error_cm[0, index] > best.error_cm[0, index] > 2.0
    sure[0, BODY.index("left_wrist")] = 0.2
    assert np.isnan(MeasureMeter(BODY, view="front").measure(pose, sure).cm[0, index])
    assert "left_knee_past_toe" in MeasureMeter(OPENPOSE_18).not_measured


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ("axis: inward", "axis"),
        ("to: tail", "'tail' is not one of"),
        ("to: hip", "different joints"),
        ("from: [hip, knee, ankle]", "from"),
        ("views: [back]", "views"),
        ("colour: red", "'colour' is not one of"),
    ],
)
def test_a_mistake_in_the_table_is_told_with_its_file(tmp_path: Path, change: str, told: str):
    good = {"from": "hip", "to": "knee", "axis": "up", "views": "[side]", "zero": "level", "positive": "up"}
    key, value = change.split(": ")
    file = tmp_path / "body.yaml"
    file.write_text("knee_height:\n" + "".join(f"  {name}: {text}\n" for name, text in {**good, key: value}.items()))
    with pytest.raises(ConfigError, match=told) as error:
        load_measures(file)
    assert str(file) in str(error.value)


def test_refuses_an_unknown_view_and_points_of_another_layout():
    with pytest.raises(ConfigError, match="above"):
        MeasureMeter(BODY, view="above")
    with pytest.raises(InputError, match="layout body"):
        MeasureMeter(BODY).measure(np.zeros((1, len(HAND_21.joints), 2)), np.ones((1, len(HAND_21.joints))))
