"""Sets of hand images with joints in space, as the field stores them: FreiHAND (Zimmermann et al. 2019) and HanCo (2021).

Both have joints in the order of ``hand_21``, in metres, in the axes of the camera (HanCo's once brought there). Who may not be
torn apart is in :attr:`HandSample.group`: the same moment seen by several cameras is one group, whatever the number of images.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from physio_core.errors import InputError
from physio_core.files import write_json
from physio_core.skeleton.layouts import HAND_21
from physio_core.types import FloatArray

_WRIST, _MIDDLE = HAND_21.index("wrist"), HAND_21.index("middle_mcp")
_FREIHAND = ("training_xyz.json", "training_K.json")
GROUPS = "training_groups.json"
"""Who each pose of a set of our own is by; FreiHAND itself does not tell, so there each pose is its own group."""
PICTURES = ("rgb_merged", "rgb")
"""Folders of HanCo's images, the first that there is: with other backgrounds, or as they were taken."""


@dataclass(frozen=True)
class HandSample:
    """One image of one hand.

    Attributes:
        image: its file.
        points_m: (21, 3) in the camera's axes [m].
        camera: (3, 3) of the pinhole [px].
        group: of person or sequence.
        view: which camera.
    """

    image: Path
    points_m: FloatArray
    camera: FloatArray
    group: str
    view: str = ""

    @property
    def points_px(self) -> FloatArray:
        """(21, 2) in the image [px]."""
        seen: FloatArray = self.points_m @ self.camera.T
        return np.asarray(seen[:, :2] / seen[:, 2:])

    @property
    def target(self) -> FloatArray:
        """(21, 3) from the wrist, in lengths from the wrist to the middle knuckle."""
        return normalised(self.points_m)


def normalised(points_m: FloatArray) -> FloatArray:
    """Points (..., 21, 3) from the wrist, in lengths from the wrist to the middle knuckle."""
    from_wrist = points_m - points_m[..., [_WRIST], :]
    size = np.linalg.norm(from_wrist[..., _MIDDLE, :], axis=-1)[..., None, None]
    return np.asarray(from_wrist / np.maximum(size, 1e-9))


def read_freihand(folder: Path) -> Iterator[HandSample]:
    """The training part of FreiHAND, or of a set in its form; images repeat the poses with other backgrounds.

    Raises:
        InputError: files are missing, damaged or disagree.
    """
    points, cameras = (np.array(_json(folder / name), float) for name in _FREIHAND)
    if points.ndim != 3 or points.shape[1:] != (21, 3) or cameras.shape != (len(points), 3, 3):
        raise InputError(f"{folder}: joints of shape {points.shape}, cameras {cameras.shape}; need (N, 21, 3) and (N, 3, 3)")
    groups = _json(folder / GROUPS) if (folder / GROUPS).exists() else list(range(len(points)))
    images = sorted((folder / "training" / "rgb").glob("*.jpg"))
    if not images or len(images) % len(points) or len(groups) != len(points):
        raise InputError(f"{folder}: {len(images)} images and {len(groups)} groups of {len(points)} poses")
    for number, image in enumerate(images):
        pose = number % len(points)
        yield HandSample(image, points[pose], cameras[pose], str(groups[pose]))


def write_freihand(folder: Path, points_m: Sequence[FloatArray], cameras: Sequence[FloatArray], groups: Sequence[str]) -> None:
    """What belongs beside images ``training/rgb/00000000.jpg`` ..., in their order.

    Raises:
        OutputError: it cannot be written.
    """
    for name, values in zip(_FREIHAND, (points_m, cameras), strict=True):
        write_json(folder / name, [np.round(one, 6).tolist() for one in values])
    write_json(folder / GROUPS, list(groups))


def read_hanco(folder: Path) -> Iterator[HandSample]:
    """HanCo: ``xyz/ID/FRAME.json`` in the world, ``calib/ID/FRAME.json`` with ``K`` and ``M`` (world to camera) of every camera.

    The group is the sequence. Frames without joints, and cameras without an image, are left out.

    Raises:
        InputError: there is no such set, or a file is damaged.
    """
    pictures = next((folder / name for name in PICTURES if (folder / name).is_dir()), None)
    if pictures is None or not (folder / "xyz").is_dir():
        raise InputError(f"{folder} is not HanCo: it has no folder xyz, or none of {', '.join(PICTURES)}")
    for file in sorted((folder / "xyz").glob("*/*.json")):
        sequence, frame = file.parent.name, file.stem
        points, calibration = np.array(_json(file), float), _json(folder / "calib" / sequence / file.name)
        if points.shape != (21, 3):
            raise InputError(f"{file}: joints of shape {points.shape}; need (21, 3)")
        for number, (camera, to_camera) in enumerate(zip(calibration["K"], calibration["M"], strict=True)):
            image = pictures / sequence / f"cam{number}" / f"{frame}.jpg"
            if image.exists() and np.isfinite(points).all():
                moved = np.array(to_camera, float)
                seen = points @ moved[:3, :3].T + moved[:3, 3]
                yield HandSample(image, seen, np.array(camera, float), sequence, f"cam{number}")


def split_by(samples: Sequence[HandSample], held_out: float, seed: int = 0) -> tuple[list[HandSample], list[HandSample]]:
    """Samples to learn from and samples apart, whole groups each.

    Raises:
        InputError: fewer than two groups.
    """
    groups = sorted({sample.group for sample in samples})
    if len(groups) < 2:
        raise InputError(f"{len(groups)} group of hands; to keep some apart at least two are needed")
    count = min(max(1, round(held_out * len(groups))), len(groups) - 1)
    apart = set(np.random.default_rng(seed).permutation(groups)[:count].tolist())
    return [one for one in samples if one.group not in apart], [one for one in samples if one.group in apart]


def _json(path: Path) -> Any:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise InputError(f"{path} cannot be read: {error}") from error
