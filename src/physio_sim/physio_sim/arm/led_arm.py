"""The arm in motion: physics between what the device was sent and what the patient wants."""

from __future__ import annotations

import mujoco
import numpy as np

from physio_core.trajectories.arm import load_arm
from physio_core.trajectories.impedance import Impedance
from physio_core.trajectories.trajectory import SIDES
from physio_core.types import FloatArray
from physio_sim.arm.model import TIMESTEP_S, build
from physio_sim.arm.patient import ArmPatient
from physio_sim.params import ArmConfig

REST_RAD_S = 0.01
"""A joint that is slower stands still [rad/s]."""


class LedArm:
    """An arm that a device leads and a patient holds.

    Attributes:
        arm: its lengths and limits.
        patient: whose arm it is.
        now_s: simulated time since the start [s].
    """

    def __init__(self, config: ArmConfig) -> None:
        """Let the arm stand in the posture of rest.

        Raises:
            ConfigError: no such arm or persona.
        """
        self.arm = arm = load_arm(config.arm, next(side for side in SIDES if side == config.side))
        self.now_s = 0.0
        self.device = Impedance(config.device_stiffness_nm_rad, config.device_damping_nm_s_rad, config.device_strength_nm)
        self._model = build(arm)
        self._data = mujoco.MjData(self._model)
        self._data.qpos[:] = arm.rest_rad
        mujoco.mj_forward(self._model, self._data)
        self.patient = ArmPatient(arm, config, arm.rest_rad)
        self._sent_rad = self.angles_rad

    @property
    def angles_rad(self) -> FloatArray:
        """(4,) where its joints are [rad]."""
        return np.array(self._data.qpos)

    @property
    def speeds_rad_s(self) -> FloatArray:
        """(4,) how fast they are [rad/s]."""
        return np.array(self._data.qvel)

    @property
    def torques_nm(self) -> FloatArray:
        """(4,) what device and patient together do at them [Nm]."""
        return np.array(self._data.qfrc_applied)

    @property
    def hand_m(self) -> FloatArray:
        """(3,) where its hand is [m]."""
        mujoco.mj_kinematics(self._model, self._data)  # a step leaves places as they were before it
        return np.array(self._data.site("hand").xpos)

    @property
    def still(self) -> bool:
        """Whether no joint moves."""
        return bool(np.abs(self._data.qvel).max() < REST_RAD_S)

    def drive(self, sent_rad: FloatArray, dt_s: float) -> None:
        """The device is sent (4,) [rad] for the next ``dt_s`` [s]: it goes there evenly in that time."""
        count = max(round(dt_s / TIMESTEP_S), 1)
        speed, before = (sent_rad - self._sent_rad) / (count * TIMESTEP_S), self._sent_rad
        self.patient.look(sent_rad, count * TIMESTEP_S)
        for number in range(1, count + 1):
            shown, at, fast = before + (sent_rad - before) * number / count, self._data.qpos, self._data.qvel
            led = self.device.torque_nm(shown, speed, at, fast)
            self._data.qfrc_applied[:] = led + self.patient.holds.torque_nm(self.patient.wanted_rad, np.zeros(4), at, fast)
            mujoco.mj_step(self._model, self._data)
        self._sent_rad = sent_rad
        self.now_s += count * TIMESTEP_S
