"""How near a hand is to the teacher's: 0 to 100, the finger that is most off, which way, and a key for what to say.

Both hands are put on standard bones, so that a small hand is not told to stretch. Deviations are counted as the source of this
exercise does in its colours: a joint that is 0.6 hands away from the teacher's is entirely off.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np

from physio_core.hands.angles import ANGLES, hand_angles
from physio_core.hands.canonical import CHAINS, FINGERS, on_standard_bones
from physio_core.types import FloatArray

OFF_AT = 0.6
"""Distance of a joint from the teacher's at which it is entirely off [hands]."""
GOOD_ENOUGH = 85.0
"""Score from which nothing is told."""
TELLS_FROM_DEG = 12.0
"""A difference of angles below this is not told; landmarks err by about as much."""

BEND, STRETCH, SPREAD, CLOSE = "bend", "stretch", "spread", "close"
DIRECTIONS = (BEND, STRETCH, SPREAD, CLOSE)
CUES = tuple(f"{direction}_{finger}" for finger in FINGERS for direction in DIRECTIONS) + (
    f"{BEND}_fingers",
    f"{STRETCH}_fingers",
)
"""Every key of a cue there is."""

_BENDS = [
    [index for index, name in enumerate(ANGLES) if name.startswith(f"{finger}_") and "flexion" in name] for finger in FINGERS
]
_SPREADS = {
    finger: [at for at, name in enumerate(ANGLES) if name.endswith("spread") and finger in name.split("_")] for finger in FINGERS
}


@dataclass(frozen=True)
class Rating:
    """A hand against the teacher's.

    Attributes:
        score: 0 to 100; NaN without a hand.
        off: of each joint (21,), 0 like the teacher's to 1 entirely off.
        finger: the one that is most off; empty while all is good enough.
        direction: what would bring it nearer, one of :data:`DIRECTIONS`; empty: it cannot be said.
        cue: key of what to say, one of :data:`CUES`; empty: nothing.
        bend_deg: of each finger, how much more it should be bent [deg]; negative: stretched.
    """

    score: float
    off: FloatArray
    finger: str = ""
    direction: str = ""
    cue: str = ""
    bend_deg: dict[str, float] = field(default_factory=dict)


def rate(canonical: FloatArray, teacher: FloatArray) -> Rating:
    """Compare two hands in the frame of their palms.

    Args:
        canonical: (21, 3) from :func:`~physio_core.hands.canonical.to_canonical`.
        teacher: (21, 3) likewise, or :meth:`~physio_core.hands.states.HandStates.landmarks`.

    Raises:
        SkeletonError: not of that shape.
    """
    own, aim = on_standard_bones(canonical), on_standard_bones(teacher)
    off = np.clip(np.linalg.norm(own - aim, axis=-1) / OFF_AT, 0.0, 1.0)
    if not np.isfinite(off).all():
        return Rating(math.nan, off)
    of_finger = off[CHAINS[:, 1:]].mean(axis=1)
    # The whole hand counts, and the worst finger again: four right ones do not make up for it.
    score = 100.0 * (1.0 - 0.5 * (float(of_finger.mean()) + float(of_finger.max())))
    missing = hand_angles(aim) - hand_angles(own)
    bend = {finger: float(missing[columns].sum()) for finger, columns in zip(FINGERS, _BENDS, strict=True)}
    if score >= GOOD_ENOUGH:
        return Rating(score, off, bend_deg=bend)
    finger = FINGERS[int(of_finger.argmax())]
    direction = _direction(finger, bend[finger], float(missing[_SPREADS[finger]].mean()))
    return Rating(score, off, finger, direction, _cue(finger, direction, bend), bend)


def _direction(finger: str, bend_deg: float, spread_deg: float) -> str:
    """Bending is told first: a finger that is bent seems to be closed, too."""
    if abs(bend_deg) >= max(TELLS_FROM_DEG, abs(spread_deg)):
        return BEND if bend_deg > 0.0 else STRETCH
    if abs(spread_deg) >= TELLS_FROM_DEG:
        return SPREAD if spread_deg > 0.0 else CLOSE
    return ""


def _cue(finger: str, direction: str, bend: dict[str, float]) -> str:
    """What to say; where all four fingers miss the same, they are told together."""
    if not direction:
        return ""
    four = [bend[name] for name in FINGERS[1:]]
    together = finger != "thumb" and direction in (BEND, STRETCH)
    if together and min(map(abs, four)) >= 2.0 * TELLS_FROM_DEG and len({value > 0.0 for value in four}) == 1:
        return f"{direction}_fingers"
    return f"{direction}_{finger}"
