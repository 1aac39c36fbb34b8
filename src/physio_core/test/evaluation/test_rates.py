"""Cameras of other rates: which images they give, and what becomes of time when stamps are ignored."""

from __future__ import annotations

import numpy as np
import pytest

from physio_core.evaluation.evaluate import Case, Setup, judge
from physio_core.evaluation.index import Clip
from physio_core.evaluation.rates import RATES, as_camera, rate_table

THIRTY, COPIED, _, NINE = RATES


def test_every_tenth_image_is_a_copy_and_stamps_leave_it_out(squat: Case) -> None:
    without, stamped = as_camera(squat, COPIED, stamps=False).sequence, as_camera(squat, COPIED, stamps=True).sequence
    assert without and stamped and squat.sequence
    assert np.array_equal(without.points[:, 9], without.points[:, 8]) and len(without.stamps_s) == 180
    assert not np.array_equal(without.points[:, 8], without.points[:, 7])
    assert len(stamped.stamps_s) == 162 and set(stamped.stamps_s) < set(squat.sequence.stamps_s)


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
    assert [row["thesis"] for row in rows] == [0.829, 0.843, None, 0.671]
    assert rows[0]["with_stamps"] == rows[0]["without_stamps"] == 0.5
