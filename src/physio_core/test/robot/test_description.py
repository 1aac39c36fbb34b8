"""The robot's frames stand where REP-103 and REP-105 want them, and the camera sees what it must."""

from __future__ import annotations

import argparse
import math
from xml.etree import ElementTree

import numpy as np
import pytest

from physio_core.cli import main
from physio_core.robot.description import CAMERA_FRAME, Transform, fixed_transforms, quaternion, robot_urdf, wheel_transform
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


def test_a_turn_about_each_axis_is_the_quaternion_of_that_axis() -> None:
    half = math.sqrt(0.5)
    assert quaternion(math.pi / 2, 0.0, 0.0) == pytest.approx((half, 0.0, 0.0, half))
    assert quaternion(0.0, math.pi / 2, 0.0) == pytest.approx((0.0, half, 0.0, half))
    assert quaternion(0.0, 0.0, math.pi / 2) == pytest.approx((0.0, 0.0, half, half))


@pytest.mark.parametrize(("roll", "pitch", "yaw"), [(0.3, -0.7, 1.1), (-1.2, 0.4, -2.0), (2.5, 1.0, 0.2)])
def test_turns_go_round_the_parents_axes_one_after_the_other(roll: float, pitch: float, yaw: float) -> None:
    (sr, cr), (sp, cp), (sy, cy) = ((math.sin(angle), math.cos(angle)) for angle in (roll, pitch, yaw))
    about_x = np.array([[1, 0, 0], [0, cr, -sr], [0, sr, cr]])
    about_y = np.array([[cp, 0, sp], [0, 1, 0], [-sp, 0, cp]])
    about_z = np.array([[cy, -sy, 0], [sy, cy, 0], [0, 0, 1]])
    turn = matrix(Transform("a", "b", (0.0, 0.0, 0.0), quaternion(roll, pitch, yaw)))[:3, :3]
    assert turn == pytest.approx(about_z @ about_y @ about_x)


def test_the_document_says_which_joints_turn_and_about_which_axle() -> None:
    robot = ElementTree.fromstring(robot_urdf(MOUNT))
    turning = {str(joint.get("name")): joint for joint in robot.iter("joint") if joint.get("type") != "fixed"}
    assert set(turning) == {"wheel_left_joint", "wheel_right_joint"}
    for name, side in (("wheel_left_joint", 1), ("wheel_right_joint", -1)):
        axis, origin = turning[name].find("axis"), turning[name].find("origin")
        assert axis is not None and axis.get("xyz") == "0 1 0" and turning[name].get("type") == "continuous"
        assert origin is not None
        assert [float(word) for word in origin.get("xyz", "").split()] == pytest.approx([0.0, side * 0.1435, 0.023])


def test_every_shape_has_a_size_above_nothing_and_a_material_that_there_is() -> None:
    robot = ElementTree.fromstring(robot_urdf(MOUNT))
    materials = {one.get("name") for one in robot.findall("material")}
    visuals = list(robot.iter("visual"))
    assert len(visuals) == 10
    for visual in visuals:
        shape = visual.find("geometry")[0]
        sizes = [float(word) for word in (shape.get("size") or f"{shape.get('radius')} {shape.get('length')}").split()]
        assert min(sizes) > 0.0 and len(sizes) == (3 if shape.tag == "box" else 2)
        assert visual.find("material").get("name") in materials


def test_the_mast_reaches_from_the_upper_plate_to_the_camera() -> None:
    robot = ElementTree.fromstring(robot_urdf(MountConfig(camera_height_m=0.5)))
    posts = next(link for link in robot.iter("link") if link.get("name") == "coach_mast").findall("visual")
    assert len(posts) == 2
    for post in posts:
        size = [float(word) for word in post.find("geometry")[0].get("size").split()]
        middle = [float(word) for word in post.find("origin").get("xyz").split()]
        assert size[2] == pytest.approx(0.5 - 0.01 - 0.1) and middle[2] == pytest.approx(size[2] / 2)
    assert {float(post.find("origin").get("xyz").split()[1]) for post in posts} == {0.06, -0.06}


def test_a_camera_that_looks_straight_ahead_sees_as_far_up_as_down_and_wider_than_high() -> None:
    seen = coverage_at(MountConfig(camera_height_m=0.5, camera_tilt_deg=0.0), 2.0, math.pi / 2, 2.0)
    assert (seen.low_m, seen.high_m, seen.width_m) == (pytest.approx(-0.5), pytest.approx(1.5), pytest.approx(4.0))


def test_a_camera_that_looks_up_sees_a_wider_plane_farther_away() -> None:
    level, up = (coverage_at(MountConfig(camera_height_m=0.5, camera_tilt_deg=tilt), 2.0).width_m for tilt in (0.0, 30.0))
    assert up == pytest.approx(level / math.cos(math.radians(30.0)))


def test_the_command_prints_what_is_seen_and_nothing_below_the_floor(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["mount", "--height", "0.26", "--tilt", "14"]) == 0
    out = capsys.readouterr().out
    rows = [[cell.strip() for cell in line.strip("│").split("│")] for line in out.splitlines() if line.startswith("│")]
    assert [row[0] for row in rows] == ["1.5", "2.0", "2.6", "3.1", "4.0"]
    assert rows[3] == ["3.1", "0.00", "2.71", "3.85"] and "-" not in "".join(map("".join, rows))
    assert main(["mount", "--height", "9"]) == 2
    assert "0.2 .. 1.5 m" in capsys.readouterr().err
