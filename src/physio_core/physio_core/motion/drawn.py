"""Paths that one hand draws in front of the body: lifted to the start, held, drawn, held, and lowered; standing or on a chair."""

from __future__ import annotations

import numpy as np

from physio_core.motion.arms import arms_free, on_chair
from physio_core.motion.ik import PoseBuilder
from physio_core.motion.stance import stood
from physio_core.motion.style import Maker, Style
from physio_core.trajectories.types import TrajectoryType, ease, type_of
from physio_core.types import FloatArray

LIFTED, BEGUN, DRAWN, LOWERED = 0.16, 0.28, 0.72, 0.86
"""Shares of a repetition until which the hand is lifted, held at the start, draws, and is held at the end."""
SIZE = 0.9
"""Of the path, as a share of the length of the arm."""
_HANGING = np.array([0.08, 0.12, -0.94])
_ELBOW_POINTS = np.array([-0.3, 0.6, -1.0])


def draw(name: str) -> Maker:
    """Draws a type of path standing; ``style.depth`` is its size against the arm's reach."""
    return lambda phase, style, shape: _drawn(stood(phase, arms_free(style), shape), phase, style, type_of(name))


def draw_seated(name: str) -> Maker:
    """The same on a chair."""
    return lambda phase, style, shape: _drawn(on_chair(phase, style, shape), phase, style, type_of(name))


def places(kind: TrajectoryType, phase: FloatArray, depth: float, reverse: bool = False) -> FloatArray:
    """(T, 3) of the left hand from its shoulder at phases (T,), in lengths of the arm: x forward, y left, z up.

    ``reverse`` turns a circle round, for the right arm, which is drawn as the mirror image.
    """
    share = np.mod(phase, 1.0)
    time = np.clip((share - BEGUN) / (DRAWN - BEGUN), 0.0, 1.0)
    progress = ease(1.0 - np.abs(1.0 - 2.0 * time)) if kind.returns else 1.0 - ease(time) if reverse else ease(time)
    path, start = kind.shape(progress), kind.shape(np.zeros(1))
    middle = kind.shape(np.linspace(0.0, 1.0, 50)).mean(axis=0)
    path, start = (middle + (one - middle) * min(depth, 1.0) for one in (path, start))
    lifted, lowered = ease(np.minimum(share / LIFTED, 1.0)), ease(np.maximum((share - LOWERED) / (1.0 - LOWERED), 0.0))
    up = (lifted - lowered)[:, None]
    return np.asarray(np.where(up < 1.0, _HANGING + up * (start * SIZE - _HANGING), path * SIZE))


def _drawn(pose: PoseBuilder, phase: FloatArray, style: Style, kind: TrajectoryType) -> PoseBuilder:
    shoulder = pose.part("left_arm").at["left_shoulder"]
    return pose.wrist(
        "left", shoulder + places(kind, phase, style.depth, style.side == "right") * pose.shape.arm_m, _ELBOW_POINTS
    )
