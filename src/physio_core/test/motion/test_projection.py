"""The pinhole camera: right is right, down is down, far is small."""

import numpy as np
import pytest

from physio_core.motion.kinematics import BODY_JOINTS, BodyShape, positions
from physio_core.motion.movements import EXERCISES
from physio_core.motion.projection import Camera, project, to_openpose_18
from physio_core.motion.style import Style
from physio_core.skeleton.layouts import OPENPOSE_18


def person() -> np.ndarray:
    shape = BodyShape()
    return positions(shape, EXERCISES["squat"].motion(np.array([0.0]), Style(sway=0.0), shape))


def test_aimed_point_is_the_middle_of_the_image() -> None:
    camera = Camera.looking_at(2.0, 1.0, 0.4, np.array([0.0, 0.0, 1.0]), 60.0, 4 / 3)
    points, depth = project(np.array([[0.0, 0.0, 1.0]]), camera)
    assert points[0] == pytest.approx([0.5, 0.5])
    assert depth[0] == pytest.approx(np.sqrt(4 + 1 + 0.36))


def test_person_who_faces_the_camera_has_the_left_hand_right_in_the_image_and_the_head_on_top() -> None:
    points = to_openpose_18(project(person(), Camera())[0])[0]
    left, right, nose, ankle = (points[OPENPOSE_18.index(joint)] for joint in ("left_wrist", "right_wrist", "nose", "left_ankle"))
    assert left[0] > 0.5 > right[0]
    assert 0.0 < nose[1] < ankle[1] < 1.0


def test_width_of_view_is_the_angle_of_view() -> None:
    camera = Camera(x_m=0.0, y_m=0.0, height_m=0.0, yaw_rad=0.0, pitch_rad=0.0, fov_deg=90.0, aspect=2.0)
    points, _ = project(np.array([[1.0, -1.0, 0.0], [1.0, 0.0, -0.5]]), camera)
    assert points[0] == pytest.approx([1.0, 0.5])
    assert points[1] == pytest.approx([0.5, 1.0])


def test_points_behind_the_camera_have_no_positive_depth_and_stay_finite() -> None:
    points, depth = project(np.array([[5.0, 0.0, 1.0]]), Camera())
    assert depth[0] <= 0 and np.isfinite(points).all()


def test_neck_is_the_middle_of_the_shoulders() -> None:
    shape = BodyShape()
    points = to_openpose_18(positions(shape, EXERCISES["pull_up"].motion(np.array([0.0]), Style(), shape)))[0]
    shoulders = points[[OPENPOSE_18.index("left_shoulder"), OPENPOSE_18.index("right_shoulder")]]
    assert points[OPENPOSE_18.index("neck")] == pytest.approx(shoulders.mean(axis=0))


def test_openpose_order_matches_names() -> None:
    numbered = np.arange(len(BODY_JOINTS), dtype=float)[:, None]
    names = [BODY_JOINTS[int(value)] for value in to_openpose_18(numbered)[:, 0]]
    neck = OPENPOSE_18.index("neck")
    assert [*names[:neck], *names[neck + 1 :]] == [joint for joint in OPENPOSE_18.joints if joint != "neck"]


def test_random_cameras_look_at_the_person_from_all_round() -> None:
    rng = np.random.default_rng(0)
    cameras = [Camera.random(rng) for _ in range(200)]
    assert all(0.2 <= camera.height_m <= 2.0 and 45 <= camera.fov_deg <= 75 for camera in cameras)
    around = np.arctan2([camera.y_m for camera in cameras], [camera.x_m for camera in cameras])
    assert np.ptp(around) > 5.5
    assert all(abs(project(np.array([[0.0, 0.0, 0.9]]), camera)[0][0, 0] - 0.5) < 0.3 for camera in cameras)
