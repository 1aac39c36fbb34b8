"""The same clips as cameras of other rates would have given them, with and without true time stamps.

The thesis (section 7.4) trained at 30 images a second and took every image to be a thirtieth of a second after the last: 82.86 %
right at 30, 67.14 % when a slow camera gave 9, and 84.29 % when each of those 9 images was shown three times, "27".
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from physio_lab.datasets.sequence import taken
from physio_lab.evaluation.evaluate import Case, Setup, figures, judge_all

RATE_HZ = 30.0
THESIS = {"30": 0.8286, "27: 9, each three times": 0.8429, "9": 0.6714}
"""Table 7.13: 70 clips of seven classes, filmed by its authors."""


@dataclass(frozen=True)
class Rate:
    """A camera: its rate [Hz], and how many times each of its images is shown."""

    name: str
    rate_hz: float
    repeats: int = 1


RATES = (Rate("30", 30.0), Rate("27: 9, each three times", 9.0, repeats=3), Rate("15", 15.0), Rate("9", 9.0))
RUNS = 2 * len(RATES)
"""Passes over the clips that :func:`rate_table` makes."""


def as_camera(case: Case, rate: Rate, stamps: bool) -> Case:
    """A clip as that camera would have given it.

    Args:
        case: the clip with every image.
        rate: the camera.
        stamps: images carry the time at which they were taken, so copies are seen to be copies and left out. Without, as in
            the thesis, every image counts as taken a thirtieth of a second after the last; the verdict still counts true seconds.
    """
    sequence = case.sequence
    if sequence is None:
        return case
    times_s, picked = _picked(sequence.stamps_s, rate)
    if stamps:
        return replace(case, sequence=taken(sequence, np.unique(picked)))
    chosen = taken(sequence, picked, np.arange(len(picked)) / RATE_HZ)
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
    """When each image is shown [s], and which image of the clip it is: the newest when the camera took it."""
    count = int((stamps_s[-1] - stamps_s[0] + 1e-6) * rate.rate_hz) + 1
    taken_s = stamps_s[0] + np.arange(count) / rate.rate_hz
    picked = np.searchsorted(stamps_s, taken_s + 1e-6, side="right") - 1
    shown_s = stamps_s[0] + np.arange(count * rate.repeats) / (rate.rate_hz * rate.repeats)
    return shown_s, np.repeat(picked, rate.repeats).astype(np.intp)
