"""What a scorer makes small: classes that have an order, some of them rare."""

from __future__ import annotations

from torch import Tensor
from torch.nn import functional

from physio_core.hands.scoring import LEVELS
from physio_lab.engine.task import Loss
from physio_lab.tasks.scoring.config import ScoringRecipe


def loss_of(scores: Tensor, targets: Tensor, recipe: ScoringRecipe) -> Loss:
    """Weighted mean over a batch of scores before softmax (N, K), with targets (N, 2): level, and weight of its class.

    Ordinal is the squared earth mover's distance (Hou, Yu and Samaras, "Squared earth mover's distance-based loss for training
    deep neural networks", 2016): two levels off costs more than one.
    """
    levels, weights = targets[:, 0].long(), targets[:, 1].to(scores.dtype)
    each = scores.new_zeros(len(levels))
    if recipe.network.loss != "ordinal":
        smoothing = recipe.optimiser.label_smoothing
        each = each + functional.cross_entropy(scores, levels, label_smoothing=smoothing, reduction="none")
    if recipe.network.loss != "cross_entropy":
        apart = functional.softmax(scores, dim=1).cumsum(1) - functional.one_hot(levels, LEVELS).cumsum(1)
        each = each + apart.square().sum(1)
    right = (scores.detach().argmax(1) == levels).float().mean()
    return Loss((each * weights).sum() / weights.sum(), {"accuracy": right}, len(levels))
