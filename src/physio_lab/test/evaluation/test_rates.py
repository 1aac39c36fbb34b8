"""Cameras of other rates: which images they give, and what becomes of time when stamps are ignored."""

from __future__ import annotations

import numpy as np
import pytest

from physio_lab.evaluation.evaluate import Case, Setup, judge
from physio_lab.evaluation.index import Clip
from physio_lab.evaluation.rates import RATES, as_camera, rate_table

THIRTY, TRIPLED, _, NINE = RATES


def test_each_of_nine_images_a_second_is_shown_three_times_as_on_the_robot_of_the_thesis(squat: Case) -> None:
    tripled, nine = as_camera(squat, TRIPLED, stamps=False), as_camera(squat, NINE, stamps=False)
    assert tripled.sequence and nine.sequence and tripled.stamps_s is not None
    assert np.array_equal(tripled.sequence.points, np.repeat(nine.sequence.points, 3, axis=1))
    assert np.allclose(np.diff(tripled.sequence.stamps_s), 1 / 30) and np.allclose(np.diff(tripled.stamps_s), 1 / 27)


def test_stamps_tell_copies_from_images(squat: Case) -> None:
    tripled, nine = as_camera(squat, TRIPLED, stamps=True).sequence, as_camera(squat, NINE, stamps=True).sequence
    assert tripled and nine and np.array_equal(tripled.stamps_s, nine.stamps_s)


def test_without_stamps_nine_images_pass_as_a_third_of_a_second(squat: Case) -> None:
    case = as_camera(squat, NINE, stamps=False)
    assert case.sequence and case.stamps_s is not None
    assert np.allclose(np.diff(case.sequence.stamps_s), 1 / 30) and case.stamps_s[-1] == pytest.approx(53 / 9)
    stamped = as_camera(squat, NINE, stamps=True).sequence
    assert stamped and np.diff(stamped.stamps_s).mean() == pytest.approx(1 / 9, rel=0.02)


def test_the_verdict_counts_true_seconds(squat: Case) -> None:
    summary = judge(as_camera(squat, NINE, stamps=False), Setup()).summary
    assert summary and sum((*summary.named_s.values(), *summary.abstained_s.values())) == pytest.approx(6.0, abs=0.2)


def test_the_table_has_the_thesis_beside_it(squat: Case) -> None:
    broken = Case(Clip(squat.clip.path, "lunge"), None, "no video")
    rows = rate_table([squat, broken], Setup(), ("squat", "lunge", "deadlift", "push_up", "pull_up", "jumping_jack", "unknown"))
    assert [row["thesis"] for row in rows] == [0.8286, 0.8429, None, 0.6714]
    assert rows[0]["with_stamps"] == rows[0]["without_stamps"] == 0.5
