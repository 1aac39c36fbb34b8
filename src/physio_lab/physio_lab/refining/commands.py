"""`physio hand refine`: estimators of hands taught by unlabelled videos; `physio hand assembly`: such videos, rendered."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import asdict, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

from physio_core.cli import AMISS, DONE, whole_number
from physio_core.errors import InputError, OutputError
from physio_core.params import Parameters, info_of
from physio_lab.evaluation.commands import progress, wide_console
from physio_lab.refining.filters import FilterConfig
from physio_lab.refining.labels import LabelConfig
from physio_lab.refining.loop import MODEL, LoopConfig, Outcome, refine
from physio_lab.refining.seeing import SeeConfig
from physio_lab.reports.markdown import markdown_table

if TYPE_CHECKING:
    from physio_lab.synthetic.assembly import Worker

VIDEOS = (".mp4", ".mov", ".mkv", ".avi", ".webm", ".m4v")
_CONFIGS: tuple[type[Parameters], ...] = (LoopConfig, FilterConfig, SeeConfig, LabelConfig)
GLOVES = ("thin", "thick", "textured", "work", "coloured")
_HEADER = (
    "iteration",
    "images",
    "detected",
    "believed",
    "filled in",
    "dropped by",
    "kept apart",
    "moved",
    "taught",
    "unsure",
    "better",
)


def add_refine(commands: Any, name: str) -> None:
    """Add ``physio hand refine``."""
    parser = commands.add_parser(name, help="teach the estimator of hands from unlabelled videos", description=__doc__)
    parser.add_argument("videos", nargs="+", type=Path, metavar="VIDEO", help="files, or folders of them")
    parser.add_argument(
        "--out", type=Path, required=True, metavar="DIR", help="folder of the run; one that was interrupted goes on where it was"
    )
    add_parameters(parser, _CONFIGS)
    parser.set_defaults(run=run_refine)


def add_parameters(parser: argparse.ArgumentParser, configs: Sequence[type[Parameters]]) -> None:
    """An option for each parameter; one that several have counts for all of them."""
    known: set[str] = set()
    for config in configs:
        group = parser.add_argument_group(config.__name__.removesuffix("Config").lower())
        for item in fields(config):
            if item.name in known:
                continue
            known.add(item.name)
            info = info_of(config, item.name)
            range_text = f" ({info.range_text})" if info.range_text else ""
            group.add_argument(
                f"--{item.name.replace('_', '-')}", type=type(item.default), default=item.default, metavar="VALUE",
                help=f"{info.description}{range_text} (default: {item.default})".replace("%", "%%"),
            )  # fmt: skip


def made_of(config: type[Parameters], options: argparse.Namespace) -> Any:
    """A parameter set from the options; raises ConfigError for a value out of its range."""
    return config(**{item.name: getattr(options, item.name) for item in fields(config)})


def run_refine(options: argparse.Namespace) -> int:
    """Refine, or go on.

    Raises:
        InputError: a folder without videos.
        SourceError: no video can be read.
        ConfigError: a value out of range, a folder of another run, a library that is missing.
        OutputError: the folder cannot be written.
    """
    loop, filters, see, label = (made_of(config, options) for config in _CONFIGS)
    videos = _videos(options.videos)
    from physio_lab.refining.estimators import LastLayers
    from physio_lab.refining.networks import HandNetworks

    console = wide_console()
    first = LastLayers(HandNetworks(least_score=see.min_score), seen=see, labelled=label)
    with console.status("opening the videos") as status:
        outcome = refine(
            videos, options.out, first, loop, filters, {"see": asdict(see), "label": asdict(label)},
            lambda step: status.update(step),
        )  # fmt: skip
    for line in table(outcome):
        console.print(line, markup=False, highlight=False, soft_wrap=True)
    for path, why in outcome.refused.items():
        console.print(f"[yellow]left out: {why if path in why else f'{path}: {why}'}", highlight=False)
    result = (
        f"{options.out / MODEL} is iteration {outcome.best}"
        if outcome.best
        else "no iteration was better than the estimator as it came"
    )
    console.print(f"{outcome.why}; {result}", highlight=False, soft_wrap=True)
    return DONE if outcome.best and not outcome.refused else AMISS


def table(outcome: Outcome) -> list[str]:
    """A run as lines of Markdown."""
    return markdown_table(_HEADER, (_row(asdict(told)) for told in outcome.iterations))


def _row(told: dict[str, Any]) -> list[str]:
    dropped = ", ".join(f"{rule} {count}" for rule, count in told["dropped"].items() if count)
    moved = "" if told["agreement"] is None else f"{told['agreement']:.1%}"
    shares = [f"{told[name]:.2f}" for name in ("detected", "kept", "filled")]
    return [
        str(told["iteration"]), str(told["images"]), *shares, dropped or "none", f"{told['validation']:.2f}", moved,
        str(told["hands"]), str(told["unsure"]), "yes" if told["kept_iteration"] else "no",
    ]  # fmt: skip


def _videos(paths: Sequence[Path]) -> list[Path]:
    found: list[Path] = []
    for path in paths:
        inside = sorted(file for file in path.iterdir() if file.suffix.lower() in VIDEOS) if path.is_dir() else [path]
        if not inside:
            raise InputError(f"{path} holds no videos; endings that are known: {', '.join(VIDEOS)}")
        found += inside
    return list(dict.fromkeys(found))


def add_assembly(commands: Any, name: str) -> None:
    """Add ``physio hand assembly``."""
    parser = commands.add_parser(name, help="videos of simulated workers in gloves, with their truth", description=__doc__)
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="folder to make")
    parser.add_argument("--workers", type=whole_number(1), default=5, metavar="N", help="who, six clips each (default: 5)")
    parser.add_argument("--first", type=whole_number(0), default=0, metavar="N", help="number of the first worker (default: 0)")
    parser.add_argument("--gloves", default=",".join(GLOVES), metavar="KINDS", help="in turn, none is bare (default: all five)")
    parser.add_argument("--seed", type=whole_number(0), default=0, metavar="N", help="of everything (default: 0)")
    parser.add_argument("--processes", type=whole_number(1), default=1, metavar="N", help="that render (default: 1)")
    parser.set_defaults(run=run_assembly)


def run_assembly(options: argparse.Namespace) -> int:
    """Render the clips.

    Raises:
        ConfigError: no such glove.
        OutputError: the folder is there already, or cannot be written.
    """
    from physio_core.cli import listed
    from physio_lab.synthetic.assembly import workers, write_clips
    from physio_sim.world.hand_paint import glove_named

    gloves = listed("--gloves", options.gloves)
    for glove in gloves:
        glove_named(glove)
    if options.out.exists():
        raise OutputError(f"{options.out} exists; choose another folder")
    who: list[Worker] = workers(options.workers, gloves, options.first)
    with progress(wide_console(), "workers", len(who)) as tell:
        count = write_clips(options.out, who, options.seed, options.processes, tell)
    print(f"{options.out}: {count} clips of {len(who)} workers")
    return DONE
