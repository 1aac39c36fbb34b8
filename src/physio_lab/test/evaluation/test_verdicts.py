"""Praise and blame are counted where they are due and where they are not, each clip alike."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from physio_core.types import UNKNOWN, Verdict
from physio_lab.evaluation.attempt import Attempt
from physio_lab.evaluation.coaching import CoachSetup, Patient, coach, coach_all
from physio_lab.evaluation.evaluate import Case
from physio_lab.evaluation.index import Clip
from physio_lab.evaluation.verdicts import figures

R, W, U = Verdict.RIGHT, Verdict.WRONG, Verdict.UNSURE


def patient(truth: str, squat: Verdict, lunge: Verdict, deadlift: Verdict, wait_s: float = 3.0) -> Patient:
    told = {"squat": squat, "lunge": lunge, "deadlift": deadlift}
    seen = {R: "", W: truth, U: ""}
    attempts = tuple(Attempt(asked, verdict, seen[verdict] or asked, wait_s=wait_s) for asked, verdict in told.items())
    return Patient(Clip(Path(f"{truth}.mp4"), truth, "A"), truth, attempts, attempts)


def test_a_coach_who_is_always_true_has_no_false_verdict():
    got = figures([patient("squat", R, W, W), patient("lunge", W, R, W), patient(UNKNOWN, U, U, U)])
    assert [got[name] for name in ("n", "right_when_right", "wrong_when_wrong")] == [3, 1.0, 1.0]
    assert [got[name] for name in ("false_praise", "false_blame", "unsure")] == [0.0, 0.0, 0.0]
    assert got["false_verdicts"] == [] and got["unknown"] == {"n": 1, "right": 0.0, "wrong": 0.0, "unsure": 1.0}


def test_praise_for_what_was_not_shown_is_false_also_where_no_exercise_was_shown():
    got = figures([patient("squat", R, R, W), patient(UNKNOWN, R, U, U), patient("lunge", W, R, W)])
    assert got["false_praise"] == pytest.approx((1 / 2 + 1 / 3 + 0) / 3)
    assert got["counts"]["false_praise"] == {"counted": 2, "attempts": 7, "clips": 3, "groups": 3}
    assert [(one["shown"], one["asked"], one["verdict"]) for one in got["false_verdicts"]] == [
        ("squat", "lunge", "right"), (UNKNOWN, "squat", "right"),
    ]  # fmt: skip


def test_blame_for_what_was_asked_is_false():
    got = figures([patient("squat", W, W, W), patient("lunge", W, R, W), patient(UNKNOWN, W, W, W)])
    assert (got["false_blame"], got["right_when_right"]) == (0.5, 0.5)
    interval = got["intervals"]["false_blame"]
    assert 0.0 < interval["low"] < 0.1 and 0.9 < interval["high"] < 1.0  # two clips say little


def test_clips_of_one_person_say_as_little_as_one_clip():
    clips = [patient("squat", R, W, W), patient("lunge", W, R, W)]
    alike = [replace(one, clip=replace(one.clip, subject="p01")) for one in clips]
    apart, together = (figures(some)["intervals"]["right_when_right"] for some in (clips, alike))
    assert together["low"] < apart["low"]


def test_a_clip_is_as_often_asked_for_its_own_exercise_as_for_others():
    assert figures([patient("squat", U, W, W)])["unsure"] == 0.5
    assert figures([patient("squat", R, U, W)])["unsure"] == 0.25


def test_seconds_are_those_of_true_verdicts():
    got = figures([patient("squat", R, U, U, 3.0), patient("lunge", W, U, W, 7.0), patient("deadlift", R, R, W, 99.0)])
    assert (got["seconds_to_right_median"], got["seconds_to_wrong_median"], got["seconds_to_verdict_median"]) == (3.0, 7.0, 5.0)


def test_a_clip_that_cannot_be_used_counts_as_unsure_and_hides_nothing():
    broken = Patient(Clip(Path("x.mp4"), "squat"), "squat", error="no video")
    got = figures([broken, patient("squat", R, R, W)])
    assert (got["right_when_right"], got["wrong_when_wrong"]) == (0.5, 0.25)
    assert (got["unsure"], got["false_praise"], got["failed"]) == (0.5, 0.5, ["x.mp4"])


def test_without_any_clip_of_an_exercise_there_is_no_rate():
    got = figures([patient(UNKNOWN, U, U, U)])
    assert got["right_when_right"] is got["intervals"]["unsure"] is got["seconds_to_verdict_median"] is None
    assert got["false_praise"] == 0.0 and got["by_exercise"].keys() == {UNKNOWN}


def test_a_third_exercise_named_instead_of_the_one_shown_is_told():
    one = patient("squat", R, W, W)
    other = replace(one, attempts=(*one.attempts[:2], replace(one.attempts[2], seen="push_up")))
    assert figures([other])["wrong_names"] == 0.5


def test_a_short_clip_is_played_on_until_the_coach_has_decided(squat: Case):
    got = coach(squat, CoachSetup())
    told = {one.asked: one.verdict for one in got.attempts}
    assert told == dict.fromkeys(told, W) | {"squat": R} and got.truth == "squat"
    assert {one.asked: one.verdict for one in got.once} == dict.fromkeys(told, U) | {"squat": R}


def test_broken_clips_are_reported_and_several_processes_say_the_same_as_one(squat: Case):
    broken = Case(Clip(Path("gone.mp4"), "lunge"), None, "no video")
    still = replace(squat, sequence=replace(squat.sequence, points=np.repeat(squat.sequence.points[:, :1], 90, axis=1),
                    confidence=squat.sequence.confidence[:, :90], stamps_s=squat.sequence.stamps_s[:90]))  # fmt: skip
    one, two = (coach_all([broken, still], CoachSetup(), workers) for workers in (1, 2))
    assert one == two and one[0].error == "no video" and {got.verdict for got in one[1].attempts} == {U}
