"""Calls one service of a running robot, in any namespace, and returns the answer: for `physio ask`, `rearm` and `set`."""

from __future__ import annotations

import argparse
import time
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from rclpy.client import Client
from rclpy.exceptions import InvalidNamespaceException
from rclpy.validate_namespace import validate_namespace

from physio_core.errors import ConfigError
from physio_nodes.surroundings import domain_in_use
from physio_tools.listener import Listener

FOUND_WITHIN_S = 2.8
"""A service that does not answer within this time, starting included, is missing, where no ROS process runs here [s]."""
LEAST_SEARCH_S = 1.5
"""Other processes are found in tenths of a second; this long is searched even where starting took most of the time."""
CROWDED_S = 7.0
"""How much longer is searched where this machine's ROS domain is in use: under load a coach is discovered after seconds."""
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
        request: the request.
        namespace: where it is; empty: at the root.
        who: what answers there, e.g. ``coach``.
        start: how to start it.
        begun_s: when the command began, on the monotonic clock [s].

    Returns:
        The response.

    Raises:
        ConfigError: no node serves it (reported within 3 s, unless other ROS nodes run here), or it gives no answer.
    """
    crowded = domain_in_use()
    try:
        validate_namespace(namespace or "/")
    except InvalidNamespaceException as error:
        raise ConfigError(f"{namespace} cannot be a namespace: {' '.join(str(error).split())}") from None
    with Listener("physio_command", namespace or "/", []) as listener:
        client = listener.node.create_client(kind, service)
        if not _find(listener, client, begun_s, crowded):
            raise ConfigError(_missing(_elsewhere(listener, client), namespace, who, start))
        answer = client.call_async(request)
        try:
            listener.wait_for(answer.done, ANSWERED_WITHIN_S)
        except TimeoutError:
            raise ConfigError(f"the {who} is there, but does not answer; it hangs: end it and start it again") from None
        return answer.result()


def _find(listener: Listener, client: Client, begun_s: float, crowded: bool) -> bool:
    """Wait for a service: long where a process of this machine is in the ROS domain, but not seen yet."""
    with suppress(TimeoutError):
        left_s = FOUND_WITHIN_S - (time.monotonic() - begun_s)
        return bool(listener.wait_for(client.service_is_ready, max(left_s, LEAST_SEARCH_S)))
    # The ros2 command's own daemon is a process of the domain, too.
    others = set(listener.node.get_node_names()) - {listener.node.get_name()}
    only_daemon = bool(others) and all(name.startswith("_ros2cli") for name in others)
    if crowded and not only_daemon and not _elsewhere(listener, client):
        with suppress(TimeoutError):
            return bool(listener.wait_for(client.service_is_ready, CROWDED_S))
    return False


def _elsewhere(listener: Listener, client: Client) -> list[str]:
    """Other namespaces where it is served; our own client is in the graph, too."""
    here = listener.node.get_namespace()
    service = f"/{client.srv_name}"
    names = [name for name, _ in listener.node.get_service_names_and_types() if name.endswith(service)]
    return sorted({name.removesuffix(service) or "/" for name in names} - {here})


def _missing(places: Sequence[str], namespace: str, who: str, start: str) -> str:
    where = f" in namespace {namespace}" if namespace else ""
    if places:
        return f"no {who}{where}; there is one in: {', '.join(places)}; name it with --namespace {places[0]}"
    there = f" namespace:={namespace.strip('/')}" if namespace else ""
    return f"no {who} answers{where}; start one with: {start}{there}"
