"""Angles and distances of a movement under way, as :class:`Readings`: kept for as long as a repetition may last.

Measuring many frames together costs little more than measuring one, so frames are collected and measured in blocks; what is asked
for is the same either way.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from physio_core.skeleton.angle_table import load_angles
from physio_core.skeleton.angles import AngleMeter
from physio_core.skeleton.body_angles import BodyAngles
from physio_core.skeleton.layouts import Layout, sideless
from physio_core.skeleton.measure_table import load_measures
from physio_core.skeleton.measures import TRUNK_CM, MeasureMeter
from physio_core.skeleton.stream import JointFrame
from physio_core.types import FloatArray

BLOCK = 16
"""Frames that are measured together, half a second: twice as many cost little more."""


@dataclass(frozen=True)
class Series:
    """One angle or distance over time. T frames.

    Attributes:
        stamps_s: (T,) [s].
        values: (T,) [deg or cm]; NaN: not measured.
        errors: (T,) standard deviations [deg or cm].
    """

    stamps_s: FloatArray
    values: FloatArray
    errors: FloatArray

    def between(self, start_s: float, end_s: float) -> Series:
        """The part from one time to another, both included."""
        part = (self.stamps_s >= start_s) & (self.stamps_s <= end_s)
        return Series(self.stamps_s[part], self.values[part], self.errors[part])

    @property
    def seen(self) -> float:
        """Share of the frames in which it was measured."""
        return float(np.isfinite(self.values).mean()) if len(self.values) else 0.0


class Readings:
    """Measures one person as frames come.

    Attributes:
        names: with their sides, of what is measured.
        lacking: those of them whose joints the layout does not have.
    """

    def __init__(
        self,
        layout: Layout,
        angles: Iterable[str],
        measures: Iterable[str],
        keep_s: float,
        trunk_cm: float = TRUNK_CM,
        up: tuple[float, float, float] | None = None,
    ) -> None:
        """Prepare to measure.

        Args:
            layout: joint order of the frames.
            angles: of ``config/angles``, with or without a side.
            measures: of ``config/measures``, with or without a side.
            keep_s: how long they are kept [s].
            trunk_cm: length of the person's trunk [cm].
            up: the vertical, where the joints are known in space (their points are (V, 3) [m]); None: they are in an image.
        """
        wanted_angles, wanted_measures = set(angles), set(measures)
        angle_table = {name: one for name, one in load_angles().items() if {name, sideless(name)} & wanted_angles}
        measure_table = {name: one for name, one in load_measures().items() if {name, sideless(name)} & wanted_measures}
        self._image = BodyAngles(layout, angle_table) if angle_table and not up else None
        self._space = AngleMeter(layout, angle_table) if angle_table and up else None
        self._measures = MeasureMeter(layout, measure_table, trunk_cm=None if up else trunk_cm) if measure_table else None
        self._meters = [meter for meter in (self._image, self._space, self._measures) if meter]
        self.names: tuple[str, ...] = tuple(name for meter in self._meters for name in meter.names)
        self.lacking = frozenset(name for meter in self._meters for name in meter.not_measured)
        self._keep_s, self._up = keep_s, up
        self.reset()

    def reset(self) -> None:
        """Forget everything, as when someone else comes into view."""
        self._waiting: list[tuple[JointFrame, str]] = []
        self._views: deque[tuple[float, str]] = deque()
        self._blocks: deque[tuple[FloatArray, FloatArray, FloatArray]] = deque()
        self._joined: Series | None = None
        for meter in self._meters:
            meter.reset()

    def add(self, frame: JointFrame, view: str) -> None:
        """Take the next frame, and from where the person is seen in it: front, side or oblique."""
        self._waiting.append((frame, view))
        self._views.append((frame.stamp_s, view))
        if len(self._waiting) >= BLOCK:
            self._measure()

    def view(self, start_s: float, end_s: float) -> str:
        """From where the person was seen for most of the time from one moment to another; empty: there was no frame."""
        counted = Counter(view for stamp_s, view in self._views if start_s <= stamp_s <= end_s)
        return counted.most_common(1)[0][0] if counted else ""

    def of(self, name: str) -> Series:
        """One angle or distance, with its side, over all that is kept."""
        if self._waiting:
            self._measure()
        if not self._blocks:
            return Series(*(np.zeros(0) for _ in range(3)))
        if self._joined is None:
            self._joined = Series(*(np.concatenate(part) for part in zip(*self._blocks, strict=True)))
        index = self.names.index(name)
        return Series(self._joined.stamps_s, self._joined.values[:, index], self._joined.errors[:, index])

    def _measure(self) -> None:
        frames = [frame for frame, _ in self._waiting]
        stamps = np.array([frame.stamp_s for frame in frames])
        points, confidence = (np.stack([getattr(frame, name) for frame in frames]) for name in ("points", "confidence"))
        values, errors = [], []
        if self._image:
            world_m, views = np.stack([frame.world_m for frame in frames]), [view for _, view in self._waiting]
            angles = self._image.measure(points, confidence, world_m, views)
        elif self._space:
            angles = self._space.measure(points, confidence, self._up)
        if self._image or self._space:
            values.append(angles.deg)
            errors.append(angles.error_deg)
        if self._measures:
            distances = self._measures.measure(points, confidence, self._up)
            values.append(distances.cm)
            errors.append(distances.error_cm)
        if values:
            self._blocks.append((stamps, np.concatenate(values, axis=1), np.concatenate(errors, axis=1)))
        self._waiting, self._joined = [], None
        while self._blocks and self._blocks[0][0][-1] < stamps[-1] - self._keep_s:
            self._blocks.popleft()
        while self._views[0][0] < stamps[-1] - self._keep_s:
            self._views.popleft()
