"""An arm of four joints in messages: trajectories that are asked for, and where its joints are."""

from __future__ import annotations

import math

import numpy as np
from builtin_interfaces.msg import Duration, Time
from sensor_msgs.msg import JointState
from trajectory_msgs.msg import JointTrajectory, JointTrajectoryPoint

from physio_core.errors import InputError
from physio_core.robot.arm_guard import ArmRequest, joint_names
from physio_core.trajectories.arm import Arm
from physio_core.trajectories.trajectory import Trajectory
from physio_core.types import FloatArray
from physio_nodes.stamps import to_seconds

MOST_POINTS = 5000
"""Of a trajectory: more would hold up the arm."""


def arm_request_from_msg(msg: JointTrajectory, now_s: float) -> ArmRequest:
    """What is asked of an arm; positions over time alone count.

    Args:
        msg: a trajectory; its stamp says when it was sent, 0: now.
        now_s: the present time, by the clock of stamps [s].

    Raises:
        InputError: too many points, or one that does not have one position for each joint.
    """
    if len(msg.points) > MOST_POINTS:
        raise InputError(f"a trajectory of {len(msg.points)} points; at most {MOST_POINTS}")
    for row, point in enumerate(msg.points):
        if len(point.positions) != len(msg.joint_names):
            raise InputError(
                f"point {row} has {len(point.positions)} positions for {len(msg.joint_names)} joints; need one for each"
            )
    stamps = [point.time_from_start.sec + point.time_from_start.nanosec * 1e-9 for point in msg.points]
    angles = np.array([point.positions for point in msg.points], float).reshape(len(stamps), len(msg.joint_names))
    sent_s = to_seconds(msg.header.stamp)
    return ArmRequest(tuple(msg.joint_names), np.array(stamps), angles, sent_s, now_s - sent_s if sent_s else 0.0)


def joint_trajectory_msg(path: Trajectory, arm: Arm, stamp: Time) -> JointTrajectory:
    """A path as the arm can draw it (:meth:`~physio_core.trajectories.arm.Arm.follow`), to be sent to it.

    Raises:
        InputError: a path of the other arm.
    """
    led = arm.follow(path)
    assert led.angles_rad is not None
    msg = JointTrajectory(joint_names=list(joint_names(arm)))
    msg.header.stamp = stamp
    for at_s, angles in zip(led.stamps_s - led.stamps_s[0], led.angles_rad, strict=True):
        after = Duration(sec=int(at_s), nanosec=min(math.floor((at_s % 1.0) * 1e9), 999_999_999))
        msg.points.append(JointTrajectoryPoint(positions=[float(angle) for angle in angles], time_from_start=after))
    return msg


def joint_state_msg(
    arm: Arm, angles_rad: FloatArray, speeds_rad_s: FloatArray, torques_nm: FloatArray, stamp: Time
) -> JointState:
    """Where the joints of an arm are, (4,) each [rad, rad/s, Nm]."""
    msg = JointState(name=list(joint_names(arm)))
    msg.header.stamp = stamp
    msg.position, msg.velocity, msg.effort = ([float(one) for one in part] for part in (angles_rad, speeds_rad_s, torques_nm))
    return msg
