"""The options of an evaluation as a setup; what would fail at the end of a long run fails here."""

from __future__ import annotations

import argparse
import math
from collections.abc import Sequence
from dataclasses import asdict, fields
from typing import Any, TypeVar

from physio_core.action.model import Model, load_model
from physio_core.action.recogniser import Recogniser, RecogniserConfig
from physio_core.errors import ConfigError, InputError
from physio_core.params import Parameters
from physio_lab.evaluation.evaluate import Setup

_SWITCH = {"true": True, "false": False, "1": True, "0": False}

First = TypeVar("First", bound=Parameters)
Second = TypeVar("Second", bound=Parameters)


def prepared(options: argparse.Namespace, usual: Setup) -> tuple[Setup, Model]:
    """The setup with what ``--set`` changes, and its model.

    Raises:
        InputError: fewer than one worker, or an invalid rate.
        ConfigError: no such setting, a value that it cannot have, or a joint that the model does not have.
        ModelError: the model cannot be used.
    """
    recogniser, clip = changed(options.settings, usual.recogniser, usual.clip)
    return Setup(usual.model, recogniser, clip), checked_model(options, usual.model, recogniser)


def checked_model(options: argparse.Namespace, folder: str, recogniser: RecogniserConfig) -> Model:
    """The model of an evaluation whose other options can be used.

    Raises:
        InputError: fewer than one worker, or an invalid rate.
        ConfigError: the recogniser needs a joint that the model does not have.
        ModelError: the model cannot be used.
    """
    if options.workers < 1:
        raise InputError(f"--workers {options.workers} must be 1 or more")
    fps = getattr(options, "fps", 0.0)
    if not (math.isfinite(fps) and fps >= 0.0):
        raise InputError(f"--fps {fps:g} must be images a second, or 0 for all")
    model = load_model(folder)
    Recogniser(model, recogniser)  # refuses a joint that the model does not have
    return model


def changed(settings: Sequence[str], first: First, second: Second) -> tuple[First, Second]:
    """Two groups of settings with what ``NAME=VALUE`` changes in one of them.

    Raises:
        ConfigError: no such setting, or a value that it cannot have.
    """
    values = [asdict(first), asdict(second)]
    for setting in settings:
        name, _, value = setting.partition("=")
        group = next((one for one in values if name in one), None)
        if group is None:
            known = ", ".join(item.name for config in (first, second) for item in fields(config))
            raise ConfigError(f"--set {setting}: no setting {name!r}; known: {known}")
        group[name] = _parsed(setting, value, group[name])
    return type(first)(**values[0]), type(second)(**values[1])


def _parsed(setting: str, value: str, like: Any) -> Any:
    if isinstance(like, tuple):
        return tuple(value.split(",")) if value else ()
    if isinstance(like, bool):
        if value.lower() not in _SWITCH:
            raise ConfigError(f"--set {setting}: {value!r} is not one of: {', '.join(_SWITCH)}")
        return _SWITCH[value.lower()]
    try:
        return type(like)(value) if isinstance(like, (int, float)) else value
    except ValueError:
        raise ConfigError(f"--set {setting}: {value!r} is no {'whole ' * isinstance(like, int)}number") from None
