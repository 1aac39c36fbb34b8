"""Simulated patients who draw paths: what a robot records of them, and what a camera would.

A patient differs from the ideal in what is seen after a stroke: a shorter range, tremor, jerks and pauses, a plane that is not
kept, a trunk that helps the arm forward, drift from one drawing to the next, and one weak side where the path is flattened. How
bad each is belongs to the person and stays; each drawing varies a little about it.

The camera's view is a model of its errors, not a rendered image: a path lies beside the truth, stretched and sheared, and
wanders, as much as was measured on rendered people (:class:`~physio_core.trajectories.lift.Lift`); some images are
without a wrist.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from physio_core.trajectories.features import as_left
from physio_core.trajectories.lift import Lift, load_lift
from physio_core.trajectories.trajectory import SIDES, Side, Trajectory
from physio_core.trajectories.types import ideal, load_types
from physio_core.types import FloatArray
from physio_lab.synthetic.noise import wandering

RATE_HZ, CAMERA_RATE_HZ = 50.0, 20.0
REPETITIONS = 5
WANDERING_S = 1.0
"""Time constant of what wanders [s]."""


@dataclass(frozen=True)
class PathPatient:
    """How someone draws.

    Attributes:
        reach_m: from shoulder to hand [m].
        side: of the arm.
        range: share of the path's size that is reached, 0..1.
        tremor_m: amplitude [m].
        tremor_hz: frequency [Hz].
        jerk: share of the way that goes in spurts, 0..1.
        tilt_rad: by how much the plane of the path is turned [rad].
        trunk: share of the way forward and upward that the trunk does for the arm, 0..1.
        drift_m: by how much a drawing lies beside the last one [m].
        pauses: how many to a drawing, on average.
        weak: share by which the weak side is flattened, 0..1.
        weak_rad: where that side lies in the plane [rad].
        pace: duration against the ideal's.
    """

    reach_m: float = 0.6
    side: Side = "left"
    range: float = 1.0
    tremor_m: float = 0.0
    tremor_hz: float = 5.0
    jerk: float = 0.0
    tilt_rad: float = 0.0
    trunk: float = 0.0
    drift_m: float = 0.0
    pauses: float = 0.0
    weak: float = 0.0
    weak_rad: float = 0.0
    pace: float = 1.0

    def eased(self, by: float) -> PathPatient:
        """The same person with each difficulty smaller by a share 0..1, as one who has trained."""
        less = {name: getattr(self, name) * (1.0 - by) for name in _DIFFICULTIES}
        return replace(self, range=1.0 - (1.0 - self.range) * (1.0 - by), **less)


_DIFFICULTIES = ("tremor_m", "jerk", "tilt_rad", "trunk", "drift_m", "pauses", "weak")


def people(count: int, seed: int) -> list[PathPatient]:
    """So many people, drawn by a seed; every second one draws with the right arm."""
    found = []
    for number in range(count):
        rng = np.random.default_rng((seed, number))
        found.append(
            PathPatient(
                reach_m=rng.uniform(0.5, 0.72), side=SIDES[number % 2], range=rng.uniform(0.6, 1.0), tremor_m=rng.uniform(0.0,
                0.008), tremor_hz=rng.uniform(3.5, 7.0), jerk=rng.uniform(0.0, 0.8), tilt_rad=rng.uniform(0.0, 0.3),
                trunk=rng.uniform(0.0, 0.2), drift_m=rng.uniform(0.0, 0.025), pauses=rng.uniform(0.0, 1.5),
                weak=rng.uniform(0.0, 0.5), weak_rad=rng.uniform(0.0, 2.0 * np.pi), pace=rng.uniform(0.7, 1.8),
            )
        )  # fmt: skip
    return found


def drawn(who: PathPatient, kind: str, rng: np.random.Generator, target: Trajectory | None = None) -> Trajectory:
    """One drawing, as a robot records it at :data:`RATE_HZ`.

    Args:
        who: draws.
        kind: name of the type.
        rng: source of chance.
        target: what is shown; the type's ideal for the person's reach unless given.
    """
    shown = target or ideal(kind, who.reach_m, who.side)
    duration_s = shown.duration_s * who.pace * rng.uniform(0.85, 1.2)
    count = max(40, round(duration_s * RATE_HZ))
    share = _tempo(count, who, rng)
    places = shown.at(shown.stamps_s[0] + share * shown.duration_s).positions_m
    centre = places.mean(0)
    own = (places - centre) * who.range * rng.normal(1.0, 0.04)
    own = _flattened(own, who.weak * rng.uniform(0.7, 1.1), who.weak_rad) @ _turn(rng, who.tilt_rad * rng.uniform(0.5, 1.2)).T
    own += centre + rng.normal(0.0, 1.0, 3) * who.drift_m + _helped(own, who.trunk)
    time = np.arange(count) / RATE_HZ
    beat = np.sin(2.0 * np.pi * who.tremor_hz * time[:, None] + rng.uniform(0.0, 2.0 * np.pi, 3)) * wandering(
        rng, (count, 3), 20.0
    )
    own += who.tremor_m * beat
    return Trajectory(time, np.round(own, 3), None, who.side)


def seen(path: Trajectory, rng: np.random.Generator, reach_m: float, errors: Lift | None = None) -> Trajectory:
    """The same as a camera in front of the patient tells it, at :data:`CAMERA_RATE_HZ`, by the model of its errors.

    Args:
        path: as it was drawn.
        rng: source of chance.
        reach_m: of the arm [m].
        errors: how large they are; as they were measured unless given.
    """
    sizes = errors or load_lift()
    count = max(16, int(path.duration_s * CAMERA_RATE_HZ))
    stamps_s = path.stamps_s[0] + np.sort(rng.uniform(-0.2, 0.2, count) + np.arange(count)) / CAMERA_RATE_HZ
    stamps_s = np.clip(stamps_s, path.stamps_s[0], path.stamps_s[-1]) + np.arange(count) * 1e-4
    kept = rng.random(count) > 0.05
    kept[[0, -1]] = True
    exact = as_left(path.at(stamps_s).positions_m, path.side) / reach_m
    gain = rng.normal(size=(3, 3)) * np.array(sizes.gain)
    error = rng.normal(size=3) * np.array(sizes.bias) + (exact - exact.mean(0)) @ gain.T
    error += np.array(sizes.wander) * wandering(rng, (count, 3), WANDERING_S * CAMERA_RATE_HZ)
    return Trajectory(stamps_s[kept], as_left((exact + error)[kept] * reach_m, path.side), None, path.side)


@dataclass(frozen=True)
class Drawing:
    """One simulated drawing: what a robot records, what a camera sees, and whose and what it is."""

    robot: Trajectory
    camera: Trajectory
    kind: str
    person: int
    reach_m: float


def drawings(patients: Sequence[PathPatient], repetitions: int, seed: int) -> list[Drawing]:
    """All types by all people, so many times each."""
    found = []
    for person, who in enumerate(patients):
        for place, kind in enumerate(load_types()):
            for repetition in range(repetitions):
                rng = np.random.default_rng((seed, person, place, repetition))
                robot = drawn(who, kind, rng)
                found.append(Drawing(robot, seen(robot, rng, who.reach_m), kind, person, who.reach_m))
    return found


def _tempo(count: int, who: PathPatient, rng: np.random.Generator) -> FloatArray:
    """(n,) shares 0..1 of the time of what is shown: smooth, in spurts, with pauses."""
    time = np.linspace(0.0, 1.0, count)
    spurts = rng.integers(3, 8)
    speed = 1.0 + who.jerk * np.sin(2.0 * np.pi * spurts * time + rng.uniform(0.0, 6.3))
    for _ in range(rng.poisson(who.pauses)):
        at, half = rng.uniform(0.1, 0.9), rng.uniform(0.02, 0.06)
        speed[np.abs(time - at) < half] *= 0.02
    gone = np.concatenate([[0.0], np.cumsum(speed[1:])])
    return np.asarray(gone / gone[-1])


def _flattened(own: FloatArray, share: float, where_rad: float) -> FloatArray:
    """Places (n, 3) about their centre, drawn in on one side of their plane."""
    _, _, axes = np.linalg.svd(own, full_matrices=False)
    towards = np.cos(where_rad) * axes[0] + np.sin(where_rad) * axes[1]
    along = own @ towards
    return np.asarray(own - share * np.maximum(along, 0.0)[:, None] * towards)


def _turn(rng: np.random.Generator, angle: float) -> FloatArray:
    axis = rng.normal(size=3)
    x, y, z = axis / np.linalg.norm(axis)
    cross = np.array([[0.0, -z, y], [z, 0.0, -x], [-y, x, 0.0]])
    return np.asarray(np.eye(3) + np.sin(angle) * cross + (1.0 - np.cos(angle)) * cross @ cross)


def _helped(own: FloatArray, share: float) -> FloatArray:
    """What the trunk adds (n, 3): forward, and up, as far as the arm is to go there."""
    ahead = np.maximum(own[:, [0]], 0.0) * [1.0, 0.0, 0.0] + np.maximum(own[:, [2]], 0.0) * [0.5, 0.0, 0.4]
    return np.asarray(share * ahead)
