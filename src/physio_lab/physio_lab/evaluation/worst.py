"""The clips that went most wrong, as moving skeletons, where they went wrong."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from itertools import groupby
from pathlib import Path

import numpy as np

from physio_core.types import Prediction
from physio_lab.datasets.sequence import SkeletonSequence, taken
from physio_lab.evaluation.clip_label import stood_s
from physio_lab.evaluation.evaluate import Case, Outcome
from physio_lab.evaluation.tables import times

WORST = 6
SHOWN_S = 6.0


def worst_clips(cases: Sequence[Case], outcomes: Sequence[Outcome]) -> list[tuple[str, bytes]]:
    """(what went wrong, GIF) of the clips that went most wrong: wrong names first, for longest.

    Raises:
        ConfigError: pictures need a library that is not installed.
    """
    from physio_lab.plot.animation import skeleton_gif

    pairs = [(case.sequence, one) for case, one in zip(cases, outcomes, strict=True) if not one.right]
    ran = [(sequence, one, one.summary) for sequence, one in pairs if sequence and one.summary]
    found = []
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "clip.gif")
        for sequence, one, summary in sorted(ran, key=lambda clip: -clip[2].wrong_share(clip[1].truth))[:WORST]:
            part = wrong_part(sequence, one)
            skeleton_gif(path, part, size_px=200, fps=8.0)
            from_s = part.stamps_s[0] - sequence.stamps_s[0]
            said = f"{one.clip.path.name}: {one.truth}, named {one.named} ({times(summary.named_s)} s)"
            found.append((f"{said}; from {from_s:.1f} s on", path.read_bytes()))
    return found


def wrong_part(sequence: SkeletonSequence, one: Outcome) -> SkeletonSequence:
    """The images round the longest stretch in which a clip was called what it was wrongly called."""
    stamps_s = sequence.stamps_s
    begin_s, end_s = _longest(one.named, one.run.predictions if one.run else ()) or (stamps_s[0], stamps_s[0])
    latest_s = max(stamps_s[0], stamps_s[-1] - SHOWN_S)
    first = np.searchsorted(stamps_s, np.clip((begin_s + end_s - SHOWN_S) / 2.0, stamps_s[0], latest_s))
    keep = (stamps_s >= stamps_s[first]) & (stamps_s <= stamps_s[first] + SHOWN_S)
    return taken(sequence, np.flatnonzero(keep))


def _longest(label: str, predictions: Sequence[Prediction]) -> tuple[float, float] | None:
    """Begin and end of the longest stretch in which a label was said [s]; None: it was not."""
    windows = zip(predictions, stood_s(predictions), strict=True)
    runs = [list(run) for said, run in groupby(windows, key=lambda window: window[0].label == label) if said]
    stretches = [(run[0][0].stamp_s, run[-1][0].stamp_s + run[-1][1]) for run in runs]
    return max(stretches, key=lambda stretch: stretch[1] - stretch[0], default=None)
