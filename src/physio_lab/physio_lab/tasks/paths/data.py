"""What the network that names paths learns from: recordings, and simulated patients by the robot and by the camera."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from physio_lab.datasets.u30a import read_packed
from physio_lab.engine.task import Batch
from physio_lab.synthetic.paths import drawings, people
from physio_lab.tasks.paths.config import PathsRecipe
from physio_lab.tasks.paths.samples import PathBatches, Paths, of_drawings, of_recordings

UNSEEN_SEED, UNSEEN_PEOPLE = 977, 8
"""Simulated patients who are only measured on."""
SEEN_PEOPLE = 4
"""Of them draw every type once in front of a rendered camera, with a body of their own."""


@dataclass(frozen=True)
class PathData:
    """What a recipe learns from and is measured on.

    Attributes:
        learn: batches to learn from.
        sources: real recordings (or None), simulated patients by the robot, and by the camera.
        unseen: other simulated patients, by the robot and by the camera.
    """

    learn: PathBatches
    sources: tuple[Paths | None, Paths, Paths]
    unseen: tuple[Paths, Paths]

    @property
    def val(self) -> list[Batch]:
        """None: the recipe says when to stop."""
        return []

    @property
    def taught(self) -> tuple[Paths | None, Sequence[Paths]]:
        """Recordings, and simulated patients, for what learns from them whole."""
        return self.sources[0], self.sources[1:]


def simulated(count: int, repetitions: int, seed: int) -> tuple[Paths, Paths]:
    """Drawings of simulated patients, by the robot and by the camera."""
    drawn = drawings(people(count, seed), repetitions, seed)
    return of_drawings(drawn, camera=False), of_drawings(drawn, camera=True)


def mixed(recorded: Paths | None, made: tuple[Paths, Paths], recipe: PathsRecipe) -> PathBatches:
    """Batches of recordings and simulated patients in the recipe's shares."""
    share = recipe.samples.simulated if recorded is not None else 1.0
    real = [] if recorded is None else [(recorded, 1.0 - share)]
    return PathBatches([*real, *((one, share / 2.0) for one in made)], recipe)


@lru_cache(maxsize=1)
def data_of(recipe: PathsRecipe) -> PathData:
    """Recordings and simulated patients, as the recipe wants them.

    Raises:
        InputError: no recordings where the recipe names a folder.
    """
    plan = recipe.samples
    recorded = of_recordings(read_packed(Path(os.path.expandvars(plan.recordings)))[0]) if plan.recordings else None
    made = simulated(plan.people, plan.repetitions, recipe.seed)
    unseen = simulated(UNSEEN_PEOPLE, 2, UNSEEN_SEED)
    return PathData(mixed(recorded, made, recipe), (recorded, *made), unseen)
