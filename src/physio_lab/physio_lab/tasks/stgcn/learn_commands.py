"""`physio action learn CLIPS --name LABEL --out FOLDER`."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from dataclasses import asdict, fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn, track
from rich.table import Table

from physio_core.action.card import DEFAULT_MODEL
from physio_core.errors import ConfigError, InputError, PhysioError
from physio_core.files import check_folder, check_writable, write_json
from physio_core.judging.library import TAUGHT
from physio_core.params import info_of
from physio_core.share import shared_path
from physio_lab.datasets.formats import open_set
from physio_lab.datasets.manifest import ManifestRow, read_manifest
from physio_lab.datasets.sequence import SkeletonSequence, sequence_of
from physio_lab.evaluation.watch import estimate, tracked
from physio_lab.tasks.stgcn.config import LEAST_TO_CHECK, LearnConfig
from physio_lab.tasks.stgcn.recorded import at_rate
from physio_lab.taught.exercise import OwnExercise, own_exercise, said_in

if TYPE_CHECKING:
    from physio_lab.tasks.stgcn.learn import Learnt

ADVISED = 8
"""Clips from which on a teaching is worth something."""

VIDEOS = (".mp4", ".avi", ".mov", ".mkv", ".webm", ".m4v")
SETTINGS = {"steps": (), "lr": ("--rate",), "share": (), "val_fraction": ("--hold-out",)}
"""Settings that have a flag, and how that was called before."""


def add_commands(group: Any, name: str) -> None:
    """Add the command to the group `action`."""
    parser = group.add_parser(name, help="teach a model one more movement with a few clips")
    parser.add_argument(
        "clips", type=Path, help="folder of videos, list (.csv as of `physio dataset build`), or set of skeletons"
    )
    parser.add_argument("--name", required=True, help="name of the new class, e.g. side_bend")
    parser.add_argument("--out", type=Path, required=True, help="model folder to write, e.g. models/mine")
    parser.add_argument("--model", type=Path, help="model to start from (default: the one that ships)")
    parser.add_argument("--work", type=Path, help="folder for checkpoint and log (default: build/training/MODEL_NAME)")
    for setting, before in SETTINGS.items():
        default = getattr(LearnConfig(), setting)
        what = info_of(LearnConfig, setting).description
        parser.add_argument(
            f"--{setting.replace('_', '-')}", *before, type=type(default), default=default, help=f"{what} (default: {default})"
        )
    for text, example in (("title", "Heel raise"), ("instruction", "Rise onto your toes, then lower your heels.")):
        parser.add_argument(
            f"--{text}", action="append", default=[], metavar="[LANGUAGE=]TEXT",
            help=f"what the patient is shown, e.g. '{example}'; again for another language: 'de=...'",
        )  # fmt: skip
    parser.add_argument("--one-sided", action="store_true", help="left and right are different movements: learn no mirror images")
    parser.add_argument("--json", type=Path, help="write the figures there")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Teach; clips that cannot be used are named, the rest is learnt. A second run goes on where the first was interrupted."""
    settings = {item.name: getattr(options, item.name) for item in fields(LearnConfig) if hasattr(options, item.name)}
    config = replace(LearnConfig(), **settings, mirror=not options.one_sided)
    try:
        from physio_lab.tasks.stgcn.learn import known_by, learn
    except ModuleNotFoundError as error:
        raise ConfigError(f"{error.name} is needed for training only; install it with: scripts/setup --training") from error
    console = Console()
    model = options.model or shared_path("models", DEFAULT_MODEL)
    # before minutes are spent on the clips
    recipe = known_by(model, options.name)
    work = options.work or Path("build", "training", f"{recipe.name}_{options.name}")
    words = {"title": said_in(options.title), "instruction": said_in(options.instruction)}
    check_folder(options.out)
    check_writable(options.json, reads=[options.clips, *_videos_in(options.clips)])
    clips = list(read_clips(options.clips, console))
    seen = [at_rate(one, 0, recipe.normaliser) for one in clips]
    exercise = own_exercise(
        options.name,
        [(one.points, one.confidence) for one in seen],
        recipe.normaliser.rate_hz,
        words,
        (options.out, model),
        options.one_sided,
    )
    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.completed}/{task.total}"), TimeRemainingColumn())
    with Progress(*columns, console=console) as bar:
        task = bar.add_task("learning", total=config.steps)
        learnt = learn(
            clips, options.name, model, options.out, work, config, lambda step, *_: bar.update(task, completed=step),
            lambda text: console.print(text, style="yellow", markup=False), exercise.write,
        )  # fmt: skip
    if options.json:
        write_json(options.json, asdict(learnt))
    show(learnt, options.out, console)
    tell_next(learnt, exercise, console)
    return 0


