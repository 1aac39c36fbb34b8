"""What can be set of a training for recognition, read by `recipe.py`; no torch here, so that the command line starts at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar

from physio_core.errors import ConfigError
from physio_core.params import Parameters, param
from physio_core.skeleton.normalise import NormaliserConfig
from physio_lab.engine.config import Recipe
from physio_lab.synthetic.noise import NoiseConfig
from physio_lab.tasks.stgcn.graph import PARTITIONS
from physio_lab.tasks.stgcn.sequences import SyntheticConfig

PUBLISHED_DILATIONS = (1, 1, 1, 1, 1, 2, 2, 2, 4, 4)
"""Of the continual form of the published network: what follows a stride of 2 looks at every second frame."""


@dataclass(frozen=True)
class NetworkConfig(Parameters):
    """Kind and size of the network."""

    renamed: ClassVar[Mapping[str, str]] = {"widths": "channels", "hidden": "head_hidden_dim"}

    family: str = param(
        "stgcn",
        "Continual units as published, or with a learnt graph and branches; or the published, strided network itself.",
        choices=("stgcn", "stgcn_plus", "published"),
    )
    channels: tuple[int, ...] = param((32, 48, 48, 64, 64), "Channels of each unit.", low=4, high=512)
    dilations: tuple[int, ...] = param((1, 1, 1, 2, 2), "Spacing of the temporal kernel in each unit.", low=1, high=8)
    kernel: int = param(9, "Temporal kernel.", unit="frames", low=3, high=15)
    pool: int = param(8, "Frames over which features are averaged.", unit="frames", low=1, high=512)
    dropout: float = param(0.1, "Share of features dropped in training.", low=0.0, high=0.9)
    partition: str = param("spatial", "Which neighbours of a joint share their weights.", choices=PARTITIONS)
    input_residual: bool = param(True, "A residual around the first unit too; the published network has none there.")
    head_hidden_dim: int = param(0, "Width of a fully connected layer added before the scores; 0: none.", low=0, high=1024)

    def __post_init__(self) -> None:
        """One dilation for each unit, and room for each branch; the published network is as it is."""
        super().__post_init__()
        if not self.channels or len(self.channels) != len(self.dilations):
            raise ConfigError(f"{len(self.channels)} channels but {len(self.dilations)} dilations; give one for each unit")
        if self.family == "stgcn_plus" and (self.kernel % 2 == 0 or min(self.channels) < self.kernel // 2 + 2):
            raise ConfigError(
                f"kernel = {self.kernel}, channels = {self.channels}: stgcn_plus needs an odd kernel, and channels of at least "
                f"{self.kernel // 2 + 2} for its branches"
            )

        fixed = {"dilations": PUBLISHED_DILATIONS, "kernel": 9, "input_residual": False, "head_hidden_dim": 0}
        if self.family == "published":
            if len(self.channels) != len(PUBLISHED_DILATIONS):
                raise ConfigError(f"{len(self.channels)} channels; the published network has {len(PUBLISHED_DILATIONS)} units")
            if wrong := [name for name, value in fixed.items() if getattr(self, name) != value]:
                raise ConfigError(
                    f"{wrong[0]} = {getattr(self, wrong[0])!r}: the published network has {fixed[wrong[0]]!r}; set it so"
                )

    @property
    def lead(self) -> int:
        """Frames that must stand in front of a clip so that its first frame has a prediction; a strided network has but one."""
        return 0 if self.family == "published" else self.receptive_field - 1

    @property
    def receptive_field(self) -> int:
        """Frames that one prediction of the continual form looks back on, itself included."""
        return sum((self.kernel - 1) * dilation for dilation in self.dilations) + self.pool


@dataclass(frozen=True)
class SetConfig(Parameters):
    """A set of recorded skeletons to learn from and to be measured on."""

    renamed: ClassVar[Mapping[str, str]] = {"hold_out": "val_fraction", "held_out": "val_groups"}

    path: str = param("", "File or folder; variables such as $PHYSIO_DATA are filled in.")
    share: float = param(1.0, "Share of the sequences in a batch; what all sets leave is synthetic.", low=0.0, high=1.0)
    labels: tuple[str, ...] = param((), "Labels of the set by other names, e.g. pullup=pull_up.")
    others: str = param("unknown", "What becomes of labels the recipe does not have.", choices=("unknown", "leave_out"))
    val_fraction: float = param(0.25, "Share of the subjects or sources never learnt from, but validated on.", low=0.0, high=0.9)
    val_groups: tuple[str, ...] = param((), "The same, by name; empty: drawn by ``split_seed``.")
    test_groups: tuple[str, ...] = param((), "Subjects or sources that are only tested on, at the end.")
    split_seed: int = param(1, "Draws who is held out, the same people for every seed of the recipe.", low=0, high=2**31 - 1)
    learn_from: tuple[str, ...] = param((), "Subjects or sources to learn from; empty: all that are not held out.")
    per_class: int = param(0, "Clips of each class to learn from, drawn by the seed; 0: all.", low=0, high=1_000_000)
    balanced: bool = param(True, "Whether each class is drawn equally often, however many clips it has.")
    repeat: bool = param(False, "Whether a clip shorter than a sequence is played back and forth, as if it were repeated.")


LEAST_TO_CHECK = 4
"""People or recordings from which on :class:`LearnConfig.val_fraction` keeps some apart to be measured on."""


@dataclass(frozen=True)
class LearnConfig(Parameters):
    """How a model is taught one more movement with a few clips (`physio action learn`)."""

    steps: int = param(200, "Batches to learn from.", low=10, high=100_000)
    lr: float = param(1e-3, "Largest learning rate.", low=1e-6, high=0.1)
    share: float = param(0.25, "Share of the clips in a batch; the rest rehearses what is known.", low=0.05, high=0.5)
    freeze: float = param(0.1, "Share of the steps in which only the head learns.", low=0.0, high=1.0)
    layer_decay: float = param(0.7, "Factor of the learning rate for each unit farther from the head.", low=0.1, high=1.0)
    val_fraction: float = param(0.25, "Share of the clips kept apart to be measured on.", low=0.0, high=0.9)
    mirror: bool = param(True, "Whether the movement means the same with left and right swapped.")


@dataclass(frozen=True, kw_only=True)
class StgcnRecipe(Recipe):
    """A recipe for recognition.

    ``labels`` are the classes in the order of the scores; ``augment`` lists changes to the recorded sequences, see
    :mod:`physio_lab.augment.compose`.
    """

    labels: tuple[str, ...]
    synthetic: SyntheticConfig = field(default_factory=SyntheticConfig)
    noise: NoiseConfig = field(default_factory=NoiseConfig)
    normaliser: NormaliserConfig = field(default_factory=NormaliserConfig)
    network: NetworkConfig = field(default_factory=NetworkConfig)
    sets: tuple[SetConfig, ...] = ()
    augment: tuple[Any, ...] = ()

    def __post_init__(self) -> None:
        """A cross-validation has people to part.

        Raises:
            ConfigError: there is none.
        """
        if self.fold.count and not self.sets:
            raise ConfigError(
                f"{self.name}: a cross-validation (fold) is over the people of recorded sets, and the recipe has none; add sets"
            )

    @property
    def data(self) -> str:
        """What it learns from, in words, for the model card."""
        paths = [Path(one.path) for one in self.sets]
        recorded = ["/".join(path.parts[-2:]) if path.suffix else path.name for path in paths]  # a file is called set.parquet
        made = ["synthetic motion"] if sum(one.share for one in self.sets) < 1 - 1e-9 else []
        return " and ".join(made + recorded) + ("" if recorded else " only")
