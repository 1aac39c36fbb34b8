"""What processes take is what they took, and one that ended is left out."""

from __future__ import annotations

import os
import subprocess
import sys
import time

import pytest

from physio_tools.usage import Meter


def test_memory_and_processor_of_a_busy_process_are_counted() -> None:
    ended = subprocess.Popen([sys.executable, "-c", ""])
    meter = Meter({"busy": os.getpid(), "ended": ended.pid})
    ended.wait()
    begun_s, spent_s = time.monotonic(), time.process_time()
    while time.process_time() - spent_s < 0.2:
        pass
    read = meter.read()
    assert set(read) == {"busy", "total"}
    assert read["busy"].cpu_share == pytest.approx(0.2 / (time.monotonic() - begun_s), rel=0.4)
    assert 20.0 < read["busy"].rss_mb == read["total"].rss_mb < 5000.0
