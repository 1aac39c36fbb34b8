"""Measures how long the base continues to move after each fault: ``python -m physio_testing.stop_latency --repetitions 20``.

Prints the table of `docs/safety.md`; ``--json FILE`` writes the single times too.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from physio_core.files import check_writable, write_json
from physio_lab.reports.markdown import markdown_heading, markdown_row
from physio_nodes.surroundings import stay_apart
from physio_testing.stop_rig import FAULTS, Fault, StopRig, busy


def measure(rig: StopRig, fault: Fault, watch_s: float) -> float:
    """Time from one fault to rest [ms]; infinite when the base did not stay at rest."""
    rig.move()
    time_ms = rig.time_to_rest_s(fault, watch_s) * 1000.0
    fault.recover(rig)
    return time_ms


def row(name: str, times_ms: Sequence[float], limit_s: float) -> str:
    """One line of the table."""
    p50, p95, worst = np.percentile(times_ms, [50, 95, 100], method="nearest")
    late = sum(time_ms > limit_s * 1000.0 for time_ms in times_ms)
    return markdown_row([name, str(len(times_ms)), f"{p50:.0f}", f"{p95:.0f}", f"{worst:.0f}", str(late)], literal=False)


def false_stops(rig: StopRig, duration_s: float) -> int:
    """How often the pair stops for nothing while it only stands there."""
    stops = 0
    for _ in range(round(duration_s)):
        rig.listener.spin(1.0)
        if not rig.guard.armed or rig.request.held:
            stops += 1
            rig.restore()
    return stops


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure every fault and print the table; 1 when the base once did not stay at rest."""
    parser = argparse.ArgumentParser(description="Time from a fault to rest, with real processes.")
    parser.add_argument("--repetitions", type=int, default=20)
    parser.add_argument("--watch", type=float, default=0.5, help="time the base must then stay at rest [s]")
    parser.add_argument("--only", default="", help="faults whose name holds this text")
    parser.add_argument("--idle", type=float, default=0.0, help="instead, count the stops for nothing in this time [s]")
    parser.add_argument("--load", type=int, default=0, help="beside this many processes that each want a processor")
    parser.add_argument("--json", type=Path, help="file for the single times [ms] by fault")
    options = parser.parse_args(arguments)
    check_writable(options.json)
    stay_apart()
    if options.idle:
        with busy(options.load), StopRig() as rig:
            print(f"{false_stops(rig, options.idle)} stops for nothing in {options.idle:g} s")
        return 0
    print(*markdown_heading(["fault", "n", "p50 ms", "p95 ms", "max ms", "over limit"]), sep="\n")
    times: dict[str, list[float]] = {}
    with busy(options.load), StopRig() as rig:
        for fault in (fault for fault in FAULTS if options.only in fault.name):
            times[fault.name] = [measure(rig, fault, options.watch) for _ in range(options.repetitions)]
            if options.json:  # before the table, whose reader may be gone
                write_json(options.json, times)
            print(row(fault.name, times[fault.name], fault.limit_s), flush=True)
    return int(any(np.isinf(values).any() for values in times.values()))


if __name__ == "__main__":
    sys.exit(main())
