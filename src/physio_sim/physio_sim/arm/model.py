"""The arm as a MuJoCo model: the joints, lengths and limits of :class:`physio_core.trajectories.arm.Arm`, and masses.

The weight of the arm is carried, as teaching devices do; what is left for device and patient is to move it. Frames are those
of the arm: origin near its shoulder, x forward, y left, z up.
"""

from __future__ import annotations

from collections.abc import Iterable

import mujoco
import numpy as np

from physio_core.trajectories.arm import JOINTS, Arm
from physio_core.trajectories.trajectory import MIRROR
from physio_core.types import FloatArray

TIMESTEP_S = 0.002
UPPER_KG, FOREARM_KG = 2.5, 2.0
"""A person's upper arm, forearm and hand (D. A. Winter, "Biomechanics and Motor Control of Human Movement": 0.028 and 0.022 of
70 kg), with the device's links [kg]."""
ARMATURE_KG_M2 = 0.05
"""Inertia of a geared motor at its joint [kg m2]."""


def arm_mjcf(arm: Arm) -> str:
    """The arm as an MJCF document, its hand a site ``hand``."""
    mirror = MIRROR if arm.side == "right" else np.ones(3)
    up, right = f"0 0 {mirror[1]:g}", "0 -1 0"
    shoulder, elbow, hand = (_words(part * mirror) for part in (arm.shoulder_m, arm.upper_m, arm.forearm_m))
    axes = dict(zip(JOINTS, (up, right, right, up), strict=True))
    joints = [
        f'<joint name="{name}" axis="{axis}" range="{low:.9f} {high:.9f}" armature="{ARMATURE_KG_M2}"/>'
        for (name, axis), low, high in zip(axes.items(), arm.low_rad, arm.high_rad, strict=True)
    ]
    return f"""
<mujoco model="arm">
  <compiler angle="radian"/>
  <option timestep="{TIMESTEP_S}" integrator="implicitfast"><flag contact="disable"/></option>
  <default>
    <joint limited="true" solreflimit="{2 * TIMESTEP_S} 1" solimplimit="0.99 0.999 0.001"/>
    <geom type="capsule" size="0.035"/>
  </default>
  <worldbody>
    <body name="upper" pos="{shoulder}" gravcomp="1">
      {joints[0]}{joints[1]}
      <geom fromto="0 0 0 {elbow}" mass="{UPPER_KG}"/>
      <body name="forearm" pos="{elbow}" gravcomp="1">
        {joints[2]}{joints[3]}
        <geom fromto="0 0 0 {hand}" mass="{FOREARM_KG}"/>
        <site name="hand" pos="{hand}"/>
      </body>
    </body>
  </worldbody>
</mujoco>"""


def build(arm: Arm) -> mujoco.MjModel:
    """Compile the arm."""
    return mujoco.MjModel.from_xml_string(arm_mjcf(arm))


def _words(numbers: Iterable[float] | FloatArray) -> str:
    return " ".join(f"{number:.9g}" for number in numbers)
