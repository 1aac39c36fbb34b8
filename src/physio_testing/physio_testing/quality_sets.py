"""Small sets with judgements, written as the public ones are packed: an arm is raised, well or less well."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from physio_core.skeleton.layouts import KINECT_22, KINECT_25, Layout
from physio_core.types import FloatArray

PAIR = ("kimore_dev.npz", "index_dev.csv")
STANDING = {
    "spine_base": (0.0, 0.0), "spine_mid": (0.0, 0.3), "spine_shoulder": (0.0, 0.5), "neck": (0.0, 0.55),
    "upper_neck": (0.0, 0.6), "head": (0.0, 0.75), "head_base": (0.0, 0.65), "head_top": (0.0, 0.8),
    "collar": (0.1, 0.5), "shoulder": (0.2, 0.5), "elbow": (0.2, 0.25), "wrist": (0.2, 0.0), "hand": (0.2, -0.05),
    "hand_tip": (0.2, -0.1), "thumb": (0.18, -0.05),
    "hip": (0.1, 0.0), "knee": (0.1, -0.4), "ankle": (0.1, -0.8), "foot": (0.12, -0.82),
}  # fmt: skip
"""Across (to the person's left) and up [m]."""


def raising(layout: Layout, share: float, rng: np.random.Generator, side: str = "left", frames: int = 24) -> FloatArray:
    """An arm goes up sideways by a share of a right angle and comes down: (T, V, 3) [m], x to the person's left, y up, z away."""
    angle = share * np.pi / 2 * np.sin(np.linspace(0, np.pi, frames))
    points = np.zeros((frames, len(layout.joints), 3))
    for index, joint in enumerate(layout.joints):
        sign = -1.0 if joint.startswith("right_") else 1.0
        across, up = STANDING[joint.removeprefix("left_").removeprefix("right_")]
        points[:, index] = (sign * across, up, 2.0)
        if joint.startswith(side) and any(part in joint for part in ("elbow", "wrist", "hand", "thumb")):
            length = 0.5 - up
            points[:, index, 0] = sign * (0.2 + length * np.sin(angle))
            points[:, index, 1] = 0.5 - length * np.cos(angle)
    moved: FloatArray = points + rng.normal(0, 0.004, points.shape)
    return moved


def pack(folder: Path, names: tuple[str, str], takes: Sequence[FloatArray], header: str, rows: Sequence[str]) -> None:
    """Write arrays and index of a packed set, both named."""
    folder.mkdir(parents=True)
    offsets = np.cumsum([0, *map(len, takes)])
    frames = np.round(np.concatenate(takes) * 1000).astype(np.int16)
    np.savez(folder / names[0], frames=frames, offsets=offsets, scale_m=0.001)
    (folder / names[1]).write_text("\n".join([header, *rows]) + "\n")


def write_ui_prmd(folder: Path, people: int = 4, seed: int = 1) -> None:
    """Packed UI-PRMD below a folder: shoulder abduction, up to the level or, wrong, half as far."""
    rng, takes, rows = np.random.default_rng(seed), list[FloatArray](), list[str]()
    for subject in range(1, people + 1):
        for rep in range(1, 4):
            for correct in (1, 0):
                takes.append(raising(KINECT_22, 1.0 if correct else 0.6, rng) * (1, 1, -1))
                inc = "" if correct else "_inc"
                rows.append(f"m07_s{subject:02d}_e{rep:02d}_positions{inc}.txt.gz,7,{subject},{rep},{correct}")
    pack(folder / "ui_prmd", ("kinect_int16.npz", "kinect_index.csv"), takes, "file,movement,subject,rep,correct", rows)


def write_kimore(folder: Path, people: tuple[str, ...], names: tuple[str, str] = PAIR) -> None:
    """Packed KIMORE below a folder: two exercises of each person, the later the better, and one that nobody scored."""
    rng, takes, rows = np.random.default_rng(2), list[FloatArray](), list[str]()
    for number, person in enumerate(people):
        for exercise in (1, 2):
            share = 0.4 + 0.6 * number / max(len(people) - 1, 1)
            takes.append(raising(KINECT_25, share, rng) * (-1, 1, 1))
            rows.append(f"{person}_Es{exercise}.npy,{person},{exercise},{50 * share:.1f}")
    takes.append(raising(KINECT_25, 0.5, rng))
    rows.append("E_ID17_Es1.npy,E_ID17,1,")
    pack(folder / "kimore", names, takes, "file,subject,exercise,score_total", rows)
