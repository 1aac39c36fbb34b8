"""`physio bench`: how fast the coach is, with what it is compared to measured in the same run on the same images."""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from physio_core.action.model import load_model
from physio_core.action.recogniser import Recogniser
from physio_core.assessment.assessor import Assessor
from physio_core.camera.video import read_video
from physio_core.errors import InputError, LaunchError
from physio_core.exercises.catalogue import load_exercises
from physio_core.files import check_writable, write_json
from physio_core.pose.choice import BLAZE, MEDIAPIPE, REFERENCE
from physio_core.pose.estimator import PoseConfig, PoseEstimator, make_estimator
from physio_core.pose.tracker import PoseTracker
from physio_core.share import shared_path
from physio_core.skeleton.normalise import CHANNELS
from physio_core.types import FloatArray, Frame, Skeleton
from physio_lab.datasets.bench import measure_build
from physio_lab.datasets.clean import CleanConfig
from physio_lab.datasets.extract import ExtractConfig
from physio_lab.synthetic.clips import render_clip
from physio_nodes.surroundings import stay_apart
from physio_records.bench import measure_records
from physio_sim.params import ClinicConfig
from physio_tools.hand_bench import measure_hands
from physio_tools.launcher.launch import Launch
from physio_tools.log import Log
from physio_tools.path_bench import measure_paths
from physio_tools.usage import Meter, Usage
from physio_tools.watch import Watch

CLIP_S = 10.0
CLIP_FPS = 30.0
CLIP_FRAMES = 300
LIVE_S = 30.0
LONGEST_S = 3600.0
SETTLE_S = 3.0
SETTLE_FRAMES = 30
START_WITHIN_S = 60.0
LOOK = "physio launch physio_bringup perception.launch.yaml"

# What each figure may be at most, or must be at least.
LIMITS = {
    "e2e_over_pose": ("<=", 2.0),
    "e2e_p99_ms": ("<=", 40.0),
    "cold_start_s": ("<=", 10.0),
    "step_ms": ("<=", 1.5),
    "clip_over_step": (">=", 50.0),
    "recognition_over_pose": ("<=", 0.15),
    "assessment_ms": ("<=", 1.0),
    "frames_used": (">=", 0.99),
    "build_over_pose": (">=", 0.8),
    "record_open_s": ("<=", 1.0),
    "record_report_s": ("<=", 5.0),
    "record_import_per_s": (">=", 10_000.0),
    "path_name_ms": ("<=", 5.0),
    "path_score_ms": ("<=", 1.0),
    "path_next_ms": ("<=", 200.0),
    "hand_image_ms": ("<=", 1000.0 / CLIP_FPS),
    "hand_own_over_mediapipe": ("<=", 1.5),
    "hand_score_ms": ("<=", 50.0),
}

