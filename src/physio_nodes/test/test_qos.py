"""Whoever subscribes hears: with rclpy's defaults, as RViz and `ros2 topic echo` do, and as a sensor's reader does."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from rclpy.qos import QoSCompatibility, QoSProfile, qos_check_compatible, qos_profile_sensor_data

import physio_nodes
import physio_sim
from physio_nodes import qos, transforms

FILES = [file for package in (physio_nodes, physio_sim) for file in sorted(Path(package.__file__).parent.glob("*.py"))]

PASSED_ON = "qos"
"""The argument of a publisher that others make."""


def offers(file: Path) -> list[tuple[str, str]]:
    """Where a file makes a publisher, and the name of its quality of service."""
    calls = [node for node in ast.walk(ast.parse(file.read_text())) if isinstance(node, ast.Call)]
    offered = [call.args[-1] for call in calls if ast.unparse(call.func).endswith(("create_publisher", "NearPublisher"))]
    return [(f"{file.name}:{one.lineno}", ast.unparse(one)) for one in offered if ast.unparse(one) != PASSED_ON]


@pytest.mark.parametrize("reader", [QoSProfile(depth=10), qos_profile_sensor_data], ids=["defaults", "sensor"])
def test_every_topic_is_offered_so_that_its_readers_hear_it(reader):
    offered = {where: {**vars(qos), **vars(transforms)}[name] for file in FILES for where, name in offers(file)}
    assert len(offered) > 20
    refused = {where for where, offer in offered.items() if qos_check_compatible(offer, reader)[0] == QoSCompatibility.ERROR}
    assert not refused
