"""How a hand is held, against what an exercise asks: which state it is in, how near it is to the good one, and what is most off.

The bands of the exercise's file tell how near each finger is. Where the file names states that were learnt, these widen the
bands of a hand that is like the good ones, and name the wrong ones. A hand that is in a state stays there until it has clearly
left, so that a trembling finger does not change what is said.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from physio_core.assessment.repetition import Fault
from physio_core.exercises.hand import Bands, HandDefinition, fingers_of
from physio_core.hands.canonical import palm_towards_camera
from physio_core.hands.readings import DISTANCES, ELEVATION, finger_of, readings_of
from physio_core.hands.states import GOOD, HandStates
from physio_core.types import FloatArray, Reason, Side

STAYS_WITHIN = 0.45
"""A state is left only by a reading that is further outside of its band than this share of the margin."""
FACING = 0.35
"""How squarely a palm that must face the camera is seen at least; 1 is squarely, 0 from its edge."""
NAMED_FROM = 0.1
"""A finger that is off by less than this share of the margin is not told."""

_BELOW = {
    "flexion": "finger_straight",
    "spread": "fingers_close",
    "elevation": "thumb_near",
    "distance": "thumb_near",
    "hand": "hand_low",
}
_ABOVE = {
    "flexion": "finger_bent",
    "spread": "fingers_apart",
    "elevation": "thumb_far",
    "distance": "thumb_far",
    "hand": "hand_high",
}
FAULTS = tuple(dict.fromkeys((*_BELOW.values(), *_ABOVE.values())))
"""What can be wrong with a finger, or with the hand; each has a cue in every language."""


@dataclass(frozen=True)
class Posture:
    """A hand at one moment.

    Attributes:
        state: ``good``, the name of a wrong posture, or empty: none of these.
        rating: how near to what is asked [0..100]; NaN: it cannot be said.
        nearness: the same of each finger that the exercise says something of [0..1].
        off: what is most off; None: nothing that is worth telling.
        doubt: why nothing can be said.
    """

    state: str = ""
    rating: float = math.nan
    nearness: Mapping[str, float] = field(default_factory=dict)
    off: Fault | None = None
    doubt: Reason = Reason.NONE


class PostureReader:
    """Reads one hand after the other; remembers the state of the last."""

    def __init__(self, definition: HandDefinition, extent: float = 1.0) -> None:
        """Begin with no state.

        Args:
            definition: what is asked.
            extent: share of it that is asked for; less makes every band wider.

        Raises:
            ModelError: states that were learnt cannot be read.
        """
        self._definition = definition
        self._fingers = fingers_of(definition.wanted)
        self._learnt = HandStates.read(Path(definition.states)) if definition.states else None
        self.extent = extent
        self._state = ""

    def read(self, world_m: FloatArray, side: str) -> Posture:
        """What a hand (21, 3) [m] in axes of the camera shows; ``side`` is the person's own."""
        left = side == Side.LEFT.value
        if not np.isfinite(world_m).all():
            return Posture(doubt=Reason.NO_HAND)
        facing = float(palm_towards_camera(world_m if not left else world_m * [-1.0, 1.0, 1.0]))
        if self._definition.palm == "facing" and not facing >= FACING:
            return Posture(doubt=Reason.EDGE_ON)
        values = readings_of(world_m, left)
        misses = _misses(self._definition.wanted, values, self.extent)
        if misses is None:
            return Posture(doubt=Reason.EDGE_ON)
        share = {name: min(abs(miss) / self._definition.wanted[name].margin, 1.0) for name, miss in misses.items()}
        near = {finger: 1.0 - max(share[name] for name in share if finger_of(name) == finger) for finger in self._fingers}
        worst = max(share, key=share.__getitem__)
        off = _fault(worst, misses[worst], share[worst], Side(side)) if share[worst] > NAMED_FROM else None
        self._state = self._named(world_m, left, share, values)
        # The hand as a whole counts, and its worst finger again: four right ones do not make up for it.
        rating = 50.0 * (sum(near.values()) / len(near) + min(near.values()))
        return Posture(self._state, rating, near, off)

    def _named(self, world_m: FloatArray, left: bool, share: Mapping[str, float], values: Mapping[str, float]) -> str:
        learnt = self._learnt.match(world_m, left).state if self._learnt is not None else ""
        # One finger that is off can hide among four that are right, so what was learnt widens the bands, no more.
        if max(share.values()) <= (STAYS_WITHIN if GOOD in (self._state, learnt) else 0.0):
            return GOOD
        if learnt not in ("", GOOD):
            return learnt
        for name, bands in self._definition.known_wrong.items():
            misses, allowed = _misses(bands, values, 1.0), STAYS_WITHIN if self._state == name else 0.0
            if misses is not None and all(abs(miss) <= allowed * bands[one].margin for one, miss in misses.items()):
                return name
        return ""


def _misses(bands: Bands, values: Mapping[str, float], extent: float) -> dict[str, float] | None:
    """By how much each reading lies outside its band, below it negative; None: one cannot be measured."""
    if not all(math.isfinite(values[name]) for name in bands):
        return None
    return {name: band.miss(values[name], extent) for name, band in bands.items()}


def _fault(reading: str, miss: float, severity: float, side: Side) -> Fault:
    kind = "hand" if reading == ELEVATION else "distance" if reading in DISTANCES else reading.rpartition("_")[2]
    name = (_BELOW if miss < 0.0 else _ABOVE)[kind]
    return Fault(
        name, abs(miss), "" if kind == "distance" else "deg", side, finger_of(reading), "low" if miss < 0.0 else "high",
        severity=severity,
    )  # fmt: skip
