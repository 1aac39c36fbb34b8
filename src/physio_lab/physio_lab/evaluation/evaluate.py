"""Runs the whole pipeline over labelled clips, without ROS: decode, estimate, recognise, count."""

from __future__ import annotations

import functools
import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from physio_core.action.model import Model, load_model
from physio_core.action.recogniser import RecogniserConfig
from physio_core.errors import EstimatorError, InputError, SourceError
from physio_core.pose.estimator import PoseConfig
from physio_core.types import UNKNOWN
from physio_lab.datasets.parallel import Lost
from physio_lab.datasets.sequence import SkeletonSequence
from physio_lab.datasets.split import Tag
from physio_lab.evaluation.clip_label import ClipConfig, ClipSummary, summarise
from physio_lab.evaluation.grouped import intervals
from physio_lab.evaluation.index import Clip, known_as
from physio_lab.evaluation.spread import spread
from physio_lab.evaluation.stream import Run, recognise
from physio_lab.evaluation.watch import REFERENCE_POSE, annotated, estimate, tracked
from physio_lab.reports.confusion import Confusion

BROKEN = (SourceError, EstimatorError, InputError)
"""What a clip can be to blame for; anything else would affect every clip, and ends the run."""


@dataclass(frozen=True)
class Setup:
    """What recognises, and how a clip is called."""

    model: str = ""
    recogniser: RecogniserConfig = field(default_factory=RecogniserConfig)
    clip: ClipConfig = field(default_factory=ClipConfig)


@dataclass(frozen=True)
class Case:
    """A clip and its joints.

    Attributes:
        clip: row of the index.
        sequence: joints in each image; None: they could not be had.
        error: why not.
        marked: joints were marked by people: neither lock nor smoothing.
        stamps_s: when the images were really taken [s], where the sequence pretends something else.
        note: what is odd about the file although its joints could be had.
    """

    clip: Clip
    sequence: SkeletonSequence | None
    error: str = ""
    marked: bool = False
    stamps_s: npt.NDArray[np.float64] | None = None
    note: str = ""


@dataclass(frozen=True)
class Outcome:
    """What came of a clip: a summary, or why there is none; and what is odd about its file."""

    clip: Clip
    truth: str
    summary: ClipSummary | None
    error: str = ""
    run: Run | None = None
    note: str = ""

    @property
    def named(self) -> str:
        """Label given; nothing for a clip that could not be run."""
        return self.summary.label if self.summary else ""

    @property
    def right(self) -> bool:
        """Whether the label is the true one."""
        return self.named == self.truth


def watch(clip: Clip, fps: float = 0.0, cache: Path | None = None, pose: PoseConfig = REFERENCE_POSE) -> Case:
    """The joints of a video; a broken one gives a case with an error.

    Raises:
        ConfigError: the cache cannot be written.
        ModelError: the estimator's model cannot be used.
    """
    notes: list[str] = []
    try:
        sequence = estimate(clip.path, fps, cache, notes, pose)
        return Case(clip, sequence, note="; ".join(notes))
    except BROKEN as error:
        return Case(clip, None, str(error))


def judge(case: Case, setup: Setup) -> Outcome:
    """Run one clip; a broken one gives an outcome with an error. Labels that the model does not know count as unknown.

    Raises:
        ModelError: the model cannot be used.
        ConfigError: the recogniser needs a joint that the model does not have.
    """
    model = loaded_model(setup.model)
    truth = known_as(case.clip.label, model.labels)
    if case.sequence is None:
        return Outcome(case.clip, truth, None, case.error)
    skeletons = annotated(case.sequence) if case.marked else tracked(case.sequence)
    try:
        run = recognise(skeletons, model, setup.recogniser, case.stamps_s)
    except BROKEN as error:
        return Outcome(case.clip, truth, None, str(error))
    return Outcome(case.clip, truth, summarise(run.predictions, setup.clip), "", run, case.note)


@functools.lru_cache(maxsize=2)
def loaded_model(path: str) -> Model:
    """A model, loaded once in each process.

    Raises:
        ModelError: it cannot be used.
    """
    return load_model(path)


