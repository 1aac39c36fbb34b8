"""A hand, a body and a path in one session, through real estimators, from the question to the report."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

pytestmark = [pytest.mark.system, pytest.mark.timeout(300)]


def test_a_hand_a_body_and_a_path_are_each_judged_right_and_the_robot_ends_at_rest(tmp_path: Path) -> None:
    file = tmp_path / "demo.json"
    asked = ("hand_spread", "squat", "draw_circle_clockwise")
    command = ["physio", "demo", "--json", str(file), "--exercises", ",".join(asked), "--personas", "able"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    summary = json.loads(file.read_text(encoding="utf-8"))
    rounds = [(one["asked"], one["seen"], one["verdict"]) for one in summary["rounds"]]
    assert rounds == [(name, name, "right") for name in asked]
    assert summary["base_at_rest"] is True
    page = Path(summary["report"]).read_text(encoding="utf-8")
    assert all(title in page for title in ("Spread", "Squat", "Circle right"))
