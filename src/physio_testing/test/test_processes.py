"""The helpers that every node test stands on."""

from __future__ import annotations

import pytest
from std_msgs.msg import String

from physio_nodes.qos import LATCHED
from physio_testing.processes import NodeProcess
from physio_tools.listener import Listener


def test_a_listener_hears_another(listener):
    with Listener("other") as other:
        heard = listener.collect(String, "talk", LATCHED)
        other.publisher(String, "talk", LATCHED).publish(String(data="hello"))
        listener.wait_for(lambda: heard, what="a word")
    assert heard[0].data == "hello"


def test_waiting_in_vain_says_for_what(listener):
    with pytest.raises(TimeoutError, match=r"in vain for the moon"):
        listener.wait_for(lambda: False, timeout_s=0.1, what="the moon")


def test_a_process_that_ends_without_the_line_fails_at_once_and_shows_its_output():
    with NodeProcess("no_such_node") as node, pytest.raises(AssertionError, match="No module named"):
        node.wait_for_line("ready")


def test_int_in_a_float_field_is_refused(start):
    from geometry_msgs.msg import Vector3

    with pytest.raises(AssertionError):
        Vector3(x=1)
