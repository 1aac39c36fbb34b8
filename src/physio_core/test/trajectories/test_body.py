"""A hand before one camera: read where it is and shown where it is seen, wherever the camera stands and however it looks up."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from physio_core.motion.projection import Camera, project
from physio_core.skeleton.layouts import BODY_25
from physio_core.skeleton.stream import JointFrame
from physio_core.trajectories.body import TRUNK_M, ArmReader, viewpoint
from physio_core.trajectories.sight import FOCAL_HEIGHTS, image_of, sight_lines
from physio_core.types import Skeleton, Tracking

FOV_DEG = float(np.degrees(2.0 * np.arctan(0.5 * 4.0 / 3.0 / FOCAL_HEIGHTS)))
CAMERAS = [replace(one, fov_deg=FOV_DEG) for one in (Camera(), Camera(height_m=0.9, pitch_rad=0.0), Camera(pitch_rad=-0.3))]
SHOULDER_M = np.array([0.0, 0.2, 1.4])


def seen(hand_m, camera):
    """Points (25, 2) in shares of the image, of a body whose left hand is there from its shoulder [m]."""
    joints = np.full((25, 3), [0.0, 0.0, 1.0])
    at = {
        "neck": [0.0, 0.0, 1.4],
        "spine_base": [0.0, 0.0, 1.4 - TRUNK_M],
        "left_shoulder": SHOULDER_M,
        "right_shoulder": [0.0, -0.2, 1.4],
    }
    for joint, place in (*at.items(), ("left_elbow", SHOULDER_M + 0.5 * hand_m), ("left_wrist", SHOULDER_M + hand_m)):
        joints[BODY_25.index(joint)] = place
    return project(joints, camera)[0]


@pytest.mark.parametrize("camera", CAMERAS)
@pytest.mark.parametrize("hand_m", [(0.4, 0.1, 0.2), (0.3, -0.2, -0.1), (0.0, 0.3, 0.4)])
def test_a_hand_as_far_ahead_as_it_is_taken_to_be_is_read_where_it_is(camera, hand_m):
    points = (seen(np.array(hand_m), camera) * (camera.aspect, 1.0)).astype(np.float32)
    frame = JointFrame(0.0, points, np.ones(25, np.float32), np.zeros((25, 3), np.float32))
    read = ArmReader(BODY_25, "left", -camera.pitch_rad).read(frame, camera.aspect, hand_m[0])
    assert read.hand_m == pytest.approx(hand_m, abs=1e-4)


@pytest.mark.parametrize("camera", CAMERAS)
def test_a_star_hangs_where_a_hand_that_lights_it_is_seen(camera):
    star_m = np.array([0.35, 0.15, 0.2])
    points = seen(star_m, camera)
    skeleton = Skeleton(
        0.0, Tracking.TRACKED, BODY_25.name, np.column_stack([points, np.zeros(25)]).astype(np.float32), np.ones(25), "", 640, 480
    )
    shown = viewpoint(skeleton, "left", -camera.pitch_rad).image_of(star_m[None])[0]
    wrist = points[BODY_25.index("left_wrist")] * (4.0 / 3.0, 1.0) - (2.0 / 3.0, 0.5)
    assert shown == pytest.approx(wrist, abs=1e-4)


def test_a_line_of_sight_ends_in_the_point_that_it_comes_from():
    points = np.random.default_rng(0).uniform(-0.5, 0.5, (20, 2))
    assert image_of(sight_lines(points, 0.25) * 3.0, 0.25) == pytest.approx(points)
