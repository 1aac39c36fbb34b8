"""Everything that is measured of a hand, by name: what exercises ask of it and judges look at.

Joint angles and spreads as :mod:`physio_core.hands.angles` measures them [deg]; how far the tip of the thumb is from that of each
other finger [hands, from the wrist to the knuckle of the middle finger]; and how the hand is raised [deg].
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from physio_core.hands.angles import ANGLES, OPPOSITIONS, hand_angles, oppositions
from physio_core.hands.canonical import KNUCKLES, WRIST, checked, to_canonical
from physio_core.types import FloatArray

ELEVATION = "hand_elevation"
"""From the wrist to the knuckle of the middle finger, above the camera's horizontal [deg]. On a forearm that lies on a table, it
is how far the wrist is bent: the camera does not see the forearm as a hand's landmark."""
DISTANCES = tuple(name.replace("thumb_", "thumb_to_") for name in OPPOSITIONS)
READINGS = (*ANGLES, *DISTANCES, ELEVATION)
SPANS = {**dict.fromkeys(ANGLES, (-90.0, 180.0)), **dict.fromkeys(DISTANCES, (0.0, 4.0)), ELEVATION: (-90.0, 90.0)}
"""Between which values each reading lies, of any hand: degrees, and lengths of a palm."""


def readings_of(points: FloatArray, left: bool = False) -> Mapping[str, float]:
    """What one hand shows; NaN where it cannot be measured.

    Args:
        points: (21, 3) in any one unit, axes x right, y down, z away.
        left: of a person's left hand.

    Raises:
        SkeletonError: not of that shape.
    """
    points = checked(points)
    ahead = points[KNUCKLES[1]] - points[WRIST]
    elevation = float(np.degrees(np.arctan2(-ahead[1], np.hypot(ahead[0], ahead[2]))))
    values = (*hand_angles(points, left), *oppositions(to_canonical(points, left)), elevation)
    return dict(zip(READINGS, map(float, values), strict=True))


def finger_of(reading: str) -> str:
    """Which finger a reading is about; of a distance to the thumb, the other finger; ``hand``: the hand as a whole."""
    if reading == ELEVATION:
        return "hand"
    return reading.removeprefix("thumb_to_").split("_")[0]
