"""Reads the signal of an exercise from a person's joints, frame by frame, as a share of the way from rest to target.

The tables of angles and distances say what a signal is measured between. Here it is measured at every image, so only those are
read that need no knowledge of which way the person is turned: a height or a distance, and an angle between two segments. Both
sides are weighed by how well they are seen, so that an arm that disappears behind the body fades out instead of jumping.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache

import numpy as np

from physio_core.errors import ConfigError
from physio_core.exercises.definition import RepetitionDefinition, Signal
from physio_core.skeleton.bends import between_deg, ends_of, load_bends
from physio_core.skeleton.body_size import BONES, LASTING_FRAMES, SURE, BodySize
from physio_core.skeleton.layouts import Layout
from physio_core.skeleton.measure_table import Axis, MeasureTable, load_measures
from physio_core.skeleton.measures import TRUNK_CM
from physio_core.skeleton.remapping import source_joints
from physio_core.types import FloatArray, Side

SEEN_FROM, SEEN_FULLY = 0.2, 0.8
"""Confidence of a joint from which a side counts a little, and from which it counts in full; the weight grows as its square."""
LATELY_FRAMES = 30
"""Frames over which it is looked at how well a side is seen: a second."""
WORSE = 0.5
"""Share of the better side's weight below which the other side is left out: a hidden limb is a guess."""
STEADY = 0.01
"""Change of speed from frame to frame, in shares of the way, that says nothing against a side: movements have as much."""
BOTH = (Side.LEFT, Side.RIGHT)
_DISTANCES: Mapping[str, Callable[[float, float], float]] = {
    "up": lambda x, y: y,
    "level": lambda x, y: abs(x),
    "across": lambda x, y: abs(x),
    "apart": math.hypot,
}
"""Distances that need no knowledge of which way the person is turned, from offsets to the right and down."""


