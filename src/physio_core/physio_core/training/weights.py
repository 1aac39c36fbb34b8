"""Weights beside their recipe on disk: written whole or not at all, and taken over by another network."""

from __future__ import annotations

import dataclasses
import io
import json
import pickle
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch
from torch import nn

from physio_core.errors import ConfigError, ModelError
from physio_core.training.checkpoint import load_state, read_state
from physio_core.training.config import TrainingConfig, training_from

CHECKPOINT, WEIGHTS = "checkpoint.pt", "weights.pt"
RECIPE, STATE = "recipe", "state_dict"


def recipe_text(config: TrainingConfig) -> str:
    """The recipe as it is kept beside weights."""
    return json.dumps(dataclasses.asdict(config), sort_keys=True)


def differences(one: str, other: str) -> list[str]:
    """Where two recipes, as :func:`recipe_text` gives them, disagree, e.g. ``network.widths [8, 8], now [16]``."""
    return _differences(json.loads(one), json.loads(other), "")


def _differences(one: Any, other: Any, where: str) -> list[str]:
    if isinstance(one, dict) and isinstance(other, dict):
        keys = sorted(set(one) | set(other))
        return [text for key in keys for text in _differences(one.get(key), other.get(key), f"{where}.{key}".lstrip("."))]
    return [] if one == other else [f"{where} {one!r}, now {other!r}"]


def write_whole(content: Mapping[str, Any], path: Path) -> None:
    """Save with torch so that an interruption or a full disk leaves the old file as it was.

    Raises:
        ConfigError: nothing can be written there.
    """
    buffer, fresh = io.BytesIO(), path.with_name(path.name + ".new")
    torch.save(dict(content), buffer)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        fresh.write_bytes(buffer.getbuffer())
        fresh.replace(path)
    except OSError as error:
        fresh.unlink(missing_ok=True)
        raise unwritable(path, error) from error


def unwritable(path: Path, error: OSError) -> ConfigError:
    """What to say when a file of a training cannot be written."""
    return ConfigError(
        f"cannot write {path}: {error.strerror or error}; make room there, then run the same command again: "
        "it goes on from the last checkpoint"
    )


def save_weights(network: nn.Module, config: TrainingConfig, path: Path) -> None:
    """Write a network's weights and its recipe; errors as :func:`write_whole`."""
    write_whole({RECIPE: recipe_text(config), STATE: network.state_dict()}, path)


def weights_file(path: str | Path) -> Path:
    """The file that is meant by a model folder, a work folder of a training or a file."""
    file = Path(path).expanduser()
    found = [file / name for name in (WEIGHTS, CHECKPOINT) if (file / name).is_file()]
    if file.is_dir() and not found:
        raise ModelError(f"{file} holds neither {WEIGHTS} nor {CHECKPOINT}; train the model again: physio train writes them")
    return found[0] if found else file


def read_checkpoint(file: Path) -> dict[str, Any]:
    """What a training or :func:`save_weights` wrote.

    Raises:
        ModelError: no such file, truncated, or something else.
    """
    try:
        state = torch.load(file, map_location="cpu", weights_only=True)
    except FileNotFoundError:
        raise ModelError(f"no weights at {file}") from None
    except (OSError, EOFError, RuntimeError, ValueError, KeyError, pickle.UnpicklingError) as error:
        raise ModelError(f"{file} is truncated or no checkpoint: {error!s:.200}; delete it to start anew") from error
    if not isinstance(state, dict) or not {RECIPE, STATE} <= set(state):
        raise ModelError(f"{file} was not written by this version of `physio train`; delete it to start anew")
    return state


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
