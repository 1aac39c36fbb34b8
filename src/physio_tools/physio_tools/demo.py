"""`physio demo`: the whole coach on the simulated clinic, a video or a webcam, with a summary at the end."""

from __future__ import annotations

import argparse
import math
import os
import tempfile
import time
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from pathlib import Path

from rich import box
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from physio_core import cli
from physio_core.assessment.repetition import Fault, Outcome
from physio_core.camera.config import CameraConfig
from physio_core.camera.sources import open_source
from physio_core.errors import ConfigError
from physio_core.exercises.catalogue import askable, require
from physio_core.exercises.kinds import sensed_by_hand
from physio_core.files import check_writable, write_json
from physio_core.judging.library import Library, LibraryConfig, load_library
from physio_core.motion.movements import EXERCISES
from physio_core.share import shared_path
from physio_core.whole_table import print_whole
from physio_msgs.msg import SessionEvent, Speech
from physio_nodes.convert_sets import repetition_from_msg
from physio_nodes.surroundings import stay_apart
from physio_records.entries import ConsentGiven, Scope
from physio_records.report_command import write_report
from physio_records.store.store import Store
from physio_tools.launcher.launch import REFUSED, Launch
from physio_tools.log import Log
from physio_tools.watch import Round, Watch

SIM_EXERCISES = ("squat", "shoulder_abduction", "lunge", "deadlift", "push_up")
SIM_PERSONAS = ("able", "trunk_side_lean=30", "able", "wrong_exercise", "able")
REST_WITHIN_S = 5.0
STARTED_WITHIN_S = 60.0
ROUND_WITHIN_S = 75.0
REPETITIONS = 4
"""Of each set: enough to be counted, few enough to be watched."""
PATIENT = "demo1"
IMAGES_WITHIN_S = 30.0
POLL_S = 0.1

KNOWN = """\
What the simulation knows and the coach does not. reps: whole ones from when the
patient was asked until the verdict. counted: in the coach's turn alone, each as
soon as the patient is back, a moment before the simulation calls it whole."""

SYMBOLS = {"right": "[bold cyan]✓ right[/]", "wrong": "[bold yellow]✗ wrong[/]", "unsure": "[dim]? unsure[/]"}


