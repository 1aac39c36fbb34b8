"""Measures the distances of :mod:`physio_core.skeleton.measure_table` on a person's joints, in an image or in space.

An image knows no centimetres, so the patient's own body is the ruler (:mod:`physio_core.skeleton.body_size`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from physio_core.errors import ConfigError
from physio_core.skeleton.angles import joint_error
from physio_core.skeleton.body_axes import ANATOMY, BodyAxes, placed, unit, vertical_of
from physio_core.skeleton.body_size import BONES, BodySize
from physio_core.skeleton.confidence import RELIABLE
from physio_core.skeleton.layouts import Layout
from physio_core.skeleton.measure_table import AXES, VIEWS, Axis, MeasureTable, load_measures
from physio_core.skeleton.remapping import remap
from physio_core.types import FloatArray

TRUNK_CM = 50.0
"""Trunk of an adult of 1.72 m [cm] (Drillis and Contini, 1966)."""
TRUNK_SPREAD = 0.06
"""Standard deviation of adults' trunks, as a share."""


@dataclass(frozen=True)
class Measures:
    """Measured distances. T frames, M measures.

    Attributes:
        names: (M,) of the definitions.
        cm: (T, M) [cm]; NaN: a joint is missing, which way the person is turned is not known, or the view does not show it.
        confidence: (T, M) [0..1] of the least sure of its joints; 0 where it is NaN.
        error_cm: (T, M) standard deviation that follows from the joints' confidence and from the ruler [cm].
    """

    names: tuple[str, ...]
    cm: FloatArray
    confidence: FloatArray
    error_cm: FloatArray


