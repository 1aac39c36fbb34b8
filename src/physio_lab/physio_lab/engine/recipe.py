"""Reads what `physio train` is to do from a YAML file, and refuses what makes no sense; no torch here.

A task says which settings its recipes have by a dataclass: every field that is a set of parameters is a section of the file.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import fields
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeVar

import yaml

from physio_core.errors import ConfigError
from physio_core.params import Parameters
from physio_lab.engine.config import WORDS, R

Section = TypeVar("Section", bound=Parameters)
Reader = Callable[[str, Any], Any]
"""Reads one value of a recipe, given what to call the recipe in an error; None: the recipe does not have it."""

_SEEDS = 2**31


def read_yaml(path: Path, above: tuple[Path, ...] = ()) -> dict[str, Any]:
    """A recipe as dictionaries, laid over the one that it names as its base.

    Raises:
        ConfigError: no such file, not YAML, empty or no settings, or a recipe that is its own base.
    """
    if path in above:
        raise ConfigError(f"{path} is its own base, by way of {above[-1]}")
    try:
        data = yaml.safe_load(path.read_text())
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise ConfigError(f"cannot read the recipe {path}: {error}") from error
    if not isinstance(data, dict):
        holds = "is empty" if data is None else f"holds {data!r:.40}"
        raise ConfigError(f"{path} {holds}; a recipe is settings, one a line: name: mine, labels: [squat, unknown] ...")
    if "base" not in data:
        return data
    return laid_over(read_yaml(path.parent / str(data.pop("base")), (*above, path)), data)


def laid_over(base: Mapping[str, Any], data: Mapping[str, Any]) -> dict[str, Any]:
    """One recipe with what another says differently, section by section."""
    both = {**base, **data}
    return {
        key: laid_over(base[key], value) if isinstance(value, dict) and isinstance(base.get(key), dict) else value
        for key, value in both.items()
    }


def recipe_from(kind: type[R], data: Any, where: str, own: Mapping[str, Reader] = MappingProxyType({})) -> R:
    """A recipe from nested dictionaries, as YAML or :func:`dataclasses.asdict` give them.

    Args:
        kind: the task's recipe.
        data: what was read.
        where: what to call it in an error.
        own: readers of the task's fields that are no sections.

    Raises:
        ConfigError: an unknown key, or a value of another kind or out of range.
    """
    known = [item.name for item in fields(kind)]
    if not isinstance(data, dict) or set(data) - set(known):
        wrong = ", ".join(sorted(map(str, set(data) - set(known)))) if isinstance(data, dict) else type(data).__name__
        raise ConfigError(f"{where}: unexpected {wrong}; a recipe has: {', '.join(known)}")
    values: dict[str, Any] = {**data, "name": _name(where, data.get("name"))}
    values |= {name: read(where, data.get(name)) for name, read in own.items()}
    _check_words_and_seed(where, data)
    for item in fields(kind):
        section: Any = item.default_factory
        if isinstance(section, type) and issubclass(section, Parameters):
            given = data.get(item.name)
            values[item.name] = section_from(where, item.name, section, {} if given is None else given)
    return kind(**values)


def _name(where: str, name: Any) -> str:
    if not isinstance(name, str) or not re.fullmatch(r"\w[\w. -]*", name):
        raise ConfigError(f"{where}: name {name!r}: use letters, digits, _ . and -, no dot first: folders are called so")
    return name


def _check_words_and_seed(where: str, data: Mapping[str, Any]) -> None:
    for name in WORDS:
        if not isinstance(data.get(name, ""), str):
            raise ConfigError(f"{where}: {name}: {data[name]!r} must be text; put it in quotes")
    seed = data.get("seed", 0)
    if type(seed) is not int or not 0 <= seed < _SEEDS:
        raise ConfigError(f"{where}: seed: {seed!r} must be a whole number of 0 .. {_SEEDS - 1}")


def section_from(where: str, name: str, section: type[Section], values: Any) -> Section:
    """One section of a recipe; a setting by the name it had before (``section.renamed``) is read as by its new one.

    Raises:
        ConfigError: an unknown setting, one under both its names, or a value of another kind or out of range.
    """
    known = [item.name for item in fields(section)]
    renamed: Mapping[str, str] = getattr(section, "renamed", {})
    if not isinstance(values, dict) or set(values) - set(known) - set(renamed):
        raise ConfigError(f"{where}: {name}: {values!r}; known settings: {', '.join(known)}")
    if twice := [old for old, new in renamed.items() if old in values and new in values]:
        raise ConfigError(f"{where}: {name}: {twice[0]!r} is called {renamed[twice[0]]!r} now; give one of them")
    current = {renamed.get(key, key): value for key, value in values.items()}
    try:
        return section(**{key: tuple(value) if isinstance(value, list) else value for key, value in current.items()})
    except ConfigError as error:
        raise ConfigError(f"{where}: {name}: {error}") from error
