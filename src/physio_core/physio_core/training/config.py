"""What `physio train` reads from a YAML file; no torch here, so that the command line starts at once."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

import yaml

from physio_core.errors import ConfigError
from physio_core.params import Parameters, param
from physio_core.skeleton.normalise import NormaliserConfig
from physio_core.training.noise import NoiseConfig
from physio_core.training.synthetic import SyntheticConfig
from physio_core.types import UNKNOWN


@dataclass(frozen=True)
class NetworkConfig(Parameters):
    """Size of the network."""

    widths: tuple[int, ...] = param((32, 48, 48, 64, 64), "Channels of each unit.", low=4, high=512)
    dilations: tuple[int, ...] = param((1, 1, 1, 2, 2), "Spacing of the temporal kernel in each unit.", low=1, high=8)
    kernel: int = param(9, "Temporal kernel.", unit="frames", low=3, high=15)
    pool: int = param(8, "Frames over which features are averaged.", unit="frames", low=1, high=128)
    dropout: float = param(0.1, "Share of features dropped in training.", low=0.0, high=0.9)

    def __post_init__(self) -> None:
        """One dilation for each width."""
        super().__post_init__()
        if len(self.widths) != len(self.dilations):
            raise ConfigError(f"{len(self.widths)} widths but {len(self.dilations)} dilations; give one for each unit")


@dataclass(frozen=True)
class OptimiserConfig(Parameters):
    """How the weights are found."""

    steps: int = param(1800, "Batches to learn from.", low=1, high=1_000_000)
    batch: int = param(24, "Sequences in a batch.", low=1, high=4096)
    rate: float = param(
        3e-3, "Largest learning rate; it rises for a tenth of a cycle, then falls as a cosine.", low=1e-6, high=1.0
    )
    cycles: int = param(1, "Times that the learning rate rises and falls.", low=1, high=100)
    weight_decay: float = param(0.01, "Decay of the weights (AdamW).", low=0.0, high=1.0)
    label_smoothing: float = param(0.05, "Share of each label spread over all.", low=0.0, high=0.5)
    threads: int = param(1, "Processor cores for the network; one more makes the sequences.", low=1, high=256)
    check_batches: int = param(12, "Batches, never learnt from, on which the result is measured.", low=1, high=1000)
    keep_every: int = param(100, "Steps between checkpoints.", low=1, high=100_000)


@dataclass(frozen=True)
class TrainingConfig:
    """A recipe: everything that decides what the model will be."""

    name: str
    labels: tuple[str, ...]
    seed: int = 1
    description: str = ""
    synthetic: SyntheticConfig = field(default_factory=SyntheticConfig)
    noise: NoiseConfig = field(default_factory=NoiseConfig)
    normaliser: NormaliserConfig = field(default_factory=NormaliserConfig)
    network: NetworkConfig = field(default_factory=NetworkConfig)
    optimiser: OptimiserConfig = field(default_factory=OptimiserConfig)


_SECTIONS: dict[str, type[Parameters]] = {
    "synthetic": SyntheticConfig,
    "noise": NoiseConfig,
    "normaliser": NormaliserConfig,
    "network": NetworkConfig,
    "optimiser": OptimiserConfig,
}


def load_training(path: str | Path) -> TrainingConfig:
    """Read a recipe.

    Raises:
        ConfigError: no such file, not YAML, an unknown key or a value out of range.
    """
    try:
        data = yaml.safe_load(Path(path).read_text())
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise ConfigError(f"cannot read the recipe {path}: {error}") from error
    known = [item.name for item in fields(TrainingConfig)]
    if not isinstance(data, dict) or set(data) - set(known):
        wrong = ", ".join(sorted(set(data) - set(known))) if isinstance(data, dict) else type(data).__name__
        raise ConfigError(f"{path}: unexpected {wrong}; a recipe has: {', '.join(known)}")
    values: dict[str, Any] = dict(data)
    for name, section in _SECTIONS.items():
        values[name] = _section(path, name, section, data.get(name) or {})
    labels = tuple(str(label) for label in values.get("labels") or ())
    if UNKNOWN not in labels or len(set(labels)) < max(2, len(labels)):
        raise ConfigError(f"{path}: labels {list(labels)} must be different and hold {UNKNOWN!r}")
    try:
        return TrainingConfig(**{**values, "labels": labels})
    except TypeError as error:
        raise ConfigError(f"{path}: {error}") from error


def _section(path: str | Path, name: str, section: type[Parameters], values: Any) -> Parameters:
    known = [item.name for item in fields(section)]
    if not isinstance(values, dict) or set(values) - set(known):
        raise ConfigError(f"{path}: {name}: {values!r}; known settings: {', '.join(known)}")
    try:
        return section(**{key: tuple(value) if isinstance(value, list) else value for key, value in values.items()})
    except ConfigError as error:
        raise ConfigError(f"{path}: {name}: {error}") from error
