"""Runs the whole pipeline over a folder of labelled clips, without ROS: decode, estimate, recognise, count."""

from __future__ import annotations

import csv
import statistics
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from physio_core.action.model import load_model
from physio_core.action.recogniser import Recogniser, RecogniserConfig
from physio_core.action.verdict import ClipSummary, summarise
from physio_core.camera.video import read_video
from physio_core.errors import InputError, PhysioError
from physio_core.pose.estimator import PoseConfig, make_estimator
from physio_core.pose.tracker import PoseTracker
from physio_core.types import UNKNOWN, Frame, Prediction, Skeleton

INDEX = "INDEX.csv"
COLUMNS = ("file", "label", "reps", "grade")


@dataclass(frozen=True)
class Clip:
    """A row of the index."""

    path: Path
    label: str
    grade: str


@dataclass(frozen=True)
class Outcome:
    """What came of a clip: a summary, or why there is none."""

    clip: Clip
    truth: str
    summary: ClipSummary | None
    error: str = ""

    @property
    def named(self) -> str:
        """Label given; nothing for a clip that could not be run."""
        return self.summary.label if self.summary else ""


def read_index(folder: Path, grades: str = "") -> list[Clip]:
    """The clips of a folder.

    Args:
        folder: holds ``INDEX.csv`` and the clips.
        grades: letters to keep; empty: all.

    Raises:
        InputError: no index, columns missing, or no clip left.
    """
    path = folder / INDEX
    try:
        with path.open(newline="", encoding="utf-8-sig") as file:
            rows = list(csv.DictReader(file))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise InputError(f"cannot read {path}: {error}; the folder needs an {INDEX} with {', '.join(COLUMNS)}") from error
    if not rows:
        raise InputError(f"{path} holds no clips")
    missing = [column for column in COLUMNS if column not in rows[0]]
    if missing:
        raise InputError(f"{path} lacks the columns {', '.join(missing)}; it has {', '.join(rows[0])}")
    clips = [Clip(folder / (row["file"] or ""), row["label"] or "", row["grade"] or "") for row in rows]
    chosen = [clip for clip in clips if not grades or (clip.grade and clip.grade in grades)]
    if not chosen:
        raise InputError(f"{path} holds no clip of grade {grades}; it has {', '.join(sorted({clip.grade for clip in clips}))}")
    return chosen


def thinned(frames: Iterable[Frame], fps: float) -> Iterator[Frame]:
    """Every frame, or as if a camera had given at most ``fps`` [Hz]; 0: every frame."""
    due_s = float("-inf")
    for frame in frames:
        if not fps or frame.stamp_s >= due_s - 1e-6:
            due_s = (
                max(due_s + 1.0 / fps, frame.stamp_s)
                if fps and due_s > float("-inf")
                else frame.stamp_s + (1.0 / fps if fps else 0)
            )
            yield frame


def skeletons(path: Path, fps: float = 0.0) -> Iterator[Skeleton]:
    """The skeleton of each image of a video, as the live pipeline gives it.

    Raises:
        SourceError: not a video.
    """
    tracker = PoseTracker(make_estimator(PoseConfig()))
    try:
        for frame in thinned(read_video(path), fps):
            yield tracker.update(frame)
    finally:
        tracker.close()


def recognise(stream: Iterable[Skeleton], recogniser: Recogniser) -> list[Prediction]:
    """A prediction for each skeleton."""
    return [recogniser.update(skeleton) for skeleton in stream]


def evaluate_clip(clip: Clip, model_path: str, fps: float, config: RecogniserConfig | None = None) -> Outcome:
    """Run one clip; a broken one gives an outcome with an error. Labels that the model does not know count as unknown."""
    model = load_model(model_path)
    truth = clip.label if clip.label in model.labels else UNKNOWN
    try:
        return Outcome(clip, truth, summarise(recognise(skeletons(clip.path, fps), Recogniser(model, config))))
    except PhysioError as error:
        return Outcome(clip, truth, None, str(error))


def evaluate(
    clips: Sequence[Clip], model_path: str = "", fps: float = 0.0, workers: int = 1, tell: Callable[[Outcome], None] | None = None
) -> list[Outcome]:
    """Run all clips on several processes.

    Args:
        clips: what to run.
        model_path: model folder; empty: the one that ships.
        fps: as if a camera had given at most so many images a second [Hz]; 0: all.
        workers: processes.
        tell: called after each clip.

    Returns:
        Outcomes in the order of ``clips``.

    Raises:
        ModelError: the model cannot be used.
    """
    load_model(model_path)
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        jobs: dict[Future[Outcome], Clip] = {pool.submit(evaluate_clip, clip, model_path, fps): clip for clip in clips}
        done: dict[Clip, Outcome] = {}
        for job in as_completed(jobs):
            done[jobs[job]] = job.result()
            if tell:
                tell(done[jobs[job]])
    return [done[clip] for clip in clips]


def figures(outcomes: Sequence[Outcome], labels: Sequence[str]) -> dict[str, Any]:
    """What is reported of an evaluation.

    Returns:
        ``n``, ``accuracy``, ``balanced_accuracy`` (mean recall of the classes present), ``coverage`` (share of the time in which
        something was named or called unknown), ``wrong_name_windows`` (share of that time in which a wrong exercise was named),
        ``recall`` per class, ``confusion`` ({true: {named: clips}}), ``seconds_to_label_median``, ``by_grade`` and ``failed``
        ones. A clip that could not be run counts as wrong.
    """
    confusion = {truth: dict.fromkeys([*labels, "failed"], 0) for truth in labels}
    for one in outcomes:
        confusion[one.truth][one.named or "failed"] += 1
    totals = {truth: sum(row.values()) for truth, row in confusion.items()}
    recall = {truth: confusion[truth][truth] / totals[truth] for truth in labels if totals[truth]}
    ran = [(one.truth, one.summary) for one in outcomes if one.summary]
    right_first = [run.first_s for truth, run in ran if truth == run.label != UNKNOWN and run.first_s is not None]
    judged = sum(sum(run.named_s.values()) for _, run in ran)
    silent = sum(sum(run.abstained_s.values()) for _, run in ran)
    wrong = sum(run.wrong_share(truth) * sum(run.named_s.values()) for truth, run in ran)
    right = sum(confusion[truth][truth] for truth in labels)
    grades = sorted({one.clip.grade for one in outcomes})
    return {
        "n": len(outcomes),
        "accuracy": right / len(outcomes) if outcomes else 0.0,
        "balanced_accuracy": sum(recall.values()) / len(recall) if recall else 0.0,
        "coverage": judged / (judged + silent) if judged + silent else 0.0,
        "wrong_name_windows": wrong / judged if judged else 0.0,
        "recall": recall,
        "confusion": confusion,
        "seconds_to_label_median": statistics.median(right_first) if right_first else None,
        "by_grade": {grade: _share_right([one for one in outcomes if one.clip.grade == grade]) for grade in grades},
        "failed": [str(one.clip.path.name) for one in outcomes if not one.summary],
    }


def _share_right(outcomes: Sequence[Outcome]) -> dict[str, float]:
    return {"n": len(outcomes), "accuracy": sum(one.named == one.truth for one in outcomes) / len(outcomes)}
