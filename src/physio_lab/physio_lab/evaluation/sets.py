"""Labelled sets of skeleton files as cases: joints marked by people in place of camera and pose estimator."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np

from physio_core.action.recogniser import RecogniserConfig
from physio_core.errors import InputError
from physio_core.skeleton.layouts import layout_named
from physio_core.types import UNKNOWN, FloatArray
from physio_lab.datasets.public import read_penn
from physio_lab.datasets.sequence import SkeletonSequence, forth_and_back, in_layout
from physio_lab.evaluation.evaluate import Case, Setup
from physio_lab.evaluation.index import Clip
from physio_lab.evaluation.verdict import ClipConfig

SETS = ("penn",)
SPLITS = ("train", "test", "all")
PENN_LABELS = {"squat": "squat", "pushup": "push_up", "pullup": "pull_up", "jumping_jacks": "jumping_jack"}
"""Penn Action's actions that are exercises here; its eleven others are unknown."""

GUESSED = 0.4
"""Confidence of a joint that people marked as hidden; MediaPipe gives the far side of a push-up 0.24 to 0.42."""

TRIMMED = Setup(
    "",
    RecogniserConfig(min_time_s=0.3, smooth_s=0.1, name_above=0.4, keep_above=0.3, needs=()),
    ClipConfig(least_s=0.0, least_share=0.5),
)
"""For clips cut to one action, half of them shorter than two seconds and all jumping jacks about one: speak early, smooth little;
the exercise named for at least half of what was said counts. People mark a joint as hidden that is in the picture, so none is
needed. Chosen on a fifth of Penn Action's training split."""

REPEAT_S = 8.0
"""Such clips are played forth and back for so long, because one repetition of a second is no stream [s]."""


def folded(confusion: dict[str, dict[str, int]]) -> dict[str, float]:
    """Accuracy and balanced accuracy when exercises that the set does not have count as unknown."""
    present = {truth: row for truth, row in confusion.items() if sum(row.values())}
    right = {truth: row[truth] for truth, row in present.items()}
    if UNKNOWN in present:
        right[UNKNOWN] += sum(count for named, count in present[UNKNOWN].items() if named not in present and named != "failed")
    totals = {truth: sum(row.values()) for truth, row in present.items()}
    return {
        "accuracy": sum(right.values()) / max(1, sum(totals.values())),
        "balanced_accuracy": sum(right[truth] / totals[truth] for truth in present) / max(1, len(present)),
    }


def read_set(name: str, folder: Path, split: str, layout: str, repeat_s: float = 0.0) -> list[Case]:
    """The clips of a set with their joints in a model's order.

    Args:
        name: one of :data:`SETS`.
        folder: holds the set's files.
        split: one of :data:`SPLITS`.
        layout: joint order of the model.
        repeat_s: clips that are shorter are played forth and back until they last so long [s]; 0: they are not.

    Raises:
        InputError: no file of that split there, or a damaged one.
        ConfigError: the set cannot be given in that joint order.
    """
    cases = []
    for sequence in read_penn(folder, "" if split == "all" else split):
        clip = Clip(folder / f"{sequence.name}.mat", PENN_LABELS.get(sequence.label, UNKNOWN), "", "", sequence.label)
        cases.append(Case(clip, forth_and_back(in_layout(guessed(sequence), layout), repeat_s), marked=True))
    if not cases:
        raise InputError(f"{folder} holds no clip of the split {split!r} of {name}; try --split all")
    return cases


def guessed(sequence: SkeletonSequence, confidence: float = GUESSED) -> SkeletonSequence:
    """Hidden joints where an estimator would guess them: moving along with the same joint of the other side.

    Only what came before is used: the joint is held as far from its partner as it last was, or at its last place while the
    partner is hidden too; one that was never seen is taken to be behind its partner. Else it stays missing.
    """
    mirror = layout_named(sequence.layout).mirror
    points, sure = sequence.points.copy(), sequence.confidence.copy()
    apart: FloatArray = np.zeros_like(points[:, 0])
    last: FloatArray = np.full_like(points[:, 0], np.nan)
    for now in range(points.shape[1]):
        seen = sequence.confidence[:, now] > 0
        both = seen & seen[:, mirror]
        place = points[:, now].copy()
        apart[both] = (place - place[:, mirror])[both]
        last[seen] = place[seen]
        guess = np.where(seen[:, mirror, None], place[:, mirror] + apart, last)
        known = ~seen & np.isfinite(guess).all(-1)
        points[:, now][known], sure[:, now][known] = guess[known], confidence
        last[known] = guess[known]
    return replace(sequence, points=points, confidence=sure)
