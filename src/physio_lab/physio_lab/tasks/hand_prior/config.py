"""Settings of a prior over hand motion and of the search that uses it; no torch here."""

from __future__ import annotations

from dataclasses import dataclass, field

from physio_core.motion.hand import HAND_ANGLES
from physio_core.params import Parameters, param
from physio_lab.engine.config import Recipe

RATE_HZ = 30.0
"""Of the clock that motion is brought to [Hz]."""
WINDOW = 64
"""Frames that one code stands for."""
HOP = 32
"""Frames from one window to the next in a longer motion."""
ANGLES = tuple(name for name in HAND_ANGLES if not name.startswith("wrist"))
"""Degrees of freedom of fingers and thumb; those of the wrist are in how the palm is turned."""
INPUTS = 64
"""Numbers that the encoder is given of a frame: 21 joints in the palm's frame, and whether there is a hand."""


@dataclass(frozen=True)
class MotionsConfig(Parameters):
    """Which simulated people are learnt from."""

    people: int = param(80, "Who do every movement of the hand.", low=4, high=10_000)
    draw: int = param(0, "Seed of the people.", low=0, high=1_000_000)
    held: float = param(0.1, "Share of the people on whom the loss is followed.", low=0.0, high=0.5)
    clean: float = param(0.25, "Share of windows that are shown without an estimator's errors.", low=0.0, high=1.0)


@dataclass(frozen=True)
class VaeConfig(Parameters):
    """The network."""

    width: int = param(64, "Channels of its convolutions.", low=4, high=1024)
    code: int = param(64, "Numbers of a code.", low=2, high=1024)
    divergence: float = param(0.003, "Weight of the divergence of codes from normal ones.", low=0.0, high=10.0)


@dataclass(frozen=True, kw_only=True)
class PriorRecipe(Recipe):
    """A recipe for a prior."""

    motions: MotionsConfig = field(default_factory=MotionsConfig)
    network: VaeConfig = field(default_factory=VaeConfig)


@dataclass(frozen=True)
class SearchConfig(Parameters):
    """How codes are searched that explain what was seen: steps of both stages, and the weight of each of the six losses."""

    first: int = param(80, "Steps in which only place, turn and shape of the hand move.", low=0, high=10_000)
    second: int = param(160, "Steps in which the codes move as well.", low=0, high=10_000)
    keypoints: float = param(1.0, "Distance of joints from where they were seen.", low=0.0, high=1e4)
    depth: float = param(0.4, "How much the depth of a joint counts beside its place in the image.", low=0.0, high=1.0)
    spread_m: float = param(0.015, "Distance from which a joint counts as wrongly seen.", unit="m", low=1e-4, high=1.0)
    orientation: float = param(0.5, "Turn of the palm from where it was seen.", low=0.0, high=1e4)
    translation: float = param(0.1, "Place of the wrist from where it was seen.", low=0.0, high=1e4)
    shape: float = param(0.01, "Proportions other than the mean.", low=0.0, high=1e4)
    smoothness: float = param(0.02, "Acceleration of joints.", low=0.0, high=1e4)
    prior: float = param(0.02, "Codes that are unlikely.", low=0.0, high=1e4)
