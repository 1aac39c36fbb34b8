"""Hands without MediaPipe, on rendered ones: the same landmarks and sides as it gives, lost and found again."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest

from physio_core.errors import EstimatorError, ModelError, RunnerError
from physio_core.pose.blaze.hands import BlazeHands
from physio_core.pose.choice import BLAZE, MEDIAPIPE
from physio_core.pose.hand_estimator import HandConfig, make_hand_estimator
from physio_core.types import Frame
from physio_lab.synthetic.hand_scenes import HandScene
from physio_lab.synthetic.hand_seen import HAND_MOVEMENTS, HandRenderer

BLACK = Frame(9.0, np.zeros((240, 320, 3), np.uint8))


@pytest.fixture(scope="module")
def fist() -> list[Frame]:
    scene = HandScene(size_px=(320, 240), at_m=(0.0, 0.08, 0.4))
    renderer = HandRenderer(scene)
    pictures = list(renderer.pictures(HAND_MOVEMENTS["fist"].motion(np.linspace(0.0, 0.3, 3), scene.side)))
    renderer.close()
    return [Frame(index / 30.0, picture.rgb) for index, picture in enumerate(pictures)]


@pytest.fixture(scope="module")
def opened() -> Iterator[BlazeHands]:
    yield BlazeHands(HandConfig(hand_estimator=BLAZE))


@pytest.fixture
def hands(opened: BlazeHands) -> BlazeHands:
    assert opened.estimate(BLACK) == ()
    opened.searches = 0
    return opened


def test_landmarks_and_sides_are_those_of_mediapipe(hands: BlazeHands, fist: list[Frame]) -> None:
    pytest.importorskip("mediapipe", reason="mediapipe is the yardstick, and is not installed")
    reference = make_hand_estimator(HandConfig(hand_estimator=MEDIAPIPE))
    for frame in fist:
        (wanted,), (given,) = reference.estimate(frame), hands.estimate(frame)
        assert given.side == wanted.side and given.presence == pytest.approx(wanted.presence, abs=0.02)
        np.testing.assert_allclose(given.skeleton.points, wanted.skeleton.points, atol=0.003)
        np.testing.assert_allclose(given.skeleton.world_m, wanted.skeleton.world_m, atol=0.003)
    reference.close()


def test_one_hand_is_followed_while_another_is_looked_for(hands: BlazeHands, fist: list[Frame]) -> None:
    assert [len(hands.estimate(frame)) for frame in fist] == [1, 1, 1] and hands.searches == 3
    both = Frame(5.0, np.concatenate([fist[0].rgb, fist[0].rgb[:, ::-1]], axis=1))
    sides = {hand.side for hand in hands.estimate(both)}
    before = hands.searches
    assert sides == {"left", "right"} and len(hands.estimate(both)) == 2 and hands.searches == before
    assert hands.estimate(BLACK) == () and len(hands.estimate(fist[0])) == 1


def test_a_network_that_fails_is_no_missing_hand(hands: BlazeHands, fist: list[Frame], monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as broken:
        broken.setattr(hands._network.runner, "run", lambda _: (_ for _ in ()).throw(RunnerError("gave NaN in Identity")))
        with pytest.raises(EstimatorError, match="NaN in Identity, on a 320x240 image"):
            hands.estimate(fist[0])
    assert len(hands.estimate(fist[0])) == 1


def test_only_the_full_network_ships() -> None:
    with pytest.raises(ModelError, match="0 does not ship"):
        BlazeHands(HandConfig(hand_model_complexity=0))
