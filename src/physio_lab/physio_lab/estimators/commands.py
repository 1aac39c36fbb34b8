"""`physio pose compare` and `convert`: estimators side by side, and their files for other runners."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from itertools import islice
from pathlib import Path
from typing import Any, Protocol

from rich.table import Column, Table

from physio_core.camera.video import read_video
from physio_core.cli import whole_number
from physio_core.errors import InputError
from physio_core.files import check_writable, write_json
from physio_core.pose.choice import BLAZE, MEDIAPIPE, MOVENET, installed
from physio_core.pose.estimator import PoseConfig, make_estimator
from physio_core.pose.hand_estimator import HandConfig, make_hand_estimator
from physio_core.runners.runner import BFLOAT16, FLOAT32, ONNXRUNTIME, READS
from physio_core.skeleton.layouts import BLAZEPOSE_33
from physio_lab.estimators.compare import compare, together
from physio_lab.estimators.compare_hands import HandComparison, compare_hands
from physio_lab.evaluation.commands import wide_console
from physio_lab.evaluation.index import Clip, read_index, read_of

COLUMNS = {
    "n": "images", "median_percent": "median [% of torso]", "p95_percent": "95th percentile", "lost_ours": "lost by ours",
    "lost_mediapipe": "lost by MediaPipe", "found_again_ours": "found again, ours", "found_again_mediapipe": "MediaPipe",
    "ours_ms": "ours [ms]", "mediapipe_ms": "MediaPipe [ms]",
    "ours_cpu_ms": "ours, processor [ms]", "mediapipe_cpu_ms": "MediaPipe, processor [ms]",
}  # fmt: skip
HAND_COLUMNS = {
    "n": "images", "hands": "hands that both saw", "median_percent": "median [% of palm]", "p95_percent": "95th percentile",
    "lost_ours": "lost by ours", "lost_mediapipe": "lost by MediaPipe", "other_side": "called another side",
    "ours_ms": "ours [ms]", "mediapipe_ms": "MediaPipe [ms]",
}  # fmt: skip
ALL_COLUMNS = {
    "image_ms": "image [ms]", "image_p99_ms": "99 % [ms]", "image_cpu_ms": "CPU [ms]",
    "lost_percent": "lost [%]", "away_median_percent": "from first [%]",
    "rendered_lost_percent": "lost [%]", "error_median_percent": "error [%]", "error_p95_percent": "95 % [%]",
    "near_percent": "found [%]",
}  # fmt: skip
RENDERED_SEED = 12
FILES = ("pose_detection", "pose_landmark_full", "palm_detection_full", "hand_landmark_full")


def add_compare(group: Any, name: str) -> None:
    """Add `physio pose compare`."""
    beside = group.add_parser(name, help="ours and MediaPipe on the same images: how far apart, who is lost, how fast")
    beside.add_argument("folder", type=Path, help="holds INDEX.csv (file,label and more) and the clips")
    beside.add_argument("--grades", default="", help="only clips of these grades, e.g. A (default: all)")
    beside.add_argument("--label", default="", help="only clips of this label (default: all)")
    beside.add_argument("--hands", action="store_true", help="compare the estimators of hands")
    beside.add_argument(
        "--all", action="store_true", help="every estimator of bodies: speed, errors on rendered people, lost images"
    )
    beside.add_argument(
        "--people",
        type=whole_number(0),
        default=4,
        help="of --all: so many rendered people, 15 takes each (default: %(default)s)",
    )
    beside.add_argument("--images", type=whole_number(1), metavar="N", help="only the first N of each clip (default: all)")
    beside.add_argument("--runner", default=ONNXRUNTIME, choices=sorted(READS), help="runs our networks (default: %(default)s)")
    beside.add_argument("--precision", default=FLOAT32, choices=(FLOAT32, BFLOAT16), help="arithmetic (default: %(default)s)")
    beside.add_argument(
        "--threads", type=whole_number(1), default=1, help="processor cores of our networks (default: %(default)s)"
    )
    beside.add_argument("--json", type=Path, help="write the figures there")
    beside.set_defaults(run=run_compare)


def add_convert(group: Any, name: str) -> None:
    """Add `physio pose convert`."""
    convert = group.add_parser(name, help="write models' files as ONNX, and what each must be")
    convert.add_argument("folder", type=Path, help="holds the .tflite files; .onnx and SHA256SUMS are written beside them")
    convert.add_argument("--graph", type=Path, metavar="FILE", help="write this graph model of TensorFlow.js there, instead")
    convert.set_defaults(run=run_convert)


def run_compare(options: argparse.Namespace) -> int:
    """Compare.

    Raises:
        InputError: no clips.
        ConfigError: a runner that is not here, or an output that cannot be written.
    """
    check_writable(options.json, reads=read_of(options.folder))
    clips = [one for one in read_index(options.folder, options.grades) if options.label in ("", one.label)]
    if not clips:
        raise InputError(f"{options.folder} has no clips of the grades {options.grades or 'asked for'} and that label")
    if options.hands:
        return _compare_hands(options, clips)
    if options.all:
        return _compare_all(options, clips)
    config = PoseConfig(
        estimator=BLAZE, runner=options.runner, runner_precision=options.precision, runner_threads=options.threads
    )
    parts = []
    for clip in clips:
        ours, mediapipe = (make_estimator(one, BLAZEPOSE_33) for one in (config, PoseConfig(estimator=MEDIAPIPE)))
        try:
            parts.append(compare(clip.path.name, islice(read_video(clip.path), options.images), ours, mediapipe))
        finally:
            ours.close()
            mediapipe.close()
    whole = together(parts)
    wide_console().print(_table([*parts, whole], f"{ours.name} beside MediaPipe", COLUMNS))
    if options.json:
        clip_figures = {part.name: part.figures() for part in parts}
        write_json(options.json, {**whole.figures(), "ours": ours.name, "clips": clip_figures})
    return 0


def _compare_all(options: argparse.Namespace, clips: Sequence[Clip]) -> int:
    from physio_lab.estimators.table import Row, named, show_clips, show_rendered

    configs = [
        PoseConfig(estimator=name, runner=options.runner, runner_precision=options.precision, runner_threads=options.threads)
        for name in (MEDIAPIPE, BLAZE, MOVENET)
        if installed(name)
    ]
    rows = [Row(*named(config)) for config in configs]
    show_clips(rows, configs, (islice(read_video(clip.path), options.images) for clip in clips))
    show_rendered(rows, configs, options.people, RENDERED_SEED)
    figures = [row.figures() for row in rows]
    shown, rendered = figures[0]["images"], figures[0]["rendered_images"]
    title = f"{shown} images of {len(clips)} clips, {rendered} of {options.people} rendered people"
    console = wide_console()
    console.print(_table(rows, title, ALL_COLUMNS, "estimator"))
    console.print(
        "errors in % of the trunk, on rendered people, as are the second column of lost images and the share of joints found",
        style="dim",
    )
    if options.json:
        write_json(options.json, {"clips": len(clips), "estimators": {row.name: row.figures() for row in rows}})
    return 0


def _compare_hands(options: argparse.Namespace, clips: Sequence[Clip]) -> int:
    config = HandConfig(
        hand_estimator=BLAZE, runner=options.runner, runner_precision=options.precision, runner_threads=options.threads
    )
    whole, parts = HandComparison("all"), []
    for clip in clips:
        ours, mediapipe = (make_hand_estimator(one) for one in (config, HandConfig(hand_estimator=MEDIAPIPE)))
        try:
            parts.append(compare_hands(clip.path.name, islice(read_video(clip.path), options.images), ours, mediapipe))
        finally:
            ours.close()
            mediapipe.close()
        whole.add(parts[-1])
    wide_console().print(_table([*parts, whole], f"{ours.name} beside MediaPipe", HAND_COLUMNS))
    if options.json:
        clip_figures = {part.name: part.figures() for part in parts}
        write_json(options.json, {**whole.figures(), "ours": ours.name, "clips": clip_figures})
    return 0


def run_convert(options: argparse.Namespace) -> int:
    """Convert; errors as :func:`~physio_lab.estimators.to_onnx.convert_folder` and `graph_model.convert_into`."""
    if options.graph:
        from physio_lab.estimators.graph_model import convert_into

        print(convert_into(options.graph, options.folder))
        return 0
    from physio_lab.estimators.to_onnx import convert_folder

    for line in convert_folder(options.folder, FILES):
        print(line)
    return 0


class _Measured(Protocol):
    name: str

    def figures(self) -> dict[str, Any]: ...


def _table(parts: Sequence[_Measured], title: str, columns: dict[str, str], first: str = "clip") -> Table:
    table = Table(Column(first, no_wrap=True, min_width=24), *columns.values(), title=title)
    for part in parts:
        figures = part.figures()
        table.add_row(part.name, *(_shown(figures[key]) for key in columns))
    return table


def _shown(value: float | None) -> str:
    if value is None:
        return "-"
    return str(value) if isinstance(value, int) else f"{value:.2f}"
