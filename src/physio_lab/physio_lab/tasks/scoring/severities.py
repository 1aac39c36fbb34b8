"""The scorer of hand items on real people: severities of the Wolf Motor Function Test, each person told by what others taught.

The same code: features over time, 200 points, a recurrent network, an ordered loss. Nothing is chosen on who is told: the number
of steps is the recipe's, and the temperature is found on people who taught nothing and are not told.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from physio_lab.scoring.examples import Examples
from physio_lab.scoring.severity import Told
from physio_lab.tasks.scoring.config import ScoringRecipe
from physio_lab.tasks.scoring.data import ScoringData
from physio_lab.tasks.scoring.network import Scorer
from physio_lab.tasks.scoring.task import SCORING

HELD = 3
"""People on whom the temperature is found."""


def told(examples: Examples, recipe: ScoringRecipe, tell: Callable[[], None] = lambda: None) -> Told:
    """Logarithms of probabilities (N, K) of recordings, and their means over each session (S, K), by person, then severity."""
    from physio_lab.tasks.scoring.measure import probabilities, scores_of, temperature

    said = np.zeros((len(examples), 3))
    people = np.unique(examples.patients)
    for who in people:
        data = _split(examples, int(who), recipe)
        network = _trained(data, recipe)
        shares = probabilities(scores_of(network, data.test), temperature(scores_of(network, data.held), data.held))
        said[examples.patients == who] = np.log(shares + 1e-6)
        tell()
    sessions = sorted({(int(who), int(how)) for who, how in zip(examples.patients, examples.levels, strict=True)})
    rows = [(examples.patients == who) & (examples.levels == how) for who, how in sessions]
    return Told(said, np.stack([said[row].mean(0) for row in rows]))


def _split(examples: Examples, who: int, recipe: ScoringRecipe) -> ScoringData:
    others = np.setdiff1d(np.unique(examples.patients), [who])
    held = np.random.default_rng((recipe.seed, who)).choice(others, min(HELD, len(others) - 1), replace=False)

    def of(chosen: Sequence[int]) -> Examples:
        return examples.of(np.flatnonzero(np.isin(examples.patients, chosen)))

    learn = np.setdiff1d(others, held)
    return ScoringData(of(learn.tolist()), of(held.tolist()), of([who]), recipe.optimiser.batch, recipe.seed)


def _trained(data: ScoringData, recipe: ScoringRecipe) -> Scorer:
    import torch

    from physio_lab.engine.trainer import fit

    torch.manual_seed(recipe.seed)
    network = Scorer(recipe.network, data.train.inputs.shape[-1])
    network.learn_scale(data.train)
    with tempfile.TemporaryDirectory() as work:
        fit(SCORING, network, replace(recipe, name="severities"), data.learn, Path(work))
    network.eval()
    return network
