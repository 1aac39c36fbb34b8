"""camera_node as a real process: pace, stamps, end, loss, refusals."""

from __future__ import annotations

import re
import time

import cv2
import numpy as np
import pytest
from diagnostic_msgs.msg import DiagnosticArray
from sensor_msgs.msg import CameraInfo, Image

from physio_nodes.camera_info import pinhole
from physio_nodes.images import to_frame
from physio_nodes.qos import DIAGNOSTICS, NEWEST
from physio_nodes.stamps import to_seconds


@pytest.fixture
def clip(tmp_path):
    """Two seconds at 20 images a second, 320x240, grey rising."""
    path = tmp_path / "clip.avi"
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter_fourcc(*"MJPG"), 20.0, (320, 240))
    for index in range(40):
        writer.write(np.full((240, 320, 3), 5 * index, np.uint8))
    writer.release()
    return path


def health_of(listener, name):
    """The newest diagnostics of a node, as (level, message), appended as they come."""
    reports = []

    def on_report(msg):
        reports.extend((status.level, status.message) for status in msg.status if status.name == name)

    listener.node.create_subscription(DiagnosticArray, "/diagnostics", on_report, DIAGNOSTICS)
    return reports


def test_a_video_comes_at_its_own_pace_then_the_node_waits(start, listener, clip):
    images, arrived_s = [], []
    infos = listener.collect(CameraInfo, "camera/camera_info", NEWEST)
    health = health_of(listener, "/camera")

    def on_image(msg):
        images.append(msg)
        arrived_s.append(time.time())

    listener.node.create_subscription(Image, "camera/image_raw", on_image, NEWEST)
    node = start("camera_node", parameters={"source": "video", "path": str(clip)})
    listener.wait_for(lambda: "end of video" in node.output, what="the end of the video")
    listener.wait_for(lambda: any("end of video" in message for _, message in health), what="diagnostics of the end")
    stamps_s = np.array([to_seconds(msg.header.stamp) for msg in images])
    steps = np.diff(stamps_s) / 0.05
    assert len(steps) > 20
    assert np.abs(steps - steps.round()).max() < 0.02, "stamps keep the spacing of the file"
    assert (np.array(arrived_s[: len(stamps_s)]) - stamps_s).min() < 0.1, "stamps are the time of acquisition"
    assert images[-1].header.frame_id == "coach_camera_optical_frame"
    assert to_frame(images[-1]).rgb.mean() == pytest.approx(195, abs=3)
    assert infos[-1].k[0] == pytest.approx(pinhole(320, 240, 1.0856).k[0])
    assert node.running
    assert node.stop() == 0


def test_a_loop_goes_on_and_ctrl_c_ends_cleanly(start, listener, clip):
    images = listener.collect(Image, "camera/image_raw", NEWEST)
    node = start("camera_node", parameters={"source": "video", "path": str(clip), "loop": True, "speed": 4.0})
    listener.wait_for(lambda: len(images) > 60, what="more images than the file holds")
    assert node.stop() == 0
    assert "Traceback" not in node.output


def test_exit_at_end_ends_with_success(start, clip):
    node = start(
        "camera_node",
        parameters={"source": "video", "path": str(clip), "wait_for_subscribers": 0, "speed": 4.0, "exit_at_end": True},
    )
    assert node.wait_exit() == 0


def test_a_cut_off_video_of_any_name_is_played_and_says_what_is_odd(start, listener, clip, tmp_path):
    path = tmp_path / 'squat \U0001f4aa \x7f: "1".avi'
    path.write_bytes(clip.read_bytes()[: clip.stat().st_size // 2])
    health = health_of(listener, "/camera")
    node = start("camera_node", parameters={"source": "video", "path": str(path), "wait_for_subscribers": 0})
    node.wait_for_line("end of video")
    assert re.search(r"WARN.*the file is cut off: it ends at .* of 2\.00 s", node.output)
    listener.wait_for(lambda: any("the file is cut off" in message for _, message in health), what="diagnostics")


@pytest.mark.parametrize(
    ("parameters", "reason"),
    [
        ({"source": "video", "path": "/no/such.mp4"}, "no such video: /no/such.mp4"),
        ({"source": "folder", "path": "/no/such"}, "no such image folder: /no/such"),
        ({"source": "webcam"}, "device, video, folder"),
        ({"source": "device", "calibration": "/no/such.yaml"}, "calibration /no/such.yaml cannot be read"),
    ],
)
def test_a_wrong_setting_is_one_clear_line_and_exit_code_2(start, parameters, reason):
    node = start("camera_node", parameters=parameters)
    assert node.wait_exit() == 2
    assert reason in node.output
    assert "Traceback" not in node.output


def test_a_camera_that_is_not_there_is_reported_and_waited_for(start, listener):
    health = health_of(listener, "/camera")
    node = start("camera_node", parameters={"source": "device", "device": 63, "retry_s": 0.2})
    node.wait_for_line("/dev/video63 cannot be opened")
    listener.wait_for(lambda: any(level == b"\x02" for level, _ in health), what="an ERROR in diagnostics")
    assert node.running
    assert node.stop() == 0


CALIBRATION = """
image_width: 320
image_height: 240
camera_name: web
camera_matrix: {rows: 3, cols: 3, data: [300, 0, 160, 0, 300, 120, 0, 0, 1]}
distortion_model: plumb_bob
distortion_coefficients: {rows: 1, cols: 5, data: [0.1, 0, 0, 0, 0]}
rectification_matrix: {rows: 3, cols: 3, data: [1, 0, 0, 0, 1, 0, 0, 0, 1]}
projection_matrix: {rows: 3, cols: 4, data: [300, 0, 160, 0, 0, 300, 120, 0, 0, 0, 1, 0]}
"""


def test_a_calibration_file_is_published_beside_the_images_wherever_they_are(start, listener, clip, tmp_path):
    path = tmp_path / "web.yaml"
    path.write_text(CALIBRATION)
    infos = listener.collect(CameraInfo, "front/cam/camera_info", NEWEST)
    start(
        "camera_node",
        ros_arguments=["-r", "camera/image_raw:=front/cam/image_raw"],
        parameters={"source": "video", "path": str(clip), "calibration": str(path), "loop": True, "wait_for_subscribers": 0},
    )
    listener.wait_for(lambda: infos, what="camera_info")
    assert (infos[-1].k[0], infos[-1].d[0]) == (300.0, 0.1)


def test_a_calibration_without_an_entry_is_refused_by_its_name(start, tmp_path):
    path = tmp_path / "web.yaml"
    path.write_text(CALIBRATION.replace("projection_matrix", "projection"))
    node = start("camera_node", parameters={"calibration": str(path)})
    assert node.wait_exit() == 2
    assert "projection_matrix" in node.output
