"""Where the movement is to go: an arc at the joint that bends, a line at a height, and nothing where it is not seen."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from physio_core.exercises.definition import RepetitionDefinition, Signal
from physio_core.screen.aim import Aim, ArcMark, LineMark, Sight, aim_of, marks
from physio_core.skeleton.layouts import OPENPOSE_18
from physio_core.skeleton.measures import TRUNK_CM
from physio_core.types import Side, Skeleton, Tracking

IMAGE = (0.0, 0.0, 400.0, 400.0)
ELBOW = Aim(Signal(angle="elbow_flexion", rest=10.0, target=130.0), (Side.LEFT,))
HIPS = Aim(Signal(measure="hip_height", rest=73.0, target=37.0), (Side.LEFT, Side.RIGHT))
TRUNK = 0.3
"""Length of the trunk as a share of the image."""


def person(flexion_deg: float = 0.0, hip_cm: float = 75.0) -> Skeleton:
    """Someone whose left elbow is bent by so much, and whose hips are so high above the ankles."""
    bend = math.radians(flexion_deg)
    hip = 0.9 - hip_cm / TRUNK_CM * TRUNK
    at = {"left_shoulder": (0.6, 0.3), "left_elbow": (0.6, 0.48)}
    at["left_wrist"] = (0.6 + 0.15 * math.sin(bend), 0.48 + 0.15 * math.cos(bend))
    for side, x in (("left", 0.55), ("right", 0.45)):
        at |= {f"{side}_hip": (x, hip), f"{side}_knee": (x, (hip + 0.9) / 2), f"{side}_ankle": (x, 0.9)}
    at |= {"right_shoulder": (0.4, 0.3), "neck": (0.5, hip - TRUNK), "nose": (0.5, 0.1)}
    points, confidence = np.zeros((18, 3), np.float32), np.zeros(18, np.float32)
    for joint, place in at.items():
        points[OPENPOSE_18.index(joint), :2], confidence[OPENPOSE_18.index(joint)] = place, 0.9
    return Skeleton(0.0, Tracking.TRACKED, points=points, confidence=confidence, width_px=400, height_px=400)


def seen(*skeletons: Skeleton):
    sight = Sight()
    for skeleton in skeletons:
        sight.update(skeleton)
    return sight.seen


@pytest.mark.parametrize(("flexion_deg", "reached"), [(40.0, False), (100.0, False), (135.0, True)])
def test_an_arc_leads_from_rest_to_the_target_and_shows_the_angle_now(flexion_deg, reached):
    (arc,) = marks(ELBOW, seen(person(flexion_deg)), IMAGE)
    assert isinstance(arc, ArcMark)
    assert arc.centre_px == pytest.approx((400 * 0.4, 400 * 0.48))  # as in a mirror
    share = (arc.now_rad - arc.rest_rad) / (arc.target_rad - arc.rest_rad)
    assert share == pytest.approx((flexion_deg - 10.0) / 120.0, abs=1e-3)
    assert arc.reached == reached
    hand = math.atan2(0.15 * math.cos(math.radians(flexion_deg)), -0.15 * math.sin(math.radians(flexion_deg)))
    assert math.cos(arc.now_rad - hand) == pytest.approx(1.0)


def test_less_is_aimed_at_where_less_is_asked_for():
    whole, half = (marks(replace(ELBOW, extent=extent), seen(person(80.0)), IMAGE)[0] for extent in (1.0, 0.5))
    assert half.reached and not whole.reached
    assert abs(half.target_rad - half.rest_rad) == pytest.approx(abs(whole.target_rad - whole.rest_rad) / 2)


def test_a_limb_that_is_straight_has_an_arc_once_it_is_known_which_way_it_bends():
    assert marks(ELBOW, seen(person(2.0)), IMAGE) == ()
    (bent,), (straight,) = (marks(ELBOW, seen(person(60.0), person(now)), IMAGE) for now in (60.0, 2.0))
    assert straight.target_rad == pytest.approx(bent.target_rad)


@pytest.mark.parametrize(("hip_cm", "reached"), [(75.0, False), (50.0, False), (37.0, True), (30.0, True)])
def test_a_height_is_a_line_at_its_place_in_the_image(hip_cm, reached):
    (line,) = marks(HIPS, seen(person(hip_cm=hip_cm)), IMAGE)
    assert isinstance(line, LineMark)
    assert line.target_px == pytest.approx(400 * (0.9 - 37.0 / TRUNK_CM * TRUNK), rel=0.05)
    assert sorted(x for x, _ in line.joints_px) == pytest.approx([180.0, 220.0])
    assert line.reached == reached


def test_nothing_is_drawn_where_a_joint_is_not_seen():
    hidden = person(60.0)
    for joint in ("left_wrist", "left_hip", "right_hip"):
        hidden.confidence[OPENPOSE_18.index(joint)] = 0.1
    assert marks(ELBOW, seen(hidden), IMAGE) == marks(HIPS, seen(hidden), IMAGE) == ()
    for nobody in (Skeleton(0.0, Tracking.NOBODY), replace(person(), layout="no_such")):
        assert marks(HIPS, seen(nobody), IMAGE) == ()
    assert marks(None, seen(person(60.0)), IMAGE) == ()


def test_every_exercise_with_a_height_or_an_angle_of_the_image_is_aimed_at(english):
    for exercise in english.catalogue.values():
        definition = exercise.repetition
        if definition and exercise.name != "trunk_rotation":  # how far apart shoulders look has no place in the image
            assert aim_of(definition, Side.NONE, 1.0), exercise.name
    assert aim_of(RepetitionDefinition(signals=(Signal(measure="shoulders_apart", rest=36, target=27),)), Side.NONE, 1.0) is None
