"""The same clips as cameras of other rates would have given them, with and without true time stamps.

The thesis trained at 30 images a second and took every image to be a thirtieth of a second after the last: 82.9 % right at 30,
84.3 % at 27 with every tenth image replaced by a copy of the one before, 67.1 % at 9.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from physio_core.datasets.sequence import SkeletonSequence
from physio_core.evaluation.evaluate import Case, Setup, figures, judge_all

RATE_HZ = 30.0
THESIS = {"30": 0.829, "27 by copying": 0.843, "9": 0.671}


@dataclass(frozen=True)
class Rate:
    """A camera: its rate [Hz], and whether every tenth image is a copy of the one before."""

    name: str
    rate_hz: float
    copies: bool = False


RATES = (Rate("30", 30.0), Rate("27 by copying", 30.0, copies=True), Rate("15", 15.0), Rate("9", 9.0))
RUNS = 2 * len(RATES)
"""Passes over the clips that :func:`rate_table` makes."""


def as_camera(case: Case, rate: Rate, stamps: bool) -> Case:
    """A clip as that camera would have given it.

    Args:
        case: the clip with every image.
        rate: the camera.
        stamps: images carry the time at which they were taken, and copies are seen to be copies. Without, as in the thesis,
            every image counts as taken a thirtieth of a second after the last; the verdict still counts true seconds.
    """
    sequence = case.sequence
    if sequence is None:
        return case
    times_s, picked = _picked(sequence.stamps_s, rate)
    if stamps:
        return replace(case, sequence=_chosen(sequence, np.unique(picked)))
    chosen = _chosen(sequence, picked, np.arange(len(picked)) / RATE_HZ)
    return replace(case, sequence=chosen, stamps_s=times_s)


def rate_table(
    cases: Sequence[Case], setup: Setup, labels: Sequence[str], workers: int = 1, tell: Callable[[], None] | None = None
) -> list[dict[str, float | str | None]]:
    """Accuracy at each of :data:`RATES`: ``rate``, ``with_stamps``, ``without_stamps``, ``thesis`` (None: not measured)."""
    rows: list[dict[str, float | str | None]] = []
    for rate in RATES:
        row: dict[str, float | str | None] = {"rate": rate.name, "thesis": THESIS.get(rate.name)}
        for name, stamps in (("with_stamps", True), ("without_stamps", False)):
            outcomes = judge_all([as_camera(case, rate, stamps) for case in cases], setup, workers)
            row[name] = figures(outcomes, labels)["accuracy"]
            if tell:
                tell()
        rows.append(row)
    return rows


def _picked(stamps_s: npt.NDArray[np.float64], rate: Rate) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.intp]]:
    """When the camera's images are taken [s], and which image of the clip each one is: the newest so far."""
    count = int((stamps_s[-1] - stamps_s[0] + 1e-6) * rate.rate_hz) + 1
    times_s = stamps_s[0] + np.arange(count) / rate.rate_hz
    picked = np.searchsorted(stamps_s, times_s + 1e-6, side="right") - 1
    if rate.copies:
        picked[9::10] = picked[8::10][: len(picked[9::10])]
    return times_s, picked.astype(np.intp)


def _chosen(
    sequence: SkeletonSequence, picked: npt.NDArray[np.intp], stamps_s: npt.NDArray[np.float64] | None = None
) -> SkeletonSequence:
    return replace(
        sequence,
        points=sequence.points[:, picked],
        confidence=sequence.confidence[:, picked],
        stamps_s=sequence.stamps_s[picked] if stamps_s is None else stamps_s,
    )
