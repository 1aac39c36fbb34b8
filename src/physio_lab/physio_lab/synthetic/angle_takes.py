"""Rendered people through the real pose estimator, with where every joint was in space: what joint angles are measured against.

Images stay in memory. Take ``n`` of a seed is always the same, so that a set can be made by any number of processes and resumed.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from physio_core.errors import InputError, OutputError
from physio_core.files import write_bytes
from physio_core.motion.kinematics import BODY_JOINTS, BodyShape, apply, positions
from physio_core.motion.movements import EXERCISES
from physio_core.motion.projection import Camera
from physio_core.motion.style import Movement
from physio_core.skeleton.layouts import BODY_25, Layout
from physio_core.skeleton.remapping import remap
from physio_core.types import FloatArray
from physio_lab.datasets.files import npz_bytes, read_npz
from physio_lab.datasets.parallel import Lost, in_processes
from physio_lab.synthetic.negatives import UNKNOWN
from physio_lab.synthetic.shot_seen import seen_by_mediapipe
from physio_lab.synthetic.shots import SIZES_PX, ShotSpec

HEADINGS_DEG = {"front": 0.0, "oblique": 45.0, "side": 90.0}
"""How a person is turned from the camera, by view; to either side."""
_OTHERS = ("bow",)
MOVEMENTS: dict[str, Movement] = {**EXERCISES, **{name: UNKNOWN[name] for name in _OTHERS}}
"""What is done: the exercises, and what bends the trunk further."""
PER_PERSON = 5
"""Movements that each person does, each in every view."""
_BODY = Layout("body", tuple(joint.replace("_toe", "_foot_index") for joint in BODY_JOINTS if joint != "neck"), (), "pelvis")
_FPS, _SECONDS, _ASPECT, _FOV_DEG, _ASTRAY_DEG = 15.0, 4.0, 4 / 3, 62.0, 8.0


@dataclass(frozen=True)
class Take:
    """One clip, true and found; T images, joints of ``body_25``.

    Attributes:
        person: number of the person.
        movement: what is done.
        view: one of :data:`HEADINGS_DEG`.
        stamps_s: (T,) [s].
        points: (T, 25, 3) as a ``Skeleton`` has them; 0 where nobody was found.
        confidence: (T, 25); 0 where nobody was found.
        world_m: (T, 25, 3) as the estimator guesses it.
        true_m: (T, 25, 3) where the joints were, in the axes of the camera (right, down, away), from the lens.
        up: (3,) the vertical in these axes.
        width_px: image width.
        height_px: image height.
    """

    person: int
    movement: str
    view: str
    stamps_s: npt.NDArray[np.float64]
    points: FloatArray
    confidence: FloatArray
    world_m: FloatArray
    true_m: FloatArray
    up: FloatArray
    width_px: int
    height_px: int


def makes(people: int) -> list[tuple[int, str, str]]:
    """Person, movement and view of each take of so many people."""
    names = list(MOVEMENTS)
    return [
        (person, names[(person * PER_PERSON + index) % len(names)], view)
        for person in range(people)
        for index in range(PER_PERSON)
        for view in HEADINGS_DEG
    ]


def make_takes(folder: Path, people: int, seed: int, workers: int = 1) -> Iterator[int]:
    """Record the takes that the folder does not hold yet.

    Yields:
        How many are there, at the start and after each new one.

    Raises:
        ConfigError: the folder cannot be written.
        InputError: a take could not be recorded; those that could are kept.
    """
    folder.mkdir(parents=True, exist_ok=True)
    wanted = makes(people)
    jobs = [(str(folder), seed, *which) for which in wanted if not _path(folder, seed, *which).exists()]
    yield len(wanted) - len(jobs)
    for done, (_, result) in enumerate(in_processes(_record_into, jobs, workers), start=1):
        if isinstance(result, Lost) or result:
            raise InputError(f"a take failed: {result.reason if isinstance(result, Lost) else result}; run it again to resume")
        yield len(wanted) - len(jobs) + done


def read_takes(folder: Path, people: int, seed: int) -> Iterator[Take]:
    """The takes, one at a time.

    Raises:
        InputError: one is missing or damaged.
    """
    for which in makes(people):
        fields: dict[str, Any] = {
            name: value if value.ndim else value.item() for name, value in read_npz(_path(folder, seed, *which)).items()
        }
        yield Take(**fields)


def _path(folder: Path, seed: int, person: int, movement: str, view: str) -> Path:
    return folder / f"{seed}_{person:03d}_{movement}_{view}.npz"


def _record_into(job: tuple[str, int, int, str, str]) -> str:
    """In a worker process: record one take, whole or not at all; says what went wrong, empty when nothing did."""
    folder, seed, person, movement, view = job
    path = _path(Path(folder), seed, person, movement, view)
    try:
        write_bytes(path, npz_bytes(**vars(record(seed, person, movement, view))))
    except OutputError as error:
        return str(error)
    return ""


def record(seed: int, person: int, movement: str, view: str) -> Take:
    """Render a take and run the estimator on it.

    Raises:
        SourceError: there is no GL to draw with.
    """
    shot = shot_of(seed, person, movement, view)
    stamps_s = np.arange(len(shot.points)) / shot.fps
    points, confidence, world_m = seen_by_mediapipe(shot, shot.fps)
    true_m, up = truth_of(shot)
    return Take(person, movement, view, stamps_s, points, confidence, world_m, true_m, up, *shot.size_px)


def truth_of(shot: ShotSpec) -> tuple[FloatArray, FloatArray]:
    """Where every joint of ``body_25`` is (T, 25, 3), and the vertical (3,), as of :class:`Take`; the neck is OpenPose's."""
    camera = shot.camera
    seen = apply(camera.axes, shot.points - np.array([camera.x_m, camera.y_m, camera.height_m]))
    seen = np.delete(seen, BODY_JOINTS.index("neck"), axis=1)
    true_m, _ = remap(seen, np.ones(seen.shape[:2]), _BODY, BODY_25)
    return true_m, apply(camera.axes[None], np.array([[0.0, 0.0, 1.0]]))[0]


