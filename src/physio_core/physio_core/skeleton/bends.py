"""Bends: the angles of :mod:`physio_core.skeleton.angle_table` that lie between two segments at a joint, whichever way it bends.

They need no knowledge of which way the person is turned.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

import numpy as np

from physio_core.skeleton.angle_table import OWN, AngleDefinition, load_angles
from physio_core.types import FloatArray


def between_deg(first: FloatArray, second: FloatArray) -> FloatArray:
    """What lies between vectors (..., D) of an image or of space [deg] (...); NaN where one has no length."""
    length_1, length_2 = (np.sqrt((one * one).sum(-1, keepdims=True)) for one in (first, second))
    one, other = first * length_2, second * length_1
    apart, along = (np.sqrt((both * both).sum(-1)) for both in (one - other, one + other))
    deg = np.degrees(2.0 * np.arctan2(apart, along))  # unlike an arc cosine this is exact for straight and folded joints, too
    return np.where((length_1 * length_2)[..., 0] > 0.0, deg, np.nan)


def ends_of(bend: AngleDefinition) -> tuple[str, str, str]:
    """The joints that a bend is measured between, that which bends in the middle."""
    assert bend.first is not None
    return bend.first[1], bend.first[0], bend.second[1]


@cache
def load_bends() -> Mapping[str, AngleDefinition]:
    """The shipped bends of the body by name."""
    return {name: one for name, one in load_angles().items() if one.plane == OWN and one.first}
