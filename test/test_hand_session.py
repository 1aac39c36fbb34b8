"""An exercise of the hand and one of the body in one session, through real estimators, from the question to the report."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

pytestmark = [pytest.mark.system, pytest.mark.timeout(300)]


def test_a_hand_and_a_body_are_each_judged_right_and_the_robot_nods_to_both(tmp_path: Path) -> None:
    file = tmp_path / "demo.json"
    command = ["physio", "demo", "--json", str(file), "--exercises", "hand_spread,squat", "--personas", "able"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    summary = json.loads(file.read_text(encoding="utf-8"))
    assert [(one["asked"], one["seen"], one["verdict"]) for one in summary["rounds"]] == [
        ("hand_spread", "hand_spread", "right"),
        ("squat", "squat", "right"),
    ]
    assert summary["base_at_rest"] is True
    page = Path(summary["report"]).read_text(encoding="utf-8")
    assert "Spread" in page and "Squat" in page