def add_commands(commands: argparse._SubParsersAction[argparse.ArgumentParser], name: str) -> None:
    """Add `physio demo`."""
    parser = commands.add_parser(name, help="run the coach on the simulated clinic, a video or a webcam")
    parser.add_argument("--source", choices=["sim", "video", "camera"], default="sim", help="where the images come from")
    parser.add_argument("--video", type=Path, help="video file, for --source video")
    parser.add_argument("--camera", type=int, default=0, help="device number, for --source camera")
    parser.add_argument("--exercises", default="", help="exercises to ask for, with commas between")
    parser.add_argument("--model", type=Path, help="folder of a model, with the exercises that it was taught, e.g. models/mine")
    parser.add_argument("--exercise-dir", type=Path, help="folder of further exercise files")
    parser.add_argument("--personas", default="", help="how the simulated patient does each of them, with commas between")
    parser.add_argument("--composed", action="store_true", help="camera, pose, hand, action, coach and records in one process")
    parser.add_argument("--json", type=Path, help="write the summary here")
    parser.add_argument("--verbose", action="store_true", help="print what every node says")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Run the coach through the list once, in a ROS domain of its own, so that no other coach on this machine mixes in.

    Returns:
        Exit code, see :mod:`physio_core.cli`: 0 when every exercise was judged and the base, if there is one, stands; 1 when
        not; 2 when a node refused to run.

    Raises:
        PhysioError: bad options, or something that is needed is not there.
    """
    check_writable(options.json, reads=[options.video])
    library = load_library(LibraryConfig(str(options.model or ""), str(options.exercise_dir or "")))
    exercises = _exercises(options, library)
    arguments = _arguments(options, exercises)
    stay_apart()
    folder = Path(tempfile.mkdtemp(prefix="physio_demo_"))
    arguments |= {"patient": PATIENT, "database": str(folder / "record.sqlite"), "repetitions": str(REPETITIONS)}
    with Store(arguments["database"]) as store:
        store.write([ConsentGiven(PATIENT, Scope.RECORD)])
    console, log = Console(), Log(quiet=not options.verbose)
    launch = Launch(shared_path("launch", "coach.launch.yaml"), arguments, on_line=log)
    console.print("\n".join([*library.lacks(), *_opening(options)]), markup=False, highlight=False, soft_wrap=True)
    watch = Watch(lambda event: _print_event(console, event), lambda cue: _print_cue(console, cue))
    interrupted = False
    try:
        launch.start()
        failure = _follow(launch, watch, log, len(exercises))
        at_rest = _wait_for_rest(watch)
    except KeyboardInterrupt:
        interrupted, failure, at_rest = True, "ended by Ctrl-C", watch.at_rest
    finally:
        code = launch.stop()
        watch.close()
    report = write_report(arguments["database"], PATIENT, folder / "report.html") if watch.rounds else None
    summary = _summary(watch, at_rest) | {"report": str(report) if report else None}
    if options.json:
        write_json(options.json, summary)
    _print(console, watch, at_rest)
    if report:
        console.print(f"report of the session: {report}", markup=False, highlight=False, soft_wrap=True)
    if not failure and (at_rest is False or code):
        failure = "the base still moves" if at_rest is False else f"the coach ended with code {code}"
    if not failure:
        return cli.DONE
    console.print(failure, style="bold red", markup=False, highlight=False, soft_wrap=True)
    if interrupted:
        return cli.INTERRUPTED
    if not options.verbose:
        console.print("--verbose shows what every node says", style="dim")
    return cli.REFUSED if code == REFUSED else cli.AMISS


def _exercises(options: argparse.Namespace, library: Library) -> list[str]:
    names = cli.listed("--exercises", options.exercises)
    if not names:
        names = list(SIM_EXERCISES) if options.source == "sim" else list(askable(library.exercises))
    can_do = (*EXERCISES, *(name for name, one in library.exercises.items() if one.figure and sensed_by_hand(one.kind)))
    for name in names:
        require(name, library.exercises)
        if options.source == "sim" and name not in can_do:
            raise ConfigError(
                f"the simulated patient cannot do {name}, only {', '.join(can_do)}; "
                "do it yourself with --source camera, or play a clip with --source video --video FILE"
            )
    return names


def _arguments(options: argparse.Namespace, exercises: list[str]) -> dict[str, str]:
    """Launch arguments; the source of the images is tried first, so that a refusal costs no start of the coach."""
    arguments = {"source": options.source, "mode": "list", "exercises": f"[{', '.join(exercises)}]"}
    arguments["composed"] = str(options.composed).lower()
    if options.model:
        arguments["model_dir"] = str(options.model.expanduser().resolve())
    if options.exercise_dir:
        arguments["exercise_dir"] = str(options.exercise_dir.expanduser().resolve())
    if options.source == "video":
        if options.video is None:
            raise ConfigError("--source video plays a file: give one with --video FILE (make demo SOURCE=video VIDEO=FILE)")
        open_source(CameraConfig(source="video", path=str(options.video))).close()
        # A list of exercises may last longer than the video.
        arguments |= {"video": str(options.video.resolve()), "loop": "true"}
    elif options.video is not None:
        raise ConfigError(f"--video {options.video} is played with --source video only, not with --source {options.source}")
    if options.source == "camera":
        open_source(CameraConfig(source="device", device=options.camera)).close()
        arguments["camera"] = str(options.camera)
    if options.source == "sim":
        from physio_sim.patient.personas import persona_named  # a robot may go without the simulation

        personas = cli.listed("--personas", options.personas) or (["able"] if options.exercises else list(SIM_PERSONAS))
        for name in personas:
            persona_named(name)
        arguments["personas"] = f"[{', '.join(personas)}]"
    elif options.personas:
        raise ConfigError(f"--personas tells the simulated patient what to do; with --source {options.source} there is none")
    return arguments


def _opening(options: argparse.Namespace) -> list[str]:
    """What the user is told while everything starts."""
    lines = ["starting the coach; Ctrl-C ends it"]
    if os.environ.get("DISPLAY"):
        room = " and the simulated clinic, which may cover it" if options.source == "sim" else ""
        lines.append(f"windows: Physio Coach{room}; closing one ends everything")
    else:
        lines.append("no display here (DISPLAY), so no window opens; what is asked and judged is printed")
    if options.source == "video":
        lines.append(f"{options.video} is played again and again until the list is done")
    lines.append(f"in ROS domain {os.environ['ROS_DOMAIN_ID']}, apart from all other coaches")
    return lines


def _follow(launch: Launch, watch: Watch, log: Log, rounds: int) -> str:
    """Wait for the end of the list; gives what went wrong, or nothing."""
    begun_s = time.monotonic()
    while not watch.finished:
        watch.spin(POLL_S)
        waited_s = time.monotonic() - begun_s
        if launch.poll() is not None:
            ended = f"{launch.ended_by or 'the coach'} ended with code {launch.poll()} before the list was done"
            return (log.reason if launch.poll() else "") or ended
        if not watch.latencies_ms and waited_s > IMAGES_WITHIN_S:
            return log.reason or f"no image was looked at in {IMAGES_WITHIN_S:.0f} s"
        if waited_s > STARTED_WITHIN_S + rounds * ROUND_WITHIN_S:
            return f"only {len(watch.rounds)} of {rounds} exercises were judged in {waited_s:.0f} s"
    return "" if watch.rounds else log.reason or "no exercise was judged"


def _wait_for_rest(watch: Watch) -> bool | None:
    deadline_s = time.monotonic() + REST_WITHIN_S
    while watch.at_rest is False and time.monotonic() < deadline_s:
        watch.spin(POLL_S)
    return watch.at_rest


def _print_event(console: Console, event: SessionEvent) -> None:
    if event.kind == SessionEvent.ASKED:
        console.print(f"asks   {event.exercise}{' once more' if event.attempt > 1 else ''}", soft_wrap=True)
    elif event.kind == SessionEvent.VERDICT:
        work = event.current_set
        count = f", {work.repetitions} of {work.goal}" if work.goal else ""
        count += f", score {work.score:.0f}" if work.repetitions and not math.isnan(work.score) else ""
        saw = f"saw {event.seen}" if event.seen else event.reason.replace("_", " ") or "saw nothing"
        verdict = f"judges {event.exercise}: {SYMBOLS[event.verdict]}, {saw}{count}, {event.wait_s:.1f} s"
        console.print(verdict, soft_wrap=True)
    elif event.kind == SessionEvent.REPETITION:
        done, number = repetition_from_msg(event.repetition), event.current_set.repetitions
        judged = done.outcome in (Outcome.COMPLETE, Outcome.PARTIAL)
        scored = [f"score {done.score:.0f}"] if judged and not math.isnan(done.score) else []
        said = [done.outcome.value, *scored, *(map(_fault, done.faults) if judged else ())]
        console.print(f"counts {number}: {', '.join(said)}", markup=False, highlight=False, soft_wrap=True)


def _fault(fault: Fault) -> str:
    return f"{fault.side.value} {fault.name} by {fault.size:.0f} {fault.unit}".strip()


def _print_cue(console: Console, cue: Speech) -> None:
    console.print(f'says   "{cue.text}"', markup=False, highlight=False, soft_wrap=True)


def _summary(watch: Watch, at_rest: bool | None) -> dict[str, object]:
    def rounded(value: float) -> float | None:
        return None if math.isnan(value) else round(value, 1)

    return {
        "rounds": [asdict(round_) for round_ in watch.rounds],
        "base_at_rest": at_rest,
        "base_farthest_m": None if at_rest is None else round(watch.farthest_m, 3),
        "frames": watch.frames,
        "frames_dropped": watch.frames_dropped,
        "latency_median_ms": rounded(watch.latency_ms(50)),
        "latency_p99_ms": rounded(watch.latency_ms(99)),
    }


def _print(console: Console, watch: Watch, at_rest: bool | None) -> None:
    """What the coach says, and in a table below what the simulation knows, where it knows something; no name is cut."""
    if not watch.rounds:
        return
    simulated = any(round_.persona for round_ in watch.rounds)
    print_whole(console, _table(("asked", "saw", "verdict", "counted", "score", "wait [s]"), map(_said, watch.rounds)))
    if simulated:
        console.print(KNOWN, markup=False, highlight=False, soft_wrap=True)
        print_whole(console, _table(("asked", "patient", "did", "reps"), map(_known, watch.rounds)))
    rest = {True: "; base: at rest", False: "; base: MOVING", None: ""}[at_rest]
    console.print(
        f"image to prediction: median {watch.latency_ms(50):.1f} ms, p99 {watch.latency_ms(99):.1f} ms; "
        f"images dropped: {watch.frames_dropped} of {watch.frames}{rest}",
        soft_wrap=True,
    )


def _table(headings: Iterable[str], rows: Iterable[Sequence[str]]) -> Table:
    table = Table(box=box.SIMPLE, padding=0)
    for heading in headings:
        table.add_column(escape(heading), no_wrap=True)
    for row in rows:
        table.add_row(*row)
    return table


def _said(round_: Round) -> list[str]:
    counted = f"{round_.counted}/{round_.goal}" if round_.goal else "-"
    score = "-" if round_.score is None else f"{round_.score:.0f}"
    saw = _or_same(round_.seen, round_)
    return [round_.asked, saw, SYMBOLS[round_.verdict], counted, score, f"{round_.wait_s:.1f}"]


def _known(round_: Round) -> list[str]:
    repetitions = "-" if round_.repetitions is None else str(round_.repetitions)
    return [round_.asked, round_.persona or "-", _or_same(round_.done, round_), repetitions]


def _or_same(exercise: str, round_: Round) -> str:
    return "the same" if exercise == round_.asked else exercise or "-"
