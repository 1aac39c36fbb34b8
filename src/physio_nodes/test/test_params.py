"""Parameters by ROS 2's own services: what may be set while a node runs, what may not, and what the refusal says."""

from __future__ import annotations

import pytest
from rcl_interfaces.srv import GetParameters, SetParameters
from rclpy.parameter import Parameter


@pytest.fixture
def ask(start, listener):
    """Sets one parameter of a running action_node and gives (successful, reason), as `ros2 param set` does."""
    node = start("action_node")
    node.wait_for_line("ready; names")

    def call(kind, name, request):
        client = listener.node.create_client(kind, name)
        listener.wait_for(client.service_is_ready, what=name)
        answer = client.call_async(request)
        listener.wait_for(answer.done, what=f"an answer of {name}")
        return answer.result()

    def put(name, value):
        parameter = Parameter(name, value=value).to_parameter_msg()
        result = call(SetParameters, "/action/set_parameters", SetParameters.Request(parameters=[parameter])).results[0]
        (now,) = call(GetParameters, "/action/get_parameters", GetParameters.Request(names=[name])).values
        return result.successful, result.reason, now

    put.node = node
    return put


def test_live_parameters_are_set_others_and_bad_values_are_refused_with_the_reason(ask):
    done, _, now = ask("name_above", 0.8)
    assert (done, now.double_value) == (True, 0.8)
    ask.node.wait_for_line("set: name_above = 0.8")
    done, reason, now = ask("name_above", 1.5)
    assert (done, now.double_value) == (False, 0.8)
    assert "Min: 0.0, Max: 1.0" in reason
    done, reason, now = ask("name_above", float("nan"))
    assert (done, now.double_value) == (False, 0.8)
    done, reason, now = ask("model", "/other")
    assert (done, now.string_value) == (False, "")
    assert "read-only" in reason
