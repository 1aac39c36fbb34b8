"""`physio trajectory evaluate`: how well paths are named, scored, and made; whoever is measured taught nothing."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from rich.table import Table

from physio_core.errors import ConfigError
from physio_core.files import check_writable, write_json
from physio_lab.evaluation.commands import progress, wide_console
from physio_lab.evaluation.tables import blocks_in, write_block
from physio_lab.reports.markdown import markdown_table
from physio_lab.tasks.paths.camera_command import add_camera
from physio_lab.tasks.paths.file_commands import add_file_commands
from physio_lab.tasks.paths.watch_command import add_watch

BLOCK = "trajectories"
"""Mark of the tables in a page."""
CACHE = Path("~/.cache/physio/paths")
Rows = list[tuple[str, ...]]


def add_commands(commands: Any, name: str) -> Any:
    """Add the group; returns it."""
    parser = commands.add_parser(name, help="paths of the hand: which type one is, how well it was drawn, which comes next")
    group = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")
    _add_evaluate(group)
    add_file_commands(group)
    add_camera(group, CACHE)
    add_watch(group)
    return group


def _add_evaluate(group: Any) -> None:
    parser = group.add_parser(
        "evaluate", help="on recordings of a robot, simulated patients and public sets", description=__doc__
    )
    parser.add_argument(
        "--data", type=Path, required=True, metavar="DIR",
        help="with u30a_*.npz and index_*.csv, or a folder u30a_trajectories of them; utd_mhad, hand_kinivi in it or beside it",
    )  # fmt: skip
    parser.add_argument(
        "--test", type=Path, metavar="DIR2",
        help="recordings of other participants: learn from --data, measure here (default: each participant by the others)",
    )  # fmt: skip
    parser.add_argument(
        "--cache", type=Path, default=CACHE, metavar="DIR",
        help="keep there what was seen of rendered patients: joints, never pictures (default: %(default)s)",
    )  # fmt: skip
    parser.add_argument("--json", type=Path, help="write the figures there")
    parser.add_argument(
        "--tables", type=Path, metavar="FILE", help=f"write the tables into a Markdown page, between its marks {BLOCK}"
    )
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Read, learn, measure, write, print.

    Raises:
        InputError: recordings that are not there or cannot be used, or that are on both sides.
        ConfigError: the libraries for training are not installed, or a page without marks.
    """
    try:
        from physio_lab.datasets.u30a import packed_files
        from physio_lab.tasks.paths import evaluating
    except ModuleNotFoundError as error:
        raise ConfigError(f"{error.name} is needed for training only; install it with: scripts/setup --training") from error
    cache = options.cache.expanduser()
    reads = [file for folder in (options.data, options.test) if folder for file in packed_files(folder)]
    check_writable(options.json, options.tables, cache / "joints.npz", reads=reads)
    if options.tables:
        blocks_in(options.tables, BLOCK)
    console = wide_console()

    def bar(what: str, total: int) -> Any:
        return progress(console, what, total)

    with console.status("reading recordings"):
        material = evaluating.read_material(options.data, options.test)
        made = evaluating.simulated_to_learn_from()
    u30a, _, learned = evaluating.recordings(material, made, bar)
    told: dict[str, Any] = {"learnt_from": str(options.data), "measured_on": str(options.test or options.data), "u30a": u30a}
    told |= evaluating.simulated_people(material, made, learned, cache, bar)
    told["utd_mhad"] = evaluating.air_shapes(evaluating.find(options.data, evaluating.UTD_FOLDER), bar)
    told["kinivi"] = evaluating.fingertip_circles(evaluating.find(options.data, evaluating.KINIVI_FOLDER), bar)
    with console.status("scoring each path as every type"):
        told["score"] = evaluating.scored(material)
    told["generation"] = evaluating.generated(material, bar)
    told["rounds"] = evaluating.rounds(bar)
    told["left_out"] = material.left_out
    if options.json:
        write_json(options.json, told)
    if options.tables:
        write_block(
            options.tables, BLOCK, page(told, f"physio trajectory evaluate --data DIR{' --test DIR2' if options.test else ''}")
        )
    for title, header, rows in parts(told):
        table = Table(*header, title=title)
        for row in rows:
            table.add_row(*row)
        console.print(table)
    for reason in material.left_out:
        console.print(f"[yellow]left out: {reason}", markup=True)
    for name in ("utd_mhad", "kinivi"):
        if told[name]["accuracy"] is None:
            console.print(f"[yellow]{name} is neither in {options.data} nor beside it, so it was not measured")
    return 0


