"""Figures of the exercises that the movement library knows, made into files once, so that the screen draws from data alone."""

from __future__ import annotations

import numpy as np

from physio_core.exercises.figure import Angles
from physio_core.exercises.keyframes import sampled
from physio_core.motion.kinematics import JOINT_ANGLES, BodyShape, Motion
from physio_core.motion.movements import bar_height_m, exercise_named
from physio_core.motion.style import ALTERNATE, Style
from physio_core.types import FloatArray

KEYFRAMES, LONG_S = 24, 8.0
"""Of a repetition; of one that takes longer [s] three times as many."""
_DEGREES, _METRES = 1, 3
_SEAT_BEHIND_M, _SEAT_BELOW_M = 0.04, 0.1


def figure_of(exercise: str) -> Angles:
    """One repetition at a natural tempo, of the body that the screen shows; one of each side where they take turns.

    Raises:
        UnknownExercise: the movement library does not know it.
    """
    movement = exercise_named(exercise)
    turns = 2 if movement.sides == ALTERNATE else 1
    lasts_s = float(np.sqrt(np.prod(movement.period_s)))
    keyframes = KEYFRAMES * (3 if lasts_s > LONG_S else 1)
    phase = np.arange(turns * keyframes) / keyframes
    motion = movement.motion(phase, movement.led_by("", Style(sway=0.0)), BodyShape())
    angles = {name: sampled(np.degrees(motion.angle(name)), _DEGREES) for name in JOINT_ANGLES}
    return Angles(
        period_s=round(turns * lasts_s, 2),
        bar_m=round(bar_height_m(BodyShape()), _METRES) if movement.place == "bar" else None,
        root_m=_rows(("x", "y", "z"), motion.root_m),
        root_deg=_rows(("roll", "pitch", "yaw"), np.degrees(motion.root_rad), _DEGREES),
        angles_deg=_both_sides({name: row for name, row in angles.items() if row != (0.0,)}),
        seat_m=_seat(motion) if movement.place == "chair" else None,
    )


def _seat(motion: Motion) -> tuple[float, float]:
    """A chair under the pelvis of who sits at the start."""
    x_m, _, z_m = motion.root_m[0]
    return round(float(x_m) - _SEAT_BEHIND_M, _METRES), round(float(z_m) - _SEAT_BELOW_M, _METRES)


def _rows(names: tuple[str, ...], values: FloatArray, decimals: int = _METRES) -> dict[str, tuple[float, ...]]:
    rows = {name: sampled(values[:, index], decimals) for index, name in enumerate(names)}
    return {name: row for name, row in rows.items() if row != (0.0,) or name == "z"}


def _both_sides(rows: dict[str, tuple[float, ...]]) -> dict[str, tuple[float, ...]]:
    """Rows that are the same left and right as one without a side."""
    rows_by_name: dict[str, tuple[float, ...]] = {}
    for name, row in rows.items():
        part = name.removeprefix("left_").removeprefix("right_")
        same = part != name and rows.get(f"left_{part}") == rows.get(f"right_{part}")
        rows_by_name[part if same else name] = row
    return rows_by_name
