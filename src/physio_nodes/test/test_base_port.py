"""The way to the base: the type that it understands, its last words, who else speaks there, and frames as tf2 has them."""

from __future__ import annotations

import os
import signal
import subprocess
import sys

import pytest
import rclpy
from builtin_interfaces.msg import Time
from geometry_msgs.msg import Twist, TwistStamped
from rclpy.context import Context
from rclpy.node import Node
from std_msgs.msg import String
from tf2_msgs.msg import TFMessage

from physio_core.errors import ConfigError
from physio_core.robot.description import Transform
from physio_core.robot.limits import Velocity
from physio_nodes import isolation, transforms
from physio_nodes.base_port import BasePort
from physio_nodes.qos import LATCHED, RELIABLE
from physio_nodes.sim_time import refuse_sim_time, uses_sim_time
from physio_nodes.transforms import TF, Transforms, describe

TURNED = Transform("base_link", "coach_mast", (0.03, 0.0, 0.1), (0.0, 0.0, 1.0, 0.0))


@pytest.fixture
def guard(ros_domain):
    """A node that sends to a base."""
    context = Context()
    rclpy.init(context=context, args=[])
    node = Node("stop_guard", context=context)
    yield node
    node.destroy_node()
    rclpy.try_shutdown(context=context)


@pytest.mark.parametrize(("stamped", "kind"), [(True, TwistStamped), (False, Twist)])
def test_a_speed_is_sent_in_the_type_that_the_base_listens_for(guard, listener, stamped, kind):
    port = BasePort(guard, stamped)
    heard = listener.collect(kind, "cmd_vel", RELIABLE)
    listener.wait_for(lambda: listener.node.count_publishers("cmd_vel"), what="cmd_vel")
    listener.wait_for(lambda: guard.count_subscribers("cmd_vel"), what="a base")
    port.send(Velocity(0.05, -0.25))
    listener.wait_for(lambda: heard, what="a speed")
    twist = heard[0].twist if stamped else heard[0]
    assert (twist.linear.x, twist.angular.z) == (0.05, -0.25)
    assert (twist.linear.y, twist.linear.z, twist.angular.x, twist.angular.y) == (0.0, 0.0, 0.0, 0.0)
    if stamped:
        assert heard[0].header.frame_id == "base_link" and heard[0].header.stamp.sec > 0


def test_the_last_words_are_zeros_that_arrive(guard, listener):
    port = BasePort(guard, stamped=False)
    heard = listener.collect(Twist, "cmd_vel", RELIABLE)
    listener.wait_for(lambda: guard.count_subscribers("cmd_vel"), what="a base")
    port.send(Velocity(0.05))
    port.close(times=3)
    listener.wait_for(lambda: len(heard) == 4, what="three zeros")
    assert [msg.linear.x for msg in heard] == [0.05, 0.0, 0.0, 0.0]


@pytest.mark.parametrize("stamped", [True, False])
def test_a_base_of_the_other_type_is_named_with_the_setting_that_helps(guard, listener, stamped):
    port = BasePort(guard, stamped)
    assert port.mismatch() == ""
    listener.collect(Twist if stamped else TwistStamped, "cmd_vel", RELIABLE)
    listener.wait_for(lambda: "listener" in port.mismatch(), what="the other type")
    kinds = ("Twist", "TwistStamped") if stamped else ("TwistStamped", "Twist")
    assert port.mismatch() == (
        f"listener uses /cmd_vel as geometry_msgs/msg/{kinds[0]}, we send geometry_msgs/msg/{kinds[1]}: "
        f"set stamped_cmd_vel:={'false' if stamped else 'true'}"
    )


def test_who_else_drives_the_base_is_named_but_for_ourselves_and_who_may(guard, listener):
    port = BasePort(guard, stamped=False)
    assert port.others([]) == ()
    listener.node.create_publisher(Twist, "cmd_vel", RELIABLE)
    listener.wait_for(lambda: "listener" in port.others([]), what="the other one")
    assert (port.others([]), port.others(["listener"])) == (("listener",), ())


