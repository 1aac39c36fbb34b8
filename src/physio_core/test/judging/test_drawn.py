"""Paths that are drawn: stars are lit, each attempt has a score and a grade, and the next path follows from it."""

from __future__ import annotations

import functools
import math
from dataclasses import replace

import numpy as np
import pytest

from physio_core.assessment.repetition import OTHER_PATH, Outcome
from physio_core.errors import ConfigError, InputError
from physio_core.exercises.catalogue import load_exercises
from physio_core.judging.drawn import DrawnJudge
from physio_core.judging.judge import Goal, JudgingConfig
from physio_core.judging.judgement import Judgement
from physio_core.trajectories.arm import human_arm
from physio_core.trajectories.drawing import PathWanted
from physio_core.trajectories.types import ideal
from physio_core.trajectories.weight import weight_of
from physio_core.types import Reason, Side, Skeleton, Tracking, Verdict
from physio_lab.synthetic.simulated_sets import PERFECT, simulate_set
from physio_sim.patient.sets import SetPlan

EXERCISES = load_exercises()


@functools.cache
def drawn(exercise: str, side: str, repetitions: int = 1) -> tuple[Skeleton, ...]:
    return simulate_set(SetPlan(exercise, side=side, repetitions=repetitions, view="front", seed=2), PERFECT).skeletons


def watch(exercise: str, skeletons: tuple[Skeleton, ...], goal: Goal) -> tuple[DrawnJudge, list[Judgement]]:
    judge = DrawnJudge(EXERCISES[exercise], JudgingConfig(), -1.0, goal)
    return judge, [judge.update(one, one.stamp_s) for one in skeletons]


@pytest.mark.parametrize(
    ("exercise", "side"), [("draw_circle_clockwise", "right"), ("draw_line_aslant", "left"), ("draw_arc_upright", "right")]
)
def test_a_path_that_is_drawn_lights_its_stars_and_has_a_score_and_a_grade(exercise, side):
    judge, seen = watch(exercise, drawn(exercise, side, 2), Goal(2, Side(side)))
    lit = [one.drawing.lit for one in seen if one.drawing]
    assert max(lit) == 12 and lit[0] == 0
    done = [one.newest for one in seen if one.newest]
    assert {one.outcome for one in done} == {Outcome.COMPLETE} and seen[-1].decided
    assert min(one.score for one in done) > 76.0 and {one.drawing.grade for one in done} == {1}
    assert judge.close()[-1].verdict is Verdict.RIGHT
    assert "plane" in seen[-1].not_measured and not any(term.name == "plane" for term in seen[-1].terms)


def test_the_next_path_lies_between_the_patients_own_and_the_ideal():
    _, seen = watch("draw_circle_clockwise", drawn("draw_circle_clockwise", "left", 2), Goal(2, Side.LEFT))
    first = next(one.newest.drawing for one in seen if one.newest)
    assert 0.1 < first.weight < 0.3
    own, wanted, following = (np.mean(one, axis=0) for one in (first.trail, first.ideal, first.following))
    assert np.linalg.norm(following - wanted) < np.linalg.norm(own - wanted)
    hung = [one.drawing.stars for one in seen if one.drawing]
    assert hung[0] != hung[-1]


def test_who_is_asked_for_less_gets_a_smaller_path_with_more_of_her_own():
    skeletons = drawn("draw_circle_clockwise", "left", 3)
    seen = {extent: watch("draw_circle_clockwise", skeletons, Goal(3, Side.LEFT, extent))[1] for extent in (0.8, 1.0)}
    eased, usual = (next(one.newest for one in seen[extent] if one.newest) for extent in (0.8, 1.0))
    told = [weight_of(one.score, easier=more) for one, more in ((eased, 0.2), (usual, 0.0))]
    assert [eased.drawing.weight, usual.drawing.weight] == pytest.approx(told, abs=1e-3)
    assert np.ptp(eased.drawing.ideal, axis=0)[2] == pytest.approx(0.8 * np.ptp(usual.drawing.ideal, axis=0)[2], abs=0.005)
    assert seen[1.0][-1].expected > 76.0 and math.isnan(next(one for one in seen[1.0] if one.newest).expected)


