"""A joint counts once it was seen for a moment, on either side, inside the image; a short gap does not lose it."""

from __future__ import annotations

import numpy as np
import pytest

from physio_core.judging.gate import GateConfig, SetupGate
from physio_core.skeleton.layouts import OPENPOSE_18
from physio_core.types import Skeleton, Tracking

SQUAT = ("shoulder", "hip", "knee", "ankle")
STEP_S = 0.1


class View:
    """A person in front of a camera of 10 Hz."""

    def __init__(self, needs=SQUAT, **config: float) -> None:
        self.gate, self.now_s = SetupGate(needs, GateConfig(**config)), 50.0

    def see(self, seconds: float, *hidden: str, below: tuple[str, ...] = (), status=Tracking.TRACKED, layout="openpose_18"):
        for _ in range(round(seconds / STEP_S)):
            self.now_s += STEP_S
            points = np.full((18, 3), 0.5, np.float32)
            points[[OPENPOSE_18.index(joint) for joint in below], 1] = 1.1
            confidence = np.array([0.1 if joint in hidden else 0.9 for joint in OPENPOSE_18.joints])
            self.gate.update(Skeleton(self.now_s, status, layout, points, confidence))
        return self.gate.missing(self.now_s)


def test_nothing_is_there_until_it_was_seen_for_a_moment():
    view = View()
    assert view.see(0.4) == SQUAT
    assert view.see(0.3) == ()


@pytest.mark.parametrize(
    ("hidden", "missing"),
    [
        (("left_ankle",), ()),
        (("left_ankle", "right_ankle"), ("ankle",)),
        (("left_knee", "right_ankle"), ()),
        (("left_knee", "right_knee", "left_ankle", "right_ankle", "nose"), ("knee", "ankle")),
    ],
)
def test_what_is_missing_is_named_and_one_side_is_enough(hidden, missing):
    assert View().see(2.0, *hidden) == missing
    assert View().see(2.0, below=hidden) == missing


def test_a_joint_is_lost_after_a_second_and_back_after_a_moment():
    view = View()
    view.see(1.0)
    assert view.see(0.8, "left_ankle", "right_ankle") == ()
    assert view.see(0.4, "left_ankle", "right_ankle") == ("ankle",)
    assert view.see(0.3) == ("ankle",)
    assert view.see(0.3) == ()


@pytest.mark.parametrize("seen", [{"status": Tracking.NOBODY}, {"layout": "coco_17"}])
def test_whoever_is_gone_and_what_has_other_joints_shows_nothing(seen):
    view = View()
    view.see(1.0)
    assert view.see(1.2, **seen) == SQUAT


def test_without_images_the_gate_closes_and_a_clock_that_was_set_back_opens_it_again():
    view = View()
    view.see(1.0)
    assert view.gate.missing(view.now_s + 1.2) == SQUAT
    view.now_s = 10.0
    assert view.see(0.8) == ()
