"""Nodes in one process: the same names, topics and ends as by themselves, and images that never leave it."""

from __future__ import annotations

import signal
import subprocess
import sys

import numpy as np
import pytest
import rclpy
from rclpy.executors import SingleThreadedExecutor
from sensor_msgs.msg import CameraInfo, Image
from std_msgs.msg import Header

from physio_core.camera.image import write_image
from physio_core.types import Frame
from physio_msgs.msg import ActionPrediction, Skeleton
from physio_nodes.image_topic import ImagePublisher, ImageSubscription
from physio_nodes.images import to_frame
from physio_nodes.qos import RELIABLE, SENSOR
from physio_nodes.stamps import to_stamp

TOGETHER = """
import sys
from physio_core.errors import ConfigError, EstimatorError
from physio_nodes.run import run_all
from rclpy.node import Node

class Member(Node):
    def close(self):
        print("closed", self.get_name())

class Failing(Member):
    def __init__(self, name):
        super().__init__(name)
        if {when!r} == "start":
            raise {error}("no good")
        self.create_timer(0.01, self.fail)

    def fail(self):
        raise {error}("no good")

sys.exit(run_all(lambda: (kind(name) for kind, name in ((Member, "one"), (Failing, "two")))))
"""


@pytest.mark.parametrize(
    ("when", "error", "code"),
    [("start", "EstimatorError", 2), ("later", "EstimatorError", 1), ("later", "KeyError", 1)],
)
def test_a_member_that_fails_ends_all_in_order_with_the_code_that_it_has_alone(ros_domain, when, error, code):
    script = TOGETHER.format(when=when, error=error)
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert done.returncode == code and done.stderr.count("no good") == 1
    assert done.stdout.split("\n")[:2] == ["closed one", "closed two" if when == "later" else ""]


def test_within_a_process_the_image_itself_is_handed_over_and_messages_are_for_those_outside(ros_domain, listener):
    context = rclpy.Context()
    rclpy.init(context=context)
    node, executor = rclpy.create_node("eye", context=context), SingleThreadedExecutor(context=context)
    executor.add_node(node)
    publisher, taken = ImagePublisher(node, "some/image"), []
    inside = ImageSubscription(node, "some/image", taken.append)
    rgb, header = np.full((48, 64, 3), 7, np.uint8), Header(stamp=to_stamp(5.25), frame_id="lens")
    try:
        assert publisher.listeners == 1
        for stamp_s in (5.0, 5.25):
            header = Header(stamp=to_stamp(stamp_s), frame_id="lens")
            publisher.publish(Frame(stamp_s, rgb), header)
        executor.spin_once(timeout_sec=1.0)
        assert [image.header for image in taken] == [header], "only the newest"
        frame = to_frame(taken[0])
        assert frame.stamp_s == 5.25 and np.shares_memory(frame.rgb, rgb) and not frame.rgb.flags.writeable
        heard = listener.collect(Image, "some/image")
        listener.wait_for(lambda: publisher.listeners == 2, what="the subscription outside")
        inside.close()
        listener.wait_for(lambda: publisher.publish(Frame(5.25, rgb), header) or heard, what="a message")
        executor.spin_once(timeout_sec=0.0)
        assert len(taken) == 1 and publisher.listeners == 1
    finally:
        publisher.close()
        rclpy.shutdown(context=context)


@pytest.mark.parametrize(
    ("words", "parameters", "says"),
    [
        (["pose", "robot"], {}, "pose robot is named; name each node once, of: camera, pose, hand, action, coach, records"),
        (["camera", "action"], {"source": "folder", "path": "/no/such"}, "no such image folder: /no/such"),
    ],
)
def test_what_cannot_stand_together_is_refused_in_one_line(start, words, parameters, says):
    process = start("composed", ros_arguments=["--", *words, "--ros-args"], parameters=parameters)
    assert process.wait_exit() == 2
    assert says in process.output and "Traceback" not in process.output


def test_an_image_comes_out_as_a_prediction_on_the_same_topics_and_a_signal_ends_all(start, listener, tmp_path):
    write_image(tmp_path / "black.png", np.zeros((240, 320, 3), np.uint8))
    heard = {
        kind: listener.collect(kind, topic, qos)
        for kind, topic, qos in (
            (CameraInfo, "camera/camera_info", SENSOR),
            (Skeleton, "pose/skeleton", SENSOR),
            (ActionPrediction, "stgcn_prediction", RELIABLE),
        )
    }
    process = start(
        "composed",
        ros_arguments=["--", "camera", "pose hand action coach records", "--ros-args"],
        parameters={"source": "folder", "path": str(tmp_path), "loop": True},
    )
    infos, skeletons, predictions = heard.values()
    listener.wait_for(lambda: predictions, what="a prediction")
    listener.wait_for(lambda: any(info.header.stamp == predictions[-1].header.stamp for info in infos), what="its image")
    assert (predictions[-1].abstain_reason, skeletons[-1].status) == ("nobody", Skeleton.NOBODY)
    names = {name for name, _ in listener.node.get_node_names_and_namespaces()}
    assert {"camera", "pose", "hand", "action", "coach", "records"} <= names
    assert [info.topic_type for info in listener.node.get_subscriptions_info_by_topic("camera/image_raw")] == []
    listeners = {info.node_name for info in listener.node.get_subscriptions_info_by_topic("pose/skeleton")}
    assert listeners == {listener.node.get_name(), "coach", "records"}, "action is called by pose"
    assert process.stop(signal.SIGTERM) == 0
    assert "Traceback" not in process.output
