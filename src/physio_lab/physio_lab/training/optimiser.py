"""Which weights learn how fast, and when."""

from __future__ import annotations

import re

import numpy as np
import torch
from torch import nn

from physio_lab.training.config import OptimiserConfig, TransferConfig

_LOW = 0.04
"""Share of the largest rate with which a rise begins."""


def share_of_rate(step: int, plan: OptimiserConfig) -> float:
    """Learning rate at a step as a share of the largest.

    A cosine rises and falls in each cycle, each half as high as the one before (Loshchilov and Hutter 2017, SGDR); a stepped
    rate rises once and falls by a factor at given shares of the steps.
    """
    stepped = plan.schedule == "step"
    cycles = 1 if stepped else plan.cycles
    length = plan.steps / cycles
    cycle = min(int(step / length), cycles - 1)
    place = min((step - cycle * length) / length, 1.0)
    risen = place / plan.rise if place < plan.rise else 1.0
    up = _LOW + (1.0 - _LOW) * (0.5 - 0.5 * np.cos(np.pi * risen))
    if stepped:
        return float(up * plan.fall ** sum(place >= share for share in plan.falls))
    down = 0.5 + 0.5 * np.cos(np.pi * max(0.0, place - plan.rise) / (1.0 - plan.rise))
    return float(0.5**cycle * up * down)


def frozen(step: int, plan: OptimiserConfig, transfer: TransferConfig) -> bool:
    """Whether only the head learns at this step."""
    return bool(transfer.init) and step < transfer.freeze * plan.steps


def depths(network: nn.Module) -> dict[str, int]:
    """How far from the head each named weight is: 0 the head itself, 1 the last unit, and so on to what is before the first."""
    units = [int(found[1]) for name, _ in network.named_parameters() if (found := re.match(r"units\.(\d+)\.", name))]
    count = max(units, default=-1) + 1

    def depth(name: str) -> int:
        if name.startswith("head."):
            return 0
        found = re.match(r"units\.(\d+)\.", name)
        return count - int(found[1]) if found else count + 1

    return {name: depth(name) for name, _ in network.named_parameters()}


def make_optimiser(
    network: nn.Module, plan: OptimiserConfig, transfer: TransferConfig
) -> tuple[torch.optim.Optimizer, torch.optim.lr_scheduler.LambdaLR]:
    """AdamW with one group of weights for each depth, and its schedule by step.

    Freezing is a rate of 0, so that processes that train together always agree on what learns.
    """
    named, groups = dict(network.named_parameters()), depths(network)
    kinds = sorted(set(groups.values()))
    optimiser = torch.optim.AdamW(
        [{"params": [named[name] for name, depth in groups.items() if depth == kind]} for kind in kinds],
        lr=plan.rate, weight_decay=plan.weight_decay,
    )  # fmt: skip

    def share(step: int, depth: int) -> float:
        if frozen(step, plan, transfer):
            return share_of_rate(step, plan) if depth == 0 else 0.0
        after = transfer.rate_after if transfer.init and transfer.freeze > 0 else 1.0
        return share_of_rate(step, plan) * after * float(transfer.unit_decay**depth)

    return optimiser, torch.optim.lr_scheduler.LambdaLR(
        optimiser, [lambda step, depth=kind: share(step, depth) for kind in kinds]
    )
