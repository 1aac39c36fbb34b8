"""The robot's frames stand where REP-103 and REP-105 want them, and the camera sees what it must."""

from __future__ import annotations

import argparse
import math
from xml.etree import ElementTree

import numpy as np
import pytest

from physio_core.robot.description import CAMERA_FRAME, Transform, fixed_transforms, robot_urdf, wheel_transform
from physio_core.robot.mount import MountConfig, coverage_at, run
from physio_core.types import FloatArray

MOUNT = MountConfig(camera_height_m=0.3, camera_tilt_deg=20.0)


def matrix(transform: Transform) -> FloatArray:
    """(4, 4), from the child's coordinates to its parent's."""
    x, y, z, w = transform.turn
    made = np.eye(4)
    made[:3, :3] = [
        [1 - 2 * (y * y + z * z), 2 * (x * y - z * w), 2 * (x * z + y * w)],
        [2 * (x * y + z * w), 1 - 2 * (x * x + z * z), 2 * (y * z - x * w)],
        [2 * (x * z - y * w), 2 * (y * z + x * w), 1 - 2 * (x * x + y * y)],
    ]
    made[:3, 3] = transform.place_m
    return made


def test_the_lens_looks_forward_and_up_from_its_height_above_the_floor() -> None:
    by_child = {transform.child: transform for transform in fixed_transforms(robot_urdf(MOUNT))}
    to_floor, frame = np.eye(4), CAMERA_FRAME
    while frame != "base_footprint":
        to_floor, frame = matrix(by_child[frame]) @ to_floor, by_child[frame].parent
    right, down, ahead, place = to_floor[:3].T
    tilt = math.radians(20.0)
    assert place == pytest.approx([0.06, 0.0, 0.3], abs=1e-4)
    assert ahead == pytest.approx([math.cos(tilt), 0.0, math.sin(tilt)], abs=1e-5)
    assert right == pytest.approx([0.0, -1.0, 0.0], abs=1e-5)
    assert down == pytest.approx([math.sin(tilt), 0.0, -math.cos(tilt)], abs=1e-5)


def test_every_link_hangs_on_one_parent_and_the_root_is_base_footprint() -> None:
    robot = ElementTree.fromstring(robot_urdf(MOUNT))
    links = [str(link.get("name")) for link in robot.iter("link")]
    children = [str(child.get("link")) for child in robot.iter("child")]
    assert sorted(children) == sorted(set(links) - {"base_footprint"})
    assert {parent.get("link") for parent in robot.iter("parent")} <= set(links)


def test_a_wheel_rolls_forward_about_its_axle() -> None:
    top_goes_forward = matrix(wheel_transform("wheel_left_joint", math.pi / 2)) @ [0.0, 0.0, 0.033, 1.0]
    assert top_goes_forward == pytest.approx([0.033, 0.1435, 0.023, 1.0], abs=1e-6)
    assert wheel_transform("wheel_right_joint", 0.0).place_m[1] == pytest.approx(-0.1435)


@pytest.mark.parametrize(
    ("height_m", "tilt_deg", "low_m", "high_m"),
    [(0.26, 14.0, -0.29, 2.65), (0.10, 0.0, -1.27, 1.47)],
    ids=["on the coach's mast", "where the waffle_pi has its own: no head"],
)
def test_what_the_camera_sees_three_metres_away(height_m: float, tilt_deg: float, low_m: float, high_m: float) -> None:
    seen = coverage_at(MountConfig(camera_height_m=0.26, camera_tilt_deg=tilt_deg), 3.02)
    lower_by = 0.26 - height_m
    assert (seen.low_m - lower_by, seen.high_m - lower_by) == (pytest.approx(low_m, abs=0.01), pytest.approx(high_m, abs=0.01))


def test_the_table_of_what_the_camera_sees_has_units(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(argparse.Namespace(height=0.26, tilt=14.0)) == 0
    assert "patient at [m]" in capsys.readouterr().out
