"""A Transformer with two encoders, of the patient's path and of the ideal one, that draws the next path point by point.

A. Vaswani et al., NeurIPS 2017. The encoders share no weights; the weight of the patient's own path is an input of both and of
the decoder, which sees what it has drawn so far and nothing that comes after. What it says is added to the plain mixture of both
paths at the point that is next, so that without having learnt anything it would be that mixture.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from physio_lab.tasks.paths.config import EncoderConfig
from physio_lab.tasks.paths.network import layer, positions

POINTS, FEATURES = 50, 7
"""Of a path: place [reach] and four angles [rad] at moments that belong together in both paths."""
OWN, WANTED, BEFORE, WEIGHT = slice(0, 7), slice(7, 14), slice(14, 21), slice(21, 22)
"""Channels of a batch: the patient's path, the ideal, the next path one point earlier, the weight."""
CHANNELS = 22


class NextPath(nn.Module):
    """Batches (N, POINTS, CHANNELS) to the next path (N, POINTS, FEATURES)."""

    def __init__(self, config: EncoderConfig) -> None:
        super().__init__()
        width = config.width
        self.own, self.wanted, self.before = (nn.Linear(FEATURES + 1, width) for _ in range(3))
        self.register_buffer("place", positions(POINTS, width), persistent=False)
        self.register_buffer("later", torch.triu(torch.ones(POINTS, POINTS), diagonal=1).bool(), persistent=False)
        self.own_encoder, self.wanted_encoder = (
            nn.TransformerEncoder(layer(config), config.layers, nn.LayerNorm(width), enable_nested_tensor=False) for _ in range(2)
        )
        one = nn.TransformerDecoderLayer(
            width, config.heads, 2 * width, config.dropout, "gelu", batch_first=True, norm_first=True
        )
        self.decoder = nn.TransformerDecoder(one, config.layers, nn.LayerNorm(width))
        self.head = nn.Linear(width, FEATURES)
        nn.init.zeros_(self.head.weight)
        nn.init.zeros_(self.head.bias)

    def remembered(self, batch: Tensor) -> Tensor:
        """(N, 2 POINTS, width) what both encoders say."""
        weight = batch[..., WEIGHT]
        own = self.own_encoder(2.0 * self.own(torch.cat([batch[..., OWN], weight], 2)) + self.place)
        wanted = self.wanted_encoder(2.0 * self.wanted(torch.cat([batch[..., WANTED], weight], 2)) + self.place)
        return torch.cat([own, wanted], dim=1)

    def drawn(self, memory: Tensor, batch: Tensor) -> Tensor:
        """(N, POINTS, FEATURES) by what is remembered and what was drawn before."""
        weight = batch[..., WEIGHT]
        plain = weight * batch[..., OWN] + (1.0 - weight) * batch[..., WANTED]
        told = 2.0 * self.before(torch.cat([batch[..., BEFORE], weight], 2)) + self.place
        said: Tensor = self.head(self.decoder(told, memory, tgt_mask=self.later))
        return plain + 0.1 * said

    def forward(self, batch: Tensor) -> Tensor:
        """With what truly came before (teacher forcing)."""
        return self.drawn(self.remembered(batch), batch)

    def generate(self, batch: Tensor) -> Tensor:
        """Point by point, each from those drawn before; what ``batch`` holds of them is not looked at."""
        given = batch.clone()
        given[..., BEFORE] = 0.0
        with torch.no_grad():
            memory = self.remembered(given)
            found = torch.zeros_like(given[..., BEFORE])
            for step in range(POINTS):
                found[:, step] = self.drawn(memory, given)[:, step]
                if step + 1 < POINTS:
                    given[:, step + 1, BEFORE] = found[:, step]
        return found
