"""Sets of repetitions of a simulated patient as an estimator would see them, without drawing: hundreds of repetitions in seconds.

The motion, the persona and its faults are those of the simulated clinic (:mod:`physio_sim.patient`), so what is measured on these
sets can be looked at there; the estimator is the noise that training adds (:mod:`physio_lab.synthetic.noise`), with feet.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from physio_core.motion.kinematics import BodyShape, Motion
from physio_core.motion.projection import Camera, project, to_body_25
from physio_core.skeleton.layouts import BODY_25, OPENPOSE_18
from physio_core.types import FloatArray, Skeleton, Tracking
from physio_lab.synthetic.noise import NoiseConfig, estimator_like
from physio_sim.patient.sets import PerformedSet, SetPlan, perform_set
from physio_sim.truth import TrueRepetition

SIZE_PX = (640, 480)
ESTIMATOR = NoiseConfig(annotated=0.0, missing=0.0, slow_camera=0.0)
"""Of training's noise what the estimator itself does, without slow cameras and joints marked by people."""
PERFECT = NoiseConfig(
    jitter=0.0,
    drift=0.0,
    bias=0.0,
    hidden=0.0,
    fickle=0.0,
    swaps=0.0,
    jumps=0.0,
    gaps=0.0,
    slow_camera=0.0,
    annotated=0.0,
    missing=0.0,
)
"""Joints where they are; how sure the estimator is of them still depends on what hides them."""
_UNSEEN = [BODY_25.index(joint) for joint in ("left_small_toe", "right_small_toe")]
"""MediaPipe finds one tip of each foot, no little toe."""
_FEET = [BODY_25.index(f"{side}_{joint}") for side in ("left", "right") for joint in ("foot_index", "heel")]
_ANKLES = [BODY_25.index(f"{side}_ankle") for side in ("left", "left", "right", "right")]
_HIPS = [BODY_25.index("left_hip"), BODY_25.index("right_hip")]
_KNOT_FRAMES = 20
_BASE, _NECK = BODY_25.index("spine_base"), BODY_25.index("neck")


@dataclass(frozen=True)
class WorldNoise:
    """Errors of an estimator's guess in space, of the size of MediaPipe's on rendered patients; standard deviations unless said.

    It takes the camera for level, so axes are those of a camera that is not tilted.

    Attributes:
        tilt_deg: mean lean of the whole body away from the camera [deg].
        tilt_spread_deg: the same from set to set [deg].
        stays_m: of each joint, throughout a set, each way [m].
        wanders_m: of each joint, changing slowly, across the line of sight [m].
        wanders_away_m: the same along it [m].
        scale: mean size of the body as a share of the true one.
        scale_spread: the same from set to set.
    """

    tilt_deg: float = 4.0
    tilt_spread_deg: float = 3.0
    stays_m: float = 0.045
    wanders_m: float = 0.03
    wanders_away_m: float = 0.07
    scale: float = 0.9
    scale_spread: float = 0.08


EXACT = WorldNoise(0.0, 0.0, 0.0, 0.0, 0.0, 1.0, 0.0)
"""Joints in space where they are."""


@dataclass(frozen=True)
class SimulatedSet:
    """A set as it was, and as an estimator would have seen it. T frames.

    Attributes:
        plan: what was done.
        stamps_s: (T,) [s], from 0.
        motion: true joint angles and root, turned as the camera sees it; ``motion.angle(name)`` [rad].
        shape: whose body.
        joints_m: (T, J, 3) true joints in the world, in the order of ``BODY_JOINTS`` [m]; x towards the camera, z up.
        true_25: (T, 25, 3) the same in the order of ``body_25``; the little toes are the tips of the feet.
        skeletons: (T) what the estimator says, layout ``body_25``, with ``world_m``.
        repetitions: the truth about each, with its faults.
    """

    plan: SetPlan
    stamps_s: FloatArray
    motion: Motion
    shape: BodyShape
    joints_m: FloatArray
    true_25: FloatArray
    skeletons: tuple[Skeleton, ...]
    repetitions: tuple[TrueRepetition, ...]