def test_frames_are_sent_as_tf2_has_them_fixed_ones_also_to_who_comes_late(guard, listener):
    made = Transforms(guard)
    made.fix([TURNED])
    moving = listener.collect(TFMessage, "tf", TF)
    fixed = listener.collect(TFMessage, "tf_static", LATCHED)
    listener.wait_for(lambda: fixed and guard.count_subscribers("tf"), what="the fixed frames")
    made.send([TURNED, TURNED], Time(sec=7))
    listener.wait_for(lambda: moving, what="frames that move")
    assert len(moving[0].transforms) == 2
    msg = moving[0].transforms[0]
    assert (msg.header.frame_id, msg.child_frame_id, msg.header.stamp) == ("base_link", "coach_mast", Time(sec=7))
    assert (msg.transform.translation.x, msg.transform.translation.z) == (0.03, 0.1)
    assert (msg.transform.rotation.z, msg.transform.rotation.w) == (1.0, 0.0)
    assert fixed[0].transforms[0].header.stamp.sec > 0


def test_where_nothing_moves_no_topic_of_moving_frames_is_offered(guard):
    made = Transforms(guard, moving=False)
    made.send([TURNED], Time())
    assert (guard.count_publishers("tf"), guard.count_publishers("tf_static")) == (0, 1)


def test_without_tf2_msgs_nothing_is_offered_and_nothing_breaks(guard, monkeypatch):
    monkeypatch.setattr(transforms, "TFMessage", None)
    made = Transforms(guard)
    made.fix([TURNED])
    made.send([TURNED], Time())
    assert (guard.count_publishers("tf"), guard.count_publishers("tf_static")) == (0, 0)


def test_the_robots_description_waits_for_who_comes_late(guard, listener):
    describe(guard, "<robot/>")
    heard = listener.collect(String, "robot_description", LATCHED)
    listener.wait_for(lambda: heard, what="the description")
    assert heard[0].data == "<robot/>"


def test_simulated_time_is_refused_by_who_stamps_with_this_machines_clock(guard):
    refuse_sim_time(guard, "a camera lives in real time")
    guard.set_parameters([rclpy.parameter.Parameter("use_sim_time", value=True)])
    assert uses_sim_time(guard)
    with pytest.raises(ConfigError, match="use_sim_time = true, but a camera lives in real time; leave use_sim_time false"):
        refuse_sim_time(guard, "a camera lives in real time")


ISOLATED = """
import os, signal
from physio_nodes.isolation import isolate_transport
isolate_transport()
held = [signal.getsignal(number) is signal.SIG_IGN for number in (signal.SIGTSTP, signal.SIGTTIN, signal.SIGTTOU)]
names = [os.path.basename(os.environ[f"{kind}_DEFAULT_PROFILES_FILE"]) for kind in ("FASTRTPS", "FASTDDS")]
print(*held, *names, os.environ["FASTDDS_BUILTIN_TRANSPORTS"])
"""


@pytest.mark.parametrize(("profile", "kept"), [("/ours/fastdds.xml", "fastdds_udp.xml"), ("/of/the/user/own.xml", "own.xml")])
def test_a_safety_process_is_not_frozen_by_a_terminal_and_keeps_off_shared_memory(profile, kept):
    environment = {**os.environ, "FASTRTPS_DEFAULT_PROFILES_FILE": profile, "FASTDDS_DEFAULT_PROFILES_FILE": profile}
    environment.pop("FASTDDS_BUILTIN_TRANSPORTS", None)
    done = subprocess.run([sys.executable, "-c", ISOLATED], env=environment, capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["True", "True", "True", kept, kept, "UDPv4"]


@pytest.mark.parametrize(
    ("nice", "said"),
    [(-20, "raised (nice -20)"), (-10, "raised (nice -10)"), (-9, "not raised (nice -9): this user may not; see docs/safety.md")],
)
def test_whether_it_goes_first_is_said_in_words(monkeypatch, nice, said):
    monkeypatch.setattr(isolation.os, "getpriority", lambda _which, _who: nice)
    assert isolation.priority() == said


def test_a_priority_that_is_higher_already_is_not_lowered_and_one_that_may_not_be_raised_is_no_error(monkeypatch):
    asked = []

    def refuse(_which, _who, nice):
        asked.append(nice)
        raise PermissionError

    monkeypatch.setattr(isolation.os, "setpriority", refuse)
    for variable in (*isolation.PROFILE_VARIABLES, "FASTDDS_BUILTIN_TRANSPORTS"):
        monkeypatch.setenv(variable, "own")  # what is set here would reach the tests that follow
    for nice in (0, -15):
        monkeypatch.setattr(isolation.os, "getpriority", lambda _which, _who, nice=nice: nice)
        before = [signal.getsignal(number) for number in isolation.TERMINAL_STOPS]
        isolation.isolate_transport()
        for number, handler in zip(isolation.TERMINAL_STOPS, before, strict=True):
            signal.signal(number, handler)
    assert asked == [-10, -15]
