"""The scorer: standardise, take points together, a recurrent cell both ways through time, mean and maximum, three levels."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from physio_core.hands.features import columns_of
from physio_core.hands.scoring import CHANNELS, LEVELS
from physio_lab.scoring.examples import Examples
from physio_lab.tasks.scoring.config import RnnConfig

_CELLS = {"rnn": nn.RNN, "gru": nn.GRU, "lstm": nn.LSTM}
_REACH = 5
CLIP = 5.0
"""Standard deviations beyond which a feature counts as that far."""


class Scorer(nn.Module):
    """Scores before softmax (N, 3) of trials (N, P, C); how unlike those learnt (N,) is beside them in :class:`Exported`."""

    mean: Tensor
    spread: Tensor
    kept: Tensor

    def __init__(self, config: RnnConfig, channels: int = CHANNELS) -> None:
        super().__init__()
        self.config = config
        self.register_buffer("mean", torch.zeros(channels))
        self.register_buffer("spread", torch.ones(channels))
        kept = torch.ones(channels)
        for group in config.without:
            kept[torch.from_numpy(columns_of(group))] = 0.0
        self.register_buffer("kept", kept)
        self.together = nn.Conv1d(channels, config.width, _REACH, config.stride, _REACH // 2)
        self.cells = _CELLS[config.cell](config.width, config.width, config.depth, batch_first=True, bidirectional=True)
        self.dropout = nn.Dropout(config.dropout)
        self.head = nn.Linear(4 * config.width, LEVELS)

    def learn_scale(self, examples: Examples) -> None:
        """Take mean and spread of each feature from examples."""
        rows = torch.from_numpy(examples.inputs).flatten(0, 1)
        self.mean.copy_(rows.mean(0))
        self.spread.copy_(rows.std(0).clamp(min=1e-3))

    def standardised(self, trials: Tensor) -> Tensor:
        """Trials (N, P, C) in standard deviations from what is usual."""
        return ((trials - self.mean) / self.spread).clamp(-CLIP, CLIP) * self.kept

    def forward(self, trials: Tensor) -> Tensor:
        """Scores before softmax."""
        even = self.standardised(trials)
        if self.training and self.config.jitter:
            even = even + self.config.jitter * torch.randn_like(even)
        steps = torch.relu(self.together(even.transpose(1, 2))).transpose(1, 2)
        states, _ = self.cells(steps)
        scores: Tensor = self.head(self.dropout(torch.cat([states.mean(1), states.amax(1)], dim=1)))
        return scores


class Exported(nn.Module):
    """What ships: tempered probabilities (N, 3), and how unlike those learnt a trial is (N,): its mean square deviation."""

    def __init__(self, scorer: Scorer, temperature: float) -> None:
        super().__init__()
        self.scorer, self.temperature = scorer, temperature

    def forward(self, trials: Tensor) -> tuple[Tensor, Tensor]:
        """Probabilities and deviation."""
        away = self.scorer.standardised(trials).square().mean((1, 2))
        return torch.softmax(self.scorer(trials) / self.temperature, dim=1), away
