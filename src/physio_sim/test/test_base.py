"""The simulated robot drives through its wheels, keeps its last command, and sees the walls."""

from __future__ import annotations

import math

import mujoco
import numpy as np
import pytest

from physio_sim.params import ClinicConfig
from physio_sim.world import room, turtlebot
from physio_sim.world.base import Base, Lidar
from physio_sim.world.scene import TIMESTEP_S, Appearance, build


class Robot:
    """A robot in the clinic, and where it really is."""

    def __init__(self) -> None:
        config = ClinicConfig()
        self.model = build(config, Appearance.random(config.seed), room.Rack(2.2))
        self.data = mujoco.MjData(self.model)
        self.base, self.lidar = Base(self.model, self.data), Lidar(self.model, self.data)
        self.run(0.2)

    def run(self, duration_s: float) -> None:
        for _ in range(round(duration_s / TIMESTEP_S / 5)):
            mujoco.mj_step(self.model, self.data, 5)
            self.base.update_odometry()

    @property
    def place(self) -> np.ndarray:
        return np.array(self.data.qpos[:2])

    @property
    def heading(self) -> float:
        w, _, _, z = self.data.qpos[3:7]
        return 2 * math.atan2(z, w)


@pytest.fixture
def robot() -> Robot:
    return Robot()


def test_weighs_and_measures_what_the_real_one_does(robot: Robot) -> None:
    assert robot.model.body_subtreemass[robot.model.body("base_footprint").id] == pytest.approx(1.8, abs=0.05)
    left, right = (robot.data.body(f"wheel_{side}_link").xpos for side in ("left", "right"))
    assert np.linalg.norm(left - right) == pytest.approx(0.287, abs=1e-6)


@pytest.mark.parametrize("speed_m_s", [0.26, 0.05, -0.15])
def test_drives_straight_at_the_commanded_speed(robot: Robot, speed_m_s: float) -> None:
    robot.base.command(speed_m_s, 0.0)
    robot.run(0.3)
    start = robot.place
    robot.run(2.0)
    assert robot.place - start == pytest.approx([2.0 * speed_m_s, 0.0], abs=0.02 * abs(2.0 * speed_m_s))
    assert abs(robot.heading) < 0.005


@pytest.mark.parametrize("speed_rad_s", [0.5, -1.8])
def test_turns_on_the_spot_at_the_commanded_speed(robot: Robot, speed_rad_s: float) -> None:
    robot.base.command(0.0, speed_rad_s)
    robot.run(0.3)
    start = robot.heading
    robot.run(1.0)
    assert robot.heading - start == pytest.approx(speed_rad_s, rel=0.03)
    assert np.linalg.norm(robot.place) < 0.01


def test_keeps_the_last_command_for_ever(robot: Robot) -> None:
    robot.base.command(0.1, 0.0)
    robot.run(8.0)
    assert robot.base.odometry.linear_m_s == pytest.approx(0.1, abs=0.005)


def test_stops_when_told(robot: Robot) -> None:
    robot.base.command(0.26, 0.0)
    robot.run(1.0)
    robot.base.command(0.0, 0.0)
    robot.run(0.2)
    start = robot.place
    robot.run(1.0)
    assert np.linalg.norm(robot.place - start) < 0.001


def test_cuts_commands_to_the_real_limits(robot: Robot) -> None:
    robot.base.command(5.0, 0.0)
    robot.run(1.0)
    assert robot.base.odometry.linear_m_s == pytest.approx(0.26, abs=0.01)
    robot.base.command(0.0, -50.0)
    robot.run(1.0)
    assert robot.base.odometry.angular_rad_s == pytest.approx(-1.82, abs=0.05)


@pytest.mark.parametrize("bad", [math.nan, math.inf])
def test_a_command_that_is_no_number_changes_nothing(robot: Robot, bad: float) -> None:
    robot.base.command(0.1, 0.0)
    robot.base.command(bad, 0.0)
    robot.base.command(0.0, bad)
    robot.run(1.0)
    assert robot.base.odometry.linear_m_s == pytest.approx(0.1, abs=0.005)
    assert robot.base.rejected == 2


def test_odometry_follows_the_true_way(robot: Robot) -> None:
    robot.base.command(0.2, 0.5)
    robot.run(3.0)
    believed = robot.base.odometry
    assert [believed.x_m, believed.y_m] == pytest.approx(list(robot.place), abs=0.02)
    assert believed.heading_rad == pytest.approx(robot.heading, abs=0.03)


def test_pushing_against_a_wall_turns_the_wheels_but_not_the_room(robot: Robot) -> None:
    robot.base.command(-0.26, 0.0)
    robot.run(12.0)
    assert robot.place[0] == pytest.approx(room.WALL_BEHIND_ROBOT_X_M + 0.2, abs=0.05)


def test_lidar_measures_the_walls(robot: Robot) -> None:
    mujoco.mj_forward(robot.model, robot.data)
    ranges = robot.lidar.scan()
    assert ranges.shape == (360,)
    assert ranges[180] == pytest.approx(-0.064 - room.WALL_BEHIND_ROBOT_X_M, abs=0.01)
    assert ranges[90] == pytest.approx(room.WALL_SIDE_Y_M, abs=0.01)
    assert ranges[0] == np.inf  # the wall behind the patient is out of reach


def test_lidar_turns_with_the_robot(robot: Robot) -> None:
    robot.data.qpos[3:7] = [math.sqrt(0.5), 0, 0, math.sqrt(0.5)]  # faces left
    mujoco.mj_forward(robot.model, robot.data)
    ranges = robot.lidar.scan()
    assert ranges[0] == pytest.approx(room.WALL_SIDE_Y_M + 0.064, abs=0.01)
    assert ranges[90] == pytest.approx(-room.WALL_BEHIND_ROBOT_X_M, abs=0.01)


def test_the_camera_sees_as_wide_as_the_real_one() -> None:
    config = ClinicConfig()
    half_width = math.atan(config.width_px / 2 / turtlebot.focal_length_px(config))
    assert 2 * half_width == pytest.approx(1.0856)
    assert turtlebot.vertical_fov_deg(config) == pytest.approx(48.7, abs=0.1)