def test_a_circle_the_other_way_round_is_told_while_it_is_drawn_and_does_not_count():
    judge, seen = watch("draw_circle_counterclockwise", drawn("draw_circle_clockwise", "left", 2), Goal(1, Side.LEFT))
    made = [one.newest for one in seen if one.newest]
    first = made[0]
    told = next(one for one in seen if one.now)
    assert first.start_s + 1.0 < told.stamp_s < first.end_s - 0.2
    assert (told.verdict, told.seen, told.now.name, told.now.direction) == (Verdict.WRONG, "", OTHER_PATH, "other_way")
    assert (first.outcome, first.terms, [one.direction for one in first.faults]) == (Outcome.WRONG, (), ["other_way"])
    assert (first.drawing.grade, first.drawing.type) == (0, "counter_m") and len(first.drawing.trail) > 8
    assert (seen[-1].repetitions, seen[-1].partial, seen[-1].progress) == (0, 0, 0.0)
    assert made[-1].number == 2 and seen[-1].decided  # it is shown once more
    closed = judge.close()[-1]
    assert (closed.verdict, closed.now.direction) == (Verdict.WRONG, "other_way")


def test_who_draws_very_slowly_gets_a_score_and_a_next_path_too():
    slow = tuple(replace(one, stamp_s=4.5 * one.stamp_s) for one in drawn("draw_circle_clockwise", "left"))
    judge, _ = watch("draw_circle_clockwise", slow, Goal(2, Side.LEFT))
    made = [one.newest for one in judge.close() if one.newest]
    assert made[0].drawing.duration_s > 12.0 and len(made[0].drawing.following) == 60


def test_the_path_that_is_asked_for_is_never_called_another():
    for exercise, side in (("draw_circle_clockwise", "right"), ("draw_arc_upright", "left"), ("draw_line_aslant", "left")):
        _, seen = watch(exercise, drawn(exercise, side, 2), Goal(2, Side(side)))
        assert not [one for one in seen if one.now] and seen[-1].repetitions == 2


def test_what_was_told_of_a_path_that_nobody_ended_is_the_verdict():
    skeletons = drawn("draw_circle_clockwise", "left")
    judge = DrawnJudge(EXERCISES["draw_circle_counterclockwise"], JudgingConfig(), -1.0, Goal(1, Side.LEFT))
    for one in skeletons:
        if judge.update(one, one.stamp_s).now:
            break
    closed = judge.close()[-1]
    assert (closed.verdict, closed.now.direction, closed.repetitions) == (Verdict.WRONG, "other_way", 0)


def test_another_shape_is_told_at_its_end():
    _, seen = watch("draw_circle_clockwise", drawn("draw_arc_upright", "left"), Goal(2, Side.LEFT))
    wrong = [one.newest for one in seen if one.newest and one.newest.outcome is Outcome.WRONG]
    assert wrong and {one.faults[0].direction for one in wrong} == {"arc"}
    assert next(one.stamp_s for one in seen if one.now) >= wrong[0].end_s


def test_a_path_that_was_drawn_as_asked_for_ends_what_was_said_of_the_one_before():
    wrong, right = drawn("draw_circle_counterclockwise", "left"), drawn("draw_circle_clockwise", "left")
    later = tuple(replace(one, stamp_s=one.stamp_s + wrong[-1].stamp_s + 0.05) for one in right)
    judge, seen = watch("draw_circle_clockwise", wrong + later, Goal(1, Side.LEFT))
    assert [one.now is None for one in seen[:: len(seen) - 1]] == [True, True] and any(one.now for one in seen)
    assert judge.close()[-1].verdict is Verdict.RIGHT and seen[-1].repetitions == 1


def test_nothing_is_said_of_a_path_where_another_program_wants_another_type():
    circle = drawn("draw_circle_clockwise", "left")
    judge = DrawnJudge(EXERCISES["draw_circle_counterclockwise"], JudgingConfig(), -1.0, Goal(1, Side.LEFT))
    seen = []
    for one in circle:
        if not seen and one.stamp_s > 2.0:
            judge.update(PathWanted(2.0, ideal("clock_m", 0.5)), 2.0)
        told = judge.update(one, one.stamp_s)
        seen += [told] if one.stamp_s > 2.0 else []
    assert not [one for one in seen if one.now]


