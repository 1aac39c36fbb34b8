"""What can be set of a training on paths; no torch here, so that the command line starts at once."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from physio_core.params import Parameters, param
from physio_lab.engine.config import OptimiserConfig, Recipe
from physio_lab.engine.recipe import recipe_from


@dataclass(frozen=True)
class EncoderConfig(Parameters):
    """Size of a Transformer."""

    width: int = param(48, "Numbers that stand for one token.", low=8, high=256)
    heads: int = param(4, "Parts of them that attend on their own.", low=1, high=16)
    layers: int = param(2, "Layers of an encoder, and of a decoder.", low=1, high=8)
    dropout: float = param(0.1, "Share of features dropped in training.", low=0.0, high=0.9)


@dataclass(frozen=True)
class SamplesConfig(Parameters):
    """What is learnt from."""

    recordings: str = param("", "Folder of the packed recordings; variables such as $PHYSIO_DATA are filled in; empty: none.")
    people: int = param(16, "Simulated patients.", low=0, high=1000)
    repetitions: int = param(5, "Drawings of each type by each of them.", low=1, high=100)
    simulated: float = param(
        0.35, "Share of a batch that simulated patients drew, half of it as a camera sees it.", low=0.0, high=1.0
    )
    unknown: float = param(0.08, "Share of a batch that is no type.", low=0.0, high=0.5)
    unfinished: float = param(
        0.2, "Share of paths that break off, so that one can be named while it is drawn.", low=0.0, high=1.0
    )
    turn_deg: float = param(6.0, "Spread of the turns that paths are given.", unit="deg", low=0.0, high=45.0)
    stretch: float = param(0.1, "Spread of the factors by which they are made larger or smaller.", low=0.0, high=0.5)
    shift: float = param(0.03, "Spread of their shifts.", unit="reach", low=0.0, high=0.5)


@dataclass(frozen=True, kw_only=True)
class PathsRecipe(Recipe):
    """A recipe for paths."""

    encoder: EncoderConfig = field(default_factory=EncoderConfig)
    members: int = param(3, "Networks of other first weights, whose probabilities are averaged.", low=1, high=16)
    samples: SamplesConfig = field(default_factory=SamplesConfig)


PLAN = OptimiserConfig(
    steps=600, batch=64, lr=3e-3, weight_decay=0.05, label_smoothing=0.1, precision="32-true", workers=0, keep_every=600, clip=5.0
)
"""How the networks of an evaluation are trained; that of a recipe stands in its file."""


def paths_recipe(data: Any, where: str) -> PathsRecipe:
    """A recipe from nested dictionaries, as YAML or :func:`dataclasses.asdict` give them.

    Raises:
        ConfigError: an unknown key, a value of another kind or out of range.
    """
    return recipe_from(PathsRecipe, data, where)
