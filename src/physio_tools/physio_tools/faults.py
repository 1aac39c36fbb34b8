"""`physio faults`: kills every node of the running coach, one after the other while the robot moves, and watches the base.

Whichever node dies, the base must come to rest and stay there. The table that it prints is in docs/safety.md.
"""

from __future__ import annotations

import argparse
import signal
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median
from typing import Any

from rich.console import Console
from rich.table import Table
from std_srvs.srv import Trigger

from physio_core.cli import listed, whole_number
from physio_core.errors import LaunchError
from physio_core.files import check_writable, write_json
from physio_core.robot.gesture import GestureConfig
from physio_core.share import shared_path
from physio_core.whole_table import print_whole
from physio_nodes.surroundings import stay_apart
from physio_tools.launcher.launch import Launch
from physio_tools.log import Log
from physio_tools.watch import Watch

NODES = ("pose", "action", "coach", "screen", "robot", "stop_guard")
COMPOSED = ("composed", "screen", "robot", "stop_guard")
"""Processes, where pose, action and coach share one."""
MOVES_WITHIN_S = 90.0
WATCHED_S = 3.5
POLL_S = 1.0
BACK_WITHIN_S = 60.0

GESTURE_S = GestureConfig().shake_s + 0.2
"""A node that has no part in motion may die while the robot ends its gesture, at longest a shake, and comes to rest."""

ALLOWED_S = {"robot": 0.4, "stop_guard": 0.4, "pose": 0.6, "action": 0.6, "composed": 0.6, "coach": 0.6}
"""Longest motion after the death of a node that the gesture depends on [s]."""


@dataclass(frozen=True)
class Killed:
    """What followed the death of one node while the robot moved."""

    node: str
    moved_on_s: float
    allowed_s: float

    @property
    def safe(self) -> bool:
        """Whether the base came to rest in time, and was still at rest at the end."""
        return self.moved_on_s <= self.allowed_s


def add_commands(commands: argparse._SubParsersAction[argparse.ArgumentParser], name: str) -> Any:
    """Add `physio faults`; returns the group of what else is measured with faults."""
    parser = commands.add_parser(name, help="kill every node while the simulated robot moves, and watch the base")
    parser.add_argument("--nodes", default="", help="only these, with commas between")
    parser.add_argument("--composed", action="store_true", help="pose, hand, action and coach in one process")
    parser.add_argument("--repetitions", type=whole_number(1), default=1, metavar="N", help="kill each so often (default: 1)")
    parser.add_argument("--json", type=Path, help="write every kill here")
    parser.add_argument("--verbose", action="store_true", help="print the output of every node")
    parser.set_defaults(run=run)
    return parser.add_subparsers(title="commands", metavar="COMMAND", help="without one: kill nodes")


def run(options: argparse.Namespace) -> int:
    """Kill and watch, in a ROS domain of its own: no other robot is re-armed or moved.

    Returns:
        0 when the base came to rest and stayed there each time.
    """
    check_writable(options.json)
    stay_apart()
    console = Console()
    names = listed("--nodes", options.nodes) or list(COMPOSED if options.composed else NODES)
    results: list[Killed] = []
    try:
        for one in kill_each(names * options.repetitions, Log(quiet=not options.verbose), console):
            results.append(one)
            if options.json:  # at once, so that nothing is lost with what may end the run later
                write_json(options.json, [asdict(result) for result in results])
    finally:
        if results:
            print_whole(console, _table(results))
    return int(not all(result.safe for result in results))


def _table(results: list[Killed]) -> Table:
    columns = ("times", r"base moved on for \[s]: median", "longest", r"allowed \[s]", "safe")
    table = Table("killed while moving", *columns)
    for name in dict.fromkeys(one.node for one in results):
        kills = [one for one in results if one.node == name]
        times_s, safe = [one.moved_on_s for one in kills], all(one.safe for one in kills)
        figures = (f"{median(times_s):.2f}", f"{max(times_s):.2f}", f"{kills[0].allowed_s:g}")
        table.add_row(name, str(len(kills)), *figures, "yes" if safe else "NO")
    return table


def kill_each(names: list[str], log: Log, console: Console) -> Iterator[Killed]:
    """Run the coach on the simulated clinic, kill these nodes in turn and say what followed each.

    Raises:
        LaunchError: a name that is not a node of the coach, or a robot that never moved.
    """
    arguments = {"source": "sim", "mode": "random", "exercises": "[squat, jumping_jack]", "personas": "[able]"}
    arguments["composed"] = str("composed" in names).lower()
    watch = Watch()
    with Launch(shared_path("launch", "coach.launch.yaml"), arguments, on_line=log) as launch:
        try:
            unknown = [name for name in names if name not in launch.processes]
            if unknown:
                raise LaunchError(f"no node named {', '.join(unknown)}; there are: {', '.join(launch.processes)}")
            for name in names:
                yield _kill(name, launch, watch, console)
        finally:
            watch.close()


def _kill(name: str, launch: Launch, watch: Watch, console: Console) -> Killed:
    child = launch.processes[name]
    _wait_for_motion(name, watch, console)
    console.print(f"the robot moves: killing {name}, pid {child.pid}")
    child.send(signal.SIGKILL)
    killed_s = time.monotonic()
    watch.spin(WATCHED_S)
    after_s = max(watch.moved_s - killed_s, 0.0)
    console.print(f"  the base moved for {after_s:.2f} s more")
    return Killed(name, round(after_s, 3), ALLOWED_S.get(name, GESTURE_S))


def _wait_for_motion(name: str, watch: Watch, console: Console) -> None:
    deadline_s = time.monotonic() + MOVES_WITHIN_S
    _rearm(watch)
    while watch.until(lambda: watch.at_rest is False, POLL_S) is None:
        if time.monotonic() > deadline_s:
            raise LaunchError(f"the robot did not move within {MOVES_WITHIN_S:.0f} s before {name} was to be killed")
        if watch.held_because:
            console.print(f"  held at zero: {watch.held_because}; re-arming")
            _rearm(watch)


def _rearm(watch: Watch) -> None:
    """What a person does after a fault: wait until both are back, then re-arm."""
    if not watch.ask(Trigger, "robot/rearm", Trigger.Request(), lambda answer: answer.success, BACK_WITHIN_S):
        raise LaunchError("the robot could not be re-armed")
