"""Weights beside their recipe on disk: written whole or not at all, and taken over by another network."""

from __future__ import annotations

import dataclasses
import io
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch
from torch import nn

from physio_core.errors import ConfigError, ModelError
from physio_core.files import write_bytes
from physio_lab.training.checkpoint import load, load_state, not_finite, read_state
from physio_lab.training.config import WORDS, TrainingConfig
from physio_lab.training.files import weights_file
from physio_lab.training.recipe import training_from

RECIPE, STATE, GIVEN = "recipe", "state_dict", "given"
_NEUTRAL = {"optimiser": ("workers", "threads", "check_batches"), "transfer": ("keep",)}
"""Settings that do not decide what is learnt; ``keep`` comes after."""


def recipe_text(config: TrainingConfig) -> str:
    """The recipe as it is kept beside weights."""
    return json.dumps(dataclasses.asdict(config), sort_keys=True)


def differences(file: Path, config: TrainingConfig, given: Mapping[str, Any]) -> list[str]:
    """What a checkpoint was made with that is otherwise now, e.g. ``network.widths [8, 8], now [16]``.

    Left out is what does not decide the weights: words, processor cores, how much is measured. What an older version did not
    know yet counts as its default.

    Args:
        file: the checkpoint.
        config: the recipe now.
        given: what decides the weights besides the recipe, as plain values.

    Raises:
        ModelError: no such file, damaged, or something else.
        ConfigError: a recipe that this version does not know.
    """
    kept = read_checkpoint(file)
    before = kept.get(GIVEN, {})
    known = {key: value for key, value in given.items() if key in before}
    found = _differences(_deciding(training_from(json.loads(kept[RECIPE]), str(file))), _deciding(config), "")
    return [*found, *_differences({key: before[key] for key in known}, known, "")]


def _deciding(config: TrainingConfig) -> Any:
    recipe = json.loads(recipe_text(config))
    for section, neutral in _NEUTRAL.items():
        recipe[section] = {key: value for key, value in recipe[section].items() if key not in neutral}
    return {key: value for key, value in recipe.items() if key not in WORDS}


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
        raise ModelError(f"{name} holds numbers that are not finite: the training diverged; give it a lower rate")
    buffer = io.BytesIO()
    torch.save(dict(content), buffer)
    write_bytes(path, buffer.getbuffer())


def save_weights(network: nn.Module, config: TrainingConfig, path: Path) -> None:
    """Write a network's weights and its recipe; errors as :func:`write_whole`."""
    write_whole({RECIPE: recipe_text(config), STATE: network.state_dict()}, path)


def read_checkpoint(file: Path) -> dict[str, Any]:
    """What a training or :func:`save_weights` wrote.

    Raises:
        ModelError: no such file, damaged, or something else.
    """
    state = load(file)
    if not isinstance(state, dict) or not {RECIPE, STATE} <= set(state) or not _is_json(state[RECIPE]):
        raise ModelError(f"{file} was not written by this version of `physio train`; delete it to start anew")
    return state


def _is_json(text: Any) -> bool:
    try:
        json.loads(text)
    except (TypeError, ValueError):
        return False
    return True


def recipe_in(path: str | Path) -> TrainingConfig:
    """The recipe by which weights were made.

    Raises:
        ModelError: no such file, or one that `physio train` did not write.
        ConfigError: a recipe that this version does not know.
    """
    file = weights_file(path)
    return training_from(json.loads(read_checkpoint(file)[RECIPE]), str(file))


def start_from(network: nn.Module, labels: tuple[str, ...], path: str | Path) -> tuple[str, ...]:
    """Take over the body of earlier weights, and of their head the rows of labels that both networks know.

    Args:
        network: the new one.
        labels: its classes.
        path: model folder, weights or checkpoint, of this program or of the published network.

    Returns:
        Labels whose rows of the head were taken over.

    Raises:
        ModelError: no such file, or a body of another family or shape.
    """
    file = weights_file(path)
    old = read_state(file)
    load_state(network, old, file, transfer=True)
    own = network.state_dict()
    head = {name: value for name, value in own.items() if name.startswith("head.")}
    last = sorted(head)[-1].rsplit(".", 1)[0]
    if not all(name in old and old[name].shape[1:] == value.shape[1:] for name, value in head.items()):
        return ()  # published networks, or one more layer than before
    try:
        old_labels = recipe_in(file).labels
    except (ModelError, ConfigError):
        return ()
    shared = tuple(label for label in labels if label in old_labels)
    for name, value in head.items():
        if name.startswith(last):
            rows = [labels.index(label) for label in shared]
            value[rows] = old[name][[old_labels.index(label) for label in shared]]
        elif shared:
            value.copy_(old[name])
    network.load_state_dict(own)
    return shared
