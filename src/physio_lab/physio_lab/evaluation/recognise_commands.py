"""`physio action recognise`: which exercise is done when in a video."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from physio_core.errors import InputError, ModelError
from physio_core.files import check_writable, write_json
from physio_core.skeleton.layouts import OPENPOSE_18
from physio_lab.evaluation.evaluate import BROKEN, Setup, watch_all
from physio_lab.evaluation.index import Clip
from physio_lab.evaluation.recognise import Recognition, recognised, write_annotated
from physio_lab.evaluation.settings import prepared

WORKERS = 2
VIDEO_ENDINGS = (".mp4", ".mkv", ".mov", ".avi")


def add_commands(commands: Any, name: str) -> None:
    """Add the command."""
    parser = commands.add_parser(name, help="tell which exercise is done when in a video", description=__doc__)
    parser.add_argument("videos", type=Path, nargs="+", metavar="VIDEO", help="video file; several are done one after the other")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write segments and dominant label there")
    parser.add_argument(
        "--video", type=Path, metavar="OUT",
        help="write a copy of the video there, with skeleton and label; a folder where several videos are given",
    )  # fmt: skip
    parser.add_argument("--model", default="", help="model folder (default: the one that ships)")
    parser.add_argument(
        "--set",
        dest="settings",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="a setting of the recogniser or the clip",
    )
    parser.set_defaults(run=run, workers=1)


def run(options: argparse.Namespace) -> int:
    """Recognise each video; one that cannot be used is said and left out.

    Raises:
        InputError: two videos would be written to one place, or over what is read.
        ModelError: the model cannot be used, or takes other joints than videos give.
        OutputError: a file cannot be written.
    """
    setup, model = prepared(options, Setup(options.model))
    if model.card.layout != OPENPOSE_18:
        raise ModelError(f"the model takes {model.card.layout.name} skeletons, videos give {OPENPOSE_18.name}; use another")
    outs = _outs(options.videos, options.video)
    check_writable(options.json, reads=options.videos)
    check_writable(*outs, endings=VIDEO_ENDINGS)
    found: list[dict[str, Any]] = []
    table = Table("video", "exercise", r"from \[s]", r"to \[s]", "confidence")
    # In processes of their own, also a single one: MediaPipe prints what no user needs.
    for case, out in zip(watch_all([Clip(path, "") for path in options.videos], workers=WORKERS), outs, strict=True):
        try:
            one = recognised(case, model, setup.recogniser, setup.clip)
            if out:
                write_annotated(one, out)
        except BROKEN as error:
            print(f"physio: {error}", file=sys.stderr)
            found.append({"file": str(case.clip.path), "error": str(error)})
            continue
        found.append(as_dict(one) | ({"video": str(out)} if out else {}))
        _add_rows(table, one)
    if options.json:
        write_json(options.json, found[0] if len(found) == 1 else {"videos": found})
    good = [entry for entry in found if "error" not in entry]
    if good:
        Console().print(table)
    for entry in good:
        words = f"{entry['file']}: mostly {entry['dominant']}" + f"; {entry['note']}" * bool(entry["note"])
        words += f"; with skeleton and label: {entry['video']}" if "video" in entry else ""
        Console().print(Text(words), soft_wrap=True)
    return 0 if len(good) == len(found) else 1 if good else 2  # as physio_core.cli has them: done, not all, refused


def as_dict(one: Recognition) -> dict[str, Any]:
    """``file``, ``dominant``, ``segments`` (``label, start_s, end_s, confidence``) and ``note``, for JSON."""
    segments = [
        {name: round(value, 3) if isinstance(value, float) else value for name, value in asdict(segment).items()}
        for segment in one.segments
    ]
    return {"file": str(one.path), "dominant": one.dominant, "segments": segments, "note": one.note}


def _outs(videos: Sequence[Path], out: Path | None) -> list[Path | None]:
    if out is None:
        return [None] * len(videos)
    alone = len(videos) == 1 and not out.is_dir()
    places = [out] if alone else [out / f"{path.stem}_recognised.mp4" for path in videos]
    if len(set(places)) < len(places) or {place.resolve() for place in places} & {path.resolve() for path in videos}:
        raise InputError(f"--video {out}: a video would be written over another; give other names, or one video at a time")
    return list(places)


def _add_rows(table: Table, one: Recognition) -> None:
    for segment in one.segments:
        figures = (f"{value:.2f}" for value in (segment.start_s, segment.end_s, segment.confidence))
        table.add_row(Text(one.path.name), Text(segment.label), *figures)
    if not one.segments:
        table.add_row(Text(one.path.name), "nothing was said", "", "", "")
