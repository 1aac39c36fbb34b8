"""Networks that say where the joints of a hand are, asked in a cut-out as the runtime asks them in an image."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from physio_core.camera.crop import crop
from physio_core.errors import InputError
from physio_core.pose.blaze.hands import (
    DEPTH_SCALE,
    LANDMARKS,
    OWN_FILE,
    OWN_FOLDER,
    SPACE,
    hand_region,
    mirrored,
    mirrored_marks,
)
from physio_core.pose.blaze.regions import Region, whole
from physio_core.pose.network import FOLDER, Network
from physio_core.runners.runner import RunnerConfig
from physio_core.types import ByteImage, FloatArray
from physio_lab.datasets.hand_sets import normalised
from physio_lab.landmarks.regions import Told, in_cut_out

SIZE_PX = 224


class LandmarkNetwork:
    """MediaPipe's network, or ours, which has the same inputs and outputs."""

    def __init__(self, own: bool = True, folder: Path | None = None, config: RunnerConfig | None = None) -> None:
        """Open it.

        Args:
            own: ours, else MediaPipe's.
            folder: another model folder of ours.
            config: what runs it.

        Raises:
            ModelError: a file is missing or damaged.
            RunnerUnavailable: the runner cannot be used here.
        """
        name, place = (OWN_FILE, folder or OWN_FOLDER) if own else ("hand_landmark_full", FOLDER)
        self._own = own
        self._network = Network(name, config or RunnerConfig(), (LANDMARKS, SPACE), folder=place)

    def look(self, rgb: ByteImage, region: Region) -> Told:
        """What it says of a region of an image (H, W, 3); ours as the mean of the region and its mirror image, as in the coach.

        MediaPipe's joints are its landmarks with their depth: those that it gives in space are further from the truth.

        Raises:
            RunnerError: the network failed.
        """
        shown = crop(rgb, region.to_image(SIZE_PX), SIZE_PX, black_outside=False)
        made = self._network.run(shown)
        marks, space = (made[name].reshape(21, 3).astype(np.float64) for name in (LANDMARKS, SPACE))
        marks /= SIZE_PX
        if self._own:
            over = self._network.run(mirrored(shown))
            marks = (marks + mirrored_marks(over[LANDMARKS], SIZE_PX)) / 2.0
            space = (space + over[SPACE].reshape(21, 3) * [-1.0, 1.0, 1.0]) / 2.0
        marks[:, 2] /= DEPTH_SCALE
        return Told(marks, space - space[:1] if self._own else normalised(marks))

    def followed(self, rgb: ByteImage, looks: int = 2) -> tuple[Region, Told]:
        """Of a cut-out (224, 224, 3): looked at whole, then in the region that the look before gives, as from image to image.

        Returns:
            The last region and what was said in it.

        Raises:
            InputError: an image of another size or kind.
            RunnerError: the network failed.
        """
        check_cut_out(rgb)
        region = whole(SIZE_PX, SIZE_PX)
        told = self.look(rgb, region)
        for _ in range(looks - 1):
            after = hand_region(region.project(told.marks[:, :2]))
            region = after if after.usable else region
            told = self.look(rgb, region)
        return region, told

    def joints(self, rgb: ByteImage, looks: int = 2) -> FloatArray:
        """(21, 3) of a cut-out from the wrist, in lengths from the wrist to the middle knuckle; errors as above."""
        return in_cut_out(*self.followed(rgb, looks), SIZE_PX).joints


def check_cut_out(rgb: ByteImage) -> None:
    """Refuse what is no cut-out.

    Raises:
        InputError: an image of another size or kind.
    """
    if rgb.shape != (SIZE_PX, SIZE_PX, 3) or rgb.dtype != np.uint8:
        raise InputError(f"an image of {rgb.shape} {rgb.dtype}; the network takes ({SIZE_PX}, {SIZE_PX}, 3) uint8")
