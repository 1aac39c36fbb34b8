"""MoveNet Lightning: one network finds the joints of the one body in a square, and these say where the next square is.

The rule by which it follows a body is MoveNet's own (``crop_utils.ts`` and ``detector.ts`` of tensorflow/tfjs-models,
pose-detection): around the middle of the hips, as far as 1.9 times the trunk or 1.2 times the body reaches, smoothed; all of the
image where no trunk is seen. It searches by that same look at all of the image, so there is no detector.

It knows 17 joints (COCO's), none of a foot, and guesses nothing in space: those joints have no confidence, ``world_m`` is empty.
"""

from __future__ import annotations

import numpy as np

from physio_core.camera.crop import crop
from physio_core.errors import EstimatorError, RunnerError
from physio_core.pose.blaze.regions import Region, whole
from physio_core.pose.choice import MOVENET
from physio_core.pose.estimator import PoseConfig, refuse_other_models
from physio_core.pose.network import Network
from physio_core.skeleton.layouts import COCO_17, OPENPOSE_18, Layout
from physio_core.skeleton.remapping import remap
from physio_core.types import ByteImage, FloatArray, Frame, Skeleton, Tracking

FOLDER, FILE, OUTPUT = "movenet", "movenet_lightning", "Identity"
SEEN_FROM = 0.2
"""``MIN_CROP_KEYPOINT_SCORE``: a joint that is surer counts when a body is followed."""
SCALE = 0.6
"""Its scores are lower than MediaPipe's: the 0.3 that its makers recommend is the 0.5 of the parameters' defaults."""
TRUNK_REACH, BODY_REACH, NEW = 1.9, 1.2, 0.9
"""How much further than trunk and body half a square reaches; weight of the new square in the smoothed one."""
_HIPS, _SHOULDERS = ([COCO_17.index(f"{side}_{joint}") for side in ("left", "right")] for joint in ("hip", "shoulder"))


class MoveNet:
    """See :class:`~physio_core.pose.estimator.PoseEstimator`.

    Attributes:
        name: the network and what runs it.
        searches: how often all of the image was looked at, nobody being followed.
    """

    def __init__(self, config: PoseConfig | None = None, layout: Layout = OPENPOSE_18) -> None:
        """Open the network and run it once, so that the first real image is not late.

        Raises:
            ModelError: the file is missing, truncated or of another version, or another model is asked for.
            RunnerUnavailable: the runner cannot be used here.
        """
        config = config or PoseConfig()
        refuse_other_models(config, MOVENET)
        self._config, self._layout = config, layout
        self._network = Network(FILE, config, (OUTPUT,), highest=255.0, folder=FOLDER)
        self.name = f"MoveNet Lightning by {self._network.runs_by}"
        self.searches = 0
        self._region: Region | None = None
        self._look(np.zeros((64, 64, 3), np.uint8), whole(64, 64))

    def estimate(self, frame: Frame) -> Skeleton:
        """See :class:`~physio_core.pose.estimator.PoseEstimator`."""
        height_px, width_px = frame.rgb.shape[:2]
        followed = self._region
        self.searches += followed is None
        try:
            places_px, sure = self._look(frame.rgb, followed or whole(width_px, height_px))
        except RunnerError as error:
            self._region = None
            raise EstimatorError(f"{error}, on a {width_px}x{height_px} image") from error
        least = self._config.min_tracking_confidence if followed else self._config.min_detection_confidence
        if not trunk_seen(sure) or body_score(sure) < least * SCALE:
            self._region = None
            return Skeleton(frame.stamp_s, Tracking.NOBODY, self._layout.name, width_px=width_px, height_px=height_px)
        self._region = steadier(next_region(places_px, sure, width_px, height_px), followed)
        depth = np.full((len(places_px), 1), np.nan)
        points = np.concatenate([places_px / [width_px, height_px], depth], axis=1).astype(np.float32)
        points, confidence = remap(points, sure, COCO_17, self._layout)
        return Skeleton(
            frame.stamp_s, Tracking.TRACKED, self._layout.name, points, confidence, width_px=width_px, height_px=height_px
        )

    def close(self) -> None:
        """Nothing is held that does not go by itself."""

    def _look(self, rgb: ByteImage, region: Region) -> tuple[FloatArray, FloatArray]:
        """Joints of the body in a square: (17, 2) in pixels of the image, and how sure it is of each (17,)."""
        size = self._network.size_px
        made = self._network.run(crop(rgb, region.to_image(size), size, black_outside=True))[OUTPUT].reshape(-1, 3)
        return region.project(made[:, 1::-1].astype(np.float64)), np.clip(made[:, 2], 0.0, 1.0)


def trunk_seen(sure: FloatArray) -> bool:
    """Whether a hip and a shoulder are seen; without, nobody is followed (``torsoVisible``)."""
    return all(bool((sure[joints] > SEEN_FROM).any()) for joints in (_HIPS, _SHOULDERS))


def body_score(sure: FloatArray) -> float:
    """How sure it is of a body: the mean over its joints that are seen."""
    seen = sure[sure > SEEN_FROM]
    return float(seen.mean()) if len(seen) else 0.0


def next_region(places_px: FloatArray, sure: FloatArray, width_px: int, height_px: int) -> Region:
    """The square of the next image, from the joints (17, 2) of this one (``determineNextCropRegion``)."""
    middle = places_px[_HIPS].mean(0)
    away = np.abs(places_px - middle)
    half_px = max(away[_SHOULDERS + _HIPS].max() * TRUNK_REACH, away[sure >= SEEN_FROM].max() * BODY_REACH)
    furthest_px = float(np.max([middle, np.array([width_px, height_px]) - middle]))
    region = Region(float(middle[0]), float(middle[1]), 2.0 * min(float(half_px), furthest_px))
    return region if region.usable and region.side_px <= max(width_px, height_px) else whole(width_px, height_px)


def steadier(region: Region, last: Region | None) -> Region:
    """A square that follows its predecessor smoothly (``CROP_FILTER_ALPHA``)."""
    if last is None:
        return region
    x_px, y_px, side_px = (
        NEW * new + (1.0 - NEW) * old
        for new, old in zip((region.x_px, region.y_px, region.side_px), (last.x_px, last.y_px, last.side_px), strict=True)
    )
    return Region(x_px, y_px, side_px)
