"""How a patient stands to the camera, by name."""

from __future__ import annotations

import math

from physio_core.errors import ConfigError
from physio_core.motion.movements import preferred_heading_rad

BEST = "best"
VIEWS_RAD = {"front": 0.0, "oblique": math.pi / 4, "side": math.pi / 2, "back": math.pi, "other_side": -math.pi / 2}
"""Headings of the patient, from facing the camera to the patient's left, beside :data:`BEST`: as each exercise is seen best."""


def check_view(view: str) -> None:
    """Refuse a view that is not known.

    Raises:
        ConfigError: it is not.
    """
    if view != BEST and view not in VIEWS_RAD:
        raise ConfigError(f"unknown view {view!r}; choose from: {', '.join((BEST, *VIEWS_RAD))}")


def heading_rad(view: str, exercise: str, side: str = "left") -> float:
    """Heading of a patient in a view (0: facing the camera, positive to the patient's left) [rad].

    Args:
        view: one of :data:`VIEWS_RAD`, or :data:`BEST`.
        exercise: what is done.
        side: which side does it.

    Raises:
        ConfigError: no such view.
    """
    check_view(view)
    return VIEWS_RAD[view] if view in VIEWS_RAD else preferred_heading_rad(exercise, side)
