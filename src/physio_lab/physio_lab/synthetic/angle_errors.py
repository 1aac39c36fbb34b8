"""How far measured joint angles are from the true ones, by angle, view and source; and how honest the claimed error is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from physio_core.skeleton.angle_table import AngleTable, load_angles
from physio_core.skeleton.angles import AngleMeter, Angles
from physio_core.skeleton.body_angles import BodyAngles
from physio_core.skeleton.heading import HeadingEstimator
from physio_core.skeleton.layouts import BODY_25, sideless
from physio_core.skeleton.stream import to_isotropic
from physio_core.types import BoolArray, FloatArray, Skeleton, Tracking
from physio_lab.evaluation.watch import followed
from physio_lab.synthetic.angle_takes import HEADINGS_DEG, Take

IN_PLANE_DEG = 20.0
"""An angle lies in the image's plane while both of its segments are within so much of it."""
SOURCES = ("image", "space", "world", "best")
"""From the image; from joints brought into space; from MediaPipe's own space; what the coach takes."""


@dataclass(frozen=True)
class Errors:
    """Every measured angle of some takes. N angles and moments.

    Attributes:
        angle: (N,) without its side.
        view: (N,) as the person was asked to stand.
        source: (N,) one of :data:`SOURCES`.
        person: (N,) who.
        error_deg: (N,) measured minus true; NaN: not measured.
        claimed_deg: (N,) standard deviation that was claimed.
        in_plane: (N,) whether it truly lay in the plane of the image.
    """

    angle: npt.NDArray[np.str_]
    view: npt.NDArray[np.str_]
    source: npt.NDArray[np.str_]
    person: npt.NDArray[np.intp]
    error_deg: FloatArray
    claimed_deg: FloatArray
    in_plane: BoolArray

    def where(self, chosen: BoolArray) -> Errors:
        """Some of them."""
        return Errors(*(values[chosen] for values in vars(self).values()))


@dataclass(frozen=True)
class Row:
    """One angle in one view from one source.

    Attributes:
        angle: without its side.
        view: from where it is seen.
        source: one of :data:`SOURCES`.
        measured: share of the moments in which it was measured.
        bias_deg: median error.
        median_deg: median size of the error.
        p95_deg: 95th percentile of it.
        in_plane_p95_deg: the same where the angle lay in the plane of the image; NaN: hardly ever.
        claimed_deg: median of what was claimed as standard deviation.
        within: share of the errors below the claimed one; of a standard deviation: 0.68.
        within_two: share of the errors below twice the claimed one; of a standard deviation: 0.95.
    """

    angle: str
    view: str
    source: str
    measured: float
    bias_deg: float
    median_deg: float
    p95_deg: float
    in_plane_p95_deg: float
    claimed_deg: float
    within: float
    within_two: float


def rows(errors: Errors) -> Iterator[Row]:
    """The table, angle by angle."""
    for angle in dict.fromkeys(errors.angle.tolist()):
        for view in HEADINGS_DEG:
            for source in SOURCES:
                part = errors.where((errors.angle == angle) & (errors.view == view) & (errors.source == source))
                known = np.isfinite(part.error_deg)
                if known.sum() > LEAST_MEASURED * len(known):
                    yield _row(angle, view, source, float(known.mean()), part.where(known))


LEAST_MEASURED = 0.02
"""Share of the moments below which nothing is said."""


def _row(angle: str, view: str, source: str, measured: float, part: Errors) -> Row:
    size = np.abs(part.error_deg)
    flat = size[part.in_plane]
    return Row(
        angle, view, source, measured, float(np.median(part.error_deg)), float(np.median(size)), float(np.percentile(size, 95)),
        float(np.percentile(flat, 95)) if len(flat) >= LEAST_MEASURED * len(size) else float("nan"),
        float(np.median(part.claimed_deg)), *(float((size <= times * part.claimed_deg).mean()) for times in (1.0, 2.0)),
    )  # fmt: skip


def errors_of(takes: Iterable[Take], table: AngleTable | None = None) -> Errors:
    """Measure every take as the coach does, and compare with the truth."""
    table = load_angles() if table is None else table
    parts = [part for take in takes for part in _of_take(take, table)]
    return Errors(*(np.concatenate(column) for column in zip(*(vars(part).values() for part in parts), strict=True)))


