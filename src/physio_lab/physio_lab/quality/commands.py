"""`physio quality evaluate`: how well people's judgements of movements are learnt; whoever is judged taught nothing."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from rich.console import Console

from physio_core.cli import listed
from physio_core.errors import ConfigError, InputError
from physio_core.files import check_writable, write_json
from physio_lab.evaluation.commands import progress, wide_console
from physio_lab.evaluation.tables import around_block, write_blocks
from physio_lab.quality.crossing import SESSION, Job, between, crossing, measured
from physio_lab.quality.outcomes import right_or_wrong, scored
from physio_lab.quality.tables import print_tables, tables_page
from physio_lab.quality.takes import SETS, QualitySet, Take, read_takes
from physio_lab.quality.views import METHODS

BLOCK = "quality-"
"""Before the name of a set: the mark of its tables in a page."""


def add_commands(commands: Any, name: str) -> Any:
    """Add the group; returns it."""
    parser = commands.add_parser(name, help="how well the quality of a movement is judged", description=__doc__)
    group = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")
    _add_evaluate(group)
    return group


def _add_evaluate(group: Any) -> None:
    parser = group.add_parser(
        "evaluate", help="right or wrong on UI-PRMD and IRDS, clinicians' scores on KIMORE", description=__doc__
    )
    known = ", ".join(kind.name for kind in SETS)
    parser.add_argument("--data", type=Path, required=True, metavar="DIR", help=f"with the folders {known}, or some of them")
    parser.add_argument(
        "--test", type=Path, metavar="DIR",
        help="the same of other people: learn from --data, measure here (default: each person by what the others taught)",
    )  # fmt: skip
    parser.add_argument("--sets", default="", metavar="NAMES", help=f"comma between them: {known} (default: all that are there)")
    parser.add_argument(
        "--methods", default="", metavar="NAMES",
        help=f"comma between them: {', '.join(METHODS)} (default: all but network; the last gives the results)",
    )  # fmt: skip
    parser.add_argument("--json", type=Path, help="write the figures there")
    parser.add_argument(
        "--tables", type=Path, metavar="FILE", help=f"write each set's tables into a Markdown page, between its marks {BLOCK}NAME"
    )
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Read, learn, measure, write, print.

    Raises:
        InputError: a set that is not there, or cannot be used.
        ConfigError: an unknown name, a missing library, one person alone, someone on both sides, a page without marks.
    """
    methods, kinds = _methods(options.methods), _kinds(options)
    check_writable(options.json, options.tables, reads=_files(options, kinds))
    for kind in kinds if options.tables else ():
        around_block(options.tables, BLOCK + kind.name)
    console = wide_console()
    result = {kind.name: _evaluated(kind, options, methods, console) for kind in kinds}
    told: dict[str, Any] = {"learnt_from": str(options.data), "measured_on": str(options.test or options.data)} | result
    if options.json:
        write_json(options.json, told)
    if options.tables:
        pages = {BLOCK + kind.name: tables_page(told, kind, _command(options, kind)) for kind in kinds}
        write_blocks(options.tables, pages)
    print_tables(console, told)
    if left_out := [kind.name for kind in SETS if kind not in kinds]:
        console.print(f"[yellow]not measured: {', '.join(left_out)}")
    return 0


def _evaluated(kind: QualitySet, options: argparse.Namespace, methods: tuple[str, ...], console: Console) -> dict[str, Any]:
    takes, jobs = _material(kind, options, console)
    with progress(console, f"{kind.title}: judging", len(jobs)) as tell:
        found = measured(kind, takes, jobs, methods, tell)
    figures = {method: (scored if kind.scored else right_or_wrong)(one) for method, one in found.items()}
    best = SESSION if SESSION in figures else list(figures)[-1]
    return figures[best] | {"method": best, "methods": figures}


def _material(kind: QualitySet, options: argparse.Namespace, console: Console) -> tuple[list[Take], list[Job]]:
    with console.status(f"{kind.title}: reading"):
        takes = _patients(read_takes(kind, options.data / kind.name), kind)
        if options.test is None:
            return takes, crossing(kind, takes)
        test = _patients(read_takes(kind, options.test / kind.name), kind)
    return takes + test, between(takes, test)


def _patients(takes: list[Take], kind: QualitySet) -> list[Take]:
    """Of right and wrong only those of patients, where a set has others too; scores are of all people."""
    found = [take for take in takes if kind.scored or take.patient]
    if not found:
        raise InputError(f"{kind.title}: no recording of a patient is judged; nothing can be measured")
    return found


def _methods(text: str) -> tuple[str, ...]:
    names = tuple(listed("--methods", text)) or tuple(name for name, method in METHODS.items() if not method.asked_for)
    for name in names:
        if name not in METHODS:
            raise ConfigError(f"--methods {name}: known are {', '.join(METHODS)}")
        METHODS[name].check()
    return names


def _kinds(options: argparse.Namespace) -> list[QualitySet]:
    wished = listed("--sets", options.sets)
    known = [kind.name for kind in SETS]
    if strange := [name for name in wished if name not in known]:
        raise ConfigError(f"--sets {strange[0]}: known are {', '.join(known)}")
    folders = [folder for folder in (options.data, options.test) if folder is not None]
    for folder in folders:
        there = [name for name in known if (folder / name).is_dir()]
        if missing := [name for name in wished if name not in there] if wished else [] if there else known:
            raise InputError(f"{folder} holds no folder {' or '.join(missing)}; it is to look like the data that --data names")
    shared = [kind for kind in SETS if all((folder / kind.name).is_dir() for folder in folders)]
    if not shared:
        raise InputError(f"no set is in both {folders[0]} and {folders[1]}; what is measured must have been learnt")
    return [kind for kind in shared if not wished or kind.name in wished]


def _files(options: argparse.Namespace, kinds: list[QualitySet]) -> list[Path]:
    folders = [folder for folder in (options.data, options.test) if folder is not None]
    return [file for folder in folders for kind in kinds for file in (folder / kind.name).glob("*")]


def _command(options: argparse.Namespace, kind: QualitySet) -> str:
    words = f"physio quality evaluate --data DIR{' --test DIR2' if options.test else ''} --sets {kind.name}"
    return words + (f" --methods {options.methods}" if options.methods else "")
