"""Specifies the shots of a rendered set: who does which movement how, and where the camera stands. Numbers only, no drawing.

Shot ``n`` of a seed is always the same, so that a set can be made in any order, by any number of processes, and resumed.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from physio_core.motion.kinematics import BodyShape, Motion, positions
from physio_core.motion.movements import RECOGNISED
from physio_core.motion.projection import Camera, project
from physio_core.motion.style import Movement, wave
from physio_core.params import Parameters, param
from physio_core.types import FloatArray
from physio_lab.synthetic.negatives import UNKNOWN
from physio_sim.patient.performance import perform
from physio_sim.patient.personas import persona_named

FAULTY = ("slow", "half_range", "one_sided", "trembling")
"""Personas whose faults are in how they move, not in what they do."""

SIZES_PX = {4 / 3: (640, 480), 16 / 9: (640, 360), 3 / 4: (480, 640), 9 / 16: (360, 640), 1.0: (480, 480)}
"""Picture size by aspect."""

_ARMS_HOLDING = ("barbell",)


@dataclass(frozen=True)
class ShotConfig(Parameters):
    """What the shots are like."""

    seconds: float = param(6.0, "Length of a shot.", unit="s", low=0.2, high=120.0)
    fps: float = param(15.0, "Images per second.", unit="Hz", low=1.0, high=60.0)
    exercises: float = param(0.6, "Share of shots with an exercise; the others show an unknown movement.", low=0.0, high=1.0)
    faults: float = param(0.3, "Share of exercises done by a patient with a fault.", low=0.0, high=1.0)
    cut_off: float = param(0.2, "Share of images too narrow for the whole body.", low=0.0, high=1.0)
    occluded: float = param(0.2, "Share of shots in which something stands before the body.", low=0.0, high=1.0)


@dataclass(frozen=True)
class ShotSpec:
    """One clip to be filmed.

    Attributes:
        number: of the shot within its set.
        seed: of everything about it that is drawn later, such as clothes.
        movement: what is done.
        variant: which variant of it; empty: its only one.
        persona: whose faults; empty: none.
        shape: whose body.
        points: (T, J, 3) the body in the world [m], in the order of ``BODY_JOINTS``; facing +x, standing about the origin.
        camera: from where it is seen.
        size_px: width and height of the image.
        fps: images per second.
        barbell: whether the hands hold one.
        occluded: whether something stands before the body.
    """

    number: int
    seed: tuple[int, int]
    movement: Movement
    variant: str
    persona: str
    shape: BodyShape
    points: FloatArray
    camera: Camera
    size_px: tuple[int, int]
    fps: float
    barbell: bool
    occluded: bool

    @property
    def name(self) -> str:
        """Unique within a set."""
        return f"{self.movement.name}_{self.number:06d}"


def draw_shot(seed: int, number: int, config: ShotConfig) -> ShotSpec:
    """The shot of this number."""
    rng = np.random.default_rng((seed, number))
    among = list((RECOGNISED if rng.random() < config.exercises else UNKNOWN).values())
    movement, shape = among[int(rng.integers(len(among)))], BodyShape.random(rng)
    style = movement.random_style(rng)
    times_s = np.arange(max(1, round(config.seconds * config.fps))) / config.fps
    faulty = movement.name in RECOGNISED and rng.random() < config.faults
    persona = str(rng.choice(FAULTY)) if faulty else ""
    if faulty:
        motion = _performed(movement.name, persona, shape, times_s, rng)
    else:
        motion = movement.motion(phase_of(movement, times_s, rng), style, shape)
    points = positions(shape, motion)
    camera = draw_camera(points, config.cut_off, rng)
    barbell = style.arms in _ARMS_HOLDING or (movement.name == "deadlift" and rng.random() < 0.6)
    return ShotSpec(
        number, (seed, number), movement, "" if faulty else style.variant, persona, shape, points, camera,
        SIZES_PX[camera.aspect], config.fps, barbell and not faulty, bool(rng.random() < config.occluded),
    )  # fmt: skip


def _performed(exercise: str, persona: str, shape: BodyShape, times_s: FloatArray, rng: np.random.Generator) -> Motion:
    performance = perform(exercise, persona_named(persona), shape, rng)
    return performance.motion(times_s)


def phase_of(movement: Movement, times_s: FloatArray, rng: np.random.Generator) -> FloatArray:
    """Phase (T,) at a tempo that changes a little, from anywhere in a repetition."""
    low, high = movement.period_s
    rate_hz = 1.0 / np.exp(rng.uniform(np.log(0.8 * low), np.log(1.4 * high)))
    tempo = rate_hz * np.exp(0.15 * wave(times_s / 20.0, rng))
    step_s = times_s[1] - times_s[0] if len(times_s) > 1 else 0.0
    return np.asarray(rng.uniform(0.0, 1.0) + np.cumsum(tempo) * step_s)


def draw_camera(points: FloatArray, cut_off: float, rng: np.random.Generator) -> Camera:
    """A camera anywhere round a body (T, J, 3) [m], from knee height to above the head, zoomed to show all of it or a part."""
    low, high = points.min((0, 1)), points.max((0, 1))
    middle = (low + high) / 2
    away = rng.uniform(1.5, 4.0) + float(np.linalg.norm(high - low)) / 2
    around = rng.uniform(-np.pi, np.pi)
    height = rng.uniform(0.15, 2.0) if rng.random() < 0.9 else rng.uniform(2.0, 3.0)
    x, y = middle[:2] + away * np.array([np.cos(around), np.sin(around)])
    aspect = float(rng.choice(list(SIZES_PX)))
    wide = Camera.looking_at(x, y, height, middle, 60.0, aspect)
    spread = 2 * float(np.abs(project(points, wide)[0] - 0.5).max())
    fill = rng.uniform(1.05, 1.7) if rng.random() < cut_off else rng.uniform(0.4, 0.95)
    fov = float(np.clip(2 * np.degrees(np.arctan(np.tan(np.radians(30.0)) * spread / fill)), 20.0, 90.0))
    half_width = np.tan(np.radians(fov / 2))
    free = rng.uniform(-0.4, 0.4, 2) * max(0.0, 2 * half_width - 2 * np.tan(np.radians(30.0)) * spread) * away
    aimed = middle + free[0] * wide.axes[0] + free[1] * wide.axes[1] / aspect
    return Camera.looking_at(x, y, height, aimed, fov, aspect)