def skeletons_of_take(take: Take) -> list[Skeleton]:
    """What the coach's pose stage gives of a take: locked on the person, smoothed."""
    raw = []
    for stamp_s, points, sure, world_m in zip(take.stamps_s, take.points, take.confidence, take.world_m, strict=True):
        there = Skeleton(float(stamp_s), Tracking.NOBODY, BODY_25.name, width_px=take.width_px, height_px=take.height_px)
        if sure.any():
            there = replace(there, status=Tracking.TRACKED, points=points, confidence=sure, world_m=world_m)
        raw.append(there)
    return list(followed(raw))


def views_of(takes: Iterable[Take]) -> dict[str, dict[str, float]]:
    """How often each view is told, by the view in which a person stands: share of the moments at which someone is tracked."""
    told: dict[str, list[str]] = {view: [] for view in HEADINGS_DEG}
    for take in takes:
        estimator = HeadingEstimator(BODY_25)
        for skeleton in skeletons_of_take(take):
            if skeleton.tracked:
                flat = to_isotropic(skeleton.points, take.width_px, take.height_px)
                heading = estimator.update(skeleton.stamp_s, flat, skeleton.confidence, skeleton.world_m)
                told[take.view].append(heading.view if heading else "")
    return {stands: {view: views.count(view) / max(len(views), 1) for view in told} for stands, views in told.items()}


def _of_take(take: Take, table: AngleTable) -> Iterator[Errors]:
    skeletons = skeletons_of_take(take)
    there = np.array([skeleton.tracked for skeleton in skeletons])
    if not there.any():
        return
    kept = [skeleton for skeleton in skeletons if skeleton.tracked]
    points = to_isotropic(np.stack([one.points for one in kept]), take.width_px, take.height_px)
    sure, world_m = np.stack([one.confidence for one in kept]), np.stack([one.world_m for one in kept])
    true_m, up = take.true_m[there].astype(float), tuple(float(value) for value in take.up)
    body = BodyAngles(BODY_25, table)
    flat, deep = body.both(points, sure, world_m, up)
    found = {
        "image": flat,
        "space": deep,
        "world": AngleMeter(BODY_25, table, guessed_depth=True).measure(world_m.astype(float), sure, up),
        "best": body.measure(points, sure, world_m, take.view, up),
    }
    true = AngleMeter(BODY_25, table).measure(true_m, np.ones(sure.shape), up)
    flat_ones = in_plane(true_m, table)
    for source, angles in found.items():
        yield _compared(take, source, angles, true, flat_ones)


def _compared(take: Take, source: str, angles: Angles, true: Angles, flat: BoolArray) -> Errors:
    error_deg = np.mod(angles.deg - true.deg + 180.0, 360.0) - 180.0
    known = np.isfinite(true.deg)
    names = np.broadcast_to([sideless(name) for name in angles.names], known.shape)
    count = int(known.sum())
    told = (np.full(count, take.view), np.full(count, source), np.full(count, take.person))
    return Errors(names[known], *told, error_deg[known], angles.error_deg[known], flat[known])


def in_plane(true_m: FloatArray, table: AngleTable) -> BoolArray:
    """Whether both segments of each angle lie within :data:`IN_PLANE_DEG` of the image (T, A).

    ``true_m`` (T, 25, 3) are joints in the order of ``body_25``, in the axes of the camera (z along the line of sight) [m].
    """
    joint = {name: true_m[:, index] for index, name in enumerate(BODY_25.joints)}
    joint["head"] = (joint["left_ear"] + joint["right_ear"]) / 2.0
    columns = []
    for one in table.values():
        flat = np.ones(len(true_m), bool)
        for start, end in filter(None, (one.first, one.second)):
            along = joint[end] - joint[start]
            flat &= np.abs(along[:, 2]) <= np.sin(np.radians(IN_PLANE_DEG)) * np.linalg.norm(along, axis=-1)
        columns.append(flat)
    return np.stack(columns, axis=1)
