"""The clinic in a window, to walk round in with the mouse."""

from __future__ import annotations

import os
import threading

import mujoco.viewer

from physio_core.errors import ConfigError
from physio_sim.clinic import Clinic

CLOSE_S = 2.0


class Window:
    """MuJoCo's own viewer beside a running clinic."""

    def __init__(self, clinic: Clinic) -> None:
        """Open it.

        Raises:
            ConfigError: there is no display.
        """
        if not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
            raise ConfigError("viewer = True needs a display, and there is none; set viewer to False")
        before = threading.enumerate()
        self._viewer = mujoco.viewer.launch_passive(clinic.model, clinic.data, show_left_ui=False, show_right_ui=False)
        self._threads = [thread for thread in threading.enumerate() if thread not in before]
        with self._viewer.lock():
            camera = self._viewer.cam
            camera.lookat[:], camera.distance, camera.azimuth, camera.elevation = (1.6, 0.0, 0.6), 4.6, 35.0, -18.0
            for costly in (mujoco.mjtRndFlag.mjRND_SHADOW, mujoco.mjtRndFlag.mjRND_REFLECTION):
                self._viewer.user_scn.flags[costly] = False

    def show(self) -> None:
        """Draw the present state; does nothing once the user has closed the window."""
        if self._viewer.is_running():
            self._viewer.sync()

    def close(self) -> None:
        """Close it and wait for its thread: a display that goes while the thread still draws would hang the process."""
        self._viewer.close()
        for thread in self._threads:
            thread.join(CLOSE_S)
