"""BlazePose (Bazarevsky et al. 2020) by MediaPipe's own files: a body is searched for, then followed from image to image.

The order of things is that of ``pose_landmark_cpu.pbtxt``: the region comes from the landmarks of the image before, from the
detector only where there are none; landmarks that are sure enough in their heat map are moved to its middle
(``RefineLandmarksFromHeatmapCalculator``); two landmarks that no one sees, hips' middle and size, give the next region, smoothed
(``PoseLandmarkFiltering``). MediaPipe's own smoothing of the other landmarks is left out, as in
:class:`~physio_core.pose.mediapipe.MediaPipePose`.
"""

from __future__ import annotations

import numpy as np

from physio_core.camera.crop import crop
from physio_core.errors import EstimatorError, RunnerError
from physio_core.pose.blaze.detector import BODY, Detector
from physio_core.pose.blaze.regions import Region, body_region
from physio_core.pose.choice import BLAZE
from physio_core.pose.estimator import PoseConfig, refuse_other_models
from physio_core.pose.network import Network, sigmoid
from physio_core.skeleton.layouts import BLAZEPOSE_33, OPENPOSE_18, Layout
from physio_core.skeleton.remapping import remap
from physio_core.skeleton.smooth import low_pass_weight
from physio_core.types import ByteImage, FloatArray, Frame, Skeleton, Tracking

LANDMARKS, PRESENCE, HEATMAPS, WORLD = "Identity", "Identity_1", "Identity_3", "Identity_4"
"""Outputs of the landmark file; another is a mask of the body, which nothing asks for and which is not computed."""
MARKS = 39
SIZE_MARKS = slice(33, 35)
"""Middle of the hips and the point that tells the size and the direction of the body."""
KERNEL, REFINED_FROM = 9, 0.5
"""``kernel_size`` [cells] and ``min_confidence_to_refine`` as MediaPipe has them; the 7 of its graph file is not what it does."""
IMAGE_S = 1.0 / 30.0
"""MediaPipe takes each image to be that much later; true stamps would move regions, and so landmarks, off those that it gives."""


class BlazePose:
    """See :class:`~physio_core.pose.estimator.PoseEstimator`.

    Attributes:
        searches: how often the detector ran.
    """

    def __init__(self, config: PoseConfig | None = None, layout: Layout = OPENPOSE_18) -> None:
        """Open both networks and run them once, so that the first real image is not late.

        Raises:
            ModelError: a file is missing, truncated or of another version, or none ships for what is asked for.
            RunnerUnavailable: the runner cannot be used here.
        """
        config = config or PoseConfig()
        refuse_other_models(config, BLAZE)
        self._config, self._layout = config, layout
        self._detector = Detector(BODY, config, config.min_detection_confidence)
        self._network = Network("pose_landmark_full", config, (LANDMARKS, PRESENCE, HEATMAPS, WORLD))
        self.name = f"BlazePose by {self._network.runs_by}"
        self._steady = SteadyPoints()
        self.searches = 0
        self._region: Region | None = None
        blank = np.zeros((64, 64, 3), np.uint8)
        next(self._detector.detect(blank), None)
        self._look(blank, body_region(np.array([32.0, 32.0]), np.array([32.0, 1.0])))

    def estimate(self, frame: Frame) -> Skeleton:
        """See :class:`~physio_core.pose.estimator.PoseEstimator`."""
        height_px, width_px = frame.rgb.shape[:2]
        try:
            region = self._region or self._search(frame)
            seen = self._look(frame.rgb, region) if region else None
        except RunnerError as error:
            self._forget()
            raise EstimatorError(f"{error}, on a {width_px}x{height_px} image") from error
        if region is None or seen is None:
            self._forget()
            return Skeleton(frame.stamp_s, Tracking.NOBODY, self._layout.name, width_px=width_px, height_px=height_px)
        marks, world_m = seen
        image_px = np.array([width_px, height_px])
        points = np.column_stack([region.project(marks[:, :2]) / image_px, marks[:, 2] * region.side_px / width_px])
        self._follow(points[SIZE_MARKS, :2] * image_px)
        count = len(BLAZEPOSE_33.joints)
        both = np.concatenate([points[:count], region.turn(world_m[:count])], axis=1).astype(np.float32)
        both, confidence = remap(both, marks[:count, 3].astype(np.float32), BLAZEPOSE_33, self._layout)
        return Skeleton(
            frame.stamp_s, Tracking.TRACKED, self._layout.name, both[:, :3], confidence,
            width_px=width_px, height_px=height_px, world_m=both[:, 3:],
        )  # fmt: skip

    def close(self) -> None:
        """Nothing is held that does not go by itself."""

    def _forget(self) -> None:
        self._region = None
        self._steady.reset()

    def _search(self, frame: Frame) -> Region | None:
        self.searches += 1
        found = next(self._detector.detect(frame.rgb), None)
        if found is None:
            return None
        region = body_region(found[2], found[3])
        return region if region.usable else None

    def _follow(self, size_px: FloatArray) -> None:
        scale_px = 2.0 * float(np.hypot(*(size_px[1] - size_px[0])))
        region = body_region(*self._steady.update(size_px, scale_px))
        self._region = region if region.usable else None

    def _look(self, rgb: ByteImage, region: Region) -> tuple[FloatArray, FloatArray] | None:
        """Landmarks of a region; None: no body; (39, 5) x, y, z in its sides, visibility, presence; (39, 3) in space [m]."""
        size = self._network.size_px
        made = self._network.run(crop(rgb, region.to_image(size), size, black_outside=False))
        if made[PRESENCE].item() <= self._config.min_tracking_confidence:
            return None
        marks = made[LANDMARKS].reshape(MARKS, 5).astype(np.float64)
        marks[:, :3] /= size
        marks[:, 3:] = sigmoid(marks[:, 3:])
        marks[:, :2] = refine(marks[:, :2], made[HEATMAPS][0])
        return marks, made[WORLD].reshape(MARKS, 3).astype(np.float64)


