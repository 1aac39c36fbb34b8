"""Cells, losses and groups of features of a scorer, compared by cross-validation over patients; the test is looked at once."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from physio_core.hands.features import GROUPS
from physio_core.types import FloatArray
from physio_lab.engine.config import FoldConfig
from physio_lab.scoring.examples import Examples
from physio_lab.scoring.fma_baselines import BASELINES
from physio_lab.scoring.fma_figures import figures
from physio_lab.tasks.scoring.config import CELLS, LOSSES, ScoringRecipe
from physio_lab.tasks.scoring.data import load_data
from physio_lab.tasks.scoring.task import SCORING

FOLDS = 5
Tell = Callable[[], None]


def variants(recipe: ScoringRecipe) -> dict[str, ScoringRecipe]:
    """What is compared: each cell with the recipe's loss, each other loss with its cell."""
    network = recipe.network
    found = {f"{cell}, {network.loss}": replace(recipe, network=replace(network, cell=cell)) for cell in CELLS}
    others = [loss for loss in LOSSES if loss != network.loss]
    return found | {f"{network.cell}, {loss}": replace(recipe, network=replace(network, loss=loss)) for loss in others}


def crossed(recipe: ScoringRecipe, tell: Tell) -> dict[str, Any]:
    """Figures of a recipe over all its folds, each part of the patients being told by what the others taught."""
    parts = []
    for index in range(FOLDS):
        folded = replace(recipe, fold=FoldConfig(count=FOLDS, index=index))
        parts.append((load_data(folded).test, trained(folded)))
        tell()
    return figures(_joined([examples for examples, _ in parts]), np.concatenate([told for _, told in parts]))


def crossed_baselines(recipe: ScoringRecipe) -> dict[str, Any]:
    """The same of simple methods, which learn from all who are not told."""
    said: dict[str, list[FloatArray]] = {name: [] for name in BASELINES}
    tests = []
    for index in range(FOLDS):
        data = load_data(replace(recipe, fold=FoldConfig(count=FOLDS, index=index)))
        tests.append(data.test)
        for name, baseline in BASELINES.items():
            said[name].append(baseline.told(_joined([data.train, data.held]), data.test))
    whole = _joined(tests)
    return {name: figures(whole, np.concatenate(parts)) for name, parts in said.items()}


def left_out(recipe: ScoringRecipe, tell: Tell) -> dict[str, Any]:
    """Figures of the first fold without each group of features in turn, after those with all."""
    found: dict[str, Any] = {}
    for group in ("", *GROUPS):
        without = replace(recipe.network, without=(group,) if group else ())
        one = replace(recipe, network=without, fold=FoldConfig(count=FOLDS, index=0))
        found[group or "none"] = figures(load_data(one).test, trained(one))
        tell()
    return found


def tested(recipe: ScoringRecipe) -> dict[str, Any]:
    """Figures of the patients who were kept apart, told by a network that learnt from all others."""
    return figures(load_data(recipe).test, trained(recipe))


def trained(recipe: ScoringRecipe) -> FloatArray:
    """Probabilities (N, K) that a freshly trained network tells of the recipe's test."""
    from physio_lab.engine.trainer import fit
    from physio_lab.tasks.scoring.measure import probabilities, scores_of, temperature

    network, data = SCORING.model(recipe), load_data(recipe)
    with tempfile.TemporaryDirectory() as work:
        fit(SCORING, network, recipe, data.learn, Path(work), val=data.val if recipe.validation.every else ())
    network.eval()
    return probabilities(scores_of(network, data.test), temperature(scores_of(network, data.held), data.held))


def _joined(parts: list[Examples]) -> Examples:
    fields: Mapping[str, Any] = vars(parts[0])
    joined = {name: np.concatenate([getattr(part, name) for part in parts]) for name in fields if name != "refused"}
    return Examples(**joined, refused=parts[0].refused)
