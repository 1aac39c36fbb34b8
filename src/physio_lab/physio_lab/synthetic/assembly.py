"""Workers in gloves at a bench, rendered: what is refined on, and told apart, where no one has annotated anything.

A worker does six activities (reach, grasp, screw, insert, place, hold), each differently every time, before one camera. Each
clip is a video and its truth: where every joint is in every image.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from physio_core.csv_table import read_table, write_table
from physio_core.errors import InputError
from physio_core.files import writing, writing_into
from physio_core.motion.hand import HAND_ANGLES, HandMotion, within_limits
from physio_core.motion.hand_postures import hand_posture_rad
from physio_core.types import ByteImage, FloatArray
from physio_lab.datasets.parallel import Lost, in_processes
from physio_lab.synthetic.hand_renderer import HandRenderer
from physio_lab.synthetic.hand_scenes import HandScene

FPS, IMAGES = 15.0, 36
"""Of a clip [Hz], and how many."""
SIZE_PX = (320, 240)
INDEX, TRUTH = "clips.csv", "truth.npz"
COLUMNS = ("file", "worker", "glove", "occluder", "activity")
_ROTATION = HAND_ANGLES.index("wrist_rotation")


@dataclass(frozen=True)
class Clip:
    """One activity by one worker.

    Attributes:
        file: name of the video in its folder.
        worker: who.
        glove: kind, or ``none``.
        occluder: thing in or before the hand, or ``none``.
        activity: one of :data:`ACTIVITIES`.
        points_px: (T, 21, 2) where the joints truly are in the image [px].
        length_px: (T,) length of the hand there [px].
        images: (T, H, W, 3); None: they are in the file.
    """

    file: str
    worker: str
    glove: str
    occluder: str
    activity: str
    points_px: FloatArray
    length_px: FloatArray
    images: ByteImage | None = None


@dataclass(frozen=True)
class Worker:
    """Who works, in what.

    Attributes:
        number: of the person.
        glove: kind, or ``none``.
        occluder: thing in or before the hand, or ``none``.
    """

    number: int
    glove: str
    occluder: str = "none"


def _reach(t: FloatArray, rng: np.random.Generator) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Out to something and open: progress of the hand, of its way, of its turn."""
    goes = _ramp(t, rng.uniform(0.05, 0.25), rng.uniform(0.7, 0.95))
    return goes, goes, np.zeros_like(t)


def _grasp(t: FloatArray, rng: np.random.Generator) -> tuple[FloatArray, FloatArray, FloatArray]:
    closes = _ramp(t, rng.uniform(0.15, 0.35), rng.uniform(0.55, 0.8))
    return closes, 0.15 * _ramp(t, 0.0, 0.3), np.zeros_like(t)


def _screw(t: FloatArray, rng: np.random.Generator) -> tuple[FloatArray, FloatArray, FloatArray]:
    turns = rng.uniform(2.0, 3.2)
    swing = np.sin(2 * np.pi * (turns * t + rng.uniform()))
    return 0.9 + 0.1 * swing, 0.03 * swing, np.radians(rng.uniform(22, 38)) * swing


def _insert(t: FloatArray, rng: np.random.Generator) -> tuple[FloatArray, FloatArray, FloatArray]:
    way = _ramp(t, rng.uniform(0.1, 0.2), rng.uniform(0.45, 0.6)) - 0.9 * _ramp(t, rng.uniform(0.65, 0.75), 1.0)
    seeks = 0.05 * np.sin(2 * np.pi * rng.uniform(3, 5) * t)
    return np.ones_like(t), 0.6 * way + seeks * way, np.zeros_like(t)


def _place(t: FloatArray, rng: np.random.Generator) -> tuple[FloatArray, FloatArray, FloatArray]:
    way = _ramp(t, rng.uniform(0.05, 0.15), rng.uniform(0.5, 0.65))
    return 1.0 - _ramp(t, rng.uniform(0.62, 0.7), rng.uniform(0.85, 1.0)), way, np.zeros_like(t)


def _hold(t: FloatArray, rng: np.random.Generator) -> tuple[FloatArray, FloatArray, FloatArray]:
    sway = 0.03 * np.sin(2 * np.pi * (rng.uniform(0.6, 1.2) * t + rng.uniform()))
    return np.ones_like(t), sway, np.zeros_like(t)


ACTIVITIES: dict[str, tuple[tuple[str, ...], Callable[..., tuple[FloatArray, FloatArray, FloatArray]]]] = {
    "reach": (("open", "relaxed"), _reach),
    "grasp": (("cylinder", "sphere"), _grasp),
    "screw": (("pinch", "thumb_to_middle"), _screw),
    "insert": (("pinch", "thumb_to_middle"), _insert),
    "place": (("cylinder", "sphere"), _place),
    "hold": (("cylinder", "hook"), _hold),
}
"""Postures, one of which is drawn, and how far hand, way and turn are at a share of the time."""


def _ramp(t: FloatArray, start: float, end: float) -> FloatArray:
    share = np.clip((t - start) / (end - start), 0.0, 1.0)
    return np.asarray(share * share * (3.0 - 2.0 * share))


