"""Other sets' names for what a model names: one map for each set that is known, and what a person adds to it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from physio_core.errors import ConfigError
from physio_core.types import UNKNOWN
from physio_lab.evaluation.index import known_as

CLASS_MAPS: dict[str, dict[str, str]] = {
    "penn": {"pushup": "push_up", "pullup": "pull_up", "jumping_jacks": "jumping_jack"},
    "ui_prmd": {"deep_squat": "squat", "inline_lunge": "lunge", "side_lunge": "lunge"},
}
"""By the name of the set's format: the set's classes that a model has under another name. A class that no map names is the
model's class of the same spelling; where it has none, ``unknown``."""


def class_map(usual: str, wishes: Sequence[str]) -> dict[str, str]:
    """What classes of a set are called.

    Args:
        usual: format of the set; its map, if there is one, goes first.
        wishes: ``OLD=NEW``, or the name of a map.

    Raises:
        ConfigError: neither of both.
    """
    names = dict(CLASS_MAPS.get(usual, {}))
    for wish in wishes:
        old, equals, new = wish.partition("=")
        if not equals and wish in CLASS_MAPS:
            names |= CLASS_MAPS[wish]
        elif old and new:
            names[old] = new
        else:
            raise ConfigError(f"--map {wish!r}: write OLD=NEW, or the name of a map: {', '.join(CLASS_MAPS)}")
    return names


def check_map(names: Mapping[str, str], wishes: Iterable[str], of_set: Iterable[str], of_model: Sequence[str] = ()) -> None:
    """Refuse a wish that does nothing.

    Args:
        names: from :func:`class_map`.
        wishes: what it was made of.
        of_set: classes of the set.
        of_model: those that the model has; none: there is no model, and any name will do.

    Raises:
        ConfigError: ``OLD`` is no class of the set, or ``NEW`` none of the model.
    """
    held = set(of_set)
    for old in (wish.partition("=")[0] for wish in wishes if "=" in wish):
        if old not in held:
            raise ConfigError(f"--map {old}={names[old]}: the set has no class {old!r}; it has {', '.join(sorted(held))}")
        if of_model and known_as(names[old], (*of_model, UNKNOWN)) == UNKNOWN != names[old]:
            raise ConfigError(f"--map {old}={names[old]}: the model has no class {names[old]!r}; it has {', '.join(of_model)}")