MEANING = {
    "pose_median_ms": "bare MediaPipe call on the same frames, one process [ms]",
    "e2e_median_ms": "image stamp to prediction across processes, median [ms]",
    "e2e_p99_ms": "the same, 99th percentile [ms]",
    "e2e_over_pose": "median over the bare MediaPipe call",
    "e2e_over_mediapipe": "the same, under the name that goes with the next",
    "composed_median_ms": "image stamp to prediction with camera, pose, hand and action in one process, median [ms]",
    "composed_p99_ms": "the same, 99th percentile [ms]",
    "composed_over_mediapipe": "median over the bare MediaPipe call",
    "composed_frames_used": "share of images that got a prediction, so",
    "composed_rss_mb": "memory of that process, where separate ones take `total` of the table below [MB]",
    "composed_cpu_share": "cores that it takes",
    "blaze_median_ms": "MediaPipe's networks by our own code (estimator: blaze), same frames, one process, one core [ms]",
    "blaze_p99_ms": "the same, 99th percentile [ms]",
    "blaze_over_mediapipe": "median over the bare MediaPipe call",
    "frames_used": "share of images that got a prediction",
    "step_ms": "one step of the continual network [ms]",
    "clip_ms": "the same network over a clip of 300 frames [ms]",
    "clip_over_step": "how much cheaper a step is",
    "recognition_over_pose": "all that follows MediaPipe (lock, smoothing, network, verdict) over MediaPipe, per frame",
    "assessment_ms": "counting and judging repetitions, per frame [ms]",
    "cold_start_s": "launch to first prediction [s]",
    "thesis_wait_ms": "record 10 s, then pose and infer, all loaded before: last image to verdict [ms]",
    "thesis_final_wait_ms": "pose while recording, then infer on the 10 s: last image to verdict [ms]",
    "wait_ms": "the same wait here [ms]",
    "build_over_pose": "images a second of `physio dataset build`, one process, over bare MediaPipe",
    "record_open_s": "reading a year's record: 200 sessions of 60 repetitions [s]",
    "record_report_s": "reading 100 of such sessions and writing their report as a page [s]",
    "record_import_per_s": "repetitions a second from an exported file into a new record [1/s]",
    "path_name_ms": "which type a path of 200 points is [ms]",
    "path_score_ms": "its score [ms]",
    "path_next_ms": "the next path of 200 points with joint angles, within the limits of the arm [ms]",
    "hand_image_ms": "one image of a hand, from pixels to smoothed joints, by the estimator that is taken here [ms]",
    "hand_mediapipe_ms": "the same by MediaPipe Hands [ms]",
    "hand_own_ms": "the same with our own landmarks (hand_estimator: own) [ms]",
    "hand_own_over_mediapipe": "ours over MediaPipe Hands",
    "hand_own_over_taken": "ours over the estimator that is taken here, by the same runner",
    "hand_score_ms": "the score of a try of a Fugl-Meyer item [ms]",
}


