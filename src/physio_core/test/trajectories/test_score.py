"""A path that was drawn worse scores lower, whatever is worse about it, and says so."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from physio_core.languages.texts import load_texts
from physio_core.trajectories.geometry import fit_circle, fit_line, fit_plane
from physio_core.trajectories.score import asked_for, grade_of, own_type_best, score_type, sentence
from physio_core.trajectories.trajectory import Trajectory
from physio_core.trajectories.types import ideal, load_types, type_of

REACH_M = 0.6
STEPS = (0.0, 0.1, 0.2, 0.3, 0.4)
"""How much of each deviation, of the path's size."""


def _changed(name: str, deviation: str, amount: float) -> Trajectory:
    """The ideal path with so much of a deviation."""
    path = ideal(name, REACH_M)
    places, middle = path.positions_m, path.positions_m.mean(axis=0)
    size_m = asked_for(name, REACH_M, "left").size_m
    along = path.arc_m / path.length_m
    axes = fit_plane(places).axes
    stamps = path.stamps_s
    if deviation == "flattened":
        places = places - np.outer((places - middle) @ axes[1], axes[1]) * amount
    elif deviation == "smaller":
        places = middle + (places - middle) * (1.0 - amount)
    elif deviation == "elsewhere":
        places = places + amount * REACH_M * axes[2]
    elif deviation == "out of plane":
        places = places + np.outer(np.sin(4.0 * np.pi * along), axes[2]) * amount * size_m
    elif deviation == "open":
        places = places + np.outer(along, axes[0]) * amount * size_m
    elif deviation == "wavy":
        places = places + np.outer(np.sin(12.0 * np.pi * along), axes[1]) * amount * size_m / 3.0
    elif deviation == "tilted":
        angle = amount * np.pi / 2.0
        turn = np.array([[np.cos(angle), -np.sin(angle), 0], [np.sin(angle), np.cos(angle), 0], [0, 0, 1]])
        places = middle + (places - middle) @ axes.T @ turn @ axes
        turn = np.array([[1, 0, 0], [0, np.cos(angle), -np.sin(angle)], [0, np.sin(angle), np.cos(angle)]])
        places = middle + (places - middle) @ axes.T @ turn @ axes
    else:
        stamps = stamps * (1.0 + 10.0 * amount)
    return Trajectory(stamps, places)


@pytest.mark.parametrize("deviation", ["flattened", "smaller", "elsewhere", "out of plane", "open", "wavy", "tilted", "slow"])
@pytest.mark.parametrize("name", ["clock_m", "counter_big", "h_u", "v_90", "d_r"])
def test_the_score_falls_with_each_deviation(name, deviation):
    if (type_of(name).family, deviation) == ("line", "flattened"):
        pytest.skip("a line has no width that could be less")
    scores = [score_type(_changed(name, deviation, amount), name, REACH_M).score for amount in STEPS]
    assert scores[0] == pytest.approx(100.0)
    assert all(later <= earlier + 0.3 for earlier, later in itertools.pairwise(scores)), scores
    assert scores[-1] < scores[0] - 1.0


@settings(max_examples=40, deadline=None)
@given(st.sampled_from(sorted(load_types())), st.integers(0, 99), st.floats(0.0, 0.3))
def test_every_score_lies_within_0_and_100_and_has_one_grade(name, seed, noise):
    path = ideal(name, REACH_M)
    shaken = np.random.default_rng(seed).normal(0.0, 1e-4 + noise, path.positions_m.shape)
    for asked in ("clock_t", "v_180", "d_l"):
        found = score_type(Trajectory(path.stamps_s, path.positions_m + shaken), asked, REACH_M)
        assert 0.0 <= found.score <= 100.0 and found.grade in (1, 2, 3, 4)
        assert all(0.0 <= term.error <= 1.0 for term in found.terms)


def test_grades_meet_without_a_gap():
    assert [grade_of(score) for score in (100, 76, 75.5, 75.49, 51, 50.5, 50.49, 26, 25.5, 25.49, 0)] == [
        1, 1, 1, 2, 2, 2, 3, 3, 3, 4, 4,
    ]  # fmt: skip


def test_every_ideal_path_is_best_as_its_own_type():
    assert [name for name in load_types() if not own_type_best(ideal(name, REACH_M), name, REACH_M)] == []


def test_a_circle_the_other_way_round_and_the_right_arm_are_told():
    right = ideal("clock_b", REACH_M, "right")
    assert score_type(right, "clock_b", REACH_M).score == pytest.approx(100.0)
    assert score_type(right, "counter_b", REACH_M).worst[0].name == "direction"


def test_a_therapist_reads_how_far_a_circle_is_flattened():
    found = score_type(_changed("clock_m", "flattened", 0.3), "clock_m", REACH_M)
    term = next(term for term in found.terms if term.name == "flattening")
    assert sentence(term, "circle", load_texts("en").phrases) == "The circle is flattened by 30 %."
    assert sentence(term, "circle", load_texts("de").phrases) == "Der Kreis ist um 30 % abgeflacht."


@pytest.mark.parametrize("fit", [fit_plane, lambda points: fit_circle(points[:, :2]), lambda points: fit_line(points)[0]])
def test_two_points_have_a_plane_a_circle_and_a_line(fit):
    fitted = fit(np.array([[0.0, 0.0, 0.0], [0.3, 0.1, 0.2]]))
    assert all(np.isfinite(part).all() for part in (vars(fitted).values() if hasattr(fitted, "__dict__") else [fitted]))
