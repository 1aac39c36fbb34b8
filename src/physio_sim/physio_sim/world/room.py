"""The room that the patient exercises in, as MJCF: floor, walls, mat, pull-up bar and some furniture.

World axes: x from the robot to the patient, y to the robot's left, z up; the robot starts at the origin. The picture has to
look like a room, not like a laboratory test card: plain colours with some texture, things at the walls, nothing near the mat.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from physio_core.types import FloatArray
from physio_sim.params import ClinicConfig

WALL_BEHIND_ROBOT_X_M = -2.0
WALL_BEHIND_PATIENT_X_M = 5.0
WALL_SIDE_Y_M = 3.0
WALL_HEIGHT_M = 2.8

ROOM_GROUP = 0


@dataclass(frozen=True)
class Palette:
    """Colours of one clinic, as MJCF ``rgb`` texts."""

    wall: str
    skirting: str
    mat: str
    cupboard: str


@dataclass(frozen=True)
class Rack:
    """The pull-up bar over the patient's place.

    Attributes:
        height_m: middle of the bar above the floor [m].
        yaw_rad: turn of the bar out of the robot's left and right [rad].
    """

    height_m: float
    yaw_rad: float = 0.0


_WALLS = ("0.80 0.82 0.80", "0.72 0.79 0.84", "0.86 0.81 0.72", "0.70 0.76 0.70", "0.78 0.74 0.80")
_MATS = ("0.20 0.38 0.62", "0.45 0.20 0.42", "0.16 0.42 0.36", "0.30 0.30 0.34")
_CUPBOARDS = ("0.62 0.47 0.32", "0.85 0.85 0.83", "0.42 0.33 0.26")


def palette(rng: np.random.Generator) -> Palette:
    """Colours drawn for one clinic."""
    return Palette(rng.choice(_WALLS), "0.35 0.33 0.31", rng.choice(_MATS), rng.choice(_CUPBOARDS))


def assets() -> str:
    """Textures and materials."""
    return """
