"""What nodes share: counters at a steady rate, parameters declared from one dataclass, and one quality of service per kind."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
import rclpy
from diagnostic_msgs.msg import DiagnosticArray
from rclpy.context import Context
from rclpy.node import Node
from rclpy.qos import DurabilityPolicy, QoSCompatibility, ReliabilityPolicy, qos_check_compatible

from physio_core.errors import ConfigError
from physio_core.params import Parameters, param
from physio_nodes import qos
from physio_nodes.diagnostics import WARN, Diagnostics
from physio_nodes.params import declare


@dataclass(frozen=True)
class Settings(Parameters):
    """One of each kind."""

    on: bool = param(True, "A switch.")
    count: int = param(3, "How many.", low=1, high=9)
    reach_m: float = param(0.5, "How far.", unit="m", low=0.0)
    kind: str = param("a", "Which.", choices=["a", "b"])
    names: tuple[str, ...] = param((), "Who.")
    sides: tuple[str, ...] = param(("left", "right"), "Which sides.")


@pytest.fixture
def node_with(ros_domain):
    """Makes nodes that were given parameters as on a command line."""
    context, made = Context(), []
    rclpy.init(context=context, args=[])

    def make(*settings: str) -> Node:
        words = [word for setting in settings for word in ("-p", setting)]
        made.append(Node("tried", context=context, cli_args=["--ros-args", *words] if words else []))
        return made[-1]

    yield make
    for node in made:
        node.destroy_node()
    rclpy.try_shutdown(context=context)


def test_what_is_not_given_has_its_default(node_with):
    assert declare(node_with(), Settings) == Settings()


@pytest.mark.parametrize("given", ["names:=[squat, lunge]", "names:=['squat,lunge']", "names:=['[squat, lunge]']"])
def test_a_list_of_words_may_come_as_one_text(node_with, given):
    assert declare(node_with(given), Settings).names == ("squat", "lunge")


def test_a_list_that_is_left_empty_means_the_default(node_with):
    made = declare(node_with("names:=['']", "sides:=['[]']"), Settings)
    assert (made.names, made.sides) == ((), ("left", "right"))


@pytest.mark.parametrize(
    ("given", "complaint"),
    [
        ("count:=10", r"parameter count must be 1 \.\. 9: "),
        ("count:=many", r"parameter count must be 1 \.\. 9: "),
        ("reach_m:=-0.1", "parameter reach_m must be at least 0 m: "),
        ("reach_m:=1", "parameter reach_m must be at least 0 m: "),
        ("reach_m:=.nan", "reach_m"),
        ("kind:=c", "kind = 'c' is not one of: a, b"),
        ("kind:=5", "parameter kind must be a, b: "),
        ("on:=5", "parameter on must be bool, like True: "),
        ("sides:=up", r"parameter sides must be a list, like \['left', 'right'\]: "),
    ],
)
def test_what_cannot_be_meant_is_refused_in_one_line_that_says_what_can(node_with, given, complaint):
    with pytest.raises(ConfigError, match=complaint) as refused:
        declare(node_with(given), Settings)
    assert "\n" not in str(refused.value)


def test_each_parameter_is_described_with_its_unit_and_range_and_is_read_only(node_with):
    node = node_with()
    declare(node, Settings)
    reach, count, on = (node.describe_parameter(name) for name in ("reach_m", "count", "on"))
    assert (reach.description, reach.additional_constraints, reach.read_only) == ("How far. [m]", "at least 0 m", True)
    assert (reach.floating_point_range[0].from_value, reach.floating_point_range[0].to_value) == (0.0, 1e9)
    assert (count.integer_range[0].from_value, count.integer_range[0].to_value, count.integer_range[0].step) == (1, 9, 1)
    assert (on.description, list(on.integer_range), list(on.floating_point_range)) == ("A switch.", [], [])


def test_diagnostics_are_asked_for_at_their_period_and_say_who_speaks(node_with):
    node = node_with()
    heard: list[DiagnosticArray] = []
    node.create_subscription(DiagnosticArray, "/diagnostics", heard.append, qos.DIAGNOSTICS)
    Diagnostics(node, lambda: (WARN, "one eye is shut", {"images": 7, "rate_hz": 29.5}), period_s=0.02)
    executor = rclpy.executors.SingleThreadedExecutor(context=node.context)
    executor.add_node(node)
    while len(heard) < 2:
        executor.spin_once(timeout_sec=1.0)
    executor.shutdown()
    (status,) = heard[0].status
    assert (status.level, status.name, status.message) == (WARN, "/tried", "one eye is shut")
    assert {item.key: item.value for item in status.values} == {"images": "7", "rate_hz": "29.5"}
    assert heard[0].header.stamp.sec > 0


@pytest.mark.parametrize(
    ("offered", "wanted"),
    [
        ("IMAGE_OUT", "NEWEST"),
        ("NEWEST_OUT", "SENSOR"),
        ("SENSOR_OUT", "SENSOR"),
        ("SENSOR_OUT", "RELIABLE"),
        ("IMAGE_OUT", "RELIABLE"),
        ("LATCHED", "RELIABLE"),
        ("HISTORY", "HISTORY"),
        ("LATCHED", "LATCHED"),
    ],
)
def test_who_reads_hears_who_writes(offered, wanted):
    match, reason = qos_check_compatible(getattr(qos, offered), getattr(qos, wanted))
    assert match != QoSCompatibility.ERROR, reason
    # What the check says where it must not match, so that it is known to tell.
    assert qos_check_compatible(qos.NEWEST, qos.RELIABLE)[0] == QoSCompatibility.ERROR


def test_the_newest_alone_is_kept_where_a_queue_would_be_latency_and_all_events_for_who_comes_late():
    assert (qos.NEWEST.depth, qos.NEWEST.reliability) == (1, ReliabilityPolicy.BEST_EFFORT)
    assert (qos.NEWEST_OUT.depth, qos.IMAGE_OUT.depth) == (1, 1)
    assert {profile.durability for profile in (qos.LATCHED, qos.HISTORY)} == {DurabilityPolicy.TRANSIENT_LOCAL}
    assert (qos.LATCHED.depth, qos.HISTORY.depth) == (1, 100)
