"""What can be set of a training, read from a file by `recipe.py`; no torch here, so that the command line starts at once."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from physio_core.errors import ConfigError
from physio_core.params import Parameters, param
from physio_core.skeleton.normalise import NormaliserConfig
from physio_lab.synthetic.noise import NoiseConfig
from physio_lab.training.graph import PARTITIONS
from physio_lab.training.synthetic import SyntheticConfig


@dataclass(frozen=True)
class NetworkConfig(Parameters):
    """Kind and size of the network."""

    family: str = param(
        "stgcn", "Kind of units: as published, or with a learnt graph and temporal branches.", choices=("stgcn", "stgcn_plus")
    )
    widths: tuple[int, ...] = param((32, 48, 48, 64, 64), "Channels of each unit.", low=4, high=512)
    dilations: tuple[int, ...] = param((1, 1, 1, 2, 2), "Spacing of the temporal kernel in each unit.", low=1, high=8)
    kernel: int = param(9, "Temporal kernel.", unit="frames", low=3, high=15)
    pool: int = param(8, "Frames over which features are averaged.", unit="frames", low=1, high=512)
    dropout: float = param(0.1, "Share of features dropped in training.", low=0.0, high=0.9)
    partition: str = param("spatial", "Which neighbours of a joint share their weights.", choices=PARTITIONS)
    input_residual: bool = param(True, "A residual around the first unit too; the published network has none there.")
    hidden: int = param(0, "Width of a fully connected layer added before the scores; 0: none.", low=0, high=1024)

    def __post_init__(self) -> None:
        """One dilation for each width, and room for each branch."""
        super().__post_init__()
        if not self.widths or len(self.widths) != len(self.dilations):
            raise ConfigError(f"{len(self.widths)} widths but {len(self.dilations)} dilations; give one for each unit")
        if self.family == "stgcn_plus" and (self.kernel % 2 == 0 or min(self.widths) < self.kernel // 2 + 2):
            raise ConfigError(
                f"kernel = {self.kernel}, widths = {self.widths}: stgcn_plus needs an odd kernel, and widths of at least "
                f"{self.kernel // 2 + 2} for its branches"
            )

    @property
    def reach(self) -> int:
        """Frames that one prediction looks back on, itself included."""
        return sum((self.kernel - 1) * dilation for dilation in self.dilations) + self.pool


@dataclass(frozen=True)
class OptimiserConfig(Parameters):
    """How the weights are found."""

    steps: int = param(1800, "Batches to learn from, in each process.", low=1, high=1_000_000)
    batch: int = param(24, "Sequences in a batch.", low=1, high=4096)
    rate: float = param(3e-3, "Largest learning rate.", low=1e-6, high=1.0)
    schedule: str = param("cosine", "How the rate falls after its rise.", choices=("cosine", "step"))
    rise: float = param(0.1, "Share of a cycle for which the rate rises.", low=0.0, high=0.9)
    cycles: int = param(1, "Times that a cosine rises and falls, each time half as high.", low=1, high=100)
    falls: tuple[float, ...] = param((0.6, 0.85), "Shares of the steps after which a stepped rate falls.", low=0.0, high=1.0)
    fall: float = param(0.1, "Factor of each fall of a stepped rate.", low=1e-3, high=1.0)
    weight_decay: float = param(0.01, "Decay of the weights (AdamW).", low=0.0, high=1.0)
    label_smoothing: float = param(0.05, "Share of each label spread over all.", low=0.0, high=0.5)
    clip: float = param(5.0, "Largest norm of a gradient; longer ones are shortened.", low=1e-3, high=1e6)
    precision: str = param(
        "auto", "Numbers that the network computes with; auto: bfloat16 where processor or graphics card do not imitate it.",
        choices=("auto", "bf16-mixed", "32-true"),
    )  # fmt: skip
    threads: int = param(1, "Processor cores for the network.", low=1, high=256)
    workers: int = param(1, "Processes that make the sequences; 0: the training process itself.", low=0, high=256)
    check_batches: int = param(12, "Batches, never learnt from, on which the result is measured.", low=1, high=1000)
    keep_every: int = param(100, "Steps between checkpoints.", low=1, high=100_000)


@dataclass(frozen=True)
class TransferConfig(Parameters):
    """How weights of an earlier training are taken over; without ``init`` the other settings but ``unit_decay`` do nothing."""

    init: str = param("", "Model folder, weights.pt or checkpoint to start from; empty: from scratch.")
    freeze: float = param(0.1, "Share of the steps in which only the head learns.", low=0.0, high=1.0)
    rate_after: float = param(0.5, "Factor of the learning rate from then on; nothing without ``freeze``.", low=1e-3, high=1.0)
    unit_decay: float = param(1.0, "Factor of the learning rate for each unit farther from the head.", low=0.1, high=1.0)
    keep: float = param(0.0, "Share of the weights started from in the mean with those learnt, at the end.", low=0.0, high=1.0)


@dataclass(frozen=True)
class SetConfig(Parameters):
    """A set of recorded skeletons to learn from and to be measured on."""

    path: str = param("", "File or folder; variables such as $PHYSIO_DATA are filled in.")
    share: float = param(1.0, "Share of the sequences in a batch; what all sets leave is synthetic.", low=0.0, high=1.0)
    labels: tuple[str, ...] = param((), "Labels of the set by other names, e.g. pullup=pull_up.")
    others: str = param("unknown", "What becomes of labels the recipe does not have.", choices=("unknown", "leave_out"))
    hold_out: float = param(0.25, "Share of the subjects or sources never learnt from, only measured on.", low=0.0, high=0.9)
    held_out: tuple[str, ...] = param((), "The same, by name; empty: drawn by ``split_seed``.")
    split_seed: int = param(1, "Draws who is held out, the same people for every seed of the recipe.", low=0, high=2**31 - 1)
    learn_from: tuple[str, ...] = param((), "Subjects or sources to learn from; empty: all that are not held out.")
    per_class: int = param(0, "Clips of each class to learn from, drawn by the seed; 0: all.", low=0, high=1_000_000)
    balanced: bool = param(True, "Whether each class is drawn equally often, however many clips it has.")
    repeat: bool = param(False, "Whether a clip shorter than a sequence is played forth and back, as if it were repeated.")


LEAST_TO_CHECK = 4
"""People or recordings from which on :class:`LearnConfig.hold_out` keeps some apart to be measured on."""


@dataclass(frozen=True)
class LearnConfig(Parameters):
    """How a model is taught one more movement with a few clips (`physio action learn`)."""

    steps: int = param(200, "Batches to learn from.", low=10, high=100_000)
    rate: float = param(1e-3, "Largest learning rate.", low=1e-6, high=0.1)
    share: float = param(0.25, "Share of the clips in a batch; the rest rehearses what is known.", low=0.05, high=0.5)
    freeze: float = param(0.1, "Share of the steps in which only the head learns.", low=0.0, high=1.0)
    unit_decay: float = param(0.7, "Factor of the learning rate for each unit farther from the head.", low=0.1, high=1.0)
    hold_out: float = param(0.25, "Share of the clips kept apart to be measured on.", low=0.0, high=0.9)
    mirror: bool = param(True, "Whether the movement means the same with left and right swapped.")


WORDS = ("description", "reference", "licence")
"""What a recipe says about itself; it decides nothing."""


@dataclass(frozen=True)
class TrainingConfig:
    """A recipe: everything that decides what the model will be.

    ``augment`` lists changes to the recorded sequences, see :mod:`physio_lab.augment.compose`; ``reference`` is a figure
    from elsewhere that stands beside this recipe's own in a table; ``licence`` is what the model is given away under. A file
    may name another one as its ``base`` and then says only what differs.
    """

    name: str
    labels: tuple[str, ...]
    seed: int = 1
    description: str = ""
    reference: str = ""
    licence: str = ""
    synthetic: SyntheticConfig = field(default_factory=SyntheticConfig)
    noise: NoiseConfig = field(default_factory=NoiseConfig)
    normaliser: NormaliserConfig = field(default_factory=NormaliserConfig)
    network: NetworkConfig = field(default_factory=NetworkConfig)
    optimiser: OptimiserConfig = field(default_factory=OptimiserConfig)
    transfer: TransferConfig = field(default_factory=TransferConfig)
    sets: tuple[SetConfig, ...] = ()
    augment: tuple[Any, ...] = ()

    @property
    def data(self) -> str:
        """What it learns from, in words, for the model card."""
        paths = [Path(one.path) for one in self.sets]
        recorded = ["/".join(path.parts[-2:]) if path.suffix else path.name for path in paths]  # a file is called set.parquet
        made = ["synthetic motion"] if sum(one.share for one in self.sets) < 1 - 1e-9 else []
        return " and ".join(made + recorded) + ("" if recorded else " only")
