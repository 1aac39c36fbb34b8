"""The model that ships names paths of either arm, whole and while they are drawn, and says why it does not."""

from __future__ import annotations

from copy import deepcopy

import numpy as np
import pytest

from physio_core.errors import InputError
from physio_core.trajectories.classifier import PathClassifier, other_sense
from physio_core.trajectories.trajectory import SIDES, Trajectory
from physio_core.trajectories.types import ideal, load_types
from physio_core.types import UNKNOWN

REACH_M = 0.6


@pytest.fixture(scope="module")
def namer():
    return PathClassifier()


@pytest.mark.parametrize("side", SIDES)
def test_every_ideal_path_is_named_for_either_arm(namer, side):
    named = {kind: namer.name(ideal(kind, REACH_M, side), REACH_M) for kind in load_types()}
    assert {kind: one.kind for kind, one in named.items()} == {kind: kind for kind in load_types()}
    assert all(sum(one.probabilities.values()) == pytest.approx(1.0) for one in named.values())


def test_a_circle_drawn_backwards_turns_the_other_way(namer):
    path = ideal("clock_big", REACH_M)
    back = Trajectory(path.stamps_s, path.positions_m[::-1])
    assert namer.name(back, REACH_M).kind == other_sense("clock_big") == "counter_big"


def test_a_zigzag_is_unknown_with_the_reason(namer):
    steps = np.linspace(0.0, 1.0, 200)
    places = np.column_stack([np.full(200, 0.35), 0.6 * steps - 0.3, 0.25 * np.sin(18.0 * steps)])
    found = namer.name(Trajectory(4.0 * steps, places), REACH_M)
    assert found.kind == UNKNOWN and found.why


def test_a_path_is_named_before_it_is_finished_but_not_before_it_shows_anything(namer):
    path = ideal("v_180", REACH_M)
    shares = [namer.name_so_far(path.between(0.0, share * path.duration_s), REACH_M) for share in (0.05, 0.45)]
    assert shares[0].kind == UNKNOWN and "are drawn" in shares[0].why
    assert max(shares[1].probabilities, key=shares[1].probabilities.get).startswith("v_")


@pytest.mark.parametrize("reach_m", [0.0, 60.0])
def test_a_reach_that_no_arm_has_is_refused(namer, reach_m):
    with pytest.raises(InputError, match="reach"):
        namer.name(ideal("d_l", REACH_M), reach_m)


def test_who_copies_what_judges_asks_the_same_network(namer):
    assert deepcopy(namer) is namer