def simulate_set(
    plan: SetPlan,
    noise: NoiseConfig | None = None,
    world: WorldNoise | None = None,
    camera: Camera | None = None,
) -> SimulatedSet:
    """Let a simulated patient do a set, and look at it.

    Args:
        plan: who does what, how often and seen from where; the same plan gives the same set.
        noise: of the estimator, such as :data:`PERFECT`; None: :data:`ESTIMATOR`.
        world: of its guess in space; None: usual.
        camera: who looks; None: the robot's.

    Raises:
        UnknownExercise: the patient cannot do it.
        ConfigError: there is no such persona, fault, view or side.
    """
    performed = perform_set(plan)
    rng = np.random.default_rng((plan.seed, 71))
    camera = camera or Camera()
    true_25 = to_body_25(performed.joints_m)
    points, confidence = seen_25(true_25, camera, noise or ESTIMATOR, rng)
    world_m = _in_space(true_25, camera, world or WorldNoise(), rng)
    return SimulatedSet(
        plan, performed.stamps_s, performed.motion, performed.shape, performed.joints_m, true_25,
        tuple(_skeletons(performed, points, confidence, world_m)), performed.repetitions,
    )  # fmt: skip


def seen_25(true_25: FloatArray, camera: Camera, config: NoiseConfig, rng: np.random.Generator) -> tuple[FloatArray, FloatArray]:
    """Points (T, 25, 2) as shares of the image and confidence (T, 25); a foot errs as its ankle does, and a little of its own."""
    points, depth = project(true_25, camera)
    true = points * [camera.aspect, 1.0]
    of_18 = [BODY_25.index(joint) for joint in OPENPOSE_18.joints]
    found, confidence = true.copy(), np.ones(true.shape[:2])
    found[:, of_18], confidence[:, of_18] = estimator_like(true[:, of_18], depth[:, of_18], camera.aspect, rng, config)
    trunk = float(np.median(np.linalg.norm(true[:, _NECK] - true[:, _BASE], axis=-1)))
    own = trunk * (config.jitter * rng.normal(size=(len(true), 4, 2)) + 0.5 * config.bias * rng.normal(size=(4, 2)))
    found[:, _FEET] = true[:, _FEET] + found[:, _ANKLES] - true[:, _ANKLES] + own
    confidence[:, _FEET] = confidence[:, _ANKLES]
    found[:, _BASE], confidence[:, _BASE] = found[:, _HIPS].mean(1), confidence[:, _HIPS].min(1)
    found[:, _UNSEEN], confidence[:, _UNSEEN] = 0.0, 0.0
    return found / [camera.aspect, 1.0], confidence


def _in_space(true_25: FloatArray, camera: Camera, world: WorldNoise, rng: np.random.Generator) -> FloatArray:
    """Joints (T, 25, 3) from the middle of the hips in the axes of a level camera [m], as an estimator guesses them."""
    level = replace(camera, pitch_rad=0.0, roll_rad=0.0)
    tilt = np.radians(world.tilt_deg + world.tilt_spread_deg * rng.normal())
    leaning = np.array([[1.0, 0.0, 0.0], [0.0, np.cos(tilt), -np.sin(tilt)], [0.0, np.sin(tilt), np.cos(tilt)]])
    from_hips = (true_25 - true_25[:, [_BASE]]) @ level.axes.T @ leaning.T
    count = len(true_25)
    knots = max(2, count // _KNOT_FRAMES)
    places, at = np.linspace(0, knots - 1, count), np.arange(knots)
    slow = rng.normal(size=(knots, 25 * 3)).T
    changing = np.stack([np.interp(places, at, column) for column in slow], axis=1).reshape(count, 25, 3)
    wanders = np.array([world.wanders_m, world.wanders_m, world.wanders_away_m])
    guessed = from_hips * (world.scale + world.scale_spread * rng.normal())
    guessed += world.stays_m * rng.normal(size=(25, 3)) + wanders * changing
    return np.asarray(guessed - guessed[:, _HIPS].mean(1, keepdims=True))


def _skeletons(performed: PerformedSet, points: FloatArray, confidence: FloatArray, world_m: FloatArray) -> list[Skeleton]:
    unknown = np.full((*points.shape[:2], 1), np.nan, np.float32)
    in_image = np.concatenate([points.astype(np.float32), unknown], axis=-1)
    in_space = np.where(confidence[..., None] > 0.0, world_m, 0.0).astype(np.float32)
    sure = confidence.astype(np.float32)
    return [
        Skeleton(float(stamp), Tracking.TRACKED, BODY_25.name, in_image[n], sure[n], "simulated", *SIZE_PX, in_space[n])
        for n, stamp in enumerate(performed.stamps_s)
    ]
