"""The clinic as a real process: topics, frames, rates, commands kept for ever, a clean end."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from diagnostic_msgs.msg import DiagnosticArray
from geometry_msgs.msg import Twist, TwistStamped
from nav_msgs.msg import Odometry
from rosgraph_msgs.msg import Clock
from sensor_msgs.msg import CameraInfo, Image, JointState, LaserScan
from std_msgs.msg import String
from tf2_msgs.msg import TFMessage

from physio_msgs.msg import SimTruth, Speech
from physio_nodes.qos import DIAGNOSTICS, LATCHED, SENSOR
from physio_nodes.stamps import to_seconds
from physio_testing.processes import NodeProcess
from physio_tools.listener import Listener

Start = Callable[..., NodeProcess]
OPEN = "clinic open"
CALM = {"width_px": 160, "height_px": 120}
"""Small images: these tests are about topics."""


def test_publishes_what_the_robots_drivers_do_and_ends_cleanly(start: Start, listener: Listener) -> None:
    node = start("clinic_node", package="physio_sim")
    node.wait_for_line(OPEN)
    images = listener.collect(Image, "camera/image_raw", SENSOR)
    infos = listener.collect(CameraInfo, "camera/camera_info", SENSOR)
    scans = listener.collect(LaserScan, "scan", SENSOR)
    odometry = listener.collect(Odometry, "odom", SENSOR)
    joints = listener.collect(JointState, "joint_states")
    truths = listener.collect(SimTruth, "sim/truth")
    listener.wait_for(lambda: len(images) >= 30 and len(scans) >= 5 and odometry and joints, what="all topics")
    image, info, scan = images[-1], infos[-1], scans[-1]
    assert (image.width, image.height, image.encoding, image.step) == (640, 480, "rgb8", 1920)
    assert len(image.data) == 480 * 1920 and np.std(image.data) > 10
    assert image.header.frame_id == info.header.frame_id == "coach_camera_optical_frame"
    assert info.k[0] == pytest.approx(530.5, abs=1.0)
    assert (scan.header.frame_id, len(scan.ranges), scan.range_max) == ("base_scan", 360, pytest.approx(3.5))
    assert (odometry[-1].header.frame_id, odometry[-1].child_frame_id) == ("odom", "base_footprint")
    assert joints[-1].name == ["wheel_left_joint", "wheel_right_joint"]
    assert {to_seconds(message.header.stamp) for message in truths} & {to_seconds(message.header.stamp) for message in images}
    assert _rate_hz(scans) == pytest.approx(5.0, rel=0.2)
    assert _rate_hz(images) > 10.0  # 30 on an idle machine
    assert node.stop() == 0, node.output
    assert "real-time factor" in node.output


def test_the_base_drives_as_told_and_never_stops_by_itself(start: Start, listener: Listener) -> None:
    start("clinic_node", package="physio_sim", parameters=CALM).wait_for_line(OPEN)
    odometry = listener.collect(Odometry, "odom", SENSOR)
    command = listener.publisher(TwistStamped, "cmd_vel")
    msg = TwistStamped()
    msg.twist.linear.x = 0.1
    command.publish(msg)
    listener.wait_for(lambda: odometry and odometry[-1].pose.pose.position.x > 0.2, what="0.2 m with one command")
    assert odometry[-1].twist.twist.linear.x == pytest.approx(0.1, abs=0.01)
    msg.twist.linear.x = 0.0
    command.publish(msg)
    listener.wait_for(lambda: abs(odometry[-1].twist.twist.linear.x) < 1e-3, what="standstill")


def test_frames_hang_on_odom_and_move_with_the_base(start: Start, listener: Listener) -> None:
    start("clinic_node", package="physio_sim", parameters=CALM).wait_for_line(OPEN)
    moving, fixed = listener.collect(TFMessage, "/tf"), listener.collect(TFMessage, "/tf_static", LATCHED)
    odometry, urdf = listener.collect(Odometry, "odom", SENSOR), listener.collect(String, "robot_description", LATCHED)
    msg = TwistStamped()
    msg.twist.angular.z = 1.0
    listener.publisher(TwistStamped, "cmd_vel").publish(msg)
    listener.wait_for(lambda: moving and moving[-1].transforms[0].transform.rotation.z > 0.2, what="the base turning")
    base, left, right = moving[-1].transforms
    assert (base.header.frame_id, base.child_frame_id) == ("odom", "base_footprint")
    assert left.child_frame_id == "wheel_left_link" and left.transform.rotation.y < 0.0 < right.transform.rotation.y
    listener.wait_for(
        lambda: base.header.stamp in [message.header.stamp for message in odometry], what="odometry of the same stamp"
    )
    edges = (*fixed[0].transforms, *moving[-1].transforms)
    parents = {transform.child_frame_id: transform.header.frame_id for transform in edges}
    chain = ["coach_camera_optical_frame"]
    while chain[-1] in parents:
        chain.append(parents[chain[-1]])
    assert chain[1:] == ["coach_camera_link", "base_link", "base_footprint", "odom"]
    assert "base_footprint" in urdf[0].data


def test_simulated_time_is_published_when_asked_for_and_stamps_are_of_it(start: Start, listener: Listener) -> None:
    start("clinic_node", package="physio_sim", parameters={**CALM, "publish_clock": True}).wait_for_line(OPEN)
    ticks, scans = listener.collect(Clock, "/clock"), listener.collect(LaserScan, "scan", SENSOR)
    listener.wait_for(lambda: len(ticks) > 20 and scans, what="the time")
    seconds = [to_seconds(message.clock) for message in ticks]
    assert seconds == sorted(seconds) and seconds[0] > 1e9
    assert to_seconds(scans[-1].header.stamp) == pytest.approx(seconds[-1], abs=1.0)


def test_the_time_that_it_makes_it_does_not_take_from_others(start: Start) -> None:
    node = start("clinic_node", package="physio_sim", parameters={"use_sim_time": True})
    assert node.wait_exit() == 2
    assert "publish_clock:=true" in node.output


def test_obeys_a_plain_twist_when_told_to(start: Start, listener: Listener) -> None:
    start("clinic_node", package="physio_sim", parameters={**CALM, "stamped_cmd_vel": False}).wait_for_line(OPEN)
    odometry = listener.collect(Odometry, "odom", SENSOR)
    msg = Twist()
    msg.angular.z = 1.0
    listener.publisher(Twist, "cmd_vel").publish(msg)
    listener.wait_for(lambda: odometry and odometry[-1].twist.twist.angular.z > 0.9, what="turning")


def test_diagnostics_say_how_it_keeps_up_and_what_was_refused(start: Start, listener: Listener) -> None:
    start("clinic_node", package="physio_sim", parameters=CALM).wait_for_line(OPEN)
    reports = listener.collect(DiagnosticArray, "/diagnostics", DIAGNOSTICS)
    msg = TwistStamped()
    msg.twist.linear.x = float("nan")
    listener.publisher(TwistStamped, "cmd_vel").publish(msg)

    def counters() -> dict[str, str]:
        return {pair.key: pair.value for pair in reports[-1].status[0].values} if reports else {}

    listener.wait_for(lambda: counters().get("commands_rejected") == "1", what="the refused command")
    assert float(counters()["real_time_factor"]) == pytest.approx(1.0, abs=0.1)
    assert float(counters()["picture_hz"]) > 5.0
    assert float(counters()["render_ms"]) > 0.0


def test_the_patient_does_what_is_asked_with_one_persona_after_the_other(start: Start, listener: Listener) -> None:
    start("clinic_node", package="physio_sim", parameters={**CALM, "personas": ["able", "slow"]}).wait_for_line(OPEN)
    truths = listener.collect(SimTruth, "sim/truth")
    asked = listener.publisher(String, "action_class", LATCHED)
    for exercise, persona in (("squat", "able"), ("jumping_jack", "slow"), ("lunge", "able")):
        asked.publish(String(data=exercise))
        listener.wait_for(lambda asked=exercise: truths and truths[-1].exercise == asked, what=exercise)
        assert (truths[-1].asked, truths[-1].persona) == (exercise, persona)
    assert len(truths[-1].joint_names) == len(truths[-1].joint_angles_rad) > 20


def test_an_exercise_nobody_knows_is_refused_and_life_goes_on(start: Start, listener: Listener) -> None:
    node = start("clinic_node", package="physio_sim", parameters=CALM)
    node.wait_for_line(OPEN)
    truths = listener.collect(SimTruth, "sim/truth")
    listener.publisher(String, "action_class", LATCHED).publish(String(data="moonwalk"))
    node.wait_for_line("unknown exercise 'moonwalk'")
    before = len(truths)
    listener.wait_for(lambda: len(truths) > before + 2, what="more images")


def test_a_persona_nobody_knows_is_one_clear_line(start: Start) -> None:
    node = start("clinic_node", package="physio_sim", parameters={"personas": ["acrobat"]})
    assert node.wait_exit() == 2
    assert "acrobat" in node.output and "Traceback" not in node.output


def test_a_window_without_a_display_is_one_clear_line(start: Start) -> None:
    no_display = {"DISPLAY": "", "WAYLAND_DISPLAY": ""}
    node = start("clinic_node", package="physio_sim", parameters={"viewer": True}, environment=no_display)
    assert node.wait_exit() == 2
    assert "needs a display" in node.output and "Traceback" not in node.output


def _rate_hz(messages: list) -> float:
    stamps = [to_seconds(message.header.stamp) for message in messages]
    return (len(stamps) - 1) / (stamps[-1] - stamps[0])


def test_the_patient_hears_the_coach_and_tells_it_of_pain(start: Start, listener: Listener) -> None:
    parameters = {**CALM, "personas": ["hurts=5+hurts_after=1"], "tempo": 3.0}
    node = start("clinic_node", package="physio_sim", parameters=parameters)
    node.wait_for_line(OPEN)
    requests = listener.collect(String, "exercise_request")
    listener.publisher(String, "action_class", LATCHED).publish(String(data="squat"))
    listener.wait_for(lambda: [one.data for one in requests] == ["pain 5"], what="a word of pain")
    listener.publisher(Speech, "coach/say").publish(Speech(kind=Speech.CUE, fault="knees_in", side="up"))
    node.wait_for_line("the patient cannot do that: side 'up' is not one of: left, right")
