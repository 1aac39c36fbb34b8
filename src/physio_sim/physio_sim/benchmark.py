"""How fast the clinic runs on this machine, measured on the very code that the node runs."""

from __future__ import annotations

import time
from collections.abc import Callable

from physio_sim.clinic import Clinic
from physio_sim.params import ClinicConfig

IMAGE_HZ, SCAN_EVERY = 30, 6


def measure(config: ClinicConfig, seconds: float) -> dict[str, float]:
    """Run a squatting patient and a turning robot as fast as possible.

    Args:
        config: the clinic.
        seconds: simulated time of each part [s].

    Returns:
        real_time_factor: simulated per real second with physics, people, images at 30 Hz and scans at 5 Hz; 1 keeps up.
        physics_real_time_factor: the same with physics alone.
        picture_ms, scan_ms: mean time of one [ms].
    """
    clinic = Clinic(config)
    try:
        clinic.ask("squat")
        clinic.base.command(0.0, 0.3)
        clinic.image()
        physics_s = _timed(lambda: _run(clinic, seconds, lambda index: None))
        whole_s = _timed(lambda: _run(clinic, seconds, lambda index: _sense(clinic, index)))
        scans = 50
        scan_s = _timed(lambda: [clinic.scan() for _ in range(scans)]) / scans
        return {
            "real_time_factor": seconds / whole_s,
            "physics_real_time_factor": seconds / physics_s,
            "picture_ms": clinic.timing.render_ms,
            "scan_ms": scan_s * 1e3,
        }
    finally:
        clinic.close()


def _run(clinic: Clinic, seconds: float, sense: Callable[[int], None]) -> None:
    start_s = clinic.now_s
    for index in range(round(seconds * IMAGE_HZ)):
        clinic.advance(start_s + index / IMAGE_HZ)
        sense(index)


def _sense(clinic: Clinic, index: int) -> None:
    clinic.pose_people()
    clinic.image()
    if index % SCAN_EVERY == 0:
        clinic.scan()


def _timed(call: Callable[[], object]) -> float:
    started_s = time.perf_counter()
    call()
    return time.perf_counter() - started_s
