"""Tracks one person, the target: an estimator of one skeleton may jump to a person who comes near, or see a body in a chair.

Two bodies are the same when centre and size could have changed that much between the two images. Lengths are measured in
body heights, guessed from the bones by the proportions of Drillis and Contini (1966), so that distance does not matter.
A person who slowly takes another's place inside the overlap of both cannot be told apart by this.
"""

from __future__ import annotations

import random
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from physio_core.params import Parameters, param
from physio_core.skeleton.confidence import RELIABLE
from physio_core.skeleton.layouts import layout_named
from physio_core.types import FloatArray, Skeleton, Tracking

TORSO = ("left_shoulder", "right_shoulder", "left_hip", "right_hip")
BONES = (("shoulder", "elbow", 0.186), ("elbow", "wrist", 0.146), ("shoulder", "hip", 0.288), ("hip", "knee", 0.245),
         ("knee", "ankle", 0.246))  # fmt: skip
"""Bones of each side with their length as a share of the body height."""
SHOULDER_WIDTH = 0.259
RECENT = 240
"""Positions of the target that are kept: 2 s of the fastest camera."""


@dataclass(frozen=True)
class LockConfig(Parameters):
    """Who counts as a person, and as the same one."""

    min_body_confidence: float = param(0.5, "Least mean confidence of the shoulders or of the hips.", low=0.0, high=1.0)
    min_body_height: float = param(0.15, "Least height of a body, as a share of the image's height.", low=0.0, high=1.0)
    max_bone_stretch: float = param(
        2.0, "A bone this many times longer than the lengths of all others allow is not a human's.", low=1.1, high=10.0
    )
    max_body_speed: float = param(2.0, "Fastest movement of the trunk.", unit="body heights/s", low=0.1, high=20.0)
    body_margin: float = param(0.15, "Movement of the trunk that is always allowed.", unit="body heights", low=0.0, high=1.0)
    max_body_move: float = param(
        0.5, "Largest movement between two images, however far apart in time.", unit="body heights", low=0.1, high=5.0
    )
    max_body_growth: float = param(2.0, "Largest change of size between images, as a factor.", low=1.1, high=10.0)
    confirm_s: float = param(0.1, "A body must be seen this long to be locked on.", unit="s", low=0.0, high=5.0)
    lost_s: float = param(0.5, "No one seen for this long: the lock is released.", unit="s", low=0.05, high=10.0)
    relock_s: float = param(1.0, "Another person seen for this long becomes the patient.", unit="s", low=0.1, high=30.0)
    return_s: float = param(
        2.0,
        "A body where the target was at most this long ago is the same person, once confirmed.",
        unit="s",
        low=0.0,
        high=30.0,
    )
    body_id_seed: int = param(0, "Seed of the names given to bodies.")


@dataclass(frozen=True)
class Body:
    """Where a body is in the image: centre of the trunk and guessed height [px], at a time [s]."""

    stamp_s: float
    centre_px: FloatArray
    height_px: float


