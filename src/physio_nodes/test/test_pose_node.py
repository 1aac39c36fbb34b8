"""pose_node as a real process: stamps untouched, faulty images counted, the next good one works."""

from __future__ import annotations

import array

import numpy as np
import pytest
from builtin_interfaces.msg import Time
from diagnostic_msgs.msg import DiagnosticArray
from sensor_msgs.msg import Image

from physio_core.camera.video import read_video
from physio_core.pose.choice import MEDIAPIPE, installed
from physio_msgs.msg import Skeleton
from physio_nodes.images import from_rgb, to_frame
from physio_nodes.qos import DIAGNOSTICS, IMAGE_OUT
from physio_nodes.stamps import to_seconds, to_stamp

BLACK = np.zeros((240, 320, 3), np.uint8)
SHORT = Image(height=480, width=640, encoding="rgb8", step=1920, data=array.array("B", bytes(1000)))
FLOAT = Image(height=20, width=20, encoding="32FC1", step=80, data=array.array("B", bytes(1600)))
ONE_PIXEL = Image(height=1, width=1, encoding="rgb8", step=3, data=array.array("B", bytes(3)))
OF_MEDIAPIPE = pytest.mark.skipif(not installed(MEDIAPIPE), reason="mediapipe is an option, and is not installed")
FAULTY = {"empty": Image(), "short": SHORT, "float": FLOAT, "1x1": ONE_PIXEL}


class Patient:
    """Shows images to a running pose_node, one at a time, and hears what it says of each."""

    def __init__(self, start, listener, **parameters):
        self.node = start("pose_node", parameters=parameters)
        self.node.wait_for_line("subscribed to")
        self.listener = listener
        self.skeletons = listener.collect(Skeleton, "pose/skeleton")
        self._images = listener.publisher(Image, parameters.get("image_topic", "camera/image_raw"), IMAGE_OUT)
        listener.wait_for(lambda: listener.node.count_publishers("pose/skeleton"), what="pose/skeleton")
        self._next_s = 100.0
        listener.wait_for(lambda: self._heard(from_rgb(BLACK, Time(), "warm_up")), what="the first skeleton")
        listener.spin(0.3)

    def _heard(self, msg):
        self._next_s += 0.04
        msg.header.stamp = to_stamp(self._next_s)
        self._images.publish(msg)
        self.listener.spin(0.2)
        return self.skeletons

    def show(self, msg):
        """The skeleton of one image."""
        self._next_s += 0.04
        msg.header.stamp, msg.header.frame_id = to_stamp(self._next_s), "eye"
        before = len(self.skeletons)
        self._images.publish(msg)
        self.listener.wait_for(lambda: len(self.skeletons) > before, what="a skeleton")
        assert self.skeletons[-1].header == msg.header, "stamp and frame pass through untouched"
        return self.skeletons[-1]

    def counters(self):
        """What the node counts, from its next diagnostics."""
        reports = self.listener.collect(DiagnosticArray, "/diagnostics", DIAGNOSTICS)
        self.listener.wait_for(lambda: reports, what="diagnostics")
        return {item.key: item.value for item in reports[-1].status[0].values}


def test_a_black_image_shows_nobody(start, listener):
    skeleton = Patient(start, listener).show(from_rgb(BLACK, Time(), "eye"))
    assert skeleton.status == Skeleton.NOBODY
    assert (skeleton.body_id, len(skeleton.x)) == ("", 0)
    assert (skeleton.image_width, skeleton.image_height) == (320, 240)


def test_faulty_images_are_counted_as_failures_not_as_nobody_and_harm_no_later_one(start, listener):
    patient = Patient(start, listener)
    nobody_before = int(patient.counters()["nobody"])
    for name, msg in FAULTY.items():
        assert patient.show(msg).status == Skeleton.DETECTOR_FAILED, name
        assert patient.show(from_rgb(BLACK, Time(), "eye")).status == Skeleton.NOBODY, f"after {name}"
    counters = patient.counters()
    assert int(counters["rejected"]) == len(FAULTY)
    assert counters["rejected_32FC1"] == "1"
    assert "1x1" in counters["last_rejection"]
    assert int(counters["nobody"]) == nobody_before + len(FAULTY)
    assert patient.node.stop() == 0
    assert "Traceback" not in patient.node.output


