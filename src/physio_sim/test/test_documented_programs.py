"""The programs in docs/trajectories.md run as they stand there: one leads the arm, the other is its driver."""

from __future__ import annotations

import re
import sys

import pytest

from physio_testing.fixtures import ROOT
from physio_testing.processes import Process

PAGE = ROOT / "docs" / "trajectories.md"
PATIENCE_S = 90.0


@pytest.mark.usefixtures("ros_domain")
def test_the_documented_leader_leads_the_arm_of_the_documented_driver() -> None:
    leader, driver = re.findall(r"^```python\n(.*?)^```$", PAGE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    assert "20.0" in driver  # a busy machine may take longer to start the other one
    with (
        Process("driver", [sys.executable, "-c", driver.replace("20.0", "28.0")]) as led,
        Process("leader", [sys.executable, "-c", leader]) as leads,
    ):
        assert leads.wait_exit(PATIENCE_S) == 0, leads.output
        assert led.wait_exit(PATIENCE_S) == 0, led.output
        came_s = re.search(r"came to ([\d.]+) s", led.output)
    assert came_s and float(came_s[1]) > 1.0, led.output
