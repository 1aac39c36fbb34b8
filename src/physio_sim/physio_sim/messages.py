"""What the clinic knows, as ROS messages. Every number is cast: these classes write an int in a float field as garbage."""

from __future__ import annotations

import array
import math

from builtin_interfaces.msg import Time
from geometry_msgs.msg import Twist
from nav_msgs.msg import Odometry as OdometryMsg
from sensor_msgs.msg import CameraInfo, Image, JointState, LaserScan

from physio_core.robot.description import (
    BASE_FRAME,
    CAMERA_FRAME,
    ODOM_FRAME,
    SCAN_FRAME,
    WHEEL_JOINTS,
    Transform,
    quaternion,
    wheel_transform,
)
from physio_core.types import ByteImage, FloatArray
from physio_msgs.msg import SimFault, SimTruth
from physio_nodes.stamps import to_seconds, to_stamp
from physio_sim.params import ClinicConfig
from physio_sim.truth import TrueRepetition, Truth
from physio_sim.world.base import Odometry, Wheel
from physio_sim.world.turtlebot import SCAN_MAX_M, SCAN_MIN_M, focal_length_px

_SURE, _UNSURE = 1e-3, 1e6


def image_msg(rgb: ByteImage, stamp: Time) -> Image:
    """An image (H, W, 3), red first."""
    height, width, channels = rgb.shape
    msg = Image(height=height, width=width, encoding="rgb8", is_bigendian=0, step=width * channels)
    msg.header.stamp, msg.header.frame_id = stamp, CAMERA_FRAME
    msg.data = array.array("B", rgb.tobytes())
    return msg


def camera_info_msg(config: ClinicConfig, stamp: Time) -> CameraInfo:
    """The simulated lens: a pinhole without distortion."""
    focal, x, y = focal_length_px(config), config.width_px / 2, config.height_px / 2
    msg = CameraInfo(height=config.height_px, width=config.width_px, distortion_model="plumb_bob", d=[0.0] * 5)
    msg.header.stamp, msg.header.frame_id = stamp, CAMERA_FRAME
    msg.k = [focal, 0.0, x, 0.0, focal, y, 0.0, 0.0, 1.0]
    msg.r = [1.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 1.0]
    msg.p = [focal, 0.0, x, 0.0, 0.0, focal, y, 0.0, 0.0, 0.0, 1.0, 0.0]
    return msg


def scan_msg(ranges_m: FloatArray, period_s: float, stamp: Time) -> LaserScan:
    """One turn of the lidar, taken at once: simulated rays need no time."""
    msg = LaserScan(angle_min=0.0, time_increment=0.0, scan_time=float(period_s), range_min=SCAN_MIN_M, range_max=SCAN_MAX_M)
    msg.header.stamp, msg.header.frame_id = stamp, SCAN_FRAME
    msg.angle_increment = math.tau / len(ranges_m)
    msg.angle_max = math.tau - msg.angle_increment
    msg.ranges = array.array("f", ranges_m.tobytes())
    return msg


def odometry_msg(odometry: Odometry, stamp: Time) -> OdometryMsg:
    """Odometry as in REP-105: base_footprint in odom, speeds in base_footprint."""
    msg = OdometryMsg(child_frame_id=BASE_FRAME)
    msg.header.stamp, msg.header.frame_id = stamp, ODOM_FRAME
    msg.pose.pose.position.x, msg.pose.pose.position.y = odometry.x_m, odometry.y_m
    msg.pose.pose.orientation.z, msg.pose.pose.orientation.w = (
        math.sin(odometry.heading_rad / 2),
        math.cos(odometry.heading_rad / 2),
    )
    msg.twist.twist.linear.x, msg.twist.twist.angular.z = odometry.linear_m_s, odometry.angular_rad_s
    # A base on the floor cannot move up or tilt: those axes are not estimated.
    for covariance in (msg.pose.covariance, msg.twist.covariance):
        covariance[[0, 7, 35]], covariance[[14, 21, 28]] = _SURE, _UNSURE
    return msg


def transforms(odometry: Odometry, wheels: tuple[Wheel, Wheel]) -> list[Transform]:
    """Where the base stands in odom (REP-105), and how its wheels are turned."""
    turn = quaternion(0.0, 0.0, odometry.heading_rad)
    base = Transform(ODOM_FRAME, BASE_FRAME, (odometry.x_m, odometry.y_m, 0.0), turn)
    return [base, *(wheel_transform(joint, wheel.angle_rad) for joint, wheel in zip(WHEEL_JOINTS, wheels, strict=True))]


def joint_states_msg(wheels: tuple[Wheel, Wheel], stamp: Time) -> JointState:
    """Angles and speeds of the wheels."""
    msg = JointState(name=list(WHEEL_JOINTS))
    msg.header.stamp = stamp
    msg.position, msg.velocity = [wheel.angle_rad for wheel in wheels], [wheel.speed_rad_s for wheel in wheels]
    return msg


def truth_msg(truth: Truth, stamp: Time) -> SimTruth:
    """What the patient really does, with the stamp of the image that shows it."""
    msg = SimTruth(persona=truth.persona, asked=truth.asked, exercise=truth.exercise)
    msg.header.stamp, msg.header.frame_id = stamp, CAMERA_FRAME
    msg.phase, msg.repetition = float(truth.phase), int(truth.repetition)
    if truth.under_way:
        _add_repetition(msg, truth.under_way, to_seconds(stamp) - truth.stamp_s)
    msg.joint_names, msg.joint_angles_rad = list(truth.joint_names), [float(angle) for angle in truth.joint_angles_rad]
    return msg


def _add_repetition(msg: SimTruth, under_way: TrueRepetition, clock_s: float) -> None:
    """The repetition under way, its times on the clock that is ``clock_s`` ahead of the patient's."""
    times_s = (under_way.start_s, under_way.turn_s, under_way.end_s)
    msg.repetition_start, msg.repetition_turn, msg.repetition_end = (to_stamp(clock_s + time_s) for time_s in times_s)
    msg.side, msg.extent = under_way.side.value, float(under_way.extent)
    msg.faults = [
        SimFault(
            name=one.name, joint=one.joint, side=one.side.value, value=float(one.value), sound=float(one.sound), unit=one.unit
        )
        for one in under_way.faults
    ]


def speed(twist: Twist) -> tuple[float, float]:
    """Forward [m/s] and turning [rad/s] speed of a command; the base has no other axes."""
    return twist.linear.x, twist.angular.z