<texture name="boards" type="2d" builtin="checker" rgb1="0.58 0.47 0.36" rgb2="0.54 0.43 0.33" width="128" height="128"/>
<texture name="sky" type="skybox" builtin="gradient" rgb1="0.9 0.9 0.9" rgb2="0.7 0.75 0.8" width="32" height="192"/>
<material name="boards" texture="boards" texrepeat="12 40" reflectance="0"/>"""


def box(name: str, size: tuple[float, float, float], at: tuple[float, float, float], look: str) -> str:
    """A box of half sizes [m] at a place [m], as MJCF."""
    numbers = " ".join(f"{value:g}" for value in size), " ".join(f"{value:g}" for value in at)
    return f'<geom name="{name}" type="box" size="{numbers[0]}" pos="{numbers[1]}" {look}/>'


def chair_boxes(x_m: float, y_m: float, seat_m: float) -> Iterator[str]:
    """A chair without arms that faces +x: middle and height of its seat [m]."""
    wood = 'rgba="0.45 0.33 0.24 1"'
    yield box("seat", (0.22, 0.22, 0.02), (x_m, y_m, seat_m - 0.02), wood)
    yield box("back", (0.02, 0.2, 0.16), (x_m - 0.23, y_m, seat_m + 0.32), wood)
    for number, (a, b) in enumerate(((0.2, 0.2), (0.2, -0.2), (-0.2, 0.2), (-0.2, -0.2))):
        yield box(f"leg{number}", (0.015, 0.015, seat_m / 2), (x_m + a, y_m + b, seat_m / 2), wood)


def seat_of(pelvis_m: FloatArray, height_m: float, yaw_rad: float = 0.0) -> FloatArray:
    """Middle of the seat (3,) [m] under the pelvis (3,) [m] of someone of this height who sits, heading ``yaw_rad``."""
    return np.asarray(pelvis_m - np.array([0.02 * np.cos(yaw_rad), 0.02 * np.sin(yaw_rad), 0.1 * height_m / 1.72]))


def room_mjcf(config: ClinicConfig, colours: Palette, rack: Rack) -> str:
    """Everything that stands still.

    Args:
        config: light and where the patient stands.
        colours: of :func:`palette`.
        rack: the pull-up bar.
    """
    front, back, side, tall = WALL_BEHIND_PATIENT_X_M, WALL_BEHIND_ROBOT_X_M, WALL_SIDE_Y_M, WALL_HEIGHT_M / 2
    middle, length = (front + back) / 2, (front - back) / 2
    wall, skirting = f'rgba="{colours.wall} 1"', f'rgba="{colours.skirting} 1"'
    wood, white = f'rgba="{colours.cupboard} 1"', 'rgba="0.92 0.92 0.9 1"'
    parts = [
        '<geom name="floor" type="plane" size="8 8 0.1" material="boards"/>',
        box("wall_patient", (0.05, side + 0.1, tall), (front + 0.05, 0, tall), wall),
        box("wall_robot", (0.05, side + 0.1, tall), (back - 0.05, 0, tall), wall),
        box("wall_left", (length, 0.05, tall), (middle, side + 0.05, tall), wall),
        box("wall_right", (length, 0.05, tall), (middle, -side - 0.05, tall), wall),
        box("skirting", (0.01, side, 0.05), (front - 0.01, 0, 0.05), skirting),
        box("rail", (0.01, side, 0.04), (front - 0.01, 0, 1.05), wood),
        box("cupboard", (0.2, 0.45, 0.9), (front - 0.22, side - 0.7, 0.9), wood),
        box("cupboard_door", (0.005, 0.005, 0.85), (front - 0.425, side - 0.7, 0.9), skirting),
        box("bench", (0.35, 0.9, 0.06), (front - 0.45, -side + 1.0, 0.5), 'rgba="0.25 0.32 0.36 1"'),
        box("bench_foot", (0.25, 0.75, 0.22), (front - 0.45, -side + 1.0, 0.22), white),
        box("picture", (0.01, 0.35, 0.25), (front - 0.01, -side + 1.4, 1.6), 'rgba="0.36 0.52 0.42 1"'),
        box("window", (0.6, 0.01, 0.5), (2.5, side - 0.01, 1.5), 'rgba="0.75 0.87 0.95 1"'),
        box("desk", (0.6, 0.3, 0.02), (-1.2, -side + 0.35, 0.74), wood),
        box("desk_legs", (0.5, 0.25, 0.36), (-1.2, -side + 0.35, 0.36), white),
        box(
            "mat",
            (0.5, 1.05, 0.004),
            (config.patient_distance_m, 0, 0.004),
            f'rgba="{colours.mat} 1" contype="0" conaffinity="0"',
        ),
    ]
    return "\n".join(parts) + _rack(config.patient_distance_m, rack) + lights(config.light)


def _rack(x_m: float, rack: Rack) -> str:
    """A bar over the patient's place, with its posts beyond the ends of the mat."""
    steel, span, tall = 'rgba="0.35 0.36 0.38 1"', 1.25, rack.height_m
    parts = [
        f'<geom name="bar" type="capsule" size="0.016" fromto="0 {-span} {tall} 0 {span} {tall}" {steel}/>',
        box("post_left", (0.025, 0.025, tall / 2), (0, span, tall / 2), steel),
        box("post_right", (0.025, 0.025, tall / 2), (0, -span, tall / 2), steel),
    ]
    return f'<body name="rack" pos="{x_m} 0 0" euler="0 0 {rack.yaw_rad:.4f}">{"".join(parts)}</body>'


def lights(light: float) -> str:
    """A lamp and the daylight of a window, by their brightness."""
    lamp, window = (colour_text(np.multiply(colour, light)) for colour in ((0.45, 0.45, 0.43), (0.22, 0.23, 0.25)))
    return f"""
<light name="lamp" type="directional" pos="1 0 2.7" dir="0.35 0.25 -1" diffuse="{lamp}" specular="0.1 0.1 0.1"/>
<light name="window_light" type="directional" pos="2 2.5 2" dir="0.4 -0.8 -0.45" diffuse="{window}" specular="0 0 0"
  castshadow="false"/>"""


def colour_text(rgb: npt.ArrayLike) -> str:
    """Three numbers as MJCF writes them."""
    return " ".join(f"{value:.3f}" for value in np.asarray(rgb, float))
