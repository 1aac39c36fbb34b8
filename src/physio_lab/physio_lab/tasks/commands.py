"""`physio train RECIPE`."""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, TextColumn, TimeElapsedColumn, TimeRemainingColumn
from rich.progress import Progress as Bar
from rich.table import Table

from physio_core.errors import ConfigError
from physio_core.files import check_folder, check_writable, write_json
from physio_core.share import shared_path
from physio_lab.engine.compare import as_table, compare, load_folder, mean_row
from physio_lab.engine.config import Recipe
from physio_lab.engine.curves import PICTURE, TRAINED, write_curves
from physio_lab.engine.folds import folded
from physio_lab.engine.search import BEST, load_space, search
from physio_lab.engine.task import Task, Validated
from physio_lab.evaluation.tables import around_block, write_block
from physio_lab.reports.markdown import markdown_table
from physio_lab.tasks.registry import load_recipe, recipe_data

if TYPE_CHECKING:
    from physio_lab.engine.journal import Progress

RECIPES = ("config", "training")
SEEDS, TRIALS = 3, 20
"""Trainings of each recipe of a folder, and of a search, unless told otherwise."""

RECIPE, FOLDER, FOLDS, SEARCH = "one recipe", "a folder of recipes", "--folds", "--search"
ONLY_OF = {"out": (RECIPE,), "seeds": (FOLDER,), "trials": (SEARCH,), "tables": (FOLDER, FOLDS)}
"""Options that say something of some ways to train only."""

WIDTH = 140
"""Least width of a table, so that names are not cut."""


