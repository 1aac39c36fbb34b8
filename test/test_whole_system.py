"""The product as its user runs it: asked, seen, judged, answered with a gesture, and at rest in the end."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from rich.console import Console

from physio_tools.faults import NODES, kill_each
from physio_tools.log import Log

pytestmark = [pytest.mark.system, pytest.mark.timeout(600)]


def demo(tmp_path: Path, *options: str) -> tuple[subprocess.CompletedProcess[str], dict]:
    """Run `physio demo` and read what it wrote."""
    file = tmp_path / "demo.json"
    done = subprocess.run(["physio", "demo", "--json", str(file), *options], capture_output=True, text=True, check=False)
    return done, json.loads(file.read_text()) if file.exists() else {}


def test_a_real_squat_is_recognised_from_a_video(tmp_path, squat_video):
    done, summary = demo(tmp_path, "--source", "video", "--video", str(squat_video), "--exercises", "squat")
    assert done.returncode == 0, done.stdout + done.stderr
    assert [(round_["seen"], round_["verdict"]) for round_ in summary["rounds"]] == [("squat", "right")]
    assert summary["base_at_rest"] is None


NOT_ON_A_ROBOT = ("torch", "mediapipe", "scipy", "matplotlib", "PIL", "jinja2", "pytest", "physio_lab", "physio_testing")
BLOCKER = f"""
import sys
class NotInstalled:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in {NOT_ON_A_ROBOT}:
            raise ModuleNotFoundError(name, name=name)
if "demo" not in sys.orig_argv:  # which ends with a report; a robot's record is reported elsewhere
    sys.meta_path.insert(0, NotInstalled())
"""


@pytest.fixture
def robot_environment(tmp_path, monkeypatch):
    """Processes that start from here find no more than requirements/run.in and the packages of a robot."""
    (tmp_path / "sitecustomize.py").write_text(BLOCKER, encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", f"{tmp_path}:{os.environ['PYTHONPATH']}")
    blocked = subprocess.run([sys.executable, "-c", "import scipy"], capture_output=True, check=False)
    assert blocked.returncode, "the blocker blocks nothing"


@pytest.mark.usefixtures("robot_environment")
def test_with_what_a_robot_installs_each_kind_is_judged_and_the_verdicts_move_it_a_little_and_back_to_rest(tmp_path):
    asked, personas = ("squat", "jumping_jack", "hand_spread", "draw_circle_clockwise"), "slow,wrong_exercise,able,able"
    done, summary = demo(tmp_path, "--exercises", ",".join(asked), "--personas", personas)
    assert done.returncode == 0, done.stdout + done.stderr
    first, wrong, again, *others = summary["rounds"]
    assert [(one["asked"], one["attempt"], one["verdict"]) for one in (wrong, again)] == [
        ("jumping_jack", 1, "wrong"),
        ("jumping_jack", 2, "wrong"),
    ]
    assert wrong["seen"] not in ("", "jumping_jack")
    rounds = [(one["asked"], one["seen"], one["verdict"]) for one in (first, *others)]
    assert rounds == [(name, name, "right") for name in asked if name != "jumping_jack"]
    assert summary["base_at_rest"] is True and 0.01 < summary["base_farthest_m"] < 0.2
    page = Path(summary["report"]).read_text(encoding="utf-8")
    assert all(title in page for title in ("Squat", "Spread", "Circle right"))


def test_no_death_of_a_node_leaves_the_base_moving():
    log = Log(quiet=True)
    results = list(kill_each(list(NODES), log, Console(quiet=True)))
    assert [result.node for result in results] == list(NODES)
    assert not [result for result in results if not result.safe], "\n".join(log.tail)
