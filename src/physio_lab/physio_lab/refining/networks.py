"""MediaPipe's palm detector and hand landmark network, opened up to the numbers before their last layers.

What is refined is the last layer of each (:mod:`physio_lab.refining.heads`): all before it stays as it ships, so a fit takes
seconds and a few hundred images are enough.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from physio_core.camera.crop import crop
from physio_core.errors import ConfigError
from physio_core.pose.blaze.detector import PALM, Detector
from physio_core.pose.blaze.hands import DEPTH_SCALE, LANDMARKS, PRESENCE, SIDE, palm_region
from physio_core.pose.blaze.regions import Region, whole
from physio_core.pose.network import FOLDER, REMEDY
from physio_core.runners.model_file import ModelFile, read_model_file
from physio_core.runners.runner import Runner, RunnerConfig, open_runner
from physio_core.share import shared_path
from physio_core.types import ByteImage, FloatArray

FINE, COARSE = "PRelu_866", "PRelu_788"
"""What the palm detector's last layers of stride 8 and 16 are given: (128, 24, 24) and (256, 12, 12)."""
BEFORE_LANDMARKS = "ReduceMean_548"
CELLS = 12
PALM_FEATURES, HAND_FEATURES = 384, 1152


@dataclass(frozen=True)
class Look:
    """What the landmark network says of a region.

    Attributes:
        marks: (21, 3) in sides of the region.
        presence: how sure it is of a hand [0..1].
        left: how sure it is of a left one [0..1].
        features: (1152,) before its last layer.
    """

    marks: FloatArray
    presence: float
    left: float
    features: FloatArray


class HandNetworks:
    """Both networks."""

    def __init__(self, config: RunnerConfig | None = None, least_score: float = 0.5) -> None:
        """Open them.

        Args:
            config: what runs them.
            least_score: from which the palm detector as it ships takes something for a palm.

        Raises:
            ModelError: a file is missing, truncated or of another version.
            ConfigError: ONNX is not installed.
        """
        config = config or RunnerConfig()
        self._detector = Detector(PALM, config, least_score)
        self._palms = _opened("palm_detection_full", config, (FINE, COARSE))
        self._hands = _opened("hand_landmark_full", config, (LANDMARKS, PRESENCE, SIDE, BEFORE_LANDMARKS))

    def palms(self, rgb: ByteImage, most: int) -> list[Region]:
        """Where the detector as it ships sees hands, the best first."""
        found = (palm_region(palm) for palm, _ in zip(self._detector.detect(rgb), range(most), strict=False))
        return [region for region in found if region.usable]

    def cells(self, rgb: ByteImage) -> FloatArray:
        """(12, 12, 384) of the square around an image: what the detector knows of each part of it."""
        made = self._run(self._palms, crop(rgb, whole(rgb.shape[1], rgb.shape[0]).to_image(192), 192, black_outside=True))
        fine, coarse = made[FINE][0], made[COARSE][0]
        strongest = fine.reshape(len(fine), CELLS, 2, CELLS, 2).max((2, 4))
        return np.asarray(np.concatenate([coarse, strongest]).transpose(1, 2, 0))

    def look(self, rgb: ByteImage, region: Region, mirrored: bool = False) -> Look:
        """Look at a region; ``mirrored``: at its mirror image, told as it lies in the image."""
        image = crop(rgb, region.to_image(224), 224, black_outside=False)
        made = self._run(self._hands, np.ascontiguousarray(image[:, ::-1]) if mirrored else image)
        marks = made[LANDMARKS].reshape(21, 3).astype(np.float64) / 224.0
        marks[:, 2] /= DEPTH_SCALE
        left = float(np.clip(made[SIDE].item(), 0.0, 1.0))
        look = Look(marks, float(made[PRESENCE].item()), left, made[BEFORE_LANDMARKS].reshape(-1))
        return unmirrored(look) if mirrored else look

    @staticmethod
    def _run(runner: Runner, image: ByteImage) -> dict[str, FloatArray]:
        name = next(iter(runner.inputs))
        return runner.run({name: image[None].astype(np.float32) / np.float32(255.0)})


def unmirrored(look: Look) -> Look:
    """What was said of a mirror image, as it is in the image."""
    marks = look.marks * [-1.0, 1.0, 1.0] + [1.0, 0.0, 0.0]
    return replace(look, marks=marks, left=1.0 - look.left)


def in_image(region: Region, marks: FloatArray) -> FloatArray:
    """Marks (21, 3) of a region as points in the image, depth too [px]."""
    return np.column_stack([region.project(marks[:, :2]), marks[:, 2] * region.side_px])


def in_region(region: Region, points: FloatArray) -> FloatArray:
    """The way back of :func:`in_image`."""
    matrix = region.to_image()
    places = (points[:, :2] - matrix[:, 2]) @ np.linalg.inv(matrix[:, :2]).T
    return np.column_stack([places, points[:, 2] / region.side_px])


def _opened(name: str, config: RunnerConfig, outputs: Sequence[str]) -> Runner:
    """A model file with numbers from its middle as outputs besides its own."""
    try:
        import onnx
    except ModuleNotFoundError:
        raise ConfigError("refinement needs onnx, which comes with the laboratory: scripts/setup --training") from None
    file = read_model_file(shared_path("models", FOLDER) / f"{name}.onnx", remedy=REMEDY)
    model = onnx.load_model_from_string(file.content)
    there = {output.name for output in model.graph.output}
    model.graph.output.extend(onnx.helper.make_empty_tensor_value_info(one) for one in outputs if one not in there)
    return open_runner(ModelFile(file.path, model.SerializeToString()), config, outputs=outputs)