def test_whichever_hand_begins_draws_where_no_side_is_asked_for():
    _, seen = watch("draw_circle_clockwise", drawn("draw_circle_clockwise", "left"), Goal(1))
    assert next(one.newest for one in seen if one.newest).side is Side.LEFT


def test_who_only_stands_there_or_is_not_seen_draws_nothing():
    still = tuple(one for one in drawn("draw_circle_clockwise", "left") if one.stamp_s < 2.0)
    judge, seen = watch("draw_circle_clockwise", still, Goal(1))
    assert seen[-1].newest is None and seen[-1].drawing.lit == 0
    gone = judge.update(Skeleton(3.0, Tracking.NOBODY), 3.0)
    assert (gone.verdict, gone.reason) == (Verdict.UNSURE, Reason.NOBODY)
    assert judge.close()[-1].verdict is Verdict.UNSURE


def test_another_program_gives_the_next_path():
    judge, _ = watch(
        "draw_circle_clockwise",
        tuple(one for one in drawn("draw_circle_clockwise", "left") if one.stamp_s < 2.0),
        Goal(1, Side.LEFT),
    )
    wanted = ideal("v_90", 0.4)
    judge.update(PathWanted(2.0, wanted), 2.0)
    after = judge.update(next(one for one in drawn("draw_circle_clockwise", "left") if one.stamp_s > 2.0), 2.1)
    assert np.allclose(after.drawing.stars[0], wanted.positions_m[0], atol=0.01)


def test_what_another_program_wants_is_refused_where_the_hand_does_not_come_or_is_not_known():
    before = tuple(one for one in drawn("draw_circle_clockwise", "left") if one.stamp_s < 2.0)
    judge, seen = watch("draw_circle_clockwise", before, Goal(1, Side.LEFT))
    for path, why in ((ideal("v_90", 0.9), "stays"), (ideal("v_90", 0.4, "right"), "the left one is to draw")):
        with pytest.raises(InputError, match=why):
            judge.update(PathWanted(2.0, path), 2.0)
    assert judge.update(before[-1], 2.0).drawing.stars == seen[-1].drawing.stars
    with pytest.raises(InputError, match="nobody is seen"):
        DrawnJudge(EXERCISES["draw_circle_clockwise"], JudgingConfig(), -1.0, Goal(1)).update(PathWanted(2.0, path), 2.0)


def test_the_first_path_too_lies_within_the_limits_of_the_joints():
    before = tuple(one for one in drawn("draw_circle_clockwise", "left") if one.stamp_s < 2.0)
    asked = EXERCISES["draw_circle_clockwise"]
    far = replace(asked, trajectory=asked.trajectory.model_copy(update={"type": "v_180", "size": 0.75}))
    judge = DrawnJudge(far, JudgingConfig(), -1.0, Goal(1, Side.LEFT))
    seen = [judge.update(one, one.stamp_s) for one in before][-1]
    arm = human_arm(seen.drawing.reach_m, "left")
    assert arm.nearest(seen.paths.ideal.positions_m)[1].max() > 0.02
    assert arm.allows(seen.paths.asked.angles_rad)
    assert arm.nearest(np.array(seen.drawing.stars))[1].max() < 0.002


def test_an_exercise_without_a_path_is_refused():
    with pytest.raises(ConfigError, match="no path"):
        DrawnJudge(EXERCISES["squat"], JudgingConfig(), -1.0, Goal())


@pytest.mark.parametrize("slower", [2.0, 4.5])
def test_who_draws_slowly_is_scored_on_her_whole_path(slower):
    def score(by):
        skeletons = tuple(replace(one, stamp_s=by * one.stamp_s) for one in drawn("draw_circle_clockwise", "left"))
        judge, _ = watch("draw_circle_clockwise", skeletons, Goal(2, Side.LEFT))
        return next(one.newest for one in judge.close() if one.newest).score

    assert score(1.0) > 90.0 and score(slower) > score(1.0) - 8.0
