"""Joints are had once: the cache gives what the estimator gave, holds no pictures, and is made again when spoilt."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from physio_core.errors import EstimatorError, OutputError, SourceError
from physio_core.pose.choice import BLAZE, MOVENET
from physio_core.pose.estimator import PoseConfig
from physio_core.runners.runner import OPENVINO
from physio_core.share import shared_path
from physio_core.types import Frame, Skeleton, Tracking
from physio_lab.datasets.sequence import SkeletonSequence
from physio_lab.evaluation import watch
from physio_lab.evaluation.evaluate import Case


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch, squat: Case) -> list[float]:
    """Rates at which the estimator, replaced here, was asked."""
    made: list[float] = []

    def estimate(path: Path, fps: float, notes: list[str], pose: PoseConfig) -> SkeletonSequence:
        made.append(-fps if pose.runner == OPENVINO else fps)
        notes.append("cut off")
        assert squat.sequence
        return replace(squat.sequence, name=path.stem)

    monkeypatch.setattr(watch, "_estimate", estimate)
    return made


@pytest.fixture
def clip(tmp_path: Path) -> Path:
    path = tmp_path / "squat.mp4"
    path.write_bytes(b"a video")
    return path


def test_a_clip_is_estimated_once_for_each_rate_and_content(calls: list[float], clip: Path, tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    first = watch.estimate(clip, 0.0, cache)
    notes: list[str] = []
    again = watch.estimate(clip, 0.0, cache, notes)
    assert notes == ["cut off"], "also from the cache"
    assert calls == [0.0] and np.array_equal(first.points, again.points) and again.height_px == 480
    watch.estimate(clip, 9.0, cache)
    watch.estimate(clip, 9.0, cache, pose=PoseConfig(estimator=BLAZE, runner=OPENVINO))
    clip.write_bytes(b"another video")
    watch.estimate(clip, 0.0, cache)
    assert calls == [0.0, 9.0, -9.0, 0.0] and {path.suffix for path in cache.iterdir()} == {".npz"}


def test_a_spoilt_cache_is_made_again(calls: list[float], clip: Path, tmp_path: Path) -> None:
    watch.estimate(clip, 0.0, tmp_path / "cache")
    for path in (tmp_path / "cache").iterdir():
        path.write_bytes(path.read_bytes()[:100])
    watch.estimate(clip, 0.0, tmp_path / "cache")
    assert len(calls) == 2


def test_without_a_cache_nothing_is_kept(calls: list[float], clip: Path, tmp_path: Path) -> None:
    watch.estimate(clip)
    assert [path.name for path in tmp_path.iterdir()] == ["squat.mp4"]


def test_what_cannot_be_read_or_written_is_refused(calls: list[float], clip: Path, tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="cannot read"):
        watch.estimate(tmp_path / "gone.mp4", 0.0, tmp_path / "cache")
    with pytest.raises(OutputError, match=r"squat\.mp4 is not a folder"):
        watch.estimate(clip, 0.0, clip)


def test_played_back_as_the_live_pipeline_would_give_it(squat: Case) -> None:
    assert squat.sequence
    live = list(watch.tracked(squat.sequence))
    assert {one.status for one in live[:3]} == {Tracking.NOBODY}  # until the lock is sure
    assert live[-1].tracked and live[-1].body_id and live[-1].stamp_s == squat.sequence.stamps_s[-1]
    marked = list(watch.annotated(squat.sequence))
    assert all(one.tracked for one in marked) and np.allclose(marked[7].points[:, :2], squat.sequence.points[0, 7])


def test_a_frame_without_any_joint_is_nobody(squat: Case) -> None:
    assert squat.sequence
    confidence = squat.sequence.confidence.copy()
    confidence[:, 10] = 0.0
    assert list(watch.annotated(replace(squat.sequence, confidence=confidence)))[10].status is Tracking.NOBODY


class Moody:
    """An estimator that fails on the first images."""

    def __init__(self, failures: int) -> None:
        self.failures = failures

    def estimate(self, frame: Frame) -> Skeleton:
        self.failures -= 1
        if self.failures >= 0:
            raise EstimatorError("out of memory")
        return Skeleton(frame.stamp_s, Tracking.NOBODY, width_px=16, height_px=16)

    def close(self) -> None:
        pass


def test_an_estimator_that_fails_is_not_an_empty_room(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    frames = [Frame(index / 30, np.zeros((16, 16, 3), np.uint8)) for index in range(30)]
    monkeypatch.setattr(watch, "read_video", lambda _path, _notes: iter(frames))
    monkeypatch.setattr(watch, "make_estimator", lambda _config, _layout: Moody(2))
    assert watch.estimate(tmp_path / "a.mp4").confidence.sum() == 0
    monkeypatch.setattr(watch, "make_estimator", lambda _config, _layout: Moody(20))
    with pytest.raises(EstimatorError, match="20 of 30 images: out of memory"):
        watch.estimate(tmp_path / "a.mp4")


def test_an_estimator_that_guesses_no_depth_gives_a_flat_sequence_that_is_played_back() -> None:
    found = watch.estimate(shared_path("config", "pose", "squat.mp4"), fps=10.0, pose=PoseConfig(estimator=MOVENET))
    assert found.points.shape[-1] == 2
    seen = [one for one in watch.tracked(found) if one.tracked]
    assert seen and np.isnan(seen[-1].points[:, 2]).all()
