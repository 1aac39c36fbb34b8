"""How a demo ends: the exit code, the reason, the summary; and what it starts with."""

from __future__ import annotations

import argparse
import json
import math
import os
from functools import partial
from types import SimpleNamespace

import pytest
from rich.console import Console

from physio_core.assessment.repetition import Fault, Outcome, Repetition, ScoreTerm
from physio_core.cli import main
from physio_core.errors import ConfigError, UnknownExercise
from physio_core.judging.library import LibraryConfig, load_library
from physio_core.types import Side
from physio_msgs.msg import SessionEvent, SetStatus
from physio_nodes import surroundings
from physio_nodes.convert_sets import repetition_to_msg
from physio_tools import demo
from physio_tools.log import Log
from physio_tools.watch import Round

RIGHT = Round("squat", "squat", "right", "able", "squat", 0.9, 2.8, 27.04, 3)


REPETITION = repetition_to_msg(
    Repetition(
        2, Outcome.COMPLETE, Side.NONE, 1.0, 2.0, 3.0, terms=(ScoreTerm("depth", 0.5),),
        faults=(Fault("depth", 12.4, "deg", Side.LEFT),),
    )
)  # fmt: skip
VERDICT = partial(SessionEvent, kind="verdict", exercise="squat")


class Coach:
    """A coach and who watches it: after ``polls`` turns all is done, or its process has ended."""

    def __init__(self, rounds=(RIGHT,), polls=3, code=None, end_code=0, at_rest=True, latencies=(27.0,), raises=None) -> None:
        self.rounds, self.latencies_ms = list(rounds), list(latencies)
        self._polls, self._code, self._end_code, self._raises = polls, code, end_code, raises
        self.at_rest = at_rest
        self.ended_by = "pose"
        self.frames, self.frames_dropped, self.farthest_m = 100, 2, 0.041
        self.stopped = self.closed = False
        self.now_s = 0.0

    @property
    def finished(self) -> bool:
        return self._code is None and self._polls <= 0

    def spin(self, duration_s: float) -> None:
        self._polls -= 1
        self.now_s += duration_s
        if self._raises:
            raise self._raises

    def latency_ms(self, percentile: float) -> float:
        return self.latencies_ms[0] + percentile / 100 if self.latencies_ms else math.nan

    def start(self) -> None:
        pass

    def poll(self) -> int | None:
        return self._code if self._polls <= 0 else None

    def stop(self) -> int:
        self.stopped = True
        return self._end_code

    def close(self) -> None:
        self.closed = True


@pytest.fixture
def demo_of(monkeypatch, capsys):
    """Runs `physio demo` on a made-up coach; gives (exit code, what was printed)."""

    def run(coach: Coach, *arguments: str) -> tuple[int, str]:
        monkeypatch.setattr(demo, "Watch", lambda *_: coach)
        monkeypatch.setattr(demo, "write_report", lambda _database, _name, out: out)
        monkeypatch.setattr(demo, "Launch", lambda *_, **__: coach)
        monkeypatch.setattr(demo.time, "monotonic", lambda: coach.now_s)
        monkeypatch.setattr(surroundings, "free_domain", lambda: 77)
        monkeypatch.setenv("ROS_DOMAIN_ID", "0")
        monkeypatch.setenv("COLUMNS", "100")
        code = main(["demo", "--exercises", "squat", *arguments])
        assert coach.stopped and coach.closed
        return code, capsys.readouterr().out

    return run


