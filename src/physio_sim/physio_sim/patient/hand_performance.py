"""An impaired hand doing a movement again and again over time, with what really happened in each repetition."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from physio_core.errors import ConfigError
from physio_core.motion.hand import DIGITS, HAND_ANGLES, HandMotion, within_limits
from physio_core.motion.hand_movements import HandWay
from physio_core.motion.hand_postures import hand_posture_rad
from physio_core.types import FloatArray
from physio_sim.patient.hand_personas import HandImpairment

MOST_S = 60.0
"""Longest performance."""
_SLOW_HZ, _OWN_DEG = 0.4, 3.0
_DIGIT_OF = np.array([next((n for n, digit in enumerate(DIGITS) if name.startswith(digit)), len(DIGITS)) for name in HAND_ANGLES])
_WRIST = HAND_ANGLES.index("wrist_flexion")
_SHAKES = np.array([1.0 if "flexion" in name else 0.4 for name in HAND_ANGLES])
_FLEXES = np.array([name.endswith("flexion") and not name.startswith("wrist") for name in HAND_ANGLES])
_BENT, _OPENS_RAD = "half_fist", 1.0
"""What tone draws a hand into; and by how much all its joints together must straighten to say that a movement opens it."""


@dataclass(frozen=True)
class HandTask:
    """What is asked of the hand, and when.

    Attributes:
        movement: which.
        side: ``right`` or ``left``.
        repetitions: how often.
        hold_s: how long the asked posture is to be held [s].
        between_s: before, between and after repetitions [s].
        move_s: that a healthy hand takes one way [s].
        fps: frames per second [Hz].
    """

    movement: HandWay
    side: str = "right"
    repetitions: int = 1
    hold_s: float = 1.0
    between_s: float = 0.8
    move_s: float = 1.0
    fps: float = 30.0


@dataclass(frozen=True)
class HandRepetition:
    """The truth about one repetition.

    Attributes:
        start_s: the first finger sets out.
        reached_s: the last one has arrived.
        released_s: the hold ends.
        end_s: all are back.
        reached: (5,) share of the asked range by digit, in the order of ``DIGITS``.
        held: share of that which is left when the hold ends.
    """

    start_s: float
    reached_s: float
    released_s: float
    end_s: float
    reached: tuple[float, ...]
    held: float


@dataclass(frozen=True)
class HandPerformance:
    """A hand over time, T frames.

    Attributes:
        stamps_s: (T,) [s], from 0.
        motion: true joint angles, with the wrist at the origin and the forearm unturned.
        progress: (T, 5) share of the asked range by digit, without tremor.
        repetitions: the truth about each.
    """

    stamps_s: FloatArray
    motion: HandMotion
    progress: FloatArray
    repetitions: tuple[HandRepetition, ...]


def perform_hand(task: HandTask, impairment: HandImpairment, seed: int = 0) -> HandPerformance:
    """Let a hand do a task; the same seed gives the same performance.

    Raises:
        ConfigError: nothing is asked, or it takes longer than :data:`MOST_S`.
    """
    if task.repetitions < 1 or min(task.move_s, task.fps) <= 0 or min(task.hold_s, task.between_s) < 0:
        raise ConfigError(f"a hand cannot do {task}; need at least one repetition and positive times")
    rng = np.random.default_rng((seed, 23))
    weakness = _weakness(impairment, rng)
    order = impairment.lag_s * rng.permutation(len(DIGITS)) / (len(DIGITS) - 1)
    repetitions, now = [], task.between_s
    for number in range(task.repetitions):
        repetitions.append(_timed(task, impairment, number, now + impairment.delay_s, weakness))
        now = repetitions[-1].end_s + task.between_s
    if now > MOST_S:
        raise ConfigError(f"{task.repetitions} repetitions of {task.movement.name} take {now:.0f} s; at most {MOST_S:g} s")
    stamps = np.arange(int(np.ceil(now * task.fps))) / task.fps
    progress = np.sum([_progress(stamps, one, order, impairment.pauses) for one in repetitions], axis=0)
    angles = _angles(task.movement, impairment, progress) + _own_way(stamps, impairment, rng)
    still = np.zeros((len(stamps), 3))
    motion = HandMotion(within_limits(angles), still, still.copy(), task.side)
    return HandPerformance(stamps, motion, progress, tuple(repetitions))


def _weakness(impairment: HandImpairment, rng: np.random.Generator) -> FloatArray:
    """Share of the range (5,) that each digit has: the strongest all, the weakest of the fingers the least."""
    fingers = 1.0 - impairment.uneven * rng.permutation(np.linspace(0.0, 1.0, len(DIGITS) - 1))
    return np.concatenate([[impairment.thumb], fingers])


def _timed(task: HandTask, impairment: HandImpairment, number: int, start_s: float, weakness: FloatArray) -> HandRepetition:
    left = (1.0 - impairment.fatigue) ** number
    move_s = task.move_s / (impairment.speed * left) * (1.0 + 0.35 * impairment.pauses)
    reached_s = start_s + move_s + impairment.lag_s
    released_s = reached_s + task.hold_s
    reached = tuple(float(share) for share in impairment.range * left * weakness)
    return HandRepetition(
        start_s, reached_s, released_s, released_s + move_s + impairment.lag_s, reached, 1.0 - impairment.hold_loss
    )


def _progress(stamps_s: FloatArray, one: HandRepetition, order_s: FloatArray, pauses: int) -> FloatArray:
    """Share of the range (T, 5) by digit in one repetition."""
    move_s = one.reached_s - one.start_s - float(order_s.max())
    out = _reach((stamps_s[:, None] - one.start_s - order_s) / move_s, pauses)
    back = _reach((stamps_s[:, None] - one.released_s - order_s) / move_s, pauses)
    held = np.clip((stamps_s[:, None] - one.reached_s) / max(one.released_s - one.reached_s, 1e-6), 0.0, 1.0)
    share: FloatArray = np.array(one.reached) * (1.0 - (1.0 - one.held) * held) * out * (1.0 - back)
    return share


def _reach(time: FloatArray, pauses: int) -> FloatArray:
    """From 0 to 1 with the least jerk (Flash and Hogan 1985), halting some times on the way."""
    time = np.clip(time, 0.0, 1.0)
    if pauses:
        turn = 2 * np.pi * (pauses + 1)
        time = time - 0.95 * np.sin(turn * time) / turn
    way: FloatArray = time**3 * (10 - 15 * time + 6 * time**2)
    return way


def _angles(way: HandWay, impairment: HandImpairment, progress: FloatArray) -> FloatArray:
    """Joint angles (T, A): what is asked, less what the impairment takes and with what it adds."""
    digits = np.concatenate([progress, progress[:, 1:].mean(1, keepdims=True)], axis=1)
    asked = way.angles_rad(digits[:, _DIGIT_OF])
    start, end, bent = way.start_rad, way.end_rad, hand_posture_rad(_BENT)
    opens = end[_FLEXES].sum() < start[_FLEXES].sum() - _OPENS_RAD
    whole = hand_posture_rad("claw") if opens else bent
    strength = np.clip(digits[:, -1:], 0.0, 1.0)
    angles = asked + impairment.synergy * strength * (whole - end)
    angles += impairment.tone * (1.0 - 0.4 * strength) * np.maximum(bent - angles, 0.0) * _FLEXES
    angles[:, _WRIST] += np.radians(impairment.wrist_deg) * strength[:, 0]
    return np.asarray(angles)


def _own_way(stamps_s: FloatArray, impairment: HandImpairment, rng: np.random.Generator) -> FloatArray:
    """What this hand does besides (T, A) [rad]: its own posture, slow wandering, and tremor of a frequency that wanders."""
    own = _OWN_DEG * rng.normal(size=len(HAND_ANGLES))
    phases = rng.uniform(0, 2 * np.pi, (2, len(HAND_ANGLES)))
    slow = 0.5 * np.sin(2 * np.pi * _SLOW_HZ * stamps_s[:, None] * rng.uniform(0.3, 1.0, len(HAND_ANGLES)) + phases[0])
    turns = impairment.tremor_hz * (stamps_s + 0.05 * np.sin(2 * np.pi * 0.3 * stamps_s))
    swell = 0.75 + 0.25 * np.sin(2 * np.pi * 0.23 * stamps_s + phases[1, 0])
    tremor = impairment.tremor_deg * _SHAKES * swell[:, None] * np.sin(2 * np.pi * turns[:, None] + 0.4 * phases[1])
    return np.asarray(np.radians(own + slow + tremor))