def show(learnt: Learnt, out: Path, console: Console) -> None:
    """What was learnt and forgotten, and what to do next."""
    table = Table("class", "recall before", "recall after")
    for label, after in learnt.after.items():
        table.add_row(label, f"{learnt.before[label]:.3f}", f"{after:.3f}")
    console.print(table)
    console.print(
        f"wrote {out}: {learnt.label} from {learnt.learnt_from} clips; {_checked(learnt)}; {learnt.taken_for_new:.3f} of what "
        f"was known is taken for it; {learnt.seconds:.0f} s\nits temperature and energy are those of the model it was made from; "
        f"for its own: physio action calibrate DIR --model {out}",
        markup=False,
    )


def _checked(learnt: Learnt) -> str:
    """What the clips kept apart say, and how little that may be."""
    if learnt.recall is None:
        return f"none kept apart, so how well it is recognised is not known; give {LEAST_TO_CHECK} or more people or recordings"
    right = round(learnt.recall * learnt.held_out)
    if learnt.held_out == 1:
        return f"the one kept apart is {'right' if right else 'wrong'}: one clip is no measurement, give {ADVISED} or more"
    few = f"; so few say little, give {ADVISED} or more" if learnt.learnt_from + learnt.held_out < ADVISED else ""
    return f"{right} of {learnt.held_out} kept apart are right{few}"


def tell_next(learnt: Learnt, exercise: OwnExercise, console: Console) -> None:
    """What there is to coach it with, and the commands that do."""
    home, name = exercise.out / TAUGHT, learnt.label
    if exercise.figure is None:
        console.print(f"no clip is long enough to show {name} once, so the screen will have no picture of it", style="yellow")
    kept = "" if exercise.text else " (kept as it was)"
    console.print(
        f"its words are in {home / name}.yaml{kept}: improve them there; coach it, with a webcam or with a video:\n"
        f"  physio demo --model {exercise.out} --source camera --exercises {name}\n"
        f"  physio demo --model {exercise.out} --source video --video FILE --exercises {name}",
        markup=False, soft_wrap=True,
    )  # fmt: skip


def _videos_in(folder: Path) -> list[Path]:
    return [path for path in folder.glob("*") if path.suffix.lower() in VIDEOS]


def read_clips(path: Path, console: Console) -> Iterator[SkeletonSequence]:
    """Skeletons of clips, whatever they are; one that cannot be used is named on the console and left out.

    Raises:
        InputError: nothing there, or nothing of the kind.
        ConfigError: a list that cannot be read.
    """
    rows = _rows(path)
    if rows is None:
        yield from open_set(path)
        return
    for row in track(rows, "clips", console=console):
        try:
            yield of_row(row)
        except PhysioError as error:
            console.print(f"[yellow]left out {row.source}: {error}")


def _rows(path: Path) -> list[ManifestRow] | None:
    """What a folder of videos or a list holds; None: something else."""
    if path.suffix == ".csv":
        return read_manifest(path)
    videos = sorted(_videos_in(path)) if path.is_dir() else []
    if path.is_file() and path.suffix.lower() in VIDEOS:
        videos = [path]
    return [ManifestRow(0, "", file.name, path=file) for file in videos] or None


def of_row(row: ManifestRow) -> SkeletonSequence:
    """The skeletons of one stretch of a video, as the live pipeline sees them.

    Raises:
        InputError: the row cannot be used, or nobody is seen.
        SourceError: not a video.
    """
    if row.problem or row.is_url:
        raise InputError(row.problem or "fetch it first; links are for physio dataset build")
    whole = estimate(row.path)
    found = [one for one in tracked(whole) if row.start_s <= one.stamp_s - whole.stamps_s[0] <= row.end_s]
    if not any(one.tracked for one in found):
        raise InputError(f"nobody is seen from {row.start_s:g} s to {row.end_s:g} s")
    sequence = sequence_of(found, (whole.width_px, whole.height_px))
    return replace(sequence, label=row.label, name=row.name, subject=row.subject, source=row.source)
