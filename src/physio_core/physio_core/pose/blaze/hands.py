"""Hands by MediaPipe's own files: palms are searched for, then hands followed from image to image.

The order of things is that of ``hand_landmark_tracking_cpu.pbtxt``: palms are searched for only while fewer hands than two are
followed; a region that a hand was followed to displaces a palm's that lies on it; a hand's landmarks give its next region
(``HandLandmarksToRectCalculator``). What it tells of a side, and how sure it is of a hand, is as with
:class:`~physio_core.pose.mediapipe_hands.MediaPipeHands`.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import islice

import numpy as np

from physio_core.camera.crop import crop
from physio_core.errors import EstimatorError, ModelError, RunnerError
from physio_core.pose.blaze.detector import PALM, Detector
from physio_core.pose.blaze.regions import Region, box_region, overlap, upright, whole
from physio_core.pose.hand_estimator import OWN, HandConfig, hand_in_image
from physio_core.pose.network import Network
from physio_core.skeleton.layouts import HAND_21
from physio_core.types import ByteImage, FloatArray, Frame, Hand

LANDMARKS, PRESENCE, SIDE, SPACE = "Identity", "Identity_1", "Identity_2", "Identity_3"
"""Outputs of the landmark file; the last, the hand in space, the coach does not ask for."""
OWN_FOLDER, OWN_FILE = "hand_landmarks", "hand_landmark"
"""Landmarks of our own: the same inputs and outputs, presence and side as MediaPipe's."""
DEPTH_SCALE = 0.4
"""``normalize_z`` of ``hand_landmark_cpu.pbtxt``."""
MOST_HANDS, SAME_HAND = 2, 0.5
"""How many are followed, and the overlap from which two regions are one (``min_similarity_threshold``)."""
OWN_SEARCHES_EVERY = 3
"""Images from one search for a second hand to the next with landmarks of our own, which look twice at each hand."""
PALM_SCALE, PALM_SHIFT = 2.6, -0.5
HAND_SCALE, HAND_SHIFT = 2.0, -0.1
"""``palm_detection_detection_to_roi.pbtxt``, ``hand_landmark_landmarks_to_roi.pbtxt``."""
_WRIST = HAND_21.index("wrist")
_INDEX, _MIDDLE, _RING = (HAND_21.index(f"{finger}_mcp") for finger in ("index", "middle", "ring"))
_STEADY = [0, 1, 2, 3, 5, 6, 9, 10, 13, 14, 17, 18]
"""Joints that make the region: fingers without their ends, which come and go."""


