"""The patient whose arm the device leads: where she wants it to be, and how strongly she holds it there.

She follows the point that she is shown, late, not all the way from rest, and trembling, as far as the persona says
(:mod:`physio_sim.patient.personas`): of its faults, ``too_slow`` makes her later, ``range`` shortens her way, ``unsteady`` is her
tremor. Her strength is a number of its own.
"""

from __future__ import annotations

import numpy as np

from physio_core.trajectories.arm import Arm
from physio_core.trajectories.impedance import Impedance
from physio_core.types import FloatArray
from physio_sim.params import ArmConfig
from physio_sim.patient.personas import persona_named

LATE_S = 0.15
"""How far behind what is shown a person's hand is who follows it by eye [s]."""
TREMOR_HZ = 5.0
"""As the simulated patients', whose joints tremble at 4 to 6 Hz."""


class ArmPatient:
    """One patient's arm.

    Attributes:
        holds: how she holds it where she wants it.
        wanted_rad: (4,) where she wants it now [rad].
    """

    def __init__(self, arm: Arm, config: ArmConfig, angles_rad: FloatArray) -> None:
        """Want to be where the arm is.

        Args:
            arm: the arm.
            config: who she is, and how strong.
            angles_rad: (4,) [rad].

        Raises:
            ConfigError: no such persona.
        """
        persona = persona_named(config.persona)
        self.holds = Impedance(config.patient_stiffness_nm_rad, config.patient_damping_nm_s_rad, config.patient_strength_nm)
        self._arm = arm
        self._late_s = LATE_S * (1.0 + persona.size_of("too_slow") / 100.0)
        self._range = 1.0 - persona.size_of("range") / 100.0
        self._tremor_rad = np.radians(persona.size_of("unsteady"))
        self._starts_rad = np.random.default_rng(config.seed).uniform(0.0, 2.0 * np.pi, len(angles_rad))
        self._follows_rad = self.wanted_rad = np.asarray(angles_rad, float)
        self._now_s = 0.0

    def look(self, shown_rad: FloatArray, dt_s: float) -> None:
        """What she is shown is there now, (4,) [rad]; for the next ``dt_s`` [s] she wants what follows from it."""
        self._now_s += dt_s
        self._follows_rad = self._follows_rad + (shown_rad - self._follows_rad) * (1.0 - np.exp(-dt_s / self._late_s))
        reached = self._arm.rest_rad + self._range * (self._follows_rad - self._arm.rest_rad)
        tremor = self._tremor_rad * np.sin(2.0 * np.pi * TREMOR_HZ * self._now_s + self._starts_rad)
        self.wanted_rad = np.clip(reached + tremor, self._arm.low_rad, self._arm.high_rad)
