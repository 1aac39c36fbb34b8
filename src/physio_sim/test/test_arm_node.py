"""The simulated arm as a real process: trajectories in, joint states out; it stands still whenever it should."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
from builtin_interfaces.msg import Time
from diagnostic_msgs.msg import DiagnosticArray
from rclpy.publisher import Publisher
from sensor_msgs.msg import JointState
from std_msgs.msg import String
from trajectory_msgs.msg import JointTrajectory, JointTrajectoryPoint

from physio_core.errors import InputError
from physio_core.robot.arm_guard import ArmGuard, ArmGuardConfig, joint_names
from physio_core.trajectories.arm import load_arm
from physio_core.trajectories.types import ideal
from physio_nodes.convert_arm import arm_request_from_msg, joint_trajectory_msg
from physio_nodes.qos import DIAGNOSTICS, SENSOR
from physio_testing.processes import NodeProcess
from physio_tools.listener import Listener

Start = Callable[..., NodeProcess]
ARM = load_arm("device", "right")
REST = "at rest"


def trajectory() -> JointTrajectory:
    return joint_trajectory_msg(ideal("clock_big", ARM.reach_m, "right"), ARM, Time())


def malformed(rng: np.random.Generator) -> JointTrajectory:
    """Anything that the type of the message allows."""
    msg = JointTrajectory(joint_names=list(rng.choice([*joint_names(ARM), "", "elbow"], rng.integers(0, 6))))
    msg.header.stamp.sec = int(rng.choice([0, -(2**31), 2**31 - 1, 1795790000]))
    for _ in range(rng.integers(0, 12)):
        point = JointTrajectoryPoint(positions=list(rng.choice([0.0, 0.3, math.nan, math.inf, 1e300, -7.0], rng.integers(0, 6))))
        point.time_from_start.sec, point.time_from_start.nanosec = int(rng.integers(-(2**31), 2**31)), int(rng.integers(2**32))
        msg.points.append(point)
    if rng.random() < 0.5:
        msg.joint_names = list(joint_names(ARM))
        for point in msg.points:
            point.positions = list(rng.choice([0.0, 0.3, math.nan, -math.inf, 1e300], 4, p=[0.6, 0.37, 0.01, 0.01, 0.01]))
    return msg


def test_whatever_arrives_is_taken_or_refused_with_a_reason() -> None:
    guard, refused = ArmGuard(ARM, ArmGuardConfig(), ARM.rest_rad), 0
    guard.sense(ARM.rest_rad, np.zeros(4), 0.0)
    for seed in range(400):
        try:
            guard.offer(arm_request_from_msg(malformed(np.random.default_rng(seed)), 1795790000.0), 0.0)
        except InputError as error:
            refused += bool(str(error))
        assert not guard.moving
    assert refused > 300


def at_rest(states: list[JointState]) -> bool:
    return bool(states) and max(map(abs, states[-1].velocity)) < 0.01


def test_bad_trajectories_move_nothing_a_good_one_does_while_its_sender_lives_and_at_its_end_the_node_stands_still(
    start: Start, listener: Listener
) -> None:
    node = start("arm_node", package="physio_sim", parameters={"side": "right", "stale_ms": 1500.0})
    node.wait_for_line(REST)
    states = listener.collect(JointState, "arm/joint_states", SENSOR)
    reports = listener.collect(DiagnosticArray, "/diagnostics", DIAGNOSTICS)
    refused = listener.collect(String, "arm/refused")
    sender = listener.publisher(JointTrajectory, "arm/joint_trajectory")
    send_bad_ones(sender)
    listener.wait_for(lambda: counters(reports).get("rejected") == "4", what="four refused trajectories")
    assert counters(reports)["rest"] == "nothing_asked" and tuple(states[-1].name) == joint_names(ARM)
    assert np.allclose([state.position for state in states], ARM.rest_rad, atol=1e-3)
    for said, why in zip(refused, ("2 points", "nan at point 5", "right_shoulder_yaw", "3 positions for 4 joints"), strict=True):
        assert why in said.data
    msg = trajectory()
    repeating = listener.node.create_timer(0.1, lambda: sender.publish(msg))
    listener.wait_for(lambda: np.abs(np.array(states[-1].position) - ARM.rest_rad).max() > 0.2, what="motion")
    repeating.cancel()
    node.wait_for_line("standing still: sender_silent")
    listener.wait_for(lambda: at_rest(states), what="standstill")
    stopped, count = np.array(states[-1].position), len(states)
    sender.publish(msg)
    listener.wait_for(lambda: "another stamp" in refused[-1].data and len(states) > count + 20, what="a refusal, and more states")
    assert all(np.allclose(state.position, stopped, atol=0.005) for state in states[count:])
    msg.header.stamp = listener.node.get_clock().now().to_msg()
    repeating.reset()
    listener.wait_for(lambda: max(map(abs, states[-1].velocity)) > 0.1, what="motion again")
    assert node.stop() == 0, node.output
    listener.wait_for(lambda: at_rest(states), what="a last word at rest")
    assert "arm at rest" in node.output
    angles = np.array([state.position for state in states])
    assert ((angles > ARM.low_rad - 0.002) & (angles < ARM.high_rad + 0.002)).all()


def send_bad_ones(sender: Publisher) -> None:
    two, not_finite, other_arm, short = (trajectory() for _ in range(4))
    two.points = two.points[:2]
    not_finite.points[5].positions[2] = math.nan
    other_arm.joint_names = [name.replace("right", "left") for name in other_arm.joint_names]
    short.points[7].positions = short.points[7].positions[:3]
    for msg in (two, not_finite, other_arm, short):
        sender.publish(msg)


def counters(reports: list[DiagnosticArray]) -> dict[str, str]:
    return {pair.key: pair.value for pair in reports[-1].status[0].values} if reports else {}
