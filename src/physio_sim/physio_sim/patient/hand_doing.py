"""A hand exercise as one patient does it: kneels near the robot, holds a hand before its camera, and moves the fingers.

Which posture is asked for is the exercise's own figure, so the patient can do every exercise of a hand that there is a file of.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache

import numpy as np

from physio_core.exercises.catalogue import Exercise, load_exercises
from physio_core.exercises.hand_figure import HandAngles
from physio_core.exercises.kinds import sensed_by_hand
from physio_core.motion.hand import DIGITS
from physio_core.motion.hand_movements import HAND_MOVEMENTS, HandWay
from physio_core.motion.kinematics import BodyShape, Motion, root_rotation
from physio_core.motion.postures import kneeling
from physio_core.motion.style import Style, smooth
from physio_core.types import FloatArray, Side
from physio_sim.patient.hand_performance import HandPerformance, HandTask, perform_hand
from physio_sim.patient.hand_personas import HAND_PERSONAS, HandImpairment, hand_persona_named
from physio_sim.patient.personas import Persona
from physio_sim.truth import InjectedFault, TrueRepetition

KNEELS = "kneel"
"""Place of a patient who shows a hand."""
SHOWN_M = 0.92
"""From the camera to the wrist [m]."""
_HOLDS_LONGER_S, _RESTS_S, _MOVES_S, _FPS = 1.0, 0.6, 1.0, 60.0
_BETWEEN = (0.0, 0.4, 0.6, 1.0)
"""Phase at the start of a repetition, when the posture is reached, when it is let go, and at the end."""
_HELD = {
    "front": ((0.155, 0.02, -0.025), (0.1, 0.25, -1.0), 0.0),
    "side": ((0.083, 0.147, -0.13), (0.3, -0.1, -1.0), 0.35),
}
"""By view: from the shoulder to the wrist as shares of the height (ahead, outward, up), where the elbow points, and the turn of
the forearm to the thumb's side [rad]. Seen from the front it is upright, palm to the camera; from the side it is level, palm
down, with the thumb towards the camera."""
_ASIDE_M = 0.25
"""So far from the line of sight a hand may be."""
_ELSE = ("hand_spread", "fist")
_TREMOR_OF_FINGERS = 2.5
_SITS_RAD = 1.45, 2.75
"""Bend of hips and knees of someone who sits on the heels."""


@dataclass(frozen=True)
class HandPose:
    """Where a shown hand is.

    Attributes:
        side: left or right.
        angles_rad: (A,) in the order of ``HAND_ANGLES``.
        wrist_m: (3,) in the world [m].
        turn: (3, 3) of the forearm.
    """

    side: str
    angles_rad: FloatArray
    wrist_m: FloatArray
    turn: FloatArray


@dataclass(frozen=True)
class Shown:
    """A patient who kneels with one hand before the camera.

    Attributes:
        spot: where it kneels: x and y [m].
        body: its posture, one frame.
        wrist_m: (3,) in the world [m].
        turn: (3, 3) of the forearm.
    """

    spot: tuple[float, float]
    body: Motion
    wrist_m: FloatArray
    turn: FloatArray


@lru_cache(maxsize=1)
def hand_exercises() -> Mapping[str, Exercise]:
    """Every exercise of a hand that ships with a figure."""
    return {
        name: one for name, one in load_exercises().items() if sensed_by_hand(one.kind) and isinstance(one.figure, HandAngles)
    }


def impairment_of(persona: Persona) -> HandImpairment:
    """What is the matter with a patient's hand: by its own name, or what its faults mean for a hand."""
    if persona.hand:
        return hand_persona_named(persona.hand)
    if persona.name in HAND_PERSONAS:
        return HAND_PERSONAS[persona.name]
    slowness = (1.0 + persona.size_of("too_slow") / 100.0) * (1.0 - persona.size_of("too_fast") / 100.0)
    return HandImpairment(
        range=1.0 - persona.size_of("range") / 100.0,
        speed=float(np.clip(1.0 / slowness, 0.1, 3.0)),
        tremor_deg=min(0.3 + _TREMOR_OF_FINGERS * persona.size_of("unsteady"), 20.0),
        fatigue=HAND_PERSONAS["tiring"].fatigue if persona.size_of("fatigue") else 0.0,
    )


