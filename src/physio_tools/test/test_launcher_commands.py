"""`physio launch`: which file is meant, what is shown of it, and when it hands over to `ros2 launch`."""

from __future__ import annotations

import argparse
from pathlib import Path

import pytest

from physio_core.errors import LaunchError
from physio_testing.workspace import Workspace
from physio_tools.launcher import commands

FILE = """
launch:
- arg: {name: who, default: world, description: Whom to greet., choice: [{value: world}, {value: moon}]}
- arg: {name: how, description: In which way.}
- executable: {cmd: echo $(var how) $(var who), name: echo}
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    made = tmp_path / "greet.launch.yaml"
    made.write_text(FILE)
    return made


@pytest.fixture
def handed_over(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """A machine where ROS 2's own launcher is installed; the command lines that it would become."""
    found: list[list[str]] = []
    monkeypatch.setattr(commands.shutil, "which", lambda name, **_: f"/usr/bin/{name}")
    monkeypatch.setattr(commands.os, "execvp", lambda _name, words: found.append(words))
    return found


def options(*words: str) -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    commands.add_commands(parser.add_subparsers(), "launch")
    return parser.parse_args(["launch", *words])


def test_a_path_a_package_and_a_bare_name_of_ours_are_found(file: Path, workspace: Workspace) -> None:
    assert commands.find_file([str(file)]) == file
    ours = commands.find_file(["coach.launch.yaml"])
    assert ours == commands.find_file(["physio_bringup", "coach.launch.yaml"])
    assert ours.is_file() and ours.name == "coach.launch.yaml"


@pytest.mark.parametrize(
    ("places", "complaint"),
    [
        ([], "name one launch file, as FILE or PACKAGE FILE; got: none"),
        (["a", "b", "c"], "got: a b c"),
        (["gone.launch.yaml"], "no launch file 'gone.launch.yaml' here or in physio_bringup; it has: .*coach.launch.yaml"),
        (["no_such_package", "x.launch.yaml"], "package 'no_such_package' is not installed; source its workspace"),
        (["not a package", "x.launch.yaml"], "package 'not a package' is not installed"),
    ],
)
def test_a_file_that_is_not_there_is_named_beside_those_that_are(places: list[str], complaint: str) -> None:
    with pytest.raises(LaunchError, match=complaint):
        commands.find_file(places)


def test_arguments_are_listed_as_the_stock_launcher_lists_them(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert commands.run(options(str(file), "how:=hello", "-s", "--starter")) == 0
    assert capsys.readouterr().out == (
        "Arguments (pass arguments as '<name>:=<value>'):\n"
        "\n    'who':\n        Whom to greet. Valid choices are: ['world', 'moon']\n        (default: 'world')\n"
        "\n    'how':\n        In which way.\n        (required)\n"
    )


def test_command_lines_are_printed_to_be_copied_into_a_shell(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert commands.run(options(str(file), "how:=it's", "who:=moon", "-p", "--starter")) == 0
    assert capsys.readouterr().out == "echo 'it'\"'\"'s' moon\n"


def test_where_ros2_is_installed_the_same_words_are_handed_over(file: Path, handed_over: list[list[str]]) -> None:
    commands.run(options(str(file), "how:=x"))
    commands.run(options("coach.launch.yaml", "source:=sim"))
    commands.run(options("nav2_bringup", "x.launch.py", "-s"))
    assert handed_over == [
        ["ros2", "launch", str(file), "how:=x"],
        ["ros2", "launch", "physio_bringup", "coach.launch.yaml", "source:=sim"],
        ["ros2", "launch", "--show-args", "nav2_bringup", "x.launch.py"],
    ]


def test_what_is_only_shown_of_a_file_that_can_be_read_here_is_shown_here(
    file: Path, handed_over: list[list[str]], capsys: pytest.CaptureFixture[str]
) -> None:
    assert commands.run(options(str(file), "how:=x", "--print")) == 0
    assert capsys.readouterr().out == "echo x world\n"
    assert handed_over == []
