"""What holds an arm at its joints: a spring and a damper towards a posture, no stronger than it is allowed, or able, to be.

A device that leads an arm and the person whose arm it is are alike in this (N. Hogan, "Impedance control: an approach to
manipulation", Journal of Dynamic Systems, Measurement, and Control 107(1), 1985); they differ in what they want and in strength.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from physio_core.errors import ConfigError
from physio_core.types import FloatArray


@dataclass(frozen=True)
class Impedance:
    """Of each joint alike.

    Attributes:
        stiffness_nm_rad: of the spring [Nm/rad].
        damping_nm_s_rad: of the damper [Nm s/rad].
        strongest_nm: torque that is never exceeded [Nm].

    Raises:
        ConfigError: less than nothing, or not finite.
    """

    stiffness_nm_rad: float
    damping_nm_s_rad: float
    strongest_nm: float

    def __post_init__(self) -> None:
        """Refuse what would push away from where it is to go."""
        for name, value in vars(self).items():
            if not (np.isfinite(value) and value >= 0.0):
                raise ConfigError(f"{name} = {value:g}; need 0 or more")

    def torque_nm(
        self, wanted_rad: FloatArray, wanted_rad_s: FloatArray, angles_rad: FloatArray, speeds_rad_s: FloatArray
    ) -> FloatArray:
        """(4,) torques [Nm] towards a wanted posture and speed, from angles (4,) and speeds (4,) [rad, rad/s]."""
        pull = self.stiffness_nm_rad * (wanted_rad - angles_rad) + self.damping_nm_s_rad * (wanted_rad_s - speeds_rad_s)
        return np.asarray(np.clip(pull, -self.strongest_nm, self.strongest_nm))
