"""From a video to its skeletons with feet and in space, once: what angles and repetitions are measured on.

Sets and the recogniser need neither, so :mod:`physio_lab.evaluation.watch` keeps sequences of 18 joints in the image. As there,
what the estimator says is kept raw, and a cache folder holds skeletons only, never pictures.
"""

from __future__ import annotations

import zipfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from physio_core.camera.video import read_video
from physio_core.errors import SkeletonError
from physio_core.files import write_bytes
from physio_core.skeleton.layouts import BODY_25
from physio_core.types import Skeleton, Tracking
from physio_lab.datasets.files import npz_bytes
from physio_lab.evaluation.watch import estimate_images, key_of

FIELDS = ("points", "confidence", "world_m", "stamps_s", "status", "size_px")


def skeletons_of(path: Path, cache: Path | None = None) -> list[Skeleton]:
    """The skeleton of each image of a video in the order of ``body_25``, as the estimator gives it.

    Args:
        path: video.
        cache: folder in which skeletons are kept and looked for; None: nowhere.

    Raises:
        SourceError: not a video.
        EstimatorError: the estimator failed on more than a few images.
        ConfigError: the cache cannot be written.
    """
    kept = cache / f"{path.stem}_{key_of(path, 0.0)}_{BODY_25.name}.npz" if cache else None
    if kept and kept.is_file() and (found := _load(kept)):
        return found
    found = estimate_images(path, read_video(path), BODY_25)
    if kept:
        write_bytes(kept, npz_bytes(**_arrays(found)))
    return found


def _arrays(found: Sequence[Skeleton]) -> dict[str, npt.NDArray[Any]]:
    count = len(BODY_25.joints)
    points, world_m = (np.zeros((len(found), count, 3), np.float32) for _ in range(2))
    confidence = np.zeros((len(found), count), np.float32)
    for index, skeleton in enumerate(found):
        if skeleton.tracked:
            points[index], confidence[index], world_m[index] = skeleton.points, skeleton.confidence, skeleton.world_m
    stamps_s = np.array([skeleton.stamp_s for skeleton in found])
    status = np.array([skeleton.status.value for skeleton in found], np.uint8)
    size_px = np.array([found[0].width_px, found[0].height_px])
    return dict(zip(FIELDS, (points, confidence, world_m, stamps_s, status, size_px), strict=True))


def _load(path: Path) -> list[Skeleton]:
    """What was kept; empty when it cannot be read, so that it is made again."""
    try:
        with path.open("rb") as file, np.load(file) as data:
            points, confidence, world_m, stamps_s, status, size_px = (data[field] for field in FIELDS)
        width_px, height_px = (int(value) for value in size_px)
        rows = zip(stamps_s, status, points, confidence, world_m, strict=True)
        found = []
        for stamp_s, what, place, sure, in_space in rows:
            nobody = Skeleton(float(stamp_s), Tracking(int(what)), BODY_25.name, width_px=width_px, height_px=height_px)
            seen = {"points": place, "confidence": sure, "world_m": in_space} if nobody.tracked else {}
            found.append(replace(nobody, **seen))
        return found
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile, SkeletonError):
        return []
