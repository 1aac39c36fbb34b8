"""Hands that cannot be are dropped, each for its own reason; those that can are kept, steadied, and gaps between them filled."""

import time

import numpy as np
import pytest

from physio_core.errors import InputError
from physio_core.motion.hand import HandShape, hand_positions, hand_still
from physio_core.motion.hand_movements import HAND_MOVEMENTS
from physio_lab.refining.filters import HAND, NO_FILTER, RULES, Candidates, FilterConfig, filter_hands, hand_length
from physio_sim.patient.hand_views import shown

FPS, LENGTH_PX, HEIGHT_PX = 30.0, 120.0, 480


def moving(images: int, hands: int = 1, speed: float = 0.5) -> Candidates:
    """Hands that close, the palm to the camera, each 300 px beside the other, and move by so many hand lengths per second."""
    motion = HAND_MOVEMENTS["fist"].motion(np.linspace(0.0, 0.3, images))
    points_m = hand_positions(HandShape(), shown(motion, "palm", np.zeros(3)))
    points = points_m / 0.186 * LENGTH_PX + [100.0, 300.0, 0.0]
    stamps = np.arange(images) / FPS
    points = points + np.array([1.0, 0.0, 0.0]) * (speed * LENGTH_PX * stamps)[:, None, None]
    every = np.stack([points + [300.0 * n, 0.0, 0.0] for n in range(hands)], axis=1)
    return Candidates(stamps, every, np.ones((images, hands)), np.zeros((images, hands)), HEIGHT_PX)


def test_what_is_a_hand_is_kept_where_it_was() -> None:
    found = moving(40, hands=2)
    made = filter_hands(found)
    assert made.kept.all() and not any(made.dropped.values())
    assert np.abs(made.points - found.points).max() < 0.02 * LENGTH_PX


def test_length_of_a_hand_is_that_of_its_bones() -> None:
    points = hand_positions(HandShape(), hand_still({}))
    assert hand_length(points) / 0.186 == pytest.approx(1.0, abs=0.05)
    assert 1.8 < HAND < 2.2


@pytest.mark.parametrize("rule", RULES)
def test_each_rule_drops_what_it_is_for_and_nothing_else(rule: str) -> None:
    found = moving(40, hands=2 if rule in ("double", "number") else 1)
    config, bad = FilterConfig(most_hands=1 if rule == "number" else 2), np.arange(20, 21)
    points, presence = found.points, found.presence
    if rule == "presence":
        presence[bad] = 0.3
    elif rule == "bone":
        points[bad, 0, 8] += [0.0, -1.2 * LENGTH_PX, 0.0]
    elif rule == "size":
        config = FilterConfig(most_size=0.5)
        points[bad] = points[bad, :, :1] + 3.0 * (points[bad] - points[bad, :, :1])
    elif rule == "limits":
        points[bad, 0, 6:9] = points[bad, 0, 5:6] + (points[bad, 0, 5:6] - points[bad, 0, 6:9]) * [0.2, 1.0, 1.0]
    elif rule == "double":
        points[bad, 1] = points[bad, 0] + 5.0
    elif rule == "number":
        bad = np.arange(len(points))
        presence[:, 1] = 0.9
    elif rule == "speed":
        bad = np.arange(20, 22)
        points[bad] += [2.0 * LENGTH_PX, 0.0, 0.0]
        config = FilterConfig(max_jitter=0.0)
    elif rule == "jitter":
        points[bad] += [0.35 * LENGTH_PX, 0.0, 0.0]
        config = FilterConfig(max_speed=0.0)
    else:
        bad = np.arange(1)
        points[1:20] = np.nan
    made = filter_hands(found, config)
    assert made.dropped == {name: len(bad) if name == rule else 0 for name in RULES}
    assert not made.kept[bad, -1 if rule in ("double", "number") else 0].any()


def test_short_gaps_are_filled_in_a_line_and_long_ones_are_not() -> None:
    found = moving(60)
    true = found.points.copy()
    found.points[10:15], found.points[30:50] = np.nan, np.nan
    made = filter_hands(found, FilterConfig(smooth_s=0.0))
    assert made.filled[:, 0].nonzero()[0].tolist() == list(range(10, 15))
    assert np.abs(made.points[10:15] - true[10:15]).max() < 0.05 * LENGTH_PX and np.isnan(made.points[35]).all()


def test_the_same_speed_is_kept_or_dropped_at_every_frame_rate() -> None:
    for every in (1, 2, 4):
        for speed, kept in ((5.0, True), (20.0, False)):
            found = moving(48, speed=speed)
            thin = Candidates(*(getattr(found, name)[::every] for name in ("stamps_s", "points", "presence", "left")), HEIGHT_PX)
            assert filter_hands(thin).kept.all() == kept, (every, speed)


def test_two_hands_whose_order_changes_are_each_followed() -> None:
    found = moving(30, hands=2)
    found.points[10:20] = found.points[10:20, ::-1].copy()
    made = filter_hands(found)
    assert made.kept.all() and (made.points[..., 0, 0].max(0) - made.points[..., 0, 0].min(0) < LENGTH_PX).all()


def test_jitter_is_steadied() -> None:
    found = moving(60)
    true = found.points.copy()
    found.points[...] += np.random.default_rng(0).normal(0.0, 0.01 * LENGTH_PX, found.points.shape)
    made = filter_hands(found)
    assert np.abs(made.points - true).mean() < 0.75 * np.abs(found.points - true).mean()


def test_nothing_is_dropped_where_everything_is_believed() -> None:
    found = moving(20)
    found.points[5] += 1000.0
    assert filter_hands(found, NO_FILTER).kept.all()
    assert not filter_hands(moving(0)).kept.size


def test_what_is_no_video_is_refused() -> None:
    found = moving(5)
    with pytest.raises(InputError, match="stamps"):
        Candidates(found.stamps_s[::-1].copy(), found.points, found.presence, found.left, HEIGHT_PX)
    with pytest.raises(InputError, match="21, 3"):
        Candidates(found.stamps_s, found.points[..., :2], found.presence, found.left, HEIGHT_PX)


def test_ten_thousand_images_take_less_than_a_second_of_this_thread() -> None:
    found = moving(4000)
    start = time.thread_time()
    filter_hands(found)
    assert len(found.stamps_s) / (time.thread_time() - start) > 10000.0
