"""Which exercises there are: those that ship, those that a model was taught, and a user's own; and what each still lacks.

An exercise is asked for once a file describes it and a judge can judge it. Everything that is missing is said at the start, in
one line each.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from physio_core.action.card import model_folder, read_card
from physio_core.errors import ConfigError
from physio_core.exercises.catalogue import FALLBACK_LANGUAGE, Catalogue, Exercise, load_exercises
from physio_core.judging.panel import JUDGES, Panel, Seat
from physio_core.params import Parameters, param
from physio_core.types import UNKNOWN

TAUGHT = "exercises"
"""Folder of a model with the exercises that it was taught."""


@dataclass(frozen=True)
class LibraryConfig(Parameters):
    """Where exercises come from, besides those that ship; the later of two of the same name counts."""

    model: str = param("", "Folder of the recogniser's model, with the exercises that it was taught; empty: the one that ships.")
    exercise_dir: str = param("", "Folder of further exercise files; empty: none.")


@dataclass(frozen=True)
class Library:
    """What can be coached.

    Attributes:
        exercises: by name; what no judge can judge is barred.
        labels: what the model knows.
    """

    exercises: Catalogue
    labels: tuple[str, ...]

    def lacks(self, language: str = FALLBACK_LANGUAGE) -> list[str]:
        """What is missing, one line each; nothing where all is well."""
        missing = [f"{one.name}: {one.barred}" for one in self.exercises.values() if one.barred]
        missing += [
            f"{label}: the model knows it, but no exercise file describes it, so it is never asked for; write {label}.yaml "
            "into a folder and name that as exercise_dir"
            for label in self.labels
            if label != UNKNOWN and label not in self.exercises
        ]
        missing += [
            f"{one.name}: no figure beside its file, so the screen has no picture of it; `physio action learn` draws one from "
            "clips, or write figures/" + f"{one.name}.yaml"
            for one in self.exercises.values()
            if one.figure is None
        ]
        missing += [
            f"{one.name}: no wording in {language!r}, shown in {_shown_in(one)!r}"
            for one in self.exercises.values()
            if language not in one.wording
        ]
        return missing


def load_library(config: LibraryConfig, judges: Mapping[str, Seat] = JUDGES) -> Library:
    """Everything that can be coached with a model and these judges.

    Raises:
        ConfigError: a folder that is not there, or an exercise file or figure that cannot be used.
        ModelError: no model there.
    """
    model = model_folder(config.model)
    labels = read_card(model).labels
    found = load_exercises()
    for folder in _more(model, config.exercise_dir):
        for name, one in load_exercises(folder).items():
            found[name] = replace(one, figure=one.figure or (found[name].figure if name in found else None))
    panel = Panel(judges, labels)
    return Library({name: replace(one, barred=one.barred or panel.objection(one)) for name, one in found.items()}, labels)


def _more(model: Path, exercise_dir: str) -> Sequence[Path]:
    taught = [model / TAUGHT] if any((model / TAUGHT).glob("*.yaml")) else []
    own = Path(exercise_dir).expanduser()
    if exercise_dir and not own.is_dir():
        raise ConfigError(f"exercise_dir {own.absolute()} is no folder; give one with exercise files (NAME.yaml)")
    return [*taught, own] if exercise_dir else taught


def _shown_in(exercise: Exercise) -> str:
    return FALLBACK_LANGUAGE if FALLBACK_LANGUAGE in exercise.wording else next(iter(exercise.wording))