class SignalReader:
    """One signal of one exercise, of both sides of the body.

    Attributes:
        readable: whether the layout has the joints that it needs.
    """

    def __init__(self, signal: Signal, layout: Layout, rate_hz: float, leading: bool = False) -> None:
        """Prepare to read.

        Args:
            signal: of the exercise.
            layout: joint order of the frames.
            rate_hz: of the frames [Hz].
            leading: whether both sides together are as far as the side that leads; else as their mean.

        Raises:
            ConfigError: there is no such angle or distance, or it depends on which way the person is turned.
        """
        self._signal, self._leading = signal, leading
        self._lately, self._frames = np.zeros(len(BOTH)), 0
        self._rough, self._before = np.zeros(len(BOTH)), np.full((2, len(BOTH)), np.nan)
        sources = [_source(signal, side) for side in BOTH]
        joints = tuple(dict.fromkeys(joint for one in (*(one.ends for one in sources), *BONES) for joint in one))
        of = source_joints(layout, Layout("signal", joints, (), joints[0]))
        at = {joint: index for index, joint in enumerate(joints)}
        self.readable = all(of[at[joint]] for one in sources for joint in one.ends)
        self._weights = np.array([[one.count(joint) / max(len(one), 1) for joint in range(len(layout.joints))] for one in of])
        self._unused = self._weights == 0.0
        self._unknown = np.array([not one for one in of])
        self._ends = np.array([[at[joint] for joint in one.ends] for one in sources], np.intp)
        self._size = BodySize(at, LASTING_FRAMES, SURE)
        self._sign, self._offset_deg, self._axis = sources[0].sign, sources[0].offset_deg, sources[0].axis
        frames = max(1, round(signal.steady_s * rate_hz))
        self._last: dict[Side, deque[float]] = {side: deque(maxlen=frames) for side in (Side.NONE, *BOTH)}

    def reset(self) -> None:
        """Forget the person."""
        self._size.reset()
        self._frames = 0
        self._rough[:], self._before[:] = 0.0, np.nan
        for last in self._last.values():
            last.clear()

    def read(self, points: FloatArray, confidence: FloatArray) -> dict[Side, float]:
        """Shares of the way by side, and of both together (:attr:`Side.NONE`); NaN where it cannot be seen.

        Args:
            points: (V, 2) in one unit for x and y (x right, y down).
            confidence: (V,) [0..1].
        """
        at = self._weights @ points
        confident = np.where(self._unused, 1.0, confidence).min(-1)
        confident[self._unknown] = 0.0
        if self._signal.measure:
            values = self._distances(at[self._ends], float(self._size.measure(at[None], confident[None])[0]))
        else:
            values = self._angles(at[self._ends])
        sure = confident[self._ends].min(-1)
        weights = self._trusted(np.clip((sure - SEEN_FROM) / (SEEN_FULLY - SEEN_FROM), 0.0, 1.0) ** 2)
        shares = [(value - self._signal.rest) / (self._signal.target - self._signal.rest) for value in values]
        weights = self._steadied(np.array(shares), np.array(weights))
        seen = {side: (share, w) for side, share, w in zip(BOTH, shares, weights, strict=True) if w and math.isfinite(share)}
        whole = sum(weight for _, weight in seen.values())
        found = dict.fromkeys(BOTH, math.nan) | {side: share for side, (share, _) in seen.items()}
        if self._leading:
            found[Side.NONE] = max((share for share, _ in seen.values()), default=math.nan)
        else:
            found[Side.NONE] = sum(share * weight for share, weight in seen.values()) / whole if whole else math.nan
        return {side: self._steady(side, share) for side, share in found.items()}

    def _trusted(self, weights: FloatArray) -> list[float]:
        """Weights (2,); where a side leads, without one that was much worse seen than the other over the last second."""
        self._frames = min(self._frames + 1, LATELY_FRAMES)
        self._lately += (weights - self._lately) / self._frames
        trusted: list[float] = np.where(self._lately >= WORSE * self._lately.max() * self._leading, weights, 0.0).tolist()
        return trusted

    def _steadied(self, shares: FloatArray, weights: FloatArray) -> list[float]:
        """Weights (2,), less where a side shook lately: one that is hidden wanders, however sure the estimator is of it."""
        last, before = self._before
        shaken = np.nan_to_num(np.abs(shares - 2.0 * last + before))
        self._rough += (shaken - self._rough) / LATELY_FRAMES
        self._before = np.stack([shares, last])
        steadied: list[float] = (weights / (self._rough**2 + STEADY**2)).tolist()
        return steadied

    def _distances(self, at: FloatArray, size: float) -> list[float]:
        measure = _DISTANCES[self._axis]
        return [self._sign * TRUNK_CM * measure(*(start - end).tolist()) / size for start, end in at]

    def _angles(self, at: FloatArray) -> list[float]:
        turn_deg = between_deg(at[:, 0] - at[:, 1], at[:, 2] - at[:, 1])
        found: list[float] = (self._offset_deg + self._sign * turn_deg).tolist()
        return found

    def _steady(self, side: Side, share: float) -> float:
        last = self._last[side]
        if math.isnan(share):
            last.clear()
            return share
        last.append(share)
        return sorted(last)[len(last) // 2]


@dataclass(frozen=True)
class _Source:
    """Between which joints a signal of one side is measured: [from, to] of a distance, three of an angle; how it is counted."""

    ends: tuple[str, ...]
    sign: float
    offset_deg: float = 0.0
    axis: Axis = "up"


def check_signals(definition: RepetitionDefinition) -> None:
    """Refuse what no repetition can be counted by.

    Raises:
        ConfigError: a signal that depends on which way the person is turned.
    """
    for signal in definition.signals:
        _source(signal, BOTH[0])


def _source(signal: Signal, side: Side) -> _Source:
    if signal.measure:
        distances = {name: one for name, one in _measures().items() if one.axis in _DISTANCES and len(one.start) == 1}
        distance = distances.get(signal.measure) or distances.get(f"{side.value}_{signal.measure}")
        if distance is None:
            raise ConfigError(f"measure {signal.measure!r} cannot be a signal; use one of: {_named(distances)}")
        return _Source((distance.start[0], distance.joint), float(distance.sign), axis=distance.axis)
    bend = load_bends().get(f"{side.value}_{signal.angle}")
    if bend is None:
        raise ConfigError(f"angle {signal.angle!r} cannot be a signal; use one of: {_named(load_bends())}")
    return _Source(ends_of(bend), float(bend.sign), bend.offset_deg)


def _named(found: Iterable[str]) -> str:
    return ", ".join(dict.fromkeys(name.removeprefix("left_").removeprefix("right_") for name in found))


@cache
def _measures() -> MeasureTable:
    return load_measures()
