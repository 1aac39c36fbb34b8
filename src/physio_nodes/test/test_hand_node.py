"""hand_node as a real process: it looks at hands only while one is asked for, and the body's node rests meanwhile."""

from __future__ import annotations

import numpy as np
import pytest
from diagnostic_msgs.msg import DiagnosticArray
from sensor_msgs.msg import Image

from physio_core.motion.hand import hand_still
from physio_lab.synthetic.hand_renderer import HandRenderer
from physio_lab.synthetic.hand_scenes import HandScene
from physio_msgs.msg import CoachStatus, Hand, Skeleton
from physio_nodes.images import from_rgb
from physio_nodes.qos import DIAGNOSTICS, IMAGE_OUT, RELIABLE
from physio_nodes.stamps import to_stamp

BLACK = np.zeros((480, 640, 3), np.uint8)


@pytest.fixture(scope="module")
def left_hand():
    renderer = HandRenderer(HandScene(side="left"))
    yield next(renderer.pictures(hand_still({"thumb_cmc_flexion": -20.0}))).rgb
    renderer.close()


class Room:
    """A coach and a camera, as far as a node that estimates sees them."""

    def __init__(self, start, listener, executable):
        self.node, self.listener = start(executable), listener
        self.node.wait_for_line("subscribed to" if executable == "pose_node" else "rests until")
        self._status = listener.publisher(CoachStatus, "coach/status", RELIABLE)
        self._images = listener.publisher(Image, "camera/image_raw", IMAGE_OUT, subscribers=0)
        self._now_s = 100.0

    def show(self, rgb, kind="", side="", seconds=1.0):
        """Images at 20 Hz, and what the coach says meanwhile."""
        status = CoachStatus(state=CoachStatus.WATCH, asked="some" if kind else "", kind=kind)
        status.current_set.side = side
        for _ in range(round(seconds * 20)):
            self._now_s += 0.05
            self._status.publish(status)
            self._images.publish(from_rgb(rgb, to_stamp(self._now_s), "eye"))
            self.listener.spin(0.05)

    def show_unusable(self):
        """An image with less data than its size says."""
        header = from_rgb(BLACK, to_stamp(self._now_s), "eye").header
        self._images.publish(Image(header=header, height=480, width=640, encoding="rgb8", step=1920))


def test_a_hand_is_followed_only_while_one_is_asked_for(start, listener, left_hand):
    room = Room(start, listener, "hand_node")
    hands = listener.collect(Hand, "hand/skeleton")
    room.show(left_hand, "body")
    assert not hands
    listener.wait_for(lambda: room.show(left_hand, "hand", "left", 0.5) or any(hand.side for hand in hands), what="a hand")
    found = next(hand for hand in reversed(hands) if hand.side)
    assert (found.side, found.objection, found.skeleton.layout) == (Hand.LEFT, "", "hand_21")
    assert found.presence > 0.6 and len(found.skeleton.x) == len(found.skeleton.world_z) == 21
    assert found.skeleton.header.frame_id == "eye"
    hands.clear()
    room.show(left_hand, "hand", "right")
    assert {hand.objection for hand in hands[3:]} == {"wrong_hand"}
    hands.clear()
    room.show(BLACK, "hand", "right")
    assert hands[-1].objection == "dark"
    room.show_unusable()
    listener.wait_for(lambda: hands[-1].skeleton.status == Skeleton.DETECTOR_FAILED, what="a failure")
    assert hands[-1].objection == "detector_failed"
    reports = listener.collect(DiagnosticArray, "/diagnostics", DIAGNOSTICS)
    listener.wait_for(lambda: reports, what="diagnostics")
    counters = {item.key: item.value for item in reports[-1].status[0].values}
    assert int(counters["refused_dark"]) >= 5 and int(counters["refused_wrong_hand"]) >= 5
    room.show(left_hand, "body")
    hands.clear()
    room.show(left_hand, "body")
    assert not hands


def test_the_body_is_not_estimated_while_a_hand_is_looked_at_and_is_again_afterwards(start, listener):
    room = Room(start, listener, "pose_node")
    skeletons = listener.collect(Skeleton, "pose/skeleton")
    listener.wait_for(lambda: room.show(BLACK, "body", seconds=0.3) or skeletons, what="a skeleton")
    room.show(BLACK, "hand", seconds=0.5)
    skeletons.clear()
    room.show(BLACK, "hand", seconds=0.5)
    assert not skeletons
    listener.wait_for(lambda: room.show(BLACK, "body", seconds=0.3) or skeletons, what="a skeleton once more")
