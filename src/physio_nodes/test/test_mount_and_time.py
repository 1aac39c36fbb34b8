"""Frames of the camera on a real base, and nodes on simulated time: as real processes."""

from __future__ import annotations

import subprocess
import sys

import pytest
from builtin_interfaces.msg import Time
from diagnostic_msgs.msg import DiagnosticArray
from rosgraph_msgs.msg import Clock
from tf2_msgs.msg import TFMessage

from physio_nodes.qos import DIAGNOSTICS, LATCHED, SENSOR_OUT


def test_the_mount_hangs_on_the_base_and_leaves_the_bases_own_frames_alone(start, listener):
    fixed = listener.collect(TFMessage, "ward/tf_static", LATCHED)
    start("mount_node", parameters={"camera_height_m": 0.4}, ros_arguments=["-r", "__ns:=/ward"])
    listener.wait_for(lambda: fixed, what="transforms")
    frames = {transform.child_frame_id: transform for transform in fixed[0].transforms}
    assert {"base_link", "base_scan"}.isdisjoint(frames)
    assert frames["coach_camera_link"].header.frame_id == "base_link"
    assert frames["coach_camera_link"].transform.translation.z == pytest.approx(0.39)


def test_a_node_on_simulated_time_begins_with_the_first_time_and_stamps_nothing_with_zero(start, listener):
    reports = listener.collect(DiagnosticArray, "/diagnostics", DIAGNOSTICS)
    node = start("mount_node", parameters={"use_sim_time": True})
    node.wait_for_line("no node publishes /clock yet")
    assert not reports
    clock = listener.node.create_publisher(Clock, "/clock", SENSOR_OUT)

    def tick():
        clock.publish(Clock(clock=Time(sec=77)))
        return reports

    listener.wait_for(tick, what="diagnostics")
    assert reports[0].header.stamp.sec == 77
    assert node.stop() == 0


def test_a_camera_does_not_pretend_to_live_in_simulated_time(start):
    node = start("camera_node", parameters={"use_sim_time": True})
    assert node.wait_exit() == 2
    assert "use_sim_time = true, but" in node.output


def test_without_tf2_msgs_a_node_says_so_once_and_runs():
    code = """
import sys
sys.modules["tf2_msgs"] = None
import rclpy
from physio_nodes.transforms import Transforms
rclpy.init()
Transforms(rclpy.create_node("bare")).fix([])
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stderr.count("tf2_msgs is not installed") == 1
