"""Simulated patients who draw in front of a rendered camera, seen by the real pose estimator: what a camera tells of a path.

A patient (:mod:`physio_lab.synthetic.paths`) moves the wrist of a whole body, which is rendered and looked at. Images
stay in memory; drawing ``n`` of a seed is always the same, so what was seen can be kept and gone on with.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from physio_core.errors import InputError
from physio_core.files import write_bytes
from physio_core.motion.arms import arms_free
from physio_core.motion.kinematics import BodyShape, positions
from physio_core.motion.movements import EXERCISES
from physio_core.motion.stance import stood
from physio_core.motion.style import Style
from physio_core.skeleton.layouts import BODY_25
from physio_core.skeleton.stream import RATE_HZ, JointFrame, JointStream
from physio_core.trajectories.body import ArmReader
from physio_core.trajectories.features import as_left
from physio_core.trajectories.trajectory import FEWEST_POINTS, Side, Trajectory
from physio_core.trajectories.types import load_types
from physio_core.types import FloatArray, Skeleton, Tracking
from physio_lab.datasets.files import npz_bytes, read_npz
from physio_lab.datasets.parallel import Lost, in_processes
from physio_lab.synthetic.angle_takes import camera_before
from physio_lab.synthetic.paths import PathPatient, drawn, people
from physio_lab.synthetic.shot_seen import seen_by_mediapipe
from physio_lab.synthetic.shots import SIZES_PX, ShotSpec

FPS = 8.0
HELD_S = 0.5
"""The hand is held at the start and at the end so long [s]."""
_ASPECT, _PHASE_S = 4 / 3, 4.0
_FORM = "tilt"
"""What a file of a drawing has beyond older ones, which are made again."""
_ELBOW_POINTS = {"left": (-0.3, 0.6, -1.0), "right": (-0.3, -0.6, -1.0)}


@dataclass(frozen=True)
class SeenDrawing:
    """One drawing as the estimator saw it; T images.

    Attributes:
        person: number of who draws.
        kind: name of the type.
        side: of the arm.
        tilt_rad: how far the camera looks up.
        stamps_s: (T,) [s].
        points: (T, 25, 3) as a ``Skeleton`` of ``body_25`` has them; 0 where nobody was found.
        confidence: (T, 25); 0 where nobody was found.
        world_m: (T, 25, 3) as the estimator guesses it.
    """

    person: int
    kind: str
    side: Side
    tilt_rad: float
    stamps_s: FloatArray
    points: FloatArray
    confidence: FloatArray
    world_m: FloatArray

    def bones(self) -> tuple[FloatArray, FloatArray]:
        """Moments (n,) [s] and the arm's bones (n, 2, 3) as a left one's [trunks], wherever the arm is seen."""
        reader = ArmReader(BODY_25, self.side, self.tilt_rad)
        found = [(frame.stamp_s, reader.bones(frame, _ASPECT)) for frame in self._frames()]
        rows = [(stamp_s, bones) for stamp_s, bones in found if bones is not None]
        return np.array([stamp_s for stamp_s, _ in rows]), np.array([bones for _, bones in rows]).reshape(-1, 2, 3)

    def read(self) -> tuple[Trajectory, float] | None:
        """The path from the shoulder [m], and how far the arm reaches [m]; None: too little of it was seen.

        As the coach reads it, except that nobody says what is drawn.
        """
        reader = ArmReader(BODY_25, self.side, self.tilt_rad)
        found = [place for frame in self._frames() if (place := reader.read_unaided(frame, _ASPECT))]
        if len(found) < FEWEST_POINTS:
            return None
        path = np.array([place.stamp_s for place in found]), np.stack([place.hand_m for place in found])
        try:
            return Trajectory(*path, side=self.side), found[0].arm_m
        except InputError:
            return None

    def _frames(self) -> Iterator[JointFrame]:
        stream = JointStream(BODY_25, RATE_HZ)
        for index, stamp_s in enumerate(self.stamps_s):
            if not self.confidence[index].any():
                continue
            seen = Skeleton(
                float(stamp_s), Tracking.TRACKED, BODY_25.name, self.points[index], self.confidence[index], "", *SIZES_PX[_ASPECT]
            )
            yield from stream.update(seen)


def see_paths(folder: Path, count: int, seed: int, workers: int = 1) -> Iterator[SeenDrawing]:
    """Every type drawn once by each of so many people, as they come; those that the folder holds are not rendered again.

    Raises:
        InputError: a drawing could not be rendered or looked at; those that could are kept.
        OutputError: the folder cannot be written.
    """
    wanted = [(person, kind) for person in range(count) for kind in load_types()]
    missing = [one for one in wanted if not _path(folder, seed, *one).exists()]
    for one in wanted:
        if one not in missing:
            yield _read(_path(folder, seed, *one))
    for index, result in in_processes(_look, [(seed, *one) for one in missing], workers):
        if isinstance(result, Lost):
            raise InputError(f"drawing {missing[index]} failed: {result.reason}; run it again to resume")
        write_bytes(_path(folder, seed, *missing[index]), npz_bytes(**vars(result)))
        yield result


def drawing_of(seed: int, person: int, kind: str) -> tuple[PathPatient, Trajectory, BodyShape, np.random.Generator]:
    """Who draws, the patient of this number with the arm of a body of this number; her true path; and the source of chance."""
    shape = BodyShape.random(np.random.default_rng((seed, person, 1)))
    who = replace(people(person + 1, seed)[person], reach_m=shape.arm_m)
    rng = np.random.default_rng((seed, person, list(load_types()).index(kind)))
    return who, drawn(who, kind, rng), shape, rng


def true_places(seen: SeenDrawing, seed: int, stamps_s: FloatArray) -> FloatArray:
    """(n, 3) where the hand really was at moments (n,) of what was seen, as a left one's [reach]."""
    who, path, _, _ = drawing_of(seed, seen.person, seen.kind)
    at_s = path.stamps_s[0] + stamps_s - HELD_S
    return (
        as_left(np.stack([np.interp(at_s, path.stamps_s, column) for column in path.positions_m.T], axis=1), who.side)
        / who.reach_m
    )


