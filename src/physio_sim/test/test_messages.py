"""What the clinic knows becomes messages with the right frames, units and types."""

from __future__ import annotations

import array
import math

import numpy as np
import pytest
from builtin_interfaces.msg import Time
from geometry_msgs.msg import Twist

from physio_core.types import Side
from physio_nodes.stamps import to_seconds
from physio_sim import messages
from physio_sim.params import ClinicConfig
from physio_sim.truth import InjectedFault, TrueRepetition, Truth
from physio_sim.world.base import Odometry, Wheel

STAMP = Time(sec=12, nanosec=34)


def test_an_image_keeps_its_pixels_and_stamp() -> None:
    rgb = np.arange(4 * 6 * 3, dtype=np.uint8).reshape(4, 6, 3)
    msg = messages.image_msg(rgb, STAMP)
    assert (msg.height, msg.width, msg.step, msg.encoding, msg.header.stamp) == (4, 6, 18, "rgb8", STAMP)
    assert isinstance(msg.data, array.array)
    assert np.array_equal(np.frombuffer(msg.data, np.uint8).reshape(4, 6, 3), rgb)


def test_the_lens_is_a_pinhole_as_wide_as_the_image() -> None:
    msg = messages.camera_info_msg(ClinicConfig(width_px=320, height_px=240), STAMP)
    assert (msg.k[2], msg.k[5]) == (160.0, 120.0)
    assert msg.k[0] == msg.k[4] == pytest.approx(160 / math.tan(1.0856 / 2))
    assert list(msg.d) == [0.0] * 5


def test_a_scan_says_nothing_there_and_too_near_as_rep_117_does() -> None:
    ranges = np.array([1.0, np.inf, -np.inf, 3.0], np.float32)
    msg = messages.scan_msg(ranges, 0.2, STAMP)
    assert list(msg.ranges) == [1.0, math.inf, -math.inf, 3.0]
    assert msg.angle_min + 3 * msg.angle_increment == pytest.approx(msg.angle_max)
    assert (msg.header.frame_id, msg.scan_time) == ("base_scan", pytest.approx(0.2))


def test_odometry_turns_its_heading_into_a_quaternion() -> None:
    msg = messages.odometry_msg(Odometry(1.0, 2.0, math.pi / 2, 0.1, -0.2), STAMP)
    assert (msg.pose.pose.position.x, msg.pose.pose.position.y) == (1.0, 2.0)
    assert (msg.pose.pose.orientation.z, msg.pose.pose.orientation.w) == pytest.approx((math.sqrt(0.5), math.sqrt(0.5)))
    assert (msg.twist.twist.linear.x, msg.twist.twist.angular.z) == (0.1, -0.2)
    assert msg.pose.covariance[0] < 1 < msg.pose.covariance[14]


def test_wheels_become_joint_states() -> None:
    msg = messages.joint_states_msg((Wheel(1.0, 2.0), Wheel(3.0, 4.0)), STAMP)
    assert (list(msg.position), list(msg.velocity)) == ([1.0, 3.0], [2.0, 4.0])


def test_the_truth_is_passed_on_whole() -> None:
    truth = Truth("slow", "squat", "lunge", "exercising", 0.25, 3, np.array([0.5, -0.5]), ("a", "b"))
    msg = messages.truth_msg(truth, STAMP)
    assert (msg.persona, msg.asked, msg.exercise, msg.repetition) == ("slow", "squat", "lunge", 3)
    assert msg.phase == pytest.approx(0.25)
    assert dict(zip(msg.joint_names, msg.joint_angles_rad, strict=True)) == pytest.approx({"a": 0.5, "b": -0.5})


def test_only_the_axes_that_the_base_has_are_read() -> None:
    twist = Twist()
    twist.linear.x, twist.linear.y, twist.angular.z = 0.1, 9.0, 0.2
    assert messages.speed(twist) == (0.1, 0.2)


def test_the_base_stands_in_odom_and_its_wheels_in_the_base() -> None:
    base, left, right = messages.transforms(Odometry(1.0, 2.0, math.pi, 0.0, 0.0), (Wheel(math.pi / 2, 0.0), Wheel(0.0, 0.0)))
    assert (base.parent, base.child, base.place_m) == ("odom", "base_footprint", (1.0, 2.0, 0.0))
    assert base.turn == pytest.approx((0.0, 0.0, 1.0, 0.0), abs=1e-9)
    assert (left.parent, left.child, right.child) == ("base_link", "wheel_left_link", "wheel_right_link")
    assert left.turn == pytest.approx((0.0, math.sqrt(0.5), 0.0, math.sqrt(0.5)))
    assert (left.place_m[1], right.place_m[1]) == (pytest.approx(0.1435), pytest.approx(-0.1435))


def test_only_the_axes_that_a_base_on_a_floor_has_are_estimated() -> None:
    msg = messages.odometry_msg(Odometry(), STAMP)
    for covariance in (msg.pose.covariance, msg.twist.covariance):
        diagonal = np.reshape(covariance, (6, 6)).diagonal().tolist()
        assert diagonal == [1e-3, 1e-3, 1e6, 1e6, 1e6, 1e-3]
    assert (msg.header.frame_id, msg.child_frame_id, msg.header.stamp) == ("odom", "base_footprint", STAMP)


def test_an_int_is_written_as_the_number_that_it_is() -> None:
    msg = messages.truth_msg(Truth("able", phase=1, joint_angles_rad=np.array([1]), joint_names=("a",)), STAMP)
    assert (msg.phase, list(msg.joint_angles_rad)) == (1.0, [1.0])
    assert messages.scan_msg(np.ones(4, np.float32), 1, STAMP).scan_time == 1.0


def test_the_repetition_under_way_comes_with_its_faults_and_with_times_on_the_clock_of_the_stamps() -> None:
    fault = InjectedFault("knees_in", 8.0, -0.5, "cm", "knee", Side.LEFT)
    under_way = TrueRepetition(4, Side.NONE, 10.0, 11.0, 12.5, 0.9, (fault,))
    msg = messages.truth_msg(Truth("knees_in", "squat", "squat", stamp_s=10.5, under_way=under_way), Time(sec=100, nanosec=0))
    stamps_s = [to_seconds(stamp) for stamp in (msg.repetition_start, msg.repetition_turn, msg.repetition_end)]
    assert stamps_s == pytest.approx([99.5, 100.5, 102.0]) and msg.extent == pytest.approx(0.9)
    (told,) = msg.faults
    assert (told.name, told.joint, told.side, told.unit) == ("knees_in", "knee", "left", "cm")
    assert (told.value, told.sound) == pytest.approx((8.0, -0.5))
