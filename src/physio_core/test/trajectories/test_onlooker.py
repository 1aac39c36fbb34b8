"""Whether another path is drawn than was asked for: by what one camera tells well, and only where it is sure."""

from __future__ import annotations

import math

import numpy as np
import pytest

from physio_core.trajectories.body import ArmPlace
from physio_core.trajectories.classifier import PathClassifier, labels
from physio_core.trajectories.onlooker import OTHER_WAYS, STEP, SURE, Onlooker, other_way, told_of
from physio_core.trajectories.types import ideal, load_types

REACH_M = 0.56


class Counting(PathClassifier):
    """Counts how often it is asked."""

    asked = 0

    def name_so_far(self, path, reach_m):
        self.asked += 1
        return super().name_so_far(path, reach_m)


@pytest.fixture(scope="module")
def namer():
    return Counting()


def look_at(onlooker, path, since_s=0.0, share=1.0):
    """What is said after each point."""
    said = []
    for at_s, place in zip(path.stamps_s, path.positions_m, strict=True):
        if at_s <= share * path.duration_s:
            onlooker.push(ArmPlace(float(at_s), place, REACH_M), since_s)
            said.append(onlooker.other)
    return said


def test_every_pair_of_types_looks_alike_or_has_a_sentence():
    found = {other_way(asked, made) for asked in load_types() for made in load_types()}
    assert found == {"", *OTHER_WAYS}
    assert not any(other_way(kind, kind) for kind in load_types())
    assert other_way("clock_m", "clock_big") == "" and other_way("v_45", "v_180") == ""  # place, size and depth: the score says
    assert (other_way("clock_m", "counter_t"), other_way("h_u", "v_90"), other_way("d_l", "d_r")) == (
        "other_way", "upright_arc", "other_slant",
    )  # fmt: skip


def test_what_is_not_sure_is_not_told():
    even = dict.fromkeys(labels(), 0.0)
    assert told_of("clock_m", {**even, "counter_b": 0.5, "counter_m": SURE - 0.45}) == "other_way"
    assert told_of("clock_m", {**even, "counter_b": SURE - 0.01, "unknown": 0.11}) == ""
    assert told_of("clock_m", {**even, "counter_b": 0.5, "d_l": 0.5}) == ""


def test_a_circle_is_told_while_it_is_drawn_and_asked_about_by_way_not_by_image(namer):
    namer.asked = 0
    path = ideal("counter_big", 0.9 * REACH_M, count=600)
    said = look_at(Onlooker("clock_big", "left", namer), path)
    told = said.index("other_way") / len(said)
    assert 0.25 < told < 0.75 and set(said) == {"", "other_way"}
    assert 2 <= namer.asked <= path.length_m / REACH_M / STEP


@pytest.mark.parametrize("asked", ["d_l", "h_u", "clock_m"])
def test_an_arc_may_be_a_part_of_something_so_it_is_told_at_its_end_alone(namer, asked):
    path = ideal("v_135", 0.9 * REACH_M)
    onlooker = Onlooker(asked, "left", namer)
    assert set(look_at(onlooker, path)) == {""}
    onlooker.end(0.0, path.duration_s)
    assert onlooker.other == ("upright_arc" if asked == "h_u" else "arc")


def test_a_hand_that_is_lifted_is_no_path(namer):
    onlooker = Onlooker("d_l", "left", namer)
    path = ideal("v_135", 0.9 * REACH_M)
    half = path.between(0.0, path.duration_s / 2.0)
    look_at(onlooker, half)
    onlooker.end(0.0, half.duration_s)
    assert onlooker.other == ""


def test_what_was_said_stands_until_the_next_path_is_begun_or_somebody_else_is_there(namer):
    path = ideal("counter_big", 0.9 * REACH_M)
    onlooker = Onlooker("clock_big", "left", namer)
    look_at(onlooker, path)
    onlooker.push(ArmPlace(path.duration_s + 0.1, path.positions_m[-1], REACH_M), math.nan)
    assert onlooker.other == "other_way"
    onlooker.push(ArmPlace(path.duration_s + 0.2, path.positions_m[-1], REACH_M), path.duration_s + 0.2)
    assert onlooker.other == ""
    look_at(onlooker, path)
    onlooker.reset()
    assert onlooker.other == ""


def test_where_the_path_that_hangs_there_looks_like_another_itself_nothing_is_said(namer):
    path = ideal("counter_big", 0.9 * REACH_M)
    onlooker = Onlooker("clock_big", "left", namer)
    onlooker.compare(path, REACH_M)
    assert set(look_at(onlooker, path)) == {""}
    onlooker.end(0.0, path.duration_s)
    assert onlooker.other == ""
    onlooker.compare(ideal("clock_big", 0.9 * REACH_M), REACH_M)
    onlooker.reset()
    assert "other_way" in look_at(onlooker, path)


def test_too_little_that_was_seen_says_nothing(namer):
    onlooker = Onlooker("clock_big", "left", namer)
    for number in range(3):
        onlooker.push(ArmPlace(float(number), np.array([0.3, 0.3 * number, 0.0]), REACH_M), 0.0)
    onlooker.end(0.0, 2.0)
    assert onlooker.other == ""
