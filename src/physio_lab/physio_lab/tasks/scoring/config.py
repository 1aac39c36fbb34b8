"""Settings of a scorer of hand items; no torch here."""

from __future__ import annotations

from dataclasses import dataclass, field

from physio_core.params import Parameters, param
from physio_lab.engine.config import Recipe

CELLS = ("rnn", "gru", "lstm")
LOSSES = ("cross_entropy", "ordinal", "both")


@dataclass(frozen=True)
class TrialsConfig(Parameters):
    """Which simulated patients are learnt from and measured on."""

    patients: int = param(72, "Patients; each does each of the seven items.", low=10, high=100_000)
    per_item: int = param(1, "Times that each does an item.", low=1, high=100)
    draw: int = param(0, "Seed of the patients.", low=0, high=1_000_000)
    steadiest: float = param(1.0, "Errors of the estimator are, by try, from this share of the usual to all.", low=0.0, high=1.0)
    test_share: float = param(0.2, "Share of the patients that is kept for the test.", low=0.05, high=0.5)
    val_share: float = param(0.15, "Share of the others on which the loss is followed.", low=0.0, high=0.5)


@dataclass(frozen=True)
class RnnConfig(Parameters):
    """The network."""

    cell: str = param("gru", "Kind of recurrent cell; rnn: the plain one of Elman.", choices=CELLS)
    width: int = param(48, "Numbers that a cell remembers, in each direction of time.", low=4, high=1024)
    depth: int = param(1, "Layers of cells.", low=1, high=4)
    stride: int = param(4, "Points in time that are taken together.", low=1, high=10)
    dropout: float = param(0.3, "Share of what is seen at the end that is left out at random.", low=0.0, high=0.9)
    loss: str = param(
        "both", "What is made small: cross entropy, squared distance of cumulated probabilities (ordinal), or the sum of both.",
        choices=LOSSES,
    )  # fmt: skip
    without: tuple[str, ...] = param((), "Groups of features that are not looked at.")
    jitter: float = param(0.05, "Noise added to standardised features while learning.", low=0.0, high=1.0)


@dataclass(frozen=True, kw_only=True)
class ScoringRecipe(Recipe):
    """A recipe for a scorer."""

    trials: TrialsConfig = field(default_factory=TrialsConfig)
    network: RnnConfig = field(default_factory=RnnConfig)
