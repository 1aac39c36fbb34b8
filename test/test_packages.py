"""The packages as ROS 2's own tools see them: package.xml names what is imported, and ROS 2's pytest plugins do no harm."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

ROOT = Path(__file__).resolve().parents[1]
PACKAGES = sorted(path.parent for path in ROOT.glob("src/*/setup.py"))

KEYS = {"cv2": "opencv", "mujoco": "mujoco-pip", "onnxruntime": "onnxruntime-pip", "PIL": "pil"}
KEYS |= {"pydantic_core": "pydantic"}
"""Rosdep keys (without `python3-`) that differ from the module's name."""

WITHOUT_KEY = {"av": "requirements/run.in", "pyarrow": "requirements/lab.in", "yt_dlp": "requirements/training.in"}
WITHOUT_KEY |= dict.fromkeys(["weasyprint", "fhir"], "requirements/lab.in")
WITHOUT_KEY |= dict.fromkeys(["mcap", "mcap_ros2", "openvino"], "requirements/run.in")
WITHOUT_KEY |= dict.fromkeys(["torch", "lightning", "ray", "onnx", "aeon"], "requirements/training.in")
"""What rosdep does not know, or what only the laboratory needs, and the list that names it instead."""

CALLED = {"fhir": "fhir.resources", "mcap": "mcap-ros2-support", "mcap_ros2": "mcap-ros2-support"}
"""Packages that are called otherwise than their module."""

INSTEAD = {"rosbags": "cv_bridge"}
"""Modules that stand in where the package is missing."""


def imported(folder: Path) -> set[str]:
    """First words of all imports below a folder that are neither Python's own nor relative."""
    names: set[str] = set()
    for file in folder.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                names |= {alias.name for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                names.add(node.module)
    return {name.split(".")[0] for name in names} - set(sys.stdlib_module_names)


def needed(module: str) -> set[str]:
    """The names by which package.xml may declare a module."""
    return {module, INSTEAD.get(module, module), f"python3-{KEYS.get(module, module).replace('_', '-')}"}


@pytest.mark.parametrize("package", PACKAGES, ids=lambda path: path.name)
def test_package_xml_names_every_import(package: Path) -> None:
    xml = ElementTree.parse(package / "package.xml").getroot()
    declared = {one.text or "" for one in xml if one.tag.endswith("depend")}
    to_run = {one.text or "" for one in xml if one.tag in ("depend", "exec_depend")}
    above = {
        path.name for path in PACKAGES
    }  # a rig stands above what it tests, and colcon builds no circles: tests may use it undeclared
    for folder, names in ((package / package.name, to_run | {"python3-pytest"}), (package / "test", declared | above)):
        missing = [module for module in imported(folder) - {package.name} - set(WITHOUT_KEY) if not needed(module) & names]
        assert not missing, f"{folder.name} imports {missing}"


def test_what_rosdep_does_not_know_is_in_a_list_of_requirements() -> None:
    for module, file in WITHOUT_KEY.items():
        lines = (ROOT / file).read_text(encoding="utf-8").splitlines()
        names = [re.split("[#=<;]", line)[0].strip() for line in lines]
        assert CALLED.get(module, module.replace("_", "-")) in names, f"{module} is not in {file}"


@pytest.mark.parametrize("package", PACKAGES, ids=lambda path: path.name)
def test_colcon_test_finds_pytest(package: Path) -> None:
    xml = ElementTree.parse(package / "package.xml").getroot()
    assert {"python3-pytest", "python3-pytest-timeout"} <= {one.text for one in xml.iter("test_depend")}
    assert 'extras_require={"test": ["pytest", "pytest-timeout"]}' in (package / "setup.py").read_text(encoding="utf-8")


OLD_HOOK = """
def pytest_pycollect_makemodule(path, module_path, parent):
    return None
"""


def test_ros_own_pytest_plugins_are_left_out(tmp_path: Path) -> None:
    """Their hooks take arguments that newer versions of pytest no longer know, which ends pytest before it collects."""
    (tmp_path / "old_launch_testing.py").write_text(OLD_HOOK, encoding="utf-8")
    info = tmp_path / "launch_testing-3.4.3.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: launch_testing\nVersion: 3.4.3\n", encoding="utf-8")
    plugins = "".join(f"{name} = old_launch_testing\n" for name in ("launch_testing", "launch_ros", "launch_pytest"))
    (info / "entry_points.txt").write_text(f"[pytest11]\n{plugins}", encoding="utf-8")
    (tmp_path / "test_one.py").write_text("def test_one():\n    pass\n", encoding="utf-8")

    def run(*options: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "pytest", *options, str(tmp_path / "test_one.py")]
        environment = {**os.environ, "PYTHONPATH": f"{tmp_path}:{os.environ.get('PYTHONPATH', '')}"}
        return subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)

    assert "PluginValidationError" in run().stderr, "the stand-in must do the harm that is to be avoided"
    done = run("-c", str(ROOT / "pyproject.toml"))
    assert done.returncode == 0, done.stdout + done.stderr
