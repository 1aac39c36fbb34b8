"""How a hand looks and is held: skin, gloves and views, each told from the others."""

from __future__ import annotations

import numpy as np
import pytest

from physio_core.errors import ConfigError
from physio_core.motion.hand import HAND_ANGLES, HandMotion
from physio_sim.patient.hand_views import HAND_VIEWS_DEG, shown
from physio_sim.world.hand_mesh import ALONG
from physio_sim.world.hand_paint import GLOVES, SIZE, SKIN_TONES, painted

BACK, PALM = slice(0, SIZE[1] // 4), slice(3 * SIZE[1] // 4, None)
HAND = slice(int(ALONG["wrist"] * SIZE[0]), None)


def look(tone: str, glove: str = "none", seed: int = 0) -> np.ndarray:
    return painted(tone, glove, np.random.default_rng(seed)).astype(float)


def test_skin_goes_from_light_to_dark_and_palms_differ_less_than_backs() -> None:
    backs, palms = ([look(tone)[HAND, part].mean() for tone in SKIN_TONES] for part in (BACK, PALM))
    assert backs == sorted(backs, reverse=True) and np.ptp(palms) < np.ptp(backs)
    dark = look("very dark")
    assert dark[HAND, PALM].mean() > dark[HAND, BACK].mean() + 30.0


@pytest.mark.parametrize("glove", [name for name in GLOVES if name != "none"])
def test_a_glove_covers_the_hand_and_not_the_arm_above_it(glove: str) -> None:
    bare, gloved = look("light"), look("light", glove)
    arm = slice(0, int(0.1 * SIZE[0]))
    assert np.abs(bare[arm].mean((0, 1)) - gloved[arm].mean((0, 1))).max() < 3.0
    assert np.abs(bare[HAND].mean((0, 1)) - gloved[HAND].mean((0, 1))).max() > 15.0


def test_the_same_chance_paints_the_same_hand_and_another_another() -> None:
    np.testing.assert_array_equal(look("medium", "work", 3), look("medium", "work", 3))
    assert (look("medium", "work", 3) != look("medium", "work", 4)).any()


@pytest.mark.parametrize(("tone", "glove", "says"), [("green", "none", "very light, light"), ("light", "velvet", "none, thin")])
def test_what_there_is_not_is_refused_with_what_there_is(tone: str, glove: str, says: str) -> None:
    with pytest.raises(ConfigError, match=f"choose from: {says}"):
        look(tone, glove)


def motion(side: str) -> HandMotion:
    still = np.zeros((2, 3))
    return HandMotion(np.zeros((2, len(HAND_ANGLES))), still, still.copy(), side)


def test_a_left_hand_is_held_as_a_right_one_in_a_mirror() -> None:
    for view in HAND_VIEWS_DEG:
        left, right = (shown(motion(side), view, np.array([0.1, 0.0, 0.5]), (10.0, 5.0, 0.0)) for side in ("left", "right"))
        np.testing.assert_allclose(left.forearm_rad[:, 0], -right.forearm_rad[:, 0])
        np.testing.assert_allclose(left.forearm_rad[:, 1:], right.forearm_rad[:, 1:])
        assert left.wrist_m.shape == (2, 3) and (left.wrist_m == [0.1, 0.0, 0.5]).all()


def test_views_are_quarter_turns_apart_and_an_unknown_one_is_refused() -> None:
    rolls = [shown(motion("right"), view, np.zeros(3)).forearm_rad[0, 0] for view in ("palm", "thumb", "back", "pinky")]
    assert sorted(np.degrees(rolls) % 360.0) == pytest.approx([0.0, 90.0, 180.0, 270.0])
    with pytest.raises(ConfigError, match="a hand has no view 'edge'; choose from: palm, thumb, back, pinky"):
        shown(motion("right"), "edge", np.zeros(3))