class TargetLock:
    """Decides for each skeleton whether it is the person the coach works with."""

    def __init__(
        self, config: LockConfig | None = None, measured: Callable[[Skeleton, LockConfig], Body | None] | None = None
    ) -> None:
        """Start without a target.

        Args:
            config: who counts as the same one.
            measured: place and size of what is tracked, None where it is nothing of the kind; by default of a whole body.
        """
        self._config, self._measure = config or LockConfig(), measured or measure
        self._names = random.Random(self._config.body_id_seed)
        self._newest_s = float("-inf")
        self._locked: Body | None = None
        self._candidate: Body | None = None
        self._recent: deque[Body] = deque(maxlen=RECENT)
        self._candidate_since_s = 0.0
        self.body_id = ""
        self.jumps = 0
        self.refused = 0

    def update(self, skeleton: Skeleton) -> Skeleton:
        """The skeleton with its ``body_id`` if it is the locked person's; else one without joints that says why not.

        A change of ``body_id`` from one skeleton to the next means another person: forget the last one. A late image, older than
        the newest by less than ``lost_s``, changes nothing; a stamp further back is a clock that was set.
        """
        late = self._newest_s - self._config.lost_s < skeleton.stamp_s <= self._newest_s
        if not late:
            self._expire(skeleton.stamp_s)
        if skeleton.status is Tracking.DETECTOR_FAILED:
            return skeleton
        body = self._measure(skeleton, self._config) if skeleton.tracked else None
        if late:
            return self._judge_late(skeleton, body)
        if body is None:
            self.refused += skeleton.tracked
            self._candidate = None
            return _empty(skeleton, Tracking.NOBODY)
        if self._locked is not None and self._same(self._locked, body):
            self._locked, self._candidate = body, None
            self._recent.append(body)
        elif not self._persists(body):
            return _empty(skeleton, Tracking.SOMEBODY_ELSE if self._locked else Tracking.NOBODY)
        return replace(skeleton, body_id=self.body_id)

    def _judge_late(self, skeleton: Skeleton, body: Body | None) -> Skeleton:
        if body is not None and self._locked is not None and self._same(self._locked, body):
            return replace(skeleton, body_id=self.body_id)
        return _empty(skeleton, Tracking.SOMEBODY_ELSE if body is not None and self._locked is not None else Tracking.NOBODY)

    def _persists(self, body: Body) -> bool:
        """Whether this candidate has been seen for long enough; if so it is the target now."""
        if self._candidate is None or not self._same(self._candidate, body):
            self._candidate_since_s = body.stamp_s
            self.jumps += self._locked is not None
        self._candidate = body
        returned = self._locked is not None and self._was_at(body)
        needed_s = self._config.confirm_s if self._locked is None or returned else self._config.relock_s
        if body.stamp_s - self._candidate_since_s < needed_s:
            return False
        last = self.body_id
        while self.body_id == last and not returned:
            self.body_id = f"body_{self._names.randrange(16**4):04x}"
        self._locked, self._candidate = body, None
        if not returned:
            self._recent.clear()
        return True

    def _was_at(self, body: Body) -> bool:
        """Whether the target was seen at this place a moment ago: a skeleton that followed a passer-by comes back."""
        seen = (recent for recent in self._recent if body.stamp_s - recent.stamp_s <= self._config.return_s)
        return any(self._same(replace(recent, stamp_s=body.stamp_s), body) for recent in seen)

    def _expire(self, now_s: float) -> None:
        """Release target and candidate when away for too long, and both when the clock was set back."""
        horizon_s = now_s - self._config.lost_s
        if now_s < self._newest_s or (self._candidate is not None and self._candidate.stamp_s < horizon_s):
            self._candidate = None
        if now_s < self._newest_s or (self._locked is not None and self._candidate is None and self._locked.stamp_s <= horizon_s):
            self._locked = None
            self._recent.clear()
        self._newest_s = now_s

    def _same(self, before: Body, now: Body) -> bool:
        config = self._config
        height_px = max(before.height_px, now.height_px)
        move = float(np.linalg.norm(now.centre_px - before.centre_px)) / height_px
        between_s = abs(now.stamp_s - before.stamp_s)
        allowed = min(config.max_body_move, config.body_margin + config.max_body_speed * between_s)
        return move <= allowed and height_px <= config.max_body_growth * min(before.height_px, now.height_px)


def measure(skeleton: Skeleton, config: LockConfig) -> Body | None:
    """Place and size of a body; None when it does not look like a human."""
    layout = layout_named(skeleton.layout)
    torso = [layout.index(joint) for joint in TORSO]
    confidence = skeleton.confidence
    if max(confidence[torso[:2]].mean(), confidence[torso[2:]].mean()) < config.min_body_confidence:
        return None
    pixels = skeleton.points[:, :2].astype(np.float64) * (skeleton.width_px, skeleton.height_px)
    bones = [
        (layout.index(f"{side}_{a}"), layout.index(f"{side}_{b}"), share) for side in ("left", "right") for a, b, share in BONES
    ]
    bones.append((torso[0], torso[1], SHOULDER_WIDTH))
    heights_px = sorted(
        float(np.linalg.norm(pixels[a] - pixels[b])) / share
        for a, b, share in bones
        if min(confidence[a], confidence[b]) >= RELIABLE
    )
    # A bone that points at the camera looks short, none looks long: the longest tell the height.
    if len(heights_px) < 2 or heights_px[-1] > config.max_bone_stretch * heights_px[-2]:
        return None
    if heights_px[-2] <= config.min_body_height * skeleton.height_px:
        return None
    return Body(skeleton.stamp_s, pixels[torso].mean(axis=0), heights_px[-2])


def _empty(skeleton: Skeleton, status: Tracking) -> Skeleton:
    return Skeleton(skeleton.stamp_s, status, skeleton.layout, width_px=skeleton.width_px, height_px=skeleton.height_px)
