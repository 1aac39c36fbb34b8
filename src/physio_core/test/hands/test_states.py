"""Which position a hand is in, how near to the teacher's, and how often it opened and closed."""

from __future__ import annotations

import json
import math

import numpy as np
import pytest

from physio_core.errors import ConfigError, ModelError
from physio_core.hands.canonical import on_standard_bones, to_canonical
from physio_core.hands.cycles import CycleCounter, openness
from physio_core.hands.rating import CUES, rate
from physio_core.hands.shape import SHAPE_FEATURES, hand_features, shape_features
from physio_core.hands.states import Doubt, HandStates, StateFollower, StatesFile
from physio_testing.made_hands import FIST, made_hand, other_bones, turned

OPEN = (10.0, 5.0, 5.0, 5.0, 5.0)
BENT = (10.0, 35.0, 35.0, 35.0, 35.0)


def content(**bends: tuple[float, ...]) -> dict:
    clusters = []
    for state, bend in bends.items():
        hand = to_canonical(made_hand(bend))
        landmarks = on_standard_bones(hand).ravel().tolist()
        clusters.append({"state": state, "landmarks": landmarks, "features": shape_features(hand).tolist(), "radius": 0.6})
    return {"format": 1, "features": list(SHAPE_FEATURES), "weights": [1.0] * len(SHAPE_FEATURES), "clusters": clusters}


@pytest.fixture
def model() -> HandStates:
    return HandStates(StatesFile(**content(good=OPEN, wrong_bent=BENT, wrong_fist=FIST)))


@pytest.mark.parametrize("seed", range(3))
def test_another_persons_hand_is_in_the_same_state(model, seed):
    for state, bend in (("good", OPEN), ("wrong_bent", BENT), ("wrong_fist", FIST)):
        hand = turned(made_hand(bend, other_bones(seed)), seed)
        assert model.match(hand).state == state
        assert model.match(hand * [-1.0, 1.0, 1.0], left=True).state == state


def test_what_was_not_taught_is_not_named_and_says_why(model):
    pointing = model.match(made_hand((20.0, 0.0, 80.0, 80.0, 80.0)))
    assert (pointing.state, pointing.doubt) == ("", Doubt.UNLIKE_ANY)
    assert pointing.distance > 1.0
    lost = made_hand()
    lost[3] = np.nan
    line = made_hand()
    line[17] = line[5]
    assert [model.match(hand).doubt for hand in (None, np.zeros((0, 3)), lost, line)] == [
        Doubt.NO_HAND, Doubt.NO_HAND, Doubt.NOT_FINITE, Doubt.EDGE_ON,
    ]  # fmt: skip


def test_a_model_of_one_cluster_names_it_or_nothing():
    only = HandStates(StatesFile(**content(good=OPEN)))
    assert only.match(made_hand(OPEN)).state == "good"
    assert only.match(made_hand(OPEN)).margin == math.inf
    assert only.match(made_hand(FIST)).doubt is Doubt.UNLIKE_ANY


def test_states_change_only_when_they_last(model):
    follower = StateFollower(model)
    states = [follower.update(0.1 * at, made_hand(OPEN)).state for at in range(4)]
    assert states == ["", "", "good", "good"]
    assert follower.update(0.4, made_hand(FIST)).state == "good", "one image"
    assert follower.update(0.5, None).state == "good"
    assert follower.update(0.6, made_hand(OPEN)).held_s == pytest.approx(0.6)
    assert follower.update(0.6, made_hand(FIST)).held_s == pytest.approx(0.6), "the same image again"
    assert [follower.update(0.7 + 0.1 * at, None).state for at in range(8)][-1] == ""


def test_a_file_is_read_or_refused_with_what_is_wrong(tmp_path, model):
    path = tmp_path / "states.yaml"
    path.write_text(json.dumps(content(good=OPEN)))
    assert HandStates.read(path).states == ("good",)
    np.testing.assert_allclose(HandStates.read(path).landmarks("good"), on_standard_bones(to_canonical(made_hand(OPEN))))
    with pytest.raises(ConfigError, match="no state 'fist'; this model has: good"):
        HandStates.read(path).landmarks("fist")
    path.write_text(json.dumps(content(good=OPEN))[:400])
    with pytest.raises(ModelError, match=r"states\.yaml"):
        HandStates.read(path)
    path.write_text(json.dumps(content(good=OPEN) | {"features": ["length_of_nose"] * len(SHAPE_FEATURES)}))
    with pytest.raises(ModelError, match="length_of_nose"):
        HandStates.read(path)
    path.write_text(json.dumps(content(good=OPEN) | {"features": [SHAPE_FEATURES[0]] * len(SHAPE_FEATURES)}))
    with pytest.raises(ModelError, match=f"'{SHAPE_FEATURES[0]}' stands twice"):
        HandStates.read(path)


def test_a_hand_is_rated_by_the_finger_that_is_most_off():
    teacher = to_canonical(made_hand(OPEN))
    assert rate(to_canonical(turned(made_hand(OPEN, other_bones(0)), 5)), teacher).score > 97.0
    ring = rate(to_canonical(made_hand((10.0, 5.0, 5.0, 45.0, 5.0))), teacher)
    assert (ring.finger, ring.cue) == ("ring", "stretch_ring")
    assert ring.bend_deg["ring"] == pytest.approx(-120.0, abs=5.0)
    fist = rate(to_canonical(made_hand(FIST)), teacher)
    assert fist.cue == "stretch_fingers"
    assert fist.score < 40.0 < ring.score < 85.0
    assert rate(to_canonical(made_hand(OPEN)), to_canonical(made_hand(FIST))).cue == "bend_fingers"
    assert math.isnan(rate(np.full((21, 3), np.nan), teacher).score)
    assert {ring.cue, fist.cue} <= set(CUES)


def test_how_the_palm_is_turned_is_seen_of_either_hand():
    upright = -made_hand()[:, [1, 0, 2]]  # fingers up, the palm towards the camera
    assert hand_features(upright)[-3:] == pytest.approx([1.0, 0.0, 0.0], abs=1e-6)
    assert hand_features(upright * [-1.0, 1.0, 1.0], left=True)[-3:] == pytest.approx([1.0, 0.0, 0.0], abs=1e-6)
    assert hand_features(upright[:, [0, 2, 1]] * [1.0, 1.0, -1.0])[-1] == pytest.approx(1.0, abs=1e-6), "the palm upwards"


def test_openings_and_closings_are_counted():
    assert openness(to_canonical(made_hand(OPEN))) > 0.95
    assert openness(to_canonical(made_hand(FIST))) < 0.15
    counter = CycleCounter()
    for at in range(400):
        bend = 40.0 - 40.0 * math.cos(at / 30.0 * math.pi)  # a closing every 2 s
        counter.update(at / 30.0, made_hand((10.0, *[bend] * 4)) if at % 7 else None)
    assert (counter.count, counter.returns) == (7, 6)
    trembling = CycleCounter()
    for at in range(300):
        trembling.take(at / 30.0, 0.7 + 0.2 * math.sin(at))
    assert trembling.count == 0


def test_whoever_begins_with_a_fist_is_counted_by_openings():
    counter = CycleCounter()
    for at, value in enumerate([0.0] * 20 + [1.0] * 20 + [0.0] * 20 + [1.0] * 20):
        counter.take(at / 20.0, value)
    assert (counter.count, counter.returns, counter.closed) == (2, 1, False)
