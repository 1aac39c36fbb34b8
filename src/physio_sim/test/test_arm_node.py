"""The simulated arm as a real process: trajectories in, joint states out; it stands still whenever it should."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
from diagnostic_msgs.msg import DiagnosticArray
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


def trajectory(listener: Listener) -> JointTrajectory:
    return joint_trajectory_msg(ideal("clock_big", ARM.reach_m, "right"), ARM, listener.node.get_clock().now().to_msg())


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


def test_it_moves_while_its_sender_lives_and_stands_still_after_silence_and_at_the_end(start: Start, listener: Listener) -> None:
    node = start("arm_node", package="physio_sim", parameters={"side": "right"})
    node.wait_for_line(REST)
    states = listener.collect(JointState, "arm/joint_states", SENSOR)
    refused = listener.collect(String, "arm/refused")
    sender = listener.publisher(JointTrajectory, "arm/joint_trajectory")
    listener.wait_for(lambda: states, what="joint states")
    assert tuple(states[-1].name) == joint_names(ARM) and np.allclose(states[-1].position, ARM.rest_rad, atol=1e-3)
    msg = trajectory(listener)
    repeating = listener.node.create_timer(0.1, lambda: sender.publish(msg))
    listener.wait_for(lambda: np.abs(np.array(states[-1].position) - ARM.rest_rad).max() > 0.2, what="motion")
    repeating.cancel()
    node.wait_for_line("standing still: sender_silent")
    listener.wait_for(lambda: at_rest(states), what="standstill")
    stopped, count = np.array(states[-1].position), len(states)
    sender.publish(msg)
    listener.wait_for(lambda: refused and "another stamp" in refused[-1].data, what="a refusal")
    listener.wait_for(lambda: len(states) > count + 20, what="more joint states")
    assert all(np.allclose(state.position, stopped, atol=0.005) for state in states[count:])
    msg = trajectory(listener)
    repeating.reset()
    listener.wait_for(lambda: max(map(abs, states[-1].velocity)) > 0.1, what="motion again")
    assert node.stop() == 0, node.output
    listener.wait_for(lambda: at_rest(states), what="a last word at rest")
    assert "arm at rest" in node.output
    angles = np.array([state.position for state in states])
    assert ((angles > ARM.low_rad - 0.002) & (angles < ARM.high_rad + 0.002)).all()


def test_what_is_refused_is_counted_and_moves_nothing(start: Start, listener: Listener) -> None:
    node = start("arm_node", package="physio_sim", parameters={"side": "right"})
    node.wait_for_line(REST)
    states = listener.collect(JointState, "arm/joint_states", SENSOR)
    reports = listener.collect(DiagnosticArray, "/diagnostics", DIAGNOSTICS)
    sender = listener.publisher(JointTrajectory, "arm/joint_trajectory")
    wrong = [trajectory(listener) for _ in range(4)]
    wrong[0].points = wrong[0].points[:2]
    wrong[1].points[5].positions[2] = math.nan
    wrong[2].joint_names = [name.replace("right", "left") for name in wrong[2].joint_names]
    wrong[3].points[7].positions = wrong[3].points[7].positions[:3]
    refused = listener.collect(String, "arm/refused")
    for msg in wrong:
        sender.publish(msg)

    def counters() -> dict[str, str]:
        return {pair.key: pair.value for pair in reports[-1].status[0].values} if reports else {}

    listener.wait_for(lambda: counters().get("rejected") == "4", what="four refused trajectories")
    assert counters()["rest"] == "nothing_asked"
    assert np.allclose([state.position for state in states], ARM.rest_rad, atol=1e-3)
    for said, why in zip(refused, ("2 points", "nan at point 5", "right_shoulder_yaw", "3 positions for 4 joints"), strict=True):
        assert why in said.data
