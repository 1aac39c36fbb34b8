"""The profile: overlapping work is laid out on the images' stamps, and bad input ends in a sentence."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest

from physio_core.errors import EstimatorError, InputError, SourceError
from physio_core.pose.estimator import PoseConfig, PoseEstimator
from physio_core.types import Frame
from physio_lab.evaluation import profile as profile_module
from physio_lab.evaluation.profile import Profile, Way, finished_s, import_s, profile


def test_work_that_keeps_up_ends_just_after_the_last_image() -> None:
    assert finished_s(np.array([1.0, 2.0, 3.0]), [0.2, 0.2, 0.2]) == pytest.approx(3.2)


def test_work_that_does_not_keep_up_piles_up() -> None:
    assert finished_s(np.array([1.0, 2.0, 3.0]), [2.0, 2.0, 2.0]) == pytest.approx(7.0)


def test_imports_are_timed_in_a_fresh_process() -> None:
    assert 0.0 < import_s("json", "csv") < 5.0
    with pytest.raises(InputError, match="no_such_library"):
        import_s("no_such_library")


def test_a_missing_video_is_refused_at_once(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="no such video"):
        profile(tmp_path / "gone.mp4", 10.0)


def test_an_import_is_not_counted_again_as_setting_up(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    asked: list[str] = []

    def make(_config: PoseConfig) -> PoseEstimator:
        raise EstimatorError(f"loaded: {set(profile_module.OURS) <= set(sys.modules)}")

    monkeypatch.delitem(sys.modules, profile_module.ESTIMATOR, raising=False)
    monkeypatch.setattr(profile_module, "read_video", lambda _path: iter([Frame(0.0, np.zeros((16, 16, 3), np.uint8))]))
    monkeypatch.setattr(profile_module, "import_s", lambda *names: asked.extend(names) or 1.0)
    monkeypatch.setattr(profile_module, "make_estimator", make)
    with pytest.raises(EstimatorError, match="loaded: True"):
        profile(tmp_path / "a.mp4", 10.0)
    assert set(profile_module.OURS) <= set(asked)


def test_the_wait_leaves_out_the_recording_and_what_was_loaded_before_it() -> None:
    after, meanwhile = Way(1.0, 2.0, 10.0, 3.0, 0.5, False, {"OpenPose": 151.1}), Way(1.0, 2.0, 10.0, 0.25, 0.5, True)
    data = Profile(300, {"numpy": 0.1}, after, meanwhile, meanwhile, 2.0, 0.0, 2).as_dict()
    assert data["record_then_pose_then_infer"]["wait_s"] == 6.5 and data["pose_while_recording"]["wait_s"] == 0.75
    assert data["record_then_pose_then_infer"]["thesis_s"] == {"OpenPose": 151.1}