class MeasureMeter:
    """Measures one person's distances, frame by frame or many frames at once.

    Attributes:
        names: of the distances, in the order of the result.
        not_measured: those whose joints the layout lacks, such as the toes.
    """

    def __init__(
        self,
        layout: Layout,
        table: MeasureTable | None = None,
        view: str | None = None,
        trunk_cm: float | None = TRUNK_CM,
        measure_above: float = RELIABLE,
    ) -> None:
        """Prepare to measure.

        Args:
            layout: joint order of the points.
            table: which distances; None: the shipped ones of the body.
            view: how the person stands to the camera, one of :data:`~physio_core.skeleton.measure_table.VIEWS`, which leaves out
                what is not seen so; None: all, for points in space.
            trunk_cm: length of the person's trunk [cm]; None: the points are in metres.
            measure_above: least confidence of a joint.

        Raises:
            ConfigError: no such view, or the layout has none of the joints.
        """
        if view is not None and view not in VIEWS:
            raise ConfigError(f"view {view!r} is not one of: {', '.join(VIEWS)}")
        definitions = tuple((load_measures() if table is None else table).values())
        self.names = tuple(one.name for one in definitions)
        self._layout, self._above, self._trunk_cm = layout, measure_above, trunk_cm
        bones = (joint for bone in BONES for joint in bone)
        joints = tuple(dict.fromkeys((*ANATOMY, *bones, *(joint for one in definitions for joint in one.joints))))
        self._joints = Layout("measures", joints, (), joints[0])
        at = {joint: index for index, joint in enumerate(joints)}
        self._axes, self._size = BodyAxes(at), BodySize(at)
        # One joint to measure from is a line of no length: nothing is taken off along it.
        self._start = np.array([at[one.start[0]] for one in definitions], np.intp)
        self._end = np.array([at[one.start[-1]] for one in definitions], np.intp)
        self._measured = np.array([at[one.joint] for one in definitions], np.intp)
        self._axis = np.array([AXES.index(one.axis) for one in definitions], np.intp)
        self._sign = np.array([float(one.sign) for one in definitions])
        self._shown = np.array([view is None or view in one.views for one in definitions], bool)
        _, known = remap(np.ones((len(layout.joints), 2)), np.ones(len(layout.joints)), layout, self._joints)
        self.not_measured = tuple(one.name for one in definitions if not all(known[at[joint]] for joint in one.joints))
        self.reset()

    def reset(self) -> None:
        """Forget how large the person is and which way the person was turned, as when someone else comes into view."""
        self._axes.reset()
        self._size.reset()

    def measure(self, points: FloatArray, confidence: FloatArray, up: tuple[float, ...] | None = None) -> Measures:
        """The distances at each frame; frames may come one by one or together, with the same result.

        Args:
            points: (T, V, 2) in one unit for x and y (x right, y down), such as a stream's, or (T, V, 3) in space.
            confidence: (T, V) [0..1].
            up: the vertical in the axes of ``points``; None: against y, as in an image and in a camera's optical frame.

        Raises:
            InputError: the shapes do not fit the layout.
        """
        at, sure = placed(points, confidence, (self._layout, self._joints), self._above)
        vertical, dims = vertical_of(up), points.shape[-1]
        with np.errstate(invalid="ignore", divide="ignore"):
            trunk = self._size.measure(at, sure)
            scale = 100.0 if self._trunk_cm is None else (self._trunk_cm / trunk)[:, None]
            axes, unsigned = self._axes_of(at, vertical, dims)
            away, share, axes = self._off_the_line(at, axes[:, self._axis])
            signed = (away * axes).sum(-1)
            for axis, plane in unsigned.items():
                signed = np.where(self._axis == AXES.index(axis), np.linalg.norm(away * plane, axis=-1), signed)
            cm = scale * self._sign * signed
            error_cm = self._error_cm(sure, share, cm, 100.0 * trunk if self._trunk_cm is None else self._trunk_cm)
        least = np.minimum(np.minimum(sure[:, self._start], sure[:, self._end]), sure[:, self._measured])
        missing = np.isnan(cm) | ~self._shown
        blank = (np.where(missing, empty, value) for empty, value in ((np.nan, cm), (0.0, least), (np.nan, error_cm)))
        return Measures(self.names, *blank)

    def _axes_of(self, at: FloatArray, vertical: FloatArray, dims: int) -> tuple[FloatArray, Mapping[Axis, FloatArray]]:
        """Axes (T, A, 3) of unit length, NaN before they are known; and what counts (3,) of lengths that have no direction."""
        upward = np.broadcast_to(vertical, (len(at), 3))
        along = unit(self._axes.trunk(at))
        if dims == 2:
            signs = (self._axes.facing(at), self._axes.fronting(at))
            forward, left = (np.where(sign == 0.0, np.nan, sign)[:, None] * [1.0, 0.0, 0.0] for sign in signs)
        else:
            left = self._axes.left_in_space(at)
            forward = unit(np.cross(left, upward))
        none = np.zeros_like(upward)
        unsigned: Mapping[Axis, FloatArray] = {"level": 1.0 - np.abs(vertical), "apart": np.ones(3)}
        return np.stack([forward, upward, left, along, none, none], axis=1), unsigned

    def _off_the_line(self, at: FloatArray, axes: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
        """Offsets (T, M, 3), how far along the line they begin (T, M), and axes (T, M, 3), both at right angles to the line."""
        line = at[:, self._end] - at[:, self._start]
        length = np.linalg.norm(line, axis=-1, keepdims=True)
        along = np.where(length > 0.0, line / length, 0.0 * line)
        offset = at[:, self._measured] - at[:, self._start]
        reach = (offset * along).sum(-1, keepdims=True)
        flat = axes - along * (axes * along).sum(-1, keepdims=True)
        share = np.where(length > 0.0, reach / length, 0.0)[..., 0]
        return offset - reach * along, share, np.where(length > 0.0, unit(flat), axes)

    def _error_cm(self, sure: FloatArray, share: FloatArray, cm: FloatArray, trunk_cm: float | FloatArray) -> FloatArray:
        """Standard deviation (T, M) of joints that err independently of each other, and of the ruler."""
        start, end, joint = (joint_error(sure[:, index]) ** 2 for index in (self._start, self._end, self._measured))
        variance = joint + (1.0 - share) ** 2 * start + share**2 * end
        ruler = 0.0 if self._trunk_cm is None else TRUNK_SPREAD * cm
        return np.asarray(np.sqrt(variance * np.reshape(trunk_cm, (-1, 1)) ** 2 + ruler**2))
