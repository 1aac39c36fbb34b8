"""Says which exercise a person is doing, at each image, without knowing where the exercise starts or ends.

The same code serves the robot and `physio action evaluate`.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field

import numpy as np

from physio_core.action.model import Model
from physio_core.errors import SkeletonError
from physio_core.params import Parameters, param
from physio_core.skeleton.normalise import Imputer, Normaliser, upright
from physio_core.skeleton.resample import Resampler
from physio_core.types import UNKNOWN, Abstain, FloatArray, Prediction, Skeleton, Tracking

FPS_WINDOW_S = 2.0

_ABSTAIN = {
    Tracking.NOBODY: Abstain.NOBODY,
    Tracking.DETECTOR_FAILED: Abstain.DETECTOR_FAILED,
    Tracking.SOMEBODY_ELSE: Abstain.SOMEBODY_ELSE,
}


@dataclass(frozen=True)
class RecogniserConfig(Parameters):
    """When an exercise is named, kept and not named."""

    min_time_s: float = param(
        0.8, "Time a person must be seen before anything is named.", unit="s", low=0.1, high=10.0, live=True
    )
    lost_s: float = param(1.0, "A person unseen for longer starts over.", unit="s", low=0.1, high=10.0, live=True)
    min_fps: float = param(5.0, "Below this image rate nothing is named.", unit="Hz", low=1.0, high=60.0, live=True)
    smooth_s: float = param(
        0.5, "Time constant of the mean of the scores; more: steadier and later.", unit="s", low=0.0, high=10.0, live=True
    )
    name_above: float = param(0.65, "Mean score from which an exercise is named.", low=0.0, high=1.0, live=True)
    keep_above: float = param(0.4, "Mean score down to which a named exercise is kept.", low=0.0, high=1.0, live=True)
    visible_above: float = param(0.3, "Confidence from which a joint counts as seen.", low=0.0, high=1.0, live=True)
    refuse: bool = param(True, "Whether movements that are like nothing learnt are refused, as the model's card says.", live=True)
    needs: tuple[str, ...] = param(("shoulder", "hip"), "Joints that must be seen, at least on one side.")


@dataclass(frozen=True)
class Tick:
    """What one tick of the model's rate brought. C channels, V joints, K labels.

    Attributes:
        frame: (C, V) joints as the network takes them.
        logits: (K,) scores before softmax.
        energy: smoothed, as it is compared with the card's ``energy_below``.
    """

    frame: FloatArray
    logits: FloatArray
    energy: float


@dataclass
class _Body:
    """What is known of the person in view."""

    body_id: str
    first_s: float
    last_s: float
    ticks: int = 0
    mean: FloatArray = field(default_factory=lambda: np.zeros(0, np.float32))
    label: str = UNKNOWN
    visible: float = 1.0
    energy: float = 0.0


class Recogniser:
    """Feeds a stream of skeletons through a model; one :class:`~physio_core.types.Prediction` for each.

    Attributes:
        config: read at every skeleton, so it may be replaced at any time, but for ``needs``.
        ticks: what the last skeleton brought; none, one or several, as its camera is faster or slower than the model.

    Raises:
        ConfigError: ``needs`` names a joint that the model does not have.
    """

    def __init__(self, model: Model, config: RecogniserConfig | None = None) -> None:
        self.model = model
        self.ticks: list[Tick] = []
        self.config = config or RecogniserConfig()
        card = model.card
        self._rate_hz = card.normaliser.rate_hz
        self._stream = model.stream()
        self._imputer = Imputer(card.layout, card.normaliser.missing_below)
        self._normaliser = Normaliser(card.layout, card.normaliser)
        self._resampler = Resampler(self._rate_hz)
        self._needs = [[card.layout.index(f"{side}_{joint}") for side in ("left", "right")] for joint in self.config.needs]
        self._stamps: deque[float] = deque()
        self._body: _Body | None = None

    def reset(self) -> None:
        """Forget everybody."""
        self._forget()
        self._stamps.clear()

    def update(self, skeleton: Skeleton) -> Prediction:
        """Take the skeleton of one image.

        Args:
            skeleton: of the next image; one that is not newer than the last is not used again. A stamp that jumps back
                by more than ``lost_s`` is taken as a new clock.

        Raises:
            SkeletonError: a tracked skeleton in another joint order than the model's.
        """
        self.ticks = []
        stamp_s = skeleton.stamp_s
        if not np.isfinite(stamp_s):
            raise SkeletonError(f"stamp {stamp_s} s is not a finite time")
        if self._stamps and stamp_s < self._stamps[-1] - self.config.lost_s:
            self.reset()
        if not self._stamps or stamp_s > self._stamps[-1]:
            self._stamps.append(stamp_s)
            self._take(skeleton)
        while len(self._stamps) > 2 and self._stamps[0] < self._stamps[-1] - FPS_WINDOW_S:
            self._stamps.popleft()
        return self._predict(skeleton)

    @property
    def effective_fps(self) -> float:
        """Images per second over the last two seconds [Hz]; 0 before the second image."""
        span_s = self._stamps[-1] - self._stamps[0] if self._stamps else 0.0
        return (len(self._stamps) - 1) / span_s if span_s > 0 else 0.0

    def _forget(self) -> None:
        self._body = None
        for part in (self._stream, self._imputer, self._normaliser, self._resampler):
            part.reset()

    def _take(self, skeleton: Skeleton) -> None:
        body, stamp_s = self._body, skeleton.stamp_s
        if body and stamp_s - body.last_s > self.config.lost_s:
            self._forget()
            body = None
        if not skeleton.tracked:
            return
        layout = self.model.card.layout
        if skeleton.layout != layout.name or len(skeleton.points) != len(layout.joints):
            raise SkeletonError(f"skeleton in layout {skeleton.layout!r} with {len(skeleton.points)} joints; need {layout.name}")
        if body and body.body_id != skeleton.body_id:
            self._forget()
            body = None
        if body is None:
            body = self._body = _Body(skeleton.body_id, stamp_s, stamp_s)
        body.last_s = stamp_s
        self._see(body, skeleton)

    def _see(self, body: _Body, skeleton: Skeleton) -> None:
        points = upright(skeleton.points.astype(np.float32), skeleton.width_px, skeleton.height_px)
        points = self._imputer.step(points, skeleton.confidence)
        frame = np.concatenate([points, skeleton.confidence[:, None].astype(np.float32)], axis=1)
        for _, tick in self._resampler.push(skeleton.stamp_s, frame):
            prepared = self._normaliser.step(tick[:, :2], tick[:, 2])
            scores = self._stream.step(prepared)
            self._judge(body, scores, self._all_seen(tick))
            self.ticks.append(Tick(prepared, scores, body.energy))

    def _all_seen(self, tick: FloatArray) -> bool:
        return all(tick[sides, 2].max() >= self.config.visible_above for sides in self._needs)

    def _judge(self, body: _Body, raw: FloatArray, all_seen: bool) -> None:
        scores, energy = self.model.probabilities(raw), float(self.model.energy(raw))
        body.ticks += 1
        share = 1.0 - np.exp(-1.0 / (self._rate_hz * max(self.config.smooth_s, 1e-3)))
        body.visible += float(share) * (float(all_seen) - body.visible)
        body.energy = energy if body.ticks == 1 else body.energy + float(share) * (energy - body.energy)
        body.mean = scores if body.ticks == 1 else (1.0 - share) * body.mean + share * scores
        labels = self.model.labels
        best = max((label for label in labels if label != UNKNOWN), key=lambda label: body.mean[labels.index(label)])
        if body.mean[labels.index(best)] >= self.config.name_above:
            body.label = best
        elif body.mean[labels.index(body.label)] < self.config.keep_above:
            body.label = UNKNOWN

    def _predict(self, skeleton: Skeleton) -> Prediction:
        body = self._body
        reason = self._reason(skeleton, body)
        reach_s = self.model.card.reach / self._rate_hz
        start_s = max(body.first_s, skeleton.stamp_s - reach_s) if body else skeleton.stamp_s
        if reason is not Abstain.NONE or body is None:
            return Prediction(
                skeleton.stamp_s, labels=self.model.labels, abstain=reason, body_id=skeleton.body_id,
                window_start_s=start_s, effective_fps=self.effective_fps,
            )  # fmt: skip
        scores = (body.mean / body.mean.sum()).astype(np.float32)
        return Prediction(
            skeleton.stamp_s, body.label, float(scores[self.model.labels.index(body.label)]), self.model.labels, scores,
            Abstain.NONE, body.body_id, start_s, self.effective_fps,
        )  # fmt: skip

    def _reason(self, skeleton: Skeleton, body: _Body | None) -> Abstain:
        if not skeleton.tracked or body is None:
            return _ABSTAIN.get(skeleton.status, Abstain.NOBODY)
        if len(self._stamps) > 2 and self.effective_fps < self.config.min_fps:
            return Abstain.LOW_FPS
        if body.ticks < self.config.min_time_s * self._rate_hz:
            return Abstain.TOO_FEW_FRAMES
        if body.visible < 0.5:
            return Abstain.OUT_OF_FRAME
        least = self.model.card.energy_below if self.config.refuse else None
        return Abstain.NONE if least is None or body.energy >= least else Abstain.UNFAMILIAR
