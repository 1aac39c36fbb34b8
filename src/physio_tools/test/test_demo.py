"""`physio demo` says in one line what went wrong, shows only what it knows, and keeps to itself."""

from __future__ import annotations

import io
import subprocess
from types import SimpleNamespace

import pytest
from rich.console import Console

from physio_tools import demo
from physio_tools.log import Log
from physio_tools.watch import Round

SEEN = Round("jumping_jack", "jumping_jack", "right", "wrong_exercise", "squat", 0.9, 3.14159, 27.0, 3)


def heard(*lines: str) -> Log:
    log = Log(quiet=True)
    for line in lines:
        log("camera_node-1", line)
    return log


def test_the_reason_is_what_the_node_said_that_refused_first():
    log = heard(
        "\x1b[31m[ERROR] [1700000000.5] [camera]: trying again\x1b[0m",
        "KeyboardInterrupt",
        "ValueError: later",
        "[FATAL] [1700000000.6] [ward.camera]: a.mp4 cannot be read as a video",
        "[FATAL] [1700000000.7] [pose]: another",
    )
    assert log.reason == "camera: a.mp4 cannot be read as a video"


@pytest.mark.parametrize(
    ("lines", "reason"),
    [
        (["[ERROR] [1.0] [camera]: lost", "[ERROR] [2.0] [camera]: gone"], "camera: gone"),
        (["ValueError: broken", "[ERROR] [2.0] [pose]: so"], "camera_node-1: ValueError: broken"),
        (["KeyboardInterrupt", "all is well"], ""),
    ],
)  # fmt: skip
def test_without_a_refusal_the_reason_is_what_broke_or_was_last_complained_of(lines, reason):
    assert heard(*lines).reason == reason


@pytest.mark.parametrize("simulated", [True, False])
def test_the_table_fits_80_columns_uncut_and_holds_only_what_is_known(simulated):
    round_ = SEEN if simulated else Round("squat", "", "unsure", "", "", 0.0, 20.0, float("nan"), None)
    watch = SimpleNamespace(rounds=[round_], latency_ms=lambda _p: 27.0, frames=100, frames_dropped=2)
    out = io.StringIO()
    demo._print(Console(file=out, width=80), watch, at_rest=True if simulated else None)
    text = out.getvalue()
    assert "wait [s]" in text
    assert "…" not in text
    assert "nan" not in text
    assert ("did" in text, "wrong_exercise" in text, "base: at rest" in text) == (simulated,) * 3
    tables, _, _ = text.partition("image to prediction")
    assert max(map(len, tables.splitlines())) <= 80


def test_names_are_whole_at_80_columns_and_what_is_compared_is_said():
    names = [("shoulder_abduction", "trunk_side_lean=30"), ("draw_circle_clockwise", "wrong_exercise")]
    rounds = [
        Round(asked, asked, "right", persona, "deadlift", 0.9, 18.3, 27.0, 3, counted=4, goal=4) for asked, persona in names
    ]
    watch = SimpleNamespace(rounds=rounds, latency_ms=lambda _p: 27.0, frames=100, frames_dropped=2)
    out = io.StringIO()
    demo._print(Console(file=out, width=80), watch, at_rest=True)
    assert all(name in out.getvalue() for pair in names for name in pair)
    assert demo.KNOWN in out.getvalue()


def test_nothing_judged_prints_no_table_and_no_figures():
    out = io.StringIO()
    demo._print(Console(file=out), SimpleNamespace(rounds=[]), at_rest=None)
    assert out.getvalue() == ""


@pytest.mark.parametrize(
    ("options", "complaint"),
    [
        (["--exercises", "headstand"], "unknown exercise 'headstand'; known: deadlift"),
        (["--source", "video"], "give one with --video FILE"),
        (["--source", "video", "--video", "/no/such.mp4"], "/no/such.mp4"),
        (["--source", "video", "--video", "/"], "/ is not a file; give a video (physio launch plays a folder"),
        (["--source", "video", "--video", __file__], "cannot be read as a video"),
        (["--source", "camera", "--camera", "61"], "/dev/video61"),
        (["--source", "camera", "--camera", "-1"], "device = -1 is outside 0 .. 63"),
        (["--personas", "nobody"], "unknown persona 'nobody'; known: able"),
        (["--video", "a.mp4"], "is played with --source video only"),
        (["--json", "/dev/null/x.json"], "/dev/null/x.json"),
    ],
)
def test_what_cannot_work_is_refused_in_one_line_before_anything_starts(options, complaint):
    done = subprocess.run(["physio", "demo", *options], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert complaint in done.stderr
    assert done.stderr.count("\n") == 1
