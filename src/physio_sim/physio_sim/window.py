"""The clinic in a window, to walk round in with the mouse."""

from __future__ import annotations

import os

import mujoco.viewer

from physio_core.errors import ConfigError
from physio_sim.clinic import Clinic


class Window:
    """MuJoCo's own viewer beside a running clinic."""

    def __init__(self, clinic: Clinic) -> None:
        """Open it.

        Raises:
            ConfigError: there is no display.
        """
        if not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
            raise ConfigError("viewer = True needs a display, and there is none; set viewer to False")
        self._viewer = mujoco.viewer.launch_passive(clinic.model, clinic.data, show_left_ui=False, show_right_ui=False)

    def show(self) -> None:
        """Draw the present state; does nothing once the user has closed the window."""
        if self._viewer.is_running():
            self._viewer.sync()

    def close(self) -> None:
        """Close it."""
        self._viewer.close()
