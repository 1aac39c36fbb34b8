"""The best measured angle of each joint for how the person stands to the camera: from the image, from joints in space, or both.

Which of the two an angle is measured with in which view stands with the angle in ``config/angles/body.yaml``; docs/angles.md has
the measurements that decided it. Where a view stands in both, it is their mean, weighted by what each may err: the image is wrong
about what sticks out of it, and joints in space about how far they are away.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from physio_core.skeleton.angle_table import IN_SPACE_VIEWS, OWN, AngleTable, load_angles
from physio_core.skeleton.angles import AngleMeter, Angles
from physio_core.skeleton.body_axes import ANATOMY, BodyAxes
from physio_core.skeleton.confidence import RELIABLE
from physio_core.skeleton.layouts import Layout
from physio_core.skeleton.lifting import lifted
from physio_core.skeleton.remapping import remap
from physio_core.types import FloatArray

MOST_ERROR_DEG = 15.0
"""An angle that errs more is not known."""
DOUBT = 0.5
"""Share of its difference from the angle in space by which an angle of the image is said to err besides."""
_ANATOMY = Layout("anatomy", ANATOMY, (), ANATOMY[0])


class BodyAngles:
    """Measures one person's angles in any view, frame by frame or many frames at once.

    Attributes:
        names: of the angles, in the order of the result.
        not_measured: those whose joints the layout lacks.
    """

    def __init__(self, layout: Layout, table: AngleTable | None = None, measure_above: float = RELIABLE) -> None:
        """Prepare to measure.

        Args:
            layout: joint order of the points.
            table: which angles; None: the shipped ones of the body.
            measure_above: least confidence of a joint.
        """
        table = load_angles() if table is None else table
        self._image = AngleMeter(layout, table, measure_above=measure_above)
        self._space = AngleMeter(layout, table, measure_above=measure_above, guessed_depth=True)
        self.names, self.not_measured = self._image.names, self._image.not_measured
        self._layout = layout
        self._axes = BodyAxes({joint: index for index, joint in enumerate(ANATOMY)})
        ways = list(table.values())
        self._own = np.array([one.plane == OWN for one in ways], bool)
        self._in_image = {view: np.array([view in one.views for one in ways], bool) for view in IN_SPACE_VIEWS}
        self._in_space = {view: np.array([view in one.in_space for one in ways], bool) for view in IN_SPACE_VIEWS}

    def reset(self) -> None:
        """Forget which way the person was turned, as when someone else comes into view."""
        self._image.reset()

    def measure(
        self,
        points: FloatArray,
        confidence: FloatArray,
        world_m: FloatArray,
        views: str | Sequence[str | None],
        up: tuple[float, ...] | None = None,
    ) -> Angles:
        """The angles at each frame.

        Args:
            points: (T, V, 2) in one unit for x and y, such as a stream's.
            confidence: (T, V) [0..1].
            world_m: (T, V, 3) of the stream; NaN: the estimator guesses nothing, and only what the image shows is measured.
            views: from where the person is seen (:mod:`physio_core.skeleton.heading`), one for all frames or one each; None: not
                known, and nothing is measured.
            up: the vertical in the camera's optical frame; None: the camera does not look up or down.

        Returns:
            As of an :class:`AngleMeter`; NaN also where the error is larger than :data:`MOST_ERROR_DEG`.

        Raises:
            InputError: the shapes do not fit the layout.
        """
        seen = [views] * len(points) if isinstance(views, str) else list(views)
        none = np.zeros(len(self.names), bool)
        in_image, in_space = (
            np.array([way.get(view or "", none) for view in seen]).reshape(len(points), len(self.names))
            for way in (self._in_image, self._in_space)
        )
        flat, deep = self.both(points, confidence, world_m, up)
        in_space &= ~(in_image & np.isnan(deep.deg))
        flat_error_deg = self._doubted(flat, deep)
        share = np.where(in_image & ~np.isnan(flat.deg), _share_of_first(flat_error_deg, deep.error_deg), 0.0)
        mixed_deg = deep.deg + share * _apart_deg(flat, deep)
        mixed_error_deg = share * np.nan_to_num(flat_error_deg) + (1.0 - share) * deep.error_deg
        chosen = [np.where(in_space, b, a) for a, b in ((flat.deg, mixed_deg), (flat_error_deg, mixed_error_deg))]
        known = (in_image | in_space) & (chosen[1] <= MOST_ERROR_DEG)
        deg, error_deg = (np.where(known, one, np.nan) for one in chosen)
        return Angles(self.names, deg, np.where(known, np.where(in_space, deep.confidence, flat.confidence), 0.0), error_deg)

    def both(
        self, points: FloatArray, confidence: FloatArray, world_m: FloatArray, up: tuple[float, ...] | None = None
    ) -> tuple[Angles, Angles]:
        """All angles from the image and all in space, whatever the view, for whoever compares them."""
        space = lifted(points, confidence, world_m, self._layout)
        flat = self._image.measure(points, confidence, left=self._left(space, confidence))
        return flat, self._space.measure(space, confidence, up)

    def _doubted(self, flat: Angles, deep: Angles) -> FloatArray:
        """The error of angles of the image (T, A) [deg], which does not know what sticks out of it; joints in space do."""
        apart_deg = np.abs(_apart_deg(flat, deep))
        least_deg = np.where(self._own, 0.0, np.nan_to_num(deep.error_deg))
        return np.asarray(np.hypot(np.maximum(flat.error_deg, least_deg), DOUBT * apart_deg))

    def _left(self, space: FloatArray, confidence: FloatArray) -> FloatArray:
        """Where the person's left is (T, 3); NaN where joints in space do not tell."""
        at, _ = remap(space, confidence, self._layout, _ANATOMY)
        with np.errstate(invalid="ignore", divide="ignore"):
            return self._axes.left_in_space(at)


def _apart_deg(flat: Angles, deep: Angles) -> FloatArray:
    """From the angles in space to those of the image (T, A) [deg], the short way round; 0 where one of them is not known."""
    return np.nan_to_num(np.mod(flat.deg - deep.deg + 180.0, 360.0) - 180.0)


def _share_of_first(error: FloatArray, other: FloatArray) -> FloatArray:
    """Weight of the first of two measurements in their mean, by their standard deviations."""
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(np.nan_to_num(other**2 / (error**2 + other**2)))
