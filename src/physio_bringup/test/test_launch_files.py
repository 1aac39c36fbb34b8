"""Our launch files start nodes that exist, with parameters that exist, and the stock launcher reads them too."""

import importlib.util
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from rclpy.node import Node

from physio_core.errors import LaunchError
from physio_core.share import shared_path
from physio_nodes.shell import Shell
from physio_tools.launcher.plan import Plan, ProcessPlan, make_plan
from physio_tools.launcher.read import Action, read_file
from physio_tools.launcher.scope import Scope
from physio_tools.launcher.substitutions import expand
from physio_tools.parameters import node_modules, node_parameters

FOLDER = shared_path("launch")
FILES = sorted(FOLDER.glob("*.launch.yaml"))
PROMISED = {"coach", "perception", "robot", "simulation", "replay", "gazebo", "arm"}
FOREIGN = {"turtlebot3_bringup", "turtlebot3_gazebo", "ros_gz_sim"}

STARTS: dict[str, tuple[str, dict[str, str], set[str]]] = {
    "sim": ("coach", {}, {"clinic", "stop_guard", "robot", "pose", "hand", "action", "coach", "records", "screen"}),
    "robot": (
        "coach",
        {"base": "false"},
        {"stop_guard", "robot", "mount", "camera", "pose", "hand", "action", "coach", "records", "screen"},
    ),
    "video": ("coach", {"video": "/a.mp4"}, {"camera", "pose", "hand", "action", "coach", "records", "screen"}),
    "camera": ("coach", {"camera": "2"}, {"camera", "pose", "hand", "action", "coach", "records", "screen"}),
    "topic": ("coach", {"use_sim_time": "true"}, {"stop_guard", "robot", "pose", "hand", "action", "coach", "records", "screen"}),
    "view": ("view", {}, {"humans"}),
    "folder": ("replay", {"path": "/pictures"}, {"camera", "pose", "hand", "action"}),
    "arm": ("arm", {"side": "right"}, {"arm"}),
}


def plan_for(source: str, **more: str) -> Plan:
    name, arguments, _nodes = STARTS[source]
    chosen = {"view": {"view": "none"}, "arm": {}}.get(name, {"source": source})
    return make_plan(FOLDER / f"{name}.launch.yaml", {**chosen, **arguments, **more})


def parameters_of(process: ProcessPlan) -> dict[str, Any]:
    words = [word for flag, word in zip(process.command, process.command[1:], strict=False) if flag == "-p"]
    return {name: json.loads(value) for name, value in (word.split(":=", 1) for word in words)}


def flat(actions: tuple[Action, ...]) -> list[Action]:
    return [inner for action in actions for inner in (action, *flat(action.children))]


def test_every_promised_file_is_there() -> None:
    assert {file.name.removesuffix(".launch.yaml") for file in FILES} >= PROMISED


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_every_file_is_within_the_subset(file: Path) -> None:
    actions = flat(read_file(file))
    assert actions
    files = [action.keys["file"] for action in actions if action.kind == "include"]
    for text in files:
        package = text.removeprefix("$(find-pkg-share ").split(")")[0]
        assert package in FOREIGN or (FOLDER / Path(text).name).is_file(), text


@pytest.mark.parametrize("source", STARTS)
def test_each_source_starts_the_nodes_it_needs(source: str) -> None:
    assert {process.name for process in plan_for(source).processes} == STARTS[source][2]


@pytest.mark.parametrize("source", STARTS)
def test_every_parameter_given_exists_with_that_type(source: str) -> None:
    declared = node_parameters()
    for process in plan_for(source).processes:
        known = {item.name: item for item in declared[process.name]}
        for name, value in parameters_of(process).items():
            if name == "use_sim_time":
                continue
            assert name in known, f"{process.name} has no parameter {name}"
            kind = list if isinstance(known[name].default, tuple) else type(known[name].default)
            assert type(value) is kind, f"{process.name}.{name} = {value!r}"


def test_launch_arguments_repeat_the_defaults_of_the_code() -> None:
    chosen = {("camera", "source"), ("screen", "end_on_close"), ("screen", "fullscreen")}
    declared = node_parameters()
    for source in ("sim", "camera"):
        for process in plan_for(source, headless="true", **({"camera": "0"} if source == "camera" else {})).processes:
            defaults = {item.name: item.default for item in declared[process.name]}
            for name, value in parameters_of(process).items():
                if (process.name, name) in chosen or name == "use_sim_time":
                    continue
                words = tuple(word for word in value if word) if isinstance(value, list) else value
                assert words in (defaults[name], ()), f"{process.name}.{name}"


