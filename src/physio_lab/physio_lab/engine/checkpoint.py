"""Weights beside their recipe on disk: written whole or not at all, and continued only by the same recipe."""

from __future__ import annotations

import dataclasses
import io
import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import torch
from torch import nn

from physio_core.errors import ModelError
from physio_core.files import write_bytes
from physio_lab.engine.config import WORDS, R, Recipe
from physio_lab.engine.files import weights_file
from physio_lab.engine.state import load, not_finite

Read = Callable[[Any, str], R]
"""Reads a task's recipe from dictionaries, given what to call it in an error."""

RECIPE, STATE, GIVEN = "recipe", "state_dict", "given"
_NEUTRAL = {"optimiser": ("workers", "threads", "val_batches"), "transfer": ("init_weight",), "validation": ("every",)}
"""Settings that do not decide what is learnt; ``init_weight`` comes after. What is validated on decides where it may stop."""


def recipe_text(recipe: Recipe) -> str:
    """The recipe as it is kept beside weights."""
    return json.dumps(dataclasses.asdict(recipe), sort_keys=True)


def differences(file: Path, recipe: R, given: Mapping[str, Any], read: Read[R]) -> list[str]:
    """What a checkpoint was made with that is otherwise now, e.g. ``network.channels [8, 8], now [16]``.

    Left out is what does not decide the weights: words, processor cores, how much is measured. What an older version did not
    know yet counts as its default.

    Args:
        file: the checkpoint.
        recipe: the one now.
        given: what decides the weights besides the recipe, as plain values.
        read: the task's reader of recipes.

    Raises:
        ModelError: no such file, damaged, or something else.
        ConfigError: a recipe that this version does not know.
    """
    kept = read_checkpoint(file)
    before = kept.get(GIVEN, {})
    known = {key: value for key, value in given.items() if key in before}
    found = _differences(_deciding(read(json.loads(kept[RECIPE]), str(file))), _deciding(recipe), "")
    return [*found, *_differences({key: before[key] for key in known}, known, "")]


def _deciding(recipe: Recipe) -> Any:
    values = json.loads(recipe_text(recipe))
    watched = recipe.validation.patience or recipe.validation.choose == "best"
    for section, neutral in _NEUTRAL.items():
        kept = ("val_batches", "every") if watched else ()
        values[section] = {key: value for key, value in values[section].items() if key not in neutral or key in kept}
    return {key: value for key, value in values.items() if key not in WORDS}


def _differences(one: Any, other: Any, where: str) -> list[str]:
    if isinstance(one, dict) and isinstance(other, dict):
        keys = sorted(set(one) | set(other))
        return [text for key in keys for text in _differences(one.get(key), other.get(key), f"{where}.{key}".lstrip("."))]
    return [] if one == other else [f"{where} {one!r}, now {other!r}"]


def write_whole(content: Mapping[str, Any], path: Path) -> None:
    """Save weights and what goes with them so that an interruption or a full disk leaves the old file as it was.

    Raises:
        OutputError: nothing can be written there.
        ModelError: weights that are not finite, which nobody could go on from.
    """
    if name := not_finite(content[STATE]):
        raise ModelError(f"{name} holds numbers that are not finite: the training diverged; give it a lower learning rate")
    buffer = io.BytesIO()
    torch.save(dict(content), buffer)
    write_bytes(path, buffer.getbuffer())


def save_weights(network: nn.Module, recipe: Recipe, path: Path) -> None:
    """Write a network's weights and its recipe; errors as :func:`write_whole`."""
    write_whole({RECIPE: recipe_text(recipe), STATE: network.state_dict()}, path)


def read_checkpoint(file: Path) -> dict[str, Any]:
    """What a training or :func:`save_weights` wrote.

    Raises:
        ModelError: no such file, damaged, or something else.
    """
    state = load(file)
    if not isinstance(state, dict) or not {RECIPE, STATE} <= set(state) or not _is_json(state[RECIPE]):
        raise ModelError(f"{file} was not written by this version of `physio train`; delete it to start again")
    return state


def _is_json(text: Any) -> bool:
    try:
        json.loads(text)
    except (TypeError, ValueError):
        return False
    return True


def recipe_in(path: str | Path, read: Read[R]) -> R:
    """The recipe by which weights were made.

    Args:
        path: model folder, weights or checkpoint.
        read: the task's reader of recipes.

    Raises:
        ModelError: no such file, or one that `physio train` did not write.
        ConfigError: a recipe that this version does not know.
    """
    file = weights_file(path)
    return read(json.loads(read_checkpoint(file)[RECIPE]), str(file))
