"""One turn of a real session: the same verdict as live, on the clip's own time, whatever the camera's rate."""

from __future__ import annotations

import numpy as np
import pytest

from physio_core.errors import ConfigError
from physio_core.exercises.catalogue import load_exercises
from physio_core.judging.judge import Observation
from physio_core.session.machine import SessionConfig
from physio_core.types import UNKNOWN, Abstain, Prediction, Reason, Skeleton, Tracking, Verdict
from physio_lab.evaluation.attempt import attempt

CATALOGUE, CONFIG = load_exercises(), SessionConfig()


def body(stamp_s: float) -> Skeleton:
    points, confidence = np.full((18, 3), 0.5, np.float32), np.full(18, 0.9, np.float32)
    return Skeleton(stamp_s, Tracking.TRACKED, "openpose_18", points, confidence, "body_1", 640, 480)


def seen(label: str, seconds: float, fps: float = 30.0, start_s: float = 0.0, why: Abstain = Abstain.NONE) -> list[Observation]:
    stamps_s = [start_s + index / fps for index in range(round(seconds * fps))]
    return [one for stamp_s in stamps_s for one in (body(stamp_s), Prediction(stamp_s, label, 0.9, abstain=why))]


@pytest.mark.parametrize("fps", [9.0, 30.0, 60.0])
@pytest.mark.parametrize("start_s", [0.0, 1e5])
def test_what_was_asked_for_is_praised_once_it_has_been_seen_for_long_enough(fps, start_s):
    got = attempt(seen("squat", 10.0, fps, start_s), "squat", CATALOGUE, CONFIG)
    assert (got.verdict, got.seen, got.reason) == (Verdict.RIGHT, "squat", Reason.NONE)
    assert CONFIG.right_s <= got.wait_s + 0.26 and got.wait_s <= CONFIG.right_s + CONFIG.set_up_s + 0.26


@pytest.mark.parametrize("asked", ["lunge", "push_up"])
def test_another_exercise_is_blamed_only_after_the_time_to_get_ready(asked):
    got = attempt(seen("squat", 20.0), asked, CATALOGUE, CONFIG)
    ready_s = max(CONFIG.getting_ready_s, CATALOGUE[asked].getting_ready_s)
    assert (got.verdict, got.seen) == (Verdict.WRONG, "squat")
    assert got.wait_s == pytest.approx(ready_s + CONFIG.wrong_s, abs=0.1)


def test_a_clip_that_ends_early_leaves_the_coach_unsure_because_the_camera_is_silent():
    got = attempt(seen("squat", 2.0), "squat", CATALOGUE, CONFIG)
    assert (got.verdict, got.reason) == (Verdict.UNSURE, Reason.NO_CAMERA)
    assert got.wait_s == pytest.approx(CONFIG.watch_s, abs=0.11)


@pytest.mark.parametrize(
    ("clip", "reason"),
    [
        ([], Reason.NO_CAMERA),
        (seen(UNKNOWN, 26.0), Reason.NOT_SEEN),
        (seen("", 26.0, why=Abstain.OUT_OF_FRAME), Reason.OUT_OF_FRAME),
    ],
)
def test_who_shows_no_exercise_is_neither_praised_nor_blamed(clip, reason):
    got = attempt(clip, "squat", CATALOGUE, CONFIG)
    assert (got.verdict, got.seen, got.reason) == (Verdict.UNSURE, "", reason)


def test_an_exercise_that_cannot_be_asked_for_is_refused():
    with pytest.raises(ConfigError, match="'handstand'"):
        attempt([], "handstand", CATALOGUE, CONFIG)
