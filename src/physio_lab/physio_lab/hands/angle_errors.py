"""The angles of finger joints as the coach measures them, against the true ones of rendered hands; with and without bone lengths.

Each hand is measured first while it is straight: the lengths of its bones then are the person's own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from physio_core.hands.angles import ANGLES, BONES, bone_lengths, hand_angles, with_bone_lengths
from physio_core.hands.canonical import WRIST, hand_points
from physio_core.motion.hand_movements import HAND_MOVEMENTS
from physio_core.pose.choice import REFERENCE
from physio_core.pose.hand_estimator import HandConfig, HandEstimator, make_hand_estimator
from physio_core.types import FloatArray, Frame
from physio_lab.reports.intervals import DRAWS, LEVEL, Interval
from physio_lab.synthetic.hand_renderer import HandRenderer
from physio_lab.synthetic.hand_scenes import HandScene

MOVEMENTS = ("fist", "hook", "pinch", "hand_spread", "tabletop")
IMAGES, STRAIGHT = 7, 2
"""Of one movement, from straight to the posture; the first ones are straight."""
SEED = 9
FINGER_JOINTS = ("mcp", "pip", "dip")
KINDS = {
    **{
        joint: [at for at, name in enumerate(ANGLES) if name.endswith(f"_{joint}_flexion") and not name.startswith("thumb")]
        for joint in FINGER_JOINTS
    },
    "thumb": [at for at, name in enumerate(ANGLES) if name.startswith("thumb") and name.endswith("flexion")],
    "spread": [at for at, name in enumerate(ANGLES) if name.endswith("spread")],
}
KINDS["flexion"] = [at for joint in (*FINGER_JOINTS, "thumb") for at in KINDS[joint]]
_PALM = [at for at, (a, b) in enumerate(BONES) if a == WRIST or at >= len(BONES) - 5]


@dataclass(frozen=True)
class Errors:
    """Errors of one hand, N images [deg].

    Attributes:
        images: how many were rendered.
        plain: (N, A) of the landmarks as they are.
        constrained: (N, A) of landmarks whose bones keep their lengths.
    """

    images: int
    plain: FloatArray
    constrained: FloatArray


def angle_errors(hands: int, tell: Callable[[], None] = lambda: None) -> list[Errors]:
    """Render hands, look at them, and compare; the same hands each time."""
    estimator = make_hand_estimator(HandConfig(hand_estimator=REFERENCE))
    try:
        found = []
        for hand in range(hands):
            found.append(_errors(hand, estimator))
            tell()
        return found
    finally:
        estimator.close()


def figures_of(errors: list[Errors]) -> dict[str, dict[str, dict[str, float | list[float]]]]:
    """Mean absolute error by kind of joint, with its interval over hands, and the median; by way of measuring."""
    return {
        way: {kind: _figure([getattr(one, way)[:, columns] for one in errors]) for kind, columns in KINDS.items()}
        for way in ("plain", "constrained")
    }


def _figure(hands: list[FloatArray]) -> dict[str, float | list[float]]:
    means = np.array([float(np.nanmean(one)) for one in hands if np.isfinite(one).any()])
    rng = np.random.default_rng(0)
    drawn = rng.choice(means, (DRAWS, len(means))).mean(axis=1)
    low, high = Interval(*np.quantile(drawn, [0.5 - LEVEL / 2.0, 0.5 + LEVEL / 2.0]))
    return {
        "mean": float(means.mean()),
        "interval": [float(low), float(high)],
        "median": float(np.nanmedian(np.concatenate(hands))),
    }


def _errors(hand: int, estimator: HandEstimator) -> Errors:
    """Of one hand in two movements."""
    scene = HandScene.random(np.random.default_rng((SEED, hand)), view=("palm", "back")[hand % 2])
    height_px, width_px = scene.size_px[1], scene.size_px[0]
    seen: list[FloatArray] = []
    true: list[FloatArray] = []
    straight: list[bool] = []
    for movement in (MOVEMENTS[hand % len(MOVEMENTS)], MOVEMENTS[(hand + 2) % len(MOVEMENTS)]):
        estimator.estimate(Frame(-1.0, np.zeros((height_px, width_px, 3), np.uint8)))  # The hand before is forgotten.
        renderer = HandRenderer(scene)
        try:
            motion = HAND_MOVEMENTS[movement].motion(np.linspace(0.0, 0.5, IMAGES), scene.side)
            for at, picture in enumerate(renderer.pictures(motion)):
                best = max(estimator.estimate(Frame(at / 10.0, picture.rgb)), key=lambda one: one.presence, default=None)
                points = hand_points(best.skeleton) if best else None
                if points is not None:
                    seen.append(points)
                    true.append(picture.points_m)
                    straight.append(at < STRAIGHT)
        finally:
            renderer.close()
    images = 2 * IMAGES
    if not any(straight):
        return Errors(images, np.full((0, len(ANGLES)), np.nan), np.full((0, len(ANGLES)), np.nan))
    points, left = np.array(seen), scene.side == "left"
    right = hand_angles(np.array(true), left)
    own = bone_lengths(points[straight] / _palm_sizes(points[straight])[:, None, None])
    constrained = with_bone_lengths(points / _palm_sizes(points)[:, None, None], own)
    return Errors(images, np.abs(hand_angles(points, left) - right), np.abs(hand_angles(constrained, left) - right))


def _palm_sizes(points: FloatArray) -> FloatArray:
    """(N,) of hands (N, 21, 3): the median length of what spans the palm."""
    bones = BONES[_PALM]
    return np.asarray(np.median(np.linalg.norm(points[:, bones[:, 0]] - points[:, bones[:, 1]], axis=-1), axis=1))


def told(figures: Mapping[str, Mapping[str, Mapping[str, float | list[float]]]]) -> list[list[str]]:
    """Rows of a table: kind of joint, and mean (interval) and median of both ways."""
    rows = []
    for kind in KINDS:
        cells = [kind]
        for way in ("plain", "constrained"):
            one = figures[way][kind]
            low, high = one["interval"] if isinstance(one["interval"], list) else (np.nan, np.nan)
            cells += [f"{one['mean']:.1f} ({low:.1f} to {high:.1f})", f"{one['median']:.1f}"]
        rows.append(cells)
    return rows
