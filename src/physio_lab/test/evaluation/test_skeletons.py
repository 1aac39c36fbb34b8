"""Skeletons with feet and in space are estimated once, kept, and followed as the live pipeline follows them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from physio_core.skeleton.layouts import BODY_25
from physio_core.types import Frame, Skeleton, Tracking
from physio_lab.evaluation import skeletons as skeletons_module
from physio_lab.evaluation import watch
from physio_lab.evaluation.skeletons import skeletons_of
from physio_lab.evaluation.watch import followed


class Once:
    """An estimator that sees someone in every image but the first."""

    def __init__(self) -> None:
        self.seen = 0

    def estimate(self, frame: Frame) -> Skeleton:
        self.seen += 1
        size = {"width_px": 640, "height_px": 480}
        if self.seen == 1:
            return Skeleton(frame.stamp_s, Tracking.NOBODY, BODY_25.name, **size)
        rng = np.random.default_rng(self.seen)
        points, world_m = rng.random((2, 25, 3), np.float32)
        return Skeleton(
            frame.stamp_s, Tracking.TRACKED, BODY_25.name, points, rng.random(25, np.float32), world_m=world_m, **size
        )

    def close(self) -> None:
        pass


def test_what_was_estimated_once_is_read_from_the_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    video, estimator = tmp_path / "a.mp4", Once()
    video.write_bytes(b"a video")
    frames = [Frame(index / 10, np.zeros((480, 640, 3), np.uint8)) for index in range(4)]
    monkeypatch.setattr(skeletons_module, "read_video", lambda _path: iter(frames))
    monkeypatch.setattr(watch, "make_estimator", lambda _config, _layout: estimator)
    first, again = (skeletons_of(video, tmp_path) for _ in range(2))
    assert estimator.seen == 4
    assert [one.status for one in again] == [one.status for one in first] == [Tracking.NOBODY] + 3 * [Tracking.TRACKED]
    for kept, made in zip(again, first, strict=True):
        assert (kept.stamp_s, kept.layout, kept.width_px) == (made.stamp_s, made.layout, made.width_px)
        for part in ("points", "confidence", "world_m"):
            np.testing.assert_array_equal(getattr(kept, part), getattr(made, part))


def test_they_are_followed_image_by_image() -> None:
    nobody = [Skeleton(index / 10, Tracking.NOBODY, BODY_25.name, width_px=64, height_px=48) for index in range(3)]
    assert [one.stamp_s for one in followed(nobody)] == [0.0, 0.1, 0.2]
