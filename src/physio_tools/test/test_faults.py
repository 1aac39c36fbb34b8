"""`physio faults`: when a killed node counts as safe, what is said of it, and what ends the run."""

from __future__ import annotations

import argparse
import json
import os
import signal
from types import SimpleNamespace

import pytest
from rich.console import Console

from physio_core.cli import main
from physio_core.errors import LaunchError
from physio_core.robot.gesture import GestureConfig
from physio_nodes import surroundings
from physio_tools import faults
from physio_tools.faults import ALLOWED_S, COMPOSED, GESTURE_S, NODES, Killed

QUIET = Console(quiet=True)


@pytest.fixture(autouse=True)
def domain(monkeypatch):
    """The terminal's domain is 0; the one that is free is 77."""
    monkeypatch.setenv("ROS_DOMAIN_ID", "0")
    monkeypatch.setattr(surroundings, "free_domain", lambda: 77)


@pytest.mark.parametrize(
    ("moved_on_s", "safe"), [(0.0, True), (0.39, True), (0.4, True), (0.401, False), (3.5, False), (float("nan"), False)]
)
def test_the_base_must_stand_within_the_time_that_is_allowed(moved_on_s, safe):
    assert Killed("robot", moved_on_s, 0.4).safe is safe


def test_the_two_safety_processes_have_the_promised_time_and_others_at_most_a_gesture():
    assert ALLOWED_S["robot"] == ALLOWED_S["stop_guard"] == 0.4
    assert set(ALLOWED_S) < {*NODES, *COMPOSED}
    assert max(ALLOWED_S.values()) < GESTURE_S == GestureConfig().shake_s + 0.2


def test_a_list_that_names_no_node_is_not_taken_for_all_of_them(monkeypatch, capsys):
    monkeypatch.setattr(faults, "kill_each", lambda *_: pytest.fail("nodes were killed"))
    assert main(["faults", "--nodes", ","]) == 2
    assert "--nodes ',' names nothing" in capsys.readouterr().err


def test_no_other_robot_of_the_machine_is_rearmed_or_moved(monkeypatch):
    monkeypatch.setattr(faults, "kill_each", lambda *_: [Killed("robot", float(os.environ["ROS_DOMAIN_ID"] != "77"), 0.4)])
    assert main(["faults", "--nodes", "robot"]) == 0


@pytest.mark.parametrize(("moved_on_s", "code"), [((0.1, 0.39), 0), ((0.1, 0.41), 1)])
def test_one_node_after_whose_death_the_base_moves_on_is_enough_to_fail(monkeypatch, tmp_path, moved_on_s, code):
    killed = [Killed(node, moved_s, 0.4) for node, moved_s in zip(("robot", "stop_guard"), moved_on_s, strict=True)]
    monkeypatch.setattr(faults, "kill_each", lambda names, *_: killed if names == list(NODES) else [])
    assert main(["faults", "--json", str(tmp_path / "f.json")]) == code
    assert [one["moved_on_s"] for one in json.loads((tmp_path / "f.json").read_text())] == list(moved_on_s)


def test_each_is_killed_as_often_as_is_asked_and_the_longest_time_is_what_counts(monkeypatch, tmp_path, capsys):
    asked: list[str] = []

    def kill(names, *_):
        asked.extend(names)
        return [Killed("robot", moved_s, 0.4) for moved_s in (0.1, 0.45, 0.2)]

    monkeypatch.setattr(faults, "kill_each", kill)
    assert main(["faults", "--nodes", "robot", "--repetitions", "3"]) == 1
    assert asked == ["robot"] * 3
    row = next(line for line in capsys.readouterr().out.splitlines() if "robot" in line)
    assert [cell.strip() for cell in row.split("│")[1:-1]] == ["robot", "3", "0.20", "0.45", "0.4", "NO"]


class Robot:
    """A robot that moves when re-armed, as a watch sees it, with a clock of its own."""

    def __init__(self, monkeypatch, moves_on_s=0.0, armable=True, moves=True, held=()) -> None:
        self.now_s, self.moved_s, self.killed_s = 100.0, 0.0, None
        self._moves_on_s, self._armable, self._moves, self._held = moves_on_s, armable, moves, list(held)
        self.asked: list[str] = []
        self.closed = False
        monkeypatch.setattr(faults.time, "monotonic", lambda: self.now_s)

    @property
    def at_rest(self):
        return not self._moves or bool(self._held)

    @property
    def held_because(self):
        return self._held.pop() if self._held else ""

    def until(self, ready, timeout_s):
        self.now_s += timeout_s
        return 0.1 if ready() else None

    def ask(self, _kind, service, _request, _good, _timeout_s):
        self.asked.append(service)
        return self._armable

    def spin(self, duration_s):
        self.moved_s = self.now_s + self._moves_on_s if self._moves_on_s else self.now_s - 1.0
        self.now_s += duration_s

    def close(self):
        self.closed = True


