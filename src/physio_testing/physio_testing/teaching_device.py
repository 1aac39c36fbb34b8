"""Small sets in the format of the teaching device's recordings, drawn by an arm that is known."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from physio_core.trajectories.arm import load_arm
from physio_core.trajectories.trajectory import Side
from physio_core.trajectories.types import ideal
from physio_lab.datasets.u30a import JOINTS, LESS_DEG, PLACE

REACH_M = 0.69
STEP_MS = 100


def told(kind: str = "clock_b", side: Side = "left", count: int = 60, size: float = 1.0) -> tuple[Any, Any]:
    """What the device tells of an ideal path: joints (n, 4) in its whole degrees, and places (n, 3) in whole millimetres."""
    arm = load_arm("device", side)
    path = arm.follow(ideal(kind, REACH_M * size, side, count))
    joints = np.round(np.degrees(np.asarray(path.angles_rad)) + LESS_DEG).astype(int)
    return joints, np.round(path.positions_m * 1000.0).astype(int)


def write_packed(
    folder: Path, name: str, participants: Sequence[str], kinds: Sequence[str], standing: bool = False, size: float = 1.0
) -> None:
    """Write ``u30a_NAME.npz`` and ``index_NAME.csv``: each kind by each participant; ``standing``: the first stands still."""
    columns = [*JOINTS, *PLACE]
    tables: list[Any] = []
    clocks: list[Any] = []
    offsets, rows = [0], list[dict[str, object]]()
    for number, person in enumerate(participants):
        for kind in kinds:
            side: Side = "left" if person.startswith("l_") else "right"
            joints, places = told(kind, side, size=size - 0.03 * number)
            places = places * 0 + 300 if standing and not rows else places
            tables.append(np.column_stack([joints, places]).astype(np.int16))
            clocks.append(np.column_stack([np.arange(len(joints)), 7000 + STEP_MS * np.arange(len(joints))]))
            offsets.append(offsets[-1] + len(joints))
            file = f"{kind}_{name}_{number}.txt"
            rows.append({"file": file, "type": kind, "side": side, "participant": person, "frame_yaw_deg": 0.0})
    np.savez(
        folder / f"u30a_{name}.npz", values=np.concatenate(tables), clock=np.concatenate(clocks), offsets=np.array(offsets),
        columns=np.array(columns), clock_columns=np.array(["sequence", "timestamp_ms"]),
    )  # fmt: skip
    with (folder / f"index_{name}.csv").open("w", newline="", encoding="utf-8") as file_:
        table = csv.DictWriter(file_, list(rows[0]))
        table.writeheader()
        table.writerows(rows)
