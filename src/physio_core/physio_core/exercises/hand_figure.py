"""The figure of a hand, as data: keyframes of its joint angles, open at the start and in the posture half way through.

A file has ``hand_deg`` in place of a body's angles; a name that begins with ``fingers_`` means all four fingers::

    period_s: 4
    hand_deg:
      fingers_pip_flexion: [0, 95]      # open, then closed, and open again
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from physio_core.exercises.keyframes import Rows, curve, row_text
from physio_core.exercises.shown import Figure
from physio_core.motion.hand import FINGERS, HAND_ANGLES, HandMotion, HandShape, hand_positions, within_limits
from physio_core.motion.hand_movements import HandWay
from physio_core.skeleton.layouts import HAND_21
from physio_core.types import FloatArray

_ALL = "fingers_"
HAND_ROWS = (*HAND_ANGLES, *(f"{_ALL}{name.removeprefix('index_')}" for name in HAND_ANGLES if name.startswith("index_")))
"""What rows may be called."""
SHOWN_AT = 0.5
_FRONT = np.array([[0.0, 0.0, 1.0], [0.0, 1.0, 0.0], [-1.0, 0.0, 0.0]])
"""Axes of the hand (rows: fingers, thumb, back) as its palm faces the viewer, fingers up."""
_SIDE = np.array([[0.0, 1.0, 0.0], [-1.0, 0.0, 0.0], [0.0, 0.0, 1.0]])
"""The same as it lies palm down, fingers to the viewer's right."""
FROM_SIDE_RAD = 1.0
"""A heading beyond this shows a hand from its side."""


@dataclass(frozen=True, eq=False)
class HandAngles(Figure):
    """A right hand whose joints turn; see :class:`~physio_core.exercises.shown.Figure`.

    Attributes:
        angles_deg: rows by the names of joint angles, or of all four fingers' [deg].
    """

    angles_deg: Rows

    @property
    def joints(self) -> tuple[str, ...]:
        """See :class:`~physio_core.exercises.shown.Figure`."""
        return HAND_21.joints

    def points_m(self, phase: FloatArray, heading_rad: float) -> FloatArray:
        """See :class:`~physio_core.exercises.shown.Figure`; it is shown from its palm or from its side."""
        axes = _SIDE if heading_rad > FROM_SIDE_RAD else _FRONT
        points: FloatArray = self.hand_m(phase) @ axes
        return points

    def angles_rad(self, phase: FloatArray) -> FloatArray:
        """Joint angles (T, A) [rad] at phases (T,), in the order of ``HAND_ANGLES``."""
        rows = {name: self.angles_deg[name] for name in HAND_ANGLES if name in self.angles_deg}
        for name, row in self.angles_deg.items():
            if name.startswith(_ALL):
                rows |= {one: row for finger in FINGERS if (one := f"{finger}_{name.removeprefix(_ALL)}") not in rows}
        none = np.zeros(len(phase))
        angles = np.stack([curve(rows[name], phase) if name in rows else none for name in HAND_ANGLES], axis=-1)
        return within_limits(np.radians(angles))

    def way(self, name: str) -> HandWay:
        """From its first posture to the one that is held."""
        start, end = self.angles_rad(np.array([0.0, SHOWN_AT]))
        return HandWay(name, start, end)

    def hand_m(self, phase: FloatArray) -> FloatArray:
        """Joints (T, 21, 3) [m] of a right hand, in the axes of its forearm (:mod:`physio_core.motion.hand`)."""
        still = np.zeros((len(phase), 3))
        return hand_positions(HandShape(), HandMotion(self.angles_rad(phase), still, still))

    def target_m(self) -> FloatArray:
        """Joints (21, 3) [m] of a right hand in the posture that is held, its palm to the camera: x right, y down, z away."""
        fingers, thumb, back = np.moveaxis(self.hand_m(np.array([SHOWN_AT]))[0], -1, 0)
        return np.stack([thumb, -fingers, back], axis=-1)

    def text(self) -> str:
        """See :class:`~physio_core.exercises.shown.Figure`."""
        rows = "".join(row_text(name, row, "  ") for name, row in self.angles_deg.items())
        return f"period_s: {self.period_s:g}\nhand_deg:\n{rows}"
