"""How long the coach takes for one path of the hand: to name it, to score it, to make the next one."""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np

from physio_core.trajectories.arm import human_arm
from physio_core.trajectories.classifier import PathClassifier
from physio_core.trajectories.interpolation import next_path
from physio_core.trajectories.score import score_type
from physio_core.trajectories.types import ideal

REACH_M = 0.6
POINTS = 200
CALLS = 50


def measure_paths() -> dict[str, float]:
    """Medians over :data:`CALLS` calls for a path of :data:`POINTS` points [ms].

    Raises:
        ModelError: no model that names paths ships here.
    """
    own, wanted = ideal("clock_big", 0.9 * REACH_M, count=POINTS), ideal("clock_big", REACH_M, count=POINTS)
    namer, arm = PathClassifier(), human_arm(REACH_M, "left")
    return {
        "path_name_ms": _median_ms(lambda: namer.name(own, REACH_M)),
        "path_score_ms": _median_ms(lambda: score_type(own, "clock_big", REACH_M)),
        "path_next_ms": _median_ms(lambda: next_path(own, wanted, 0.5, arm)),
    }


def _median_ms(call: Callable[[], object]) -> float:
    call()
    times = []
    for _ in range(CALLS):
        start = time.perf_counter()
        call()
        times.append(time.perf_counter() - start)
    return 1e3 * float(np.median(times))
