"""Who is in the clinic: the patient, who does what is asked, and at times a passer-by."""

from __future__ import annotations

import math
from collections.abc import Sequence

import mujoco
import numpy as np

from physio_core.errors import ConfigError
from physio_core.motion.hand import HAND_ANGLES
from physio_core.motion.kinematics import JOINT_ANGLES
from physio_core.motion.movements import bar_height_m, preferred_heading_rad
from physio_core.robot.description import CAMERA_FORWARD_M
from physio_core.types import FloatArray, Side
from physio_sim.params import ClinicConfig
from physio_sim.patient.near_hands import NearHands
from physio_sim.patient.patient import Patient
from physio_sim.patient.personas import Persona, persona_named
from physio_sim.patient.views import BEST, VIEWS_RAD, check_view
from physio_sim.truth import Truth
from physio_sim.world.chair import Chair
from physio_sim.world.person import PERSON_GROUPS, MocapBody
from physio_sim.world.scene import Appearance, hand_shape, near_hands

_FACES_ROBOT_RAD = math.pi


def check_persona(name: str, view: str) -> Persona:
    """The persona of that name, seen in that view; ConfigError where there is no such persona or view."""
    check_view(view)
    return persona_named(name)


class People:
    """Moves the patient, and any passer-by, through the clinic."""

    def __init__(self, config: ClinicConfig, appearance: Appearance, personas: Sequence[str], view: str = BEST) -> None:
        """The patient stands and waits.

        Args:
            config: where the patient stands and how fast.
            appearance: their shapes and clothes.
            personas: who the patient is for the first, second ... exercise asked for, over and over.
            view: one of :data:`~physio_sim.patient.views.VIEWS_RAD`, or :data:`BEST`.

        Raises:
            ConfigError: there is no such persona or view.
        """
        if not personas:
            raise ConfigError("personas is empty; name at least one, such as able")
        self._personas, self._asks, self._asked = [check_persona(name, view) for name in personas], 0, ""
        self.bar_height_m = bar_height_m(appearance.shapes[0])
        self.bar_yaw_rad = preferred_heading_rad("pull_up") if view == BEST else VIEWS_RAD[view]
        self._patient = Patient(
            appearance.shapes[0],
            personas[0],
            config.seed,
            x_m=config.patient_distance_m,
            yaw_rad=_FACES_ROBOT_RAD + VIEWS_RAD.get(view, 0.0),
            tempo=config.tempo,
            turns=view == BEST,
            eye_m=(CAMERA_FORWARD_M, 0.0, config.camera_height_m),
        )
        self._appearance = appearance
        self.points: FloatArray = self._patient.at(0.0).positions
        self.hidden_groups: list[int] = []

    def enter(self, model: mujoco.MjModel, data: mujoco.MjData) -> None:
        """Find the bodies in a built clinic."""
        self._patient_body, self._passer_by_body = MocapBody(model, data, "patient"), MocapBody(model, data, "passer_by")
        self._chair = Chair(model, data)
        self._near = NearHands(near_hands(self._appearance), hand_shape(self._appearance.shapes[0]), model, data)

    @property
    def near_hand_m(self) -> FloatArray:
        """Joints (21, 3) of the hand that the patient shows closely, in the world [m]; none: (0, 3)."""
        return self._near.points_m

    @property
    def persona(self) -> Persona:
        """Who the patient is now."""
        return self._patient.persona

    @property
    def asked(self) -> str:
        """The exercise that the patient was asked for last; empty: none."""
        return self._asked

    @property
    def asks(self) -> int:
        """How many exercises were newly asked for."""
        return self._asks

    def ask(self, exercise: str, now_s: float) -> None:
        """Ask the patient for an exercise; empty: to stop and stand. The next persona takes over for each newly asked one.

        Raises:
            UnknownExercise: the patient cannot do it.
        """
        newly = exercise not in ("", self._asked)
        before = self._patient.persona
        if newly:
            self._patient.become(self._personas[self._asks % len(self._personas)])
        try:
            self._patient.ask(exercise, now_s)
        except ConfigError:
            self._patient.become(before)
            raise
        self._asks += newly
        self._asked = exercise

    def go_on(self, now_s: float, side: str = "", repetitions: int = 0) -> None:
        """Let the patient do what it was asked for, see :meth:`~physio_sim.patient.patient.Patient.ask`.

        Raises:
            ConfigError: no side does that alone.
        """
        self._patient.ask(self._asked, now_s, side, repetitions)

    def stand(self, now_s: float) -> None:
        """Let the patient stand and wait; what it was asked for stays asked."""
        self._patient.ask("", now_s)

    def hear(self, fault: str, side: Side, now_s: float) -> None:
        """Let the patient hear of a fault, see :meth:`~physio_sim.patient.patient.Patient.hear`."""
        self._patient.hear(fault, side, now_s)

    def stands_s(self, now_s: float) -> float:
        """For how long the patient has stood and waited [s]; 0 while it does anything else."""
        return self._patient.stands_s(now_s)

    def move(self, now_s: float) -> Truth:
        """Move everyone to where they are at a time [s], and say what the patient does."""
        state = self._patient.at(now_s)
        self.points = state.positions
        self._patient_body.move(self._near.move(state.hand, state.positions))
        self._chair.place(state.seat)
        if state.others:
            self._passer_by_body.move(state.others[0])
        else:
            self._passer_by_body.hide()
        self.hidden_groups = [*([] if state.others else [PERSON_GROUPS["passer_by"]]), *self._near.hidden_groups]
        angles, names = (state.hand.angles_rad, HAND_ANGLES) if state.hand else (state.angles_rad, JOINT_ANGLES)
        return Truth(
            self._patient.persona.name, self._asked, state.exercise, state.activity, state.phase, state.repetition,
            np.asarray(angles), names, stamp_s=now_s, under_way=state.under_way,
        )  # fmt: skip
