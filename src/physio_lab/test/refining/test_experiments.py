"""What is said of hands whose truth is known: shares of right ones, what filters let through, and activities told from poses."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from physio_core.errors import ConfigError
from physio_lab.refining.activities import recognise
from physio_lab.refining.commands import made_of
from physio_lab.refining.evaluate_commands import run
from physio_lab.refining.experiments import thinned
from physio_lab.refining.filters import NO_FILTER, Candidates, FilterConfig
from physio_lab.refining.search import search
from physio_lab.refining.speeds import _filtering
from physio_lab.refining.truth import measure, passed
from physio_lab.synthetic.assembly import ACTIVITIES, FPS, Clip, activity_motion
from physio_lab.synthetic.hand_scenes import HandScene


def worked(worker: int, images: int = 36) -> list[tuple[Candidates, Clip]]:
    """What an estimator that never errs sees of one worker."""
    rng, made = np.random.default_rng((worker, 5)), []
    scene = HandScene.random(rng, view="palm")
    for activity in ACTIVITIES:
        points_m = scene.frames(activity_motion(activity, scene.shape.length_m, scene.side, rng, images)).points_m
        scale = scene.camera[0, 0] / points_m[:, :1, 2:]
        points = np.concatenate([scene.project(points_m), (points_m[..., 2:] - points_m[:, :1, 2:]) * scale], axis=-1)
        clip = Clip("", f"w{worker}", "none", "none", activity, points[..., :2].copy(), scene.shape.length_m * scale[:, 0, 0])
        sure = np.ones((images, 1))
        made.append((Candidates(np.arange(images) / FPS, points[:, None], sure, sure * (scene.side == "left"), 480), clip))
    return made


def test_right_hands_are_those_near_the_truth_and_missing_ones_count_as_errors() -> None:
    (found, clip), *_ = worked(0)
    found.points[:9, 0, :, 0] += 0.3 * clip.length_px[:9, None]
    found.points[9:18] = np.nan
    made = measure([found], [clip])
    assert (made.seen.value, made.right.value) == (0.75, 0.5)
    assert made.error.value == pytest.approx(0.25 * 0.3 + 0.25 * 1.0)
    assert made.right.interval.low <= 0.5 <= made.right.interval.high


def test_filters_raise_the_precision_of_what_they_let_through() -> None:
    pairs = [pair for worker in range(2) for pair in worked(worker)]
    rng = np.random.default_rng(0)
    for found, _ in pairs:
        found.points[rng.random(len(found.points)) < 0.1] += [250.0, 0.0, 0.0]
    seen, clips = zip(*pairs, strict=True)
    raw, both = passed(seen, clips, NO_FILTER), passed(seen, clips, FilterConfig())
    assert raw.precision < 0.93 < 0.97 < both.precision and both.recall > 0.9


def test_the_search_gives_settings_that_no_other_beats(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("physio_lab.refining.search.GRID", {"max_speed": (0.2, 8.0)})
    seen, clips = zip(*worked(0), strict=True)
    front, best = search(seen, clips, FilterConfig())
    assert best.recall == max(one.recall for one in front) > 0.95 and best.config.max_speed == 8.0
    assert all(one.precision > other.precision for one, other in pairwise(front))


def test_hands_are_thinned_to_the_share_of_images_that_is_asked_for() -> None:
    seen = [found for worker in range(3) for found, _ in worked(worker)]
    thin = thinned(seen, 0.1)
    assert np.mean([one.found.any(1).mean() for one in thin]) == pytest.approx(0.1, abs=0.01)
    assert not any(one.found.any() for one in thinned(seen, 0.0))


def test_activities_are_told_from_good_poses_and_not_from_none() -> None:
    known = [pair for worker in range(8) for pair in worked(worker)]
    test = [pair for worker in range(20, 23) for pair in worked(worker)]
    taught = tuple(map(list, zip(*known, strict=True)))
    told = recognise((taught[0], taught[1]), ([one for one, _ in test], [clip for _, clip in test]), FilterConfig())
    assert sum(one.right for one in told.values()) >= 0.75 * len(test)
    blind = [replace(one, points=np.full_like(one.points, np.nan)) for one, _ in test]
    nothing = recognise((taught[0], taught[1]), (blind, [clip for _, clip in test]), FilterConfig())
    assert sum(one.right for one in nothing.values()) == 0


def test_a_slow_camera_before_a_fast_hand_costs_hands() -> None:
    usual, poor = _filtering(30.0, 1.0, FilterConfig(most_hands=1)), _filtering(5.0, 4.0, FilterConfig(most_hands=1))
    assert usual.precision > 0.97 and usual.recall > 0.95 and poor.recall < 0.9 and poor.filled < usual.filled


def test_unknown_names_and_values_out_of_range_are_refused() -> None:
    from argparse import Namespace
    from pathlib import Path

    with pytest.raises(ConfigError, match="known are iterations"):
        run(Namespace(only="nothing", json=None, tables=None, work=Path("x")))
    values = {item: getattr(FilterConfig(), item) for item in FilterConfig.__dataclass_fields__}
    with pytest.raises(ConfigError, match="max_speed"):
        made_of(FilterConfig, Namespace(**{**values, "max_speed": -1.0}))
