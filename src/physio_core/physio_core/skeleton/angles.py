"""Measures the joint angles of :mod:`physio_core.skeleton.angle_table` on a person's joints, in an image or in space.

An angle in the sagittal or frontal plane has a direction, so it must be known which way the person is turned
(:mod:`physio_core.skeleton.body_axes`).

A plane must lie in the image: turned out of it by 20 degrees, a right angle at the knee reads 86 degrees, by 45 degrees 70.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from physio_core.errors import ConfigError
from physio_core.skeleton.angle_table import FRONTAL, OWN, SAGITTAL, VIEWS, AngleTable, load_angles
from physio_core.skeleton.bends import between_deg
from physio_core.skeleton.body_axes import ANATOMY, BodyAxes, placed, unit, vertical_of
from physio_core.skeleton.confidence import RELIABLE
from physio_core.skeleton.layouts import Layout
from physio_core.skeleton.remapping import remap
from physio_core.types import BoolArray, FloatArray

_CONFIDENCE, _ERROR = (0.15, 0.4, 0.7, 0.95), (0.19, 0.12, 0.07, 0.045)
"""How far joints of such a confidence err; `physio sim noise` measures it (docs/laboratory/synthetic.md)."""


TOGETHER = 0.6
"""Share of a joint's error that turns a segment: its joints partly err together, which only shifts it."""
DEPTH_ERROR = 4.0
"""How much more a guessed depth errs than a place in the image."""
PLANE_ERROR_DEG = 10.0
"""How far the planes of the body, told from shoulders and hips in space, err."""
STRAIGHT = 0.17
"""Sine of 10 degrees, below which a limb is straight and bends whichever way it errs."""


@dataclass(frozen=True)
class Angles:
    """Measured angles. T frames, A angles.

    Attributes:
        names: (A,) of the definitions.
        deg: (T, A) [deg]; NaN: a joint is missing, two lie in one place, its direction is not known, or the view does not
            show it.
        confidence: (T, A) [0..1] of the least sure of its joints; 0 where it is NaN.
        error_deg: (T, A) standard deviation that follows from the joints' confidence [deg]; NaN where the trunk is not seen.
    """

    names: tuple[str, ...]
    deg: FloatArray
    confidence: FloatArray
    error_deg: FloatArray


