"""`physio profile`: where the seconds of a classification go, recorded first, estimated while recording, or continually."""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

from rich.console import Console
from rich.table import Table

from physio_core.errors import InputError
from physio_core.files import check_writable, write_json
from physio_lab.evaluation.profile import Profile, Way, profile
from physio_lab.evaluation.tables import blocks_in, write_block
from physio_lab.reports.markdown import markdown_table
from physio_lab.synthetic.clips import render_clip
from physio_sim.params import ClinicConfig

SECONDS = 10.0
FPS = 30.0
HEADER = ("way", "import", "initialise", "record", "pose", "infer", "wait", "thesis's wait")
NOTE = (
    "Seconds of one classification; wait is the thesis's total waiting time, from the end of the recording to the verdict. "
    "Recording is left out of it, and so are import and initialise where they are done before the recording (second way; there "
    "pose is what is left after the last image). In the third way everything is loaded and an image is there: the time until its "
    "prediction. The thesis's seconds are those of its own machine, pose estimators and network: what is compared is the way, "
    "not the processor."
)


def add_commands(commands: argparse._SubParsersAction[argparse.ArgumentParser], name: str) -> None:
    """Add `physio profile`."""
    parser = commands.add_parser(name, help="time import, set-up, recording, pose and inference, as the thesis did")
    parser.add_argument("--video", type=Path, help="a person exercising (default: the simulated patient, rendered first)")
    parser.add_argument("--seconds", type=float, default=SECONDS, help="how much of it (default: %(default)g)")
    parser.add_argument("--model", default="", help="model folder (default: the one that ships)")
    parser.add_argument("--json", type=Path, help="write the figures here")
    parser.add_argument("--tables", type=Path, help="write the table into a Markdown page, between its marks")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Measure, print, write."""
    if not 0.0 < options.seconds <= 600.0:
        raise InputError(f"--seconds {options.seconds:g} must be more than 0 and at most 600")
    check_writable(options.json, options.tables, reads=[options.video])
    if options.tables:
        blocks_in(options.tables, "profile")
    console = Console()
    with tempfile.TemporaryDirectory() as folder, console.status("rendering the simulated patient") as status:
        video = options.video
        if video is None:
            clip = render_clip(Path(folder), "squat", "able", "best", ClinicConfig(), options.seconds, FPS)
            video = Path(folder, clip.file)
        status.update("timing imports, pose and networks")
        result = profile(video, options.seconds, options.model)
    if options.json:
        write_json(options.json, result.as_dict())
    if options.tables:
        write_block(options.tables, "profile", markdown(result))
    table = Table(*HEADER, title="seconds")
    for row in rows(result):
        table.add_row(*row)
    console.print(table)
    console.print(NOTE)
    console.print(after(result))
    return 0


def rows(result: Profile) -> list[tuple[str, ...]]:
    """Cells of the table."""

    def cells(name: str, way: Way) -> tuple[str, ...]:
        parts = (way.import_s, way.initialise_s, way.record_s, way.pose_s, way.infer_s, way.wait_s)
        thesis = ", ".join(f"{seconds:.1f} ({estimator})" for estimator, seconds in way.thesis_s.items())
        return name, *(f"{part:.4f}" if 0 < part < 0.1 else f"{part:.2f}" for part in parts), thesis or "-"

    return [
        cells("record, then pose, then infer", result.record_then_pose_then_infer),
        cells("pose while recording, then infer", result.pose_while_recording),
        cells("continual: each image", result.continual),
    ]


def after(result: Profile) -> str:
    """What the table does not hold, in a few sentences."""
    imports = ", ".join(f"{name} {seconds:.2f} s" for name, seconds in result.imports_s.items())
    first = result.first_label_s
    named = "no exercise was named" if first is None else f"an exercise was first named {first:.1f} s after the first image"
    return (
        f"{result.frames} images; {named}. Imports on their own, each in a fresh process: {imports}. "
        f"When this began, {result.load:.1f} processes ran or waited for the {result.cpus} processors (mean of a minute)."
    )


def markdown(result: Profile) -> str:
    """The table for a page of the documentation."""
    above = ["Written by `physio profile --tables FILE`.", "", NOTE, ""]
    return "\n".join([*above, *markdown_table(HEADER, rows(result)), "", after(result)])
