"""What shows an exercise: joints that move, of a body or of a hand."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass

import numpy as np

from physio_core.motion.kinematics import BODY_JOINTS
from physio_core.types import FloatArray


@dataclass(frozen=True, eq=False)
class Figure(ABC):
    """One repetition of a movement.

    Attributes:
        period_s: how long it takes [s].
        bar_m: height of a bar to hang from [m]; None: none.
    """

    period_s: float
    bar_m: float | None

    @property
    def joints(self) -> tuple[str, ...]:
        """Names of its joints."""
        return BODY_JOINTS

    @abstractmethod
    def points_m(self, phase: FloatArray, heading_rad: float) -> FloatArray:
        """Joints (T, J, 3) [m] at phases (T,), in the order of :attr:`joints`.

        x is towards the viewer, y to the viewer's right, z up from the floor. The heading, from facing the viewer to the
        person's left [rad], turns a body; what one camera saw stays as it was seen.
        """

    def mirroring(self, _side: str) -> Figure:
        """The figure for someone who does it with one side, "left" or "right", and looks at it as into a mirror."""
        return self

    def chair_m(self, heading_rad: float) -> FloatArray:
        """Edges (E, 2, 3) [m] of the chair that it needs, axes as in :meth:`points_m`; none: (0, 2, 3)."""
        return np.zeros((0, 2, 3))

    @abstractmethod
    def text(self) -> str:
        """The file's content."""
