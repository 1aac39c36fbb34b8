"""Turns the prepared joints of a body into what the network sees: centred, scaled, with speeds.

Everything is causal and works on one frame or on a batch of frames at once, so training and serving share this code path.
Gaps must have been filled (:mod:`physio_core.skeleton.stream`): a missing hip at zero would move the whole body.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from physio_core.params import Parameters, param
from physio_core.skeleton.confidence import MISSING_BELOW
from physio_core.skeleton.layouts import Layout
from physio_core.types import FloatArray

CHANNELS = ("x", "y", "confidence", "dx", "dy")
"""What each joint carries: place and confidence, and the change of place [body sizes per tenth of a second]."""


@dataclass(frozen=True)
class NormaliserConfig(Parameters):
    """How joints are normalised; stored in the model card, because a model is only right with the same settings."""

    rate_hz: float = param(15.0, "Rate of the frames.", unit="Hz", low=5.0, high=60.0)
    centre_s: float = param(2.0, "Time constant of the slow middle of the hips.", unit="s", low=0.1, high=60.0)
    scale_s: float = param(3.0, "Time constant of the body size.", unit="s", low=0.1, high=60.0)
    missing_below: float = param(
        MISSING_BELOW, "A joint with less confidence is filled in from its neighbour.", low=0.0, high=1.0
    )
    limit: float = param(6.0, "Largest value of a channel; the rest is cut.", low=1.0, high=100.0)

    def as_dict(self) -> dict[str, Any]:
        """For the model card."""
        return asdict(self)


_SIZE_BONES = (("shoulder", "elbow"), ("elbow", "wrist"), ("shoulder", "hip"), ("hip", "knee"), ("knee", "ankle"))


def size_bones(layout: Layout) -> npt.NDArray[np.intp]:
    """Joint pairs (B, 2) whose lengths make the body size."""
    pairs = [(f"{side}_{a}", f"{side}_{b}") for side in ("left", "right") for a, b in _SIZE_BONES]
    return np.array([[layout.index(a), layout.index(b)] for a, b in pairs], dtype=np.intp)


class Normaliser:
    """Centres on a slow mean of the hips (so that the body's own path is kept) and divides by a slow body size.

    The body size is the root mean square of the limb and trunk lengths in the image: when one bone is seen end on,
    others are not. Both means weigh all frames alike until their time constant has passed, so the first frame already counts.
    """

    def __init__(self, layout: Layout, config: NormaliserConfig) -> None:
        self.config = config
        self._hips = [layout.index("left_hip"), layout.index("right_hip")]
        self._bones = size_bones(layout)
        self.reset()

    def reset(self) -> None:
        """Forget the body; the next frame is the first."""
        self._frames = 0
        self._centre: FloatArray = np.zeros(2, np.float32)
        self._log_size: FloatArray = np.zeros((), np.float32)
        self._previous: FloatArray | None = None

    def step(self, points: FloatArray, confidence: FloatArray) -> FloatArray:
        """Normalise one frame.

        Args:
            points: (..., V, 2) in one length unit for x and y, nothing missing.
            confidence: (..., V) [0..1].

        Returns:
            (..., C, V) with the channels of :data:`CHANNELS`.
        """
        self._frames += 1
        rate_hz, limit = self.config.rate_hz, self.config.limit
        centre = points[..., self._hips, :].mean(-2)
        bones = points[..., self._bones[:, 0], :] - points[..., self._bones[:, 1], :]
        log_size = 0.5 * np.log((bones**2).sum(-1).mean(-1) + 1e-8)
        self._centre = self._follow(self._centre, centre, self.config.centre_s)
        self._log_size = self._follow(self._log_size, log_size, self.config.scale_s)
        size = np.exp(self._log_size)[..., None, None]
        place = (points - self._centre[..., None, :]) / size
        moved = np.zeros_like(points) if self._previous is None else (points - self._previous) / size * (rate_hz / 10.0)
        self._previous = points
        channels = np.concatenate([place, confidence[..., None], moved], axis=-1)
        return np.clip(np.swapaxes(channels, -1, -2), -limit, limit).astype(np.float32)

    def _follow(self, mean: FloatArray, value: FloatArray, time_constant_s: float) -> FloatArray:
        share = max(1.0 / self._frames, 1.0 - float(np.exp(-1.0 / (self.config.rate_hz * time_constant_s))))
        return value if self._frames == 1 else mean + np.float32(share) * (value - mean)


def normalise(points: FloatArray, confidence: FloatArray, layout: Layout, config: NormaliserConfig) -> FloatArray:
    """Normalise whole sequences at once, exactly as the stream would be.

    Args:
        points: (..., T, V, 2) at ``config.rate_hz``, in one length unit for x and y, nothing missing.
        confidence: (..., T, V).
        layout: joint order.
        config: settings.

    Returns:
        (..., C, T, V).
    """
    normaliser = Normaliser(layout, config)
    frames = points.shape[-3]
    return np.stack([normaliser.step(points[..., t, :, :], confidence[..., t, :]) for t in range(frames)], axis=-2)
