"""A programme is data: one file for a patient, who is a code and never a name.

::

patient: p07
title: Shoulder, after the operation
starts: 2026-11-02
ends: 2026-12-31
limits: {pain_stop: 6, most_repetitions: 12}
days:
- weekdays: [monday, wednesday, friday]
exercises:
- {exercise: shoulder_abduction, side: left, sets: 2, repetitions: 8, rest_s: 60}
- {exercise: sit_to_stand, repetitions: 5, limits: {least_extent: 0.8}}
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal, cast

from pydantic import AfterValidator, ConfigDict, Field, StrictFloat, StrictInt, ValidationInfo, model_validator

from physio_core.errors import ConfigError
from physio_core.exercises.catalogue import Catalogue
from physio_core.params import Parameters, param
from physio_core.patient_code import PATTERN
from physio_core.session.plan import Due, Today
from physio_core.session.prescription import Limits, Prescription
from physio_core.session.requests import check
from physio_core.types import Side
from physio_core.yaml_file import Model, read_model

Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
WEEKDAYS: tuple[Weekday, ...] = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def _known(limits: Mapping[str, int | float]) -> Mapping[str, int | float]:
    names = [one.name for one in fields(Limits)]
    if strange := [name for name in limits if name not in names]:
        raise ValueError(f"{strange[0]!r} is not one of: {', '.join(names)}")
    Limits(**cast(Any, limits))
    return limits


Allowed = Annotated[Mapping[str, StrictInt | StrictFloat], AfterValidator(_known)]
"""What a therapist allows, as far as it differs; see :class:`~physio_core.session.prescription.Limits`."""


class Entry(Model):
    """One exercise of a day; see :class:`~physio_core.session.prescription.Prescription`."""

    exercise: str
    sets: int = 1
    repetitions: int = 0
    seconds: float = 0.0
    side: Side = Side.NONE
    rest_s: float = math.nan
    extent: float = 1.0
    limits: Allowed = Field(default_factory=dict)

    model_config = ConfigDict(allow_inf_nan=True)

    @model_validator(mode="after")
    def _can_be_asked_for(self, info: ValidationInfo) -> Entry:
        wanted = self.prescription({})
        if info.context:
            check(wanted, info.context["known"])
        return self

    def prescription(self, limits: Allowed) -> Prescription:
        """What is asked for, within the programme's limits and its own.

        Raises:
            ConfigError: a number that makes no sense.
        """
        own: dict[str, Any] = {**limits, **self.limits}
        return Prescription(
            self.exercise, self.sets, self.repetitions, self.seconds, self.side, self.rest_s, self.extent, Limits(**own)
        )


class Day(Model):
    """What is to be done on some days of the week; ``weekdays`` left out: on every day."""

    weekdays: Annotated[tuple[Weekday, ...], Field(min_length=1)] = WEEKDAYS
    exercises: Annotated[tuple[Entry, ...], Field(min_length=1)]


def _once(days: tuple[Day, ...]) -> tuple[Day, ...]:
    named = [weekday for day in days for weekday in day.weekdays]
    if twice := [weekday for weekday in WEEKDAYS if named.count(weekday) > 1]:
        raise ValueError(f"{twice[0]} stands twice; put its exercises together")
    return days


class Programme(Model):
    """A therapist's plan for one patient.

    Attributes:
        patient: code of whom it is for.
        title: for people.
        starts: first day; none: at once.
        ends: last day; none: without an end.
        limits: of all its exercises.
        days: what is to be done when; a day of the week stands once.
    """

    patient: Annotated[str, Field(pattern=PATTERN)]
    title: str = ""
    starts: date | None = None
    ends: date | None = None
    limits: Allowed = Field(default_factory=dict)
    days: Annotated[tuple[Day, ...], Field(min_length=1), AfterValidator(_once)]

    @model_validator(mode="after")
    def _makes_sense(self) -> Programme:
        if self.starts and self.ends and self.ends < self.starts:
            raise ValueError(f"ends = {self.ends} is before starts = {self.starts}")
        for day in self.days:
            for entry in day.exercises:
                entry.prescription(self.limits)
        return self

    def limits_of(self, exercise: str) -> Limits | None:
        """What is allowed for an exercise, the narrower where it stands twice; None: it is not in the programme."""
        entries = (entry for day in self.days for entry in day.exercises if entry.exercise == exercise)
        allowed = [entry.prescription(self.limits).limits for entry in entries]
        if not allowed:
            return None
        least = max(one.least_extent for one in allowed)
        most = max(min(one.most_extent for one in allowed), least)
        return replace(allowed[0], least_extent=least, most_extent=most)

    def due(self, today: date) -> Today:
        """What is to be done on a day; nothing: a day of rest, or outside of the programme's time."""
        limits = Limits(**cast(Any, self.limits))
        if (self.starts and today < self.starts) or (self.ends and today > self.ends):
            return Today((), limits)
        weekday = WEEKDAYS[today.weekday()]
        found = (entry for day in self.days if weekday in day.weekdays for entry in day.exercises)
        return Today(tuple(entry.prescription(self.limits) for entry in found), limits)


@dataclass(frozen=True)
class ProgrammeConfig(Parameters):
    """Where programmes come from."""

    programme_dir: str = param("", "Folder with therapists' programmes, a file for each patient; empty: none.")


Programmes = Mapping[str, Programme]
"""By the patient's code."""


def read_programme(path: Path, known: Catalogue) -> Programme:
    """One programme.

    Raises:
        ConfigError: the file cannot be used, or an exercise cannot be asked for.
    """
    return read_model(path, Programme, {"known": known})


def load_programmes(folder: Path, known: Catalogue) -> dict[str, Programme]:
    """Every programme of a folder, by patient; errors as :func:`programme_files`."""
    return {patient: programme for patient, (programme, _) in programme_files(folder, known).items()}


def programme_files(folder: Path, known: Catalogue) -> dict[str, tuple[Programme, Path]]:
    """Every programme of a folder with its file, by patient.

    Raises:
        ConfigError: no such folder, a file that cannot be used, or two for one patient.
    """
    if not folder.is_dir():
        raise ConfigError(f"programme_dir {folder.absolute()} is no folder; give one with programmes (NAME.yaml)")
    found: dict[str, tuple[Programme, Path]] = {}
    for path in sorted(folder.glob("*.yaml")):
        programme = read_programme(path, known)
        if programme.patient in found:
            raise ConfigError(f"{path}: {found[programme.patient][1].name} is for patient {programme.patient} too; keep one")
        found[programme.patient] = programme, path
    return found


def due_today(programmes: Programmes, patient: str, today: date) -> Today:
    """What a patient is to do today; nothing: a day of rest.

    Raises:
        ConfigError: there is no programme for the patient.
    """
    if patient not in programmes:
        raise ConfigError(f"no programme for patient {patient!r}; there is one for: {', '.join(sorted(programmes)) or 'nobody'}")
    return programmes[patient].due(today)


def due_from(config: ProgrammeConfig, known: Catalogue) -> Due:
    """What each patient is to do on the day that it is asked, read once from the folder.

    Raises:
        ConfigError: a programme that cannot be used.
    """
    programmes = load_programmes(Path(config.programme_dir).expanduser(), known) if config.programme_dir else {}
    return lambda patient: due_today(programmes, patient, date.today())
