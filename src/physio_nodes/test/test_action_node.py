"""action_node as a real process: skeletons in, one prediction for each out, with the image's stamp; nonsense is counted."""

from __future__ import annotations

from array import array
from collections.abc import Iterator

import numpy as np
import pytest
from builtin_interfaces.msg import Time
from diagnostic_msgs.msg import DiagnosticArray, DiagnosticStatus
from std_msgs.msg import String

from physio_core.motion.kinematics import BodyShape, positions
from physio_core.motion.movements import EXERCISES, preferred_heading_rad
from physio_core.motion.projection import Camera, project, to_openpose_18
from physio_core.motion.style import Style
from physio_core.types import Skeleton, Tracking
from physio_msgs.msg import ActionPrediction
from physio_msgs.msg import Skeleton as SkeletonMsg
from physio_nodes.convert import skeleton_to_msg
from physio_nodes.qos import DIAGNOSTICS, SENSOR_OUT
from physio_nodes.stamps import to_stamp

HZ = 15.0


def squats(seconds: float) -> Iterator[Skeleton]:
    """Someone who squats before a camera, one skeleton per image."""
    stamps_s = np.arange(0.0, seconds, 1.0 / HZ)
    phase = stamps_s / np.mean(EXERCISES["squat"].period_s)
    motion = EXERCISES["squat"].motion(phase, Style(), BodyShape())
    body = to_openpose_18(positions(BodyShape(), motion.placed(yaw_rad=preferred_heading_rad("squat"))))
    middle = (body.max((0, 1)) + body.min((0, 1))) / 2
    points, _ = project(body, Camera.looking_at(3.4, 0.0, 1.0, middle, 62.0, 4 / 3))
    sure = np.full(18, 0.97, np.float32)
    for stamp_s, frame in zip(stamps_s, points, strict=True):
        joints = np.column_stack([frame, np.full(18, np.nan)]).astype(np.float32)
        yield Skeleton(100.0 + float(stamp_s), Tracking.TRACKED, "openpose_18", joints, sure, "b1", 640, 480)


class Stream:
    """Shows skeletons to a running action_node, one at a time, and hears what it says of each."""

    def __init__(self, start, listener) -> None:
        self.node = start("action_node")
        self.node.wait_for_line("ready; names ")
        self.listener = listener
        self.predictions = listener.collect(ActionPrediction, "stgcn_prediction")
        self.labels = listener.collect(String, "action_label")
        self.reports = listener.collect(DiagnosticArray, "/diagnostics", DIAGNOSTICS)
        self.publisher = listener.publisher(SkeletonMsg, "pose/skeleton", SENSOR_OUT)
        for topic in ("stgcn_prediction", "action_label", "/diagnostics"):
            listener.wait_for(lambda topic=topic: listener.node.count_publishers(topic), what=topic)
        listener.wait_for(self._heard, what="the first prediction")
        listener.spin(0.2)

    def _heard(self) -> list[ActionPrediction]:
        self.send(Skeleton(1.0, Tracking.NOBODY))
        self.listener.spin(0.1)
        return self.predictions

    def send(self, skeleton: Skeleton) -> SkeletonMsg:
        msg = skeleton_to_msg(skeleton, to_stamp(skeleton.stamp_s), "eye")
        self.publisher.publish(msg)
        return msg

    def show(self, skeleton: Skeleton) -> ActionPrediction:
        """What is said of one skeleton."""
        before = len(self.predictions)
        msg = self.send(skeleton)
        self.listener.wait_for(lambda: len(self.predictions) > before, what="a prediction")
        assert self.predictions[-1].header == msg.header, "stamp and frame pass through untouched"
        return self.predictions[-1]

    def report(self, level: bytes) -> dict[str, str]:
        """The counters of the next diagnostics of a level."""
        self.reports.clear()

        def find() -> DiagnosticStatus | None:
            return next((report.status[0] for report in self.reports if report.status[0].level == level), None)

        status = self.listener.wait_for(find, what=f"diagnostics of level {level!r}")
        assert status.name == "/action"
        return {"message": status.message, **{item.key: item.value for item in status.values}}


@pytest.fixture
def stream(start, listener) -> Stream:
    return Stream(start, listener)


def test_a_squat_is_named_and_its_label_stands_alone_on_a_topic_of_its_own(stream):
    said = [stream.show(skeleton) for skeleton in squats(7.0)]
    assert said[0].abstain_reason == "too_few_frames" and not said[0].label
    last = said[-1]
    assert (last.label, last.body_id, last.abstain_reason) == ("squat", "b1", "")
    assert last.confidence > 0.5 and last.effective_fps == pytest.approx(HZ, rel=0.1)
    assert sum(last.scores) == pytest.approx(1.0, abs=1e-5) and len(last.scores) == len(last.labels)
    assert last.scores[list(last.labels).index("squat")] == max(last.scores)
    assert last.window_end == last.header.stamp != last.window_start
    stream.listener.wait_for(lambda: stream.labels[-1].data == "squat", what="the label")
    assert stream.show(Skeleton(200.0, Tracking.NOBODY)).abstain_reason == "nobody"
    stream.listener.wait_for(lambda: stream.labels[-1].data == "", what="no label")


def test_skeletons_that_cannot_be_used_are_counted_the_next_good_one_is_answered_and_silence_is_told(stream):
    bad = SkeletonMsg(layout="openpose_18", x=array("f", [0.5]))
    unknown = SkeletonMsg(layout="centaur_24", **{name: array("f", [0.5] * 24) for name in ("x", "y", "z", "confidence")})
    bad.header.stamp, unknown.header.stamp = Time(sec=50), Time(sec=51)
    before = len(stream.predictions)
    for msg in (bad, unknown):
        stream.publisher.publish(msg)
    stream.node.wait_for_line("skeleton refused: skeleton arrays of different lengths [0, 1]")
    stream.listener.wait_for(lambda: stream.report(DiagnosticStatus.OK)["rejected"] == "2", what="both to be counted")
    used = int(stream.report(DiagnosticStatus.OK)["used"])
    assert stream.show(next(squats(0.1))).abstain_reason == "too_few_frames"
    assert len(stream.predictions) == before + 1
    counters = stream.report(DiagnosticStatus.OK)
    assert (counters["message"], int(counters["used"])) == ("recognising", used + 1)
    assert stream.report(DiagnosticStatus.STALE)["message"] == "no skeletons arrive"


def test_a_model_that_is_not_there_is_one_line_and_not_tried_again(start):
    node = start("action_node", parameters={"model": "/no/such/model"})
    assert node.wait_exit() == 2
    assert "/no/such/model" in node.output and "Traceback" not in node.output