def add_commands(commands: argparse._SubParsersAction[argparse.ArgumentParser], name: str) -> None:
    """Add `physio bench`."""
    parser = commands.add_parser(name, help="measure speed, side by side in one run")
    parser.add_argument("--json", type=Path, help="write the figures here")
    parser.add_argument("--seconds", type=float, default=LIVE_S, help="how long to run the nodes [s]")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Measure and print everything; the figures decide nothing, so the code is 0 unless something broke."""
    if not 0.0 < options.seconds <= LONGEST_S:
        raise InputError(f"--seconds {options.seconds:g} must be more than 0 and at most {LONGEST_S:g}")
    check_writable(options.json)
    stay_apart()
    console = Console()
    with tempfile.TemporaryDirectory() as folder, console.status("") as status:
        status.update("rendering ten seconds of the simulated patient")
        clip = render_clip(Path(folder), "squat", "able", "best", ClinicConfig(), CLIP_S, CLIP_FPS)
        video = Path(folder, clip.file)
        frames = list(read_video(video))
        status.update("timing a bare MediaPipe call")
        before_ms, _ = _pose(frames, PoseConfig(estimator=REFERENCE))
        status.update("timing the same networks without MediaPipe")
        blaze_ms, _ = _pose(frames, PoseConfig(estimator=BLAZE))
        status.update("timing the nodes, a process each")
        figures, usage = _nodes(video, options.seconds)
        status.update("timing the nodes, in one process")
        figures |= _composed(video, options.seconds)
        status.update("timing a bare MediaPipe call again")
        after_ms, record_pose_s = _pose(frames, PoseConfig(estimator=REFERENCE))
        status.update("timing the dataset builder")
        figures["build_over_pose"] = measure_build(video, CleanConfig(), ExtractConfig()).figures["build_over_bare"]
    status.update("timing the record")
    figures |= measure_records()
    status.update("timing hands and their paths")
    figures |= measure_paths() | measure_hands()
    status.update("timing what follows the pose")
    recognition_over_pose = _recognition(frames)
    assessment_ms = _assessment(frames)
    status.update("timing the networks")
    step_ms, clip_ms = _networks()
    pose_ms = float(np.median(before_ms + after_ms))
    figures |= {
        "pose_median_ms": pose_ms,
        "e2e_over_pose": figures["e2e_median_ms"] / pose_ms,
        "e2e_over_mediapipe": figures["e2e_median_ms"] / pose_ms,
        "composed_over_mediapipe": figures["composed_median_ms"] / pose_ms,
        "blaze_median_ms": float(np.median(blaze_ms)),
        "blaze_p99_ms": float(np.quantile(blaze_ms, 0.99)),
        "blaze_over_mediapipe": float(np.median(blaze_ms)) / pose_ms,
        "step_ms": step_ms,
        "clip_ms": clip_ms,
        "clip_over_step": clip_ms / step_ms,
        "recognition_over_pose": recognition_over_pose,
        "assessment_ms": assessment_ms,
        "thesis_wait_ms": record_pose_s * 1e3 + clip_ms,
        "thesis_final_wait_ms": pose_ms + clip_ms,
        "wait_ms": figures["e2e_median_ms"],
    }
    _compare_honestly(console, figures)
    if options.json:
        numbers: dict[str, Any] = {name: round(figures[name], 3) for name in MEANING if name in figures}
        numbers["rss_mb"] = {node: round(one.rss_mb, 1) for node, one in usage.items()}
        numbers["cpu_share"] = {node: round(one.cpu_share, 3) for node, one in usage.items()}
        write_json(options.json, numbers)
    _print(console, figures)
    _print_usage(console, usage)
    return 0


def _compare_honestly(console: Console, figures: dict[str, float]) -> None:
    """Without MediaPipe nothing is said to be over it."""
    if REFERENCE != MEDIAPIPE:
        console.print(f"MediaPipe is not installed: its networks by our own code ({REFERENCE}) stand where it is named")
        for name in ("e2e_over_mediapipe", "blaze_over_mediapipe", "hand_own_over_mediapipe"):
            del figures[name]


def _pose(frames: Sequence[Frame], config: PoseConfig) -> tuple[list[float], float]:
    """Time of each call [ms] and of all [s], with a new estimator."""
    estimator = make_estimator(config)
    estimator.estimate(frames[0])
    times_ms = [_timed_ms(lambda frame=frame: estimator.estimate(frame)) for frame in frames]  # type: ignore[misc]
    estimator.close()
    return times_ms, sum(times_ms) * 1e-3


class _Timed:
    """An estimator that adds up the time it takes."""

    def __init__(self, estimator: PoseEstimator) -> None:
        self._estimator, self.name, self.searches = estimator, estimator.name, 0
        self.spent_s = 0.0

    def estimate(self, frame: Frame) -> Skeleton:
        started_s = time.perf_counter()
        try:
            return self._estimator.estimate(frame)
        finally:
            self.spent_s += time.perf_counter() - started_s

    def close(self) -> None:
        self._estimator.close()


def _recognition(frames: Sequence[Frame]) -> float:
    """Time of all that follows the estimator over the estimator's, on the same frames in one process."""
    timed = _Timed(make_estimator(PoseConfig(estimator=REFERENCE)))
    tracker, recogniser = PoseTracker(timed), Recogniser(load_model())
    for frame in frames[:SETTLE_FRAMES]:
        recogniser.update(tracker.update(frame))
    timed.spent_s = 0.0
    total_ms = _timed_ms(lambda: [recogniser.update(tracker.update(frame)) for frame in frames[SETTLE_FRAMES:]])
    tracker.close()
    return total_ms / 1e3 / timed.spent_s - 1.0


def _assessment(frames: Sequence[Frame]) -> float:
    """Time of counting and judging repetitions, mean per frame, on the skeletons of the same frames [ms]."""
    tracker = PoseTracker(make_estimator(PoseConfig(estimator=REFERENCE)))
    skeletons = [tracker.update(frame) for frame in frames]
    tracker.close()
    assessor = Assessor(load_exercises()["squat"])
    return _timed_ms(lambda: [assessor.update(one) for one in skeletons]) / len(skeletons)


