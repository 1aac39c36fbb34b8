"""Exercises are data: one YAML file each, and beside it the figure that shows it, so that adding one needs no code."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from physio_core.errors import ConfigError, UnknownExercise
from physio_core.exercises.definition import FaultDefinition, RepetitionDefinition, Safety, View
from physio_core.exercises.faults import named_faults
from physio_core.exercises.figure import Figure, load_figures
from physio_core.exercises.hand import HandDefinition
from physio_core.exercises.kinds import KINDS
from physio_core.exercises.trajectory import TrajectoryDefinition
from physio_core.share import shared_folder
from physio_core.skeleton.angle_table import load_angles
from physio_core.skeleton.layouts import sideless
from physio_core.skeleton.measure_table import load_measures
from physio_core.yaml_file import Model, read_model

RESERVED = ("pause", "resume", "next", "stop", "pain", "effort", "patient", "ignore", "accept", "left", "right")
"""Words that are said to a session besides names of exercises."""
Kind = Literal["body", "hand", "trajectory"]
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
        view: how the patient stands to the camera: front, side or oblique.
        needs: joints (without side) that must be seen on at least one side before anything is judged.
        wording: by language code.
        figure: what shows it; None: there is no picture of it.
        barred: why it cannot be asked for; empty: it can. A file may say so itself.
        getting_ready_s: time that it takes to get into place, e.g. down to the floor [s].
        repetition: what a repetition of it is; None: whatever comes back is counted, and how well it is done is not judged.
        hand: which posture of a hand it asks for; None: it is none of a hand.
        trajectory: which path is drawn; None: none.
        looks_like: exercises that a recogniser which was not taught this one may take it for.
        faults: what can be wrong with a repetition, by name.
        safety: what to know before it is asked for.
        source: where the numbers come from.
    """

    name: str
    kind: str
    view: str
    needs: tuple[str, ...]
    wording: Mapping[str, Wording]
    figure: Figure | None = None
    barred: str = ""
    getting_ready_s: float = 0.0
    repetition: RepetitionDefinition | None = None
    hand: HandDefinition | None = None
    trajectory: TrajectoryDefinition | None = None
    looks_like: tuple[str, ...] = ()
    faults: Mapping[str, FaultDefinition] = field(default_factory=dict)
    safety: Safety = field(default_factory=Safety)
    source: str = ""

    @property
    def told(self) -> Mapping[str, FaultDefinition]:
        """Everything that may be corrected: faults of its repetitions, and postures that are taken instead of its own."""
        return {**self.faults, **(self.hand.faults if self.hand else {})}

    @property
    def counted(self) -> bool:
        """Whether it says what a complete repetition is, so that each can be told apart."""
        return any(one is not None for one in (self.repetition, self.hand, self.trajectory))

    @property
    def sided(self) -> bool:
        """Whether one side of the body can be asked for."""
        if self.hand is not None or self.trajectory is not None:
            return True
        return self.repetition is not None and self.repetition.sides != "together"

    def words(self, language: str) -> Wording:
        """Wording in a language, or else in English, or else in the first there is."""
        found = self.wording.get(language) or self.wording.get(FALLBACK_LANGUAGE)
        return found or next(iter(self.wording.values()))


Catalogue = Mapping[str, Exercise]
"""Every known exercise by name."""


class ExerciseFile(Model):
    """Everything that an exercise file may hold; what it means stands at :class:`Exercise`."""

    kind: Kind
    view: View
    needs: tuple[str, ...]
    wording: Annotated[Mapping[str, Wording], Field(min_length=1)]
    barred: str = ""
    getting_ready_s: Annotated[float, Field(ge=0.0, le=60.0)] = 0.0
    repetition: RepetitionDefinition | None = None
    hand: HandDefinition | None = None
    trajectory: TrajectoryDefinition | None = None
    looks_like: tuple[str, ...] = ()
    faults: Mapping[str, Mapping[str, Any] | None] = Field(default_factory=dict)
    safety: Safety = Safety()
    source: str = ""

    @model_validator(mode="after")
    def _joints_of_its_kind(self) -> ExerciseFile:
        joints = tuple(dict.fromkeys(map(sideless, KINDS[self.kind].joints)))
        if strange := [joint for joint in self.needs if joint not in joints]:
            raise ValueError(f"needs {strange[0]!r}, which is not one of: {', '.join(joints)}")
        if self.hand is not None and self.kind != "hand":
            raise ValueError(f"section `hand` is of exercises of kind hand, and this one is of kind {self.kind}")
        if self.trajectory is not None and self.kind != "trajectory":
            raise ValueError(f"section `trajectory` is of exercises of kind trajectory, and this one is of kind {self.kind}")
        return self


def load_exercises(folder: Path | None = None) -> dict[str, Exercise]:
    """Read every exercise file of a folder, the shipped one by default.

    Raises:
        ConfigError: the folder holds none, or a file is not readable, lacks a key or holds an invalid value.
    """
    folder = folder or shared_folder("config", "exercises")
    figures = load_figures(folder)
    for path in folder.glob("*.yaml"):
        check_name(path.stem, str(path))
    exercises = {path.stem: replace(_read(path), figure=figures.get(path.stem)) for path in sorted(folder.glob("*.yaml"))}
    if not exercises:
        raise ConfigError(f"no exercise files (*.yaml) in {folder}")
    return exercises


def check_name(name: str, where: str) -> None:
    """Refuse a name by which an exercise could not be asked for.

    Raises:
        ConfigError: other signs than small letters, digits and _, or a word that means something else when it is said.
    """
    if not re.fullmatch("[a-z][a-z0-9]*(_[a-z0-9]+)*", name):
        raise ConfigError(f"{where}: name {name!r}: use small letters, digits and _, e.g. wall_slide")
    if name.split("_")[0] in RESERVED:
        raise ConfigError(f"{where}: name {name!r} begins with a word that means something else: {', '.join(RESERVED)}")


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
    file = read_model(path, ExerciseFile)
    faults = named_faults(file.faults, f"{path}: faults")
    for name, fault in faults.items():
        _check_measured(fault.angle, fault.measure, f"{path}: faults.{name}")
    for signal in file.repetition.signals if file.repetition else ():
        _check_measured(signal.angle, signal.measure, f"{path}: repetition.signals")
    return Exercise(
        name=path.stem,
        kind=file.kind,
        view=file.view,
        needs=file.needs,
        wording=file.wording,
        barred=file.barred,
        getting_ready_s=file.getting_ready_s,
        repetition=file.repetition,
        hand=file.hand.found_beside(path) if file.hand else None,
        trajectory=file.trajectory,
        looks_like=file.looks_like,
        faults=faults,
        safety=file.safety,
        source=file.source,
    )


def _check_measured(angle: str, measure: str, where: str) -> None:
    for what, name, known in (("angle", angle, _angles()), ("measure", measure, _measures())):
        if name and name not in known:
            raise ConfigError(f"{where}: {what} {name!r} is not one of: {', '.join(known)}")


@cache
def _angles() -> tuple[str, ...]:
    return tuple(dict.fromkeys(map(sideless, load_angles())))


@cache
def _measures() -> tuple[str, ...]:
    return tuple(dict.fromkeys(map(sideless, load_measures())))
