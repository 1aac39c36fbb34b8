"""The faults that exercises share, as data (``config/faults/body.yaml``): an exercise names one and gives its own numbers."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from physio_core.errors import ConfigError
from physio_core.exercises.definition import FaultDefinition
from physio_core.share import shared_path
from physio_core.yaml_file import check, read_yaml

SOURCES = ("angle", "measure", "timing")
"""What a fault's value may come from; one that an exercise gives takes the place of the shared one, and of its band."""
_OF_SOURCE = (*SOURCES, "phase", "statistic", "relative_to", "low", "high")


@cache
def shared_faults(path: Path | None = None) -> Mapping[str, Mapping[str, Any]]:
    """What exercises share of each fault, by name: some of the keys of a :class:`FaultDefinition`.

    Raises:
        ConfigError: the file cannot be read.
    """
    content = read_yaml(path or shared_path("config", "faults", "body.yaml"))
    return check(dict[str, dict[str, Any]], content, "config/faults/body.yaml")


def named_faults(given: Mapping[str, Mapping[str, Any] | None], where: str) -> dict[str, FaultDefinition]:
    """The faults of one exercise: what is shared of each, and the exercise's own numbers over it.

    Args:
        given: by name; nothing: as it is shared.
        where: whose they are, for the message.

    Raises:
        ConfigError: a fault that is not whole or holds an invalid value.
    """
    found = {}
    for name, own in given.items():
        if name not in shared_faults() and not any(source in (own or {}) for source in SOURCES):
            raise ConfigError(f"{where}: {name!r} is not one of: {', '.join(shared_faults())}; or give its {', '.join(SOURCES)}")
        shared = dict(shared_faults().get(name, {}))
        if any(source in (own or {}) for source in SOURCES):
            shared = {key: value for key, value in shared.items() if key not in _OF_SOURCE}
        found[name] = check(FaultDefinition, {**shared, **(own or {})}, f"{where}.{name}")
    return found
