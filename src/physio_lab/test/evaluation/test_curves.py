"""Curves: the surest windows first, the first seconds only, the best scores."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from physio_core.types import UNKNOWN, Abstain, Prediction
from physio_lab.evaluation.clip_label import summarise
from physio_lab.evaluation.curves import coverage_curve, seconds_curve, silence, top_k
from physio_lab.evaluation.evaluate import Outcome, figures
from physio_lab.evaluation.index import Clip

LABELS = ("squat", "lunge", UNKNOWN)
Make = Callable[..., Outcome]


def test_the_surest_windows_come_first(outcome: Make) -> None:
    clip = outcome("squat", [("squat", 0.9)] * 10 + [("lunge", 0.6)] * 10)
    curve = coverage_curve([clip], points=20)
    assert curve[9].coverage == pytest.approx(0.5) and curve[9].accuracy == 1.0 and curve[9].wrong_name == 0.0
    assert curve[-1].coverage == 1.0 and curve[-1].accuracy == curve[-1].wrong_name == pytest.approx(0.5)
    assert [point.coverage for point in curve] == sorted(point.coverage for point in curve)


def test_the_last_point_is_that_of_the_figures(outcome: Make) -> None:
    clip = outcome("squat", [("squat", 0.9)] * 10 + [("lunge", 0.6)] * 10)
    assert clip.run
    slow = [replace(one, stamp_s=3.0 * one.stamp_s) for one in clip.run.predictions]  # and its last second is silent
    slow += [Prediction(6.0 + 0.1 * index, abstain=Abstain.NOBODY) for index in range(10)]
    clips = [clip, replace(clip, summary=summarise(slow), run=replace(clip.run, predictions=tuple(slow)))]
    last, found = coverage_curve(clips)[-1], figures(clips, LABELS)
    assert last.coverage == pytest.approx(found["coverage"]) and last.coverage < 1.0
    assert last.wrong_name == pytest.approx(found["wrong_name_windows"]) and last.accuracy == pytest.approx(1 - last.wrong_name)


def test_unknown_is_no_wrong_name_but_no_right_label_either(outcome: Make) -> None:
    (point,) = coverage_curve([outcome("squat", [(UNKNOWN, 0.9)] * 5)], points=1)
    assert point.accuracy == 0.0 and point.wrong_name == 0.0


def test_a_clip_is_called_by_its_first_seconds(outcome: Make) -> None:
    clip = outcome("squat", [(UNKNOWN, 0.9)] * 20 + [("squat", 0.9)] * 40)
    assert seconds_curve([clip], seconds=(1.0, 5.0, 99.0)) == [(1.0, 0.0), (5.0, 1.0), (99.0, 1.0)]


def test_the_best_scores_count_and_broken_clips_are_wrong(outcome: Make) -> None:
    clips = [outcome("squat", [("squat", 0.9)] * 5), outcome("lunge", [("squat", 0.6)] * 5), outcome(UNKNOWN, [])]
    broken = Outcome(Clip(Path("broken.mp4"), "squat"), "squat", None, "no video")
    assert top_k([*clips, broken], LABELS, 1) == pytest.approx(0.5)
    assert top_k([*clips, broken], LABELS, 3) == pytest.approx(0.75)


def test_nothing_said_gives_no_curve(outcome: Make) -> None:
    empty = outcome("squat", [])
    assert coverage_curve([empty]) == [] and silence([empty]) == {} and seconds_curve([empty], seconds=(1.0,)) == [(1.0, 0.0)]