def test_a_list_that_was_judged_with_a_base_at_rest_is_a_success(demo_of, tmp_path):
    file = tmp_path / "summary.json"
    code, out = demo_of(Coach(), "--json", str(file))
    assert code == 0
    assert "base: at rest" in out and "in ROS domain 77" in out
    summary = json.loads(file.read_text())
    assert summary.pop("report").endswith("report.html") and "report of the session: " in out
    assert summary == {
        "rounds": [
            {"asked": "squat", "seen": "squat", "verdict": "right", "persona": "able", "done": "squat", "confidence": 0.9,
             "wait_s": 2.8, "latency_ms": 27.04, "repetitions": 3, "attempt": 1, "counted": 0,
             "goal": 0, "score": None, "faults": []}
        ],
        "base_at_rest": True, "base_farthest_m": 0.041,
        "frames": 100, "frames_dropped": 2, "latency_median_ms": 27.5, "latency_p99_ms": 28.0,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("coach", "code", "reason"),
    [
        (Coach(at_rest=False), 1, "the base still moves"),
        (Coach(end_code=1), 1, "the coach ended with code 1"),
        (Coach(code=1, end_code=1), 1, "pose ended with code 1 before the list was done"),
        (Coach(code=2, end_code=2), 2, "pose ended with code 2 before the list was done"),
        (Coach(rounds=()), 1, "no exercise was judged"),
        (Coach(latencies=(), polls=10_000), 1, "no image was looked at in 30 s"),
        (Coach(polls=10_000), 1, "only 1 of 1 exercises were judged in 135 s"),
        (Coach(raises=KeyboardInterrupt()), 130, "ended by Ctrl-C"),
    ],
)
def test_every_other_end_has_its_code_and_says_why(demo_of, coach, code, reason):
    got, out = demo_of(coach)
    assert (got, reason in out) == (code, True), out
    assert ("--verbose shows what every node says" in out) is (code in (1, 2))


def test_without_odometry_the_base_is_not_spoken_of_and_its_rest_is_unknown(demo_of, tmp_path):
    file = tmp_path / "summary.json"
    code, out = demo_of(Coach(at_rest=None, latencies=(27.0,)), "--json", str(file))
    assert code == 0 and "base:" not in out
    assert json.loads(file.read_text())["base_at_rest"] is None


def test_figures_that_nobody_knows_are_null_and_not_nan(demo_of, tmp_path):
    file = tmp_path / "summary.json"
    assert demo_of(Coach(rounds=(), latencies=(), polls=10_000), "--json", str(file))[0] == 1
    summary = json.loads(file.read_text(), parse_constant=lambda word: pytest.fail(word))
    assert (summary["latency_median_ms"], summary["rounds"]) == (None, [])


@pytest.mark.parametrize(
    ("event", "said"),
    [
        (SessionEvent(kind="asked", exercise="squat", attempt=1), "asks   squat\n"),
        (SessionEvent(kind="asked", exercise="squat", attempt=2), "asks   squat once more\n"),
        (VERDICT(seen="lunge", verdict="wrong", wait_s=7.04), "judges squat: ✗ wrong, saw lunge, 7.0 s\n"),
        (VERDICT(verdict="unsure", reason="no_camera", wait_s=25.0), "judges squat: ? unsure, no camera, 25.0 s\n"),
        (VERDICT(verdict="unsure"), "judges squat: ? unsure, saw nothing, 0.0 s\n"),
        (VERDICT(seen="squat", verdict="right", current_set=SetStatus(repetitions=3, goal=3, score=92.4)),
         "judges squat: ✓ right, saw squat, 3 of 3, score 92, 0.0 s\n"),
        (SessionEvent(kind="repetition", current_set=SetStatus(repetitions=2), repetition=REPETITION),
         "counts 2: complete, score 50, left depth by 12 deg\n"),
        (SessionEvent(kind="paused"), ""),
    ],
)  # fmt: skip
def test_what_happens_is_told_as_it_happens(capsys, event, said):
    demo._print_event(Console(width=100), event)
    assert capsys.readouterr().out == said


def options(*words: str) -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    demo.add_commands(parser.add_subparsers(), "demo")
    return parser.parse_args(["demo", *words])


LIBRARY = load_library(LibraryConfig())