class AngleMeter:
    """Measures one person's angles, frame by frame or many frames at once.

    Attributes:
        names: of the angles, in the order of the result.
        not_measured: those whose joints the layout lacks, such as an ankle's without a toe.
    """

    def __init__(
        self,
        layout: Layout,
        table: AngleTable | None = None,
        view: str | None = None,
        measure_above: float = RELIABLE,
        guessed_depth: bool = False,
    ) -> None:
        """Prepare to measure.

        Args:
            layout: joint order of the points.
            table: which angles; None: the shipped ones of the body.
            view: how the person stands to the camera, one of :data:`VIEWS`, which leaves out what is not seen so; None: all
                angles, for points in space.
            measure_above: least confidence of a joint.
            guessed_depth: of points in space, whether how far away they are is guessed from an image, and errs more.

        Raises:
            ConfigError: no such view, or the layout has none of the joints.
        """
        if view is not None and view not in VIEWS:
            raise ConfigError(f"view {view!r} is not one of: {', '.join(VIEWS)}; planes of the body lie in no other image")
        self._table = dict(load_angles() if table is None else table)
        self.names = tuple(self._table)
        self._layout, self._above, self._guessed = layout, measure_above, guessed_depth
        definitions = tuple(self._table.values())
        joints = tuple(dict.fromkeys((*ANATOMY, *(joint for one in definitions for joint in one.joints))))
        self._joints = Layout("angles", joints, (), joints[0])
        self._at = {joint: index for index, joint in enumerate(joints)}
        # The vertical has no joints; those of the second segment stand in, so that all angles are indexed alike.
        self._first = np.array([[self._at[joint] for joint in one.first or one.second] for one in definitions], np.intp)
        self._second = np.array([[self._at[joint] for joint in one.second] for one in definitions], np.intp)
        self._vertical = np.array([one.first is None for one in definitions])
        self._shown = np.array([view is None or view in one.views for one in definitions])
        self._own, self._sagittal = (np.array([one.plane == plane for one in definitions]) for plane in (OWN, SAGITTAL))
        outward = [-1.0 if one.plane == FRONTAL and one.name.startswith("right_") else 1.0 for one in definitions]
        self._sign = np.array([one.sign for one in definitions]) * np.array(outward)
        self._offset_deg = np.array([one.offset_deg for one in definitions])
        self._lowest_deg = np.array([one.lowest_deg for one in definitions])
        _, known = remap(np.ones((len(layout.joints), 2)), np.ones(len(layout.joints)), layout, self._joints)
        self.not_measured = tuple(one.name for one in definitions if not all(known[self._at[joint]] for joint in one.joints))
        self._axes = BodyAxes(self._at)

    def reset(self) -> None:
        """Forget which way the person was turned, as when someone else comes into view."""
        self._axes.reset()

    def measure(
        self, points: FloatArray, confidence: FloatArray, up: tuple[float, ...] | None = None, left: FloatArray | None = None
    ) -> Angles:
        """The angles at each frame; frames may come one by one or together, with the same result.

        Args:
            points: (T, V, 2) in one unit for x and y (x right, y down), such as a stream's, or (T, V, 3) in space.
            confidence: (T, V) [0..1].
            up: the vertical in the axes of ``points``; None: against y, as in an image and in a camera's optical frame.
            left: (T, 3) of points in an image, where the person's left is in space; None, and where it is NaN: head, knees and
                shoulders tell.

        Raises:
            InputError: the shapes do not fit the layout.
        """
        at, sure = placed(points, confidence, (self._layout, self._joints), self._above)
        vertical, dims = vertical_of(up), points.shape[-1]
        first, second = (at[:, ends[:, 1]] - at[:, ends[:, 0]] for ends in (self._first, self._second))
        first = np.where(self._vertical[:, None], vertical, first)
        with np.errstate(invalid="ignore", divide="ignore"):
            normal = self._normals(at, vertical, dims, left)
            deg = self._offset_deg + self._sign * _turn_deg(first, second, normal, self._own)
            deg = np.where(self._own, deg, np.mod(deg - self._lowest_deg, 360.0) + self._lowest_deg)
            error_deg = self._error_deg(at, sure, (first, second), normal, dims)
        gone = (first == 0.0).all(-1) | (second == 0.0).all(-1)
        missing = np.isnan(deg) | gone | ~self._shown
        least = np.minimum(*(sure[:, ends].min(-1) for ends in (self._first, self._second)))
        blank = (np.where(missing, empty, value) for empty, value in ((np.nan, deg), (0.0, least), (np.nan, error_deg)))
        return Angles(self.names, *blank)

    def _normals(self, at: FloatArray, vertical: FloatArray, dims: int, left: FloatArray | None) -> FloatArray:
        """Axes (T, A, 3) about which angles with a direction turn: from hanging to forward, from hanging to the left."""
        right, forward = self._turn_axes_in_image(at, left) if dims == 2 else self._turn_axes_in_space(at, vertical)
        return np.where(self._sagittal[:, None], right, forward)

    def _turn_axes_in_image(self, at: FloatArray, left: FloatArray | None) -> tuple[FloatArray, FloatArray]:
        """Right and forward (T, 1, 3) of the person, each were it along the line of sight; NaN before it is known."""
        away = np.array([0.0, 0.0, 1.0])
        signs = [self._axes.facing(at), self._axes.fronting(at)]
        if left is not None:
            signs = [
                np.where(np.isnan(told), sign, np.sign(told)) for told, sign in zip((left[:, 2], left[:, 0]), signs, strict=True)
            ]
        right, forward = (np.where(sign == 0.0, np.nan, -sign)[:, None, None] * away for sign in signs)
        return right, forward

    def _turn_axes_in_space(self, at: FloatArray, vertical: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Right (T, 1, 3), and forward (T, A, 3): level for what is counted from the vertical, else across the trunk."""
        left = self._axes.left_in_space(at)[:, None]
        upward = np.where(self._vertical[:, None], vertical, self._axes.trunk(at)[:, None])
        return -left, unit(np.cross(left, upward))

    def _error_deg(
        self, at: FloatArray, sure: FloatArray, segments: tuple[FloatArray, FloatArray], normal: FloatArray, dims: int
    ) -> FloatArray:
        """Standard deviation (T, A) to first order, of joints that err independently of each other.

        In space the planes of the body err too, which turns what sticks out of them.
        """
        variance = self._joint_variance(at, sure, dims)
        first, second = segments
        normal = np.where(self._own[:, None], _plane_of(first, second, dims), normal)
        turn_1, out_1 = _turn_per_length(first, normal)
        turn_2, out_2 = _turn_per_length(second, normal)
        turn_1 = np.where(self._vertical[:, None], 0.0, -turn_1)
        # Of each segment the end, which turns it one way, and the start, which turns it the other way.
        moves = [
            (self._first[:, 1], turn_1),
            (self._first[:, 0], -turn_1),
            (self._second[:, 1], turn_2),
            (self._second[:, 0], -turn_2),
        ]
        total = np.zeros(first.shape[:2])
        for joint, turn in moves:
            for other, also in moves:
                total = total + np.where(joint == other, (turn * also * variance[:, joint]).sum(-1), 0.0)
        if dims == 3:
            tilted = (out_1**2 + out_2**2) * np.radians(PLANE_ERROR_DEG) ** 2
            total = total + np.where(self._own, 0.0, tilted)
        return np.asarray(np.degrees(np.sqrt(np.maximum(total, 0.0))))

    def _joint_variance(self, at: FloatArray, sure: FloatArray, dims: int) -> FloatArray:
        """Of each joint along each axis (T, J, 3), in the square of the points' unit."""
        along = TOGETHER * joint_error(sure)
        depth = np.zeros_like(along) if dims == 2 else along * (DEPTH_ERROR if self._guessed else 1.0)
        scale = self._axes.trunk_length(at)[:, None, None]
        return np.asarray((np.stack([along, along, depth], axis=-1) * scale) ** 2)


def joint_error(confidence: FloatArray) -> FloatArray:
    """Standard deviation of a joint along each axis of the image [trunk lengths], of the same shape as its confidence."""
    return np.interp(confidence, _CONFIDENCE, _ERROR)


def _plane_of(first: FloatArray, second: FloatArray, dims: int) -> FloatArray:
    """What is across both of two vectors (T, A, 3), of unit length; of straight limbs across the way that errs most."""
    away = np.array([0.0, 0.0, 1.0])
    if dims == 2:
        return np.where(np.cross(first, second)[..., 2:] < 0.0, -away, away)
    across = np.cross(first, second)
    straight = np.linalg.norm(across, axis=-1) < STRAIGHT * np.linalg.norm(first, axis=-1) * np.linalg.norm(second, axis=-1)
    return np.where(straight[..., None], unit(np.cross(first, away)), unit(across))


def _turn_per_length(segment: FloatArray, normal: FloatArray) -> tuple[FloatArray, FloatArray]:
    """How segments (T, A, 3) turn about axes (T, A, 3).

    Returns:
        By how much for a unit of length that their end moves (T, A, 3), and how far they stick out of the plane across the axis,
        by their length in the plane (T, A).
    """
    out = (segment * normal).sum(-1)
    within = segment - normal * out[..., None]
    length = np.linalg.norm(within, axis=-1)
    return np.cross(normal, within) / (length**2)[..., None], out / length


def _turn_deg(first: FloatArray, second: FloatArray, normal: FloatArray, own: BoolArray) -> FloatArray:
    """From the first to the second of vectors (T, A, 3) [deg], (T, A): about axes (T, A, 3), or what lies between them."""
    a, b = (vector - normal * (vector * normal).sum(-1, keepdims=True) for vector in (first, second))
    about = np.arctan2((np.cross(a, b) * normal).sum(-1), (a * b).sum(-1))
    return np.where(own, between_deg(first, second), np.degrees(about))