def test_a_real_person_is_tracked_among_faulty_and_four_channel_images(start, listener, squat_video):
    patient = Patient(start, listener)
    frames = [frame.rgb for frame, _ in zip(read_video(squat_video), range(30), strict=False)]
    seen = [patient.show(from_rgb(rgb, Time(), "eye")) for rgb in frames[:20]]
    assert all(skeleton.status == Skeleton.TRACKED for skeleton in seen[6:])
    for msg in FAULTY.values():
        patient.show(msg)
    rgba = np.dstack([frames[20], np.full(frames[20].shape[:2], 255, np.uint8)])
    height, width = rgba.shape[:2]
    data = array.array("B", rgba.tobytes())
    skeleton = patient.show(Image(height=height, width=width, encoding="rgba8", step=4 * width, data=data))
    assert (skeleton.status, skeleton.layout, len(skeleton.x)) == (Skeleton.TRACKED, "body_25", 25)
    assert skeleton.body_id == seen[-1].body_id != ""
    assert skeleton.y[0] < skeleton.y[9] < skeleton.y[11] < skeleton.y[24], "nose above hip above ankle above heel"
    assert skeleton.world_y[0] < skeleton.world_y[9] < skeleton.world_y[11] < skeleton.world_y[24]


def test_when_the_person_leaves_nobody_is_there_within_half_a_second(start, listener, squat_video):
    patient = Patient(start, listener)
    for frame, _ in zip(read_video(squat_video), range(10), strict=False):
        patient.show(from_rgb(frame.rgb, Time(), "eye"))
    assert patient.skeletons[-1].status == Skeleton.TRACKED
    left_s = to_seconds(patient.skeletons[-1].header.stamp)
    listener.wait_for(lambda: patient.show(from_rgb(BLACK, Time(), "eye")).status == Skeleton.NOBODY, timeout_s=10.0)
    assert to_seconds(patient.skeletons[-1].header.stamp) - left_s <= 0.5


def test_the_annotated_image_comes_only_when_asked_for(start, listener, squat_video):
    patient = Patient(start, listener, image_topic="other/image")
    images = listener.collect(Image, "pose/image_annotated")
    listener.wait_for(lambda: listener.node.count_publishers("pose/image_annotated"), what="pose/image_annotated")
    for frame, _ in zip(read_video(squat_video), range(12), strict=False):
        patient.show(from_rgb(frame.rgb, Time(), "eye"))
    listener.wait_for(lambda: images, what="an annotated image")
    assert (to_frame(images[-1]).rgb != frame.rgb).any()


def test_a_late_image_is_left_out_and_stamps_that_do_not_rise_are_told(start, listener):
    patient = Patient(start, listener)

    def publish(at_s):
        msg = from_rgb(BLACK, to_stamp(at_s), "eye")
        patient._images.publish(msg)
        listener.spin(0.05)

    patient.show(from_rgb(BLACK, Time(), "eye"))
    newest_s = to_seconds(patient.skeletons[-1].header.stamp)
    publish(newest_s - 0.06)
    patient.show(from_rgb(BLACK, Time(), "eye"))
    stamps_s = [to_seconds(message.header.stamp) for message in patient.skeletons]
    assert stamps_s == sorted(stamps_s)

    def failed():
        publish(newest_s + 1.0)
        return patient.skeletons[-1].status == Skeleton.DETECTOR_FAILED

    listener.wait_for(failed, what="a skeleton that says that the images cannot be used")
    reports = listener.collect(DiagnosticArray, "/diagnostics", DIAGNOSTICS)
    listener.wait_for(lambda: reports, what="diagnostics")
    assert "the driver must set header.stamp" in reports[-1].status[0].message
    assert "the driver must set header.stamp" in patient.node.output


@pytest.mark.parametrize(
    ("parameters", "reason"),
    [
        pytest.param({"task_model_path": "/no/pose.task"}, "no pose model at /no/pose.task; get a", marks=OF_MEDIAPIPE),
        ({"estimator": "blaze", "model_complexity": 2}, "blaze has model_complexity 1 alone"),
        ({"slow_ms": "fast"}, "slow_ms"),
    ],
)
def test_a_missing_model_or_wrong_setting_is_one_clear_line_and_exit_code_2(start, parameters, reason):
    node = start("pose_node", parameters=parameters)
    assert node.wait_exit() == 2
    assert reason in node.output
    assert "Traceback" not in node.output


def test_without_images_the_diagnostics_say_why(start, listener):
    reports = listener.collect(DiagnosticArray, "/diagnostics", DIAGNOSTICS)
    start("pose_node")
    listener.wait_for(
        lambda: [message for message in reports if "no node publishes images on /camera/image_raw" in message.status[0].message],
        what="the reason in diagnostics",
    )