def _composed(video: Path, seconds: float) -> dict[str, float]:
    """The same figures with the nodes in one process, and what it takes of the machine."""
    figures, usage = _nodes(video, seconds, composed="true")
    return {
        "composed_median_ms": figures["e2e_median_ms"],
        "composed_p99_ms": figures["e2e_p99_ms"],
        "composed_frames_used": figures["frames_used"],
        "composed_rss_mb": usage["total"].rss_mb,
        "composed_cpu_share": usage["total"].cpu_share,
    }


def _nodes(video: Path, seconds: float, composed: str = "false") -> tuple[dict[str, float], dict[str, Usage]]:
    """Figures of the nodes, and what each takes of the machine while it works."""
    launch = Launch(
        shared_path("launch", "perception.launch.yaml"),
        {"source": "video", "video": str(video), "loop": "true", "composed": composed},
        on_line=Log(quiet=True),
    )
    watch = Watch()
    try:
        started_s = time.monotonic()
        launch.start()
        while not watch.latencies_ms:
            watch.spin(0.02)
            if launch.poll() is not None or time.monotonic() - started_s > START_WITHIN_S:
                raise LaunchError(f"no prediction arrived; see why: {LOOK}")
        cold_start_s = time.monotonic() - started_s
        watch.spin(SETTLE_S)
        watch.forget()
        meter = Meter({name: child.pid for name, child in launch.processes.items() if child.running})
        watch.spin(seconds)
        usage = meter.read()
        if not watch.frames:
            raise LaunchError(f"no prediction arrived in {seconds:g} s; give --seconds more, e.g. {LIVE_S:g}, or see why: {LOOK}")
    finally:
        launch.stop()
        watch.close()
    figures = {
        "cold_start_s": cold_start_s,
        "e2e_median_ms": watch.latency_ms(50),
        "e2e_p99_ms": watch.latency_ms(99),
        "frames_used": 1.0 - watch.frames_dropped / watch.frames,
    }
    return figures, usage


def _networks() -> tuple[float, float]:
    """Median time of a step and of a clip of 300 frames [ms]."""
    model = load_model()
    random = np.random.default_rng(0)
    shape = (1, len(CHANNELS), CLIP_FRAMES, len(model.card.layout.joints))
    clip: FloatArray = random.standard_normal(shape).astype(np.float32)
    stream = model.stream()
    step_ms = [_timed_ms(lambda: stream.step(clip[0, :, 0])) for _ in range(CLIP_FRAMES)]
    clip_ms = [_timed_ms(lambda: model.clip(clip)) for _ in range(10)]
    return float(np.median(step_ms)), float(np.median(clip_ms))


def _timed_ms(call: Callable[[], object]) -> float:
    started_s = time.perf_counter()
    call()
    return (time.perf_counter() - started_s) * 1e3


def _print(console: Console, figures: dict[str, float]) -> None:
    table = Table("figure", "value", "wanted", "meaning")
    for name in (name for name in MEANING if name in figures):
        sign, limit = LIMITS.get(name, ("", 0.0))
        good = not sign or (figures[name] <= limit if sign == "<=" else figures[name] >= limit)
        value = f"{figures[name]:.3g}" if figures[name] < 100 else f"{figures[name]:.0f}"
        table.add_row(
            name, value if good else f"[bold yellow]{value} ✗[/]", f"{sign} {limit:g}" if sign else "", escape(MEANING[name])
        )
    console.print(table)


def _print_usage(console: Console, usage: dict[str, Usage]) -> None:
    table = Table("node", "memory [MB]", "cores")
    for node, one in usage.items():
        table.add_row(node, f"{one.rss_mb:.0f}", f"{one.cpu_share:.2f}")
    console.print(table)
