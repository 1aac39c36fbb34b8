"""The options of an evaluation as a setup; what would fail at the end of a long run fails here."""

from __future__ import annotations

import argparse
import math
from dataclasses import asdict, fields
from typing import Any

from physio_core.action.model import Model, load_model
from physio_core.action.recogniser import Recogniser, RecogniserConfig
from physio_core.errors import ConfigError, InputError
from physio_lab.evaluation.evaluate import Setup
from physio_lab.evaluation.verdict import ClipConfig


def prepared(options: argparse.Namespace, usual: Setup) -> tuple[Setup, Model]:
    """The setup with what ``--set`` changes, and its model.

    Raises:
        InputError: fewer than one worker, or a rate that is none.
        ConfigError: no such setting, a value that it cannot have, or a joint that the model does not have.
        ModelError: the model cannot be used.
    """
    if options.workers < 1:
        raise InputError(f"--workers {options.workers} must be 1 or more")
    fps = getattr(options, "fps", 0.0)
    if not (math.isfinite(fps) and fps >= 0.0):
        raise InputError(f"--fps {fps:g} must be images a second, or 0 for all")
    setup = _changed(usual, options.settings)
    model = load_model(setup.model)
    Recogniser(model, setup.recogniser)  # refuses a joint that the model does not have
    return setup, model


def _changed(setup: Setup, settings: list[str]) -> Setup:
    changed: dict[str, dict[str, Any]] = {"recogniser": asdict(setup.recogniser), "clip": asdict(setup.clip)}
    for setting in settings:
        name, _, value = setting.partition("=")
        group = next((one for one in changed.values() if name in one), None)
        if group is None:
            known = ", ".join(item.name for config in (RecogniserConfig, ClipConfig) for item in fields(config))
            raise ConfigError(f"--set {setting}: no setting {name!r}; known: {known}")
        group[name] = _parsed(setting, value, group[name])
    return Setup(setup.model, RecogniserConfig(**changed["recogniser"]), ClipConfig(**changed["clip"]))


def _parsed(setting: str, value: str, like: Any) -> Any:
    if isinstance(like, tuple):
        return tuple(value.split(",")) if value else ()
    try:
        return type(like)(float(value)) if isinstance(like, (int, float)) else value
    except ValueError:
        raise ConfigError(f"--set {setting}: {value!r} is no number") from None
