"""Takes the jitter out of joints without making fast movements late: the One-Euro filter.

Casiez, Roussel and Vogel, "1 € Filter: A Simple Speed-based Low-pass Filter for Noisy Input in Interactive Systems",
CHI 2012.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np

from physio_core.params import Parameters, param
from physio_core.types import FloatArray, Skeleton

_ROUNDS = 4
"""In which what was smoothed and how fast it moved are found from each other."""


@dataclass(frozen=True)
class SmoothConfig(Parameters):
    """How much the joints are smoothed."""

    smooth_min_cutoff_hz: float = param(
        3.0, "Cut-off for a joint at rest: lower is calmer and later; 0 turns smoothing off.", unit="Hz", low=0.0, high=100.0
    )
    smooth_beta: float = param(
        20.0, "How much the cut-off rises with speed [Hz per image width/s]: higher is less late.", low=0.0, high=1000.0
    )
    smooth_speed_cutoff_hz: float = param(1.0, "Cut-off for the speed itself.", unit="Hz", low=0.1, high=100.0)
    smooth_reset_s: float = param(0.5, "After a gap this long the old joints count no more.", unit="s", low=0.05, high=10.0)


class OneEuro:
    """One filter for an array of coordinates, driven by the time stamps of the images."""

    def __init__(self, config: SmoothConfig | None = None) -> None:
        """Start with nothing seen."""
        self._config = config or SmoothConfig()
        self.reset()

    def reset(self) -> None:
        """Forget: the next coordinates pass unchanged, as those of another person must."""
        self._stamp_s = math.nan
        self._points = np.zeros(0)
        self._speed = np.zeros(0)

    def update(self, points: FloatArray, stamp_s: float) -> FloatArray:
        """Smoothed coordinates.

        Args:
            points: of any shape that stays the same, e.g. (V, 3); a NaN (depth unknown) passes and harms nothing else.
            stamp_s: when they were taken [s]. A late one (older by no more than ``smooth_reset_s``) passes unchanged and is
                forgotten; one further back (the clock was set) starts the filter again.

        Returns:
            Array of the same shape and type.
        """
        config = self._config
        dt_s = stamp_s - self._stamp_s
        if -config.smooth_reset_s <= dt_s <= 0.0 and self._points.shape == points.shape:
            return points
        if config.smooth_min_cutoff_hz == 0.0 or self._points.shape != points.shape or not 0.0 < dt_s <= config.smooth_reset_s:
            self._points, self._speed = points.astype(np.float64), np.zeros(points.shape)
            self._stamp_s = stamp_s
            return points
        speed = (points - self._points) / dt_s
        self._speed += low_pass_weight(np.array(config.smooth_speed_cutoff_hz), dt_s) * (speed - self._speed)
        # All axes of a joint share one cut-off, or a joint would leave its straight path.
        pace = np.sqrt(np.nansum(self._speed[..., :2] ** 2, axis=-1, keepdims=True))
        weight = low_pass_weight(config.smooth_min_cutoff_hz + config.smooth_beta * pace, dt_s)
        smooth = self._points + weight * (points - self._points)
        known = np.isfinite(smooth)
        self._points = np.where(known, smooth, points)
        self._speed = np.where(known, self._speed, 0.0)
        self._stamp_s = stamp_s
        return self._points.astype(points.dtype)


class SkeletonSmoother:
    """The same for the skeletons of one body, in the image and in space; another body begins as it is."""

    def __init__(self, config: SmoothConfig | None, image_width_m: float) -> None:
        """Start with nobody seen.

        Args:
            config: of the joints in the image.
            image_width_m: about what an image shows at the distance of the body, so that joints in space are smoothed alike [m].
        """
        config = config or SmoothConfig()
        self._in_image = OneEuro(config)
        self._in_space = OneEuro(replace(config, smooth_beta=config.smooth_beta / image_width_m))
        self._body_id = ""

    def update(self, skeleton: Skeleton) -> Skeleton:
        """The next one, which is tracked, smoothed."""
        if skeleton.body_id != self._body_id:
            self._in_image.reset()
            self._in_space.reset()
            self._body_id = skeleton.body_id
        points = self._in_image.update(skeleton.points, skeleton.stamp_s)
        return replace(skeleton, points=points, world_m=self._in_space.update(skeleton.world_m, skeleton.stamp_s))


def unsmoothed(values: FloatArray, dt_s: float, width: float = math.inf, config: SmoothConfig | None = None) -> FloatArray:
    """What a coordinate was before a :class:`OneEuro` made these values of it (T,), one every ``dt_s``.

    Args:
        values: smoothed.
        dt_s: time from one to the next [s].
        width: of the image, in the unit of the values, since what moves fast was smoothed less; infinite: as if nothing did.
        config: of the filter.
    """
    config = config or SmoothConfig()
    if config.smooth_min_cutoff_hz == 0.0 or len(values) < 2:
        return values
    follows = float(low_pass_weight(np.array(config.smooth_speed_cutoff_hz), dt_s))
    weight, speed = float(low_pass_weight(np.array(config.smooth_min_cutoff_hz), dt_s)), 0.0
    found = [float(values[0])]
    for last, step in zip(values[:-1].tolist(), np.diff(values).tolist(), strict=True):
        # The weight follows from the speed, which follows from what is looked for.
        for _ in range(_ROUNDS):
            now = speed + follows * (step / weight / dt_s / width - speed)
            weight = 1.0 / (1.0 + 1.0 / (2.0 * math.pi * (config.smooth_min_cutoff_hz + config.smooth_beta * abs(now)) * dt_s))
        speed = now
        found.append(last + step / weight)
    return np.array(found)


def low_pass_weight(cutoff_hz: FloatArray, dt_s: float) -> FloatArray:
    """Share of the new value in an exponential filter with that cut-off, for a step of that length."""
    return np.asarray(1.0 / (1.0 + 1.0 / (2.0 * math.pi * cutoff_hz * dt_s)))
