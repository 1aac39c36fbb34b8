"""Tables of finger tapping are read whole or refused with their line; people are dealt, and figures are of what was told."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from physio_core.errors import InputError
from physio_lab.scoring.tapping import Taps, figures, joined, parts_of, read_taps, told

TABLE = "subject,age,speed,period,Rating\np1,70,3.5,0.2,1\np2,60,,inf,4\n"


def test_what_was_measured_is_read_and_what_is_about_the_person_is_not(tmp_path: Path) -> None:
    file = tmp_path / "taps.csv"
    file.write_text(TABLE)
    taps = read_taps(file)
    assert taps.names == ("speed", "period")
    np.testing.assert_array_equal(taps.features, [[3.5, 0.2], [np.nan, np.nan]])
    assert taps.ratings.tolist() == [1, 4] and taps.subjects.tolist() == ["p1", "p2"]
    assert read_taps(file, ("period",)).features.shape == (2, 1)
    both = joined(taps, taps)
    assert both.features.shape == (4, 2) and both.ratings.tolist() == [1, 4, 1, 4]


@pytest.mark.parametrize(
    ("table", "says"),
    [
        (TABLE.replace("p2", ""), "line 3: no subject; who it is decides who may teach"),
        (TABLE.replace("3.5", "fast"), "line 2: speed is 'fast'; measured columns hold numbers"),
        (TABLE.replace("0.2,1", "0.2,5"), "line 2: rating '5'; ratings are 0 to 4"),
        (TABLE.replace("0.2,1", "0.2,1.0"), "line 2: rating '1.0'"),
        ("subject,age,Rating\np1,70,1\n", "has 1 videos and 0 measured columns"),
        (TABLE.splitlines()[0], "has 0 videos and 2 measured columns"),
        ("subject,speed\np1,3.5\n", "rating"),
    ],
)
def test_a_table_that_cannot_be_used_is_refused_with_its_line(tmp_path: Path, table: str, says: str) -> None:
    (tmp_path / "taps.csv").write_text(table)
    with pytest.raises(InputError, match="taps.csv") as refusal:
        read_taps(tmp_path / "taps.csv")
    assert says in str(refusal.value)


def taps_of(subjects: list[str], ratings: list[int]) -> Taps:
    return Taps(("speed",), np.arange(float(len(ratings)))[:, None], np.array(ratings), np.array(subjects))


def test_people_are_dealt_whole_into_parts_that_are_all_of_them() -> None:
    taps = taps_of(["a", "b", "a", "c", "b", "d"], [0] * 6)
    parts = parts_of(taps, 3)
    assert sorted(np.concatenate(parts).tolist()) == list(range(6)) and len(parts) == 3
    who = [set(taps.subjects[part].tolist()) for part in parts]
    assert sum(map(len, who)) == len(set.union(*who)) == 4
    with pytest.raises(InputError, match="videos of a only; to measure others, give two people or more, or --test"):
        parts_of(taps_of(["a", "a"], [0, 1]))


def test_of_each_part_only_the_others_tell() -> None:
    taps = taps_of(["a", "a", "b", "c"], [4, 4, 0, 0])
    said = told(taps, [np.array([0, 1]), np.array([2])], ["usual"])["usual"]
    np.testing.assert_array_equal(said, [0.0, 0.0, 4.0, np.nan])


def test_figures_are_of_whole_ratings_and_of_the_numbers_before() -> None:
    taps = taps_of(["a", "b", "c", "d"], [0, 1, 2, 3])
    found = figures(taps, np.array([0.4, 1.4, 3.4, np.nan]))
    assert (found["n"], found["subjects"]) == (3, 3)
    assert found["mae"] == pytest.approx(1 / 3) and found["accuracy"] == pytest.approx(2 / 3)
    assert found["mae_unrounded"] == pytest.approx((0.4 + 0.4 + 1.4) / 3) and found["pearson"] > 0.9
    for name in ("mae", "accuracy", "mae_unrounded"):
        assert found[f"{name}_interval"]["low"] <= found[name] <= found[f"{name}_interval"]["high"]
    assert figures(taps, np.ones(4))["pearson"] == 0.0
