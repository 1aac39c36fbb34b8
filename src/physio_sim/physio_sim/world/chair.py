"""The chair of the clinic: it stands under who needs one, and else is not in the room."""

from __future__ import annotations

import math

import mujoco

from physio_sim.world.person import HIDDEN_Z_M
from physio_sim.world.room import chair_boxes

_BODY = "chair"
_SEAT_M = 0.6
"""Height of the seat above the body's origin; the legs of a lower chair reach into the floor, where nobody sees them [m]."""


def chair_mjcf() -> str:
    """The chair, out of the room."""
    return f'<body name="{_BODY}" mocap="true" pos="0 0 {HIDDEN_Z_M}">{"".join(chair_boxes(0.0, 0.0, _SEAT_M))}</body>'


class Chair:
    """Moves the chair."""

    def __init__(self, model: mujoco.MjModel, data: mujoco.MjData) -> None:
        """Find the body in a built clinic."""
        self._data, self._mocap = data, int(model.body(_BODY).mocapid[0])

    def place(self, seat: tuple[float, float, float, float] | None) -> None:
        """Put it under someone: middle of the seat x, y, z [m] and heading [rad]; None: out of the room."""
        x_m, y_m, z_m, yaw_rad = seat or (0.0, 0.0, HIDDEN_Z_M + _SEAT_M, 0.0)
        self._data.mocap_pos[self._mocap] = [x_m, y_m, z_m - _SEAT_M]
        self._data.mocap_quat[self._mocap] = [math.cos(yaw_rad / 2), 0.0, 0.0, math.sin(yaw_rad / 2)]
