"""Synthetic sequences with a label at each tick: random people, movements, tempos, idle times, cameras and estimator noise.

A sequence is one or more movements in a row, blended into each other. Whoever holds still, before or after, is `unknown`; the
first part of a repetition and the moments after the last are left out of the loss, because nobody could know yet.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from physio_core.motion.body import BodyShape, Motion, positions
from physio_core.motion.movements import EXERCISES
from physio_core.motion.style import Movement, Style
from physio_core.motion.unknown import UNKNOWN as UNKNOWN_MOVEMENTS
from physio_core.motion.view import Camera, project, to_openpose_18
from physio_core.params import Parameters, param
from physio_core.skeleton.layouts import OPENPOSE_18
from physio_core.skeleton.normalise import Imputer, NormaliserConfig, normalise
from physio_core.training.noise import NoiseConfig, estimator_like, wandering
from physio_core.types import UNKNOWN, FloatArray

LEFT_OUT = -1
"""Label of a tick that is not learnt from."""

OVER_AFTER_S = 1.5
"""Time after the last repetition from which it is over [s]; until then it could be a pause."""

NEAR_MISSES = (
    "raise_arms", "raise_arms_sideways", "step_in_place", "circle_arms", "press", "side_step", "jump", "dance", "lift_leg",
    "dip", "sit_to_stand", "hold_squat", "bow", "pick_up", "touch_toes", "row", "burpee", "hold_lunge", "step_forward",
    "hold_plank", "climb", "sit_up", "change_posture", "pull_down", "hang",
)  # fmt: skip
"""Movements that are easily taken for an exercise."""

Labels = npt.NDArray[np.int64]


@dataclass(frozen=True)
class SyntheticConfig(Parameters):
    """What the sequences are like."""

    frames: int = param(92, "Ticks of one sequence.", low=32, high=2000)
    exercises: float = param(0.6, "Share of sequences with an exercise.", low=0.0, high=1.0)
    idle_before: float = param(0.4, "Share of exercises that start from holding still or another movement.", low=0.0, high=1.0)
    idle_after: float = param(0.3, "Share of exercises that end within the sequence.", low=0.0, high=1.0)
    near_misses: float = param(0.4, "Share of other movements drawn from the near misses of exercises.", low=0.0, high=1.0)
    fresh: float = param(0.5, "Share of sequences in which the person has only just come into view.", low=0.0, high=1.0)
    cut_off: float = param(0.25, "Share of pictures too narrow for the whole body.", low=0.0, high=1.0)
    sure_after_s: float = param(1.2, "Time seen from which a label is learnt.", unit="s", low=0.0, high=10.0)


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
        self._exercises = [one for one in EXERCISES.values() if one.label in self.labels]
        self._unknown = list(UNKNOWN_MOVEMENTS.values())
        self._near = [UNKNOWN_MOVEMENTS[name] for name in NEAR_MISSES]
        self._rate_hz = normaliser.rate_hz

    def __getitem__(self, index: int) -> tuple[FloatArray, Labels]:
        """Features (N, C, T, V) and labels (N, T) of a batch."""
        rng = np.random.default_rng((self.seed, index))
        points, confidence, labels = (
            np.stack(parts) for parts in zip(*(self.sequence(rng) for _ in range(self.batch)), strict=True)
        )
        imputer = Imputer(OPENPOSE_18, self.normaliser.missing_below)
        frames = points.shape[1]
        points = np.stack([imputer.step(points[:, t], confidence[:, t]) for t in range(frames)], axis=1)
        features = normalise(points, confidence, OPENPOSE_18, self.normaliser)
        for one, label in zip(features, labels, strict=True):
            self._come_into_view(one, label, rng)
        return features, labels

    def sequence(self, rng: np.random.Generator) -> tuple[FloatArray, FloatArray, Labels]:
        """One person: points (T, V, 2) in picture heights, confidence (T, V), labels (T,)."""
        shape = BodyShape.random(rng)
        parts = self._exercise_parts(rng) if rng.random() < self.config.exercises else self._unknown_parts(rng)
        motion = _joined(
            [_placed(part.movement.motion(part.phase, part.style, shape), rng) for part in parts], rng, self._rate_hz
        )
        labels = np.concatenate([part.labels for part in parts])
        points, depth, aspect = _filmed(to_openpose_18(positions(shape, motion)), rng, self.config.cut_off)
        return (*estimator_like(points, depth, aspect, rng, self.noise), labels)

    def _exercise_parts(self, rng: np.random.Generator) -> list[_Part]:
        """An exercise; before and after it there may be stillness in its own posture or another movement."""
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
        phase, period = _phases(movement, frames - before - after, rate, rng, from_rest=before > 0)
        unclear = int(np.clip(0.6 * period, 0.8, 2.0) * rate) if before else 0
        parts.append(self._work(movement, phase, (still_before, still_after), unclear, movement.random_style(rng)))
        if after and not still_after:
            parts.append(self._some_unknown(after, rng))
            parts[-1].labels[: int(OVER_AFTER_S * rate)] = LEFT_OUT
        return parts

    def _work(self, movement: Movement, phase: FloatArray, still: tuple[int, int], unclear: int, style: Style) -> _Part:
        """Repetitions with ticks of stillness before and after; the last repetition is brought to its end, without a jump."""
        before, after = still
        labels = np.full(before + len(phase) + after, self.labels.index(movement.label))
        end = before + len(phase)
        labels[:before] = labels[end:] = self.labels.index(UNKNOWN)
        labels[before : before + unclear] = LEFT_OUT
        labels[end : end + int(OVER_AFTER_S * self._rate_hz)] = LEFT_OUT
        rest = float(np.ceil(phase[-1] - 1e-6))
        finish = np.full(after, rest)
        ease = min(int(0.7 * self._rate_hz), after)
        finish[:ease] = np.linspace(phase[-1], rest, ease)
        return _Part(movement, np.concatenate([np.full(before, phase[0]), phase, finish]), labels, style)

    def _unknown_parts(self, rng: np.random.Generator) -> list[_Part]:
        frames = self.config.frames
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
        among = self._near if rng.random() < self.config.near_misses else self._unknown
        movement = among[int(rng.integers(len(among)))]
        phase, _ = _phases(movement, frames, self._rate_hz, rng, from_rest=False)
        return _Part(movement, phase, np.full(frames, self.labels.index(UNKNOWN)), movement.random_style(rng))

    def _come_into_view(self, features: FloatArray, labels: Labels, rng: np.random.Generator) -> None:
        """Put repeats of the first frame in front, as a fresh stream does, and leave out what nobody could know yet."""
        frames = len(labels)
        ahead = int(rng.integers(frames // 8, frames * 3 // 4)) if rng.random() < self.config.fresh else 0
        if ahead:
            features[:, ahead:], labels[ahead:] = features[:, : frames - ahead].copy(), labels[: frames - ahead].copy()
            features[:, :ahead] = features[:, ahead : ahead + 1]
            features[3:, : ahead + 1] = 0.0
        labels[: ahead + int(self.config.sure_after_s * self._rate_hz)] = LEFT_OUT


def _phases(
    movement: Movement, frames: int, rate_hz: float, rng: np.random.Generator, from_rest: bool
) -> tuple[FloatArray, float]:
    """Phase at each tick (T,), with another tempo and pace inside each repetition, and the middle period [s]."""
    low, high = movement.period_s
    period = float(np.exp(rng.uniform(np.log(0.75 * low), np.log(1.6 * high))))
    irregular = rng.uniform(0.0, 0.2)
    uneven, when = rng.uniform(-0.6, 0.6), rng.uniform(0.0, 2 * np.pi)
    pauses = rng.uniform(0.2, 1.5) if rng.random() < 0.25 else 0.0
    start = 0.0 if from_rest else rng.uniform(0.0, 1.0)
    times, turns, now = [0.0], [0.0], 0.0
    needed = frames / rate_hz + 2 * period
    while now < needed:
        now += period * float(np.exp(irregular * rng.normal()))
        times.append(now)
        turns.append(turns[-1] + 1.0)
        if pauses and rng.random() < 0.7:
            now += pauses * rng.uniform(0.5, 1.5)
            times.append(now)
            turns.append(turns[-1])
    begun = float(np.interp(start, turns[:2], times[:2]))
    phase = np.interp(begun + np.arange(frames) / rate_hz, times, turns)
    part = np.mod(phase, 1.0)
    return np.floor(phase) + part + uneven * (np.sin(2 * np.pi * part + when) - np.sin(when)) / (2 * np.pi), period


def _placed(motion: Motion, rng: np.random.Generator) -> Motion:
    return motion.placed(float(rng.normal(0.0, 0.1)), float(rng.normal(0.0, 0.1)), float(rng.normal(0.0, 0.3)))


def _joined(motions: list[Motion], rng: np.random.Generator, rate_hz: float) -> Motion:
    """One motion after the other; each goes over into the next within about a second."""
    joined = motions[0]
    for motion in motions[1:]:
        count = min(int(rng.uniform(0.4, 1.4) * rate_hz), len(motion))
        share = (0.5 - 0.5 * np.cos(np.linspace(0.0, np.pi, count)))[:, None]
        fields = []
        for old, new in zip(_arrays(joined), _arrays(motion), strict=True):
            eased = old[-1] + share * (new[:count] - old[-1])
            fields.append(np.concatenate([old, eased, new[count:]]))
        joined = Motion(*fields)
    return joined


def _arrays(motion: Motion) -> tuple[FloatArray, FloatArray, FloatArray]:
    return motion.angles_rad, motion.root_m, motion.root_rad


def _filmed(body: FloatArray, rng: np.random.Generator, cut_off: float) -> tuple[FloatArray, FloatArray, float]:
    """Points (T, V, 2) in picture heights and depth (T, V) [m] of a body (T, V, 3) seen by a random camera, and the aspect."""
    low, high = body.min((0, 1)), body.max((0, 1))
    middle = (low + high) / 2
    around, away = rng.uniform(-np.pi, np.pi), rng.uniform(1.5, 5.5)
    away += float(np.linalg.norm(high - low)) / 2
    height = rng.uniform(0.15, 2.0) if rng.random() < 0.93 else rng.uniform(2.0, 3.5)
    place = middle[:2] + away * np.array([np.cos(around), np.sin(around)])
    aspect = float(rng.choice([4 / 3, 16 / 9, 3 / 4, 9 / 16, 1.0]))
    camera = Camera.looking_at(place[0], place[1], height, middle, 60.0, aspect)
    if rng.random() < 0.3:
        camera = Camera(
            camera.x_m, camera.y_m, camera.height_m, camera.yaw_rad, camera.pitch_rad, rng.uniform(-0.08, 0.08), 60.0, aspect
        )
    points, depth = project(body, camera)
    points = (points - 0.5) * [aspect, 1.0]
    spread = np.maximum(points.max((0, 1)) - points.min((0, 1)), 1e-3)
    fill = rng.uniform(1.0, 1.9) if rng.random() < cut_off else rng.uniform(0.3, 0.97)
    zoom = fill / max(spread[0] / aspect, spread[1])
    free = np.abs(np.array([aspect, 1.0]) - spread * zoom) / 2
    centre = (points.max((0, 1)) + points.min((0, 1))) / 2
    points = (points - centre) * zoom + np.array([aspect, 1.0]) / 2 + free * rng.uniform(-1.0, 1.0, 2)
    if rng.random() < 0.2:  # a camera in the hand
        points = points + 0.02 * wandering(rng, (len(points), 1, 2), 20.0)
    return points, depth, aspect
