"""Parameters by ROS 2's own services: what may be set while a node runs, what may not, and what the refusal says."""

from __future__ import annotations

import pytest
from rcl_interfaces.srv import GetParameters, SetParameters
from rclpy.parameter import Parameter
from std_msgs.msg import String

from physio_nodes.qos import LATCHED


@pytest.fixture
def ask(listener):
    """Sets one parameter of a running node and gives (successful, reason, value now), as `ros2 param set` does."""

    def call(kind, name, request):
        client = listener.node.create_client(kind, name)
        listener.wait_for(client.service_is_ready, what=name)
        answer = client.call_async(request)
        listener.wait_for(answer.done, what=f"an answer of {name}")
        return answer.result()

    def put(node, name, value):
        parameter = Parameter(name, value=value).to_parameter_msg()
        result = call(SetParameters, f"/{node}/set_parameters", SetParameters.Request(parameters=[parameter])).results[0]
        (now,) = call(GetParameters, f"/{node}/get_parameters", GetParameters.Request(names=[name])).values
        return result.successful, result.reason, now

    return put


def test_live_parameters_are_set_others_and_bad_values_are_refused_with_the_reason(start, ask):
    node = start("action_node")
    done, _, now = ask("action", "name_above", 0.8)
    assert (done, now.double_value) == (True, 0.8)
    node.wait_for_line("set: name_above = 0.8")
    done, reason, now = ask("action", "name_above", 1.5)
    assert (done, now.double_value) == (False, 0.8)
    assert "Min: 0.0, Max: 1.0" in reason
    done, reason, now = ask("action", "name_above", float("nan"))
    assert (done, now.double_value) == (False, 0.8)
    done, reason, now = ask("action", "model", "/other")
    assert (done, now.string_value) == (False, "")
    assert "read-only" in reason


def test_the_picture_and_the_language_of_the_screen_change_while_it_runs(start, listener, ask):
    start("screen_node", environment={"SDL_VIDEODRIVER": "dummy"})
    assert ask("screen", "picture", "mirror")[0]
    listener.wait_for(lambda: listener.node.count_subscribers("camera/image_raw") == 1, what="a reader of the camera")
    assert ask("screen", "picture", "skeleton")[0]
    listener.wait_for(lambda: listener.node.count_subscribers("camera/image_raw") == 0, what="nobody who reads the camera")
    done, reason, now = ask("screen", "picture", "hologram")
    assert (done, now.string_value) == (False, "skeleton")
    assert "skeleton, mirror" in reason
    assert ask("screen", "language", "de")[0]
    done, reason, now = ask("screen", "language", "xx")
    assert (done, now.string_value) == (False, "de")
    assert "no wording in language 'xx'" in reason


def test_the_coach_speaks_another_language_when_told_to(start, listener, ask):
    start("coach_node", parameters={"mode": "request"})
    said = listener.collect(String, "display_message", LATCHED)
    listener.wait_for(lambda: said, what="a sentence")
    before = said[-1].data
    assert ask("coach", "language", "de")[0]
    listener.wait_for(lambda: said[-1].data != before, what="the same in German")
    assert not ask("coach", "mode", "list")[0]


def test_a_setting_that_a_node_does_not_have_is_told_at_its_start(start):
    node = start("action_node", parameters={"name_abov": 0.8})
    node.wait_for_line("no setting of action, so without effect: name_abov; see docs/parameters.md")
