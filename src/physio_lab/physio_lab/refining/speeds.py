"""What the filters make of slow cameras and fast hands: true courses of hands with errors put in, no images."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from physio_core.types import FloatArray
from physio_lab.refining.filters import Candidates, FilterConfig, filter_hands
from physio_lab.synthetic.assembly import ACTIVITIES, activity_motion
from physio_lab.synthetic.hand_scenes import HandScene

RATES_HZ, SPEEDS = (5.0, 10.0, 15.0, 30.0, 60.0), (1.0, 2.0, 4.0)
CLIP_S, PEOPLE = 2.4, 4
ASTRAY, MISSED, NOISE = 0.08, 0.1, 0.02
"""Share of images in which the hand is told elsewhere, and in which none is; error of the joints [hand lengths]."""


@dataclass(frozen=True)
class Filtering:
    """One rate and one speed.

    Attributes:
        rate_hz: of the camera.
        speed: times as fast as people work.
        precision: share of what is kept that was not put astray.
        recall: share of what was not put astray that is kept.
        filled: share of the images without a right hand that are filled in.
        filled_error: mean error of these [hand lengths]; NaN: none.
    """

    rate_hz: float
    speed: float
    precision: float
    recall: float
    filled: float
    filled_error: float


def filterings(config: FilterConfig) -> Iterator[Filtering]:
    """Every rate at every speed."""
    for rate_hz in RATES_HZ:
        for speed in SPEEDS:
            yield _filtering(rate_hz, speed, config)


def _filtering(rate_hz: float, speed: float, config: FilterConfig) -> Filtering:
    kept_right, kept, right, holes, filled = 0, 0, 0, 0, 0
    off: list[FloatArray] = []
    for person in range(PEOPLE):
        for activity in ACTIVITIES:
            rng = np.random.default_rng((person, list(ACTIVITIES).index(activity), 89))
            true, length_px, stamps, left = _course(activity, rate_hz, speed, rng)
            found = true + NOISE * length_px * rng.normal(size=true.shape)
            astray, missed = rng.random(len(true)) < ASTRAY, rng.random(len(true)) < MISSED
            found[astray, :, :2] += length_px * rng.uniform(0.5, 1.5) * _direction(rng)
            found[missed] = np.nan
            sure = np.ones((len(true), 1))
            made = filter_hands(Candidates(stamps, found[:, None], sure, left * sure, HandScene().size_px[1]), config)
            good = ~astray & ~missed
            kept_right, kept = kept_right + int(made.kept[good].sum()), kept + int(made.kept.sum())
            right, holes, filled = right + int(good.sum()), holes + int((~good).sum()), filled + int(made.filled[~good].sum())
            away = np.linalg.norm((made.points[:, 0] - true)[made.filled[:, 0], :, :2], axis=-1).mean(-1) / length_px
            off.append(away)
    every = np.concatenate(off)
    error = float(every.mean()) if len(every) else np.nan
    return Filtering(rate_hz, speed, kept_right / max(kept, 1), kept_right / max(right, 1), filled / max(holes, 1), error)


def _course(activity: str, rate_hz: float, speed: float, rng: np.random.Generator) -> tuple[FloatArray, float, FloatArray, float]:
    """Joints (T, 21, 3) [px] of one activity, the length of the hand [px], stamps (T,) [s], and 1 for a left hand."""
    scene = HandScene.random(rng, view="palm")
    images = max(4, round(CLIP_S * rate_hz / speed))
    motion = activity_motion(activity, scene.shape.length_m, scene.side, rng, images)
    points_m = scene.frames(motion).points_m
    px_per_m = scene.camera[0, 0] / points_m[:, :1, 2:]
    points = np.concatenate([scene.project(points_m), (points_m[..., 2:] - points_m[:, :1, 2:]) * px_per_m], axis=-1)
    return points, float(scene.shape.length_m * np.median(px_per_m)), np.arange(images) / rate_hz, float(scene.side == "left")


def _direction(rng: np.random.Generator) -> FloatArray:
    angle = rng.uniform(0.0, 2.0 * np.pi)
    return np.array([np.cos(angle), np.sin(angle)])