def watch_all(
    clips: Sequence[Clip],
    fps: float = 0.0,
    workers: int = 1,
    cache: Path | None = None,
    tell: Callable[[], None] | None = None,
    pose: PoseConfig = REFERENCE_POSE,
) -> list[Case]:
    """:func:`watch` for many clips on several processes, in their order; ``tell`` is called after each."""
    found = spread(functools.partial(watch, fps=fps, cache=cache, pose=pose), clips, workers, tell)
    return [Case(clip, None, one.reason) if isinstance(one, Lost) else one for clip, one in zip(clips, found, strict=True)]


def judge_all(cases: Sequence[Case], setup: Setup, workers: int = 1, tell: Callable[[], None] | None = None) -> list[Outcome]:
    """:func:`judge` for many cases on several processes, in their order; ``tell`` is called after each."""
    labels = loaded_model(setup.model).labels
    found = spread(functools.partial(judge, setup=setup), cases, workers, tell)
    return [
        Outcome(case.clip, known_as(case.clip.label, labels), None, one.reason) if isinstance(one, Lost) else one
        for case, one in zip(cases, found, strict=True)
    ]


def confusion_of(outcomes: Sequence[Outcome], labels: Sequence[str]) -> Confusion:
    """What clips show and what they were called; one that could not be run counts as :data:`FAILED`."""
    return Confusion.of([one.truth for one in outcomes], [one.named for one in outcomes], labels)


def figures(outcomes: Sequence[Outcome], labels: Sequence[str]) -> dict[str, Any]:
    """What is reported of an evaluation.

    A window is one prediction of the stream: one for each image. It weighs the time until the next one (at most 1 s), so that
    clips of different rates count alike.

    Returns:
        ``n``, ``accuracy``, ``balanced_accuracy`` (mean recall of the classes present), ``intervals`` (see
        :func:`~physio_lab.evaluation.grouped.intervals`), ``coverage`` (share of the windows in which an exercise was named or
        the movement was called unknown; the rest is silence: nobody in view, too few images, ...), ``wrong_name_windows`` (share
        of the windows covered in which an exercise was named that is not the clip's), ``recall`` per class, ``confusion``
        ({true: {named: clips}}), ``seconds_to_label_median`` (from the first image to the window that first named the exercise,
        over the clips of an exercise that were named rightly), ``by_grade``, ``by_view`` and ``failed`` ones, and ``notes`` on
        files that are odd (cut off, damaged). A clip that could not be run counts as wrong.
    """
    confusion = confusion_of(outcomes, labels)
    tags = [Tag(str(one.clip.path), one.truth, one.clip.subject, one.clip.source) for one in outcomes]
    ran = [(one.truth, one.summary) for one in outcomes if one.summary]
    right_first = [run.first_s for truth, run in ran if truth == run.label != UNKNOWN and run.first_s is not None]
    judged = sum(run.judged_s for _, run in ran)
    silent = sum(sum(run.abstained_s.values()) for _, run in ran)
    return {
        "n": len(outcomes),
        "accuracy": confusion.accuracy,
        "balanced_accuracy": confusion.balanced_accuracy,
        "intervals": intervals(tags, [one.named for one in outcomes], labels),
        "coverage": judged / (judged + silent) if judged + silent else 0.0,
        "wrong_name_windows": wrong_share(outcomes),
        "recall": confusion.recall,
        "confusion": confusion.as_dict(),
        "seconds_to_label_median": statistics.median(right_first) if right_first else None,
        "by_grade": _by(outcomes, "grade"),
        "by_view": _by(outcomes, "view"),
        "failed": [str(one.clip.path.name) for one in outcomes if not one.summary],
        "notes": {one.clip.path.name: one.note for one in outcomes if one.note},
    }


def wrong_share(outcomes: Sequence[Outcome]) -> float:
    """Share of the windows covered in which an exercise was named that is not the clip's; 0 where nothing was said."""
    ran = [(one.truth, one.summary) for one in outcomes if one.summary]
    judged_s = sum(run.judged_s for _, run in ran)
    wrong_s = sum(run.wrong_share(truth) * run.judged_s for truth, run in ran)
    return wrong_s / judged_s if judged_s else 0.0


def _by(outcomes: Sequence[Outcome], column: str) -> dict[str, dict[str, float]]:
    groups: dict[str, list[bool]] = {}
    for one in outcomes:
        groups.setdefault(getattr(one.clip, column), []).append(one.right)
    return {name: {"n": len(right), "accuracy": sum(right) / len(right)} for name, right in sorted(groups.items()) if name}
