"""Positions of the shipped hand exercises by simulated hands: the kinematic hand of many people, as a camera sees it.

What a camera adds: any side, views up to 50 degrees off the palm or the back of the hand, landmarks that jump, and depth that is
guessed too short or too long by a third, as MediaPipe Hands guesses it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from physio_core.errors import ConfigError
from physio_core.hands.states import GOOD
from physio_core.motion.hand import AGES_M, HandMotion, HandShape, hand_angles_rad, hand_positions, within_limits
from physio_core.motion.hand_postures import POSTURES_DEG
from physio_core.types import FloatArray
from physio_lab.hands.learning import How, Learnt, learn_states
from physio_lab.hands.pictures import RATE_HZ, Picture, SeenHands

OFF_PALM_DEG = 50.0
JUMPS, DEPTH_SPREAD = 0.03, 0.3
"""Standard deviation of a landmark [hands], and of the logarithm of the guessed depth's scale."""
EACH = 400
"""Hands for each state."""
TREMBLES_DEG = 5.0
"""Standard deviation by which each joint differs from the posture."""


@dataclass(frozen=True)
class Way:
    """A way of taking a position: a mixture of two postures.

    Attributes:
        posture: by name.
        towards: another one.
        least: share of the other one, at least.
        most: and at most.
    """

    posture: str
    towards: str = "relaxed"
    least: float = 0.0
    most: float = 0.15


@dataclass(frozen=True)
class Positions:
    """What is learnt for one exercise.

    Attributes:
        states: ways of each state.
        of_thumb: where the tips are to each other tells the states apart, more than how the fingers are bent.
    """

    states: Mapping[str, tuple[Way, ...]]
    of_thumb: bool = False


_OPEN = (Way("open", most=0.3), Way("relaxed", most=0.0))
_BENT = (
    Way("spread", "fist", 0.2, 0.45), Way("open", "half_fist", 0.35, 0.8), Way("together", "relaxed", 0.0, 1.0),
    Way("together", "fist", 0.1, 0.4), Way("claw"), Way("thumb_adducted", "relaxed", 0.0, 0.7),
)  # fmt: skip
_FIST = (Way("fist", "half_fist", 0.0, 0.3),)


def _thumb_to(finger: str) -> Positions:
    others = [name for name in ("index", "middle", "ring", "pinky") if name != finger]
    return Positions(
        {
            GOOD: (Way(f"thumb_to_{finger}", "open", 0.0, 0.1),),
            "other_finger": tuple(Way(f"thumb_to_{other}", "open", 0.0, 0.1) for other in others),
            "apart": (*_OPEN, Way(f"thumb_to_{finger}", "open", 0.45, 0.9)),
        },
        of_thumb=True,
    )


POSITIONS: dict[str, Positions] = {
    "hand_stretch": Positions(
        {GOOD: (Way("spread", "open", 0.0, 1.0), Way("thumb_out", "spread", 0.0, 1.0)), "half_open": _BENT, "closed": _FIST}
    ),
    "hand_spread": Positions(
        {
            GOOD: (Way("spread", "open", 0.0, 0.4),),
            "together": (Way("together", "open", 0.0, 0.5), Way("thumb_adducted", "together")),
            "bent": (Way("claw"), Way("spread", "fist", 0.3, 0.6), Way("relaxed")),
        }
    ),
    "hand_fist": Positions(
        {
            GOOD: _FIST,
            "half_closed": (Way("half_fist", "open", 0.0, 0.5), Way("relaxed", "half_fist", 0.0, 0.5)),
            "straight": (Way("open", "spread", 0.0, 1.0),),
        }
    ),
    "hand_hook": Positions({GOOD: (Way("hook", "claw", 0.0, 0.2),), "fist": _FIST, "open": _OPEN}),
    "hand_pinch": Positions(
        {
            GOOD: (Way("three_point", "open", 0.0, 0.1),),
            "apart": (*_OPEN, Way("three_point", "open", 0.4, 0.9)),
            "fist": _FIST,
        },
        of_thumb=True,
    ),
    **{f"thumb_to_{finger}": _thumb_to(finger) for finger in ("index", "middle", "ring", "pinky")},
}
"""By the name of the exercise."""


