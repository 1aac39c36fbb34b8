"""A clinic in MuJoCo with a TurtleBot 3 and a patient, for tests, training and the desk."""

import os
from ctypes.util import find_library


def off_screen() -> str:
    """How MuJoCo draws without a display: by OSMesa, or by EGL where Mesa, from 25.1 on, brings no OSMesa any more."""
    return "osmesa" if find_library("OSMesa") else "egl"


# MuJoCo reads both when it is first imported. One drawing thread leaves the other cores to the coach and is as fast for
# small images; with a display the window and the robot's camera must draw through the same library.
_SHOWN = os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
if not os.environ.get("MUJOCO_GL"):
    os.environ["MUJOCO_GL"] = "glfw" if _SHOWN else off_screen()
os.environ.setdefault("LP_NUM_THREADS", "1")
