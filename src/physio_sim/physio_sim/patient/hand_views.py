"""How a hand is held towards a camera: which side it shows and how it is turned, in the camera's own axes."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from physio_core.errors import ConfigError
from physio_core.motion.hand import HandMotion
from physio_core.types import FloatArray

HAND_VIEWS_DEG: dict[str, float] = {"palm": 0.0, "thumb": -90.0, "back": 180.0, "pinky": 90.0}
"""What the camera sees of a hand held up, as the turn of a right forearm about itself from showing the palm [deg]."""


def shown(motion: HandMotion, view: str, at_m: FloatArray, turn_deg: tuple[float, float, float] = (0.0, 0.0, 0.0)) -> HandMotion:
    """A hand with fingers up before a camera, in its optical frame (REP-103: x right, y down, z away).

    Args:
        motion: of the fingers; its place and turn are replaced.
        view: one of :data:`HAND_VIEWS_DEG`.
        at_m: (3,) or (T, 3) where the wrist is [m].
        turn_deg: the forearm besides, about itself, towards the camera, and in the image (clockwise as the camera sees it) [deg].

    Raises:
        ConfigError: no such view.
    """
    if view not in HAND_VIEWS_DEG:
        raise ConfigError(f"a hand has no view {view!r}; choose from: {', '.join(HAND_VIEWS_DEG)}")
    over = -1.0 if motion.side == "left" else 1.0
    about, towards, within = turn_deg
    roll = over * (HAND_VIEWS_DEG[view] + about)
    turn = np.radians(np.tile([roll, towards, within - 90.0], (len(motion), 1)))
    return replace(motion, wrist_m=np.broadcast_to(at_m, (len(motion), 3)).astype(float), forearm_rad=turn)
