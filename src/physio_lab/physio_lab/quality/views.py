"""What a movement can be compared by, each as a kernel, and the methods that are made of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from physio_core.types import FloatArray
from physio_lab.quality.network import features_of
from physio_lab.quality.ridge import Indices, linear, radial
from physio_lab.quality.rocket import Rocket, need_aeon
from physio_lab.quality.statistics import statistics_of
from physio_lab.quality.takes import Take, resampled

FRAMES_OF_ONE, FRAMES_OF_SOME = 64, 256
"""To which one repetition, or a recording of some, is brought for the convolutions."""
SOME_S = 8.0
"""A recording whose median is longer holds more than one repetition [s]."""

View = Callable[[Sequence[Take], Indices], FloatArray]
"""Kernel (N, N) of takes of one exercise, fitted to the rows to be learnt from alone."""


def by_statistics(takes: Sequence[Take], learnt: Indices) -> FloatArray:
    """Named numbers, compared by distance."""
    return radial(linear(statistics_of(takes), learnt, standardise=True), learnt)


def by_places(takes: Sequence[Take], learnt: Indices) -> FloatArray:
    """Random convolutions of the joints' places."""
    return _convolved([take.flat_places for take in takes], takes, learnt)


def by_directions(takes: Sequence[Take], learnt: Indices) -> FloatArray:
    """Random convolutions of the directions of limbs and trunk."""
    return _convolved([take.directions for take in takes], takes, learnt)


def by_angles(takes: Sequence[Take], learnt: Indices) -> FloatArray:
    """Random convolutions of the joint angles."""
    return _convolved([take.bends for take in takes], takes, learnt)


def by_image(takes: Sequence[Take], learnt: Indices) -> FloatArray:
    """Random convolutions of the joints' places as a camera in front sees them, without depth."""
    return _convolved([take.places[..., :2].reshape(len(take.places), -1) for take in takes], takes, learnt)


def by_network(takes: Sequence[Take], learnt: Indices) -> FloatArray:
    """Features of the network that ships, as a camera in front sees the joints."""
    return linear(features_of(takes), learnt, standardise=True)


def _convolved(series: Sequence[FloatArray], takes: Sequence[Take], learnt: Indices) -> FloatArray:
    usual_s = float(np.median([len(takes[row].places) / takes[row].rate_hz for row in learnt]))
    frames = FRAMES_OF_ONE if usual_s < SOME_S else FRAMES_OF_SOME
    even = np.stack([resampled(one, frames) for one in series])
    return linear(Rocket().fit(even[learnt]).features(even), learnt)


@dataclass(frozen=True)
class Method:
    """A way to judge.

    Attributes:
        what: in a few words.
        views: whose kernels are averaged; none: always the usual judgement.
        asked_for: it takes as long as all others together, so it is measured only when named.
    """

    what: str
    views: tuple[View, ...]
    asked_for: bool = False

    def check(self) -> None:
        """ConfigError where a library is missing."""
        if {*CONVOLUTIONS, by_image} & set(self.views):
            need_aeon()


CONVOLUTIONS = (by_places, by_directions, by_angles)
METHODS = {
    "usual": Method("always the usual judgement", ()),
    "network": Method("features of the recogniser (ST-GCN)", (by_network,), asked_for=True),
    "statistics": Method("named statistics", (by_statistics,)),
    "image": Method("convolutions of places without depth", (by_image,)),
    "places": Method("convolutions of places", (by_places,)),
    "directions": Method("convolutions of directions of limbs", (by_directions,)),
    "angles": Method("convolutions of joint angles", (by_angles,)),
    "rocket": Method("convolutions of all three", CONVOLUTIONS),
    "all": Method("statistics and all convolutions", (by_statistics, *CONVOLUTIONS)),
}
"""By name; the last is the one whose figures are the results."""
