"""A topic of images: messages between processes, the image itself between nodes of one process.

Making, sending and reading a message of a VGA image costs milliseconds. Where the node that publishes stands in the same process,
its images are handed over as they are, and a message is made only while another process subscribes.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable

import numpy as np
from rclpy.guard_condition import GuardCondition
from rclpy.node import Node
from rclpy.subscription import Subscription
from sensor_msgs.msg import Image
from std_msgs.msg import Header

from physio_core.types import Frame
from physio_nodes.images import HandedOver, from_rgb
from physio_nodes.qos import IMAGE_OUT, NEWEST
from physio_nodes.stamps import to_seconds

OnImage = Callable[[Image | HandedOver], None]

_here: dict[str, ImagePublisher] = {}
"""Publishers of this process by the full name of their topic."""


class ImagePublisher:
    """Publishes images; make it before those who listen to it in this process."""

    def __init__(self, node: Node, topic: str) -> None:
        """Offer a topic.

        Args:
            node: who publishes.
            topic: its name, as for `create_publisher`.
        """
        self._publisher = node.create_publisher(Image, topic, IMAGE_OUT)
        self.topic_name: str = self._publisher.topic_name
        self.inside: list[_Inlet] = []
        _here[self.topic_name] = self

    def publish(self, frame: Frame, header: Header) -> None:
        """Give an image to all who listen; from any thread. Nobody may change it afterwards."""
        if self.inside:
            rgb = np.ascontiguousarray(frame.rgb).view()
            rgb.flags.writeable = False
            for inlet in tuple(self.inside):
                inlet.put(HandedOver(header, Frame(to_seconds(header.stamp), rgb)))
        if self._publisher.get_subscription_count():
            self._publisher.publish(from_rgb(frame.rgb, header.stamp, header.frame_id))

    @property
    def listeners(self) -> int:
        """How many listen, inside and outside."""
        return len(self.inside) + int(self._publisher.get_subscription_count())

    def close(self) -> None:
        """Let no later node of this process wait for these images."""
        if _here.get(self.topic_name) is self:
            del _here[self.topic_name]


class ImageSubscription:
    """The newest image of a topic, in the node's executor; older ones that were not taken in time are left out."""

    def __init__(self, node: Node, topic: str, on_image: OnImage) -> None:
        """Listen to a topic, as `create_subscription` does."""
        self._node = node
        publisher = _here.get(node.resolve_topic_name(topic))
        self._inlet = None if publisher is None else _Inlet(node, publisher, on_image)
        self._messages: Subscription | None = None
        if publisher is None:
            self._messages = node.create_subscription(Image, topic, on_image, NEWEST)

    def close(self) -> None:
        """Listen no more."""
        if self._inlet is not None:
            self._inlet.close()
        if self._messages is not None:
            self._node.destroy_subscription(self._messages)


class _Inlet:
    """Where a node takes in what another one of its process gives; the guard condition wakes its executor."""

    def __init__(self, node: Node, publisher: ImagePublisher, on_image: OnImage) -> None:
        self._node, self._publisher, self._on_image = node, publisher, on_image
        self._newest: deque[HandedOver] = deque(maxlen=1)
        self._wake: GuardCondition | None = node.create_guard_condition(self._take)
        self._closing = threading.Lock()
        publisher.inside.append(self)

    def put(self, image: HandedOver) -> None:
        with self._closing:
            if self._wake is not None:
                self._newest.append(image)
                self._wake.trigger()

    def close(self) -> None:
        with self._closing:
            if self._wake is not None:
                self._publisher.inside.remove(self)
                self._node.destroy_guard_condition(self._wake)
                self._wake = None

    def _take(self) -> None:
        if self._wake is not None and self._newest:
            self._on_image(self._newest.popleft())
