"""Landmarks of our own look at a hand and at its mirror image, and seldom for a second hand."""

from __future__ import annotations

import numpy as np
import pytest

from physio_core.motion.hand import hand_still
from physio_core.motion.hand_postures import POSTURES_DEG
from physio_core.pose.blaze.hands import LANDMARKS, OWN_FILE, OWN_FOLDER, BlazeHands, mirrored, mirrored_marks
from physio_core.pose.choice import BLAZE
from physio_core.pose.hand_estimator import OWN, HandConfig
from physio_core.pose.network import Network
from physio_core.runners.runner import RunnerConfig
from physio_core.types import ByteImage, Frame
from physio_lab.synthetic.hand_renderer import HandRenderer
from physio_lab.synthetic.hand_scenes import HandScene


@pytest.fixture(scope="module")
def rgb() -> ByteImage:
    renderer = HandRenderer(HandScene())
    try:
        return next(renderer.pictures(hand_still(POSTURES_DEG["open"]))).rgb
    finally:
        renderer.close()


def test_what_is_told_of_a_mirror_image_lies_where_the_hand_is(rgb: ByteImage) -> None:
    network = Network(OWN_FILE, RunnerConfig(), (LANDMARKS,), folder=OWN_FOLDER)
    hand = rgb[100:324, 208:432]
    straight = network.run(hand)[LANDMARKS].reshape(21, 3) / 224
    over = mirrored_marks(network.run(mirrored(hand))[LANDMARKS], 224)
    assert np.abs(straight - over).mean() < 0.05 < np.abs(straight[:, 0] - (1.0 - over[:, 0])).mean()


@pytest.mark.parametrize(("estimator", "searches"), [(BLAZE, 7), (OWN, 3)])
def test_a_second_hand_is_searched_for_in_every_third_image_by_ours(rgb: ByteImage, estimator: str, searches: int) -> None:
    hands = BlazeHands(HandConfig(hand_estimator=estimator))
    seen = [len(hands.estimate(Frame(at / 30, rgb))) for at in range(7)]
    assert (seen, hands.searches) == ([1] * 7, searches)


def test_a_hand_that_was_lost_is_searched_for_at_once(rgb: ByteImage) -> None:
    hands = BlazeHands(HandConfig(hand_estimator=OWN))
    frames = [rgb, rgb, np.zeros_like(rgb), rgb]
    assert [len(hands.estimate(Frame(at / 30, one))) for at, one in enumerate(frames)] == [1, 1, 0, 1]
