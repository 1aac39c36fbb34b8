"""Exercises are data: one YAML file each under ``config/exercises``, so that adding one needs no code."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from physio_core.errors import ConfigError, UnknownExercise
from physio_core.share import shared_path

VIEWS = ("front", "side", "oblique")
KINDS = ("body",)


@dataclass(frozen=True)
class Wording:
    """How one exercise is called and explained in one language."""

    title: str
    instruction: str


@dataclass(frozen=True)
class Exercise:
    """One exercise.

    Attributes:
        name: as in files, topics and model labels, e.g. ``jumping_jack``.
        kind: how it is sensed; see :data:`KINDS`.
        view: how the patient stands to the camera; see :data:`VIEWS`.
        needs: joints (without side) that must be seen on at least one side.
        wording: by language code.
    """

    name: str
    kind: str
    view: str
    needs: tuple[str, ...]
    wording: Mapping[str, Wording]

    def words(self, language: str) -> Wording:
        """Wording in a language.

        Raises:
            ConfigError: the exercise is not described in that language.
        """
        if language not in self.wording:
            raise ConfigError(f"exercise {self.name} has no wording in {language!r}; it has: {', '.join(self.wording)}")
        return self.wording[language]


Catalogue = Mapping[str, Exercise]
"""Every known exercise by name."""


def load_exercises(folder: Path | None = None) -> dict[str, Exercise]:
    """Read every exercise file of a folder, the shipped one by default.

    Raises:
        ConfigError: the folder holds none, or a file is not readable, lacks a key or holds an invalid value.
    """
    folder = folder or shared_path("config", "exercises")
    exercises = {path.stem: _read(path) for path in sorted(folder.glob("*.yaml"))}
    if not exercises:
        raise ConfigError(f"no exercise files (*.yaml) in {folder}")
    return exercises


def require(name: str, known: Catalogue) -> Exercise:
    """The exercise of that name.

    Raises:
        UnknownExercise: no file describes it.
    """
    if name not in known:
        raise UnknownExercise(name, known)
    return known[name]


def _read(path: Path) -> Exercise:
    try:
        data: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
        exercise = Exercise(
            name=path.stem,
            kind=data["kind"],
            view=data["view"],
            needs=tuple(data["needs"]),
            wording={language: Wording(**words) for language, words in data["wording"].items()},
        )
    except (OSError, yaml.YAMLError) as error:
        raise ConfigError(f"{path}: cannot be read: {error}") from error
    except (KeyError, TypeError, AttributeError) as error:
        raise ConfigError(f"{path}: needs kind, view, needs and wording with title and instruction: {error}") from error
    for key, value, valid in (("kind", exercise.kind, KINDS), ("view", exercise.view, VIEWS)):
        if value not in valid:
            raise ConfigError(f"{path}: {key} = {value!r} is not one of: {', '.join(valid)}")
    return exercise
