"""Subscribes and publishes from inside a test or a command, and waits for events instead of sleeping."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from types import TracebackType
from typing import TypeVar

import rclpy
from rclpy.context import Context
from rclpy.executors import SingleThreadedExecutor
from rclpy.node import Node
from rclpy.publisher import Publisher
from rclpy.qos import QoSProfile
from rclpy.signals import SignalHandlerOptions

from physio_nodes.qos import RELIABLE
from physio_nodes.surroundings import own_domain, provide_log_folder

M = TypeVar("M")
T = TypeVar("T")
WAIT_S = 30.0
"""How long something may take on a busy machine [s]."""


class Listener:
    """A node inside another program that collects messages and publishes; spins only while a caller waits.

    Use as ``with Listener() as listener``, or in tests take the fixture ``listener``.
    """

    def __init__(self, name: str = "listener", namespace: str = "", arguments: Sequence[str] | None = None) -> None:
        """Join the ROS graph in a context of its own.

        Args:
            name: of the node.
            namespace: of the node.
            arguments: command line that ROS reads; the process's own by default.

        Raises:
            ConfigError: ROS_DOMAIN_ID is not a domain.
        """
        own_domain()
        provide_log_folder()
        self._context = Context()
        rclpy.init(args=arguments, context=self._context, signal_handler_options=SignalHandlerOptions.NO)
        self.node = Node(name, context=self._context, namespace=namespace or None)
        self._executor = SingleThreadedExecutor(context=self._context)
        self._executor.add_node(self.node)

    def __enter__(self) -> Listener:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None) -> None:
        """Leave the graph."""
        self.close()

    def collect(self, kind: type[M], topic: str, qos: QoSProfile = RELIABLE) -> list[M]:
        """A list that grows by each message of the topic from now on."""
        messages: list[M] = []
        self.node.create_subscription(kind, topic, messages.append, qos)
        return messages

    def publisher(self, kind: type, topic: str, qos: QoSProfile = RELIABLE, subscribers: int = 1) -> Publisher:
        """A publisher that ``subscribers`` nodes are already subscribed to."""
        publisher = self.node.create_publisher(kind, topic, qos)
        self.wait_for(lambda: publisher.get_subscription_count() >= subscribers, what=f"{subscribers} subscriber(s) of {topic}")
        return publisher

    def wait_for(self, ready: Callable[[], T], timeout_s: float = WAIT_S, what: str = "") -> T:
        """Spin until ``ready()`` is true and give its result; TimeoutError with ``what`` after ``timeout_s``."""
        deadline = time.monotonic() + timeout_s
        while not (result := ready()):
            left_s = deadline - time.monotonic()
            if left_s <= 0.0:
                raise TimeoutError(f"waited {timeout_s} s in vain for {what or 'an event'}")
            self._executor.spin_once(timeout_sec=min(left_s, 0.1))
        return result

    def spin(self, duration_s: float) -> None:
        """Spin for a while, to see that something does not happen."""
        deadline = time.monotonic() + duration_s
        while (left_s := deadline - time.monotonic()) > 0.0:
            self._executor.spin_once(timeout_sec=left_s)

    def close(self) -> None:
        """Leave the graph."""
        self._executor.shutdown()
        self.node.destroy_node()
        rclpy.try_shutdown(context=self._context)
