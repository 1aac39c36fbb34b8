"""Paths of the hand for other programs: what is asked for and what was drawn goes out, and what is to be drawn next comes in."""

from __future__ import annotations

from collections.abc import Callable

from nav_msgs.msg import Path
from std_msgs.msg import String

from physio_core.errors import InputError
from physio_core.session.events import Event, EventKind
from physio_core.session.status import State, Status
from physio_core.trajectories.drawing import PathWanted
from physio_core.trajectories.trajectory import Trajectory
from physio_nodes.convert_drawings import path_from_msg, path_to_msg
from physio_nodes.qos import LATCHED, RELIABLE
from physio_nodes.shell import Shell
from physio_nodes.stamps import to_seconds


class PathPort:
    """Offers `path/ideal`, `path/next` and `path/drawn`, takes `path/wanted` or says why not, for the session's node."""

    def __init__(self, node: Shell, want: Callable[[PathWanted], None]) -> None:
        """Offer the topics; ``want`` raises InputError where it refuses a path."""
        self._node, self._want = node, want
        self._drawing = False
        self._shown: dict[str, Trajectory | None] = {"ideal": None, "next": None}
        self._latched = {name: node.create_publisher(Path, f"path/{name}", LATCHED) for name in self._shown}
        self._drawn = node.create_publisher(Path, "path/drawn", RELIABLE)
        self._refused = node.create_publisher(String, "path/refused", RELIABLE)
        node.create_subscription(Path, "path/wanted", self._on_wanted, RELIABLE)

    def take(self, event: Event) -> None:
        """Follow what happens in the session."""
        paths = event.judgement.paths
        if event.kind is EventKind.REPETITION and paths and paths.drawn and self._drawn.get_subscription_count():
            self._drawn.publish(path_to_msg(paths.drawn))

    def tell(self, status: Status) -> None:
        """Publish what is asked for where that is new and there is a subscriber; a path without poses: none is any more."""
        paths = status.paths
        self._drawing = status.state is State.WATCH and paths is not None
        for name, path in {"ideal": paths.ideal if paths else None, "next": paths.asked if paths else None}.items():
            publisher = self._latched[name]
            if path is not self._shown[name] and publisher.get_subscription_count():  # hundreds of poses take milliseconds
                self._shown[name] = path
                now_s = self._node.get_clock().now().nanoseconds * 1e-9
                publisher.publish(path_to_msg(path, now_s) if path else Path())

    def _on_wanted(self, msg: Path) -> None:
        try:
            path = path_from_msg(msg)
            if not self._drawing:
                raise InputError("no path is asked for now; send it while `path/next` has poses, in the patient's turn")
            self._want(PathWanted(to_seconds(msg.header.stamp), path))
        except InputError as error:
            self._node.refuse("path", error)
            self._refused.publish(String(data=str(error)))
