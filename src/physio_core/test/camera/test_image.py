"""The skeleton drawn on an image."""

from __future__ import annotations

import numpy as np

from physio_core.camera.image import draw_skeleton
from physio_core.skeleton.colours import LEFT_RGB, RIGHT_RGB
from physio_core.skeleton.layouts import OPENPOSE_18
from physio_core.types import Skeleton, Tracking

GREY = np.full((480, 640, 3), 90, np.uint8)


def skeleton(confidence=1.0):
    points = np.zeros((18, 3), np.float32)
    points[:, :2] = np.random.default_rng(0).uniform(0.1, 0.9, (18, 2))
    return Skeleton(0.0, Tracking.TRACKED, "openpose_18", points, np.full(18, confidence, np.float32))


def colour_at(image, joint):
    x, y = skeleton().points[OPENPOSE_18.index(joint), :2] * (640, 480)
    return tuple(image[round(float(y)), round(float(x))])


def test_left_and_right_have_their_own_colours_at_their_places():
    image = draw_skeleton(GREY, skeleton())
    assert colour_at(image, "left_ankle") == LEFT_RGB
    assert colour_at(image, "right_ankle") == RIGHT_RGB


def test_the_given_picture_stays_as_it_was():
    draw_skeleton(GREY, skeleton())
    assert (GREY == 90).all()


def test_nothing_is_drawn_of_nobody_or_of_unsure_joints():
    assert (draw_skeleton(GREY, Skeleton(0.0, Tracking.NOBODY)) == GREY).all()
    assert (draw_skeleton(GREY, skeleton(confidence=0.1)) == GREY).all()


def test_joints_far_outside_the_picture_are_no_trouble():
    far = skeleton()
    far.points[:, :2] = 1e12
    assert draw_skeleton(GREY, far).shape == GREY.shape