def activity_motion(name: str, scale_m: float, side: str, rng: np.random.Generator, images: int = IMAGES) -> HandMotion:
    """One activity, its wrist from where the scene has it.

    Args:
        name: one of :data:`ACTIVITIES`.
        scale_m: length of the hand [m].
        side: ``right`` or ``left``.
        rng: source of chance.
        images: of the clip.
    """
    postures, course = ACTIVITIES[name]
    closes, goes, turns = course(np.linspace(0.0, 1.0, images), rng)
    start, end = hand_posture_rad("relaxed" if name != "grasp" else "open"), hand_posture_rad(str(rng.choice(postures)))
    angles = start + closes[:, None] * (end - start) + np.radians(3.0) * rng.normal(size=len(HAND_ANGLES))
    angles[:, _ROTATION] += turns
    heading = rng.uniform(-0.6, 0.6) + (np.pi if rng.random() < 0.5 else 0.0)
    way = scale_m * rng.uniform(0.5, 0.75) * np.array([np.cos(heading), 0.6 * np.sin(heading), 0.3 * rng.normal()])
    return HandMotion(within_limits(angles), (goes - 0.5)[:, None] * way, np.zeros((images, 3)), side)


def workers(count: int, gloves: Sequence[str], first: int = 0, occluders: Sequence[str] = ("none",)) -> list[Worker]:
    """So many workers who share out the gloves, and the things in their hands, in turn."""
    return [Worker(first + n, gloves[n % len(gloves)], occluders[n % len(occluders)]) for n in range(count)]


def clips_of(worker: Worker, seed: int = 0) -> Iterator[Clip]:
    """Every activity of one worker, rendered; the same seed gives the same clips.

    Raises:
        ConfigError: a glove or thing that is not known.
    """
    rng = np.random.default_rng((seed, worker.number, 71))
    scene = HandScene.random(rng, glove=worker.glove, occluder=worker.occluder, view=("palm", "back")[worker.number % 2])
    away = scene.shape.length_m * rng.uniform(2.3, 3.2)
    at = (float(rng.normal(0, 0.015)), float(0.45 * scene.shape.length_m), float(away))
    scene = replace(scene, at_m=at, size_px=SIZE_PX)
    renderer = HandRenderer(scene)
    try:
        for activity in ACTIVITIES:
            motion = activity_motion(activity, scene.shape.length_m, scene.side, rng)
            pictures = list(renderer.pictures(motion))
            points = np.stack([picture.points_px for picture in pictures])
            depth = np.stack([picture.points_m[0, 2] for picture in pictures])
            yield Clip(
                f"w{worker.number:03d}_{worker.glove}_{worker.occluder}_{activity}.mp4", f"w{worker.number:03d}", worker.glove,
                worker.occluder, activity, points, scene.camera[0, 0] * scene.shape.length_m / depth,
                np.stack([picture.rgb for picture in pictures]),
            )  # fmt: skip
    finally:
        renderer.close()


def write_clips(
    folder: Path, who: Sequence[Worker], seed: int = 0, processes: int = 1, tell: Callable[[], None] | None = None
) -> int:
    """A folder of videos with :data:`INDEX` and :data:`TRUTH`; returns the number of clips.

    Raises:
        InputError: a worker could not be rendered.
        OutputError: it cannot be written.
    """
    from physio_core.camera.writer import VideoWriter

    rows: dict[int, list[dict[str, str]]] = {}
    truth: dict[str, FloatArray] = {}
    with writing_into(folder, last=INDEX) as part:
        for number, made in in_processes(_clips_list, [(worker, seed) for worker in who], processes):
            if isinstance(made, Lost):
                raise InputError(f"a worker could not be rendered: {made.reason}")
            for clip in made:
                assert clip.images is not None
                with VideoWriter(part / clip.file, FPS, *SIZE_PX) as video:
                    for image in clip.images:
                        video.add(image)
                rows.setdefault(number, []).append({name: str(getattr(clip, name)) for name in COLUMNS})
                truth[clip.file] = np.concatenate(
                    [clip.points_px.reshape(len(clip.points_px), -1), clip.length_px[:, None]], axis=1
                )
            if tell:
                tell()
        with writing(part / TRUTH) as target:
            np.savez_compressed(target, **truth)
        write_table(part / INDEX, COLUMNS, [row for number in sorted(rows) for row in rows[number]])
    return len(truth)


def _clips_list(job: tuple[Worker, int]) -> list[Clip]:
    """In a worker process."""
    return list(clips_of(*job))


def read_clips(folder: Path) -> list[Clip]:
    """What :func:`write_clips` wrote, without images.

    Raises:
        InputError: no such folder, or a file that is missing or damaged.
    """
    table = read_table(folder / INDEX, COLUMNS)
    try:
        with np.load(folder / TRUTH) as truth:
            return [_clip(row.cells, truth[row.cells["file"]]) for row in table.rows]
    except (OSError, ValueError, KeyError) as error:
        raise InputError(f"{folder / TRUTH} cannot be read: {error}") from error


def _clip(row: Mapping[str, str], truth: FloatArray) -> Clip:
    file, worker, glove, occluder, activity = (row[name] for name in COLUMNS)
    return Clip(file, worker, glove, occluder, activity, truth[:, :-1].reshape(-1, 21, 2), truth[:, -1])
