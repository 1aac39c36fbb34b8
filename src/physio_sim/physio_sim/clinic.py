"""The clinic as one thing: physics, patient, camera and lidar, on one clock that the caller drives."""

from __future__ import annotations

import time
from collections.abc import Sequence

import mujoco
import numpy as np

from physio_core.motion.projection import to_openpose_18
from physio_core.session.status import Status
from physio_core.types import ByteImage, FloatArray, Side
from physio_sim.params import ClinicConfig
from physio_sim.patient.attention import Attention
from physio_sim.patient.people import People
from physio_sim.patient.views import BEST
from physio_sim.real_time import RealTimeMonitor
from physio_sim.truth import EXERCISING, Truth
from physio_sim.world.base import Base, Lidar
from physio_sim.world.renderer import Renderer
from physio_sim.world.room import Rack
from physio_sim.world.scene import TIMESTEP_S, Appearance, build
from physio_sim.world.turtlebot import focal_length_px

ROBOT_CAMERA, ROOM_CAMERA = "camera", "room"
CATCH_UP_S = 0.5
"""Most time simulated at once: after a longer stop the clinic continues where it was instead of rushing through it."""
LONGEST_WAIT_S = 30.0

_ODOMETRY_STEPS = 5
_WAIT_STEP_S = 0.02


class Clinic:
    """A room with a robot and a patient; time passes only in :meth:`advance`."""

    def __init__(self, config: ClinicConfig, personas: Sequence[str] = ("able",), view: str = BEST) -> None:
        """Build it; the robot stands still at the origin, the patient stands and waits.

        Args:
            config: what it looks like.
            personas: who the patient is for the first, second ... exercise asked for, over and over.
            view: how the patient stands to the robot, see :data:`physio_sim.patient.views.VIEWS_RAD`; ``best``: as each exercise
                needs.

        Raises:
            ConfigError: there is no such persona or view.
        """
        appearance = Appearance.random(config.seed)
        self.config = config
        self.people = People(config, appearance, personas, view)
        self.model = build(config, appearance, Rack(self.people.bar_height_m, self.people.bar_yaw_rad))
        self.data = mujoco.MjData(self.model)
        self.base, self._lidar = Base(self.model, self.data), Lidar(self.model, self.data)
        self._attention = Attention(self.people)
        self.people.enter(self.model, self.data)
        self.people.move(0.0)
        mujoco.mj_forward(self.model, self.data)
        self.timing = RealTimeMonitor()
        self._renderer: Renderer | None = None
        self._lost_s = 0.0

    @property
    def now_s(self) -> float:
        """Simulated time since the start [s]."""
        return float(self.data.time)

    def advance(self, to_s: float) -> None:
        """Let physics run until a time on the caller's clock, which starts at 0 with the clinic.

        Args:
            to_s: the caller's time [s]; an earlier one changes nothing.
        """
        behind_s = to_s - self._lost_s - self.now_s
        if behind_s > CATCH_UP_S:
            self._lost_s += behind_s - CATCH_UP_S
            behind_s = CATCH_UP_S
        steps = int(behind_s / TIMESTEP_S + 0.5)
        while steps > 0:
            count = min(steps, _ODOMETRY_STEPS)
            mujoco.mj_step(self.model, self.data, count)
            self.base.update_odometry()
            steps -= count
        self.timing.mark(self.now_s, to_s)

    def ask(self, exercise: str) -> None:
        """Ask the patient for an exercise; empty: to stop and stand.

        Raises:
            UnknownExercise: the patient cannot do it.
        """
        self.people.ask(exercise, self.now_s)

    def follow(self, status: Status) -> None:
        """Let the patient see what the coach shows, see :class:`~physio_sim.patient.attention.Attention`; errors as there."""
        self._attention.follow(status, self.now_s)

    def hear(self, fault: str, side: Side) -> None:
        """Let the patient hear what the coach says about a fault; empty: about none."""
        self._attention.hear(fault, side, self.now_s)

    def wait_for_start(self) -> None:
        """Let time pass until the patient, who has been asked, begins; at most :data:`LONGEST_WAIT_S`."""
        end_s = self.now_s + LONGEST_WAIT_S
        while self.pose_people().activity != EXERCISING and self.now_s < end_s:
            self.advance(self.now_s + _WAIT_STEP_S)

    def wait_for_phase(self, phase: float) -> None:
        """Let time pass until the patient, who has been asked, comes to a phase [0..1); at most :data:`LONGEST_WAIT_S`."""
        end_s, before = self.now_s + LONGEST_WAIT_S, 1.0
        while self.now_s < end_s:
            truth = self.pose_people()
            if truth.activity == EXERCISING and before <= phase <= truth.phase:
                return
            before = truth.phase if truth.activity == EXERCISING else 1.0
            self.advance(self.now_s + _WAIT_STEP_S)

    def words(self, truth: Truth) -> str:
        """What the patient says, as a request to the coach; empty, nearly always."""
        return self._attention.words(truth)

    def pose_people(self) -> Truth:
        """Move the people to where they are now and say what the patient does."""
        truth = self.people.move(self.now_s)
        mujoco.mj_kinematics(self.model, self.data)
        mujoco.mj_camlight(self.model, self.data)
        return truth

    def image(self, camera: str = ROBOT_CAMERA) -> ByteImage:
        """What a camera sees now (H, W, 3), red first.

        Raises:
            SourceError: another clinic draws in this process.
        """
        self._renderer = self._renderer or Renderer(self.model, self.config)
        started_s = time.perf_counter()
        rgb = self._renderer.image(self.data, camera, self.people.hidden_groups)
        ended_s = time.perf_counter()
        self.timing.mark_image(ended_s - started_s, ended_s)
        return rgb

    def skeleton(self) -> FloatArray:
        """Where the patient's joints are in the robot's image (18, 2), in the order and units of a ``Skeleton``."""
        camera = self.data.camera(ROBOT_CAMERA)
        seen = (to_openpose_18(self.people.points) - camera.xpos) @ camera.xmat.reshape(3, 3)
        ahead = np.maximum(-seen[:, 2], 0.05)
        focal = focal_length_px(self.config)
        size = self.config.width_px, self.config.height_px
        points: FloatArray = 0.5 + np.stack([seen[:, 0] / ahead, -seen[:, 1] / ahead], axis=1) * focal / size
        return points

    def scan(self) -> FloatArray:
        """One turn of the lidar (360,) [m], see :meth:`physio_sim.world.base.Lidar.scan`."""
        mujoco.mj_kinematics(self.model, self.data)
        return self._lidar.scan()

    def robot_pose(self) -> FloatArray:
        """Where the robot really is: x [m], y [m], heading [rad] (3,)."""
        body = self.data.body("base_footprint")
        forward = body.xmat.reshape(3, 3)[:, 0]
        return np.array([body.xpos[0], body.xpos[1], np.arctan2(forward[1], forward[0])])

    def close(self) -> None:
        """Free the drawing surface; the clinic can still be asked everything but images."""
        if self._renderer is not None:
            self._renderer.close()
            self._renderer = None
