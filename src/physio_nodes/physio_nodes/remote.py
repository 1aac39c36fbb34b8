"""Says one thing to a running robot, wherever its namespace is, and gives the answer: for `physio ask` and `physio rearm`."""

from __future__ import annotations

import argparse
import time
from collections.abc import Sequence
from contextlib import ExitStack, suppress
from typing import Any

from rclpy.client import Client
from rclpy.exceptions import InvalidNamespaceException

from physio_core.errors import ConfigError
from physio_nodes.listener import Listener

FOUND_WITHIN_S = 2.8
"""After so long, starting included, a service that is not found is not there."""
LEAST_SEARCH_S = 1.5
"""Other processes are found in tenths of a second; this long is searched even where starting took most of the time."""
NEWCOMER_S = 0.8
"""How long one newcomer to the ROS graph searches alone."""
ANSWERED_WITHIN_S = 10.0
"""A service that was found answers at once, unless its process hangs."""

_REMAPS = ("-r", "--remap")


def add_namespace(parser: argparse.ArgumentParser) -> None:
    """Add the two ways to name a namespace: ours, and ROS 2's own ``--ros-args -r __ns:=NS``."""
    parser.add_argument("--namespace", default="", metavar="NS", help="namespace of the robot, e.g. /robot1; default: none")
    parser.add_argument("--ros-args", nargs=argparse.REMAINDER, default=[], help="ROS 2's own: -r __ns:=NS; stands last")


def namespace_of(options: argparse.Namespace) -> str:
    """The namespace that was named, with its slash; empty: none was.

    Raises:
        ConfigError: another ROS argument than a namespace.
    """
    named = str(options.namespace)
    words = [word for word in options.ros_args if word not in (*_REMAPS, "--")]
    for word in words:
        if not word.startswith("__ns:="):
            raise ConfigError(f"--ros-args {word!r} means nothing here; give only: --ros-args -r __ns:=NAMESPACE")
        named = word.removeprefix("__ns:=")
    return f"/{named.strip('/')}" if named else ""


def call(kind: Any, service: str, request: Any, namespace: str, who: str, start: str, begun_s: float) -> Any:
    """Call one service once.

    Args:
        kind: type of the service.
        service: its relative name, e.g. ``coach/command``.
        request: what to say.
        namespace: where it is; empty: at the root.
        who: what answers there, e.g. ``coach``.
        start: how to start it.
        begun_s: when the command began, on the monotonic clock [s].

    Returns:
        The response.

    Raises:
        ConfigError: nobody serves it within 3 s (says where someone does), or it was found and gives no answer.
    """
    with ExitStack() as opened:
        listener, client = _find(kind, service, namespace, begun_s, opened)
        if client is None:
            raise ConfigError(_nobody(_elsewhere(listener, service), namespace, who, start))
        answer = client.call_async(request)
        try:
            listener.wait_for(answer.done, ANSWERED_WITHIN_S)
        except TimeoutError:
            raise ConfigError(f"the {who} is there, but does not answer; it hangs: end it and start it again") from None
        return answer.result()


def _find(kind: Any, service: str, namespace: str, begun_s: float, opened: ExitStack) -> tuple[Listener, Client | None]:
    """Look for a service; on a busy machine a newcomer's first announcements get lost, so newcomers are sent after it."""
    ends_s = max(begun_s + FOUND_WITHIN_S, time.monotonic() + LEAST_SEARCH_S)
    tried: list[tuple[Listener, Client]] = []
    while True:
        try:
            listener = opened.enter_context(Listener(f"physio_command_{len(tried)}", namespace or "/"))
        except InvalidNamespaceException as error:
            raise ConfigError(f"{namespace} cannot be a namespace: {' '.join(str(error).split())}") from None
        tried.append((listener, listener.node.create_client(kind, service)))
        left_s = ends_s - time.monotonic()
        with suppress(TimeoutError):
            return listener.wait_for(
                lambda: next((one for one in tried if one[1].service_is_ready()), None), min(left_s, NEWCOMER_S)
            )
        if left_s <= NEWCOMER_S:
            return tried[0][0], None  # which has seen the most


def _elsewhere(listener: Listener, service: str) -> list[str]:
    """Other namespaces where it is served; our own client is in the graph, too."""
    names = [name for name, _ in listener.node.get_service_names_and_types() if name.endswith(f"/{service}")]
    places = {name.removesuffix(f"/{service}") or "/" for name in names}
    return sorted(places - {listener.node.get_namespace()})


def _nobody(places: Sequence[str], namespace: str, who: str, start: str) -> str:
    where = f" in namespace {namespace}" if namespace else ""
    if places:
        return f"no {who}{where}; there is one in: {', '.join(places)}; name it with --namespace {places[0]}"
    return f"no {who} answers{where}; start one with: {start}"
