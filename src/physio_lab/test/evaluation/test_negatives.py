"""Wrong names are counted as they are said, of those who do not exercise."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from physio_core.errors import InputError
from physio_core.types import UNKNOWN
from physio_lab.datasets.parquet import write_parquet
from physio_lab.datasets.sequence import SkeletonSequence
from physio_lab.evaluation.evaluate import Outcome
from physio_lab.evaluation.negatives import both, negative_cases, wrong_names
from physio_lab.synthetic.daily_life import daily_life

LABELS = ("squat", "lunge", UNKNOWN)


def test_a_name_counts_once_for_as_long_as_it_stands(outcome: Callable[..., Outcome]) -> None:
    said = [(label, 0.9) for label in [UNKNOWN] * 5 + ["squat"] * 12 + ["lunge"] * 3 + [UNKNOWN] * 10 + ["squat"] * 6]
    found = wrong_names([outcome(UNKNOWN, said), outcome("squat", said)])  # who squats is no negative
    assert (found["wrong_names"], found["lasting"]) == (3, 1)
    assert found["hours"] == pytest.approx(3.6 / 3600) and found["wrong_names_per_hour"] == pytest.approx(3000.0)
    assert found["named_s"] == pytest.approx({"lunge": 0.3, "squat": 1.8})


def test_without_anybody_who_does_something_else_there_is_no_rate(outcome: Callable[..., Outcome]) -> None:
    found = both([outcome("squat", [("lunge", 0.9)] * 5)], [])
    assert found["wrong_names_per_hour"] is None and found["set"] is None and found["clips"]["hours"] == 0.0


def test_a_minute_of_daily_life_is_a_set_of_negatives(tmp_path: Path) -> None:
    minute, again = next(daily_life(1, 3)), next(daily_life(1, 3))
    np.testing.assert_array_equal(minute.points, again.points)
    assert minute.label == UNKNOWN and minute.stamps_s[-1] == pytest.approx(60.0, abs=0.1)
    write_parquet(tmp_path / "set.parquet", [minute])
    case = negative_cases(str(tmp_path / "set.parquet"), "openpose_18", LABELS)[0]
    assert not case.marked and case.sequence is not None and len(case.sequence.stamps_s) == 900


def test_exercises_among_negatives_are_refused(tmp_path: Path, film: Callable[..., SkeletonSequence]) -> None:
    write_parquet(tmp_path / "set.parquet", [replace(film("squat", 1.0), name="a")])
    with pytest.raises(InputError, match="shows squat, which the model names"):
        negative_cases(str(tmp_path / "set.parquet"), "openpose_18", LABELS)