@pytest.mark.parametrize(("distro", "stamped"), [("humble", False), ("jazzy", True)])
def test_the_distribution_chooses_the_type_of_cmd_vel(distro: str, stamped: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ROS_DISTRO", distro)
    users = {process.name: parameters_of(process).get("stamped_cmd_vel") for process in plan_for("sim").processes}
    assert [users[name] for name in ("clinic", "stop_guard", "robot")] == [stamped] * 3


def test_each_node_calls_itself_like_its_executable_and_its_section(monkeypatch: pytest.MonkeyPatch) -> None:
    """With a plain `ros2 run`, too: a settings file is read by the node's own name."""

    class NamedError(Exception):
        pass

    def record(_self: Node, name: str, **_options: Any) -> None:
        raise NamedError(name)

    monkeypatch.setattr(Node, "__init__", record)
    monkeypatch.setattr(os, "setpriority", lambda *_given: None)
    for profile in ("FASTRTPS_DEFAULT_PROFILES_FILE", "FASTDDS_DEFAULT_PROFILES_FILE", "FASTDDS_BUILTIN_TRANSPORTS"):
        monkeypatch.setenv(profile, "untouched")
    for name, module in node_modules().items():
        kinds = [
            kind for kind in vars(module).values() if isinstance(kind, type) and issubclass(kind, Shell) and kind is not Shell
        ]
        assert len(kinds) == 1, module
        with pytest.raises(NamedError, match=f"^{name}$"):
            kinds[0]()


def test_a_model_and_its_exercises_reach_all_who_read_them() -> None:
    given = {p.name: parameters_of(p) for p in plan_for("sim", model_dir="/mine", exercise_dir="/own").processes}
    assert {name for name, values in given.items() if values.get("model") == "/mine"} == {"action", "coach", "records", "screen"}
    assert {name for name, values in given.items() if values.get("exercise_dir") == "/own"} == {"coach", "records", "screen"}


@pytest.mark.parametrize("source", ["sim", "video", "camera"])
def test_in_one_process_each_node_is_given_what_it_is_given_alone(source: str) -> None:
    given = {"image_topic": "eye/raw", "model_dir": "/mine", "voice": "true", "patient": "p07"}
    given |= {"video": "a.mp4"} if source == "video" else {}
    alone = {process.name: process for process in plan_for(source, **given).processes}
    together = {process.name: process for process in plan_for(source, composed="true", **given).processes}
    (name,) = set(together) - set(alone)
    parts, composed = [alone[part] for part in alone if part not in together], together[name]
    words = " ".join(composed.command[1 : composed.command.index("--ros-args")]).split()
    assert sorted(words) == sorted(part.name for part in parts) and {"coach", "records", "voice"} <= set(words)
    for part in parts:
        assert parameters_of(part).items() <= parameters_of(composed).items()
        assert {word for word in part.command if ":=eye/raw" in word} <= set(composed.command)
    first = parts[0]
    assert (composed.respawn, composed.required) == (first.respawn, first.required)


def test_a_namespace_reaches_every_node() -> None:
    for source in STARTS:
        for process in plan_for(source, namespace="clinic1").processes:
            assert "__ns:=/clinic1" in process.command


def test_nothing_is_offered_to_the_network_unless_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    profiles = ("FASTRTPS_DEFAULT_PROFILES_FILE", "FASTDDS_DEFAULT_PROFILES_FILE")
    for name in (*profiles, "ROS_AUTOMATIC_DISCOVERY_RANGE"):
        monkeypatch.delenv(name, raising=False)
    for source in STARTS:
        for process in plan_for(source).processes:
            assert process.environment["ROS_AUTOMATIC_DISCOVERY_RANGE"] == "SUBNET"
            assert all(Path(process.environment[name]).is_file() for name in profiles)
    for process in plan_for("robot", open_network="true").processes:
        assert not any(name in process.environment for name in profiles)


def test_a_window_that_is_closed_ends_all_but_on_the_robot_the_screen_comes_back() -> None:
    def screen(source: str, headless: str) -> ProcessPlan:
        return next(p for p in plan_for(source, headless=headless).processes if p.name == "screen")

    at_desk, in_tests, on_robot = screen("sim", "false"), screen("sim", "true"), screen("robot", "false")
    assert (at_desk.required, at_desk.respawn) == (True, False)
    assert (in_tests.required, in_tests.respawn, in_tests.environment["SDL_VIDEODRIVER"]) == (False, True, "dummy")
    assert (on_robot.required, on_robot.respawn) == (False, True)


@pytest.mark.parametrize(("display", "headless"), [(None, "true"), ("", "true"), (":0", "false")])
def test_a_display_that_is_named_but_empty_is_none(display: str | None, headless: str) -> None:
    surroundings = {key: value for key, value in os.environ.items() if key != "DISPLAY"}
    if display is not None:
        surroundings["DISPLAY"] = display
    for name in ("coach", "screen", "gazebo"):
        arguments = next(a for a in read_file(FOLDER / f"{name}.launch.yaml") if a.keys.get("name") == "headless")
        assert expand(arguments.keys["default"], Scope({}, surroundings, FOLDER)) == headless


def test_everything_that_keeps_the_base_safe_comes_back() -> None:
    for process in plan_for("robot").processes:
        assert process.respawn, process.name


def test_what_is_shown_in_viewers_is_what_is_published() -> None:
    rviz = yaml.safe_load(shared_path("config", "rviz", "coach.rviz").read_text(encoding="utf-8"))["Visualization Manager"]
    topics = {display.get(key, {}).get("Value") for display in rviz["Displays"] for key in ("Topic", "Description Topic")} - {
        None
    }
    foxglove = json.loads(shared_path("config", "foxglove", "coach.json").read_text(encoding="utf-8"))["configById"]
    topics |= {topic.strip("/") for topic in foxglove["3D!scene"]["topics"]}
    topics.add(foxglove["Image!camera"]["imageMode"]["imageTopic"].strip("/"))
    assert topics == {"robot_description", "scan", "pose/markers", "pose/image_annotated"}
    assert rviz["Global Options"]["Fixed Frame"] == foxglove["3D!scene"]["followTf"] == "odom"


def test_in_gazebo_the_network_is_set_before_anything_starts() -> None:
    first, *rest = [action for action in read_file(FOLDER / "gazebo.launch.yaml") if action.kind != "arg"]
    assert first.kind == "include" and first.keys["file"].endswith("/network.launch.yaml")
    assert any(action.kind == "node" for action in flat(tuple(rest)))


def test_the_robots_own_bringup_is_asked_for_by_name() -> None:
    if importlib.util.find_spec("turtlebot3_bringup"):
        pytest.skip("turtlebot3_bringup is installed here")
    with pytest.raises(LaunchError, match="turtlebot3_bringup"):
        plan_for("robot", base="true")


def test_the_settings_file_names_nodes_and_parameters_that_exist() -> None:
    declared = node_parameters()
    lines = shared_path("config", "coach.yaml").read_text(encoding="utf-8").splitlines()
    settings = yaml.safe_load("\n".join(lines))["/**"]
    assert set(settings) <= set(declared)
    node = ""
    for line in lines:
        if line.startswith("  ") and not line.startswith("   "):
            node = line.strip(" :")
        elif line.startswith("    #"):
            suggestion = yaml.safe_load(line.strip().removeprefix("#").split("#")[0])
            ((name, value),) = suggestion.items()
            assert {item.name: item.default for item in declared[node]}[name] == value, f"{node}.{name}"
            assert ";" in line.rsplit("#", 1)[1], "says nothing on what raising it does"


def test_settings_differ_from_the_defaults() -> None:
    declared = node_parameters()
    for node, section in yaml.safe_load(shared_path("config", "coach.yaml").read_text(encoding="utf-8"))["/**"].items():
        defaults = {item.name: item.default for item in declared[node]}
        for name, value in section["ros__parameters"].items():
            assert value != defaults[name], f"{node}.{name} repeats the default"


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_the_stock_launcher_reads_the_file(file: Path) -> None:
    if not (importlib.util.find_spec("launch_ros") and importlib.util.find_spec("launch_yaml")):
        pytest.skip("ROS 2's own launch is not installed here")
    code = "import sys, launch.frontend as f\nentity, parser = f.Parser.load(sys.argv[1])\nparser.parse_description(entity)\n"
    done = subprocess.run([sys.executable, "-c", code, str(file)], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
