"""humans_node as a real process: markers in the camera's frame; without hri_msgs one line says what is missing."""

from __future__ import annotations

from importlib.util import find_spec

import numpy as np
from builtin_interfaces.msg import Time
from visualization_msgs.msg import Marker

from physio_core.types import Skeleton, Tracking
from physio_msgs.msg import Skeleton as SkeletonMsg
from physio_nodes.convert import skeleton_to_msg
from physio_nodes.qos import SENSOR_OUT

BODY = Skeleton(
    stamp_s=5.0,
    status=Tracking.TRACKED,
    layout="openpose_18",
    points=np.column_stack([np.arange(18) / 20.0, np.full(18, 0.5), np.zeros(18)]).astype(np.float32),
    confidence=np.full(18, 0.9, np.float32),
    body_id="b1",
    width_px=640,
    height_px=480,
)
NOBODY = Skeleton(6.0, Tracking.NOBODY)


def test_bones_are_drawn_before_the_camera_and_vanish_with_the_person(start, listener):
    node = start("humans_node", parameters={"distance_m": 2.0})
    markers = listener.collect(Marker, "pose/markers")
    skeletons = listener.publisher(SkeletonMsg, "pose/skeleton", SENSOR_OUT)
    listener.wait_for(lambda: listener.node.count_publishers("pose/markers"), what="pose/markers")

    def show(skeleton):
        skeletons.publish(skeleton_to_msg(skeleton, Time(sec=5), "eye"))
        return markers

    listener.wait_for(lambda: show(BODY), what="a marker")
    assert (markers[-1].header.frame_id, markers[-1].header.stamp.sec, markers[-1].type) == ("eye", 5, Marker.LINE_LIST)
    assert len(markers[-1].points) == 2 * 17 and {point.z for point in markers[-1].points} == {2.0}
    listener.wait_for(lambda: show(NOBODY)[-1].action == Marker.DELETEALL, what="its end")
    assert node.stop() == 0
    assert find_spec("hri_msgs") or "hri_msgs is not installed" in node.output
