"""The last layer that makes our landmarks: it learns what is missed, starts where it is told, and refuses what is damaged."""

from __future__ import annotations

import numpy as np
import pytest

from physio_core.errors import InputError, ModelError
from physio_lab.landmarks.commands import figures_of
from physio_lab.landmarks.head import SHAPE, Head, fit, look

PEOPLE = [f"hand{number // 40}" for number in range(400)]


@pytest.fixture
def seen():
    """What a network knows and says, and the truth, which is what it says and something that it knows."""
    rng = np.random.default_rng(0)
    features, plain = rng.normal(size=(400, 1152)), rng.normal(size=(400, 21, 3))
    more = rng.normal(size=(1152, 63)) * (np.arange(1152) < 20)[:, None]
    plain[:, 0] = 0.0
    truth = plain + (features @ more).reshape(-1, 21, 3)
    return features, plain, truth - truth[:, :1]


def test_what_the_network_misses_is_learnt_and_a_start_is_kept(seen):
    """Of rows that taught nothing; one that starts at the truth, given few rows, stays nearer to it than one from nothing."""
    features, plain, truth = seen
    head, _ = fit(features[:300], plain[:300], truth[:300], PEOPLE[:300])
    before = figures_of(plain[300:], truth[300:], PEOPLE[300:])["r2"]
    after = figures_of(head.joints(features[300:], plain[300:]), truth[300:], PEOPLE[300:])["r2"]
    assert after > before + 0.1
    on, _ = fit(features[:60], plain[:60], truth[:60], [str(one % 6) for one in range(60)], head)
    alone, _ = fit(features[:60], plain[:60], truth[:60], [str(one % 6) for one in range(60)])
    errors = [np.square(one.joints(features[300:], plain[300:]) - truth[300:]).mean() for one in (on, alone)]
    assert errors[0] < errors[1]


def test_damaged_layers_and_images_are_refused(tmp_path):
    """Truncated, of another shape, not finite; an image of another size; too few people."""
    path = tmp_path / "weights.npz"
    Head(np.ones(SHAPE)).save(path)
    assert Head.load(path).weights.shape == SHAPE
    path.write_bytes(path.read_bytes()[:200])
    with pytest.raises(ModelError, match="train it again"):
        Head.load(path)
    for weights in (np.ones((3, 63)), np.full(SHAPE, np.nan)):
        Head(weights).save(path)
        with pytest.raises(ModelError, match="finite ones"):
            Head.load(path)
    with pytest.raises(InputError, match="100, 224, 3"):
        look(None, np.zeros((100, 224, 3), np.uint8))
    with pytest.raises(InputError, match="4 people"):
        fit(np.zeros((4, 1152)), np.zeros((4, 21, 3)), np.zeros((4, 21, 3)), ["a", "b", "c", "d"])


def test_nothing_missed_is_1_and_the_mean_is_0():
    """R² at both of its anchors, and what is told per joint and axis."""
    truth = np.random.default_rng(1).normal(size=(30, 21, 3))
    who = [str(number % 5) for number in range(30)]
    assert figures_of(truth, truth, who)["r2"] == 1.0
    mean = figures_of(np.broadcast_to(truth.mean(0), truth.shape), truth, who)
    assert mean["r2"] == pytest.approx(0.0) and set(mean["axes_r2"]) == set("xyz") and len(mean["joints_r2"]) == 20
