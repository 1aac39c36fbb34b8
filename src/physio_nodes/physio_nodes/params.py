"""Declares a node's parameters from a frozen dataclass, so that default, unit, range and meaning have one home.

A parameter marked as live may be set while the node runs (``ros2 param set``). It is checked as at the start, by the same
dataclass; a refused value changes nothing. All others are read-only.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import fields, replace
from typing import Any, TypeVar

from rcl_interfaces.msg import FloatingPointRange, IntegerRange, ParameterDescriptor, SetParametersResult
from rclpy.exceptions import ParameterException
from rclpy.node import Node
from rclpy.parameter import Parameter

from physio_core.errors import ConfigError, PhysioError
from physio_core.params import Parameters, ParamInfo

P = TypeVar("P", bound=Parameters)

# ROS needs both ends of a range; an open end becomes the largest value that still prints sensibly.
_OPEN = 1e9


def declare(node: Node, config: type[P], apply: Callable[[P], None] | None = None) -> P:
    """Declare every field of ``config`` on the node and read the values that launch or the user gave.

    A list of words may come as one text, `a,b` or `[a, b]` (launch arguments do); an empty one means the default.

    Args:
        node: whose parameters they are.
        config: the dataclass.
        apply: receives the settings whenever a live one was set; raises a PhysioError to refuse them. Without it none is live.

    Raises:
        ConfigError: a value is of another type or outside its range.
    """
    values: dict[str, Any] = {}
    for item in fields(config):
        default = list(item.default) if isinstance(item.default, tuple) else item.default
        kind = Parameter.Type.STRING_ARRAY if default == [] else None
        info = item.metadata["param"]
        try:
            value = node.declare_parameter(
                item.name, kind or default, _descriptor(info, default, live=info.live and apply is not None)
            ).value
        except ParameterException as error:
            expected = info.range_text or f"{'a list' if isinstance(default, list) else type(default).__name__}, like {default!r}"
            raise ConfigError(f"parameter {item.name} must be {expected}: {' '.join(str(error).split())}") from None
        values[item.name] = _items(value or ()) or item.default if isinstance(item.default, tuple) else value
    settings = config(**values)
    if apply is not None:
        _set_live(node, settings, apply)
    return settings


def warn_of_unknown(node: Node) -> None:
    """Say which settings were given to a node that has none of that name; ROS passes over them in silence."""
    given = getattr(node, "_parameter_overrides", {})  # rclpy has no public name for them
    if unknown := sorted(name for name in given if not node.has_parameter(name) and not name.startswith("qos_overrides.")):
        node.get_logger().warning(
            f"no setting of {node.get_name()}, so without effect: {', '.join(unknown)}; see docs/parameters.md"
        )


def _set_live(node: Node, at_start: P, apply: Callable[[P], None]) -> None:
    """Let live parameters be set; rclpy itself has refused wrong types, numbers outside their range and read-only ones."""
    names = {item.name for item in fields(at_start)}
    current = at_start

    def on_set(parameters: Sequence[Parameter]) -> SetParametersResult:
        nonlocal current
        changes = {parameter.name: parameter.value for parameter in parameters if parameter.name in names}
        if not changes:
            return SetParametersResult(successful=True)
        try:
            new = replace(current, **changes)
            apply(new)
        except PhysioError as error:
            return SetParametersResult(successful=False, reason=str(error))
        current = new
        node.get_logger().info(f"set: {', '.join(f'{name} = {value!r}' for name, value in changes.items())}")
        return SetParametersResult(successful=True)

    node.add_on_set_parameters_callback(on_set)


def _items(values: Sequence[Any]) -> tuple[Any, ...]:
    if not all(isinstance(value, str) for value in values):
        return tuple(values)
    words = (word.strip() for value in values for word in value.strip("[]").split(","))
    return tuple(word for word in words if word)


def _descriptor(info: ParamInfo, default: Any, live: bool) -> ParameterDescriptor:
    descriptor = ParameterDescriptor(description=f"{info.description} [{info.unit}]" if info.unit else info.description)
    descriptor.additional_constraints = info.range_text
    descriptor.read_only = not live
    if info.low is None and info.high is None:
        return descriptor
    low = -_OPEN if info.low is None else info.low
    high = _OPEN if info.high is None else info.high
    if isinstance(default, float):
        descriptor.floating_point_range = [FloatingPointRange(from_value=float(low), to_value=float(high))]
    elif isinstance(default, int):
        descriptor.integer_range = [IntegerRange(from_value=int(low), to_value=int(high), step=1)]
    return descriptor