def shot_of(seed: int, person: int, name: str, view: str) -> ShotSpec:
    """What is filmed for a take."""
    shape = BodyShape.random(np.random.default_rng((seed, person)))
    which = (seed, person, list(MOVEMENTS).index(name))
    rng = np.random.default_rng(which)
    movement = MOVEMENTS[name]
    style = movement.random_style(rng)
    low, high = movement.period_s
    times_s = np.arange(round(_SECONDS * _FPS)) / _FPS
    phase = rng.uniform(0.0, 1.0) + times_s / min(rng.uniform(low, high), _SECONDS)
    points = positions(shape, movement.motion(phase, style, shape))
    from_where = np.random.default_rng((*which, list(HEADINGS_DEG).index(view)))
    return ShotSpec(
        person, (seed, person), movement, style.variant, "", shape, points, camera_before(points, view, from_where),
        SIZES_PX[_ASPECT], _FPS, style.arms == "barbell", False,
    )  # fmt: skip


def camera_before(points: FloatArray, view: str, rng: np.random.Generator) -> Camera:
    """From the robot's height or a table's, at the robot's distance; people do not turn exactly as they are asked to."""
    middle = (points.min((0, 1)) + points.max((0, 1))) / 2
    turned = math.radians(HEADINGS_DEG[view]) * rng.choice([-1.0, 1.0]) + math.radians(rng.uniform(-_ASTRAY_DEG, _ASTRAY_DEG))
    away_m = rng.uniform(2.7, 3.5)
    x_m, y_m = middle[:2] + away_m * np.array([math.cos(turned), math.sin(turned)])
    return Camera.looking_at(x_m, y_m, float(rng.choice([0.26, 0.9])), middle, _FOV_DEG, _ASPECT)
