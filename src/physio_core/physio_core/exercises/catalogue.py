"""Exercises are data: one YAML file each, and beside it the figure that shows it, so that adding one needs no code."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import yaml

from physio_core.errors import ConfigError, UnknownExercise
from physio_core.exercises.figure import Figure, load_figures
from physio_core.share import shared_folder
from physio_core.skeleton.layouts import HAND_21, OPENPOSE_18, Layout, sideless

VIEWS = ("front", "side", "oblique")
KEYS = ("kind", "view", "needs", "wording", "getting_ready_s", "barred")
"""Everything that an exercise file may hold."""
KINDS: Mapping[str, Layout] = {"body": OPENPOSE_18, "hand": HAND_21, "trajectory": OPENPOSE_18}
"""How an exercise is sensed, each with the joints it may need; which can be judged: :mod:`physio_core.judging.panel`."""
FALLBACK_LANGUAGE = "en"


@dataclass(frozen=True)
class Wording:
    """How one exercise is called and explained in one language.

    Attributes:
        title: as a heading, e.g. ``Squat``.
        instruction: what to do, one or two short sentences.
        called: within a sentence, with its article, e.g. ``a squat``; empty: as the title.
    """

    title: str
    instruction: str
    called: str = ""


@dataclass(frozen=True)
class Exercise:
    """One exercise.

    Attributes:
        name: as in files, topics and model labels, e.g. ``jumping_jack``.
        kind: how it is sensed; see :data:`KINDS`.
        view: how the patient stands to the camera; see :data:`VIEWS`.
        needs: joints (without side) that must be seen on at least one side before anything is judged.
        wording: by language code.
        figure: what shows it; None: there is no picture of it.
        barred: why it cannot be asked for; empty: it can. A file may say so itself.
        getting_ready_s: time that it takes to get into place, e.g. down to the floor [s].
    """

    name: str
    kind: str
    view: str
    needs: tuple[str, ...]
    wording: Mapping[str, Wording]
    figure: Figure | None = None
    barred: str = ""
    getting_ready_s: float = 0.0

    def words(self, language: str) -> Wording:
        """Wording in a language, or else in English, or else in the first there is."""
        found = self.wording.get(language) or self.wording.get(FALLBACK_LANGUAGE)
        return found or next(iter(self.wording.values()))


Catalogue = Mapping[str, Exercise]
"""Every known exercise by name."""


def load_exercises(folder: Path | None = None) -> dict[str, Exercise]:
    """Read every exercise file of a folder, the shipped one by default.

    Raises:
        ConfigError: the folder holds none, or a file is not readable, lacks a key or holds an invalid value.
    """
    folder = folder or shared_folder("config", "exercises")
    figures = load_figures(folder)
    exercises = {path.stem: replace(_read(path), figure=figures.get(path.stem)) for path in sorted(folder.glob("*.yaml"))}
    if not exercises:
        raise ConfigError(f"no exercise files (*.yaml) in {folder}")
    return exercises


def require(name: str, known: Catalogue) -> Exercise:
    """The exercise of that name.

    Raises:
        UnknownExercise: no file describes it.
        ConfigError: it cannot be asked for.
    """
    if name not in known:
        raise UnknownExercise(name, known)
    if known[name].barred:
        raise ConfigError(f"cannot ask for {name}: {known[name].barred}")
    return known[name]


def askable(known: Catalogue) -> tuple[str, ...]:
    """Names of the exercises that can be asked for."""
    return tuple(name for name, exercise in known.items() if not exercise.barred)


def _read(path: Path) -> Exercise:
    try:
        data: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
        exercise = Exercise(
            name=path.stem,
            kind=str(data["kind"]),
            view=str(data["view"]),
            needs=tuple(data["needs"]),
            wording={language: Wording(**words) for language, words in data["wording"].items()},
            barred=str(data.get("barred", "")),
            getting_ready_s=float(data.get("getting_ready_s", 0.0)),
        )
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise ConfigError(f"{path}: cannot be read: {error}") from error
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise ConfigError(f"{path}: needs kind, view, needs and wording with title and instruction: {error}") from error
    if unknown := [str(key) for key in data if key not in KEYS]:
        raise ConfigError(f"{path}: {unknown[0]!r} is not one of: {', '.join(KEYS)}")
    if not 0.0 <= exercise.getting_ready_s <= 60.0:
        raise ConfigError(f"{path}: getting_ready_s = {exercise.getting_ready_s:g} is outside 0 .. 60 s")
    if not exercise.wording:
        raise ConfigError(f"{path}: wording is empty; give title and instruction in a language, e.g. {FALLBACK_LANGUAGE}")
    for key, value, valid in (("kind", exercise.kind, KINDS), ("view", exercise.view, VIEWS)):
        if value not in valid:
            raise ConfigError(f"{path}: {key} = {value!r} is not one of: {', '.join(valid)}")
    joints = tuple(dict.fromkeys(map(sideless, KINDS[exercise.kind].joints)))
    if strange := [joint for joint in exercise.needs if joint not in joints]:
        raise ConfigError(f"{path}: needs {strange[0]!r}, which is not one of: {', '.join(joints)}")
    return exercise
