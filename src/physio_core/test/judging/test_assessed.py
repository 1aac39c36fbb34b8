"""A set is judged by its repetitions, and by the name of the movement where the recogniser was taught it."""

from __future__ import annotations

import functools
import math

import pytest

from physio_core.assessment.repetition import Outcome, score
from physio_core.exercises.catalogue import load_exercises
from physio_core.judging.assessed import AssessedJudge
from physio_core.judging.judge import Goal, JudgingConfig
from physio_core.judging.judgement import Judgement
from physio_core.types import Prediction, Reason, Skeleton, Verdict
from physio_lab.synthetic.simulated_sets import PERFECT, simulate_set
from physio_sim.patient.sets import SetPlan

EXERCISES = load_exercises()
TAUGHT = ("squat", "lunge", "unknown")
ANYTIME = JudgingConfig(getting_ready_s=0.0, right_s=2.0, wrong_s=2.0, say_after_s=0.0)


@functools.cache
def squats(persona: str = "able") -> tuple[Skeleton, ...]:
    return simulate_set(SetPlan("squat", persona, repetitions=5, view="side", seed=2), PERFECT).skeletons


class Attempt:
    """One attempt that watches squats, and is told what the recogniser names."""

    def __init__(self, asked: str = "squat", goal: Goal | None = None) -> None:
        self.judge = AssessedJudge(EXERCISES[asked], ANYTIME, -1.0, goal or Goal(3))
        self.judgements: list[Judgement] = []

    def watch(self, skeletons: tuple[Skeleton, ...], label: str, labels: tuple[str, ...] = TAUGHT) -> Judgement:
        for one in skeletons:
            self.judge.update(one, one.stamp_s)
            self.judgements.append(self.judge.update(Prediction(one.stamp_s, label, 0.9, labels), one.stamp_s))
            if self.judgements[-1].decided:
                break
        return self.judgements[-1]


def test_a_set_is_over_with_its_last_repetition_and_has_a_score():
    attempt = Attempt()
    judgement = attempt.watch(squats(), "squat")
    assert (judgement.decided, judgement.repetitions, judgement.progress) == (True, 3, 1.0)
    assert judgement.newest.outcome is Outcome.COMPLETE and judgement.newest.number == 3
    closed = attempt.judge.close()[-1]
    assert (closed.verdict, closed.seen, closed.repetitions) == (Verdict.RIGHT, "squat", 3)
    assert 50.0 < score(closed.terms) <= 100.0


def test_a_repetition_is_told_once_and_the_phase_while_it_lasts():
    attempt = Attempt(goal=Goal(5))
    attempt.watch(squats(), "squat")
    counts = [one.repetitions for one in attempt.judgements]
    assert counts == sorted(counts) and set(counts) == {0, 1, 2, 3, 4, 5}
    phases = [one.phase for one in attempt.judgements if not math.isnan(one.phase)]
    assert min(phases) == 0.0 and max(phases) > 0.45


def test_repetitions_that_the_recogniser_lets_pass_at_once_are_told_one_by_one():
    attempt, seen = Attempt(goal=Goal(5)), squats()
    late_s = seen[-1].stamp_s / 2
    attempt.watch(tuple(one for one in seen if one.stamp_s < late_s), "unknown")
    assert attempt.judgements[-1].newest is None
    attempt.watch(tuple(one for one in seen if one.stamp_s >= late_s), "squat")
    told = [one.newest.number for one in attempt.judgements if one.newest]
    assert list(dict.fromkeys(told)) == [1, 2, 3, 4, 5]
    assert all(one.repetitions == one.newest.number for one in attempt.judgements if one.newest)


def test_another_movement_ends_it_as_wrong_and_nothing_of_it_counts():
    attempt = Attempt("lunge", Goal(3))
    judgement = attempt.watch(squats(), "squat")
    closed = attempt.judge.close()[-1]
    assert judgement.decided
    assert (closed.verdict, closed.seen, closed.repetitions) == (Verdict.WRONG, "squat", 0)


def test_too_small_repetitions_are_counted_apart():
    attempt = Attempt(goal=Goal(5))
    attempt.watch(squats("half_range"), "squat")
    closed = attempt.judge.close()[-1]
    assert closed.partial >= 3 > closed.repetitions


def test_whoever_does_not_get_far_enough_comes_to_the_end_of_the_set_all_the_same():
    attempt = Attempt(goal=Goal(1))
    judgement = attempt.watch(squats("half_range"), "squat")
    assert judgement.decided and (judgement.repetitions, judgement.partial) == (0, 4)
    assert attempt.judge.close()[-1].verdict is Verdict.RIGHT


def test_what_was_made_easier_counts_sooner_from_then_on():
    attempt = Attempt(goal=Goal(5))
    attempt.judge.goal = Goal(5, extent=0.4)
    assert attempt.watch(squats("half_range"), "squat").repetitions >= 4


@pytest.mark.parametrize(("label", "verdict"), [("unknown", Verdict.RIGHT), ("squat", Verdict.RIGHT), ("lunge", Verdict.WRONG)])
def test_a_movement_that_nobody_taught_the_recogniser_is_judged_by_its_repetitions(label, verdict):
    plan = SetPlan("sit_to_stand", repetitions=4, view="side", seed=2)
    attempt = Attempt("sit_to_stand", Goal(3))
    attempt.watch(simulate_set(plan, PERFECT).skeletons, label)
    closed = attempt.judge.close()[-1]
    assert closed.verdict is verdict
    assert verdict is Verdict.WRONG or (closed.repetitions, closed.seen) == (3, "sit_to_stand")


def test_a_set_of_seconds_goes_on_until_the_session_closes_it():
    attempt = Attempt(goal=Goal(timed=True))
    assert not attempt.watch(squats(), "squat").decided
    assert attempt.judge.close()[-1].repetitions == 5


def test_without_a_number_it_is_enough_that_the_movement_is_seen():
    attempt = Attempt(goal=Goal())
    judgement = attempt.watch(squats(), "squat")
    assert judgement.decided and judgement.stamp_s < 3.0


def test_nobody_in_view_closes_unsure_and_a_camera_that_stops_is_said():
    attempt = Attempt()
    assert attempt.judge.lose_input().reason is Reason.NO_CAMERA
    closed = attempt.judge.close()[-1]
    assert (closed.verdict, closed.repetitions) == (Verdict.UNSURE, 0)


def test_what_was_seen_before_it_was_asked_for_does_not_count():
    judge = AssessedJudge(EXERCISES["squat"], ANYTIME, 1e6, Goal(3))
    for one in squats():
        assert judge.update(one, one.stamp_s).repetitions == 0
