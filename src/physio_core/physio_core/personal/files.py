"""What is different for a patient, kept as a file (``CODE.yaml``) that people can read, and given to a session.

::

version: 1
patient: p07
exercises:
  shoulder_abduction:
  - at: '2026-11-27T10:00:00Z'
    what: target
    side: left
    before: 1.0
    after: 0.8
    why: own_sessions
    evidence: {sessions: 3, repetitions: 24, median_extent: 0.81}
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal, cast

import yaml
from pydantic import Field, ValidationInfo, model_validator

from physio_core.errors import ConfigError, InputError
from physio_core.exercises.catalogue import Catalogue, Exercise
from physio_core.files import writing
from physio_core.params import Parameters, param
from physio_core.patient_code import PATTERN, checked_code
from physio_core.personal.adjustments import Adjustment, Personal, amiss, applied, prescribed
from physio_core.session.plan import Adapt, as_written
from physio_core.session.prescription import Prescription
from physio_core.yaml_file import Model, mistake, read_model

VERSION = 1
OWNER_ONLY = 0o600
"""It is health data, as the record is."""


class PatientFile(Model):
    """What such a file may hold.

    Attributes:
        version: of the format; another one is refused rather than guessed at.
        patient: code of whose it is.
        exercises: what was adjusted of each, oldest first.
    """

    version: Literal[1]
    patient: Annotated[str, Field(pattern=PATTERN)]
    exercises: Mapping[str, tuple[Adjustment, ...]] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _of_exercises_that_there_are(self, info: ValidationInfo) -> PatientFile:
        known: Catalogue = cast(Any, info.context)["known"]
        for name, adjustments in self.exercises.items():
            if name not in known:
                raise mistake(("exercises", name), f"is not one of: {', '.join(sorted(known))}; exercise_dir has your own")
            for index, one in enumerate(adjustments):
                if wrong := amiss(one, known[name]):
                    raise mistake(("exercises", name, index, wrong[0]), wrong[1])
        return self


@dataclass(frozen=True)
class PersonalConfig(Parameters):
    """Where it is kept what is different for each patient."""

    personal_dir: str = param("", "Folder with what was learnt of each patient (`physio records personal`); empty: none.")


def personal_path(folder: Path, patient: str) -> Path:
    """The file of a patient.

    Raises:
        InputError: it is no patient's code.
    """
    return folder / f"{checked_code(patient)}.yaml"


def read_personal(folder: Path, patient: str, known: Catalogue) -> dict[str, Personal]:
    """What is different for a patient, by exercise; nothing where there is no file.

    Raises:
        ConfigError: the file cannot be used, or names an exercise or a fault that there is not; the message has the line.
        InputError: it is no patient's code.
    """
    path = personal_path(folder, patient)
    if not path.exists():
        return {}
    content = read_model(path, PatientFile, {"known": known})
    if content.patient != patient:
        raise ConfigError(f"{path}: is of patient {content.patient}; name it {content.patient}.yaml")
    return {name: Personal(adjustments) for name, adjustments in content.exercises.items()}


def write_personal(folder: Path, patient: str, exercises: Mapping[str, Personal]) -> Path:
    """Write it whole or not at all; gives the file.

    Raises:
        InputError: it is no patient's code.
        OutputError: it cannot be written; what was there stays.
    """
    path = personal_path(folder, patient)
    content = {
        "version": VERSION,
        "patient": patient,
        "exercises": {
            name: [one.model_dump(mode="json", exclude_defaults=True) for one in personal.adjustments]
            for name, personal in exercises.items()
        },
    }
    with writing(path) as part:
        part.touch(OWNER_ONLY)
        with part.open("w", encoding="utf-8") as file:
            yaml.safe_dump(content, file, sort_keys=False)
            file.flush()
            os.fsync(file.fileno())  # else a power cut could leave the name without the content
    return path


def adapt_from(config: PersonalConfig, known: Catalogue, warn: Callable[[str], None]) -> Adapt:
    """How exercises are for each patient, as the files say when an exercise begins.

    Args:
        config: where they are.
        known: every exercise.
        warn: is told of a file that became unusable since; its patient's exercises are then as written.

    Raises:
        ConfigError: no such folder, or a file that cannot be used.
    """
    if not config.personal_dir:
        return as_written
    folder = Path(config.personal_dir).expanduser()
    if not folder.is_dir():
        raise ConfigError(f"personal_dir {folder.absolute()} is no folder; `physio records personal learn CODE` makes one")
    try:
        for path in sorted(folder.glob("*.yaml")):
            read_personal(folder, path.stem, known)
    except InputError as error:
        raise ConfigError(f"{path}: {error}") from error

    def adapt(wanted: Prescription, exercise: Exercise, patient: str) -> tuple[Prescription, Exercise]:
        try:
            personal = read_personal(folder, patient, known).get(wanted.exercise) if patient else None
        except (ConfigError, InputError) as error:
            warn(f"{error}; {wanted.exercise} is as its file says")
            return wanted, exercise
        if personal is None:
            return wanted, exercise
        return prescribed(wanted, personal), applied(exercise, personal, wanted.limits)

    return adapt
