"""Simulated sets are planned with every persona, and counted as the live pipeline counts."""

from __future__ import annotations

import pytest

from physio_core.exercises.catalogue import load_exercises
from physio_lab.synthetic.counted_sets import PERSONAS, SetCount, count_set, figures, plans
from physio_sim.patient.sets import SetPlan


def test_plans_take_exercises_and_personas_in_turn_each_with_a_seed_of_its_own():
    found = plans(["squat", "lunge"], 12, seed=5)
    assert {one.persona for one in found} == set(PERSONAS)
    assert [one.exercise for one in found[:3]] == ["squat", "lunge", "squat"]
    assert [one.seed for one in found] == list(range(5, 17))


def test_partial_repetitions_are_right_only_of_those_who_do_not_go_all_the_way():
    half, able = (SetPlan("squat", persona, repetitions=5) for persona in ("half_range", "able"))
    counts = [SetCount(half, 1, 4), SetCount(able, 4, 1), SetCount(able, 5, 0, (0.1, -0.2)), SetCount(half, 5, 1)]
    found = figures(counts)
    assert found["exact_fraction"] == 0.75
    assert found["half_range_told_partial"] == pytest.approx(5 / 11)
    assert [one["persona"] for one in found["wrong"]] == ["able"]


def test_a_simulated_set_is_counted_at_each_return():
    found = count_set(SetPlan("squat", repetitions=3, seed=4), load_exercises())
    assert found.exact and len(found.late_s) == 3
    assert all(-1.0 < late_s < 0.3 for late_s in found.late_s)
