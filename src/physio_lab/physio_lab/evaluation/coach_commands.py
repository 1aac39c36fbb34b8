"""`physio coach evaluate`: how often the verdict that patients get is true."""

from __future__ import annotations

import argparse
from dataclasses import asdict
from pathlib import Path
from typing import Any

from physio_core.action.recogniser import RecogniserConfig
from physio_core.files import check_writable, write_json
from physio_core.session.machine import SessionConfig
from physio_lab.evaluation.coach_tables import METHOD, print_sections, sections, write_csv
from physio_lab.evaluation.coaching import CoachSetup, coach_all, loaded_library, named
from physio_lab.evaluation.commands import add_folder, ended, progress, watched, wide_console
from physio_lab.evaluation.index import read_of
from physio_lab.evaluation.report import markdown_tables
from physio_lab.evaluation.settings import changed, checked_model
from physio_lab.evaluation.tables import blocks_in, write_block
from physio_lab.evaluation.verdicts import figures

BLOCK = "coach-evaluate"


def add_commands(commands: Any, name: str) -> Any:
    """Add the group; returns it."""
    parser = commands.add_parser(name, help="how often the coach's verdict is true", description=__doc__)
    group = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")
    _add_evaluate(group)
    return group


def _add_evaluate(group: Any) -> None:
    parser = group.add_parser("evaluate", help="the coach's own session on a folder of labelled clips", description=METHOD)
    add_folder(parser)
    parser.add_argument("--json", type=Path, help="write the figures there")
    parser.add_argument("--csv", type=Path, help="write there what each clip was told, asked for each exercise")
    parser.add_argument(
        "--tables", type=Path, action="append", default=[], metavar="FILE",
        help=f"write the tables into a Markdown page, between its marks {BLOCK}; may be given several times",
    )  # fmt: skip
    parser.add_argument("--note", default="", metavar="TEXT", help="what readers of the tables should know about these clips")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Evaluate; clips that cannot be used are listed and count as unsure; 1 where there are any.

    Raises:
        InputError: no index, no clip, none that could be used, or an option that cannot be used.
        ConfigError: a setting or an exercise file that cannot be used, a file that cannot be written, a page without marks.
        ModelError: the model cannot be used.
    """
    recogniser, session = changed(options.settings, RecogniserConfig(), SessionConfig())
    model = checked_model(options, options.model, recogniser)
    exercises = named(loaded_library(options.model).exercises, model.labels)
    check_writable(options.json, options.csv, *options.tables, reads=read_of(options.folder))
    for page in options.tables:
        blocks_in(page, BLOCK)
    console = wide_console()
    cases = watched(options, console, model)
    with progress(console, "sessions", len(cases)) as tell:
        patients = coach_all(cases, CoachSetup(options.model, recogniser, session), options.workers, tell)
    settings = {"model": model.card.name} | asdict(recogniser) | asdict(session)
    result = figures(patients) | {"method": METHOD, "exercises": exercises, "settings": settings}
    if options.json:
        write_json(options.json, result)
    if options.csv:
        write_csv(options.csv, patients)
    parts = sections(result)
    for page in options.tables:
        write_block(page, BLOCK, markdown_tables(parts, f"{command_of(options)} --tables FILE", options.note))
    print_sections(console, parts)
    return ended([f"{one.clip.path.name}: {one.error}" for one in patients if one.error], len(patients))


def command_of(options: argparse.Namespace) -> str:
    """The command that gives the same figures again."""
    words = ["physio coach evaluate DIR"]
    words += [f"--grades {options.grades}"] if options.grades else []
    words += [f"--fps {options.fps:g}"] if options.fps else []
    return " ".join([*words, *(f"--set {setting}" for setting in options.settings)])
