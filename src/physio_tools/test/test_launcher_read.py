"""A launch file that cannot be read is refused before anything starts, with what would be right."""

from pathlib import Path

import pytest

from physio_core.errors import LaunchError
from physio_tools.launcher.read import read_file

BAD = {
    "launch: [": "not YAML",
    "nodes: []": "one key, launch",
    "launch: {node: {}}": "list of actions",
    "launch: [3]": "not an action",
    "launch: [{node: {pkg: a}, arg: {name: b}}]": "not an action",
    "launch: [{timer: {period: 1.0}}]": "'timer' is not supported; supported: arg, let, set_env, group",
    "launch: [{node: x}]": "node needs keys: pkg, exec",
    "launch: [{node: {pkg: a}}]": "lacks exec",
    "launch: [{node: {pkg: a, exec: b, launch-prefix: gdb}}]": "key 'launch-prefix' is not supported; supported: pkg, exec",
    "launch: [{node: {pkg: a, exec: b, respawn: true}}]": "respawn: True must be of type str .write text in quotes",
    "launch: [{node: {pkg: a, exec: b, if: '1', unless: '1'}}]": "both if and unless",
    "launch: [{node: {pkg: a, exec: b, on_exit: restart}}]": "supported: shutdown",
    "launch: [{node: {pkg: a, exec: b, param: [{name: c}]}}]": "must have the keys name, value, type, from",
    "launch: [{node: {pkg: a, exec: b, remap: [{from: c}]}}]": "must have the keys from, to",
    "launch: [{node: {pkg: a, exec: b, param: [{name: on, value: c}]}}]": "name: True must be of type str",
    "launch: [{arg: {name: a, default: 3}}]": "default: 3 must be of type str",
    "launch: [{group: {children: [{let: {name: a}}]}}]": "let: lacks value",
}


@pytest.mark.parametrize(("text", "complaint"), BAD.items())
def test_a_wrong_file_is_refused_by_name(tmp_path: Path, text: str, complaint: str) -> None:
    file = tmp_path / "bad.launch.yaml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(LaunchError, match=complaint) as caught:
        read_file(file)
    assert str(file) in str(caught.value)


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(LaunchError, match="No such file"):
        read_file(tmp_path / "none.launch.yaml")


def test_python_launch_files_need_the_stock_launcher(tmp_path: Path) -> None:
    with pytest.raises(LaunchError, match="need ros2 launch"):
        read_file(tmp_path / "robot.launch.py")


def test_a_group_may_be_a_plain_list(tmp_path: Path) -> None:
    file = tmp_path / "good.launch.yaml"
    file.write_text("launch: [{group: [{let: {name: a, value: b}}]}]", encoding="utf-8")
    (group,) = read_file(file)
    assert [child.kind for child in group.children] == ["let"]
