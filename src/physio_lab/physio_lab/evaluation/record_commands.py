"""`physio record`: a labelled clip from a camera, for a test set; the only command that keeps images of a person."""

from __future__ import annotations

import argparse
import signal
import threading
from pathlib import Path
from typing import Any

from physio_core.camera.config import CameraConfig
from physio_core.camera.sources import open_source
from physio_lab.evaluation.index import INDEX
from physio_lab.evaluation.record import Request, leaving_no_empty_folder, record

DONE, INTERRUPTED = 0, 130  # as physio_core.cli has them


def add_commands(commands: Any, name: str) -> None:
    """Add the command."""
    parser = commands.add_parser(name, help="record a labelled clip for a test set, with consent", description=__doc__)
    parser.add_argument("--label", required=True, help="what is done, e.g. squat")
    parser.add_argument("--subject", required=True, metavar="CODE", help="who, as a code: p01; never a name")
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help=f"folder of the clips and {INDEX}")
    parser.add_argument("--consent", action="store_true", help="everyone in the picture agrees that it is stored")
    parser.add_argument("--seconds", type=float, default=10.0, help="longest length (default: %(default)g); Ctrl-C ends earlier")
    source = parser.add_mutually_exclusive_group()
    source.add_argument("--camera", type=int, default=0, metavar="N", help="number of the camera, as in /dev/video0")
    source.add_argument("--video", default="", metavar="FILE", help="a video, played as if it were a camera")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Record one clip; errors as :class:`~physio_lab.evaluation.record.Request` and :func:`record`."""
    request = Request(options.label, options.subject, options.out, options.seconds, options.consent)
    with leaving_no_empty_folder(options.out):
        return _run(options, request)


def _run(options: argparse.Namespace, request: Request) -> int:
    request.check()
    kind = "video" if options.video else "device"
    source = open_source(CameraConfig(source=kind, path=options.video, device=options.camera))
    stop = threading.Event()

    def end(*_: object) -> None:
        stop.set()
        source.interrupt()

    # A flag, so that no picture is torn while it is written.
    before = {number: signal.signal(number, end) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        made = record(request, source, lambda text: print(text, flush=True), stop.is_set)
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        source.close()
    if made is None:
        print("stopped before the first picture: nothing is written")
        return INTERRUPTED
    stopped = "stopped early; " if stop.is_set() else ""
    print(f"{stopped}wrote {made.path} ({made.seconds:.1f} s, {made.frames} pictures) and its row in {request.folder / INDEX}")
    return INTERRUPTED if stop.is_set() else DONE
