"""One hand is followed: the side that is asked for, one where two are seen, and never a jump to another person's."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from physio_core.errors import EstimatorError
from physio_core.pose.choice import MEDIAPIPE
from physio_core.pose.hand_estimator import HandConfig, make_hand_estimator
from physio_core.pose.hand_tracker import HandTracker
from physio_core.types import Frame, Reason, Tracking
from physio_testing.hands import hand_at, posed

OPEN = posed()
GREY = np.full((480, 640, 3), 90, np.uint8)


class Seen:
    """An estimator that finds what it is told to, image by image."""

    def __init__(self):
        self.hands, self.fails = (), False

    def estimate(self, frame):
        if self.fails:
            raise EstimatorError("no")
        return [replace(one, skeleton=replace(one.skeleton, stamp_s=frame.stamp_s)) for one in self.hands]

    def close(self):
        pass


class Camera:
    def __init__(self, side=""):
        self.seen = Seen()
        self.tracker = HandTracker(self.seen)
        self.tracker.lock.ask(side)
        self.now_s = 10.0

    def show(self, *hands, seconds=0.5, image=GREY):
        """The last of what the tracker says of some images."""
        self.seen.hands = hands
        for _ in range(max(round(seconds * 30), 1)):
            self.now_s += 1 / 30
            last = self.tracker.update(Frame(self.now_s, image))
        return last


def right(x=0.3, **more):
    return hand_at(0.0, OPEN, "right", (x, 0.7), **more)


def left(x=0.3):
    return hand_at(0.0, OPEN, "left", (x, 0.7))


def test_the_hand_that_is_asked_for_is_followed_also_beside_the_other_one():
    camera = Camera("right")
    hand = camera.show(right(0.3), left(0.8))
    assert (hand.side, hand.objection, hand.presence) == ("right", Reason.NONE, pytest.approx(0.95))
    assert hand.skeleton.points[0, 0] == pytest.approx(0.3, abs=0.01)


@pytest.mark.parametrize(
    ("asked", "hands", "why"),
    [
        ("left", (right(),), Reason.WRONG_HAND),
        ("", (right(0.2), left(0.8)), Reason.TWO_HANDS),
        ("right", (right(0.2), right(0.8)), Reason.TWO_HANDS),
        ("", (right(presence=0.3),), Reason.NO_HAND),
        ("", (), Reason.NO_HAND),
    ],
)
def test_what_is_not_the_hand_that_is_asked_for_is_refused_with_its_reason_and_counted(asked, hands, why):
    camera = Camera(asked)
    hand = camera.show(*hands)
    assert not hand.tracked and hand.objection is why
    assert camera.tracker.refused[why] >= 10


def test_the_dark_and_a_failing_detector_differ_from_an_empty_image():
    camera = Camera()
    assert camera.show(image=np.zeros((480, 640, 3), np.uint8)).objection is Reason.DARK
    camera.seen.fails = True
    failed = camera.show()
    assert failed.skeleton.status is Tracking.DETECTOR_FAILED and failed.objection is Reason.DETECTOR_FAILED
    assert camera.tracker.failures == 15


def test_a_jump_to_another_persons_hand_is_refused_until_it_has_stayed():
    camera = Camera()
    first = camera.show(right(0.2))
    assert camera.show(right(0.8), seconds=0.2).objection is Reason.WRONG_HAND or not camera.show(right(0.8), seconds=0.1).tracked
    other = camera.show(right(0.8), seconds=2.5)
    assert other.tracked and other.skeleton.body_id != first.skeleton.body_id


def test_one_image_that_takes_the_hand_for_the_other_one_changes_nothing():
    camera = Camera("right")
    camera.show(right())
    assert camera.show(left(), seconds=1 / 30).side == "right"
    assert camera.show(left(), seconds=1.0).objection is Reason.WRONG_HAND


def test_mediapipe_finds_no_hand_where_there_is_none_and_goes_on():
    pytest.importorskip("mediapipe", reason="mediapipe is an option, and is not installed")
    estimator = make_hand_estimator(HandConfig(hand_estimator=MEDIAPIPE))
    try:
        noise = np.random.default_rng(1).integers(0, 255, (240, 320, 3), np.uint8)
        assert [len(estimator.estimate(Frame(1.0 + i, image))) for i, image in enumerate((GREY, noise))] == [0, 0]
    finally:
        estimator.close()
