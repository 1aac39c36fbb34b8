"""The stop zone: no motion towards what is near, motion away from it, none without a scan."""

from __future__ import annotations

import math

import numpy as np
import pytest

from physio_core.errors import ConfigError, InputError
from physio_core.robot.limits import STOP, Velocity
from physio_core.robot.stop_zone import Scan, StopZone, StopZoneConfig

CONFIG = StopZoneConfig()
FORWARD, BACKWARD, LEFT = Velocity(0.05), Velocity(-0.05), Velocity(0.0, 0.3)
STEP_RAD = math.radians(1.0)


def scan(echoes=(), free=math.inf, range_min_m=0.12, range_max_m=3.5):
    """360 rays; ``echoes`` as (degrees, metres)."""
    ranges = np.full(360, free, np.float32)
    for degrees, metres in echoes:
        ranges[degrees % 360] = metres
    return Scan(ranges, 0.0, STEP_RAD, range_min_m, range_max_m)


def seeing(*echoes, config=CONFIG, **bounds):
    stop_zone = StopZone(config)
    stop_zone.update(scan(echoes, **bounds), 10.0)
    return stop_zone


def stop_reasons(stop_zone, now_s=10.1):
    return [stop_zone.stop_reason(velocity, now_s) for velocity in (FORWARD, BACKWARD, LEFT)]


def test_an_obstacle_ahead_forbids_forward_only():
    assert stop_reasons(seeing((0, 0.40))) == ["keep_out", "", ""]


def test_an_obstacle_behind_forbids_backward_only():
    assert stop_reasons(seeing((180, 0.40))) == ["", "keep_out", ""]


def test_an_obstacle_beside_the_way_forbids_nothing():
    assert stop_reasons(seeing((60, 0.50), (90, 0.60))) == ["", "", ""]


def test_an_obstacle_at_a_corner_forbids_turning():
    assert stop_reasons(seeing((90, 0.20)))[2] == "keep_out"


def test_distance_counts_from_the_outline():
    assert seeing((0, 1.0)).clearance_m(1.0) == pytest.approx(1.0 - 0.064 - 0.07)
    assert seeing((180, 1.0)).clearance_m(-1.0) == pytest.approx(1.0 + 0.064 - 0.20)


@pytest.mark.parametrize("nothing", [math.nan, math.inf, 0.0, -1.0, 9.0])
def test_what_is_no_echo_is_no_obstacle(nothing):
    assert seeing((0, nothing), (180, 2.0)).stop_reason(FORWARD, 10.1) == ""


@pytest.mark.parametrize("near", [-math.inf, 0.05, 0.159])
@pytest.mark.parametrize(("degrees", "forbidden"), [(0, ["keep_out", "", "keep_out"]), (180, ["", "keep_out", "keep_out"])])
def test_what_is_too_near_to_be_measured_is_an_obstacle(near, degrees, forbidden):
    """The data sheet of LDS-02 says 0.16 m; the outline ends 0.134 m ahead of the scanner, 0.136 m behind it."""
    assert stop_reasons(seeing((degrees, near), (90, 2.0), range_min_m=0.16)) == forbidden


def test_what_is_too_near_at_the_side_forbids_turning_only():
    assert stop_reasons(seeing((90, -math.inf), range_min_m=0.2)) == ["", "", "keep_out"]


def test_a_scanner_that_sees_only_what_is_too_near_is_not_blind():
    assert stop_reasons(seeing(free=-math.inf, range_min_m=0.2)) == ["keep_out"] * 3


@pytest.mark.parametrize("own", [0.13, -math.inf, 0.05])
@pytest.mark.parametrize("degrees", [0, 30, 180])
def test_the_robots_own_body_inside_its_outline_forbids_nothing(own, degrees):
    assert stop_reasons(seeing((degrees, own))) == ["", "", ""]


def test_an_echo_from_beyond_the_stated_range_is_an_obstacle_nonetheless():
    assert stop_reasons(seeing((0, 0.40), range_max_m=0.0))[0] == "keep_out"
    assert stop_reasons(seeing(free=0.40, range_max_m=0.0)) == ["no_scan"] * 3


def test_a_turned_scanner_knows_its_outline():
    turned = StopZoneConfig(lidar_yaw_rad=math.pi)
    assert stop_reasons(seeing((180, -math.inf), config=turned, range_min_m=0.135)) == ["keep_out", "", "keep_out"]
    assert stop_reasons(seeing((0, -math.inf), config=turned, range_min_m=0.135)) == ["", "", ""]


def test_a_turned_scanner_sees_the_same_obstacle():
    turned = StopZoneConfig(lidar_yaw_rad=math.pi)
    assert stop_reasons(seeing((180, 0.40), config=turned)) == ["keep_out", "", ""]


@pytest.mark.parametrize("place_m", [0.08, -0.21])
def test_a_scanner_outside_the_outline_is_refused(place_m):
    with pytest.raises(ConfigError, match="the outline must hold all of the robot: set front_m and rear_m"):
        StopZoneConfig(lidar_x_m=place_m)


@pytest.mark.parametrize("dead", [math.nan, 0.0, -1.0])
def test_a_scan_that_says_nothing_is_none(dead):
    assert stop_reasons(seeing(free=dead)) == ["no_scan"] * 3


def test_free_space_all_around_is_a_scan():
    assert stop_reasons(seeing()) == ["", "", ""]


def test_no_scan_and_an_old_scan_forbid_all_motion():
    assert stop_reasons(StopZone(CONFIG)) == ["no_scan"] * 3
    assert stop_reasons(seeing(), now_s=10.6) == ["no_scan"] * 3


def test_rest_is_always_allowed():
    assert StopZone(CONFIG).stop_reason(STOP, 10.0) == ""


def test_a_robot_without_scanner_may_move_when_told_so():
    assert stop_reasons(StopZone(StopZoneConfig(require_scan=False))) == ["", "", ""]


@pytest.mark.parametrize(
    "arguments",
    [
        (np.zeros(0), 0.0, 0.1, 0.1, 3.5),
        (np.zeros((2, 2)), 0.0, 0.1, 0.1, 3.5),
        (np.ones(4), math.nan, 0.1, 0.1, 3.5),
        (np.ones(4), 0.0, 0.0, 0.1, 3.5),
        (np.ones(4), 0.0, 0.1, 0.1, math.inf),
    ],
)
def test_a_scan_that_has_no_place_in_space_is_refused(arguments):
    with pytest.raises(InputError, match="scan"):
        Scan(*arguments)
