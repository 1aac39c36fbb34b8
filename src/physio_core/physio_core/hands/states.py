"""Which of the positions of a hand exercise a hand is in: good, one of several wrong ones, or none that was taught.

A model is a file: the centres of clusters of hands (63 numbers each: 21 landmarks of the standard hand in the frame of the palm),
the state that each stands for, and how far from a centre hands of that state were. What is nearest by the features of
:mod:`physio_core.hands.shape` names the state; what is further from it than the gate allows is unlike any, and nothing is named.
``physio hand states learn`` writes such files.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Annotated

import numpy as np
from pydantic import Field, model_validator

from physio_core.errors import ConfigError, ModelError
from physio_core.hands.canonical import JOINTS
from physio_core.hands.shape import FEATURES, hand_features
from physio_core.params import Parameters, param
from physio_core.types import FloatArray
from physio_core.yaml_file import Model, read_model

GOOD = "good"
"""The state that an exercise asks for."""
FORMAT = 1


class Doubt(str, Enum):
    """Why no state is named."""

    NONE = ""
    NO_HAND = "no_hand"
    NOT_FINITE = "not_finite"
    EDGE_ON = "edge_on"
    UNLIKE_ANY = "unlike_any"


class Cluster(Model):
    """Hands that are alike.

    Attributes:
        state: what they stand for.
        landmarks: 63 numbers: (21, 3) of the standard hand in the frame of the palm, x y z of each joint [hands].
        features: their mean, in the order of the model's.
        radius: distance within which hands are like them.
        share: of the hands that were learnt from.
    """

    state: Annotated[str, Field(min_length=1)]
    landmarks: Annotated[tuple[float, ...], Field(min_length=3 * JOINTS, max_length=3 * JOINTS)]
    features: tuple[float, ...]
    radius: Annotated[float, Field(gt=0.0)]
    share: Annotated[float, Field(ge=0.0, le=1.0)] = 0.0


class StatesFile(Model):
    """What a file of hand states holds.

    Attributes:
        format: of the file; 1.
        features: names, of :data:`~physio_core.hands.shape.FEATURES`.
        weights: of each feature in a distance: how much of it tells the states apart.
        clusters: one or more for each state.
        learnt_from: what it was learnt from, in words.
        licence: of the file.
    """

    format: int
    features: tuple[str, ...]
    weights: tuple[Annotated[float, Field(ge=0.0)], ...]
    clusters: Annotated[tuple[Cluster, ...], Field(min_length=1)]
    learnt_from: str = ""
    licence: str = ""

    @model_validator(mode="after")
    def _agree(self) -> StatesFile:
        if self.format != FORMAT:
            raise ValueError(f"format {self.format}; this version reads {FORMAT}")
        if strange := [name for name in self.features if name not in FEATURES]:
            raise ValueError(f"unknown feature {strange[0]!r}; known: {', '.join(FEATURES)}")
        if twice := [name for name in self.features if self.features.count(name) > 1]:
            raise ValueError(f"feature {twice[0]!r} stands twice")
        counts = {len(self.features), len(self.weights), *(len(cluster.features) for cluster in self.clusters)}
        if len(counts) > 1 or not self.features:
            raise ValueError("features, weights and the features of each cluster must be as many, and at least one")
        if sum(self.weights) <= 0.0:
            raise ValueError("no feature has a weight above 0")
        return self


@dataclass(frozen=True)
class Match:
    """One hand against a model.

    Attributes:
        state: name, empty where none is named.
        doubt: why not.
        distance: to the nearest cluster, in its radii: above 1 it is unlike any; NaN without a hand.
        margin: by how much nearer it is than any cluster of another state [radii]; infinite where there is no other.
        cluster: index of the nearest, -1 without a hand.
    """

    state: str
    doubt: Doubt = Doubt.NONE
    distance: float = math.nan
    margin: float = math.nan
    cluster: int = -1


class HandStates:
    """A model of states, ready to use."""

    def __init__(self, file: StatesFile) -> None:
        self.file = file
        self.states = tuple(dict.fromkeys(cluster.state for cluster in file.clusters))
        self._columns = [FEATURES.index(name) for name in file.features]
        self._root_weights = np.sqrt(np.array(file.weights))
        self._centres = np.array([cluster.features for cluster in file.clusters]) * self._root_weights
        self._radii = np.array([cluster.radius for cluster in file.clusters])

    @staticmethod
    def read(path: Path) -> HandStates:
        """Of a file.

        Raises:
            ModelError: missing, cut off, or made for something else.
        """
        try:
            return HandStates(read_model(path, StatesFile))
        except ConfigError as error:
            raise ModelError(f"hand states: {error}") from error

    def landmarks(self, state: str) -> FloatArray:
        """The standard hand (21, 3) in a state: the middle of its largest cluster, as a teacher's hand to show or compare with.

        Raises:
            ConfigError: no such state.
        """
        own = [cluster for cluster in self.file.clusters if cluster.state == state]
        if not own:
            raise ConfigError(f"no state {state!r}; this model has: {', '.join(self.states)}")
        return np.array(max(own, key=lambda cluster: cluster.share).landmarks).reshape(JOINTS, 3)

    def distances(self, features: FloatArray) -> FloatArray:
        """To each cluster (..., K), in its radii, of features (..., 20) in the order of FEATURES; NaN where there is no hand."""
        values = features[..., self._columns] * self._root_weights
        return np.asarray(np.linalg.norm(values[..., None, :] - self._centres, axis=-1) / self._radii)

    def match(self, points: FloatArray | None, left: bool = False) -> Match:
        """Name the state of one hand.

        Args:
            points: (21, 3) in any one unit, axes x right, y down, z away; None: no hand is seen.
            left: of a person's left hand.

        Raises:
            SkeletonError: not of that shape.
        """
        if points is None or not np.size(points):
            return Match("", Doubt.NO_HAND)
        features = hand_features(points, left)
        if not np.isfinite(features).all():
            return Match("", Doubt.EDGE_ON if np.isfinite(points).all() else Doubt.NOT_FINITE)
        return self.named(self.distances(features))

    def named(self, distances: FloatArray) -> Match:
        """What distances (K,) to the clusters say."""
        nearest = int(np.argmin(distances))
        state, distance = self.file.clusters[nearest].state, float(distances[nearest])
        others = [float(far) for far, one in zip(distances, self.file.clusters, strict=True) if one.state != state]
        margin = min(others, default=math.inf) - distance
        if distance > 1.0:
            return Match("", Doubt.UNLIKE_ANY, distance, margin, nearest)
        return Match(state, Doubt.NONE, distance, margin, nearest)


@dataclass(frozen=True)
class FollowConfig(Parameters):
    """How calmly states are followed in time."""

    state_settles_s: float = param(0.2, "A state is taken once it was seen so long.", unit="s", low=0.0, high=5.0)
    state_lost_s: float = param(0.6, "A state is given up once nothing was named so long.", unit="s", low=0.0, high=10.0)


@dataclass(frozen=True)
class Followed:
    """The state now.

    Attributes:
        state: name; empty while none is sure.
        held_s: how long it lasts [s].
        match: of the newest image.
    """

    state: str
    held_s: float
    match: Match


class StateFollower:
    """States in time, with hysteresis: one image does not change what is said."""

    def __init__(self, model: HandStates, config: FollowConfig | None = None) -> None:
        self.model = model
        self._config = config or FollowConfig()
        self.reset()

    def reset(self) -> None:
        """Forget: a new attempt begins."""
        self._state, self._since_s = "", math.nan
        self._next, self._next_since_s = "", math.nan
        self._stamp_s = -math.inf

    def update(self, stamp_s: float, points: FloatArray | None, left: bool = False) -> Followed:
        """Take the hand of the next image; see :meth:`HandStates.match`. A stamp that does not rise counts for nothing."""
        match = self.model.match(points, left)
        if stamp_s > self._stamp_s:
            self._stamp_s = stamp_s
            self._take(match.state, stamp_s)
        held_s = self._stamp_s - self._since_s if self._state else 0.0
        return Followed(self._state, held_s, match)

    def _take(self, seen: str, stamp_s: float) -> None:
        if seen != self._next:
            self._next, self._next_since_s = seen, stamp_s
        if seen == self._state:
            return
        waited_s = self._config.state_settles_s if seen else self._config.state_lost_s
        if stamp_s - self._next_since_s >= waited_s:
            self._state, self._since_s = seen, self._next_since_s