def add_commands(subparsers: Any, name: str) -> None:
    """Add the command."""
    parser = subparsers.add_parser(name, help="train a recognition model from a recipe")
    parser.add_argument(
        "recipe",
        help="YAML file, or the name of one in config/training: stgcn_kinematic; a folder such as ladder: all its recipes",
    )
    parser.add_argument("--out", type=Path, help="of one recipe: model folder to write (default: models/NAME)")
    parser.add_argument("--work", type=Path, help="folder for checkpoint and log (default: build/training/NAME)")
    parser.add_argument("--tensorboard", action="store_true", help="also write a log for TensorBoard into the work folder")
    parser.add_argument("--folds", type=int, metavar="N", help="of one recipe: cross-validation by person in N parts")
    parser.add_argument("--search", type=Path, metavar="SPACE", help="of one recipe: settings to search, a YAML file")
    parser.add_argument("--trials", type=int, help=f"of a search: trainings in all (default: {TRIALS})")
    parser.add_argument("--seeds", type=int, help=f"of a folder: trainings of each recipe (default: {SEEDS})")
    parser.add_argument("--json", type=Path, help="write the figures there, by name of the recipe")
    parser.add_argument(
        "--tables", type=Path, help="of a folder or folds: put the table into this page, between marks of its name"
    )
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Train; a second run of the same recipe goes on where the first was interrupted."""
    recipe = find_recipe(options.recipe)
    way = _way(recipe, options)
    if way in (FOLDER, FOLDS):
        return run_folder(recipe, options)
    if way == SEARCH:
        return run_search(recipe, options)
    check_writable(options.json, reads=[recipe])
    task, config = load_recipe(recipe)
    out, work = options.out or Path("models", config.name), options.work or Path("build", "training", config.name)
    for folder in (out, work):
        check_folder(folder)
    console = Console()
    measured = train_with_progress(task, config, work, out, console, options.tensorboard)
    if measured and options.json:
        write_json(options.json, {config.name: [measured]})
    if measured:
        console.print(f"wrote {out}: {summary(task, measured)}")
        curves({config.name: work}, work, console)
    return 0


def _way(recipe: Path, options: argparse.Namespace) -> str:
    """Which of the ways to train is asked for.

    Raises:
        ConfigError: two of them, or an option that says nothing of it.
    """
    if options.search and (recipe.is_dir() or options.folds is not None):
        raise ConfigError(f"--search is for one recipe, without --folds; {recipe} is searched one recipe at a time")
    if options.folds is not None and recipe.is_dir():
        raise ConfigError(f"--folds is for one recipe; {recipe} is a folder of them")
    way = FOLDER if recipe.is_dir() else FOLDS if options.folds is not None else SEARCH if options.search else RECIPE
    for name, ways in ONLY_OF.items():
        if getattr(options, name) is not None and way not in ways:
            raise ConfigError(f"--{name} is for {' or '.join(ways)}, and this is {way} ({recipe}); leave --{name} out")
    return way


def run_folder(folder: Path, options: argparse.Namespace) -> int:
    """Train a folder of recipes, or the folds of one, and print them in one table; what was trained before is not again."""
    _alone(folder)
    if options.seeds is not None and options.seeds < 1:
        raise ConfigError(f"--seeds {options.seeds} must be 1 or more")
    check_writable(options.json, options.tables, reads=[folder] if folder.is_file() else list(folder.glob("*.yaml")))
    title = folder.name if options.folds is None else f"{folder.stem}_folds"
    if options.tables:
        around_block(options.tables, title)
    console = Console(width=max(WIDTH, Console().width))
    task, recipes, seeds = _recipes(folder, options)
    work = options.work or Path("build", "training", title)
    check_folder(work)
    rows = compare(
        recipes, work, seeds,
        lambda recipe, work, out: train_with_progress(task, recipe, work, out, console, options.tensorboard),
    )  # fmt: skip
    heading, cells = as_table(rows, task)
    if options.folds is not None:
        cells.append(mean_row(rows, task, len(heading)))
    curves({row.recipe.name: work / row.recipe.name / f"seed_{row.recipe.seed}" for row in rows}, work, console)
    if options.json:
        write_json(options.json, {row.recipe.name: row.measured for row in rows})
    if options.tables:
        write_block(options.tables, title, "\n".join([*markdown_table(heading, cells, literal=False), ""]))
    table = Table(*map(escape, heading))
    for row in cells:
        table.add_row(*row)
    console.print(table)
    return 0


def _recipes(path: Path, options: argparse.Namespace) -> tuple[Task[Any, Any], list[Recipe], int]:
    """What is to be trained, and how often each."""
    if options.folds is None:
        return *load_recipes(path), options.seeds or SEEDS
    task, recipe = load_recipe(path)
    return task, folded(recipe, options.folds), 1


def run_search(path: Path, options: argparse.Namespace) -> int:
    """Search settings of a recipe; a second run of the same search goes on where the first was interrupted."""
    _alone(path)
    trials = TRIALS if options.trials is None else options.trials
    if trials < 1:
        raise ConfigError(f"--trials {trials} must be 1 or more")
    check_writable(options.json, reads=[path, Path(options.search)])
    console = Console(width=max(WIDTH, Console().width))
    task, recipe = load_recipe(path)
    work = options.work or Path("build", "training", f"{recipe.name}_search")
    check_folder(work)

    def train(recipe: Recipe, folder: Path, validated: Validated) -> dict[str, Any]:
        return train_with_progress(task, recipe, folder, folder / "model", console, options.tensorboard, validated)

    found = search(recipe_data(path)[1], str(path), load_space(options.search), trials, work, task.recipe, train)
    table = Table("validation loss", "end", *found[0].settings)
    for one in found:
        table.add_row("-" if one.loss is None else f"{one.loss:.4f}", one.end, *(str(value) for value in one.settings.values()))
    console.print(table)
    if options.json:
        write_json(options.json, [asdict(one) for one in found])
    if found[0].loss is None:
        raise ConfigError(f"none of {len(found)} trials came to an end; give other settings or more --trials")
    console.print(f"wrote {work / BEST}, chosen by its validation loss; {summary(task, found[0].measured)}")
    return 0


def _alone(path: Path) -> None:
    if int(os.environ.get("WORLD_SIZE", 1)) > 1:
        raise ConfigError(f"{path}: a folder, folds and a search are trained by one process; give torchrun one recipe")


def curves(works: Mapping[str, Path], out: Path, console: Console) -> None:
    """Draw the learning curves of trainings that wrote a log."""
    logged = {name: work for name, work in works.items() if (work / TRAINED).exists()}
    try:
        if logged:
            write_curves(logged, out / PICTURE)
            console.print(f"wrote {out / PICTURE}")
    except ConfigError as error:  # a training is not in vain because nothing can draw
        console.print(f"[yellow]no learning curves: {error}")


def load_recipes(folder: Path) -> tuple[Task[Any, Any], list[Recipe]]:
    """The recipes of a folder in the order of their names, and the one task that they are for.

    Raises:
        ConfigError: none, two of one name, one that cannot be read, or several tasks.
    """
    tasks: dict[str, Task[Any, Any]] = {}

    def load(path: Path) -> Recipe:
        task, recipe = load_recipe(path)
        tasks[task.name] = task
        return recipe

    recipes = load_folder(folder, load)
    if len(tasks) > 1:
        raise ConfigError(f"{folder} has recipes for {', '.join(sorted(tasks))}; one table is for one task: give each a folder")
    return next(iter(tasks.values())), recipes


def find_recipe(name: str) -> Path:
    """A recipe, or a folder of them, by its path or by its name in ``config/training``.

    Raises:
        ConfigError: neither is there.
    """
    folder = shared_path(*RECIPES)
    if name.strip():
        if Path(name).exists() or name.endswith((".yaml", ".yml")):
            return Path(name)
        for path in (folder / f"{name}.yaml", folder / name):
            if path.exists():
                return path
    known = ", ".join(sorted(path.stem for path in folder.iterdir()))
    raise ConfigError(f"no recipe {name!r}: neither a file nor in {folder}, which has: {known}")


def train_with_progress(
    task: Task[Any, Any], recipe: Recipe, work: Path, out: Path, console: Console, tensorboard: bool,
    validated: Validated | None = None,
) -> dict[str, Any]:  # fmt: skip
    """Train, with a bar on the console of the first process.

    Raises:
        ConfigError: the libraries for training are not installed; and what training raises.
    """
    try:
        from physio_lab.engine.trainer import train
    except ModuleNotFoundError as error:
        raise ConfigError(f"{error.name} is needed for training only; install it with: scripts/setup --training") from error
    with _bar(recipe, console) as tell:
        return train(task, recipe, work, out, tell, tensorboard, validated)


@contextmanager
def _bar(recipe: Recipe, console: Console) -> Iterator[Progress]:
    columns = (
        TextColumn("{task.description}"), BarColumn(), TextColumn("{task.completed}/{task.total}"), TimeElapsedColumn(),
        TimeRemainingColumn(),
    )  # fmt: skip
    with Bar(*columns, console=console, disable=os.environ.get("RANK", "0") != "0") as bar:
        task = bar.add_task(recipe.name, total=recipe.optimiser.steps)

        def tell(step: int, _steps: int, figures: Mapping[str, float]) -> None:
            words = " ".join(f"{name} {value:.3f}" for name, value in figures.items())
            bar.update(task, completed=step, description=f"{recipe.name}: {words}")

        yield tell


def summary(task: Task[Any, Any], measured: Mapping[str, Any]) -> str:
    """What was measured, in a few words."""
    parts, spent = [task.summary(measured)], measured["training"]
    if spent["steps"]:
        parts.append(f"{spent['steps']} steps in {spent['seconds']:.0f} s, {spent['in_network']:.1%} of it in the network")
    return "; ".join(part for part in parts if part)
