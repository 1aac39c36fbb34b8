"""`physio records correct`: a therapist's word on what was judged; the judgement itself stays in the record beside it."""

from __future__ import annotations

import argparse
from typing import Any

from physio_core.assessment.repetition import Outcome
from physio_core.errors import InputError
from physio_core.judging.library import LibraryConfig, load_library
from physio_records import upkeep_commands
from physio_records.entries import LEVELS, SCORE, Action, Corrected, new_id
from physio_records.store.history import ExerciseSet, read_sessions
from physio_records.store.naming import one_session
from physio_records.store.store import Store


def add_command(commands: Any) -> None:
    """Add the command to the group."""
    one = upkeep_commands.add(commands, "correct", "accept, correct or ignore what was judged", run)
    one.add_argument("session", help="id of the session, or its beginning")
    one.add_argument("action", choices=[action.value for action in Action])
    one.add_argument("--set", type=int, required=True, metavar="N", help="which set, as physio records show has it")
    one.add_argument("--repetition", type=int, default=0, metavar="N", help="which repetition of it (default: the whole set)")
    one.add_argument("--fault", default="", metavar="NAME",
                     help="which fault; accept: any that the exercise's file has (default: the repetition itself)")  # fmt: skip
    outcomes = [outcome.value for outcome in Outcome]
    one.add_argument("--outcome", default="", choices=["", *outcomes], metavar="OUTCOME",
                     help=f"how it counts instead, for `correct`: {', '.join(outcomes)}")  # fmt: skip
    one.add_argument("--score", type=int, choices=LEVELS, metavar="N",
                     help="what a therapist scores, for `correct`: 0 none, 1 in part, 2 in full (Fugl-Meyer)")  # fmt: skip
    one.add_argument("--exercise-dir", default="", metavar="DIR", help="further exercise files, as the coach has them")
    one.add_argument("--reason", default="", help="in words")
    one.add_argument("--therapist", default="", metavar="CODE", help="who says so")


def run(options: argparse.Namespace) -> int:
    """Note it.

    Raises:
        ConfigError: an exercise file cannot be used.
        InputError: there is no such session, set, repetition or fault, or it is not said how it counts instead.
        OutputError: the record cannot be written now.
    """
    action = Action(options.action)
    scored = options.score is not None
    if scored and (action is not Action.CORRECT or options.fault or options.outcome):
        raise InputError("say --score with `correct`, and without --fault and --outcome")
    if not scored and (action is Action.CORRECT and not options.fault) != bool(options.outcome):
        raise InputError("say --outcome with `correct`, and with nothing else")
    fault, outcome = (SCORE, str(options.score)) if scored else (options.fault, options.outcome)
    with Store(options.database) as store:
        session = read_sessions(store, session=one_session(store, options.session))[0]
        made = next((one for one in session.sets if one.number == options.set), None)
        if made is None:
            sets = ", ".join(str(one.number) for one in session.sets) or "none"
            raise InputError(f"session {session.session[:8]} has no set {options.set}; it has: {sets}")
        _check(made, options)
        said = Corrected(new_id(), session.session, made.number, options.repetition, action, fault, outcome, options.reason,
                         options.therapist)  # fmt: skip
        store.write([said])
    what = f"repetition {options.repetition} of set {made.number}" if options.repetition else f"set {made.number}"
    print(f"noted: {action.value} {options.fault or what}" + (f" as {outcome}" if outcome else ""))
    return 0


def _check(made: ExerciseSet, options: argparse.Namespace) -> None:
    """Only what counts now can be ignored or corrected; whatever was or could have been judged can be accepted."""
    accepting = options.action == Action.ACCEPT
    there = made.judged if accepting else made.done
    chosen = [one for one in there if options.repetition in (0, one.ordinal)]
    if options.repetition and not chosen:
        ordinals = ", ".join(str(one.ordinal) for one in there) or "none that counts"
        raise InputError(f"set {made.number} has no repetition {options.repetition}; it has: {ordinals}")
    names = {one.name for done in chosen for one in done.repetition.faults}
    if accepting and options.fault and options.fault not in names:
        exercise = load_library(LibraryConfig(exercise_dir=options.exercise_dir)).exercises.get(made.exercise)
        names |= set(exercise.faults) if exercise else set()
    if options.fault and options.fault not in names:
        raise InputError(f"no fault {options.fault!r} there; there is: {', '.join(sorted(names)) or 'none'}")
