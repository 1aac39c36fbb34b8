"""A path of the hand, such as a recording, acted by a whole body before a camera and seen as an estimator would: without images.

The body stands, lifts its hand to where the path begins, holds it, draws, holds it and lowers it, as a patient does; so whatever
watches a patient draw can be asked what it says of a path that a real person drew on a robot.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from physio_core.motion.arms import arms_free
from physio_core.motion.kinematics import BodyShape, positions
from physio_core.motion.projection import Camera, to_body_25
from physio_core.motion.stance import stood
from physio_core.motion.style import Style
from physio_core.skeleton.layouts import BODY_25
from physio_core.trajectories.trajectory import Side, Trajectory
from physio_core.trajectories.types import ease
from physio_core.types import FloatArray, Skeleton, Tracking
from physio_lab.synthetic.noise import NoiseConfig
from physio_lab.synthetic.simulated_sets import PERFECT, SIZE_PX, seen_25

HANGING_S, LIFT_S, HELD_S = 1.6, 0.9, 1.0
"""The arm hangs, is lifted, and is held at the start for so long [s]."""
BEGINS_S = HANGING_S + LIFT_S + HELD_S
"""The drawing begins then [s]."""
RESTS_S = 2.2
"""The hand rests at the end for so long, which ends the attempt [s]."""
_HANGING = np.array([0.06, 0.1, -0.93])
"""Of a left hand from its shoulder, in lengths of the arm."""
_ELBOW_POINTS = np.array([-0.3, 0.6, -1.0])
_PHASE_S = 4.0


def acted(
    path: Trajectory,
    share: float,
    camera: Camera | None = None,
    noise: NoiseConfig = PERFECT,
    seed: int = 0,
    rate_hz: float = 20.0,
) -> Sequence[Skeleton]:
    """Skeletons (T) of a body that draws a path.

    Args:
        path: of the hand, in lengths of an arm that is stretched.
        share: of the body's own arm that one such length is.
        camera: who looks; the robot's unless given.
        noise: of the estimator.
        seed: of the noise and of the body.
        rate_hz: images per second.
    """
    rng, camera = np.random.default_rng((seed, 5)), camera or Camera()
    shape = BodyShape.random(rng)
    stamps_s, hand = _timed(path.stamps_s - path.stamps_s[0], path.positions_m * share, path.side, rate_hz)
    pose = stood(stamps_s / _PHASE_S, arms_free(Style()), shape)
    outward = np.array([1.0, 1.0 if path.side == "left" else -1.0, 1.0])
    shoulder_m = pose.part(f"{path.side}_arm").at[f"{path.side}_shoulder"]
    pose.wrist(path.side, shoulder_m + hand * shape.arm_m, _ELBOW_POINTS * outward)
    seen, sure = seen_25(to_body_25(positions(shape, pose.motion)), camera, noise, rng)
    unknown = np.full((*seen.shape[:2], 1), np.nan)
    in_image = np.concatenate([seen, unknown], axis=-1).astype(np.float32)
    return [
        Skeleton(float(at_s), Tracking.TRACKED, BODY_25.name, in_image[n], sure[n].astype(np.float32), "simulated", *SIZE_PX)
        for n, at_s in enumerate(stamps_s)
    ]


def _timed(drawn_s: FloatArray, places: FloatArray, side: Side, rate_hz: float) -> tuple[FloatArray, FloatArray]:
    """Moments (T,) [s] from 0, and places (T, 3) of the hand from its shoulder, of the whole act."""
    hanging = _HANGING * (1.0, 1.0 if side == "left" else -1.0, 1.0)
    ends_s = BEGINS_S + float(drawn_s[-1])
    at_s = np.arange(0.0, ends_s + RESTS_S + LIFT_S, 1.0 / rate_hz)
    hand = np.stack([np.interp(at_s - BEGINS_S, drawn_s, column) for column in places.T], axis=1)
    up = ease(np.clip((at_s - HANGING_S) / LIFT_S, 0.0, 1.0)) - ease(np.clip((at_s - ends_s - RESTS_S) / LIFT_S, 0.0, 1.0))
    return at_s, np.asarray(hanging + up[:, None] * (hand - hanging))