@dataclass(frozen=True)
class HandDoing:
    """One exercise of a hand from when it is begun.

    Attributes:
        exercise: what was asked for.
        name: what is done, which may be another one.
        way: from rest to the posture.
        side: which hand.
        wanted: the side that was asked for; empty: either.
        repetitions: how many in all; 0: until told otherwise.
        hold_s: how long each posture is held [s].
        impairment: of the hand.
        tempo: factor on the natural speed.
        seed: of what is random.
        begins_s: when [s].
    """

    exercise: str
    name: str
    way: HandWay
    side: str
    wanted: str
    repetitions: int
    hold_s: float
    impairment: HandImpairment
    tempo: float
    seed: int
    begins_s: float

    @staticmethod
    def of(
        exercise: Exercise, persona: Persona, side: str, repetitions: int, tempo: float, seed: int, begins_s: float
    ) -> HandDoing:
        """As a persona does it; a wrong one opens the hand where it is to be closed, or closes it."""
        figure = exercise.figure
        assert isinstance(figure, HandAngles)
        way = figure.way(exercise.name)
        if persona.wrong:
            way = max(
                (HAND_MOVEMENTS[name].way for name in _ELSE), key=lambda one: float(np.abs(one.end_rad - way.end_rad).sum())
            )
        hold_s = (exercise.hand.hold_s if exercise.hand else 1.0) + _HOLDS_LONGER_S
        return HandDoing(
            exercise.name,
            way.name,
            way,
            side or "right",
            side,
            repetitions,
            hold_s,
            impairment_of(persona),
            tempo,
            seed,
            begins_s,
        )

    @cached_property
    def _done(self) -> dict[int, HandPerformance]:
        return {}

    def _repetition(self, number: int) -> HandPerformance:
        if number not in self._done:
            left = (1.0 - self.impairment.fatigue) ** number
            tired = replace(self.impairment, range=self.impairment.range * left, speed=max(self.impairment.speed * left, 0.1))
            task = HandTask(self.way, self.side, 1, self.hold_s, _RESTS_S, _MOVES_S / self.tempo, _FPS)
            self._done[number] = perform_hand(task, tired, self.seed)
        return self._done[number]

    def end_s(self, number: int) -> float:
        """When so many repetitions are done [s]."""
        return self.begins_s + sum(float(self._repetition(n).stamps_s[-1]) for n in range(number))

    def _at(self, elapsed_s: float) -> tuple[int, float]:
        """Repetition under way and the time since it began [s]."""
        number = 0
        while elapsed_s >= (length := float(self._repetition(number).stamps_s[-1])):
            number, elapsed_s = number + 1, elapsed_s - length
        return number, max(elapsed_s, 0.0)

    def angles_rad(self, elapsed_s: float) -> FloatArray:
        """Joint angles (A,) of the hand [rad]."""
        number, since_s = self._at(elapsed_s)
        one = self._repetition(number)
        frame = min(round(since_s * _FPS), len(one.stamps_s) - 1)
        return np.asarray(one.motion.angles_rad[frame])

    def phase(self, elapsed_s: float) -> float:
        """Repetitions done, with fractions; half of one in the middle of its hold."""
        number, since_s = self._at(elapsed_s)
        one = self._repetition(number).repetitions[0]
        return number + float(np.interp(since_s, (one.start_s, one.reached_s, one.released_s, one.end_s), _BETWEEN) % 1.0)

    def truth(self, number: int) -> TrueRepetition:
        """The truth about one repetition, counted from 0."""
        one, zero_s = self._repetition(number).repetitions[0], self.end_s(number)
        extent = float(np.mean([one.reached[DIGITS.index(digit)] for digit in self.way.digits]))
        faults = [
            InjectedFault(name, 100.0 * value, 100.0, "%", "hand", Side(self.side))
            for name, value, enough in (("range", extent, 0.9), ("hold", one.held, 0.9))
            if value < enough
        ]
        turn_s = 0.5 * (one.reached_s + one.released_s)
        times_s = (zero_s + one.start_s, zero_s + turn_s, zero_s + one.end_s)
        return TrueRepetition(number + 1, Side(self.side), *times_s, extent, tuple(faults))


def resting(pose: HandPose, rest_rad: FloatArray) -> Callable[[float], HandPose]:
    """A hand that goes from where it is to rest, and stays."""

    def at(elapsed_s: float) -> HandPose:
        gone = float(smooth(np.array([elapsed_s]), 0.0, _MOVES_S)[0])
        return replace(pose, angles_rad=pose.angles_rad + gone * (rest_rad - pose.angles_rad))

    return at


def showing(shape: BodyShape, style: Style, side: str, view: str, eye_m: FloatArray, yaw_rad: float) -> Shown:
    """A patient who kneels so that one hand is before the camera.

    Args:
        shape: whose body.
        style: its habits.
        side: left or right hand.
        view: of the exercise: front or side.
        eye_m: (3,) where the camera is [m].
        yaw_rad: heading that faces the camera.
    """
    pose = kneeling(shape, replace(style, arms="sides"))
    pose.set(hip_flexion=pose.root_rad[:, 1] + _SITS_RAD[0], knee_flexion=_SITS_RAD[1]).settle()
    over = 1.0 if side == "left" else -1.0
    shoulder = pose.part(f"{side}_arm").at[f"{side}_shoulder"][0]
    place, pole, roll_rad = _HELD[view]
    wrist = shoulder + shape.height_m * np.array(place) * [1.0, over, 1.0]
    pose.wrist(side, wrist, np.array(pole) * [1.0, over, 1.0])
    ahead = np.array([np.cos(yaw_rad), np.sin(yaw_rad)])
    aside = np.array([-ahead[1], ahead[0]])
    shift_m = wrist[1] - np.clip(wrist[1], -_ASIDE_M, _ASIDE_M)
    spot = eye_m[:2] - ahead * (SHOWN_M + wrist[0]) - aside * shift_m
    body = pose.motion.placed(float(spot[0]), float(spot[1]), yaw_rad)
    turned = root_rotation(np.array([[0.0, 0.0, yaw_rad]]))[0]
    at, elbow = pose.frames.at[f"{side}_wrist"][0], pose.frames.at[f"{side}_elbow"][0]
    wrist_m = turned @ at + [*spot, 0.0]
    palm = eye_m - wrist_m if view == "front" else np.array([0.0, 0.0, -1.0])
    turn = _facing(turned @ (at - elbow), palm, -over * roll_rad)
    return Shown((float(spot[0]), float(spot[1])), body, wrist_m, turn)


def _facing(along: FloatArray, palm: FloatArray, roll_rad: float) -> FloatArray:
    """Turn of a forearm (3, 3) along a direction with the palm to another, then rolled about itself."""
    x = along / np.linalg.norm(along)
    z = (palm @ x) * x - palm
    z /= np.linalg.norm(z)
    turn: FloatArray = np.stack([x, np.cross(z, x), z], axis=1)
    return np.asarray(turn @ root_rotation(np.array([[roll_rad, 0.0, 0.0]]))[0])
