"""What crosses the wire between the two safety processes arrives as it was sent, and nonsense is refused."""

from __future__ import annotations

import pytest
from builtin_interfaces.msg import Time

from physio_core.errors import InputError
from physio_core.robot.guard import Request
from physio_core.robot.limits import Velocity
from physio_core.types import GuardState, HoldReason
from physio_msgs.msg import GuardStatus
from physio_nodes.convert import guard_from_msg, guard_to_msg, request_from_msg, request_to_msg

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
