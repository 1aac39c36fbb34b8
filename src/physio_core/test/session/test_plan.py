"""The list is followed, chance never repeats itself, and the number of rounds is right."""

from __future__ import annotations

import itertools

import pytest

from physio_core.errors import ConfigError, UnknownExercise
from physio_core.exercises.catalogue import load_exercises
from physio_core.session.plan import Plan, PlanConfig
from physio_core.session.prescription import Prescription

CATALOGUE = load_exercises()


def plan(**config: object) -> Plan:
    return Plan(CATALOGUE, PlanConfig(**config))


def name(wanted: Prescription | None) -> str:
    return wanted.exercise if wanted else ""


def taken(made: Plan, count: int) -> list[str]:
    return [name(made.take()) for _ in range(count)]


def test_a_list_is_followed_once_and_tells_its_length_and_what_follows():
    made = plan(mode="list", exercises=("squat", "squat", "lunge"))
    seen = [(name(made.upcoming), name(made.take()), made.round, made.rounds) for _ in range(4)]
    assert seen == [("squat", "squat", 1, 3), ("squat", "squat", 2, 3), ("lunge", "lunge", 3, 3), ("", "", 3, 3)]


def test_random_never_repeats_and_keeps_to_the_choice():
    names = taken(plan(exercises=("squat", "lunge", "push_up"), seed=3), 20)
    assert set(names) == {"squat", "lunge", "push_up"}
    assert all(first != second for first, second in itertools.pairwise(names))


def test_one_seed_gives_one_order_and_looking_ahead_does_not_change_it():
    ahead = plan(seed=7)
    assert [(ahead.upcoming, name(ahead.take()))[1] for _ in range(8)] == taken(plan(seed=7), 8) != taken(plan(seed=8), 8)


@pytest.mark.parametrize(
    ("config", "rounds", "names"),
    [({"rounds": 2, "seed": 1}, 2, 2), ({}, 0, 5), ({"mode": "list", "rounds": 1}, 1, 1), ({"mode": "request"}, 0, 0)],
)
def test_the_number_of_rounds_is_known_where_there_is_one(config, rounds, names):
    made = plan(**config)
    assert made.rounds == rounds
    assert len([one for one in taken(made, 5) if one]) == names


@pytest.mark.parametrize(("mode", "rounds", "then"), [("request", 2, False), ("list", 2, False), ("random", 0, True)])
def test_a_request_takes_the_place_of_what_was_left_and_counts_from_one(mode, rounds, then):
    made = plan(mode=mode)
    made.take()
    made.begin((Prescription("squat"), Prescription("lunge")))
    assert (name(made.take()), made.round, made.rounds) == ("squat", 1, rounds)
    assert name(made.take()) == "lunge"
    assert bool(made.take()) is then


@pytest.mark.parametrize("mode", ["request", "list", "random"])
def test_a_request_longer_than_the_rounds_that_are_set_is_done_whole(mode):
    made = plan(mode=mode, rounds=2)
    made.begin(tuple(map(Prescription, ("squat", "lunge", "squat"))))
    assert (made.rounds, taken(made, 4)) == (3, ["squat", "lunge", "squat", ""])
    made.end()
    assert len([one for one in taken(made, 9) if one]) == (2 if mode == "random" else 0)


def test_what_is_dropped_never_comes():
    made = plan(mode="list", exercises=("squat", "lunge", "squat"))
    assert made.drop(("squat", "plank")) == ("squat",)
    assert (made.rounds, taken(made, 2)) == (1, ["lunge", ""])
    nothing_left = plan(exercises=("squat",))
    nothing_left.drop(("squat",))
    assert nothing_left.take() is None


def test_a_list_with_an_unknown_exercise_is_refused_at_start():
    with pytest.raises(UnknownExercise, match="headstand"):
        plan(exercises=("headstand",))


@pytest.mark.parametrize("seed", range(1, 6))
def test_what_was_drawn_already_comes_unless_it_is_dropped(seed):
    dropped, kept = (plan(exercises=("squat", "lunge", "push_up"), seed=seed) for _ in range(2))
    ahead = name(dropped.upcoming)
    assert name(kept.upcoming) == ahead
    dropped.drop((ahead,))
    assert name(dropped.take()) not in ("", ahead)
    kept.drop(tuple({"squat", "lunge", "push_up"} - {ahead})[:1])
    assert name(kept.take()) == ahead


@pytest.mark.parametrize(
    ("config", "starts"),
    [({}, True), ({"mode": "list"}, True), ({"mode": "request"}, False), ({"mode": "request", "exercises": ("squat",)}, False)],
)
def test_a_plan_starts_by_itself_where_it_has_something_to_ask_for_without_a_request(config, starts):
    assert plan(**config).starts_by_itself is starts


def test_a_plan_that_is_done_does_not_start_by_itself_again():
    made = plan(mode="list", exercises=("squat",))
    made.take()
    assert not made.starts_by_itself


def test_a_name_is_no_code_of_a_patient():
    with pytest.raises(ConfigError, match="patient 'John Doe': give a code"):
        plan(patient="John Doe")
