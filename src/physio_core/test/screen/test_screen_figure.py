"""The figure that shows an exercise: whole, inside its place, moving at a natural tempo, left and right told apart."""

from __future__ import annotations

import numpy as np
import pytest

from physio_core.exercises.catalogue import load_exercises
from physio_core.motion.movements import EXERCISES
from physio_core.screen.figure import FRAMES_PER_S, HEADINGS_RAD, figure_at

SIZE = (400, 280)
CATALOGUE = load_exercises()
FIGURES = {name: exercise.figure for name, exercise in CATALOGUE.items()}


def moments(name: str) -> list:
    view = CATALOGUE[name].view
    return [figure_at(FIGURES[name], view, SIZE, time_s) for time_s in np.arange(0.0, 6.0, 0.1)]


@pytest.mark.parametrize("name", CATALOGUE)
def test_every_exercise_of_the_catalogue_can_be_shown(name):
    assert CATALOGUE[name].view in HEADINGS_RAD
    assert len(moments(name)[0]) > 20


@pytest.mark.parametrize("name", CATALOGUE)
def test_the_figure_stays_inside_its_place_and_fills_it(name):
    ends = [(end, limb.radius_px) for limbs in moments(name) for limb in limbs for end in (limb.a_px, limb.b_px)]
    x, y, radius = np.array([(*end, radius) for end, radius in ends]).T
    assert (x - radius).min() >= 0
    assert (x + radius).max() <= SIZE[0]
    assert (y - radius).min() >= 0
    assert (y + radius).max() <= SIZE[1]
    assert max((x.max() - x.min()) / SIZE[0], (y.max() - y.min()) / SIZE[1]) > 0.75


@pytest.mark.parametrize("name", [name for name in CATALOGUE if name in EXERCISES])
def test_one_repetition_takes_a_natural_time_and_then_repeats(name):
    view, (low_s, high_s), turns = CATALOGUE[name].view, EXERCISES[name].period_s, 1 + (EXERCISES[name].sides == "alternate")
    shown = [figure_at(FIGURES[name], view, SIZE, (frame + 0.5) / FRAMES_PER_S) for frame in range(18 * FRAMES_PER_S)]
    period_s = next(shift for shift in range(1, len(shown)) if shown[shift:] == shown[:-shift]) / FRAMES_PER_S
    assert low_s <= period_s / turns <= high_s


def test_the_farther_limbs_are_paler():
    limbs = figure_at(FIGURES["squat"], "side", SIZE, 1.5)
    trousers = {sum(limb.colour) for limb in limbs if limb.colour and limb.radius_px > 5 and limb.colour[2] < 200}
    assert len(trousers) > 2
