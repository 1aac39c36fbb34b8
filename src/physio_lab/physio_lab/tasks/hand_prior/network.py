"""A variational autoencoder of hand motion: a window of what an estimator saw to a code, a code to all angles at once."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor, nn

from physio_core.motion.hand import LIMITS_DEG
from physio_lab.tasks.hand_prior.config import ANGLES, INPUTS, WINDOW, VaeConfig

_HALVED = 3
_SHORT = WINDOW >> _HALVED
SPREAD_MOST = 4.0
"""Largest logarithm of a code's variance, and of its inverse."""


class HandVae(nn.Module):
    """Kingma and Welling, "Auto-encoding variational Bayes", 2014; the decoder knows no order of time.

    Angles stay within the limits of the joints by construction.
    """

    low: Tensor
    span: Tensor

    def __init__(self, config: VaeConfig) -> None:
        super().__init__()
        self.config = config
        width = config.width
        limits = torch.tensor(np.radians([LIMITS_DEG[name] for name in ANGLES]), dtype=torch.float32)
        self.register_buffer("low", limits[:, 0].contiguous())
        self.register_buffer("span", limits[:, 1] - limits[:, 0])
        down: list[nn.Module] = []
        up: list[nn.Module] = []
        for step in range(_HALVED):
            down += [nn.Conv1d(width if step else INPUTS, width, 5, 2, 2), nn.GELU()]
            up += [nn.Upsample(scale_factor=2.0, mode="linear"), nn.Conv1d(width, width, 5, 1, 2), nn.GELU()]
        self.encoder = nn.Sequential(*down, nn.Flatten(), nn.Linear(width * _SHORT, 2 * config.code))
        self.begin = nn.Linear(config.code, width * _SHORT)
        self.decoder = nn.Sequential(*up, nn.Conv1d(width, len(ANGLES), 5, 1, 2))

    def encode(self, windows: Tensor) -> tuple[Tensor, Tensor]:
        """Mean and logarithm of the variance of codes (N, Z) of windows (N, F, I)."""
        mean, spread = self.encoder(windows.transpose(1, 2)).chunk(2, dim=1)
        return mean, spread.clamp(-SPREAD_MOST, SPREAD_MOST)

    def decode(self, codes: Tensor) -> Tensor:
        """Angles (N, F, A) [rad] of codes (N, Z)."""
        short = self.begin(codes).unflatten(1, (-1, _SHORT))
        free: Tensor = self.decoder(short).transpose(1, 2)
        return self.low + self.span * torch.sigmoid(free)

    def forward(self, windows: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Angles of windows, from a code drawn at random while it learns, and the codes' mean and spread."""
        mean, spread = self.encode(windows)
        drawn = mean + torch.randn_like(mean) * (0.5 * spread).exp() if self.training else mean
        return self.decode(drawn), mean, spread
