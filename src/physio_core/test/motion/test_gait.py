"""Walking: the standing foot does not slide, and the path is kept."""

import numpy as np
import pytest

from physio_core.motion.gait import oval, straight, walk
from physio_core.motion.kinematics import BODY_JOINTS, BodyShape, positions

SHAPE = BodyShape()
TOE = BODY_JOINTS.index("left_toe")


def test_standing_foot_does_not_slide() -> None:
    path, length = straight(np.array([-2.0, 0.0]), np.array([2.0, 1.0]))
    toe = positions(SHAPE, walk(SHAPE, np.linspace(0.0, length, 400), path).motion)[:, TOE]
    speed = np.linalg.norm(np.diff(toe[:, :2], axis=0), axis=-1)
    assert np.mean(speed < 1e-3) > 0.5


def test_straight_path_faces_its_end() -> None:
    path, length = straight(np.array([0.0, 0.0]), np.array([0.0, 2.0]))
    assert length == pytest.approx(2.0)
    assert path(np.array([1.0]))[0] == pytest.approx([0.0, 1.0, np.pi / 2])


def test_oval_closes_and_its_heading_follows_it() -> None:
    path, length = oval(3.0, 1.0, 0.3)
    along = np.linspace(0.0, 2 * length, 2000)
    points = path(along)
    assert np.allclose(points[0, :2], points[-1, :2], atol=1e-2)
    way = np.diff(points[:, :2], axis=0)
    heading = np.stack([np.cos(points[:-1, 2]), np.sin(points[:-1, 2])], axis=1)
    assert np.sum(way * heading, axis=1).min() > 0.99 * np.linalg.norm(way, axis=1).min()
    assert points[-1, 2] - points[0, 2] == pytest.approx(4 * np.pi, abs=0.02)
