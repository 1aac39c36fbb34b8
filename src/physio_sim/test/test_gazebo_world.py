"""The Gazebo world is well-formed, and valid where a real SDF parser is at hand."""

from __future__ import annotations

import math
import shutil
import subprocess
from pathlib import Path
from xml.etree import ElementTree

import pytest

from physio_core.robot.description import CAMERA_FORWARD_M, CAMERA_FRAME
from physio_core.robot.mount import HFOV_RAD, MountConfig, coverage_at
from physio_sim.params import ClinicConfig
from physio_sim.world import room

WORLD = Path(__file__).parents[1] / "worlds" / "clinic.sdf"


def _pose(element: ElementTree.Element) -> list[float]:
    return [float(number) for number in element.findtext("pose", "").split()]


def test_is_the_same_room_as_in_mujoco() -> None:
    world = ElementTree.parse(WORLD).getroot().find("world")
    assert world is not None and world.get("name") == "clinic"
    walls = {
        element.get("name"): _pose(element)
        for element in world.iterfind("model/link/collision")
        if "wall" in str(element.get("name"))
    }
    assert walls["wall_patient"][0] == pytest.approx(room.WALL_BEHIND_PATIENT_X_M + 0.05)
    assert walls["wall_robot"][0] == pytest.approx(room.WALL_BEHIND_ROBOT_X_M - 0.05)
    assert walls["wall_left"][1] == pytest.approx(room.WALL_SIDE_Y_M + 0.05)


def test_has_a_patient_who_moves_where_the_coach_expects_one() -> None:
    waypoints = ElementTree.parse(WORLD).getroot().findall("world/actor[@name='patient']/script/trajectory/waypoint")
    assert len(waypoints) > 2
    assert all(_pose(element)[0] == pytest.approx(ClinicConfig().patient_distance_m) for element in waypoints)


def test_the_robots_camera_is_where_the_mount_says_and_sees_a_head() -> None:
    robot = ElementTree.parse(WORLD.with_name("coach_robot.sdf")).getroot().find("model")
    assert robot is not None and robot.findtext("include[@merge='true']/uri") == "model://turtlebot3_waffle_pi"
    link = robot.find("link[@name='coach_camera_link']")
    assert link is not None
    mount = MountConfig()
    forward_m, _, height_m, _, pitch, _ = _pose(link)
    assert (forward_m, height_m) == (CAMERA_FORWARD_M, mount.camera_height_m)
    assert pitch == pytest.approx(-math.radians(mount.camera_tilt_deg), abs=1e-5)
    assert link.findtext("sensor/gz_frame_id") == CAMERA_FRAME
    assert float(link.findtext("sensor/camera/horizontal_fov", "")) == HFOV_RAD
    assert coverage_at(mount, ClinicConfig().patient_distance_m - forward_m).high_m > 2.2, "the patient's raised hands"


def test_a_real_parser_finds_it_valid() -> None:
    tool = shutil.which("gz") or shutil.which("ign")
    if tool is None:
        pytest.skip("no SDF parser here; apt-get install ignition-tools libsdformat-dev (Debian), or Gazebo")
    checked = subprocess.run([tool, "sdf", "-k", str(WORLD)], capture_output=True, text=True, timeout=60)
    assert checked.returncode == 0 and "Valid." in checked.stdout, checked.stdout + checked.stderr