def parts(told: Mapping[str, Any]) -> Iterator[tuple[str, tuple[str, ...], Rows]]:
    """Title, header and rows of each table."""
    from physio_lab.tasks.paths.measuring import METHODS

    u30a = told["u30a"]
    yield (
        f"recordings: {u30a['n']} paths, {u30a['left_n']} of them of the left arm",
        ("method", "left arm", "95 %", "both arms", "95 %", "both arms, either direction", "95 %"),
        [
            (METHODS[name], *(cell for part in ("left", "all", "direction_free") for cell in _share(one[part])))
            for name, one in u30a["methods"].items()
        ],
    )
    yield "each participant", ("participant", "named rightly"), [(name, f"{one:.3f}") for name, one in u30a["people"].items()]
    yield (
        "each type", ("type", "named rightly", "otherwise called"),
        [(name, f"{one:.3f}", _mistaken(name, u30a["confusion"][name])) for name, one in u30a["recall"].items()],
    )  # fmt: skip
    kinds = [name for name, row in u30a["families"].items() if sum(row.values())]
    yield (
        "each family", ("family", *kinds), [(name, *(str(u30a["families"][name][other]) for other in kinds)) for name in kinds]
    )  # fmt: skip
    rows: Rows = [
        (title, *_share(told[key]), str(told[key]["n"]))
        for key, title in (
            ("robot", "simulated patients, by a robot"),
            ("camera", "simulated patients, by a rendered camera and MediaPipe"),
            ("camera_noise", "the same by a model of a camera's noise"),
        )
    ]
    for key, title in (("utd_mhad", "UTD-MHAD shapes"), ("kinivi", "kinivi, direction of circles")):
        rows += [(f"{title}: {METHODS[name]}", *_share(one), str(one["n"])) for name, one in told[key].get("methods", {}).items()]
    yield "others", ("set", "named rightly", "95 %", "n"), rows
    made = told["generation"]
    columns = {
        "in_limits": "within the limits", "between": "between both in difficulty", "monotone": "steady in the weight",
        "mse": "square error [cm²]", "smoothness": "smoothness (SPARC)", "changed_by_limits_m": "changed by the limits [m]",
    }  # fmt: skip
    yield (
        f"next paths: {made['n']}, of participants who were not learnt from; the default is {made['default']}",
        ("method", *columns.values()), [(name, *(f"{one[key]:.3f}" for key in columns)) for name, one in made["methods"].items()],
    )  # fmt: skip
    end, names = told["rounds"], ("before", "with_generated", "with_ideal_alone")
    yield (
        f"{end['people']} simulated patients after {end['rounds']} rounds, by the assumed model of learning",
        ("score before", "with next paths", "with the ideal alone", "people better with next paths"),
        [(*(f"{end[name]:.1f}" for name in names), f"{end['people_better_with_generated']:.2f}")],
    )  # fmt: skip
    share = told["score"]["own_type_best"]
    yield (
        "scores", ("figure", "value"), [("own type scores best, left arm", "-" if share is None else f"{share:.3f}")]
    )  # fmt: skip


def page(told: Mapping[str, Any], command: str) -> str:
    """The tables for a page of the documentation."""
    lines = [f"Written by `{command}`; intervals over people."]
    for title, header, rows in parts(told):
        lines += ["", f"**{title[:1].upper()}{title[1:]}**", "", *markdown_table(header, rows)]
    return "\n".join(lines)


def _share(one: Mapping[str, Any]) -> tuple[str, str]:
    return f"{one['accuracy']:.3f}", f"{one['low']:.3f} to {one['high']:.3f}"


def _mistaken(name: str, row: Mapping[str, int]) -> str:
    most = sorted(((count, other) for other, count in row.items() if count and other != name), reverse=True)
    return ", ".join(f"{other} {count}" for count, other in most[:3])
