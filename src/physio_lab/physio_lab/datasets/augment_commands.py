"""`physio dataset augment`: more from what there is, of a set of skeletons or of a video."""

from __future__ import annotations

import argparse
import os
from pathlib import Path
from typing import Any

import numpy as np
import yaml
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from physio_core.errors import ConfigError
from physio_lab.augment.compose import TRANSFORMS, Compose, chosen
from physio_lab.datasets.augment import augmented_set, labels_of_copies
from physio_lab.datasets.augment_videos import INDEX, Folder, product_of
from physio_lab.datasets.formats import check_apart, open_set, write_set
from physio_lab.datasets.given import NOTHING, add_given_options, given

VIDEOS = (".mp4", ".avi", ".mov", ".mkv", ".webm", ".m4v")


def add_commands(group: Any) -> None:
    """Add the command to the group `dataset`."""
    parser = group.add_parser(
        "augment",
        help="changed copies of the sequences of a set, of a video, or of all videos of a folder or list",
        epilog=f"transforms of skeletons: {', '.join(TRANSFORMS)}; of videos: flip, zoom",
    )
    parser.add_argument(
        "source",
        metavar="IN",
        help="a set of skeletons in any format (FORMAT:PATH where it is not clear), a video, or, to make every product of the "
        "transforms, a folder of videos with INDEX.csv or a list (.csv)",
    )
    parser.add_argument("out", type=Path, metavar="OUT", help="set to write, its ending says the format; video (.mp4); or folder")
    parser.add_argument(
        "--transform",
        action="append",
        default=[],
        metavar="NAME",
        help="what is done, in order; settings as YAML: 'tempo: {slowest: 0.8}'",
    )
    parser.add_argument("--recipe", type=Path, metavar="FILE", help="YAML file with a list of transforms instead")
    parser.add_argument("--copies", type=int, default=1, help="changed copies of each sequence (default: 1)")
    parser.add_argument("--only-copies", action="store_true", help="leave out the sequences themselves")
    parser.add_argument(
        "--workers", type=int, default=os.cpu_count() or 1, help="processes for a folder or list (default: one per core)"
    )
    parser.add_argument("--seed", type=int, default=1, help="the same seed gives the same copies (default: 1)")
    add_given_options(parser)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Write the changed set or video."""
    recipe = _recipe(options)
    if options.copies < 1 or options.seed < 0:
        raise ConfigError(f"--copies {options.copies} --seed {options.seed}; need at least 1 and at least 0")
    if options.out.resolve() == Path(options.source).resolve():
        raise ConfigError(f"{options.out} is what is read; name another file to write")
    folder = Path(options.source).suffix.lower() == ".csv" or Path(options.source, INDEX).is_file()
    if folder or Path(options.source).suffix.lower() in VIDEOS:
        if given(options) != NOTHING:
            raise ConfigError("--input-layout, --input-units and --input-size are for sets of skeletons")
        return _folder(options, recipe) if folder else _video(options, recipe)
    compose, source = Compose.from_recipe(recipe), open_set(options.source, given=given(options))
    copies = augmented_set(source, compose, options.seed, options.copies, not options.only_copies)
    labels = labels_of_copies(source.labels, compose)
    check_apart(options.out, "", labels, [source])
    count = write_set(options.out, copies, labels)
    print(f"{options.out}: {count} sequences")
    return 0


def _folder(options: argparse.Namespace, recipe: list[Any]) -> int:
    """Every product of the transforms, of each video; 1 where one could not be made."""
    from physio_lab.augment.video import VIDEO_TRANSFORMS

    if options.copies > 1 or options.workers < 1:
        raise ConfigError(
            f"--copies {options.copies} is for sets (of a folder every product is made); --workers must be 1 or more"
        )
    for entry in recipe:
        chosen(entry, VIDEO_TRANSFORMS)
    folder = Folder(Path(options.source), options.out, product_of(recipe), options.seed, not options.only_copies)
    console = Console()
    with Progress(TextColumn("copies"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn(), console=console) as bar:
        task = bar.add_task("copies", total=len(folder.waiting))
        for _ in folder.run(options.workers):
            bar.update(task, advance=1)
    for what, reason in folder.failed.items():
        console.print(f"left out {what}: {reason}", style="yellow", markup=False, soft_wrap=True)
    rows = folder.write_table()
    console.print(f"{options.out}: {rows} rows of {folder.videos} videos, {len(folder.failed)} left out", soft_wrap=True)
    return int(bool(folder.failed))


def _video(options: argparse.Namespace, recipe: list[Any]) -> int:
    from physio_lab.augment.video import VIDEO_TRANSFORMS, augment_video  # loads OpenCV

    if options.copies > 1 or options.only_copies:
        raise ConfigError("--copies and --only-copies are for sets; of a video one changed copy is written, choose it by --seed")
    transforms = [chosen(entry, VIDEO_TRANSFORMS) for entry in recipe]
    if options.out.suffix.lower() != ".mp4":
        raise ConfigError(f"{options.out}: a video is written as .mp4")
    count = augment_video(Path(options.source), options.out, transforms, np.random.default_rng(options.seed))
    print(f"{options.out}: {count} pictures")
    return 0


def _recipe(options: argparse.Namespace) -> list[Any]:
    """The list of transforms, as :meth:`Compose.from_recipe` reads it."""
    if bool(options.transform) == (options.recipe is not None):
        raise ConfigError(f"give --transform NAME, once or more, or --recipe FILE; names: {', '.join(TRANSFORMS)}, flip, zoom")
    try:
        if options.recipe is None:
            return [yaml.safe_load(text) for text in options.transform]
        recipe = yaml.safe_load(options.recipe.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise ConfigError(f"cannot read the transforms: {error}") from error
    if not isinstance(recipe, list):
        raise ConfigError(f"{options.recipe} holds no list of transforms; write one per line: - mirror")
    return recipe
