"""Settings that every training has, whatever is learnt; no torch here, so that the command line starts at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar, TypeVar

from physio_core.errors import ConfigError
from physio_core.params import Parameters, param


@dataclass(frozen=True)
class OptimiserConfig(Parameters):
    """How the weights are found."""

    renamed: ClassVar[Mapping[str, str]] = {
        "rate": "lr", "rise": "warmup", "falls": "milestones", "fall": "gamma", "check_batches": "val_batches",
    }  # fmt: skip

    method: str = param("adamw", "What moves the weights: AdamW, or SGD with momentum.", choices=("adamw", "sgd"))
    momentum: float = param(0.9, "Of SGD.", low=0.0, high=0.999)
    nesterov: bool = param(True, "Whether SGD looks ahead along its momentum (Nesterov); nothing without momentum.")
    steps: int = param(1800, "Batches to learn from, in each process.", low=1, high=1_000_000)
    batch: int = param(24, "Sequences in a batch.", low=1, high=4096)
    lr: float = param(3e-3, "Largest learning rate.", low=1e-6, high=1.0)
    schedule: str = param("cosine", "How the learning rate falls after its warm-up.", choices=("cosine", "step"))
    warmup: float = param(0.1, "Share of a cycle for which the learning rate rises.", low=0.0, high=0.9)
    cycles: int = param(1, "Times that a cosine rises and falls, each time half as high.", low=1, high=100)
    milestones: tuple[float, ...] = param(
        (0.6, 0.85), "Shares of the steps after which a stepped learning rate falls.", low=0.0, high=1.0
    )
    gamma: float = param(0.1, "Factor of each fall of a stepped learning rate.", low=1e-3, high=1.0)
    weight_decay: float = param(0.01, "Decay of the weights.", low=0.0, high=1.0)
    label_smoothing: float = param(0.05, "Share of each label spread over all.", low=0.0, high=0.5)
    clip: float = param(5.0, "Largest norm of a gradient; longer ones are shortened.", low=1e-3, high=1e6)
    precision: str = param(
        "auto", "Numbers that the network computes with; auto: bfloat16 where processor or graphics card do not imitate it.",
        choices=("auto", "bf16-mixed", "32-true"),
    )  # fmt: skip
    threads: int = param(1, "Processor cores for the network.", low=1, high=256)
    workers: int = param(1, "Processes that make the sequences; 0: the training process itself.", low=0, high=256)
    val_batches: int = param(12, "Batches, never learnt from, on which the result is measured.", low=1, high=1000)
    keep_every: int = param(100, "Steps between checkpoints.", low=1, high=100_000)


@dataclass(frozen=True)
class TransferConfig(Parameters):
    """How weights of an earlier training are taken over; without ``init`` the other settings but ``layer_decay`` do nothing."""

    renamed: ClassVar[Mapping[str, str]] = {"rate_after": "lr_after", "unit_decay": "layer_decay", "keep": "init_weight"}

    init: str = param("", "Model folder, weights.pt or checkpoint to start from; empty: from scratch.")
    freeze: float = param(0.1, "Share of the steps in which only the head learns.", low=0.0, high=1.0)
    lr_after: float = param(0.5, "Factor of the learning rate from then on; nothing without ``freeze``.", low=1e-3, high=1.0)
    layer_decay: float = param(1.0, "Factor of the learning rate for each unit farther from the head.", low=0.1, high=1.0)
    init_weight: float = param(
        0.0, "Share of the weights started from in the mean with those learnt, at the end (WiSE-FT).", low=0.0, high=1.0
    )


@dataclass(frozen=True)
class ValidationConfig(Parameters):
    """What is looked at while a network learns: its loss on what it never learns from, every so many checkpoints."""

    every: int = param(
        1, "Checkpoints (``optimiser.keep_every`` steps) from one validation to the next; 0: none.", low=0, high=10_000
    )
    patience: int = param(0, "Validations without a lower loss after which the training stops; 0: never.", low=0, high=10_000)
    choose: str = param("last", "Weights that become the model: the last, or those of the lowest loss.", choices=("last", "best"))

    def __post_init__(self) -> None:
        """Nothing can be chosen where nothing is validated."""
        super().__post_init__()
        if not self.every and (self.patience or self.choose == "best"):
            raise ConfigError("every = 0 validates nothing, so there is no best and no patience; set every to 1")


@dataclass(frozen=True)
class FoldConfig(Parameters):
    """Which part of the people is kept for a test at the end, in a cross-validation."""

    count: int = param(0, "Parts that the people (or recordings) are split into; 0: no cross-validation.", low=0, high=1000)
    index: int = param(0, "The part that is tested on, counted from 0.", low=0, high=999)

    def __post_init__(self) -> None:
        """The part is one of them."""
        super().__post_init__()
        if self.count == 1 or self.index >= max(self.count, 1):
            raise ConfigError(f"count = {self.count}, index = {self.index}: give 2 parts or more, and one of them, from 0")


WORDS = ("description", "reference", "licence")
"""What a recipe says about itself; it decides nothing."""


@dataclass(frozen=True, kw_only=True)
class Recipe:
    """Everything that decides what a model will be; a task adds its own settings.

    ``reference`` is a figure from elsewhere that stands beside this recipe's own in a table; ``licence`` is what the model is
    given away under. A file may name another one as its ``base`` and then says only what differs.
    """

    name: str
    seed: int = 1
    description: str = ""
    reference: str = ""
    licence: str = ""
    optimiser: OptimiserConfig = field(default_factory=OptimiserConfig)
    transfer: TransferConfig = field(default_factory=TransferConfig)
    validation: ValidationConfig = field(default_factory=ValidationConfig)
    fold: FoldConfig = field(default_factory=FoldConfig)


R = TypeVar("R", bound=Recipe)
"""The recipe of a task."""
