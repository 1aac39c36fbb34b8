"""Where the coach's camera sits on the robot, and what it sees from there.

A camera as low as TurtleBot's own, looking straight ahead, cuts off the head of a person three metres away, and the
coach would ask for one step back after another. `physio mount` prints what a height and a tilt show.
"""

from __future__ import annotations

import argparse
import math
from dataclasses import dataclass
from typing import Any

from rich.console import Console
from rich.table import Table

from physio_core.params import info_of, param
from physio_core.trajectories.sight import TiltConfig
from physio_core.whole_table import print_whole

DISTANCES_M = (1.5, 2.0, 2.6, 3.1, 4.0)
HFOV_RAD = 1.0856
"""Horizontal angle of view of an ordinary web camera [rad]; 62 degrees."""


@dataclass(frozen=True)
class MountConfig(TiltConfig):
    """The camera's place on the robot."""

    camera_height_m: float = param(0.26, "Height of the camera above the floor.", unit="m", low=0.2, high=1.5)


@dataclass(frozen=True)
class Coverage:
    """The part of an upright plane that is in the image: lowest and highest point and width [m]; below 0 is the floor."""

    low_m: float
    high_m: float
    width_m: float


def coverage_at(mount: MountConfig, distance_m: float, hfov_rad: float = HFOV_RAD, aspect: float = 4 / 3) -> Coverage:
    """What the middle column of the image shows at a distance.

    Args:
        mount: where the camera is.
        distance_m: along the floor, from the lens.
        hfov_rad: horizontal angle of view.
        aspect: width of the image over its height.
    """
    half, tilt = math.atan(math.tan(hfov_rad / 2) / aspect), math.radians(mount.camera_tilt_deg)
    low, high = (mount.camera_height_m + distance_m * math.tan(tilt + side) for side in (-half, half))
    return Coverage(low, high, 2 * distance_m / math.cos(tilt) * math.tan(hfov_rad / 2))


def add_commands(subparsers: Any, name: str) -> None:
    """Add `physio mount`."""
    parser = subparsers.add_parser(name, help="what a camera sees from its place on the robot", description=__doc__)
    for option, field in (("--height", "camera_height_m"), ("--tilt", "camera_tilt_deg")):
        info = info_of(MountConfig, field)
        default = getattr(MountConfig(), field)
        parser.add_argument(option, type=float, default=default, help=f"{info.description} [{info.unit}] (default: {default:g})")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Print the table.

    Raises:
        ConfigError: a height or tilt outside its range.
    """
    mount = MountConfig(camera_height_m=options.height, camera_tilt_deg=options.tilt)
    table = Table(title=f"camera {mount.camera_height_m:g} m above the floor, {mount.camera_tilt_deg:g} degrees up, 640x480")
    for column in (r"patient at \[m]", r"sees from \[m]", r"to \[m]", r"width \[m]"):
        table.add_column(column, justify="right")
    for distance_m in DISTANCES_M:
        seen = coverage_at(mount, distance_m)
        table.add_row(f"{distance_m:.1f}", f"{max(seen.low_m, 0):.2f}", f"{max(seen.high_m, 0):.2f}", f"{seen.width_m:.2f}")
    print_whole(Console(), table)
    return 0
