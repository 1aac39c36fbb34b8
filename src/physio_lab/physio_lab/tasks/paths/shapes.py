"""Shapes that hands draw in other public sets: before a depth camera (UTD-MHAD), as a fingertip in a picture (kinivi)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from physio_core.errors import InputError
from physio_core.skeleton.layouts import layout_named
from physio_core.trajectories.features import in_reach
from physio_core.types import UNKNOWN, FloatArray
from physio_lab.datasets.public import read_utd_mhad
from physio_lab.tasks.paths.samples import Paths, collected

UTD_MHAD = {
    "swipe_left": "swipe_left", "swipe_right": "swipe_right", "draw_x": "draw_x", "draw_triangle": "draw_triangle",
    "draw_circle_clockwise": "clock_circle", "draw_circle_counter_clockwise": "counter_circle",
}  # fmt: skip
"""Actions that are paths of the hand, with their names here."""
KINIVI = {1: "clock_circle", 2: "counter_circle"}
KINIVI_POINTS, KINIVI_STEP_S, KINIVI_REACH = 16, 0.1, 0.3
"""Of a track; the set tells no time, and sizes are shares of the picture."""
BLOCKS = 5
"""The set names nobody: rows that follow each other are of one session, so each class is parted into so many runs of rows."""


def read_utd_shapes(folder: Path) -> Paths:
    """The right wrist from the right shoulder, in lengths of the arm, by subject.

    Raises:
        ConfigError: scipy is not installed.
        InputError: no such files.
    """
    return collected(_utd(folder), (*UTD_MHAD.values(), UNKNOWN))


def _utd(folder: Path) -> Iterator[tuple[FloatArray, FloatArray, str, str]]:
    layout = layout_named("kinect_20")
    for one in read_utd_mhad(folder):
        if one.label in UTD_MHAD:
            places = one.points[0].astype(float)
            shoulder, elbow, wrist = (places[:, layout.index(f"right_{joint}")] for joint in ("shoulder", "elbow", "wrist"))
            arm = np.linalg.norm(elbow - shoulder, axis=1) + np.linalg.norm(wrist - elbow, axis=1)
            x, y, z = (wrist - shoulder).T  # the camera's: right in the picture, down, away; the person looks at it
            own = np.column_stack([-z, x, -y])
            yield *in_reach(one.stamps_s, own, float(np.median(arm))), UTD_MHAD[one.label], one.subject


def read_kinivi_circles(folder: Path) -> Paths:
    """Tracks of a fingertip along circles, by runs of rows.

    Raises:
        InputError: no ``point_history.csv``, or one of another shape.
    """
    path = folder / "point_history.csv"
    try:
        rows = np.loadtxt(path, delimiter=",", ndmin=2)
    except (OSError, ValueError) as error:
        raise InputError(f"cannot read {path}: {error}") from error
    if rows.shape[1] != 1 + 2 * KINIVI_POINTS:
        raise InputError(f"{path} has {rows.shape[1]} columns; a track has a class and {KINIVI_POINTS} points x, y")
    return collected(_kinivi(rows), (*KINIVI.values(), UNKNOWN))


def _kinivi(rows: FloatArray) -> Iterator[tuple[FloatArray, FloatArray, str, str]]:
    stamps_s = np.arange(KINIVI_POINTS) * KINIVI_STEP_S
    for kind, name in KINIVI.items():
        own = rows[rows[:, 0] == kind, 1:].reshape(-1, KINIVI_POINTS, 2)
        for place, track in enumerate(own):
            flat = np.column_stack([np.zeros(KINIVI_POINTS), -track[:, 0], -track[:, 1]])  # as if seen by whoever draws
            yield *in_reach(stamps_s, flat, KINIVI_REACH), name, f"run {place * BLOCKS // len(own)}"
