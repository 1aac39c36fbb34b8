"""What crosses the wire to and between the two safety processes arrives as it was sent, and nonsense is refused."""

from __future__ import annotations

import math
from array import array

import pytest
from builtin_interfaces.msg import Time
from sensor_msgs.msg import LaserScan

from physio_core.errors import InputError
from physio_core.robot.guard import Request
from physio_core.robot.limits import Velocity
from physio_core.types import GuardState, HoldReason
from physio_msgs.msg import GuardStatus
from physio_nodes.convert import guard_from_msg, guard_to_msg, request_from_msg, request_to_msg, scan_from_msg

STAMP = Time(sec=12, nanosec=34)


@pytest.mark.parametrize("reason", HoldReason)
def test_each_reason_of_the_guard_arrives(reason):
    msg = guard_to_msg(GuardState(4.5, reason is HoldReason.NONE, reason), STAMP)
    assert guard_from_msg(msg) == GuardState(4.5, reason is HoldReason.NONE, reason)
    assert msg.header.stamp == STAMP and msg.header.frame_id == "base_link"


def test_a_reason_that_nobody_knows_is_refused_with_the_valid_ones():
    with pytest.raises(InputError, match="'too_hot' is not one of: waiting_for_controller, .*, keep_out, no_scan"):
        guard_from_msg(GuardStatus(reason="too_hot"))


def test_a_request_arrives_with_a_stamp_for_recordings():
    request = Request(7, 4.5, Velocity(0.05, -0.25), held=True)
    msg = request_to_msg(request, STAMP)
    assert request_from_msg(msg) == request
    assert msg.header.stamp == STAMP and msg.header.frame_id == "base_link"


def test_a_scan_keeps_what_each_ray_says():
    rays = array("f", [-math.inf, math.inf, math.nan, 0.0, 2.0])
    scan = scan_from_msg(LaserScan(angle_increment=0.5, range_min=0.25, range_max=3.5, ranges=rays))
    assert scan.near_rad().tolist() == [0.0]
    assert [values.tolist() for values in scan.echoes()] == [[2.0], [2.0]]


def test_a_scan_that_has_no_place_in_space_is_refused():
    with pytest.raises(InputError, match="at least one ray"):
        scan_from_msg(LaserScan(angle_increment=0.5, range_max=3.5))
