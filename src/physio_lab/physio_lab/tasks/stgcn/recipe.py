"""Reads a recipe for recognition from a YAML file, and refuses what makes no sense; no torch here."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from physio_core.errors import ConfigError
from physio_core.types import UNKNOWN
from physio_lab.augment.compose import Compose
from physio_lab.engine.recipe import read_yaml, recipe_from, section_from
from physio_lab.tasks.stgcn.config import SetConfig, StgcnRecipe


def load_recipe(path: str | Path) -> StgcnRecipe:
    """Read a recipe.

    Raises:
        ConfigError: no such file, not YAML, an unknown key or a value out of range.
    """
    return stgcn_recipe(read_yaml(Path(path)), str(path))


def stgcn_recipe(data: Any, where: str) -> StgcnRecipe:
    """A recipe from nested dictionaries, as YAML or :func:`dataclasses.asdict` give them.

    Args:
        data: the recipe.
        where: what to call it in an error.

    Raises:
        ConfigError: an unknown key, a value of another kind or out of range, or sequences shorter than the network's receptive
            field.
    """
    return _long_enough(where, recipe_from(StgcnRecipe, data, where, {"labels": _labels, "sets": _sets, "augment": _augment}))


def _labels(where: str, labels: Any) -> tuple[str, ...]:
    if not isinstance(labels, (list, tuple)) or not all(isinstance(label, str) for label in labels):
        raise ConfigError(f"{where}: labels: {labels!r} must be a list of names such as [squat, {UNKNOWN}], a number in quotes")
    if UNKNOWN not in labels or len(set(labels)) < max(2, len(labels)):
        raise ConfigError(f"{where}: labels {list(labels)} must be different and hold {UNKNOWN!r}")
    return tuple(labels)


def _augment(where: str, items: Any) -> tuple[Any, ...]:
    try:
        Compose.from_recipe(items)
    except ConfigError as error:
        raise ConfigError(f"{where}: {error}") from error
    return tuple(items or ())


def _long_enough(where: str, recipe: StgcnRecipe) -> StgcnRecipe:
    frames, needed = recipe.synthetic.frames, recipe.network.receptive_field
    if frames < needed and recipe.network.family != "published":
        raise ConfigError(
            f"{where}: synthetic.frames = {frames}, but the network looks back on {needed} frames (the sum of "
            f"(kernel - 1) * dilation, plus pool); give sequences {needed} frames or more, or the "
            "network a shorter receptive field"
        )
    return recipe


def _sets(where: str, items: Any) -> tuple[SetConfig, ...]:
    if not isinstance(items or (), (list, tuple)):
        raise ConfigError(f"{where}: sets: {items!r} must be a list of sets, each with a path")
    found = tuple(section_from(where, f"sets[{i}]", SetConfig, item) for i, item in enumerate(items or ()))
    total = sum(one.share for one in found)
    if total > 1 + 1e-9:
        raise ConfigError(f"{where}: the shares of the sets add up to {total:g}; together they are at most 1")
    return found
