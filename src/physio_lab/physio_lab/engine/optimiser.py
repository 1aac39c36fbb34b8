"""Which weights learn how fast, and when."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from torch import nn

from physio_lab.engine.config import OptimiserConfig, TransferConfig

_LOW = 0.04
"""Share of the largest learning rate with which a warm-up begins."""


def share_of_lr(step: int, plan: OptimiserConfig) -> float:
    """Learning rate at a step as a share of the largest.

    A cosine rises and falls in each cycle, each half as high as the one before (Loshchilov and Hutter 2017, SGDR); a stepped
    rate rises once and falls by a factor at given shares of the steps.
    """
    stepped = plan.schedule == "step"
    cycles = 1 if stepped else plan.cycles
    length = plan.steps / cycles
    cycle = min(int(step / length), cycles - 1)
    place = min((step - cycle * length) / length, 1.0)
    warm = place / plan.warmup if place < plan.warmup else 1.0
    up = _LOW + (1.0 - _LOW) * (0.5 - 0.5 * np.cos(np.pi * warm))
    if stepped:
        return float(up * plan.gamma ** sum(place >= share for share in plan.milestones))
    down = 0.5 + 0.5 * np.cos(np.pi * max(0.0, place - plan.warmup) / (1.0 - plan.warmup))
    return float(0.5**cycle * up * down)


def frozen(step: int, plan: OptimiserConfig, transfer: TransferConfig) -> bool:
    """Whether only the head learns at this step."""
    return bool(transfer.init) and step < transfer.freeze * plan.steps


def depths(network: nn.Module, blocks: Sequence[nn.Module]) -> dict[str, int]:
    """How far from the head each named weight is: 0 the head, 1 the block before it, and so on to what is in no block.

    Args:
        network: any.
        blocks: its parts from the head on, see :meth:`~physio_lab.engine.task.Task.blocks`.
    """
    depth = {id(weight): place for place, block in enumerate(blocks) for weight in block.parameters()}
    return {name: depth.get(id(weight), len(blocks)) for name, weight in network.named_parameters()}


def make_optimiser(
    network: nn.Module, blocks: Sequence[nn.Module], plan: OptimiserConfig, transfer: TransferConfig
) -> tuple[torch.optim.Optimizer, torch.optim.lr_scheduler.LambdaLR]:
    """AdamW, or SGD with momentum, with one group of weights for each depth, and its schedule by step.

    Freezing is a learning rate of 0, so that processes that train together always agree on what learns.
    """
    named, groups = dict(network.named_parameters()), depths(network, blocks)
    kinds = sorted(set(groups.values()))
    weights = [{"params": [named[name] for name, depth in groups.items() if depth == kind]} for kind in kinds]
    optimiser: torch.optim.Optimizer
    if plan.method == "sgd":
        ahead = plan.nesterov and plan.momentum > 0
        optimiser = torch.optim.SGD(weights, lr=plan.lr, weight_decay=plan.weight_decay, momentum=plan.momentum, nesterov=ahead)
    else:
        optimiser = torch.optim.AdamW(weights, lr=plan.lr, weight_decay=plan.weight_decay)

    def share(step: int, depth: int) -> float:
        if frozen(step, plan, transfer):
            return share_of_lr(step, plan) if depth == 0 else 0.0
        after = transfer.lr_after if transfer.init and transfer.freeze > 0 else 1.0
        return share_of_lr(step, plan) * after * float(transfer.layer_decay**depth)

    return optimiser, torch.optim.lr_scheduler.LambdaLR(
        optimiser, [lambda step, depth=kind: share(step, depth) for kind in kinds]
    )
