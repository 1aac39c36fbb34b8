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


@pytest.mark.parametrize(("way_m", "forbidden"), [(0.299, True), (0.301, False)])
def test_ahead_the_way_must_be_as_free_as_is_set(way_m, forbidden):
    ahead = seeing((0, way_m + 0.064 + 0.07))
    assert (ahead.stop_reason(FORWARD, 10.1) == "keep_out") is forbidden
    behind = seeing((180, way_m - 0.064 + 0.20))
    assert (behind.stop_reason(BACKWARD, 10.1) == "keep_out") is forbidden


@pytest.mark.parametrize(("aside_m", "forbidden"), [(0.159, True), (0.161, False)])
def test_the_corridor_is_as_wide_as_the_robot(aside_m, forbidden):
    for side in (aside_m, -aside_m):
        ray = (round(math.degrees(math.atan2(side, 0.3))), math.hypot(side, 0.3))
        exact = Scan(np.array([ray[1]], np.float32), math.atan2(side, 0.3), 0.1, 0.12, 3.5)
        zone = StopZone(CONFIG)
        zone.update(exact, 10.0)
        assert (zone.stop_reason(FORWARD, 10.1) == "keep_out") is forbidden


def test_turning_needs_room_round_the_circle_of_the_corners():
    corner_m = math.hypot(0.20, 0.16)
    assert seeing((90, 1.0)).turn_clearance_m() == pytest.approx(math.hypot(1.0, 0.064) - corner_m, abs=1e-6)
    assert StopZone(CONFIG).turn_clearance_m() == math.inf
    for room_m, forbidden in ((0.049, True), (0.051, False)):
        aside_m = math.sqrt((corner_m + room_m) ** 2 - 0.064**2)
        assert (seeing((90, aside_m)).stop_reason(LEFT, 10.1) == "keep_out") is forbidden


def test_a_free_way_is_infinite():
    assert (seeing().clearance_m(1.0), StopZone(CONFIG).clearance_m(-1.0)) == (math.inf, math.inf)


@pytest.mark.parametrize(("age_s", "fresh"), [(0.5, True), (0.501, False)])
def test_a_scan_counts_as_long_as_is_set(age_s, fresh):
    assert seeing().blind(10.0 + age_s) is not fresh


def test_without_the_need_of_a_scan_an_old_obstacle_forbids_nothing():
    zone = StopZone(StopZoneConfig(require_scan=False))
    zone.update(scan([(0, 0.4)]), 10.0)
    assert zone.stop_reason(FORWARD, 10.1) == "keep_out"
    assert zone.stop_reason(FORWARD, 11.0) == ""
    assert not zone.blind(11.0)


def test_a_blind_scan_does_not_take_the_place_of_the_one_before():
    zone = seeing((0, 0.4))
    zone.update(scan(free=math.nan), 10.2)
    assert zone.stop_reason(FORWARD, 10.3) == "keep_out"
    assert zone.stop_reason(FORWARD, 10.6) == "no_scan"


def test_rays_begin_at_their_first_angle_and_go_on_by_their_step():
    turned = Scan(np.array([1.0, np.inf, 2.0, -np.inf], np.float32), 0.5, 0.25, 0.12, 3.5)
    assert [values.tolist() for values in turned.echoes()] == [[1.0, 2.0], [0.5, 1.0]]
    assert turned.near_rad().tolist() == [1.25]


@pytest.mark.parametrize(
    ("metres", "echo", "near"), [(0.12, True, False), (0.119, False, True), (1e-9, False, True), (0.0, False, False)]
)
def test_from_the_least_range_on_an_echo_is_measured_and_below_it_is_something_near(metres, echo, near):
    one = Scan(np.array([metres], np.float64), 0.0, 0.1, 0.12, 3.5)
    assert (len(one.echoes()[0]) == 1, len(one.near_rad()) == 1) == (echo, near)


def test_what_is_too_near_touches_the_outline_where_its_ray_leaves_it():
    blocked = seeing((0, -math.inf), range_min_m=0.2)
    assert blocked.clearance_m(1.0) == pytest.approx(0.001, abs=1e-6)
    sideways = seeing((90, -math.inf), range_min_m=0.2)
    assert sideways.turn_clearance_m() == pytest.approx(math.hypot(0.064, 0.161) - math.hypot(0.20, 0.16), abs=1e-6)


@pytest.mark.parametrize("place_m", [0.07, -0.20])
def test_a_scanner_at_the_very_end_of_the_outline_is_inside_it(place_m):
    assert StopZoneConfig(lidar_x_m=place_m).lidar_x_m == place_m


@pytest.mark.parametrize("settings", [{"keep_out_m": 0.0}, {"scan_timeout_s": 9.0}, {"half_width_m": math.nan}])
def test_settings_outside_their_range_are_refused(settings):
    with pytest.raises(ConfigError, match=next(iter(settings))):
        StopZoneConfig(**settings)


@pytest.mark.parametrize(("degrees", "forbidden"), [(270, ["keep_out", "", ""]), (90, ["", "keep_out", ""]), (0, ["", "", ""])])
def test_a_scanner_turned_to_the_left_by_a_quarter_sees_ahead_at_its_right(degrees, forbidden):
    assert stop_reasons(seeing((degrees, 0.40), config=StopZoneConfig(lidar_yaw_rad=math.pi / 2))) == forbidden


@pytest.mark.parametrize(("degrees", "way_m"), [(270, 0.001), (90, math.inf)])
def test_what_is_too_near_to_a_turned_scanner_touches_the_outline_on_the_side_where_it_is(degrees, way_m):
    turned = StopZoneConfig(lidar_yaw_rad=math.pi / 2)
    assert seeing((degrees, -math.inf), config=turned, range_min_m=0.2).clearance_m(1.0) == pytest.approx(way_m, abs=1e-6)
