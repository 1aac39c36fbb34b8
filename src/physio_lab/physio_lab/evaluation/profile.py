"""Where the seconds of one classification go: everything after the recording, pose estimation beside it, or continually.

The thesis's first two systems were of the first kind, its last one of the second.

Libraries are imported in fresh processes, images come from a file, computing is timed. Recording is not waited for: it takes the
time that the file's stamps say, and what runs beside it is laid out on them (an image cannot be used before it is taken, nor
before the one before it is done).
"""

from __future__ import annotations

import importlib
import os
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from itertools import takewhile
from pathlib import Path
from typing import Any, TypeVar

import numpy as np

from physio_core.action.model import Model, load_model
from physio_core.action.recogniser import Recogniser
from physio_core.camera.video import read_video
from physio_core.errors import InputError
from physio_core.pose.choice import MEDIAPIPE, REFERENCE
from physio_core.pose.estimator import PoseConfig, make_estimator
from physio_core.pose.tracker import PoseTracker
from physio_core.skeleton.normalise import CHANNELS, normalise
from physio_core.skeleton.stream import prepare
from physio_core.types import UNKNOWN, FloatArray, Frame, Prediction, Skeleton

LIBRARIES = ("numpy", "cv2", *((MEDIAPIPE,) if REFERENCE == MEDIAPIPE else ()), "onnxruntime")
ESTIMATOR = "physio_core.pose.mediapipe" if REFERENCE == MEDIAPIPE else "physio_core.pose.blaze.body"
OURS = (ESTIMATOR, "physio_core.action.recogniser")
"""What a coach that begins imports besides; :func:`make_estimator` would load the first of them only when called."""
TIMES = 3
Result = TypeVar("Result")


@dataclass(frozen=True)
class Way:
    """Seconds of each part of one classification [s].

    Attributes:
        import_s: importing the libraries and the coach's own files.
        initialise_s: opening the estimator and the networks.
        record_s: recording, which nobody counts as waiting.
        pose_s: pose estimation that is left when the recording ends.
        infer_s: the network.
        loaded_before: imports and set-up are done before the recording, so that nobody waits for them afterwards.
        thesis_s: what the thesis's authors waited, by their pose estimator (tables 7.1 to 7.3).
    """

    import_s: float
    initialise_s: float
    record_s: float
    pose_s: float
    infer_s: float
    loaded_before: bool
    thesis_s: Mapping[str, float] = field(default_factory=dict)

    @property
    def wait_s(self) -> float:
        """The thesis's "total waiting time": from the end of the recording to the classification [s]."""
        loading_s = 0.0 if self.loaded_before else self.import_s + self.initialise_s
        return loading_s + self.pose_s + self.infer_s


@dataclass(frozen=True)
class Profile:
    """What was measured.

    Attributes:
        frames: images used.
        imports_s: time to import each library in a process of its own, median [s].
        record_then_pose_then_infer: everything one after the other.
        pose_while_recording: each image is looked at while the next is taken; ``pose_s`` is what is left after the last image.
        continual: a classification for every image; libraries and models are loaded once, before.
        first_label_s: from the first image to the first named exercise [s]; None: none was named.
        load: processes that ran or waited for a processor over the minute before: a busy machine gives large times.
        cpus: processors of the machine.
    """

    frames: int
    imports_s: dict[str, float]
    record_then_pose_then_infer: Way
    pose_while_recording: Way
    continual: Way
    first_label_s: float | None
    load: float
    cpus: int

    def as_dict(self) -> dict[str, Any]:
        """For JSON, with what is waited for."""
        data = asdict(self)
        for name in ("record_then_pose_then_infer", "pose_while_recording", "continual"):
            data[name]["wait_s"] = getattr(self, name).wait_s
        return data


