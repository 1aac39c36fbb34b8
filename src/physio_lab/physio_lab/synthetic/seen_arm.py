"""What one camera tells of an arm that draws, measured on rendered people of whom everything is known.

Gives ``config/trajectories/camera.yaml``: the map from what is seen of an arm to where its hand is, and the errors that are left,
each person by the map of the others. They are what simulated patients are seen with (:func:`physio_lab.synthetic.paths.seen`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from physio_core.errors import InputError
from physio_core.trajectories.lift import FEATURES, Lift, bone_features
from physio_core.types import FloatArray
from physio_lab.synthetic.seen_paths import SeenDrawing, true_places

LIFT_PEOPLE, LIFT_SEED = 6, 3
"""Who is measured here; nobody else is of this seed."""
SHRINKAGE, SHRINKAGE_GAIN = 3.0, 0.3
"""Of the map, in moments; of the gains, in squares of a reach."""


@dataclass(frozen=True)
class ArmSeen:
    """One drawing: features (n, FEATURES) of what was seen, where the hand really was (n, 3) [reach], and whose it is."""

    features: FloatArray
    places: FloatArray
    person: int


def arm_seen(drawing: SeenDrawing, seed: int) -> ArmSeen:
    """What a rendered drawing of a seed tells."""
    stamps_s, bones = drawing.bones()
    return ArmSeen(bone_features(bones), true_places(drawing, seed, stamps_s), drawing.person)


def fitted(drawings: Sequence[ArmSeen]) -> tuple[Lift, dict[str, list[float]]]:
    """The map learnt from all, and its errors, each person by the others.

    Returns:
        The map; and the root of the mean square of its errors along each axis, and that of their means over a drawing [reach].

    Raises:
        InputError: of fewer than two people.
    """
    seen = [one for one in drawings if len(one.features)]
    people = {one.person for one in seen}
    if len(people) < 2:
        raise InputError(f"{len(people)} people were seen; errors are measured on each by the others, so at least 2 are needed")
    maps = {person: _map([one for one in seen if one.person != person]) for person in people}
    errors = [one.features @ maps[one.person].T - one.places for one in seen]
    bias = np.array([error.mean(0) for error in errors])
    gains, left = zip(*(_stretched(one.places, error) for one, error in zip(seen, errors, strict=True)), strict=True)
    size = _root(np.stack(gains))
    lift = Lift(map=_rows(_map(seen)), bias=_rounded(_root(bias)), gain=_rows(size), wander=_rounded(_root(np.concatenate(left))))
    return lift, {"error": list(_rounded(_root(np.concatenate(errors)))), "error_of_mean": list(_rounded(_root(bias)))}


def _map(drawings: Sequence[ArmSeen]) -> FloatArray:
    """(3, FEATURES) by ridge regression; the constant is free."""
    features, places = (np.concatenate([getattr(one, name) for one in drawings]) for name in ("features", "places"))
    shrinkage = SHRINKAGE * np.eye(FEATURES)
    shrinkage[0, 0] = 0.0
    return np.asarray(np.linalg.solve(features.T @ features + shrinkage, features.T @ places).T)


def _stretched(places: FloatArray, error: FloatArray) -> tuple[FloatArray, FloatArray]:
    """(3, 3) by how much a drawing is stretched and sheared, and what is left (n, 3)."""
    own, off = places - places.mean(0), error - error.mean(0)
    gain = np.linalg.solve(own.T @ own + SHRINKAGE_GAIN * np.eye(3), own.T @ off).T
    return gain, off - own @ gain.T


def _root(values: FloatArray) -> FloatArray:
    return np.asarray(np.sqrt((values**2).mean(0)))


def _rounded(values: FloatArray) -> tuple[float, float, float]:
    x, y, z = (round(float(one), 4) for one in values)
    return x, y, z


def _rows(values: FloatArray) -> tuple[Any, ...]:
    return tuple(tuple(round(float(one), 4) for one in row) for row in values)
