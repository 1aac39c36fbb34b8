"""The launcher starts what the stock launcher would start, with the same command lines."""

import pytest
import yaml

from physio_core.errors import LaunchError
from physio_testing.workspace import Workspace
from physio_tools.launcher.plan import Plan, make_plan

NODE = "- node: {pkg: tools, exec: show, name: show%s}\n"


def plan_of(workspace: Workspace, text: str, **arguments: str) -> Plan:
    workspace.program("show", "true")
    return make_plan(workspace.launch_file(text), arguments, {"PATH": "/usr/bin:/bin", "HOME": "/home/me"})


def names(plan: Plan) -> list[str]:
    return [process.name for process in plan.processes]


def test_a_node_gets_name_parameters_and_remappings_like_launch_ros(workspace: Workspace) -> None:
    settings = workspace.folder / "settings.yaml"
    settings.touch()
    plan = plan_of(
        workspace,
        f"""
- node:
    pkg: tools
    exec: show
    name: one
    namespace: inner
    args: --fast $(env HOME)
    param:
    - from: {settings}
    - {{name: count, value: 3}}
    - {{name: ratio, value: '0.5'}}
    - {{name: lit, value: 'true', type: bool}}
    - {{name: device, value: '0', type: str}}
    - {{name: speed, value: '1', type: float}}
    - {{name: words, value: ['a,b']}}
    - {{name: empty, value: ''}}
    remap:
    - {{from: image, to: camera/image}}
""",
    )
    command = plan.processes[0].command
    assert command[:9] == (
        str(workspace.folder / "lib/tools/show"), "--fast", "/home/me", "--ros-args",
        "-r", "__node:=one", "-r", "__ns:=/inner", "--params-file",
    )  # fmt: skip
    assert command[10:] == (
        "-p", "count:=3", "-p", "ratio:=0.5", "-p", "lit:=true", "-p", 'device:="0"', "-p", "speed:=1.0",
        "-p", 'words:=["a,b"]', "-p", 'empty:=""', "-r", "image:=camera/image",
    )  # fmt: skip


def test_conditions_choose_what_starts(workspace: Workspace) -> None:
    text = "- arg: {name: a, default: 'true'}\n"
    for name, condition in (("1", "if: $(var a)"), ("2", "unless: $(var a)"), ("3", "if: $(equals $(var a) 0)")):
        text += f"- node: {{pkg: tools, exec: show, name: show{name}, {condition}}}\n"
    assert names(plan_of(workspace, text)) == ["show1"]
    assert names(plan_of(workspace, text, a="false")) == ["show2", "show3"]


def test_a_group_keeps_its_changes_to_itself(workspace: Workspace) -> None:
    plan = plan_of(
        workspace,
        """
- let: {name: n, value: outer}
- group:
  - push_ros_namespace: {namespace: deep}
  - set_env: {name: COLOUR, value: red}
  - let: {name: n, value: inner}
  - node: {pkg: tools, exec: show, name: $(var n)}
- node: {pkg: tools, exec: show, name: $(var n)}
""",
    )
    inner, outer = plan.processes
    assert (inner.name, outer.name) == ("inner", "outer")
    assert (inner.environment.get("COLOUR"), outer.environment.get("COLOUR")) == ("red", None)
    assert "__ns:=/deep" in inner.command
    assert not [word for word in outer.command if word.startswith("__ns")]


@pytest.mark.parametrize(
    ("pushed", "own", "expected"),
    [("", "", "/"), ("a", "", "/a"), ("a", "b", "/a/b"), ("a", "/b", "/b"), ("/a/", "b", "/a/b"), ("", "b", "/b")],
)
def test_namespaces_nest_as_in_launch_ros(workspace: Workspace, pushed: str, own: str, expected: str) -> None:
    text = f"- push_ros_namespace: {{namespace: '{pushed}'}}\n- node: {{pkg: tools, exec: show, namespace: '{own}'}}\n"
    assert f"__ns:={expected}" in plan_of(workspace, text).processes[0].command


