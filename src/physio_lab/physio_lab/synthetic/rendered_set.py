"""A set of rendered clips through the real pose estimator: truth and estimate, side by side.

Images stay in memory. Each clip leaves a small ``takes/NUMBER.npz``; when all are there, two sets with the same names in them
are written: ``true.parquet`` (the body projected into the image, also what is hidden or outside) and ``estimated.parquet``.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from physio_core.errors import ConfigError, InputError, OutputError
from physio_core.files import write_bytes, write_json
from physio_core.motion.projection import project, to_openpose_18
from physio_core.skeleton.layouts import OPENPOSE_18
from physio_core.types import FloatArray, Frame
from physio_lab.datasets.files import npz_bytes, read_npz
from physio_lab.datasets.parallel import Lost, in_processes
from physio_lab.datasets.parquet import write_parquet
from physio_lab.datasets.sequence import SkeletonSequence
from physio_lab.synthetic.shots import ShotConfig, ShotSpec, draw_shot

_HIPS = [OPENPOSE_18.index(f"{side}_hip") for side in ("left", "right")]


@dataclass(frozen=True)
class Recording:
    """One clip, true and found; T images, 18 joints of ``openpose_18``.

    Attributes:
        name: movement and number, unique within the set.
        label: an exercise or unknown.
        source: movement, variant and persona, with slashes between; the name of a sequence holds them.
        stamps_s: (T,) [s].
        true: (T, 18, 2) projected joints, fractions of the image, also outside of it.
        depth_m: (T, 18) along the line of sight.
        found: (T, 18, 3) as a ``Skeleton`` has them; 0 where nobody was found.
        confidence: (T, 18); 0 where nobody was found.
        focal: focal length over the width of the image.
        width_px: image width.
        height_px: image height.
    """

    name: str
    label: str
    source: str
    stamps_s: npt.NDArray[np.float64]
    true: FloatArray
    depth_m: FloatArray
    found: FloatArray
    confidence: FloatArray
    focal: float
    width_px: int
    height_px: int

    def true_sequence(self) -> SkeletonSequence:
        """The body as it was; confidence 1, z from its true depth."""
        hips_m = self.depth_m[:, _HIPS].mean(1, keepdims=True)
        z = (self.depth_m - hips_m) * self.focal / hips_m
        points = np.concatenate([self.true, z[..., None]], axis=-1)
        return self._sequence(points, np.ones_like(self.confidence))

    def estimated_sequence(self) -> SkeletonSequence:
        """The body as the estimator saw it."""
        return self._sequence(self.found, self.confidence)

    @property
    def full_name(self) -> str:
        """What is done and the number, e.g. ``squat_sumo_trembling_000012``."""
        return "_".join([*filter(None, self.source.split("/")), self.name.rpartition("_")[2]])

    def _sequence(self, points: FloatArray, confidence: FloatArray) -> SkeletonSequence:
        # Each clip is a recording of its own, of a body of its own.
        return SkeletonSequence(
            points[None].astype(np.float32), confidence[None].astype(np.float32), self.stamps_s, OPENPOSE_18.name,
            self.label, self.full_name, self.full_name, self.full_name, self.width_px, self.height_px,
        )  # fmt: skip


def record(shot: ShotSpec) -> Recording:
    """Render a shot and run the estimator on it.

    Raises:
        SourceError: there is no GL to draw with.
    """
    from physio_core.pose.choice import MEDIAPIPE
    from physio_core.pose.estimator import PoseConfig, make_estimator
    from physio_lab.synthetic.shot_renderer import ShotRenderer

    stamps_s = np.arange(len(shot.points)) / shot.fps
    true, depth_m = project(to_openpose_18(shot.points), shot.camera)
    renderer, estimator = ShotRenderer(shot), make_estimator(PoseConfig(estimator=MEDIAPIPE))
    found, confidence = np.zeros((*true.shape[:2], 3), np.float32), np.zeros(true.shape[:2], np.float32)
    try:
        for index, rgb in enumerate(renderer.images()):
            skeleton = estimator.estimate(Frame(float(stamps_s[index]), rgb))
            if skeleton.tracked:
                found[index], confidence[index] = skeleton.points, skeleton.confidence
    finally:
        renderer.close()
        estimator.close()
    focal = 0.5 / np.tan(np.radians(shot.camera.fov_deg) / 2)
    source = "/".join((shot.movement.name, shot.variant, shot.persona))
    return Recording(
        shot.name, shot.movement.label, source, stamps_s, true.astype(np.float32), depth_m.astype(np.float32),
        found, confidence, float(focal), *shot.size_px,
    )  # fmt: skip


def make_set(folder: Path, clips: int, seed: int, config: ShotConfig, workers: int = 1) -> Iterator[int]:
    """Record the clips that the folder does not hold yet, then write both sets.

    Args:
        folder: made if it is not there.
        clips: how many the set has in the end.
        seed: of the set.
        config: what the shots are like.
        workers: processes that render.

    Yields:
        How many clips are there, after each new one and once at the start.

    Raises:
        ConfigError: the folder holds a set of another seed or configuration, or cannot be written.
        InputError: a clip could not be recorded; those that could are kept.
    """
    shots = _prepare(folder, seed, config)
    missing = [number for number in range(clips) if not _path(shots, number).exists()]
    yield clips - len(missing)
    jobs = [(str(shots), seed, number, config) for number in missing]
    failed = []
    for done, (index, result) in enumerate(in_processes(_record_into, jobs, workers), start=1):
        if isinstance(result, Lost) or result:
            failed.append(f"clip {missing[index]}: {result.reason if isinstance(result, Lost) else result}")
        yield clips - len(missing) + done - len(failed)
    if failed:
        raise InputError(f"{len(failed)} of {clips} clips failed; {failed[0]}; run the same command again to resume")
    write_parquet(folder / "true.parquet", (recording.true_sequence() for recording in read_recordings(folder, clips)))
    write_parquet(folder / "estimated.parquet", (recording.estimated_sequence() for recording in read_recordings(folder, clips)))


def _prepare(folder: Path, seed: int, config: ShotConfig) -> Path:
    settings, path = {"seed": seed, **asdict(config)}, folder / "set.json"
    try:
        (folder / "takes").mkdir(parents=True, exist_ok=True)
        if path.exists() and (held := json.loads(path.read_text(encoding="utf-8"))) != settings:
            raise ConfigError(f"{folder} holds a set made with {held}; name another folder, or use the same settings to resume")
        write_json(path, settings)
    except (OSError, json.JSONDecodeError) as error:
        raise ConfigError(f"cannot use {folder} for a set: {error}") from error
    return folder / "takes"


def _path(shots: Path, number: int) -> Path:
    return shots / f"{number:06d}.npz"


def _record_into(job: tuple[str, int, int, ShotConfig]) -> str:
    """In a worker process: record one clip, whole or not at all; says what went wrong, empty when nothing did."""
    shots, seed, number, config = job
    path = _path(Path(shots), number)
    try:
        write_bytes(path, npz_bytes(**vars(record(draw_shot(seed, number, config)))))
    except OutputError as error:
        return str(error)
    return ""


def takes_of(folder: Path) -> list[Path]:
    """The files of a set, one a clip, in order."""
    return sorted((folder / "takes").glob("*.npz"))


def read_recordings(folder: Path, clips: int | None = None) -> Iterator[Recording]:
    """Every clip of a set, or only the first ones, in order, one at a time.

    Raises:
        InputError: no set there, or a damaged file.
    """
    paths = takes_of(folder)[:clips]
    if not paths:
        raise InputError(f"{folder} holds no rendered clips; make them: physio sim dataset {folder} --clips 100")
    for path in paths:
        try:
            fields: dict[str, Any] = {name: value if value.ndim else value.item() for name, value in read_npz(path).items()}
            recording = Recording(**fields)
        except (InputError, TypeError) as error:
            why = error.__cause__ or error
            raise InputError(f"{path} is damaged ({why}); delete it and run physio sim dataset again") from error
        yield recording