def refine(points: FloatArray, heatmaps: FloatArray) -> FloatArray:
    """Points moved to the middle of what their heat maps show around them, where that is sure enough.

    Args:
        points: (M, 2), x and y in 0 .. 1; those outside stay as they are.
        heatmaps: (H, W, M), before the logistic function.
    """
    height, width, count = heatmaps.shape
    cells = np.array([width, height])
    middle = np.trunc(points * cells).astype(np.int64)
    inside = ((middle >= 0) & (middle < cells)).all(1)
    around = middle[:, None, :] + np.arange(KERNEL)[None, :, None] - KERNEL // 2
    there = (around >= 0) & (around < cells)
    x, y = np.clip(around, 0, cells - 1).transpose(2, 0, 1)
    sure = sigmoid(heatmaps[y[:, :, None], x[:, None, :], np.arange(count)[:, None, None]])
    sure = sure * (there[:, :, None, 1] & there[:, None, :, 0])
    total = np.maximum(sure.sum((1, 2)), 1e-9)
    moved = np.stack([(sure.sum(1) * x).sum(1), (sure.sum(2) * y).sum(1)], axis=1) / total[:, None] / cells
    return np.where((inside & (sure.max((1, 2)) >= REFINED_FROM))[:, None], moved, points)


class SteadyPoints:
    """MediaPipe's One-Euro filter of the points that give the next region (``PoseLandmarkFiltering``, auxiliary landmarks).

    Unlike :class:`~physio_core.skeleton.smooth.OneEuro` the speed is that of raw points, each axis alone, in sizes of the body.
    """

    MIN_CUTOFF_HZ, BETA, SPEED_CUTOFF_HZ = 0.01, 10.0, 1.0

    def __init__(self) -> None:
        """Start with nothing seen."""
        self.reset()

    def reset(self) -> None:
        """The next points pass unchanged."""
        self._raw: FloatArray | None = None
        self._steady = self._speed = np.zeros((2, 2))

    def update(self, points_px: FloatArray, scale_px: float) -> FloatArray:
        """Steadier points (2, 2), of those of the next image, for a body of that size; one without size passes."""
        if self._raw is None:
            self._raw = self._steady = points_px
            return points_px
        if scale_px < 1e-6:
            return points_px
        speed = (points_px - self._raw) / scale_px / IMAGE_S
        self._speed = self._speed + low_pass_weight(np.array(self.SPEED_CUTOFF_HZ), IMAGE_S) * (speed - self._speed)
        weight = low_pass_weight(self.MIN_CUTOFF_HZ + self.BETA * np.abs(self._speed), IMAGE_S)
        self._raw, self._steady = points_px, self._steady + weight * (points_px - self._steady)
        return self._steady
