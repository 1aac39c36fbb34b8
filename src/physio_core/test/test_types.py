"""What flows through the coach checks itself: no shape, number or size gets past that a later stage would trip over."""

from __future__ import annotations

import math

import numpy as np
import pytest

from physio_core import errors
from physio_core.errors import ConfigError, ImageError, InputError, OutputError, PhysioError, SkeletonError, UnknownExercise
from physio_core.types import Abstain, Frame, Prediction, Reason, Skeleton, Tracking

POINTS = np.full((18, 3), 0.5, np.float32)
SURE = np.full(18, 0.9, np.float32)


@pytest.mark.parametrize(
    ("rgb", "complaint"),
    [
        (np.zeros((48, 64), np.uint8), r"shape \(48, 64\) and type uint8; need \(H, W, 3\) uint8"),
        (np.zeros((48, 64, 4), np.uint8), r"shape \(48, 64, 4\)"),
        (np.zeros((48, 64, 3), np.float32), "type float32"),
        (np.zeros((15, 64, 3), np.uint8), "image of 64x15 px; need at least 16x16"),
        (np.zeros((64, 15, 3), np.uint8), "image of 15x64 px"),
    ],
)
def test_an_image_that_no_estimator_could_use_is_refused(rgb, complaint):
    with pytest.raises(ImageError, match=complaint):
        Frame(0.0, rgb)


def test_the_smallest_image_is_taken():
    assert Frame(1.5, np.zeros((16, 16, 3), np.uint8)).rgb.shape == (16, 16, 3)


def changed(array: np.ndarray, index: tuple[int, ...] | int, value: float) -> np.ndarray:
    copy = array.copy()
    copy[index] = value
    return copy


@pytest.mark.parametrize(
    ("points", "confidence", "complaint"),
    [
        (POINTS[:17], SURE, r"points \(17, 3\) and confidence \(18,\); need \(V, 3\) and \(V,\)"),
        (POINTS[:, :2], SURE, r"points \(18, 2\)"),
        (POINTS[None], SURE, r"points \(1, 18, 3\)"),
        (changed(POINTS, (4, 0), math.nan), SURE, "NaN or infinite coordinates"),
        (changed(POINTS, (4, 1), math.inf), SURE, "NaN or infinite coordinates"),
        (POINTS, changed(SURE, 3, math.nan), "NaN or infinite coordinates"),
        (POINTS, changed(SURE, 3, 1.01), r"confidence 0\.9 \.\. 1\.01; need 0 \.\. 1"),
        (POINTS, changed(SURE, 3, -0.01), r"confidence -0\.01 \.\. 0\.9; need 0 \.\. 1"),
    ],
)
def test_joints_that_disagree_or_are_no_numbers_are_refused(points, confidence, complaint):
    with pytest.raises(SkeletonError, match=complaint):
        Skeleton(0.0, Tracking.TRACKED, points=points, confidence=confidence)


def test_joints_beyond_the_image_and_depths_that_nobody_knows_are_taken():
    points = changed(changed(POINTS, (0, 0), -3.0), (1, 2), math.nan)
    assert Skeleton(0.0, Tracking.TRACKED, points=points, confidence=changed(changed(SURE, 0, 0.0), 1, 1.0)).tracked


@pytest.mark.parametrize("status", [status for status in Tracking if status is not Tracking.TRACKED])
def test_a_body_that_is_not_tracked_has_no_joints_to_use(status):
    skeleton = Skeleton(0.0, status)
    assert not skeleton.tracked and skeleton.points.shape == (0, 3) and skeleton.confidence.shape == (0,)


def test_a_prediction_that_names_nothing_has_no_scores_and_two_never_share_them():
    first, second = Prediction(0.0), Prediction(0.0)
    assert (first.label, first.abstain, len(first.scores)) == ("", Abstain.NONE, 0)
    assert first.scores is not second.scores


def test_whatever_the_recogniser_abstains_for_the_coach_can_say():
    assert {abstain.value for abstain in Abstain} < {reason.value for reason in Reason}


def test_every_error_that_is_raised_on_purpose_has_one_root_and_bad_input_is_told_from_a_bug():
    raised = [one for one in vars(errors).values() if isinstance(one, type) and issubclass(one, Exception)]
    assert len(raised) > 9 and all(issubclass(one, PhysioError) for one in raised)
    assert issubclass(ConfigError, ValueError) and issubclass(InputError, ValueError)
    assert issubclass(OutputError, ConfigError) and issubclass(ImageError, InputError) and issubclass(SkeletonError, InputError)


@pytest.mark.parametrize(
    ("known", "text"),
    [(("squat", "lunge"), "unknown exercise 'plank'; known: lunge, squat"), ((), "unknown exercise 'plank'; known: none")],
)
def test_an_unknown_exercise_is_named_beside_those_that_are_known(known, text):
    assert str(UnknownExercise("plank", known)) == text