class BlazeHands:
    """See :class:`~physio_core.pose.hand_estimator.HandEstimator`.

    Attributes:
        name: the networks and what runs them.
        searches: how often the detector ran.
    """

    def __init__(self, config: HandConfig | None = None) -> None:
        """Open both networks and run them once, so that the first real image is not late.

        Raises:
            ModelError: a file is missing, truncated or of another version, or none ships for that complexity.
            RunnerUnavailable: the runner cannot be used here.
        """
        self._config = config = config or HandConfig()
        if config.hand_model_complexity != 1:
            raise ModelError(f"hand_model_complexity {config.hand_model_complexity} does not ship in models/mediapipe; 1 does")
        self._detector = Detector(PALM, config, config.min_detection_confidence)
        outputs = (LANDMARKS, PRESENCE, SIDE)
        if config.hand_estimator == OWN:
            self._network = Network(OWN_FILE, config, outputs, folder=OWN_FOLDER)
        else:
            self._network = Network("hand_landmark_full", config, outputs)
        self.name = f"{'own landmarks of ' if config.hand_estimator == OWN else ''}hands by {self._network.runs_by}"
        self.searches = self._since_search = 0
        self._regions: list[Region] = []
        blank = np.zeros((64, 64, 3), np.uint8)
        next(self._detector.detect(blank), None)
        self._look(blank, whole(64, 64))

    def estimate(self, frame: Frame) -> Sequence[Hand]:
        """See :class:`~physio_core.pose.hand_estimator.HandEstimator`."""
        height_px, width_px = frame.rgb.shape[:2]
        image_px = np.array([width_px, height_px])
        followed, self._regions, found = self._regions, [], []
        try:
            for region in self._searched(frame.rgb, followed):
                seen = self._look(frame.rgb, region)
                if seen is None:
                    continue
                marks, left = seen
                places_px = region.project(marks[:, :2])
                points = np.column_stack([places_px / image_px, marks[:, 2] * region.side_px / width_px])
                side, presence = ("right", left) if left >= 0.5 else ("left", 1.0 - left)  # it takes the image to be mirrored
                found.append(hand_in_image(frame, points.astype(np.float32), side, presence))
                self._regions += [one for one in [hand_region(places_px)] if one.usable]
        except RunnerError as error:
            self._regions = []
            raise EstimatorError(f"{error}, on a {width_px}x{height_px} image") from error
        return tuple(found)

    def close(self) -> None:
        """Nothing is held that does not go by itself."""

    def _searched(self, rgb: ByteImage, followed: list[Region]) -> list[Region]:
        """Where hands are: those that are followed, and palms besides while there are fewer than two."""
        if len(followed) >= MOST_HANDS:
            return followed
        self._since_search += 1
        if followed and self._config.hand_estimator == OWN and self._since_search < OWN_SEARCHES_EVERY:
            return followed
        self._since_search = 0
        self.searches += 1
        regions: list[Region] = []
        palms = [palm_region(palm) for palm in islice(self._detector.detect(rgb), MOST_HANDS)]
        for region in [*palms, *followed]:
            if region.usable:
                regions = [*(one for one in regions if overlap(one, region) <= SAME_HAND), region]
        return regions[-MOST_HANDS:]

    def _look(self, rgb: ByteImage, region: Region) -> tuple[FloatArray, float] | None:
        """Landmarks of a region and how surely MediaPipe calls it a left hand; None: no hand there.

        The landmarks: (21, 3) x, y, z in sides of the region.
        """
        size = self._network.size_px
        shown = crop(rgb, region.to_image(size), size, black_outside=False)
        made = self._network.run(shown)
        if made[PRESENCE].item() <= self._config.min_tracking_confidence:
            return None
        marks = made[LANDMARKS].reshape(len(HAND_21.joints), 3).astype(np.float64) / size
        if self._config.hand_estimator == OWN:
            marks = (marks + mirrored_marks(self._network.run(mirrored(shown))[LANDMARKS], size)) / 2.0
        marks[:, 2] /= DEPTH_SCALE
        return marks, min(max(made[SIDE].item(), 0.0), 1.0)


def mirrored(rgb: ByteImage) -> ByteImage:
    """The mirror image, which landmarks of our own are asked for as well: they err otherwise there, and the mean errs less."""
    return np.ascontiguousarray(rgb[:, ::-1])


def mirrored_marks(told: FloatArray, size: int) -> FloatArray:
    """Landmarks (21, 3) in sides of a region, of what was told of its mirror image [px]."""
    marks: FloatArray = told.reshape(len(HAND_21.joints), 3).astype(np.float64) / size
    marks[:, 0] = 1.0 - marks[:, 0]
    return marks


def palm_region(palm_px: FloatArray) -> Region:
    """Of a whole hand, from a palm (2 + 7, 2): two corners, then key points; the first is the wrist, the third a knuckle."""
    low, high, wrist, _, knuckle = palm_px[:5]
    return box_region((low + high) / 2.0, high - low, upright(wrist, knuckle), PALM_SCALE, PALM_SHIFT)


def hand_region(places_px: FloatArray) -> Region:
    """Of the next image, from the landmarks (21, 2) of this one: around them, turned so that the knuckles are above the wrist."""
    knuckles = ((places_px[_INDEX] + places_px[_RING]) / 2.0 + places_px[_MIDDLE]) / 2.0
    rotation = upright(places_px[_WRIST], knuckles)
    places = places_px[_STEADY]
    middle = (places.min(0) + places.max(0)) / 2.0
    cosine, sine = math.cos(rotation), math.sin(rotation)
    turn = np.array([[cosine, -sine], [sine, cosine]])
    turned = (places - middle) @ turn
    low, high = turned.min(0), turned.max(0)
    return box_region(turn @ ((low + high) / 2.0) + middle, high - low, rotation, HAND_SCALE, HAND_SHIFT)
