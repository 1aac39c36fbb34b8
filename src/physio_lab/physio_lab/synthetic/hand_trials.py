"""Trials of hand items by simulated patients with the level that a therapist would give: what a scorer learns from.

Levels are those of Fugl-Meyer et al. (1975): 2, the whole movement, evenly; 1, a part of it, or slow, uneven, with synergies,
tremor, or a grasp that is not held; 0, none or a trace. The rule that decides the level is on the true movement alone
(:func:`true_level`), never on what an estimator makes of it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from physio_core.errors import ConfigError
from physio_core.motion.hand import DIGITS, HandFrames, HandShape, hand_frames
from physio_core.motion.hand_movements import hand_movement_named
from physio_core.skeleton.layouts import HAND_21
from physio_core.types import BoolArray, FloatArray, Skeleton, Tracking
from physio_lab.synthetic.hand_noise import HandNoise, hands_like
from physio_sim.patient.hand_performance import HandPerformance, HandTask, perform_hand
from physio_sim.patient.hand_personas import HandImpairment
from physio_sim.patient.hand_views import shown

FMA_ITEMS = ("mass_flexion", "mass_extension", "hook", "thumb_adduction", "pincer", "cylinder", "sphere")
"""Items of the hand, each a movement of the library by that name."""
GRASPS = ("hook", "thumb_adduction", "pincer", "cylinder", "sphere")
"""Items in which the posture must be held against a pull, so that letting go costs a level."""
LEVELS = (0, 1, 2)
TRACE, FULL, EVEN, HELD = 0.15, 0.85, 0.75, 0.7
"""Shares of the asked range: below the first it is a trace; the whole from the second on, when the weakest digit has the third of
the mean, and the fourth is left at the end of a hold."""
SLOW_S, TREMOR_DEG, SYNERGY = 2.6, 3.0, 0.3
"""A way that takes longer, tremor or synergy that is larger: no more than a part."""
_SIZE_PX, _AWAY_M, _FOCAL = (640, 480), 0.45, 0.83


@dataclass(frozen=True)
class HandPatient:
    """Someone with one affected hand.

    Attributes:
        number: who.
        severity: 0 recovered .. 1 no movement.
        side: the affected hand.
        shape: of both hands.
    """

    number: int
    severity: float
    side: str
    shape: HandShape


@dataclass(frozen=True)
class HandTrial:
    """One item done by one patient; T images.

    Attributes:
        item: one of :data:`FMA_ITEMS`.
        level: the true one.
        patient: who.
        side: the hand that is seen.
        impairment: what was the matter with it.
        performance: what it did, with the truth about each repetition.
        true_m: (T, 21, 3) in the camera's optical frame [m].
        found_m: (T, 21, 3) from the wrist, as an estimator gives them in space [m]; 0 where there is no hand.
        present: (T,) whether the estimator found a hand.
    """

    item: str
    level: int
    patient: HandPatient
    side: str
    impairment: HandImpairment
    performance: HandPerformance
    true_m: FloatArray
    found_m: FloatArray
    present: BoolArray

    @property
    def stamps_s(self) -> FloatArray:
        """Of the images (T,) [s]."""
        return self.performance.stamps_s

    def skeletons(self) -> Iterator[Skeleton]:
        """What the estimator says of each image, layout ``hand_21``: in the image, and in space from the wrist."""
        for stamp, true, found, there in zip(self.stamps_s, self.true_m, self.found_m, self.present, strict=True):
            if not there:
                yield Skeleton(float(stamp), Tracking.NOBODY, HAND_21.name, width_px=_SIZE_PX[0], height_px=_SIZE_PX[1])
                continue
            at = true[0] + found
            points = np.stack([0.5 + _FOCAL * at[:, 0] / at[:, 2], 0.5 + _FOCAL * 4 / 3 * at[:, 1] / at[:, 2]], axis=1)
            depth = _FOCAL * found[:, 2:] / true[0, 2]
            points = np.concatenate([points, depth], axis=1).astype(np.float32)
            sure = np.ones(len(points), np.float32)
            yield Skeleton(
                float(stamp), Tracking.TRACKED, HAND_21.name, points, sure, self.side, *_SIZE_PX, found.astype(np.float32)
            )


def true_level(item: str, impairment: HandImpairment, performance: HandPerformance) -> int:
    """The level of a performance by what really happened in its first repetition."""
    one = performance.repetitions[0]
    asked = np.array(one.reached)[[DIGITS.index(digit) for digit in hand_movement_named(item).way.digits]]
    mean = float(asked.mean())
    if mean < TRACE:
        return 0
    whole = mean >= FULL and asked.min() >= EVEN * mean and one.reached_s - one.start_s <= SLOW_S
    steady = impairment.tremor_deg <= TREMOR_DEG and max(impairment.synergy, impairment.tone) <= SYNERGY
    return 2 if whole and steady and (item not in GRASPS or one.held >= HELD) else 1


def impairment_of(level: int, rng: np.random.Generator) -> HandImpairment:
    """A random hand that is meant for a level; :func:`true_level` decides what it is.

    Raises:
        ConfigError: no such level.
    """
    if level not in LEVELS:
        raise ConfigError(f"no level {level!r}; choose from: {', '.join(map(str, LEVELS))}")
    able = HandImpairment(
        range=rng.uniform(0.9, 1.05), uneven=rng.uniform(0.0, 0.08), thumb=rng.uniform(0.85, 1.05), speed=rng.uniform(0.6, 1.5),
        tremor_deg=rng.uniform(0.1, 1.0), delay_s=rng.uniform(0.1, 0.8), lag_s=rng.uniform(0.0, 0.15),
        hold_loss=rng.uniform(0.0, 0.12), synergy=rng.uniform(0.0, 0.08), tone=rng.uniform(0.0, 0.08),
    )  # fmt: skip
    if level == 2:
        return able
    tone, delay = rng.uniform(0.0, 0.6), rng.uniform(0.3, 1.5)
    if level == 0:
        return replace(able, range=rng.uniform(0.0, 0.11), tone=tone, delay_s=delay, synergy=rng.uniform(0.0, 0.4),
                       thumb=rng.uniform(0.0, 1.0), tremor_deg=rng.uniform(0.1, 3.0))  # fmt: skip
    signs = {
        "range": replace(able, range=rng.uniform(0.25, 0.78), uneven=rng.uniform(0.0, 0.3)),
        "uneven": replace(able, uneven=rng.uniform(0.35, 0.8), lag_s=rng.uniform(0.1, 0.5), range=rng.uniform(0.7, 1.0)),
        "slow": replace(able, speed=rng.uniform(0.2, 0.35), pauses=int(rng.integers(0, 4)), range=rng.uniform(0.7, 1.0)),
        "synergy": replace(able, synergy=rng.uniform(0.4, 0.8), range=rng.uniform(0.5, 0.95), wrist_deg=rng.uniform(10, 40)),
        "tone": replace(able, tone=rng.uniform(0.4, 0.8), range=rng.uniform(0.4, 0.9), speed=rng.uniform(0.3, 0.6)),
        "tremor": replace(able, tremor_deg=rng.uniform(3.5, 8.0), tremor_hz=rng.uniform(3.5, 7.0), range=rng.uniform(0.6, 1.0)),
        "letting go": replace(able, hold_loss=rng.uniform(0.4, 1.0), range=rng.uniform(0.6, 1.0)),
    }
    chosen = rng.choice(list(signs), p=[0.3, 0.15, 0.12, 0.13, 0.1, 0.1, 0.1])
    return replace(signs[str(chosen)], delay_s=delay)


def patient_of(number: int, seed: int = 0) -> HandPatient:
    """One patient of a seed; the same number is always the same person."""
    rng = np.random.default_rng((seed, number, 41))
    age = str(rng.choice(["adult", "adult", "adult", "large", "adolescent", "child"]))
    return HandPatient(number, float(rng.uniform()), str(rng.choice(["right", "left"])), HandShape.random(rng, age))


def trials(
    patients: int,
    seed: int = 0,
    items: tuple[str, ...] = FMA_ITEMS,
    per_item: int = 1,
    noise: HandNoise | None = None,
    steadiest: float = 1.0,
) -> Iterator[HandTrial]:
    """Every trial of so many patients: each does each item so often with the affected hand.

    Args:
        patients: how many.
        seed: of all chance.
        items: movements of the hand.
        per_item: times that each is done.
        noise: of the estimator; None: usual.
        steadiest: the errors of a try are between this share of ``noise`` and all of it.

    Raises:
        UnknownExercise: an item that is no movement of the hand.
    """
    noise = noise or HandNoise()
    for number in range(patients):
        patient = patient_of(number, seed)
        for item in items:
            for again in range(per_item):
                key = (seed, number, items.index(item), again)
                errs = noise.steadier(float(np.random.default_rng((*key, 47)).uniform(steadiest, 1.0)))
                yield trial_of(patient, item, key, errs)


def trial_of(
    patient: HandPatient, item: str, seed: tuple[int, ...], noise: HandNoise | None = None, level: int | None = None
) -> HandTrial:
    """One trial; the same seed gives the same one.

    Args:
        patient: who does it.
        item: a movement of the hand.
        seed: of all chance in it.
        noise: of the estimator; None: usual.
        level: that the hand is meant for; None: by the patient's severity. The trial's own is the true one.

    Raises:
        UnknownExercise: no such movement.
        ConfigError: no such level.
    """
    movement = hand_movement_named(item)
    rng = np.random.default_rng((*seed, 43))
    if level is None:
        level = int(np.digitize(1.0 - patient.severity + 0.18 * rng.normal(), (0.27, 0.62)))
    impairment = impairment_of(level, rng)
    task = HandTask(
        movement.way, patient.side, 1, hold_s=rng.uniform(0.8, 2.5), between_s=rng.uniform(0.4, 1.2), move_s=rng.uniform(0.7, 1.3)
    )
    performance = perform_hand(task, impairment, int(rng.integers(1 << 30)))
    view = str(rng.choice(movement.views, p=[0.7, 0.3]))
    frames = _before_camera(performance, patient.shape, view, rng)
    found, present = hands_like(frames, task.fps, rng, noise)
    true = true_level(item, impairment, performance)
    return HandTrial(item, true, patient, patient.side, impairment, performance, frames.points_m, found, present)


def _before_camera(performance: HandPerformance, shape: HandShape, view: str, rng: np.random.Generator) -> HandFrames:
    away = np.array([*rng.normal(0.0, 0.03, 2), _AWAY_M * rng.uniform(0.8, 1.6)]) + [0.0, 0.08, 0.0]
    turn = (float(rng.normal(0.0, 15.0)), float(rng.normal(0.0, 12.0)), float(rng.normal(0.0, 15.0)))
    sway = 0.004 * np.sin(2 * np.pi * 0.3 * performance.stamps_s[:, None] + rng.uniform(0, 6, 3))
    return hand_frames(shape, shown(performance.motion, view, away + sway, turn))