def killed(robot: Robot, node: str = "stop_guard") -> tuple[Killed, list[int]]:
    sent: list[int] = []
    launch = SimpleNamespace(processes={node: SimpleNamespace(pid=7, send=sent.append)})
    return faults._kill(node, launch, robot, QUIET), sent


@pytest.mark.parametrize(("moves_on_s", "safe"), [(0.0, True), (0.25, True), (1.5, False)])
def test_a_node_is_killed_while_the_base_moves_and_how_long_it_moves_on_is_measured(monkeypatch, moves_on_s, safe):
    robot = Robot(monkeypatch, moves_on_s)
    result, sent = killed(robot)
    assert sent == [signal.SIGKILL]
    assert (result.node, result.moved_on_s, result.allowed_s, result.safe) == ("stop_guard", moves_on_s, 0.4, safe)
    assert robot.asked == ["robot/rearm"]


def test_a_node_that_is_no_part_of_motion_has_the_time_of_a_gesture(monkeypatch):
    assert killed(Robot(monkeypatch), "screen")[0].allowed_s == GESTURE_S


def test_a_base_that_is_held_is_rearmed_again(monkeypatch):
    robot = Robot(monkeypatch, held=["guard_restarted"])
    killed(robot)
    assert robot.asked == ["robot/rearm"] * 2


def test_a_robot_that_never_moves_ends_the_run_with_a_reason(monkeypatch):
    with pytest.raises(LaunchError, match="the robot did not move within 90 s before pose was to be killed"):
        killed(Robot(monkeypatch, moves=False), "pose")


def test_a_guard_that_cannot_be_rearmed_ends_the_run_with_a_reason(monkeypatch):
    with pytest.raises(LaunchError, match="could not be re-armed"):
        killed(Robot(monkeypatch, armable=False))


def test_a_name_that_is_no_node_is_refused_with_those_there_are(monkeypatch):
    robot = Robot(monkeypatch)

    class Launched:
        def __init__(self, *_, **__):
            self.processes = dict.fromkeys(NODES)

        def __enter__(self):
            return self

        def __exit__(self, *_):
            pass

    monkeypatch.setattr(faults, "Watch", lambda: robot)
    monkeypatch.setattr(faults, "Launch", Launched)
    with pytest.raises(LaunchError, match="no node named pozer; there are: pose, action, coach, screen, robot, stop_guard"):
        list(faults.kill_each(["pose", "pozer"], None, QUIET))
    assert robot.closed


@pytest.mark.parametrize(("moved_on_s", "code", "mark"), [(0.2, 0, "yes"), (0.6, 1, "NO")])
def test_the_exit_code_and_the_table_say_whether_all_was_safe(monkeypatch, tmp_path, capsys, moved_on_s, code, mark):
    asked = []

    def kill_each(names, _log, _console):
        asked.extend(names)
        return [Killed("pose", 0.1, 0.6), Killed("robot", moved_on_s, 0.4)]

    monkeypatch.setattr(faults, "kill_each", kill_each)
    file = tmp_path / "table.json"
    assert faults.run(argparse.Namespace(nodes=" pose, robot,", json=file, verbose=False, composed=False, repetitions=1)) == code
    assert asked == ["pose", "robot"]
    out = capsys.readouterr().out
    assert "base moved on for [s]" in out and mark in out
    assert json.loads(file.read_text())[1] == {"node": "robot", "moved_on_s": moved_on_s, "allowed_s": 0.4}


def test_what_ends_the_run_later_takes_no_kill_away(monkeypatch, tmp_path, capsys):
    def kill_each(*_):
        yield Killed("pose", 0.3, 0.6)
        raise LaunchError("the robot did not move within 90 s")

    monkeypatch.setattr(faults, "kill_each", kill_each)
    file = tmp_path / "table.json"
    assert main(["faults", "--json", str(file)]) == 2
    said = capsys.readouterr()
    assert [one["node"] for one in json.loads(file.read_text())] == ["pose"]
    assert "0.30" in said.out and said.err == "physio: the robot did not move within 90 s\n"


@pytest.mark.parametrize("composed", [False, True])
def test_without_names_every_process_is_killed(monkeypatch, composed):
    asked = []
    monkeypatch.setattr(faults, "kill_each", lambda names, *_: asked.extend(names) or [])
    assert faults.run(argparse.Namespace(nodes="", json=None, verbose=False, composed=composed, repetitions=1)) == 0
    assert asked == list(COMPOSED if composed else NODES)