def test_alone_the_simulated_patients_list_is_done_by_its_personas():
    chosen = options()
    exercises = demo._exercises(chosen, LIBRARY)
    assert tuple(exercises) == demo.SIM_EXERCISES
    assert demo._arguments(chosen, exercises) == {
        "source": "sim", "mode": "list", "exercises": "[squat, shoulder_abduction, lunge, deadlift, push_up]",
        "personas": "[able, trunk_side_lean=30, able, wrong_exercise, able]", "composed": "false",
    }  # fmt: skip


def test_a_chosen_list_is_done_by_an_able_patient_unless_others_are_named():
    chosen = options("--exercises", " squat ,lunge,")
    assert demo._exercises(chosen, LIBRARY) == ["squat", "lunge"]
    assert demo._arguments(chosen, ["squat"])["personas"] == "[able]"
    assert demo._arguments(options("--personas", "slow, able"), ["squat"])["personas"] == "[slow, able]"


def test_on_a_camera_every_exercise_that_can_be_asked_for_is(monkeypatch):
    monkeypatch.setattr(demo, "open_source", lambda config: SimpleNamespace(close=lambda: None))
    chosen = options("--source", "camera", "--camera", "2")
    exercises = demo._exercises(chosen, LIBRARY)
    assert set(exercises) >= {"squat", "lunge"}
    arguments = demo._arguments(chosen, exercises)
    assert (arguments["source"], arguments["camera"]) == ("camera", "2") and "personas" not in arguments


def test_a_video_is_played_again_until_the_list_is_done(monkeypatch, tmp_path):
    monkeypatch.setattr(demo, "open_source", lambda config: SimpleNamespace(close=lambda: None))
    arguments = demo._arguments(
        options("--source", "video", "--video", str(tmp_path / "a.mp4"), "--model", str(tmp_path)), ["squat"]
    )
    assert (arguments["video"], arguments["loop"], arguments["model_dir"]) == (str(tmp_path / "a.mp4"), "true", str(tmp_path))


@pytest.mark.parametrize(
    ("words", "error", "complaint"),
    [
        (("--exercises", "headstand"), UnknownExercise, "unknown exercise 'headstand'"),
        (("--source", "camera", "--personas", "able"), ConfigError, "simulated patient what to do; with --source camera"),
        (("--personas", "lazy"), ConfigError, "unknown persona 'lazy'"),
        (("--video", "a.mp4"), ConfigError, "--video a.mp4 is played with --source video only, not with --source sim"),
    ],
)  # fmt: skip
def test_what_cannot_work_is_refused_before_anything_starts(monkeypatch, words, error, complaint):
    monkeypatch.setattr(demo, "open_source", lambda config: SimpleNamespace(close=lambda: None))
    with pytest.raises(error, match=complaint):
        demo._arguments(options(*words), demo._exercises(options(*words), LIBRARY))


@pytest.mark.parametrize(
    ("display", "words", "said"),
    [
        (":0", (), "windows: Physio Coach and the simulated clinic, which may cover it; closing one ends everything"),
        (":0", ("--source", "camera"), "windows: Physio Coach; closing one ends everything"),
        ("", (), "no display here (DISPLAY), so no window opens; what is asked and judged is printed"),
        ("", ("--source", "video", "--video", "a.mp4"), "a.mp4 is played again and again until the list is done"),
    ],
)
def test_what_opens_and_where_is_said_first(monkeypatch, display, words, said):
    monkeypatch.setenv("DISPLAY", display)
    monkeypatch.setitem(os.environ, "ROS_DOMAIN_ID", "77")
    lines = demo._opening(options(*words))
    assert lines[0] == "starting the coach; Ctrl-C ends it" and said in lines
    assert lines[-1] == "in ROS domain 77, apart from all other coaches"


def test_the_reason_of_a_node_that_refused_comes_before_a_code():
    log = Log(quiet=True)
    log("camera_node-1", "[FATAL] [1.0] [camera]: no camera at /dev/video0")
    coach = Coach(code=2, polls=0)
    assert demo._follow(coach, coach, log, 1) == "camera: no camera at /dev/video0"
