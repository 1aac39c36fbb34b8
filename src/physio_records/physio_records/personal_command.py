"""`physio records personal`: what the coach does differently for one patient; learnt from the record, shown, rolled back."""

from __future__ import annotations

import argparse
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from math import isfinite
from pathlib import Path
from statistics import median
from typing import Any

from physio_core.assessment.repetition import Outcome
from physio_core.errors import InputError
from physio_core.exercises.catalogue import Catalogue
from physio_core.judging.library import LibraryConfig, load_library
from physio_core.patient_code import checked_code
from physio_core.personal.adjustments import Personal, rolled_back
from physio_core.personal.files import personal_path, read_personal, write_personal
from physio_core.personal.learning import SessionSummary, Word, learnt
from physio_core.programme.programme import read_programme
from physio_core.session.prescription import Limits
from physio_core.types import Side
from physio_records import upkeep_commands
from physio_records.entries import Action, Scope
from physio_records.store.history import ExerciseSet, SessionRecord, read_sessions
from physio_records.store.place import database_url, personal_folder
from physio_records.store.store import Store

ACTIONS = ("show", "learn", "rollback")


def add_command(commands: Any) -> None:
    """Add the command to the group."""
    one = upkeep_commands.add(commands, "personal", "show, learn or roll back what the coach does differently for a patient", run)
    one.add_argument("action", choices=ACTIONS)
    one.add_argument("patient", help="code, e.g. p01; never a name")
    one.add_argument("--exercise", default="", metavar="NAME", help="of one exercise (rollback: needed where there are more)")
    one.add_argument("--programme", type=Path, metavar="FILE", help="learn: within the limits of this programme of the patient")
    one.add_argument("--exercise-dir", default="", metavar="DIR", help="further exercise files, as the coach has them")
    one.add_argument("--count", type=int, default=1, metavar="N", help="rollback: how many, newest first (default: 1)")


def run(options: argparse.Namespace) -> int:
    """Do it.

    Raises:
        ConfigError: the patient's file, the programme or an exercise cannot be used.
        InputError: there is no such patient, exercise or adjustment, or the patient does not agree to a record.
        OutputError: the record cannot be read, or the file not be written now.
    """
    checked_code(options.patient)
    folder = personal_folder(database_url(options.database))
    exercises = load_library(LibraryConfig(exercise_dir=options.exercise_dir)).exercises
    known = read_personal(folder, options.patient, exercises)
    if options.action == "learn":
        return _learn(options, folder, known, exercises)
    return (_show if options.action == "show" else _rollback)(options, folder, known)


def _show(options: argparse.Namespace, folder: Path, known: Mapping[str, Personal]) -> int:
    chosen = {name: one for name, one in known.items() if options.exercise in ("", name) and one.adjustments}
    if not chosen:
        print(f"nothing is different for {options.patient}{_of(options.exercise)}")
        return 0
    print(personal_path(folder, options.patient))
    for name, personal in chosen.items():
        for one in personal.adjustments:
            print(f"{name}: {one}")
    return 0


def _learn(options: argparse.Namespace, folder: Path, known: Mapping[str, Personal], exercises: Catalogue) -> int:
    limits = _limits(options, exercises)
    with Store(options.database) as store:
        sessions = read_sessions(store, patient=options.patient)
        if not store.agreed(options.patient, Scope.RECORD):
            raise InputError(f"{options.patient} does not agree to a record; physio records consent notes it")
    after, news = dict(known), False
    for name in dict.fromkeys(made.exercise for session in sessions for made in session.sets):
        if name not in exercises or options.exercise not in ("", name):
            continue
        before = known.get(name, Personal())
        found = learnt(summaries(sessions, name), exercises[name], limits.get(name, Limits()), before)
        for one in found:
            print(f"{name}: {one}")
        if found:
            after[name], news = before.extended(found), True
    if not news:
        print(f"nothing new to learn of {options.patient}{_of(options.exercise)}")
        return 0
    print(f"wrote {write_personal(folder, options.patient, after)}; the coach takes it from its folder (personal_dir)")
    return 0


def _rollback(options: argparse.Namespace, folder: Path, known: Mapping[str, Personal]) -> int:
    there = [name for name, one in known.items() if one.active]
    if options.exercise not in there and (options.exercise or len(there) != 1):
        raise InputError(f"say --exercise; something is different for {options.patient} in: {', '.join(there) or 'none'}")
    name = options.exercise or there[0]
    left = rolled_back(known[name], options.count)
    write_personal(folder, options.patient, {**known, name: left})
    for one in known[name].active[len(left.active) :]:
        print(f"rolled back {name}: {one}")
    return 0


def summaries(sessions: Sequence[SessionRecord], exercise: str) -> list[SessionSummary]:
    """What each session of a patient says of one exercise; those without it are left out."""
    found = []
    for session in sessions:
        sets = [made for made in session.sets if made.exercise == exercise]
        extents: defaultdict[Side, list[float]] = defaultdict(list)
        scores: defaultdict[Side, list[float]] = defaultdict(list)
        for made in sets:
            extents[made.side] += [one.repetition.extent for one in made.complete if one.repetition.extent > 0.0]
            scores[made.side] += [
                one.repetition.score for one in made.done if one.repetition.drawing and isfinite(one.repetition.score)
            ]
        if sets:
            words = tuple(word for made in sets for word in _words(made))
            found.append(SessionSummary(session.begun_at, dict(extents), dict(scores), words))
    return found


def _words(made: ExerciseSet) -> Iterator[Word]:
    for said in made.corrections:
        extents = [one.repetition.extent for one in made.done if said.ordinal in (0, one.ordinal) and one.repetition.extent > 0.0]
        yield Word(
            said.at, said.action is Action.ACCEPT, said.fault, not said.ordinal, Outcome(said.outcome) if said.outcome else None,
            made.side, median(extents) if extents else float("nan"),
        )  # fmt: skip


def _limits(options: argparse.Namespace, exercises: Catalogue) -> dict[str, Limits]:
    """The therapist's, by exercise, where a programme says them."""
    if options.programme is None:
        return {}
    programme = read_programme(options.programme, exercises)
    if programme.patient != options.patient:
        raise InputError(f"{options.programme} is for patient {programme.patient}, not {options.patient}")
    return {name: limits for name in exercises if (limits := programme.limits_of(name))}


def _of(exercise: str) -> str:
    return f" in {exercise}" if exercise else ""
