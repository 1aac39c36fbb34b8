"""`physio ask` tells what really came of a request, and finds the coach wherever it is; `physio rearm` likewise."""

from __future__ import annotations

import json
import os
import subprocess

import pytest

from physio_testing.processes import START_S


def physio(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["physio", *arguments], capture_output=True, text=True, check=False, timeout=START_S)


@pytest.fixture
def coach(start, listener):
    node = start("coach_node", parameters={"mode": "request"}, ros_arguments=["-r", "__ns:=/robot1"])
    listener.wait_for(lambda: listener.node.count_publishers("/robot1/coach/status"), what="the coach")
    return node


@pytest.mark.timeout(120)
def test_each_request_is_carried_out_or_refused_and_says_which(coach, tmp_path):
    file = tmp_path / "answer.json"
    for words, code, said in (
        (["squat", "lunge"], 0, "show squat, round 1/2"),
        (["bogus"], 2, "unknown word 'bogus'; say one of: deadlift"),
    ):
        done = physio("ask", *words, "--json", str(file), "--namespace", "robot1")
        assert (done.returncode, said in done.stdout + done.stderr) == (code, True), done
        answer = json.loads(file.read_text())
        assert (answer["request"], answer["accepted"]) == (",".join(words), code == 0)
        assert bool(answer["reason"]) is (code != 0)
        assert 0.0 < answer["waited_s"] < 13.0
    done = physio("ask", "stop", "--ros-args", "-r", "__ns:=/robot1")
    assert done.stdout == "stopped\n", done.stderr
    lost = physio("ask", "stop")
    assert lost.returncode == 2
    assert "there is one in: /robot1; name it with --namespace /robot1" in lost.stderr


def test_the_stop_guard_of_a_namespace_is_reached_and_answers(start, listener):
    start("stop_guard", ros_arguments=["-r", "__ns:=/robot1"])
    listener.wait_for(lambda: listener.node.count_publishers("/robot1/robot/guard"), what="the stop guard")
    done = physio("rearm", "--namespace", "robot1")
    assert done.returncode == 2
    assert "not re-armed: waiting_for_controller: no fresh request from the controller" in done.stderr


def test_without_a_coach_it_says_so_within_three_seconds(ros_domain, tmp_path):
    file = tmp_path / "answer.json"
    done = physio("ask", "squat", "--json", str(file))
    assert done.returncode == 2
    assert "no coach answers; start one with" in done.stderr
    assert 1.5 <= json.loads(file.read_text())["waited_s"] < 7.0  # 2.8 where starting takes no seconds


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["ask", "stop", "--namespace", "my robot"], "cannot be a namespace"),
        (["rearm", "--ros-args", "-p", "a:=1"], "'-p' means nothing here"),
        (["ask", "stop", "--json", "/proc/no/file.json"], "cannot write"),
        (["ask", os.fsdecode(b"\xff")], "is not UTF-8"),
    ],
)
def test_what_cannot_be_meant_is_refused_in_one_line(ros_domain, arguments, complaint):
    done = physio(*arguments)
    assert done.returncode == 2
    assert complaint in done.stderr
    assert done.stderr.count("\n") == 1, done.stderr
