"""The patient fills her panel, steadily, and the example faces as her mirror image does."""

from __future__ import annotations

import math

import numpy as np
import pytest

from physio_core.screen.aim import Sight, aim_of, marked, marks
from physio_core.screen.drawing.marks import RIM, lines_of
from physio_core.screen.framing import Framing, shown_rect
from physio_core.screen.layout import Crop, Rect
from physio_core.screen.skeleton import bones
from physio_core.types import Side, Skeleton, Tracking
from physio_tools.screen.rehearsal import sample_skeleton

PANEL = Rect(0, 0, 480, 270)


def extent(skeleton: Skeleton, crop: Crop | None) -> np.ndarray:
    strokes = bones(skeleton, shown_rect(PANEL, (640, 480), crop, fill=False), 6.0)
    ends = np.array([end for bone in strokes for end in (bone.a_px, bone.b_px)])
    return ends.max(axis=0) - ends.min(axis=0)


def small(skeleton: Skeleton, factor: float) -> Skeleton:
    points = skeleton.points.copy()
    points[:, :2] = 0.4 + (points[:, :2] - 0.5) * factor
    return Skeleton(0.0, Tracking.TRACKED, points=points, confidence=skeleton.confidence, width_px=640, height_px=480)


@pytest.mark.parametrize("factor", [1.0, 0.7, 0.5])
def test_near_or_far_the_patient_is_as_large_as_the_example(factor):
    skeleton, framing = small(sample_skeleton(), factor), Framing()
    framing.update(skeleton, 0.0)
    assert extent(skeleton, framing.crop)[1] > 0.75 * PANEL.height


def test_a_squat_is_no_zoom():
    framing = Framing()
    standing, low = (sample_skeleton("squat", time_s) for time_s in (0.0, 1.5))
    for step in range(300):
        framing.update(low if step // 30 % 2 else standing, step / 15)
    up, down = extent(standing, framing.crop)[1], extent(low, framing.crop)[1]
    assert up > 1.15 * down
    before = framing.crop
    framing.update(low, 20.1)
    assert np.allclose(before, framing.crop, atol=0.01)


def test_whoever_moves_out_of_the_part_shown_is_in_it_again_at_once():
    framing, skeleton = Framing(), small(sample_skeleton(), 0.5)
    framing.update(skeleton, 0.0)
    moved = Skeleton(0.0, Tracking.TRACKED, points=skeleton.points + np.float32(0.2), confidence=skeleton.confidence)
    for step in range(10):
        framing.update(moved, 0.07 * (step + 1))
    assert framing.crop.right > moved.points[:, 0].max()


def test_the_example_faces_as_the_mirror_image_does_and_stays_when_unsure():
    framing, skeleton = Framing(), sample_skeleton()
    nose, neck = skeleton.points[0, 0], skeleton.points[1, 0]
    framing.update(skeleton, 0.0)
    assert framing.faces_left == (nose > neck)
    turned = Skeleton(0.0, Tracking.TRACKED, points=skeleton.points.copy(), confidence=skeleton.confidence)
    turned.points[:, 0] = 1 - turned.points[:, 0]
    framing.update(turned, 0.1)
    assert framing.faces_left == (nose < neck)
    turned.points[0, 0] = turned.points[1, 0]
    framing.update(turned, 0.2)
    assert framing.faces_left == (nose < neck)


@pytest.mark.parametrize("crop", [None, Crop(0.1, 0.2, 0.3, 0.9), Crop(0.0, 0.6, 1.0, 0.9), Crop(-0.2, -0.2, 1.2, 1.3)])
@pytest.mark.parametrize("panel", [PANEL, Rect(10, 20, 200, 400)])
def test_a_camera_picture_leaves_no_dark_bars(crop, panel):
    left, top, width, height = shown_rect(panel, (640, 480), crop, fill=True)
    assert left <= panel.x + 1e-6
    assert top <= panel.y + 1e-6
    assert left + width >= panel.right - 1e-6
    assert top + height >= panel.bottom - 1e-6
    assert width / height == pytest.approx(640 / 480)


@pytest.mark.parametrize("name", ["squat", "jumping_jack", "shoulder_abduction", "seated_shoulder_flexion"])
def test_where_the_movement_is_to_go_is_in_the_picture(english, name):
    """An arm that hangs down is aimed far above the head."""
    exercise, framing, sight = english.catalogue[name], Framing(), Sight()
    aim, limb_px, since_s = aim_of(exercise.repetition, Side.NONE, 1.0), PANEL.height / 36, math.inf
    for now_s in np.arange(0.0, 3.0, 0.05).tolist():
        skeleton = sample_skeleton(name, now_s, view=exercise.view)
        sight.update(skeleton)
        framing.update(skeleton, now_s, marked(aim, sight.seen, 640 / 480))
        shown = shown_rect(PANEL, (640, 480), framing.crop, fill=False)
        lines = [line for mark in marks(aim, sight.seen, shown) for line in lines_of(mark, limb_px)]
        since_s = min(since_s, now_s) if lines else since_s
        if now_s - since_s < 0.6:
            continue  # the picture grows to hold it
        for start, end, wide, _ in lines:
            reach = wide + RIM * limb_px
            for x, y in (start, end):
                assert reach <= x <= PANEL.width - reach and reach <= y <= PANEL.height - reach, now_s
    assert now_s - since_s > 1.0


def test_a_mark_that_cannot_be_in_the_picture_moves_nothing():
    framing, skeleton = Framing(), sample_skeleton()
    framing.update(skeleton, 0.0)
    before = framing.crop
    framing.update(skeleton, 0.1, [(0.5, -40.0), (float("nan"), 0.5)])
    assert framing.crop == before


@pytest.mark.parametrize("status", [Tracking.NOBODY, Tracking.SOMEBODY_ELSE])
def test_only_the_patient_is_followed(status):
    framing = Framing()
    framing.update(Skeleton(0.0, status), 0.0)
    assert framing.crop is None
