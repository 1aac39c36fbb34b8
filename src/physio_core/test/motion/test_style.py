"""One person's way of moving: the curves it is drawn with, by value; variants, sides and heads that wander."""

from __future__ import annotations

from dataclasses import fields, replace

import numpy as np
import pytest

from physio_core.errors import ConfigError, InputError
from physio_core.motion.kinematics import JOINT_ANGLES, BodyShape
from physio_core.motion.movements import EXERCISES
from physio_core.motion.style import Style, raised_cosine, smooth, wave

SHAPE = BodyShape()
SQUAT, LUNGE = EXERCISES["squat"], EXERCISES["lunge"]
STILL = Style(sway=0.0)


@pytest.mark.parametrize("dwell", [0.0, 0.3, 1.0])
def test_a_bump_rests_at_both_ends_and_peaks_half_way(dwell):
    phase = np.linspace(0.0, 1.0, 101)
    curve = raised_cosine(phase, dwell)
    assert curve[[0, 50, 100]] == pytest.approx([0.0, 1.0, 0.0], abs=1e-9)
    assert (np.diff(curve[:51]) >= 0.0).all() and (np.diff(curve[50:]) <= 0.0).all()
    assert raised_cosine(phase + 3.0, dwell) == pytest.approx(curve)


def test_who_dwells_stays_longer_near_the_ends():
    phase = np.linspace(0.0, 1.0, 1001)
    near = [((raised_cosine(phase, dwell) < 0.1) | (raised_cosine(phase, dwell) > 0.9)).mean() for dwell in (0.0, 0.5, 1.0)]
    assert near[0] < near[1] < near[2]
    assert raised_cosine(np.array([0.25]), 0.0) == pytest.approx(0.5)


def test_a_bump_of_a_part_of_the_phase_is_zero_outside_it():
    curve = raised_cosine(np.array([0.0, 0.2, 0.4, 0.6, 0.9]), 0.0, 0.2, 0.6)
    assert curve == pytest.approx([0.0, 0.0, 1.0, 0.0, 0.0], abs=1e-9)


def test_a_step_is_smooth_between_its_ends():
    assert smooth(np.array([-1.0, 0.0, 0.5, 1.0, 2.0])) == pytest.approx([0.0, 0.0, 0.5, 1.0, 1.0])
    assert smooth(np.array([2.5]), 2.0, 4.0) == pytest.approx([0.15625])


def test_a_wave_is_of_about_unit_size_and_comes_again_after_one_turn():
    turns = np.linspace(0.0, 1.0, 400, endpoint=False)
    waves = np.array([wave(turns, np.random.default_rng(seed)) for seed in range(300)])
    assert np.sqrt(np.mean(waves**2)) == pytest.approx(np.sqrt(0.5), rel=0.1)
    assert wave(turns + 2.0, np.random.default_rng(1)) == pytest.approx(waves[1])


@pytest.mark.parametrize("name", sorted(EXERCISES))
def test_a_movement_comes_again_with_each_repetition(name):
    phase = np.array([0.0, 0.3, 0.7])
    first, again = (EXERCISES[name].motion(phase + shift, STILL, SHAPE) for shift in (0.0, 2.0))
    assert first.angles_rad == pytest.approx(again.angles_rad, abs=1e-9)
    assert first.root_m == pytest.approx(again.root_m, abs=1e-9)


def test_the_other_side_leads_when_told_to_and_in_turn_when_both_do():
    phase = np.array([0.5, 1.5])
    left, right = (LUNGE.motion(phase, replace(STILL, side=side), SHAPE) for side in ("left", "right"))
    assert left.angle("left_knee_flexion") == pytest.approx(right.angle("right_knee_flexion"))
    assert left.angle("left_knee_flexion")[0] != pytest.approx(right.angle("left_knee_flexion")[0])
    both = LUNGE.motion(phase, replace(STILL, alternate=True), SHAPE)
    assert both.angles_rad[0] == pytest.approx(left.angles_rad[0])
    assert both.angles_rad[1] == pytest.approx(right.angles_rad[1])


def test_less_depth_bends_the_knees_less():
    deep, shallow = (SQUAT.motion(np.array([0.5]), replace(STILL, depth=depth), SHAPE) for depth in (1.0, 0.5))
    assert shallow.angle("left_knee_flexion")[0] < 0.8 * deep.angle("left_knee_flexion")[0]


def test_a_head_wanders_by_its_sway_alone_and_the_same_for_the_same_seed():
    phase = np.linspace(0.0, 4.0, 60)
    still, swaying, again, other = (
        SQUAT.motion(phase, Style(sway=sway, seed=seed), SHAPE).angles_rad
        for sway, seed in ((0.0, 1), (1.0, 1), (1.0, 1), (1.0, 2))
    )
    moved = np.flatnonzero(np.abs(swaying - still).max(0) > 1e-9)
    assert {JOINT_ANGLES[index] for index in moved} == {"neck_flexion", "neck_side", "neck_twist"}
    assert np.array_equal(swaying, again) and not np.array_equal(swaying, other)


@pytest.mark.parametrize(
    ("style", "complaint"),
    [
        (Style(variant="moonwalk"), "squat has no variant 'moonwalk'; choose from: "),
        (Style(arms="wings"), "squat has no arms 'wings'; choose from: "),
    ],
)
def test_a_variant_that_a_movement_does_not_have_is_refused_with_those_it_has(style, complaint):
    with pytest.raises(ConfigError, match=complaint):
        SQUAT.motion(np.array([0.0]), style, SHAPE)


@pytest.mark.parametrize("phase", [np.zeros((2, 2)), np.array(0.5), np.array([np.nan]), np.array([np.inf])])
def test_a_phase_that_is_no_row_of_numbers_is_refused(phase):
    with pytest.raises(InputError, match=r"need \(T,\) finite numbers"):
        SQUAT.motion(phase, STILL, SHAPE)


def test_people_differ_within_what_people_do():
    styles = [SQUAT.random_style(np.random.default_rng(seed)) for seed in range(300)]
    assert {style.side for style in styles} == {"left", "right"}
    assert {style.alternate for style in styles} == {True, False}
    assert {style.variant for style in styles} <= set(SQUAT.variants) and {style.arms for style in styles} == set(SQUAT.arms)
    depth = [style.depth for style in styles]
    assert min(depth) >= 0.5 and max(depth) <= 1.2 and np.mean(depth) == pytest.approx(0.88, abs=0.04)
    faults = {"sag_rad"}  # nobody's by chance
    numbers = [item.name for item in fields(Style) if isinstance(item.default, float) and item.name not in faults]
    assert all(len({getattr(style, name) for style in styles}) > 100 for name in numbers)
