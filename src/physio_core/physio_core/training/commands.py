"""`physio train RECIPE`."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from physio_core.errors import ConfigError
from physio_core.training.config import load_training


def add_commands(subparsers: Any, name: str) -> None:
    """Add the command."""
    parser = subparsers.add_parser(name, help="train a recognition model from a recipe")
    parser.add_argument("recipe", type=Path, help="YAML file such as config/training/first.yaml")
    parser.add_argument("--out", type=Path, help="model folder to write (default: models/NAME)")
    parser.add_argument("--work", type=Path, help="folder for checkpoint and log (default: build/training/NAME)")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Train; a second run of the same recipe goes on where the first was interrupted."""
    config = load_training(options.recipe)
    try:
        from physio_core.training.train import train
    except ModuleNotFoundError as error:
        raise ConfigError(f"{error.name} is needed for training only; install it with: scripts/setup --training") from error
    console = Console()
    out, work = options.out or Path("models", config.name), options.work or Path("build", "training", config.name)
    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.completed}/{task.total}"), TimeRemainingColumn())
    with Progress(*columns, console=console) as bar:
        task = bar.add_task("training", total=config.optimiser.steps)

        def tell(step: int, _steps: int, loss: float, right: float) -> None:
            bar.update(task, completed=step, description=f"loss {loss:.3f} right {right:.3f}")

        measured = train(config, work, out, tell)
    console.print(f"wrote {out}: {measured['accuracy']:.3f} of synthetic ticks right, per class {measured['recall']}")
    return 0