def profile(video: Path, seconds: float, model_path: str = "") -> Profile:
    """Measure on the first seconds of a video.

    Args:
        video: someone exercising.
        seconds: how much of it; the thesis took 300 images in 10 s.
        model_path: model folder; empty: the one that ships.

    Raises:
        SourceError: not a video.
        ModelError: the model cannot be used.
        InputError: nobody is seen for long enough for the network.
    """
    frames = list(takewhile(lambda frame: frame.stamp_s < seconds, read_video(video)))
    load = os.getloadavg()[0]
    imports_s = {name: import_s(name) for name in LIBRARIES}
    together_s = import_s(*LIBRARIES, *OURS)
    for name in OURS:  # counted just now, so not again with what follows
        importlib.import_module(name)
    initialise_s, (tracker, model) = _timed(lambda: _initialise(model_path))
    try:
        pose_s, skeletons = _each(tracker.update, frames)
    finally:
        tracker.close()
    recogniser = Recogniser(model)
    step_s, predictions = _each(recogniser.update, skeletons)
    clip_infer = _clip_inference(model, skeletons)
    infer_s = float(np.median([_timed(clip_infer)[0] for _ in range(TIMES)]))
    arrivals_s = np.array([frame.stamp_s for frame in frames]) - frames[0].stamp_s
    period_s = float(arrivals_s[-1] / max(len(frames) - 1, 1))
    record_s = float(arrivals_s[-1]) + period_s
    left_s = max(0.0, finished_s(arrivals_s + period_s, pose_s) - record_s)
    return Profile(
        len(frames),
        imports_s,
        Way(together_s, initialise_s, record_s, float(np.sum(pose_s)), infer_s, False, {"OpenPose": 151.1, "tf-pose": 48.9}),
        Way(together_s, initialise_s, record_s, left_s, infer_s, True, {"tf-pose": 1.0}),
        Way(0.0, 0.0, 0.0, float(np.median(pose_s)), float(np.median(step_s)), True),
        _first_label_s(predictions),
        load,
        os.cpu_count() or 1,
    )


def _initialise(model_path: str) -> tuple[PoseTracker, Model]:
    tracker, model = PoseTracker(make_estimator(PoseConfig(estimator=REFERENCE))), load_model(model_path)
    shape = (1, len(CHANNELS), model.card.reach, len(model.card.layout.joints))
    model.clip(np.zeros(shape, np.float32))  # the session of the clip network is opened by its first use
    return tracker, model


def import_s(*libraries: str) -> float:
    """Time that a fresh process takes to import libraries, median [s].

    Raises:
        InputError: one of them cannot be imported.
    """
    code = f"import time; s = time.perf_counter(); import {', '.join(libraries)}; print(time.perf_counter() - s)"
    found = []
    for _ in range(TIMES):
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
        if done.returncode:
            raise InputError(f"cannot import {', '.join(libraries)}: {done.stderr.strip().splitlines()[-1]}")
        found.append(float(done.stdout.split()[-1]))
    return float(np.median(found))


def finished_s(arrivals_s: FloatArray, costs_s: Sequence[float]) -> float:
    """When the last image is done, if each is worked on as soon as it is there and the one before it is done [s]."""
    done_s = 0.0
    for arrival_s, cost_s in zip(arrivals_s, costs_s, strict=True):
        done_s = max(done_s, float(arrival_s)) + cost_s
    return done_s


def _clip_inference(model: Model, skeletons: Sequence[Skeleton]) -> Callable[[], FloatArray]:
    """Everything from joints to scores with the network that takes a whole clip."""
    card, seen = model.card, [one for one in skeletons if one.tracked]
    need = round((card.reach + 1) / card.normaliser.rate_hz, 1)
    if not seen or seen[-1].stamp_s - seen[0].stamp_s < need:
        raise InputError(f"the network looks at {need:g} s; someone must be seen for longer than that")
    stamps_s = np.array([one.stamp_s for one in seen])

    def infer() -> FloatArray:
        points, confidence = np.stack([one.points for one in seen]), np.stack([one.confidence for one in seen])
        size_px = seen[0].width_px, seen[0].height_px
        _, joints, sure = prepare(
            stamps_s, points, confidence, card.layout, card.normaliser.rate_hz, size_px, card.normaliser.missing_below
        )
        clip = normalise(joints, sure, card.layout, card.normaliser)
        return model.probabilities(model.clip(clip[None]))

    return infer


def _first_label_s(predictions: Sequence[Prediction]) -> float | None:
    named = (one.stamp_s - predictions[0].stamp_s for one in predictions if one.label not in ("", UNKNOWN))
    return next(named, None)


def _each(call: Callable[[Any], Result], items: Sequence[Frame] | Sequence[Skeleton]) -> tuple[list[float], list[Result]]:
    timed = [_timed(lambda item=item: call(item)) for item in items]  # type: ignore[misc]
    return [spent_s for spent_s, _ in timed], [result for _, result in timed]


def _timed(call: Callable[[], Result]) -> tuple[float, Result]:
    started_s = time.perf_counter()
    result = call()
    return time.perf_counter() - started_s, result
