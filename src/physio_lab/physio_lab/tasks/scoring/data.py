"""Simulated patients, dealt out: who is learnt from, on whom the loss is followed, who is tested on."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from physio_core.hands.scoring import LEVELS
from physio_lab.engine.dealt import Rows, in_order, shuffled
from physio_lab.engine.task import Batch
from physio_lab.scoring.examples import Examples, simulated
from physio_lab.tasks.scoring.config import ScoringRecipe


@dataclass(frozen=True, eq=False)
class ScoringData:
    """See :class:`~physio_lab.engine.task.Data`.

    Attributes:
        train: learnt from.
        held: on whose patients the loss is followed and the temperature found; may be those of ``train`` where none are held.
        test: looked at once, at the end.
        batch: trials in a batch.
        seed: of the order.
    """

    train: Examples
    held: Examples
    test: Examples
    batch: int
    seed: int

    @property
    def learn(self) -> ScoringData:
        """Batches to learn from."""
        return self

    @property
    def val(self) -> list[Batch]:
        """Batches of ``held``."""
        return [self._of(self.held, rows) for rows in in_order(len(self.held), self.batch)]

    def __getitem__(self, index: int) -> Batch:
        """Batch ``index``: every trial once, in an order that is another each time, then again."""
        return self._of(self.train, shuffled(len(self.train), self.batch, self.seed, index))

    def _of(self, examples: Examples, rows: Rows) -> Batch:
        counts = np.bincount(self.train.levels, minlength=LEVELS)
        weights = len(self.train) / (LEVELS * np.maximum(counts, 1))
        levels = examples.levels[rows]
        return examples.inputs[rows], np.stack([levels, weights[levels]], axis=1).astype(np.float32)


@lru_cache(maxsize=2)
def load_data(recipe: ScoringRecipe) -> ScoringData:
    """The examples of a recipe, split by patient; of a fold, its part of those who are not tested on takes the test's place."""
    settings = recipe.trials
    examples = simulated(settings.patients, settings.per_item, settings.draw, steadiest=settings.steadiest)
    people = np.random.default_rng((settings.draw, 7)).permutation(settings.patients)
    kept = round(settings.test_share * len(people))
    test, others = people[:kept], people[kept:]
    if recipe.fold.count:
        parts = np.array_split(others, recipe.fold.count)
        test, others = parts[recipe.fold.index], np.concatenate(parts[: recipe.fold.index] + parts[recipe.fold.index + 1 :])
    held = others[: round(settings.val_share * len(others))]
    learn = others[len(held) :]

    def rows(chosen: Rows) -> Rows:
        return np.flatnonzero(np.isin(examples.patients, chosen))

    return ScoringData(
        examples.of(rows(learn)), examples.of(rows(held if len(held) else learn)), examples.of(rows(test)),
        recipe.optimiser.batch, recipe.seed,
    )  # fmt: skip