def shot_of(seed: int, person: int, kind: str) -> tuple[ShotSpec, PathPatient]:
    """What is filmed, and who draws."""
    who, path, shape, rng = drawing_of(seed, person, kind)
    times_s = np.arange(0.0, path.duration_s + 2.0 * HELD_S, 1.0 / FPS)
    at_s = path.stamps_s[0] + times_s - HELD_S
    hand_m = np.stack([np.interp(at_s, path.stamps_s, column) for column in path.positions_m.T], axis=1)
    pose = stood(times_s / _PHASE_S, arms_free(Style.random(rng)), shape)
    shoulder_m = pose.part(f"{who.side}_arm").at[f"{who.side}_shoulder"]
    pose.wrist(who.side, shoulder_m + hand_m, np.array(_ELBOW_POINTS[who.side]))
    points = positions(shape, pose.motion)
    spec = ShotSpec(
        person, (seed, person), EXERCISES["draw_circle_clockwise"], "", "", shape, points, camera_before(points, "front", rng),
        SIZES_PX[_ASPECT], FPS, False, False,
    )  # fmt: skip
    return spec, who


def _look(job: tuple[int, int, str]) -> SeenDrawing:
    """In a worker process: render a drawing and run the estimator on it."""
    _, person, kind = job
    shot, who = shot_of(*job)
    stamps_s = np.arange(len(shot.points)) / FPS
    return SeenDrawing(person, kind, who.side, -shot.camera.pitch_rad, stamps_s, *seen_by_mediapipe(shot, FPS))


def _path(folder: Path, seed: int, person: int, kind: str) -> Path:
    return folder / f"{seed}_{person:03d}_{kind}_{_FORM}.npz"


def _read(path: Path) -> SeenDrawing:
    fields: dict[str, Any] = {name: value if value.ndim else value.item() for name, value in read_npz(path).items()}
    return SeenDrawing(**fields)