def simulated_hands(name: str, each: int, seed: int) -> tuple[FloatArray, list[str]]:
    """Hands of many people in the positions of an exercise.

    Args:
        name: of the exercise.
        each: hands for each state.
        seed: others give other people and views.

    Returns:
        Landmarks (N, 21, 3) of right hands [hands], axes x right, y down, z away, and the state of each.

    Raises:
        ConfigError: no positions of that exercise.
    """
    if name not in POSITIONS:
        raise ConfigError(f"no positions of {name!r}; there are: {', '.join(POSITIONS)}")
    rng = np.random.default_rng(seed)
    points, states = [], []
    for state, ways in POSITIONS[name].states.items():
        for at in range(each):
            way = ways[at % len(ways)]
            share = rng.uniform(way.least, way.most)
            angles_rad = (1.0 - share) * _angles_rad(way.posture) + share * _angles_rad(way.towards)
            points.append(_seen(_hand(angles_rad, rng), rng))
            states.append(state)
    return np.stack(points), states


def simulated_pictures(name: str, each: int, seed: int) -> tuple[list[Picture], SeenHands]:
    """The same as pictures that were seen; each hand is someone else's."""
    points, states = simulated_hands(name, each, seed)
    pictures = [Picture(Path(f"{at}"), state, str(at), "") for at, state in enumerate(states)]
    return pictures, SeenHands(points, np.arange(len(points)) / RATE_HZ)


def simulated_model(name: str, each: int = EACH) -> Learnt:
    """What is learnt from simulated hands; errors as :func:`simulated_hands`."""
    points, states = simulated_hands(name, each, 0)
    told = f"{len(points)} simulated hands of as many people"
    return learn_states(points, states, How(of_thumb=POSITIONS[name].of_thumb, learnt_from=told, licence="Apache-2.0"))


def _angles_rad(posture: str) -> FloatArray:
    if posture != "three_point":
        return hand_angles_rad(POSTURES_DEG[posture])
    index, middle = POSTURES_DEG["thumb_to_index"], POSTURES_DEG["thumb_to_middle"]
    thumb = {key: (index[key] + middle[key]) / 2.0 for key in index if key.startswith("thumb")}
    return hand_angles_rad(index | {key: value for key, value in middle.items() if key.startswith("middle")} | thumb)


def _hand(angles_rad: FloatArray, rng: np.random.Generator) -> FloatArray:
    """A hand (21, 3) of someone [hands], palm towards the camera, fingers up."""
    shape = HandShape.random(rng, str(rng.choice(list(AGES_M))))
    trembling = within_limits(angles_rad + np.radians(TREMBLES_DEG) * rng.normal(size=angles_rad.shape))
    points = hand_positions(shape, HandMotion(trembling[None], np.zeros((1, 3)), np.zeros((1, 3))))[0]
    upright = np.stack([points[:, 1], -points[:, 0], points[:, 2]], axis=1)
    return np.asarray(upright / np.linalg.norm(upright[9] - upright[0]))


def _seen(points: FloatArray, rng: np.random.Generator) -> FloatArray:
    """As an estimator tells of it from one image."""
    off, back = np.radians(rng.uniform(-OFF_PALM_DEG, OFF_PALM_DEG, 2)), np.pi * rng.integers(2)
    points = points @ _turn(rng.uniform(0.0, 2.0 * np.pi), 2) @ _turn(off[0] + back, 0) @ _turn(off[1], 1)
    points = points + JUMPS * rng.normal(size=points.shape)
    return np.asarray(points * [1.0, 1.0, np.exp(DEPTH_SPREAD * rng.normal())])


def _turn(angle_rad: float, axis: int) -> FloatArray:
    cos, sin = np.cos(angle_rad), np.sin(angle_rad)
    turn = np.eye(3)
    a, b = [at for at in range(3) if at != axis]
    turn[a, a], turn[a, b], turn[b, a], turn[b, b] = cos, sin, -sin, cos
    return turn