def test_an_included_file_gets_arguments_and_sees_those_of_its_parent(workspace: Workspace) -> None:
    workspace.launch_file(
        "- arg: {name: given, default: x}\n- arg: {name: inherited, default: x}\n- arg: {name: own, default: z}\n"
        "- node: {pkg: tools, exec: show, name: $(var given)_$(var inherited)_$(var own)}\n",
        "part.launch.yaml",
    )
    text = (
        "- arg: {name: inherited, default: b}\n"
        "- include: {file: $(find-pkg-share tools)/part.launch.yaml, arg: [{name: given, value: a}]}\n"
    )
    assert names(plan_of(workspace, text)) == ["a_b_z"]
    assert names(plan_of(workspace, text, own="c")) == ["a_b_c"]


def test_a_file_that_includes_itself_is_refused(workspace: Workspace) -> None:
    with pytest.raises(LaunchError, match="includes itself"):
        plan_of(workspace, "- include: {file: $(dirname)/t.launch.yaml}\n")


@pytest.mark.parametrize(
    ("text", "arguments", "complaint"),
    [
        ("- arg: {name: a}\n", {}, "argument 'a' must be given, as a:=VALUE"),
        ("- arg: {name: a, default: x, choice: [{value: x}, {value: y}]}\n", {"a": "z"}, "a:=z is not valid.*one of: x, y"),
        ("- arg: {name: a, default: x}\n", {"b": "z"}, "unknown argument b; known: a"),
        ("- node: {pkg: nothing, exec: show}\n", {}, "package 'nothing' is not installed"),
        ("- node: {pkg: tools, exec: shwo}\n", {}, "no executable 'shwo'; it has: show"),
        ("- node: {pkg: tools, exec: show, param: [{from: /none.yaml}]}\n", {}, "/none.yaml does not exist"),
        ("- node: {pkg: tools, exec: show, param: [{name: a, value: b, type: int}]}\n", {}, "'b' is not of type int"),
        ("- node: {pkg: tools, exec: show, param: [{name: a, value: b, type: yaml}]}\n", {}, "supported: str, int, float, bool"),
        ("- node: {pkg: tools, exec: show, output: loud}\n", {}, "supported: screen, log, both"),
        ("- node: {pkg: tools, exec: show, respawn_delay: soon}\n", {}, "not a number of seconds"),
        ("- executable: {cmd: no-such-program -x}\n", {}, "'no-such-program' was not found on the PATH"),
    ],
)
def test_a_wrong_request_is_refused_with_the_choices(
    workspace: Workspace, text: str, arguments: dict[str, str], complaint: str
) -> None:
    with pytest.raises(LaunchError, match=complaint):
        plan_of(workspace, text, **arguments)


@pytest.mark.parametrize("namespace", ["my robot", "a//b", "1a", "a/2", "a-b", "a/b//", "ö", "/a//"])
def test_a_namespace_that_ros_does_not_allow_is_refused_with_the_rule(workspace: Workspace, namespace: str) -> None:
    for text in (NODE % f", namespace: '{namespace}'", f"- push_ros_namespace: {{namespace: '{namespace}'}}\n"):
        with pytest.raises(LaunchError, match=r"is not valid; it is made of letters, digits and _"):
            plan_of(workspace, text)


@pytest.mark.parametrize(
    ("value", "word"),
    [
        ("squat 💪.mp4", r'"squat \U0001f4aa.mp4"'),
        ("Ausfallschritt ü.mp4", r'"Ausfallschritt \U000000fc.mp4"'),
        (r"\ud83d\udcaa", r'"\\ud83d\\udcaa"'),
    ],
)
def test_any_name_reaches_a_node_as_yaml_that_ros_reads(workspace: Workspace, value: str, word: str) -> None:
    text = "- arg: {name: path}\n" + NODE % ", param: [{name: path, value: $(var path), type: str}]"
    command = plan_of(workspace, text, path=value).processes[0].command
    assert command[-1] == f"path:={word}"
    assert yaml.safe_load(word) == value


def test_a_name_that_is_not_utf_8_is_refused_because_ros_would(workspace: Workspace) -> None:
    text = "- arg: {name: path}\n" + NODE % ", param: [{name: path, value: $(var path), type: str}]"
    with pytest.raises(LaunchError, match="is not UTF-8, as ROS wants it; rename the file"):
        plan_of(workspace, text, path="latin_\udcfc.mp4")
