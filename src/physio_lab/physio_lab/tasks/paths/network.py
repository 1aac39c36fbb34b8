"""Transformer encoders that name a path, and a kernel machine on its geometry beside them.

A. Vaswani et al., "Attention is all you need", NeurIPS 2017: sinusoids tell where on the way a token is; padding is neither
attended to nor averaged. The kernel machine is ridge regression on radial basis functions (C. Saunders et al., ICML 1998), one
against all. Both see other things of a path and err elsewhere; what ships is their product (:class:`Ensemble`). Encoders of other
first weights err elsewhere too, so several are averaged (B. Lakshminarayanan et al., "Simple and scalable predictive uncertainty
estimation using deep ensembles", NeurIPS 2017).
"""

from __future__ import annotations

import math

import numpy as np
import torch
from torch import Tensor, nn

from physio_core.trajectories.features import CHANNELS, TOKENS
from physio_core.types import FloatArray
from physio_lab.tasks.paths.config import EncoderConfig
from physio_lab.tasks.paths.samples import Labels

SHRINKAGE, SHRINKAGE_SIMULATED = 0.1, 0.5
"""Of the kernel machine, for recordings and for what simulated patients drew, which counts less."""
WIDTH = 1.0
"""Of the kernel: its exponent's factor, over the number of features. The three, and :data:`SHARPNESS`, are chosen by
naming each participant of the recordings by the others."""
SHARPNESS = 2.0
"""From values about -1..1 to logarithms of odds."""
CLIPPED = 5.0


def positions(count: int, width: int) -> Tensor:
    """(count, width) sinusoids of each place on the way."""
    place = torch.arange(count)[:, None]
    pace = torch.exp(torch.arange(0, width, 2) * (-math.log(200.0) / width))
    found = torch.zeros(count, width)
    found[:, 0::2], found[:, 1::2] = torch.sin(place * pace), torch.cos(place * pace)
    return found


def layer(config: EncoderConfig) -> nn.TransformerEncoderLayer:
    """One layer of an encoder."""
    return nn.TransformerEncoderLayer(
        config.width, config.heads, 2 * config.width, config.dropout, "gelu", batch_first=True, norm_first=True
    )


class PathEncoder(nn.Module):
    """Tokens (N, TOKENS, CHANNELS + 1) to scores (N, K)."""

    def __init__(self, classes: int, config: EncoderConfig) -> None:
        super().__init__()
        self.embed = nn.Linear(CHANNELS, config.width)
        self.register_buffer("place", positions(TOKENS, config.width))
        self.encoder = nn.TransformerEncoder(layer(config), config.layers, nn.LayerNorm(config.width), enable_nested_tensor=False)
        self.head = nn.Linear(config.width, classes)

    def forward(self, tokens: Tensor) -> Tensor:
        """Scores; the last channel of a token is 1 where it is there, 0 where it is padding."""
        there = tokens[..., CHANNELS:]
        embedded = 3.0 * self.embed(tokens[..., :CHANNELS]) + self.place
        told = self.encoder(embedded, src_key_padding_mask=there[..., 0] < 0.5)
        pooled = (told * there).sum(1) / there.sum(1)
        scores: Tensor = self.head(pooled)
        return scores


class PathEncoders(nn.Module):
    """Encoders of other first weights, side by side: tokens (N, TOKENS, CHANNELS + 1) to scores (members, N, K)."""

    def __init__(self, members: int, classes: int, config: EncoderConfig) -> None:
        super().__init__()
        self.members = nn.ModuleList(PathEncoder(classes, config) for _ in range(members))

    def forward(self, tokens: Tensor) -> Tensor:
        """Scores of each."""
        return torch.stack([one(tokens) for one in self.members])


class KernelMachine(nn.Module):
    """Ridge regression on radial basis functions of features (N, F), one against all; values about -1..1 (N, K)."""

    def __init__(self, features: FloatArray, labels: Labels, classes: int, shrinkage: FloatArray) -> None:
        """Learn features (M, F) and labels (M,), each with its shrinkage (M,)."""
        super().__init__()
        mean, spread = features.mean(0), features.std(0) + 1e-6
        known = np.clip((features - mean) / spread, -CLIPPED, CLIPPED).astype(np.float64)
        factor = WIDTH / known.shape[1]
        inner = known @ known.T
        squares = np.diag(inner)
        kernel = np.exp(-factor * (squares[:, None] + squares[None] - 2.0 * inner))
        target = np.where(np.eye(classes)[labels] > 0.0, 1.0, -1.0)
        duals = np.linalg.solve(kernel + np.diag(shrinkage), target)
        for name, value in (("mean", mean), ("spread", spread), ("known", known), ("squares", squares), ("duals", duals)):
            self.register_buffer(name, torch.tensor(value, dtype=torch.float32))
        self.factor = factor

    def forward(self, features: Tensor) -> Tensor:
        """Values about -1 (another class) to 1 (this one)."""
        given = ((features - self.mean) / self.spread).clamp(-CLIPPED, CLIPPED)
        away = (given**2).sum(1, keepdim=True) + self.squares - 2.0 * given @ self.known.T
        values: Tensor = torch.exp(-self.factor * away.clamp(min=0.0)) @ self.duals
        return values


class Ensemble(nn.Module):
    """Networks and kernel machine together; the networks' last class is ``unknown``, which the kernel machine lacks."""

    def __init__(self, encoders: PathEncoders, kernel: KernelMachine) -> None:
        super().__init__()
        self.encoders, self.kernel = encoders, kernel

    def forward(self, tokens: Tensor, geometry: Tensor) -> tuple[Tensor, Tensor]:
        """Logarithms of probabilities (N, K) of whole paths, and (N, K) of paths that are still drawn, by the networks alone."""
        alone = torch.logsumexp(torch.log_softmax(self.encoders(tokens), dim=2), dim=0) - math.log(len(self.encoders.members))
        kinds, strange = alone[:, :-1], alone[:, -1:]
        both = torch.log_softmax(kinds + SHARPNESS * self.kernel(geometry), dim=1)
        known = torch.log((1.0 - strange.exp()).clamp(min=1e-6))
        return torch.cat([known + both, strange], dim=1), alone
