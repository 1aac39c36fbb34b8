"""MediaPipe Pose (BlazePose, Bazarevsky et al. 2020): the only file that imports MediaPipe.

``mp.solutions`` carries its model inside the package and is the default; MediaPipe Tasks is its successor, whose model
is a file that must be downloaded.
"""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np

from physio_core.errors import EstimatorError, ModelError
from physio_core.pose.estimator import PoseConfig
from physio_core.skeleton.layouts import BLAZEPOSE_33, OPENPOSE_18, Layout
from physio_core.skeleton.remapping import remap
from physio_core.types import Frame, Skeleton, Tracking


def _import_mediapipe() -> Any:
    """MediaPipe without Matplotlib, which it imports for drawings that nothing here asks for, and which no robot has."""
    stand_ins = {name: ModuleType(name) for name in ("matplotlib", "matplotlib.pyplot") if name not in sys.modules}
    sys.modules.update(stand_ins)
    try:
        return import_module("mediapipe")
    finally:
        for name in stand_ins:
            del sys.modules[name]


os.environ.setdefault("GLOG_minloglevel", "2")  # MediaPipe's chatter on stderr, at each start
mp = _import_mediapipe()
MODELS = Path(mp.__file__).parent / "modules" / "pose_landmark"
TASK_MODEL_URL = "https://ai.google.dev/edge/mediapipe/solutions/vision/pose_landmarker#models"


class MediaPipePose:
    """The model inside the package.

    Its own smoothing stays off: it takes every image to be 33 ms after the last; ours follows the true stamps.
    """

    def __init__(self, config: PoseConfig | None = None, layout: Layout = OPENPOSE_18) -> None:
        """Load the model and run it once, so that the first real image is not late.

        Raises:
            ModelError: no model for that complexity.
        """
        self._config, self._layout = config or PoseConfig(), layout
        self.name = "MediaPipe"
        self.searches = 0  # inside its graph
        self._open()

    def estimate(self, frame: Frame) -> Skeleton:
        """See :class:`~physio_core.pose.estimator.PoseEstimator`."""
        try:
            result = self._pose.process(frame.rgb)
        except (RuntimeError, ValueError) as error:
            # One failure breaks the graph for good.
            self.close()
            self._open()
            raise EstimatorError(f"MediaPipe failed on a {frame.rgb.shape[1]}x{frame.rgb.shape[0]} image: {error}") from error
        if not result.pose_landmarks:
            return _nobody(frame, self._layout)
        return _skeleton(frame, result.pose_landmarks.landmark, result.pose_world_landmarks.landmark, self._layout)

    def close(self) -> None:
        """Release the graph."""
        with contextlib.suppress(RuntimeError, ValueError):  # a broken graph complains again
            self._pose.close()

    def _open(self) -> None:
        config = self._config
        path = MODELS / f"pose_landmark_{('lite', 'full', 'heavy')[config.model_complexity]}.tflite"
        if not path.exists():  # MediaPipe would try to download it
            raise ModelError(
                f"no model for model_complexity {config.model_complexity}: {path} is missing; 1 comes with MediaPipe"
            )
        try:
            self._pose = mp.solutions.pose.Pose(
                model_complexity=config.model_complexity,
                smooth_landmarks=False,
                min_detection_confidence=config.min_detection_confidence,
                min_tracking_confidence=config.min_tracking_confidence,
            )
            self._pose.process(np.zeros((64, 64, 3), np.uint8))
        except (RuntimeError, OSError) as error:
            raise ModelError(f"MediaPipe cannot use {path}: {error}") from error


class MediaPipeTasksPose:
    """A model file, run by MediaPipe Tasks."""

    def __init__(self, config: PoseConfig, layout: Layout = OPENPOSE_18) -> None:
        """Load the file.

        Raises:
            ModelError: missing or not a pose landmarker.
        """
        path = Path(config.task_model_path).expanduser()
        if not path.is_file():
            raise ModelError(f"no pose model at {path}; get a pose_landmarker .task file from {TASK_MODEL_URL}")
        tasks = mp.tasks
        options = tasks.vision.PoseLandmarkerOptions(
            base_options=tasks.BaseOptions(model_asset_path=str(path)),
            running_mode=tasks.vision.RunningMode.VIDEO,
            min_pose_detection_confidence=config.min_detection_confidence,
            min_tracking_confidence=config.min_tracking_confidence,
        )
        self._options, self._layout = options, layout
        self.name = f"MediaPipe Tasks, {path.name}"
        self.searches = 0  # inside its graph
        self._last_ms = -1
        try:
            self._landmarker = tasks.vision.PoseLandmarker.create_from_options(options)
        except (RuntimeError, ValueError) as error:
            raise ModelError(f"{path} is not a MediaPipe pose_landmarker: {error}") from error

    def estimate(self, frame: Frame) -> Skeleton:
        """See :class:`~physio_core.pose.estimator.PoseEstimator`."""
        # Tasks wants strictly rising milliseconds and dies of anything else, such as a clock set back.
        self._last_ms = max(self._last_ms + 1, round(frame.stamp_s * 1000.0))
        try:
            result = self._landmarker.detect_for_video(mp.Image(mp.ImageFormat.SRGB, frame.rgb), self._last_ms)
        except (RuntimeError, ValueError) as error:
            self.close()
            self._last_ms = -1
            self._landmarker = mp.tasks.vision.PoseLandmarker.create_from_options(self._options)
            raise EstimatorError(f"MediaPipe Tasks failed: {error}") from error
        if not result.pose_landmarks:
            return _nobody(frame, self._layout)
        return _skeleton(frame, result.pose_landmarks[0], result.pose_world_landmarks[0], self._layout)

    def close(self) -> None:
        """Release the graph."""
        with contextlib.suppress(RuntimeError, ValueError):
            self._landmarker.close()


def _nobody(frame: Frame, layout: Layout) -> Skeleton:
    height_px, width_px = frame.rgb.shape[:2]
    return Skeleton(frame.stamp_s, Tracking.NOBODY, layout.name, width_px=width_px, height_px=height_px)


def _skeleton(frame: Frame, landmarks: Sequence[Any], world: Sequence[Any], layout: Layout) -> Skeleton:
    """MediaPipe's 33 landmarks, in the image and in space, as the joints of a layout; it has our axes."""
    height_px, width_px = frame.rgb.shape[:2]
    points, world_m = (np.array([[mark.x, mark.y, mark.z] for mark in marks], np.float32) for marks in (landmarks, world))
    confidence = np.array([mark.visibility * _presence(mark) for mark in landmarks], np.float32)
    if not all(np.isfinite(values).all() for values in (points, world_m, confidence)):
        raise EstimatorError("MediaPipe gave coordinates that are not finite")
    both, confidence = remap(np.concatenate([points, world_m], axis=1), np.clip(confidence, 0.0, 1.0), BLAZEPOSE_33, layout)
    return Skeleton(
        frame.stamp_s, Tracking.TRACKED, layout.name, both[:, :3], confidence,
        width_px=width_px, height_px=height_px, world_m=both[:, 3:],
    )  # fmt: skip


def _presence(mark: Any) -> float:
    """How sure MediaPipe is that the joint is inside the image; 1 where the model does not say."""
    if hasattr(mark, "HasField"):
        return float(mark.presence) if mark.HasField("presence") else 1.0
    return 1.0 if mark.presence is None else float(mark.presence)
