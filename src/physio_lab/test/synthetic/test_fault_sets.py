"""How faults are measured on simulated patients: what is true, what is found, and what counts as right."""

from __future__ import annotations

import argparse
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from physio_core.exercises.catalogue import load_exercises
from physio_lab.synthetic import fault_commands
from physio_lab.synthetic.fault_sets import CLEAR, Finding, SetResult, figures, measure, plans, rates
from physio_sim.patient.faults import FAULTS
from physio_sim.patient.sets import SetPlan

EXERCISES = load_exercises()


def finding(size: float, found: float, same_way: bool = True) -> Finding:
    return Finding("squat", "depth", size, found, "deg", same_way)


def test_a_fault_told_the_wrong_way_round_is_neither_right_nor_found():
    some = [finding(5, 6), finding(5, 0), finding(0, 4), finding(9, 9, same_way=False), finding(0, 0)]
    assert rates(some) == {"precision": 1 / 3, "recall": 1 / 3, "told": 3, "there": 3, "looked_at": 5}
    assert rates([])["precision"] is None and figures([])["n"] == 0


def test_what_cannot_be_told_counts_neither_way_but_in_the_strict_figures():
    some = [finding(5, 6), replace(finding(1, 0), borderline=True), replace(finding(0, 4), borderline=True)]
    plan = SetPlan(exercise="squat")
    found = figures([SetResult(plan, 1, 1, tuple(some), (1.0, -3.0), (), 2, 0)])
    assert (found["precision"], found["recall"], found["borderline"], found["borderline_there"]) == (1.0, 1.0, 2, 1)
    assert (found["strict_precision"], found["strict_recall"]) == (0.5, 0.5)
    assert found["angle_error_p95_deg"] == pytest.approx(2.9) and found["other_angle_error_p95_deg"] is None
    assert (found["ranges_told"], found["ranges_true"]) == (1, 2)


def test_an_injected_fault_is_enlarged_until_it_is_clear():
    plan = SetPlan(exercise="squat", persona="too_slow=5", repetitions=2, view="side", seed=5)
    result = measure(plan, EXERCISES["squat"])
    slow = [one for one in result.findings if one.fault == "too_slow"]
    least_s = CLEAR * EXERCISES["squat"].faults["too_slow"].margin
    assert slow and float(np.median([one.size for one in slow])) > 0.8 * least_s
    assert result.plan.persona != plan.persona


def test_plans_take_each_exercise_in_turn_with_faults_that_it_can_have_and_are_the_same_again():
    made = plans(200, 7, EXERCISES)
    assert made == plans(200, 7, EXERCISES) != plans(200, 8, EXERCISES)
    assert sum(plan.repetitions for plan in made) == 200
    assert {plan.exercise for plan in made} == {name for name, one in EXERCISES.items() if one.repetition and one.faults}
    for plan in made:
        for part in () if plan.persona == "able" else plan.persona.split("+"):
            assert plan.exercise in FAULTS[part.split("=")[0]].exercises


def test_a_shallow_squat_is_found_too_shallow_and_a_good_one_is_not():
    shallow, good = (
        measure(SetPlan(exercise="squat", persona=persona, repetitions=3, view="side", seed=5), EXERCISES["squat"])
        for persona in ("range=45", "able")
    )
    depth = [one for one in shallow.findings if one.fault == "depth"]
    assert shallow.counted >= 2 and all(one.size > 5.0 and one.found > 5.0 for one in depth) and depth
    assert not any(one.found for one in good.findings if one.fault == "depth")
    assert good.errors_in_plane_deg and good.not_measured > 0, "knees falling in are not seen from the side"


def test_the_command_prints_a_row_for_each_fault_and_writes_the_figures(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    parser = argparse.ArgumentParser()
    fault_commands.add_evaluate(parser.add_subparsers(), "evaluate")
    options = parser.parse_args(["evaluate", "--repetitions", "5", "--seed", "3", "--json", str(tmp_path / "f.json")])
    assert options.run(options) == 0
    found = json.loads((tmp_path / "f.json").read_text())
    figure = {"n", "precision", "recall", "angle_error_p95_deg", "strict_precision", "strict_recall", "borderline", "faults"}
    assert figure <= set(found) and found["seed"] == 3
    printed = capsys.readouterr().out
    assert all(fault in printed for fault in found["faults"]) and "repetitions counted" in printed
