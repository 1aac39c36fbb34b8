"""A clinic in MuJoCo with a TurtleBot 3 and a patient, for tests, training and the desk."""

import os

# MuJoCo reads both when it is first imported. One drawing thread leaves the other cores to the coach and is as fast for
# small pictures; with a display the window and the robot's camera must draw through the same library.
_SHOWN = os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
os.environ.setdefault("MUJOCO_GL", "glfw" if _SHOWN else "osmesa")
os.environ.setdefault("LP_NUM_THREADS", "1")
