"""Ours and MediaPipe's on real pictures of hands, where nobody knows the truth: how far they are from each other.

Where the folder holds what another network said of the same pictures (``landmarks_of_authors_network.json``: joints from the
wrist, in lengths from the wrist to the middle knuckle), both are held against that as well.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from physio_core.camera.image import read_image
from physio_core.csv_table import read_table
from physio_core.errors import InputError
from physio_core.pose.blaze.hands import hand_region
from physio_core.pose.blaze.regions import Region
from physio_core.types import ByteImage, FloatArray
from physio_lab.landmarks.compare import MEDIAPIPE, OURS
from physio_lab.landmarks.network import LandmarkNetwork
from physio_lab.refining.networks import HandNetworks

INDEX = "index.csv"
EVERY = 3
"""Pictures from one that is looked at to the next: those of a recording are nearly the same."""
AUTHORS = "landmarks_of_authors_network.json"
"""Another network's joints of the same pictures."""


def pictures(folder: Path) -> list[str]:
    """Those of a folder that are looked at; errors as :func:`agreement`."""
    return [row.cells["file"] for row in read_table(folder / INDEX, ("file",)).rows][::EVERY]


def read_of(folder: Path) -> list[Path]:
    """The files that :func:`agreement` reads; errors as there."""
    return [folder / INDEX, folder / AUTHORS, *(folder / "images" / name for name in pictures(folder))]


def agreement(folder: Path, model: Path | None = None, tell: Callable[[], None] = lambda: None) -> dict[str, Any]:
    """Distances of landmarks, in the picture and in space, in % of the palm from the wrist to the middle knuckle.

    Raises:
        InputError: no index, or no hand in any picture.
        ModelError: a network cannot be read.
    """
    detector, ours, mediapipe = HandNetworks(), LandmarkNetwork(folder=model), LandmarkNetwork(own=False)
    names = pictures(folder)
    authors = json.loads((folder / AUTHORS).read_text(encoding="utf-8")) if (folder / AUTHORS).is_file() else {}
    away: dict[str, list[FloatArray]] = {}
    seen = 0
    for name in names:
        rgb = read_image(folder / "images" / name)
        tell()
        if not (palms := detector.palms(rgb, 1)):
            continue
        seen += 1
        places, joints = {}, {}
        for called, network in ((OURS, ours), (MEDIAPIPE, mediapipe)):
            places[called], joints[called] = _followed(network, rgb, palms[0])
        palm_px = float(np.linalg.norm(places[MEDIAPIPE][9] - places[MEDIAPIPE][0]))
        apart = np.linalg.norm(places[OURS] - places[MEDIAPIPE], axis=1) / palm_px
        away.setdefault(f"{OURS} from {MEDIAPIPE}, in the picture", []).append(apart)
        apart = np.linalg.norm(joints[OURS] - joints[MEDIAPIPE], axis=1)[1:]
        away.setdefault(f"{OURS} from {MEDIAPIPE}, in space", []).append(apart)
        for called in (OURS, MEDIAPIPE) if name in authors else ():
            apart = np.linalg.norm(joints[called] - np.array(authors[name], float).reshape(21, 3), axis=1)[1:]
            away.setdefault(f"{called} from the recorder's own network, in space", []).append(apart)
    if not seen:
        raise InputError(f"{folder}: no hand is seen in {len(names)} pictures")
    return {
        "folder": folder.name, "looked_at": len(names), "seen": seen,
        "distances": {name: _summary(np.array(one)) for name, one in away.items()},
    }  # fmt: skip


def _followed(network: LandmarkNetwork, rgb: ByteImage, palm: Region) -> tuple[FloatArray, FloatArray]:
    """Places (21, 2) [px] and joints (21, 3) after a look at a palm's region and one at the hand's."""
    told = network.look(rgb, palm)
    after = hand_region(palm.project(told.marks[:, :2]))
    region = after if after.usable else palm
    told = network.look(rgb, region)
    return region.project(told.marks[:, :2]), region.turn(told.joints)


def _summary(shares: FloatArray) -> dict[str, Any]:
    percent = 100.0 * shares
    return {
        "pictures": len(percent), "mean_percent": float(percent.mean()), "median_percent": float(np.median(percent)),
        "p95_percent": float(np.quantile(percent, 0.95)),
    }  # fmt: skip
