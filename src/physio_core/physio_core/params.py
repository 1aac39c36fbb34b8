"""One home for every parameter: its default, unit, range and meaning stand in one frozen dataclass field.

ROS nodes declare from it, command lines read it, `docs/parameters.md` is generated from it::

    @dataclass(frozen=True)
    class WindowConfig(Parameters):
        length_s: float = param(4.0, "Time the network looks back.", unit="s", low=1.0, high=20.0)
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, field, fields
from typing import Any

from physio_core.errors import ConfigError


@dataclass(frozen=True)
class ParamInfo:
    """Description of one parameter: unit, range and meaning.

    ``live``: it may be changed while the node runs; all others are read once, at the start.
    """

    description: str
    unit: str = ""
    low: float | None = None
    high: float | None = None
    choices: tuple[str, ...] = ()
    live: bool = False

    @property
    def range_text(self) -> str:
        """The valid values in words, e.g. ``0.1 .. 2.0 s``; empty when every value is valid."""
        if self.choices:
            return ", ".join(self.choices)
        if self.low is None:
            text = "" if self.high is None else f"at most {self.high:g}"
        else:
            text = f"at least {self.low:g}" if self.high is None else f"{self.low:g} .. {self.high:g}"
        return f"{text} {self.unit}".strip() if text else ""

    def allows(self, number: float) -> bool:
        """Whether a number lies in the range."""
        return not ((self.low is not None and number < self.low) or (self.high is not None and number > self.high))


def param(
    default: Any,
    description: str,
    *,
    unit: str = "",
    low: float | None = None,
    high: float | None = None,
    choices: Sequence[str] = (),
    live: bool = False,
) -> Any:
    """Dataclass field of a parameter; lists are given as tuples, and one that is empty by default is a list of names."""
    return field(default=default, metadata={"param": ParamInfo(description, unit, low, high, tuple(choices), live)})


def as_argument(name: str, value: Any) -> str:
    """A parameter as ROS 2 takes it on a command line, ``name:=value``, on one line of ASCII with any text in it.

    JSON is YAML and keeps text apart from numbers, but for signs beyond 16 bits and control characters, which ROS 2 refuses.

    Raises:
        ConfigError: text with bytes that are no UTF-8, such as a file name of another encoding.
    """
    text = json.dumps(value, ensure_ascii=False)
    try:
        text.encode()
    except UnicodeEncodeError:
        raise ConfigError(f"parameter {name}: {value!a} is not UTF-8, as ROS wants it; rename the file") from None
    return f"{name}:=" + re.sub("[^ -~]", lambda sign: f"\\U{ord(sign[0]):08x}", text)


def info_of(config: type[Parameters] | Parameters, name: str) -> ParamInfo:
    """The :class:`ParamInfo` of one field."""
    for item in fields(config):
        if item.name == name:
            return item.metadata["param"]  # type: ignore[no-any-return]
    raise ConfigError(f"unknown parameter {name!r}; known: {', '.join(item.name for item in fields(config))}")


@dataclass(frozen=True)
class Parameters:
    """Base of all parameter sets: refuses values of another type, outside the range or not finite, and says why."""

    def __post_init__(self) -> None:
        """Check every field."""
        for item in fields(self):
            _check(item.name, getattr(self, item.name), item.default, item.metadata["param"])


def _check(name: str, value: Any, default: Any, info: ParamInfo) -> None:
    values = value if isinstance(value, tuple) else (value,)
    if isinstance(default, tuple) != isinstance(value, tuple):
        raise ConfigError(f"{name} = {value!r} must be a {'list' if isinstance(default, tuple) else 'single value'}")
    kind = next(iter(default), "") if isinstance(default, tuple) else default
    for item in values:
        if not _same_kind(item, kind):
            raise ConfigError(f"{name} = {item!r} must be of type {type(kind).__name__}")
        if isinstance(item, float) and math.isnan(item):
            raise ConfigError(f"{name} = {item!r} is not a number")
        if info.choices and item not in info.choices:
            raise ConfigError(f"{name} = {item!r} is not one of: {info.range_text}")
        if isinstance(item, (int, float)) and not info.allows(item):
            raise ConfigError(f"{name} = {item!r} is outside {info.range_text}")


def _same_kind(value: Any, default: Any) -> bool:
    if isinstance(default, float):
        return isinstance(value, (int, float)) and not isinstance(value, bool)
    return type(value) is type(default)
