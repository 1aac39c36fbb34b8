"""A try of an item is scored at its end by what the hand did, on either side; else it says why and blames nobody."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from physio_core.assessment.repetition import Outcome, level_of
from physio_core.errors import ConfigError
from physio_core.exercises.catalogue import load_exercises
from physio_core.exercises.hand import HandDefinition
from physio_core.hands.scoring import ITEMS as SCORED
from physio_core.judging.judge import Goal, JudgingConfig
from physio_core.judging.panel import Panel
from physio_core.judging.tried import TriedJudge
from physio_core.motion.hand import hand_frames
from physio_core.motion.hand_movements import hand_movement_named
from physio_core.types import Hand, Reason, Side, Skeleton, Tracking, Verdict
from physio_lab.synthetic.hand_noise import EXACT_HANDS, hands_like
from physio_lab.synthetic.hand_trials import HandTrial, impairment_of, patient_of, trial_of
from physio_sim.patient.hand_performance import HandTask, perform_hand
from physio_sim.patient.hand_views import shown

EXERCISES = load_exercises()
EXERCISE = EXERCISES["hand_mass_flexion"]
ITEMS = {one.hand.item: one for one in EXERCISES.values() if one.hand and one.hand.item}
START_S = 5.0
ONCE = Goal(1)


def attempt(level=2, goal=ONCE, number=0, sees=lambda at, hand: hand, item="mass_flexion"):
    """The judge after it watched one simulated try that is meant for a level, and the try."""
    made = next(
        one for seed in range(20) if (one := trial_of(patient_of(number), item, (seed,), EXACT_HANDS, level)).level == level
    )
    judge = Panel().judge(ITEMS[item], JudgingConfig(), 0.0, goal)
    assert isinstance(judge, TriedJudge)
    skeletons = list(made.skeletons())
    skeletons = [replace(skeletons[0], stamp_s=at / 30) for at in range(45)] + [
        replace(one, stamp_s=1.5 + one.stamp_s) for one in skeletons
    ]
    skeletons += [replace(skeletons[-1], stamp_s=skeletons[-1].stamp_s + at / 30) for at in range(1, 45)]
    for at, one in enumerate(skeletons):
        hand = sees(at, Hand(replace(one, stamp_s=START_S + one.stamp_s), made.side))
        if judge.update(hand, hand.stamp_s - START_S).decided:
            break
    return judge, made


@pytest.mark.parametrize("number", [0, 1])
def test_a_whole_movement_gets_2_and_is_right_at_its_end_on_either_side(number):
    judge, made = attempt(number=number)
    newest = judge.close()[-1]
    assert (newest.verdict, newest.repetitions, newest.decided) == (Verdict.RIGHT, 1, True)
    assert newest.newest.side is Side(made.side)
    assert level_of(newest.terms) == 2 and newest.newest.outcome is Outcome.COMPLETE


@pytest.mark.parametrize("item", ITEMS)
def test_every_item_that_ships_is_scored_by_its_own_movement(item):
    judge, _ = attempt(item=item)
    told = judge.close()[-1]
    assert (told.verdict, level_of(told.terms), told.seen) == (Verdict.RIGHT, 2, ITEMS[item].name)


def half_way(item, number):
    """A hand that goes half the way again and again with rests between, as the estimator sees it."""
    patient, movement, rng = patient_of(number, 5), hand_movement_named(item), np.random.default_rng(number)
    hand = replace(impairment_of(2, rng), range=0.5, delay_s=1.5)
    task = HandTask(movement.way, patient.side, 4, hold_s=1.0, between_s=1.5, move_s=1.0)
    made = perform_hand(task, hand, number)
    still = np.zeros_like(made.motion.wrist_m) + [0.0, 0.08, 0.5]
    frames = hand_frames(patient.shape, shown(made.motion, "palm", still))
    found, there = hands_like(frames, task.fps, rng)
    return HandTrial(item, 1, patient, patient.side, hand, made, frames.points_m, found, there)


@pytest.mark.parametrize("item", ["hook", "mass_extension"])
def test_a_small_movement_is_over_when_the_hand_is_back_whatever_the_estimator_errs(item):
    over, right = 0, 0
    for number in range(4):
        made = half_way(item, number)
        judge = Panel().judge(ITEMS[item], JudgingConfig(), 0.0, ONCE)
        for one in made.skeletons():
            told = judge.update(Hand(replace(one, stamp_s=START_S + one.stamp_s), made.side), one.stamp_s)
            if told.decided:
                break
        right += level_of(judge.close()[-1].terms) == 1
        over += one.stamp_s < ITEMS[item].hand.try_s
    assert over >= 3 and right >= 3


def test_each_item_of_the_scorer_has_an_exercise():
    assert set(ITEMS) == set(SCORED)


def test_a_hand_that_hardly_moves_gets_0_when_the_time_is_up_and_is_asked_again():
    judge, _ = attempt(level=0)
    told = judge.close()[-1]
    assert (told.verdict, level_of(told.terms)) == (Verdict.WRONG, 0)


def test_a_hand_that_is_away_for_too_long_is_not_scored_and_says_so():
    def away(at, hand):
        return hand if at < 60 or at % 3 == 0 else Hand(Skeleton(hand.stamp_s, Tracking.NOBODY, "hand_21"))

    judge, _ = attempt(sees=away)
    told = judge.close()[-1]
    assert told.verdict is Verdict.UNSURE and told.terms == () and told.repetitions == 0
    assert told.newest.outcome is Outcome.INTERRUPTED and told.newest.faults[0].name == "try_not_seen"


def test_the_other_hand_is_no_try():
    _, made = attempt()
    other = Side.LEFT if made.side == "right" else Side.RIGHT
    judge, _ = attempt(goal=Goal(1, other))
    told = judge.close()[-1]
    assert told.verdict is Verdict.UNSURE and told.reason is Reason.WRONG_HAND and level_of(told.terms) is None


def test_nothing_is_corrected_while_a_try_lasts():
    told = []
    judge = Panel().judge(EXERCISE, JudgingConfig(), 0.0, Goal(1))
    for one in trial_of(patient_of(3), "mass_flexion", (2,), EXACT_HANDS, 1).skeletons():
        hand = Hand(replace(one, stamp_s=START_S + one.stamp_s), patient_of(3).side)
        told.append(judge.update(hand, one.stamp_s))
    assert {one.verdict for one in told} <= {Verdict.NONE, Verdict.UNSURE, Verdict.RIGHT}
    assert all(one.now is None for one in told)
    assert np.all(np.diff([one.progress for one in told if not one.decided]) >= 0.0)


def test_an_item_that_is_none_is_refused_by_name():
    with pytest.raises((ConfigError, ValueError), match="'mass_flexon' is not one of: mass_flexion"):
        HandDefinition(good={"index_pip_flexion": {"low": 10}}, item="mass_flexon")
