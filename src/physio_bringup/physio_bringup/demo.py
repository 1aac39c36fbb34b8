"""`physio demo`: the whole coach on the simulated clinic, a video or a webcam, with a summary at the end."""

from __future__ import annotations

import argparse
import json
import time
from dataclasses import asdict
from pathlib import Path

from rich.console import Console
from rich.table import Table

from physio_bringup.log import Log
from physio_bringup.starter.launch import Launch
from physio_bringup.watch import Round, Watch
from physio_core.coach.exercises import load_exercises, require
from physio_core.errors import ConfigError
from physio_core.share import shared_path
from physio_msgs.msg import SessionEvent

SIM_EXERCISES = ("squat", "jumping_jack", "lunge", "deadlift", "push_up")
SIM_PERSONAS = ("able", "slow", "able", "wrong_exercise", "able")
REST_WITHIN_S = 5.0
STARTED_WITHIN_S = 60.0
ROUND_WITHIN_S = 60.0

SYMBOLS = {"right": "[bold cyan]✓ right[/]", "wrong": "[bold yellow]✗ wrong[/]", "unsure": "[dim]? unsure[/]"}


def add_commands(commands: argparse._SubParsersAction, name: str) -> None:
    """Add `physio demo`."""
    parser = commands.add_parser(name, help="run the coach on the simulated clinic, a video or a webcam")
    parser.add_argument("--source", choices=["sim", "video", "camera"], default="sim", help="where the images come from")
    parser.add_argument("--video", type=Path, help="video file, for --source video")
    parser.add_argument("--camera", type=int, default=0, help="device number, for --source camera")
    parser.add_argument("--exercises", default="", help="exercises to ask for, with commas between")
    parser.add_argument("--personas", default="", help="how the simulated patient does each of them, with commas between")
    parser.add_argument("--json", type=Path, help="write the summary here")
    parser.add_argument("--verbose", action="store_true", help="print what every node says")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Run the coach through the list once.

    Returns:
        0 when every exercise was judged and the base, if there is one, stands; 1 otherwise.

    Raises:
        PhysioError: bad options, or a node that could not be started.
    """
    console = Console()
    log = Log(quiet=not options.verbose)
    launch = Launch(shared_path("launch", "coach.launch.yaml"), _arguments(options), on_line=log)
    exercises = _exercises(options)
    watch = Watch(lambda event: _tell(console, event))
    try:
        console.print("starting the coach")
        launch.start()
        failure = _follow(launch, watch, len(exercises))
        at_rest = _wait_for_rest(watch)
        code = launch.stop()
    finally:
        launch.stop()
        watch.close()
    summary = _summary(watch, at_rest)
    _print(console, watch, summary)
    if options.json:
        options.json.write_text(json.dumps(summary, indent=2) + "\n", encoding="utf-8")
    good = not failure and at_rest is not False and len(watch.rounds) >= len(exercises) and code == 0
    if not good:
        reason = failure or ("the base still moves" if at_rest is False else f"the coach ended with code {code}")
        console.print(reason, style="bold red")
        console.print("\n".join(log.tail), markup=False)
    return int(not good)


def _exercises(options: argparse.Namespace) -> list[str]:
    names = [name.strip() for name in options.exercises.split(",") if name.strip()]
    known = load_exercises()
    if not names:
        names = list(SIM_EXERCISES) if options.source == "sim" else list(known)
    for name in names:
        require(name, known)
    return names


def _arguments(options: argparse.Namespace) -> dict[str, str]:
    exercises = _exercises(options)
    arguments = {"source": options.source, "mode": "list", "exercises": f"[{', '.join(exercises)}]"}
    if options.source == "video":
        if options.video is None or not options.video.is_file():
            raise ConfigError(f"--source video needs --video FILE; {options.video or 'none'} is not a file")
        # A list of exercises may last longer than the video.
        arguments |= {"video": str(options.video.resolve()), "loop": "true"}
    if options.source == "camera":
        arguments["camera"] = str(options.camera)
    if options.source == "sim":
        personas = options.personas or ",".join("able" if options.exercises else name for name in SIM_PERSONAS)
        arguments["personas"] = f"[{', '.join(personas.split(','))}]"
    return arguments


def _follow(launch: Launch, watch: Watch, rounds: int) -> str:
    """Wait for the end of the list; gives what went wrong, or nothing."""
    deadline_s = time.monotonic() + STARTED_WITHIN_S + rounds * ROUND_WITHIN_S
    while not watch.finished:
        watch.spin(0.1)
        if launch.poll() is not None:
            return f"the coach ended with code {launch.poll()} before the list was done"
        if time.monotonic() > deadline_s:
            return f"{len(watch.rounds)} of {rounds} exercises were judged in time"
    return ""


def _wait_for_rest(watch: Watch) -> bool | None:
    deadline_s = time.monotonic() + REST_WITHIN_S
    while watch.at_rest is False and time.monotonic() < deadline_s:
        watch.spin(0.1)
    return watch.at_rest


def _tell(console: Console, event: SessionEvent) -> None:
    if event.kind == SessionEvent.ASKED:
        console.print(f"asks   {event.exercise}")
    elif event.kind == SessionEvent.VERDICT:
        console.print(
            f"judges {event.exercise}: {SYMBOLS[event.verdict]}, saw {event.seen or event.detail}, {event.wait_s:.1f} s"
        )


def _summary(watch: Watch, at_rest: bool | None) -> dict[str, object]:
    return {
        "rounds": [asdict(round_) for round_ in watch.rounds],
        "base_at_rest": at_rest,
        "frames": watch.frames,
        "frames_dropped": watch.frames_dropped,
        "latency_median_ms": round(watch.latency_ms(50), 1),
        "latency_p99_ms": round(watch.latency_ms(99), 1),
    }


def _print(console: Console, watch: Watch, summary: dict[str, object]) -> None:
    table = Table("asked", "persona", "done", "seen", "verdict", "reps", "wait [s]", "latency [ms]")
    for round_ in watch.rounds:
        table.add_row(*_cells(round_))
    console.print(table)
    rest = {True: "at rest", False: "MOVING", None: "none"}[summary["base_at_rest"]]
    console.print(
        f"image to prediction: median {summary['latency_median_ms']} ms, p99 {summary['latency_p99_ms']} ms; "
        f"images dropped: {summary['frames_dropped']} of {summary['frames']}; base: {rest}"
    )


def _cells(round_: Round) -> list[str]:
    repetitions = "" if round_.repetitions is None else str(round_.repetitions)
    verdict = SYMBOLS[round_.verdict]
    known = [round_.asked, round_.persona, round_.done, round_.seen, verdict, repetitions]
    return [*known, f"{round_.wait_s:.1f}", f"{round_.latency_ms:.0f}"]
