"""`physio reps`: how well repetitions are counted."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from physio_core.action.recogniser import RecogniserConfig
from physio_core.errors import InputError
from physio_core.files import check_writable, write_json
from physio_lab.datasets.parallel import Lost
from physio_lab.evaluation.commands import ended, progress, wide_console
from physio_lab.evaluation.counting import ClipCount, Errors, chosen, count_all, figures
from physio_lab.evaluation.evaluate import watch_all
from physio_lab.evaluation.index import read_index, read_of
from physio_lab.evaluation.landmarks import count_landmarks, read_landmarks
from physio_lab.evaluation.settings import checked_model
from physio_lab.evaluation.spread import spread

METHOD = (
    "Each clip with a number of repetitions by eye is asked for what it shows, each clip of an unknown movement for every "
    "exercise that the recogniser was taught, in turn; whatever the grades, all clips of unknown movements are run."
)

LANDMARKS_METHOD = (
    "Counted without a definition, by what comes back in the landmarks, image by image; obo: share off by at most one, mae: mean "
    "of |counted - true| / (true + 0.1)."
)


def add_commands(commands: Any, name: str) -> Any:
    """Add the group; returns it."""
    parser = commands.add_parser(name, help="how well repetitions are counted", description=__doc__)
    group = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")
    _add_evaluate(group)
    _add_landmarks(group)
    return group


def _add_evaluate(group: Any) -> None:
    parser = group.add_parser("evaluate", help="count in a folder of labelled clips", description=METHOD)
    parser.add_argument("folder", type=Path, help="holds INDEX.csv (file,label,reps and more) and the clips")
    parser.add_argument("--grades", default="", help="of the clips with a number, only those of these grades (default: all)")
    parser.add_argument("--fps", type=float, default=0.0, help="as if the camera gave so many images a second (default: all)")
    parser.add_argument("--cache", type=Path, help="keep the joints (never pictures) of each clip there, for the next time")
    parser.add_argument("--model", default="", help="model folder (default: the one that ships)")
    parser.add_argument("--workers", type=int, default=2, help="processes (default: %(default)s)")
    parser.add_argument("--json", type=Path, help="write the figures there")
    parser.set_defaults(run=run_evaluate)


def _add_landmarks(group: Any) -> None:
    parser = group.add_parser(
        "evaluate-landmarks", help="count in packed landmarks, without a definition", description=LANDMARKS_METHOD
    )
    parser.add_argument("file", type=Path, help="packed landmarks (frames, offsets, scale), .npz")
    parser.add_argument("index", type=Path, help="CSV table: file,reps and, where known, fps and label; row i is clip i")
    parser.add_argument("--workers", type=int, default=2, help="processes (default: %(default)s)")
    parser.add_argument("--json", type=Path, help="write the figures there")
    parser.set_defaults(run=run_landmarks)


def run_landmarks(options: argparse.Namespace) -> int:
    """Evaluate.

    Raises:
        InputError: files that cannot be read or do not fit each other, or without any number of repetitions.
        ConfigError: the output cannot be written.
    """
    if options.workers < 1:
        raise InputError(f"--workers {options.workers} must be 1 or more")
    check_writable(options.json, reads=[options.file, options.index])
    clips = list(read_landmarks(options.file, options.index))
    if not clips:
        raise InputError(f"{options.index} gives no number of repetitions (column reps)")
    console = wide_console()
    with progress(console, "repetitions", len(clips)) as tell:
        counts = [0 if isinstance(one, Lost) else one for one in spread(count_landmarks, clips, options.workers, tell)]
    errors = Errors([(clip.true, found) for clip, found in zip(clips, counts, strict=True)])
    result = {"n": len(clips), "obo": errors.share(1), "mae": errors.relative(0.1), "exact_fraction": errors.share(0)}
    if options.json:
        write_json(options.json, result | {"method": LANDMARKS_METHOD})
    table = Table("movement", "clips", "off by at most one", "error", "exact")
    labels = sorted({clip.label for clip in clips})
    for label in [*labels, "all"] if len(labels) > 1 else ["all"]:
        chosen_ones = [pair for clip, pair in zip(clips, errors.pairs, strict=True) if label in (clip.label, "all")]
        part = Errors(chosen_ones)
        table.add_row(Text(label), str(len(chosen_ones)), _told(part.share(1)), _told(part.relative(0.1)), _told(part.share(0)))
    console.print(table)
    return 0


def run_evaluate(options: argparse.Namespace) -> int:
    """Evaluate; clips that cannot be used are listed, and count as no repetition; 1 where there are any.

    Raises:
        InputError: no index, no clip, none that could be used, or an option that cannot be used.
        ConfigError: an exercise file that cannot be used, or a file that cannot be written.
        ModelError: the model cannot be used.
    """
    checked_model(options, options.model, RecogniserConfig())
    check_writable(options.json, reads=read_of(options.folder))
    clips = chosen(read_index(options.folder), options.grades)
    if options.cache:
        check_writable(options.cache / "joints.npz")
    console = wide_console()
    with progress(console, "pose", len(clips)) as tell:
        cases = watch_all(clips, options.fps, options.workers, options.cache, tell)
    with progress(console, "repetitions", len(cases)) as tell:
        counts = count_all(cases, options.model, options.workers, tell)
    result = figures(counts)
    if options.json:
        write_json(options.json, result | {"method": METHOD})
    _print(console, counts, result)
    return ended([f"{one.clip.path.name}: {one.error}" for one in counts if one.error], len(counts))


def _print(console: Console, counts: list[ClipCount], result: dict[str, Any]) -> None:
    table = Table("clip", "grade", "view", "asked for", "by eye", "counted", "partial", "")
    for one in counts:
        if one.unknown:
            asked = ", ".join(f"{name} {n}" for name, n in zip(one.asked, one.counted, strict=True) if n) or "every exercise"
            right = "" if not any(one.counted) else "false"
            row = (asked, "-", str(sum(one.counted)), "", one.error or right)
        else:
            right = "" if one.found == one.truth else "wrong"
            row = (", ".join(one.asked), str(one.truth), str(one.found), str(sum(one.partial)), one.error or right)
        table.add_row(*map(Text, (one.clip.path.name, one.clip.grade, one.clip.view, *row)))
    console.print(table)
    for label, part in result["by_label"].items():
        console.print(
            f"{label}: {part['n']} clips, exact {_told(part['exact_fraction'])}, error {_told(part['mean_relative_error'])}"
        )
    console.print(
        f"{result['n']} clips with a number: exact in {_told(result['exact_fraction'])}, off by at most one in "
        f"{_told(result['off_by_at_most_one'])}, mean relative error {_told(result['mean_relative_error'])}; "
        f"{result['n_unknown']} unknown movements: a repetition counted in {_told(result['false_repetition_fraction'])}"
    )


def _told(share: float | None) -> str:
    return "-" if share is None else f"{share:.3f}"
