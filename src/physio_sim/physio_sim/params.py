"""Every setting of the simulated clinic, with its default, unit and range."""

from __future__ import annotations

from dataclasses import dataclass

from physio_core.params import Parameters, param
from physio_core.robot.mount import MountConfig
from physio_core.trajectories.trajectory import SIDES


@dataclass(frozen=True)
class ClinicConfig(MountConfig):
    """What one clinic looks like; the same settings and seed give the same images."""

    seed: int = param(1, "Draws body shape, clothes, colours of the room, and the patient's small variations.", low=0)
    width_px: int = param(640, "Width of the camera image.", unit="px", low=64, high=1920)
    height_px: int = param(480, "Height of the camera image.", unit="px", low=48, high=1080)
    patient_distance_m: float = param(3.1, "From the middle of the robot's start to the patient.", unit="m", low=1.2, high=4.2)
    light: float = param(1.0, "Brightness of the room; 1 is a bright day.", low=0.2, high=1.6)
    tempo: float = param(1.0, "How fast the patient moves, as a factor.", low=0.3, high=3.0)
    shadows: bool = param(False, "Draw shadows and smooth edges; several times slower in software.")


@dataclass(frozen=True)
class RenderConfig(Parameters):
    """What `physio sim render` makes."""

    seconds: float = param(10.0, "Length of each clip.", unit="s", low=0.1, high=3600.0)
    fps: float = param(30.0, "Images per second.", unit="Hz", low=1.0, high=240.0)
    count: int = param(1, "Clips of each kind, each with another seed.", low=1, high=100_000)


@dataclass(frozen=True)
class PictureConfig(Parameters):
    """What `physio sim picture` shows."""

    at: float = param(0.5, "Phase of the repetition.", low=0.0, high=1.0)


@dataclass(frozen=True)
class VisibilityConfig(Parameters):
    """What `physio sim visibility` looks at."""

    seconds: float = param(6.0, "How long each exercise is watched.", unit="s", low=0.1, high=600.0)
    count: int = param(4, "Patients per exercise, each of another seed.", low=1, high=1000)


@dataclass(frozen=True)
class BenchmarkConfig(Parameters):
    """What `physio sim benchmark` measures."""

    seconds: float = param(5.0, "Simulated time.", unit="s", low=0.1, high=600.0)


@dataclass(frozen=True)
class ClinicNodeConfig(ClinicConfig):
    """What the node needs besides."""

    personas: tuple[str, ...] = param(
        ("able",), "Who the patient is; the n-th newly asked exercise is done by the n-th of them, over and over."
    )
    camera_hz: float = param(30.0, "Images per second.", unit="Hz", low=1.0, high=60.0)
    scan_hz: float = param(5.0, "Turns of the lidar per second.", unit="Hz", low=1.0, high=20.0)
    viewer: bool = param(False, "Show the room in a window; needs a display.")
    stamped_cmd_vel: bool = param(True, "cmd_vel is TwistStamped (Jazzy and newer) rather than Twist (Humble).")
    publish_clock: bool = param(False, "Publish simulated time on /clock, for nodes with use_sim_time.")


@dataclass(frozen=True)
class ArmConfig(Parameters):
    """Which arm of four joints is simulated, how its device leads it, and whose arm it is."""

    arm: str = param("device", "Lengths and limits, of config/trajectories/arms.yaml.", choices=("device", "human"))
    side: str = param("left", "Which arm.", choices=SIDES)
    device_stiffness_nm_rad: float = param(120.0, "How stiffly the device leads.", unit="Nm/rad", low=1.0, high=500.0)
    device_damping_nm_s_rad: float = param(12.0, "How strongly it dampens.", unit="Nm s/rad", low=0.5, high=50.0)
    device_strength_nm: float = param(40.0, "It never pulls more strongly.", unit="Nm", low=0.0, high=100.0)
    persona: str = param("able", "Whose arm it is, such as able, slow, half_range, trembling; or faults, such as range=60.")
    patient_stiffness_nm_rad: float = param(
        30.0, "How stiffly the patient holds her arm where she wants it.", unit="Nm/rad", low=0.0, high=200.0
    )
    patient_damping_nm_s_rad: float = param(3.0, "How strongly she dampens.", unit="Nm s/rad", low=0.0, high=30.0)
    patient_strength_nm: float = param(
        25.0, "Strength of each of her joints; 5: weak, 0: she lets the device do it all.", unit="Nm", low=0.0, high=60.0
    )
    seed: int = param(1, "Draws how her tremor begins.", low=0)
