"""Synthetic sequences with a label at each tick: random people, movements, tempos, idle times, cameras and estimator noise.

A sequence is one or more movements in a row, blended into each other. Whoever holds still, before or after, is `unknown`; the
first part of a repetition and the moments after the last are left out of the loss, because nobody could know yet.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from physio_core.errors import ConfigError
from physio_core.motion.kinematics import BodyShape, positions
from physio_core.motion.movements import RECOGNISED
from physio_core.motion.projection import Camera, project, to_openpose_18
from physio_core.motion.style import Movement, Style
from physio_core.params import Parameters, param
from physio_core.skeleton.layouts import OPENPOSE_18
from physio_core.skeleton.normalise import NormaliserConfig
from physio_core.types import UNKNOWN, FloatArray
from physio_lab.synthetic.joined import joined, placed
from physio_lab.synthetic.negatives import UNKNOWN as UNKNOWN_MOVEMENTS
from physio_lab.synthetic.negatives_hard import hard_negatives
from physio_lab.synthetic.noise import NoiseConfig, estimator_like, wandering
from physio_lab.tasks.stgcn.prepare import IGNORE_INDEX, Labels, come_into_view, features_of

_HIPS = [OPENPOSE_18.index("left_hip"), OPENPOSE_18.index("right_hip")]
_FEET = [OPENPOSE_18.index("left_ankle"), OPENPOSE_18.index("right_ankle")]
OVER_AFTER_S = 1.5
"""Time after the last repetition from which it is over [s]; until then it could be a pause."""

LEAST_WORK_S = 2.0
"""Time for which an exercise is done at least, where it is done once or twice [s]: one jumping jack is too short to be seen."""

DRAWN = {"squat": 3, "lunge": 3, "deadlift": 3, "push_up": 2, "pull_up": 1, "jumping_jack": 2}
"""How often each exercise is drawn against the others, more often what is harder to learn; 1 where it is not named."""

NEAR_MISSES = {
    "raise_arms_sideways": 4, "raise_arms": 2, "rise_from_chair": 2, "dip": 2, "bow": 2, "pick_up": 2, "jump": 2, "skip_rope": 1,
    "step_in_place": 3, "circle_arms": 1, "press": 1, "side_step": 1, "dance": 1, "lift_leg": 1, "touch_toes": 1, "row": 1,
    "burpee": 2, "hold_lunge": 1, "step_forward": 2, "hold_plank": 2, "climb": 1, "sit_up": 1, "change_posture": 2,
    "pull_down": 1, "hang": 1, "lift_overhead": 1, "swing_kettlebell": 1, "swing": 1, "throw": 1, "bounce": 1, "sit": 1,
}  # fmt: skip
"""Movements that are easily taken for an exercise, and how often each is drawn against the others."""


@dataclass(frozen=True)
class SyntheticConfig(Parameters):
    """What the sequences are like."""

    frames: int = param(92, "Ticks of one sequence.", low=32, high=2000)
    exercises: float = param(0.5, "Share of sequences with an exercise.", low=0.0, high=1.0)
    idle_before: float = param(0.4, "Share of exercises that start from holding still or another movement.", low=0.0, high=1.0)
    idle_after: float = param(0.3, "Share of exercises that end within the sequence.", low=0.0, high=1.0)
    near_misses: float = param(0.5, "Share of other movements drawn from the near misses of exercises.", low=0.0, high=1.0)
    fresh: float = param(0.5, "Share of sequences in which the person has only just come into view.", low=0.0, high=1.0)
    cut_off: float = param(0.25, "Share of pictures too narrow for the whole body.", low=0.0, high=1.0)
    approach: float = param(0.12, "Share of people who come nearer or go away, or of lenses that zoom.", low=0.0, high=1.0)
    waist_up: float = param(0.12, "Share of pictures framed from head to hips, as at a desk.", low=0.0, high=1.0)
    overhead: float = param(0.04, "Share of cameras above the person, looking down.", low=0.0, high=1.0)
    pauses: float = param(0.25, "Share of movements with pauses between repetitions.", low=0.0, high=1.0)
    holds: float = param(0.2, "Share of movements held now and then at the far end of a repetition.", low=0.0, high=1.0)
    hard: float = param(0.0, "Share of other movements drawn from those that recordings showed to be weak.", low=0.0, high=1.0)
    singles: float = param(0.0, "Share of exercises done once or twice between long times without them.", low=0.0, high=1.0)
    changes: float = param(0.0, "Share of other movements that are several in a row, seconds each.", low=0.0, high=1.0)
    handheld: float = param(0.0, "Share of cameras in a hand: they pan, tremble, roll, come nearer.", low=0.0, high=1.0)
    sure_after_s: float = param(0.9, "Time seen from which a label is learnt.", unit="s", low=0.0, high=10.0)


@dataclass
class _Part:
    """A movement over some ticks, with phase and label of each tick."""

    movement: Movement
    phase: FloatArray
    labels: Labels
    style: Style = field(default_factory=Style)


class SyntheticSet:
    """Batches of sequences; batch ``i`` is the same each time it is asked for."""

    def __init__(
        self, labels: Sequence[str], config: SyntheticConfig, noise: NoiseConfig, normaliser: NormaliserConfig,
        batch: int, seed: int,
    ) -> None:  # fmt: skip
        self.labels = tuple(labels)
        self.config, self.noise, self.normaliser = config, noise, normaliser
        self.batch, self.seed = batch, seed
        known = [one for one in RECOGNISED.values() if one.label in self.labels]
        self._exercises = [one for one in known for _ in range(DRAWN.get(one.name, 1))]
        if not self._exercises:
            raise ConfigError(f"none of {', '.join(self.labels)} is made synthetically; known: {', '.join(RECOGNISED)}")
        self._unknown = list(UNKNOWN_MOVEMENTS.values())
        self._near = [UNKNOWN_MOVEMENTS[name] for name, weight in NEAR_MISSES.items() for _ in range(weight)]
        self._hard = [one for one in hard_negatives() if one.label not in self.labels or one.label == UNKNOWN]
        self._rate_hz = normaliser.rate_hz

    def __getitem__(self, index: int) -> tuple[FloatArray, Labels]:
        """Features (N, C, T, V) and labels (N, T) of a batch."""
        rng = np.random.default_rng((self.seed, index))
        points, confidence, labels = (
            np.stack(parts) for parts in zip(*(self.sequence(rng) for _ in range(self.batch)), strict=True)
        )
        features, frames = features_of(points, confidence, self.normaliser), points.shape[1]
        for one, label in zip(features, labels, strict=True):
            ahead = int(rng.integers(frames // 8, frames * 3 // 4)) if rng.random() < self.config.fresh else 0
            come_into_view(one, label, ahead, int(self.config.sure_after_s * self._rate_hz))
        return features, labels

    def sequence(self, rng: np.random.Generator) -> tuple[FloatArray, FloatArray, Labels]:
        """One person: points (T, V, 2) in picture heights, confidence (T, V), labels (T,)."""
        shape = BodyShape.random(rng)
        parts = self._exercise_parts(rng) if rng.random() < self.config.exercises else self._unknown_parts(rng)
        motion = joined([placed(part.movement.motion(part.phase, part.style, shape), rng) for part in parts], rng, self._rate_hz)
        labels = np.concatenate([part.labels for part in parts])
        points, depth, aspect = filmed(to_openpose_18(positions(shape, motion)), rng, self.config)
        if any(part.style.variant == "step" for part in parts) and (points[:, _FEET, 1] > 1.0).mean() > 0.5:
            # A jumping jack without the jump, seen without its legs, is raising the arms: nobody could tell.
            labels[labels == self.labels.index("jumping_jack")] = IGNORE_INDEX
        return (*estimator_like(points, depth, aspect, rng, self.noise), labels)

    def _exercise_parts(self, rng: np.random.Generator) -> list[_Part]:
        """An exercise; before and after it there may be stillness in its own posture or another movement."""
        if self.config.singles and rng.random() < self.config.singles:
            return self._single_parts(rng)
        frames, rate = self.config.frames, self._rate_hz
        before = int(rng.uniform(0.06, 0.45) * frames) if rng.random() < self.config.idle_before else 0
        after = int(rng.uniform(0.06, 0.35) * frames) if rng.random() < self.config.idle_after else 0
        movement = self._exercises[int(rng.integers(len(self._exercises)))]
        parts = []
        still_before, still_after = before, after
        if before > 2 * rate and rng.random() < 0.6:
            parts.append(self._some_unknown(before, rng))
            still_before = 0
        if after > 1.5 * rate and rng.random() < 0.5:
            still_after = 0
        phase, period = _phases(movement, frames - before - after, rate, rng, before > 0, self.config)
        unclear = int(np.clip(0.6 * period, 0.8, 2.0) * rate) if before else 0
        parts.append(self._work(movement, phase, (still_before, still_after), unclear, movement.random_style(rng)))
        if after and not still_after:
            parts.append(self._some_unknown(after, rng))
            parts[-1].labels[: int(OVER_AFTER_S * rate)] = IGNORE_INDEX
        return parts

    def _single_parts(self, rng: np.random.Generator) -> list[_Part]:
        """One repetition or two, anywhere in the sequence; they are known from the far end of the first on."""
        frames, rate = self.config.frames, self._rate_hz
        movement = self._exercises[int(rng.integers(len(self._exercises)))]
        low, high = movement.period_s
        period = float(np.exp(rng.uniform(np.log(0.8 * low), np.log(1.4 * high))))
        count = max(int(rng.integers(1, 3)), int(np.ceil(LEAST_WORK_S / period)))
        ticks = min(int(count * period * rate), int(0.7 * frames))
        before = int(rng.uniform(0.3, 0.9) * (frames - ticks))
        after = frames - ticks - before
        parts, still = [], before
        if before > 1.5 * rate and rng.random() < 0.4:
            parts.append(self._some_unknown(before, rng))
            still = 0
        share = np.linspace(0.0, 1.0, ticks)
        phase = count * (share + rng.uniform(-0.5, 0.5) * np.sin(2 * np.pi * share) / (2 * np.pi))
        unclear = int(0.5 * period * rate)
        return [*parts, self._work(movement, phase, (still, after), unclear, movement.random_style(rng))]

    def _work(self, movement: Movement, phase: FloatArray, still: tuple[int, int], unclear: int, style: Style) -> _Part:
        """Repetitions with ticks of stillness before and after; the last repetition is brought to its end, without a jump."""
        before, after = still
        labels = np.full(before + len(phase) + after, self.labels.index(movement.label))
        end = before + len(phase)
        labels[:before] = labels[end:] = self.labels.index(UNKNOWN)
        labels[before : before + unclear] = IGNORE_INDEX
        labels[end : end + int(OVER_AFTER_S * self._rate_hz)] = IGNORE_INDEX
        rest = float(np.ceil(phase[-1] - 1e-6))
        finish = np.full(after, rest)
        ease = min(int(0.7 * self._rate_hz), after)
        finish[:ease] = np.linspace(phase[-1], rest, ease)
        return _Part(movement, np.concatenate([np.full(before, phase[0]), phase, finish]), labels, style)

    def _unknown_parts(self, rng: np.random.Generator) -> list[_Part]:
        frames = self.config.frames
        if self.config.changes and rng.random() < self.config.changes:
            ends = np.sort(rng.choice(np.arange(1, 8), int(rng.integers(2, 4)), replace=False)) * frames // 8
            return [self._some_unknown(int(count), rng) for count in np.diff([0, *ends, frames])]
        if rng.random() < 0.1:  # the posture of an exercise, held
            movement = self._exercises[int(rng.integers(len(self._exercises)))]
            held = np.full(frames, float(rng.integers(0, 4)))
            if rng.random() < 0.4:
                held += rng.uniform(0.0, 1.0)
            return [_Part(movement, held, np.full(frames, self.labels.index(UNKNOWN)), movement.random_style(rng))]
        if rng.random() < 0.65:
            return [self._some_unknown(frames, rng)]
        first = int(rng.uniform(0.25, 0.75) * frames)
        return [self._some_unknown(first, rng), self._some_unknown(frames - first, rng)]

    def _some_unknown(self, frames: int, rng: np.random.Generator) -> _Part:
        if self.config.hard and rng.random() < self.config.hard:
            among = self._hard
        else:
            among = self._near if rng.random() < self.config.near_misses else self._unknown
        movement = among[int(rng.integers(len(among)))]
        phase, _ = _phases(movement, frames, self._rate_hz, rng, False, self.config)
        return _Part(movement, phase, np.full(frames, self.labels.index(UNKNOWN)), movement.random_style(rng))


def _phases(
    movement: Movement, frames: int, rate_hz: float, rng: np.random.Generator, from_rest: bool, config: SyntheticConfig
) -> tuple[FloatArray, float]:
    """Phase at each tick (T,), with another tempo and pace inside each repetition, and the middle period [s]."""
    low, high = movement.period_s
    period = float(np.exp(rng.uniform(np.log(0.75 * low), np.log(1.6 * high))))
    irregular = rng.uniform(0.0, 0.2)
    uneven, when = rng.uniform(-0.6, 0.6), rng.uniform(0.0, 2 * np.pi)
    # Seconds of rest after each half of a repetition: at its far end, and between it and the next.
    rests = (
        rng.uniform(0.3, 3.0) if rng.random() < config.holds else 0.0,
        rng.uniform(0.2, 1.5) if rng.random() < config.pauses else 0.0,
    )
    begun = 0.0 if from_rest else period * rng.uniform(0.0, 1.0)
    times, turns, now = [0.0], [0.0], 0.0
    needed = frames / rate_hz + 2 * period
    while now < needed:
        half = period / 2 * float(np.exp(irregular * rng.normal()))
        for rest in rests:
            now += half
            times.append(now)
            turns.append(turns[-1] + 0.5)
            if rest and rng.random() < 0.7:
                now += rest * rng.uniform(0.5, 1.5)
                times.append(now)
                turns.append(turns[-1])
    phase = np.interp(begun + np.arange(frames) / rate_hz, times, turns)
    part = np.mod(phase, 1.0)
    return np.floor(phase) + part + uneven * (np.sin(2 * np.pi * part + when) - np.sin(when)) / (2 * np.pi), period


def filmed(body: FloatArray, rng: np.random.Generator, config: SyntheticConfig) -> tuple[FloatArray, FloatArray, float]:
    """Points (T, V, 2) in picture heights and depth (T, V) [m] of a body (T, V, 3) seen by a random camera, and the aspect."""
    low, high = body.min((0, 1)), body.max((0, 1))
    middle = (low + high) / 2
    around, away = rng.uniform(-np.pi, np.pi), rng.uniform(1.5, 5.5)
    away += float(np.linalg.norm(high - low)) / 2
    height = rng.uniform(0.15, 2.0) if rng.random() < 0.93 else rng.uniform(2.0, 3.5)
    if rng.random() < config.overhead:
        steep = rng.uniform(0.9, 1.5)
        away, height = away * np.cos(steep), min(middle[2] + away * np.sin(steep), 5.0)
    place = middle[:2] + away * np.array([np.cos(around), np.sin(around)])
    aspect = float(rng.choice([4 / 3, 16 / 9, 3 / 4, 9 / 16, 1.0]))
    camera = Camera.looking_at(place[0], place[1], height, middle, 60.0, aspect)
    if rng.random() < 0.3:
        camera = Camera(
            camera.x_m, camera.y_m, camera.height_m, camera.yaw_rad, camera.pitch_rad, rng.uniform(-0.08, 0.08), 60.0, aspect
        )
    points, depth = project(body, camera)
    points = (points - 0.5) * [aspect, 1.0]
    if rng.random() < config.waist_up:
        return _waist_up(points, aspect, rng), depth, aspect
    spread = np.maximum(points.max((0, 1)) - points.min((0, 1)), 1e-3)
    fill = rng.uniform(1.0, 1.9) if rng.random() < config.cut_off else rng.uniform(0.3, 0.97)
    zoom = fill / max(spread[0] / aspect, spread[1])
    free = np.abs(np.array([aspect, 1.0]) - spread * zoom) / 2
    centre = (points.max((0, 1)) + points.min((0, 1))) / 2
    points = (points - centre) * zoom + np.array([aspect, 1.0]) / 2 + free * rng.uniform(-1.0, 1.0, 2)
    if rng.random() < config.approach:
        nearer = np.exp(rng.uniform(-0.8, 0.8) * np.linspace(-0.5, 0.5, len(points)))[:, None, None]
        points = (points - [aspect / 2, 0.5]) * nearer + [aspect / 2, 0.5]
    if rng.random() < 0.2:  # a camera in the hand
        points = points + 0.02 * wandering(rng, (len(points), 1, 2), 20.0)
    if config.handheld and rng.random() < config.handheld:
        points = _held_by_hand(points, aspect, rng)
    return points, depth, aspect


def _held_by_hand(points: FloatArray, aspect: float, rng: np.random.Generator) -> FloatArray:
    """Points (T, V, 2) as a camera sees them that pans, trembles, rolls, and is carried nearer and further."""
    count, middle = len(points), np.array([aspect / 2, 0.5])
    size = rng.uniform(0.2, 1.0)
    pan = 0.07 * wandering(rng, (count, 1, 2), rng.uniform(8.0, 40.0)) + 0.008 * wandering(rng, (count, 1, 2), 1.5)
    nearer = np.exp(0.12 * size * wandering(rng, (count, 1, 1), 30.0))
    roll = 0.05 * size * wandering(rng, (count,), 20.0)
    turned = points - middle
    cosine, sine = np.cos(roll)[:, None], np.sin(roll)[:, None]
    turned = np.stack([cosine * turned[..., 0] - sine * turned[..., 1], sine * turned[..., 0] + cosine * turned[..., 1]], axis=-1)
    return np.asarray(turned * nearer + middle + size * pan)


def _waist_up(points: FloatArray, aspect: float, rng: np.random.Generator) -> FloatArray:
    """Points (T, V, 2) zoomed so that the first frame shows the person from the head to about the hips."""
    top, low = points[0].min(0), points[0, _HIPS].mean(0)
    zoom = rng.uniform(0.65, 1.1) / max(low[1] - top[1], 0.25 * float(np.ptp(points[0, :, 1])), 1e-3)
    place = np.array([aspect * rng.uniform(0.35, 0.65), rng.uniform(0.85, 1.1)])
    return np.asarray((points - low) * zoom + place)
