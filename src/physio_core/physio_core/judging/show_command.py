"""`physio exercise show NAME`: all that an exercise's file says, for a therapist who decides whether a patient is to do it."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Column, Table

from physio_core.errors import UnknownExercise
from physio_core.exercises.catalogue import FALLBACK_LANGUAGE, Exercise
from physio_core.exercises.definition import FaultDefinition, RepetitionDefinition
from physio_core.judging.library import LibraryConfig, load_library
from physio_core.whole_table import print_whole


def add_show(group: Any) -> None:
    """Add the command to the group `exercise`."""
    parser = group.add_parser("show", help="show what an exercise's file says: words, repetition, faults, safety, source")
    parser.add_argument("name", help="of the exercise, e.g. squat")
    parser.add_argument("--model", type=Path, help="folder of the model (default: the one that ships)")
    parser.add_argument("--exercise-dir", type=Path, help="folder of further exercise files")
    parser.add_argument("--language", default=FALLBACK_LANGUAGE, help="language of words and notes (default: en)")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Print it; 1 where the language lacks something, which is then shown in English.

    Raises:
        UnknownExercise: no file describes it.
        ConfigError: a file or folder that cannot be used.
        ModelError: no model there.
    """
    known = load_library(LibraryConfig(str(options.model or ""), str(options.exercise_dir or ""))).exercises
    if options.name not in known:
        raise UnknownExercise(options.name, known)
    exercise = known[options.name]
    console = Console()

    def say(lines: Sequence[str]) -> None:
        console.print("\n".join(lines), markup=False, highlight=False, soft_wrap=True)

    say([*_described(exercise, options.language), "", "faults"])
    print_whole(console, _faults(exercise))
    say(list(_safety(exercise, options.language)))
    lacks = [what for what, texts in _translated(exercise).items() if texts and options.language not in texts]
    if lacks:
        say(["", f"{exercise.name}: no {', '.join(lacks)} in {options.language!r}"])
    return int(bool(lacks))


def _translated(exercise: Exercise) -> Mapping[str, Mapping[str, Any]]:
    safety = exercise.safety
    return {"wording": exercise.wording, "safety notes": safety.notes, "contra-indications": safety.contraindications}


def _described(exercise: Exercise, language: str) -> Iterator[str]:
    words = exercise.words(language)
    yield f"{exercise.name}: {words.title}"
    yield words.instruction
    yield f"{exercise.kind}, seen from: {exercise.view}; needs {', '.join(exercise.needs)}"
    if exercise.barred:
        yield f"cannot be asked for: {exercise.barred}"
    yield ""
    yield from _repetition(exercise.repetition) if exercise.repetition else ["repetition: not described, so none is counted"]


def _repetition(definition: RepetitionDefinition) -> Iterator[str]:
    for number, one in enumerate(definition.signals):
        way = f"from {one.rest:g} to {one.target:g} {one.unit}"
        way += f", seen from: {', '.join(one.views)}" if one.views else ""
        yield f"{'or' if number else 'repetition:'} {(one.angle or one.measure).replace('_', ' ')} {way}"
    yield f"complete from {definition.complete_from:.0%} of the way, sides: {definition.sides}"


def _faults(exercise: Exercise) -> Table:
    table = Table(Column("fault", no_wrap=True), "of", "when", "all right", "margin", "weight", "may hurt")
    for name, one in exercise.faults.items():
        margin = f"{one.margin:g} {one.band_unit}".strip()
        when = "" if one.timing else f"{one.statistic}, {one.phase}{', from rest' * (one.relative_to == 'rest')}"
        source = (one.angle or one.measure or one.timing).replace("_", " ")
        table.add_row(name, source, when, _band(one), margin, f"{one.weight:g}", "yes" if one.safety else "")
    return table


def _band(fault: FaultDefinition) -> str:
    ends = [f"from {fault.low:g}"] if fault.low is not None else []
    ends += [f"to {fault.high:g}"] if fault.high is not None else []
    return " ".join([*ends, fault.band_unit]).strip()


def _safety(exercise: Exercise, language: str) -> Iterator[str]:
    for title, texts in (("safety", exercise.safety.notes), ("ask first in case of", exercise.safety.contraindications)):
        lines = texts.get(language) or texts.get(FALLBACK_LANGUAGE) or next(iter(texts.values()), ())
        if lines:
            yield from [title, *(f"  - {line}" for line in lines), ""]
    yield f"source: {exercise.source.strip() or 'not told'}"
