"""Command-line options from the settings of the simulated clinic, and the words that every command reads alike."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from dataclasses import fields
from typing import Any, TypeVar

from physio_core.errors import ConfigError, UnknownExercise
from physio_core.params import Parameters, info_of
from physio_sim.params import ClinicConfig

Config = TypeVar("Config", bound=Parameters)


def add_command(
    group: Any,
    name: str,
    run: Callable[[argparse.Namespace], int],
    own: type[Parameters],
    help_text: str,
    also: Sequence[type[Parameters]] = (ClinicConfig,),
) -> argparse.ArgumentParser:
    """A sub-command with an option for each of its own settings and of others, the clinic's unless given."""
    parser: argparse.ArgumentParser = group.add_parser(name, help=help_text)
    parser.set_defaults(run=run)
    for config, item in [(of, item) for of in (own, *also) for item in fields(of)]:
        info = info_of(config, item.name)
        option = "--" + item.name.replace("_", "-")
        if isinstance(item.default, bool):
            parser.add_argument(option, action="store_true", help=info.description)
        else:
            text = f"{info.description} {info.range_text} (default: {item.default})"
            parser.add_argument(option, type=type(item.default), default=item.default, metavar="N", help=text)
    return parser


def config_of(options: argparse.Namespace, config: type[Config]) -> Config:
    """The settings of one kind that a command line holds."""
    return config(**{item.name: getattr(options, item.name) for item in fields(config)})


def names_in(text: str) -> list[str]:
    """Names with commas between them."""
    return [name.strip() for name in text.split(",")]


def exercises_in(text: str) -> list[str]:
    """Names of simulated exercises with commas between them, or ``all``.

    Raises:
        UnknownExercise: the simulated patient cannot do one of them.
    """
    from physio_core.motion.movements import EXERCISES

    names = sorted(EXERCISES) if text == "all" else names_in(text)
    for name in names:
        if name not in EXERCISES:
            raise UnknownExercise(name, EXERCISES)
    return names


def exercise_in(text: str) -> str:
    """The name of one simulated exercise.

    Raises:
        ConfigError: several are named; and what :func:`exercises_in` raises.
    """
    names = exercises_in(text)
    if len(names) > 1:
        raise ConfigError(f"--exercise {text}: one image shows one exercise; name one, such as {names[0]}")
    return names[0]
