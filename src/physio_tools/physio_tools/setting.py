"""`physio set NODE NAME VALUE`: changes a live setting of a running node, for machines without the `ros2` command."""

from __future__ import annotations

import argparse
import re
import time

import yaml
from rcl_interfaces.srv import SetParameters
from rclpy.parameter import Parameter
from rclpy.serialization import serialize_message

from physio_core.errors import ConfigError
from physio_tools.remote import add_namespace, call, namespace_of

_NODE = re.compile(r"([A-Za-z_]\w*/)*[A-Za-z_]\w*", re.ASCII)


def add_commands(commands: argparse._SubParsersAction[argparse.ArgumentParser], name: str) -> None:
    """Add `physio set`."""
    parser = commands.add_parser(name, help="change a live setting of a running node, e.g.: physio set coach language de")
    parser.add_argument("node", help="coach, screen, voice, action ... as docs/parameters.md names them")
    parser.add_argument("setting", metavar="NAME", help="one that is marked live in docs/parameters.md")
    parser.add_argument("value", help="as in a params_file: de, 0.7, true")
    add_namespace(parser)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Set it once.

    Raises:
        ConfigError: no such node answers, it refuses and says why, or the value is none that ROS knows.
    """
    node, name, begun_s = str(options.node).strip("/"), str(options.setting), time.monotonic()
    if not _NODE.fullmatch(node):
        raise ConfigError(f"{options.node!r} cannot be a node; name one as docs/parameters.md does, e.g. coach")
    try:
        wanted = Parameter(name, value=yaml.safe_load(options.value)).to_parameter_msg()
        serialize_message(wanted)
    except (yaml.YAMLError, TypeError, ValueError, AssertionError, SystemError, OverflowError) as error:
        raise ConfigError(f"{name} = {options.value!r} is no text, number, true or false, or list of one of these") from error
    request = SetParameters.Request(parameters=[wanted])
    place, start = namespace_of(options), "physio launch coach.launch.yaml"
    answer = call(SetParameters, f"{node}/set_parameters", request, place, f"node {node}", start, begun_s).results[0]
    if not answer.successful:
        raise ConfigError(f"{node} keeps its {name}: {answer.reason}")
    print(f"{node} {name} = {options.value}")
    return 0
