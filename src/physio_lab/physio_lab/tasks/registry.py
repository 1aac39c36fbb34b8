"""The tasks that can be trained, by the name that a recipe gives as its ``task``; no torch here."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from physio_core.errors import ConfigError
from physio_lab.engine.config import Recipe
from physio_lab.engine.recipe import read_yaml
from physio_lab.engine.task import Task
from physio_lab.tasks.hand_landmarks.task import LANDMARKS
from physio_lab.tasks.hand_prior.task import PRIOR
from physio_lab.tasks.paths.task import PATHS
from physio_lab.tasks.scoring.task import SCORING
from physio_lab.tasks.stgcn.task import STGCN

TASKS: dict[str, Task[Any, Any]] = {one.name: one for one in (STGCN, PATHS, SCORING, PRIOR, LANDMARKS)}


def load_recipe(path: Path) -> tuple[Task[Any, Any], Recipe]:
    """Read a recipe of any task; one that names none is for recognition.

    Raises:
        ConfigError: no such file, not YAML, a task that is not known, or what the task refuses.
    """
    task, data = recipe_data(path)
    return task, task.recipe(data, str(path))


def recipe_data(path: Path) -> tuple[Task[Any, Any], Any]:
    """The task of a recipe, and the recipe as it stands in its file and those that it is based on; errors as above."""
    data = read_yaml(path)
    name = data.pop("task", STGCN.name)
    if name not in TASKS:
        raise ConfigError(f"{path}: task: {name!r} is not one of: {', '.join(TASKS)}")
    return TASKS[name], data
