"""`physio ask`, `rearm` and `set` without a robot: what is sent, printed and written for each way that it can be taken."""

from __future__ import annotations

import json
import re
from types import SimpleNamespace

import pytest
from rcl_interfaces.msg import SetParametersResult
from rcl_interfaces.srv import SetParameters
from std_srvs.srv import Trigger

from physio_core.cli import main
from physio_core.errors import ConfigError
from physio_msgs.srv import SessionCommand
from physio_tools import rearm, remote, setting
from physio_tools.remote import _missing, namespace_of


class Robot:
    """Whoever answers; keeps what it was asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str, str]] = []
        self.answer: object = None

    def call(self, kind, service, request, namespace, who, start, begun_s):
        self.asked.append((service, namespace, getattr(request, "text", "")))
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


@pytest.fixture
def robot(monkeypatch):
    made = Robot()
    monkeypatch.setattr(remote, "call", made.call)
    monkeypatch.setattr(rearm, "call", made.call)
    monkeypatch.setattr(setting, "call", made.call)
    return made


def taken(**fields: object) -> SessionCommand.Response:
    return SessionCommand.Response(**{"accepted": True, "state": "show", "asked": "squat", "round": 1, "rounds": 2, **fields})


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (taken(), "show squat, round 1/2\n"),
        (taken(rounds=0, round=7), "show squat, round 7\n"),
        (taken(asked="", state="stopped", round=0), "stopped\n"),
    ],
)
def test_what_came_of_a_request_is_printed_in_a_line(robot, capsys, answer, said):
    robot.answer = answer
    assert main(["ask", "squat", "lunge"]) == 0
    assert capsys.readouterr().out == said
    assert robot.asked == [("coach/command", "", "squat,lunge")]


@pytest.mark.parametrize(
    ("answer", "code", "accepted", "reason"),
    [
        (taken(), 0, True, ""),
        (
            taken(accepted=False, reason="unknown word 'bogus'; say one of: squat"),
            2,
            False,
            "unknown word 'bogus'; say one of: squat",
        ),
        (ConfigError("no coach answers; start one with: x"), 2, False, "no coach answers; start one with: x"),
    ],
)
def test_how_it_was_taken_is_written_also_when_it_was_not(robot, tmp_path, capsys, answer, code, accepted, reason):
    robot.answer = answer
    file = tmp_path / "answer.json"
    assert main(["ask", "squat", "--json", str(file)]) == code
    written = json.loads(file.read_text())
    assert list(written) == ["request", "accepted", "reason", "waited_s"]
    assert (written["request"], written["accepted"], written["reason"]) == ("squat", accepted, reason)
    assert isinstance(written["waited_s"], float) and 0.0 <= written["waited_s"] < 60.0
    out = capsys.readouterr()
    assert (out.err, bool(out.out)) == (f"physio: {reason}\n" if reason else "", accepted)


def test_a_file_that_cannot_be_written_is_said_before_anybody_is_asked(robot, tmp_path):
    assert main(["ask", "squat", "--json", str(tmp_path)]) == 2
    assert robot.asked == []


@pytest.mark.parametrize(
    ("words", "namespace"),
    [
        ([], ""),
        (["--namespace", "robot1"], "/robot1"),
        (["--namespace", "/ward7/robot1/"], "/ward7/robot1"),
        (["--ros-args", "-r", "__ns:=/robot2"], "/robot2"),
        (["--ros-args", "--remap", "__ns:=robot2"], "/robot2"),
        (["--namespace", "a", "--ros-args", "-r", "__ns:=b"], "/b"),
    ],
)
def test_a_namespace_is_named_in_our_way_or_in_ros_own(robot, words, namespace):
    robot.answer = taken()
    assert main(["ask", "stop", *words]) == 0
    assert robot.asked == [("coach/command", namespace, "stop")]


@pytest.mark.parametrize("word", ["__node:=x", "use_sim_time:=true"])
def test_other_words_of_ros_mean_nothing_here(word):
    with pytest.raises(ConfigError, match=rf"--ros-args {re.escape(repr(word))} means nothing here"):
        namespace_of(SimpleNamespace(namespace="", ros_args=["-r", word]))


def test_a_guard_that_rearms_is_told_and_one_that_refuses_says_why(robot, capsys):
    robot.answer = Trigger.Response(success=True)
    assert main(["rearm", "--namespace", "robot1"]) == 0
    assert robot.asked == [("robot/rearm", "/robot1", "")]
    robot.answer = Trigger.Response(success=False, message="controller_lost: no fresh request")
    assert main(["rearm"]) == 2
    out = capsys.readouterr()
    assert (out.out, out.err) == ("armed\n", "physio: not re-armed: controller_lost: no fresh request\n")


def test_a_setting_is_sent_as_what_it_is_and_a_refusal_says_why(robot, capsys):
    robot.answer = SetParameters.Response(results=[SetParametersResult(successful=True)])
    options = SimpleNamespace(node="/coach", setting="show_s", value="12.0", namespace="robot1", ros_args=[])
    assert setting.run(options) == 0
    assert robot.asked == [("coach/set_parameters", "/robot1", "")]
    assert capsys.readouterr().out == "coach show_s = 12.0\n"
    robot.answer = SetParameters.Response(results=[SetParametersResult(successful=False, reason="900 is outside 0 .. 60")])
    with pytest.raises(ConfigError, match="coach keeps its show_s: 900 is outside"):
        setting.run(options)
    for options.value in ("{a: 1}", "99999999999999999999"):
        with pytest.raises(ConfigError, match="is no text, number, true or false"):
            setting.run(options)


@pytest.mark.parametrize("node", ["", "/", "a b", "a//b", "1a", "ä"])
def test_what_can_be_no_node_is_refused_before_anybody_is_asked(robot, node):
    with pytest.raises(ConfigError, match="cannot be a node; name one"):
        setting.run(SimpleNamespace(node=node, setting="language", value="de", namespace="", ros_args=[]))
    assert robot.asked == []


@pytest.mark.parametrize(
    ("places", "namespace", "said"),
    [
        ([], "", "no coach answers; start one with: physio launch x"),
        ([], "/robot1", "no coach answers in namespace /robot1; start one with: physio launch x namespace:=robot1"),
        (["/a", "/b"], "", "no coach; there is one in: /a, /b; name it with --namespace /a"),
        (["/"], "/robot1", "no coach in namespace /robot1; there is one in: /; name it with --namespace /"),
    ],
)
def test_where_nobody_is_the_way_out_is_named(places, namespace, said):
    assert _missing(places, namespace, "coach", "physio launch x") == said


def test_whoever_hangs_is_told_apart_from_nobody(listener, monkeypatch):
    monkeypatch.setattr(remote, "ANSWERED_WITHIN_S", 0.2)
    listener.node.create_service(Trigger, "robot/rearm", lambda _, response: response)  # its node is not spun: it hangs
    with pytest.raises(ConfigError, match="the stop guard is there, but does not answer; it hangs: end it and start it again"):
        remote.call(Trigger, "robot/rearm", Trigger.Request(), "", "stop guard", "x", 0.0)
