"""The movements of the hand, by name, between two postures; the one list that screen, clinic and training share."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from physio_core.errors import InputError, UnknownExercise
from physio_core.motion.hand import DIGITS, HAND_ANGLES, HandMotion
from physio_core.motion.hand_postures import hand_posture_rad
from physio_core.motion.style import raised_cosine
from physio_core.types import FloatArray

_ASKED = 0.35
"""Share of the way of the digit that moves most, by which another one is asked for too."""
_THUMB = np.array([name.startswith("thumb") for name in HAND_ANGLES])


@dataclass(frozen=True, eq=False)
class HandWay:
    """From one posture of the hand to another.

    Attributes:
        name: of the movement or exercise.
        start_rad: (A,) angles that it begins with, in the order of ``HAND_ANGLES`` [rad].
        end_rad: (A,) angles that are asked for [rad].
        thumb_last: share of the way after which the thumb sets out, where fingers would hinder it; it returns first.
    """

    name: str
    start_rad: FloatArray
    end_rad: FloatArray
    thumb_last: float = 0.0

    @property
    def digits(self) -> tuple[str, ...]:
        """The digits that it asks for, not those that merely give way; of a movement of the wrist alone: all."""
        way = np.abs(self.end_rad - self.start_rad)
        moved = {digit: float(sum(way[n] for n, name in enumerate(HAND_ANGLES) if name.startswith(digit))) for digit in DIGITS}
        return tuple(digit for digit, angle in moved.items() if angle >= _ASKED * max(moved.values()))

    def angles_rad(self, progress: FloatArray) -> FloatArray:
        """Angles (T, A) [rad] at a share of the way: (T,) for the whole hand, or (T, A) by angle, as impairments need it."""
        share = np.broadcast_to(progress[:, None] if progress.ndim == 1 else progress, (len(progress), len(HAND_ANGLES)))
        if self.thumb_last:
            share = np.where(_THUMB, np.maximum(share - self.thumb_last, 0.0) / (1.0 - self.thumb_last), share)
        angles: FloatArray = self.start_rad + share * (self.end_rad - self.start_rad)
        return angles


@dataclass(frozen=True)
class HandMovement:
    """A movement of the hand as a function of phase.

    Attributes:
        name: unique among the movements of hands.
        start: posture that it begins and ends with.
        end: posture halfway, the one that is asked for.
        period_s: shortest and longest time of one repetition that people take [s].
        thumb_last: see :class:`HandWay`.
        views: which side a camera should see, the best first: palm, back, thumb (the radial side) or pinky (the ulnar).
    """

    name: str
    start: str
    end: str
    period_s: tuple[float, float] = (2.0, 6.0)
    thumb_last: float = 0.0
    views: tuple[str, ...] = ("palm", "back")

    @property
    def way(self) -> HandWay:
        """Its two postures as angles."""
        return HandWay(self.name, hand_posture_rad(self.start), hand_posture_rad(self.end), self.thumb_last)

    def motion(self, phase: FloatArray, side: str = "right", depth: float = 1.0, dwell: float = 0.3) -> HandMotion:
        """The movement of a healthy hand with the wrist at the origin.

        Args:
            phase: (T,) repetitions since the start; one repetition is one unit.
            side: ``right`` or ``left``.
            depth: share of the full range.
            dwell: rest at the ends of a repetition: 0 none, 1 half of the time.

        Raises:
            InputError: phase is not (T,) or not finite, or there is no such side.
        """
        phase = np.asarray(phase, float)
        if phase.ndim != 1 or not np.isfinite(phase).all():
            raise InputError(f"phase of shape {phase.shape}; need (T,) finite numbers")
        angles = self.way.angles_rad(depth * raised_cosine(phase, dwell))
        return HandMotion(angles, np.zeros((len(phase), 3)), np.zeros((len(phase), 3)), side)


_SEEN_SIDEWAYS = ("thumb", "palm")
HAND_MOVEMENTS: dict[str, HandMovement] = {
    movement.name: movement
    for movement in (
        HandMovement("hand_open", "relaxed", "open"),
        HandMovement("hand_spread", "together", "spread"),
        HandMovement("fist", "open", "fist", thumb_last=0.45),
        HandMovement("mass_flexion", "open", "fist", thumb_last=0.45),
        HandMovement("mass_extension", "fist", "open"),
        HandMovement("hook", "open", "hook", views=_SEEN_SIDEWAYS),
        HandMovement("tabletop", "open", "tabletop", views=_SEEN_SIDEWAYS),
        HandMovement("pinch", "open", "pinch", views=("palm", "thumb")),
        HandMovement("pincer", "open", "pinch", views=("palm", "thumb")),
        *(HandMovement(f"thumb_to_{finger}", "open", f"thumb_to_{finger}") for finger in ("index", "middle", "ring", "pinky")),
        HandMovement("thumb_adduction", "thumb_out", "thumb_adducted"),
        HandMovement("cylinder", "open", "cylinder", views=_SEEN_SIDEWAYS),
        HandMovement("sphere", "open", "sphere", views=_SEEN_SIDEWAYS),
        HandMovement("wrist_flexion", "open", "wrist_flexed", views=_SEEN_SIDEWAYS),
        HandMovement("wrist_extension", "open", "wrist_extended", views=_SEEN_SIDEWAYS),
        HandMovement("wrist_radial_deviation", "open", "wrist_radial"),
        HandMovement("wrist_ulnar_deviation", "open", "wrist_ulnar"),
    )
}
"""Every movement of the hand that screen, simulated patient and synthetic training can show."""


def hand_movement_named(name: str) -> HandMovement:
    """The movement of this name.

    Raises:
        UnknownExercise: there is no such movement of the hand.
    """
    if name not in HAND_MOVEMENTS:
        raise UnknownExercise(name, HAND_MOVEMENTS)
    return HAND_MOVEMENTS[name]
