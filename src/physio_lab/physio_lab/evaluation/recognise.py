"""Which exercise is done when in a video, by the same path as live; as stretches of time, and drawn into a copy of the video."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from physio_core.action.model import Model
from physio_core.action.recogniser import RecogniserConfig
from physio_core.camera.image import draw_skeleton, draw_text
from physio_core.camera.video import VideoReader
from physio_core.camera.writer import VideoWriter
from physio_core.errors import SourceError
from physio_core.types import Abstain, Prediction, Skeleton
from physio_lab.evaluation.clip_label import ClipConfig, stood_s, summarise
from physio_lab.evaluation.evaluate import Case
from physio_lab.evaluation.stream import recognise
from physio_lab.evaluation.watch import tracked

BRIDGE_S = 0.5
"""A silence no longer than this between the same label does not end its segment."""


@dataclass(frozen=True)
class Segment:
    """A stretch of a video in which one label was named.

    Attributes:
        label: an exercise or ``unknown``.
        start_s: when it was first named, in the video's own time [s].
        end_s: when it was no longer named [s].
        confidence: mean over the stretch [0..1].
    """

    label: str
    start_s: float
    end_s: float
    confidence: float


@dataclass(frozen=True)
class Recognition:
    """What is done in a video.

    Attributes:
        path: the video.
        segments: in the order of time; in what lies between nothing was said.
        dominant: the exercise that was named for longest, if long enough; else ``unknown``.
        skeletons: of each image.
        predictions: for each image.
        note: what is odd about the file; empty: nothing.
    """

    path: Path
    segments: tuple[Segment, ...]
    dominant: str
    skeletons: tuple[Skeleton, ...]
    predictions: tuple[Prediction, ...]
    note: str = ""


def recognised(case: Case, model: Model, config: RecogniserConfig | None = None, clip: ClipConfig | None = None) -> Recognition:
    """Recognise one video.

    Args:
        case: its joints, as :func:`~physio_lab.evaluation.evaluate.watch` gives them.
        model: what recognises; it takes ``openpose_18``.
        config: when an exercise is named.
        clip: for how long it must be named to be the dominant one.

    Raises:
        SourceError: its joints could not be had; the message says why.
    """
    if case.sequence is None:
        raise SourceError(case.error)
    skeletons = tuple(tracked(case.sequence))
    predictions = recognise(skeletons, model, config).predictions
    dominant = summarise(predictions, clip).label
    return Recognition(case.clip.path, segments_of(predictions), dominant, skeletons, predictions, case.note)


def segments_of(predictions: Sequence[Prediction]) -> tuple[Segment, ...]:
    """The stretches in which one label was named without a break of more than :data:`BRIDGE_S`."""
    found: list[tuple[str, float, float, list[float]]] = []
    for one, seconds in zip(predictions, stood_s(predictions), strict=True):
        if one.abstain is not Abstain.NONE:
            continue
        end_s = one.stamp_s + seconds
        if found and found[-1][0] == one.label and one.stamp_s - found[-1][2] <= BRIDGE_S:
            label, start_s, _, sure = found[-1]
            found[-1] = (label, start_s, end_s, [*sure, one.confidence])
        else:
            found.append((one.label, one.stamp_s, end_s, [one.confidence]))
    return tuple(Segment(label, start_s, end_s, float(np.mean(sure))) for label, start_s, end_s, sure in found)


def write_annotated(recognition: Recognition, out: Path, tell: Callable[[], None] = lambda: None) -> None:
    """Write a copy of the video with the skeleton and the label of each image, at the images' own times, without sound.

    Args:
        recognition: of the video, which is read again.
        out: file to write, such as ``.mp4``; whole or not at all.
        tell: called after each picture.

    Raises:
        SourceError: the video is there no more.
        OutputError: ``out`` cannot be written.
    """
    reader = VideoReader(recognition.path)
    try:
        frame = reader.read()
        assert frame is not None  # the reader refuses a video without pictures
        height_px, width_px = frame.rgb.shape[:2]
        begin_s = frame.stamp_s
        with VideoWriter(out, 1.0 / reader.period_s, width_px, height_px) as writer:
            for skeleton, prediction in zip(recognition.skeletons, recognition.predictions, strict=True):
                if frame is None:
                    break
                writer.add(draw_text(draw_skeleton(frame.rgb, skeleton), caption(prediction)), frame.stamp_s - begin_s)
                tell()
                frame = reader.read()
    finally:
        reader.close()


def caption(prediction: Prediction) -> str:
    """What is said of an image, in a few words."""
    if prediction.abstain is not Abstain.NONE:
        return f"({prediction.abstain.value.replace('_', ' ')})"
    return f"{prediction.label.replace('_', ' ')} {prediction.confidence:.2f}"
