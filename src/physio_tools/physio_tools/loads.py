"""Memory of the nodes, two tables of docs/performance.md: `python -m physio_tools.loads [--running [--composed]]`.

Which libraries each node loads, and its memory then; or, of the whole coach while it works with the simulated clinic, the memory
and processor time of each process.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import time

from physio_core.errors import LaunchError
from physio_core.share import shared_path
from physio_lab.reports.markdown import markdown_table
from physio_nodes.surroundings import stay_apart
from physio_tools.launcher.launch import Launch
from physio_tools.log import Log
from physio_tools.usage import Meter
from physio_tools.watch import Watch

NODES = ("camera", "pose", "hand", "action", "coach", "records", "screen", "voice", "robot", "stop_guard", "mount")
LIBRARIES = (
    "numpy", "cv2", "av", "mediapipe", "onnxruntime", "openvino", "pygame", "pydantic", "babel", "sqlalchemy", "mcap", "rosbags",
    "matplotlib", "scipy", "torch", "mujoco", "pandas",
)  # fmt: skip
"""Those that are large, and those that no node may load."""

_LOOK = """
import importlib, sys
importlib.import_module(sys.argv[1])
from physio_tools.usage import resident_mb
import os
print(resident_mb(os.getpid()), *[name for name in sys.argv[2:] if name in sys.modules])
"""


def look(module: str) -> tuple[float, list[str]]:
    """Resident memory of a fresh process that has loaded a module [MB], and which of :data:`LIBRARIES` came with it."""
    done = subprocess.run([sys.executable, "-c", _LOOK, module, *LIBRARIES], capture_output=True, text=True, check=True)
    memory_mb, *names = done.stdout.split()
    return float(memory_mb), names


START_S, WARM_S = 120.0, 20.0


def running(seconds: float, composed: bool) -> list[list[str]]:
    """Memory [MB] and processor cores of each process of the whole coach; the clinic, which no robot runs, is left out.

    Args:
        seconds: how long processor time is counted.
        composed: as the launch argument.

    Raises:
        LaunchError: nothing was recognised in time.
    """
    arguments = {"source": "sim", "mode": "random", "headless": "true", "voice": "true", "composed": str(composed).lower()}
    watch = Watch()
    with Launch(shared_path("launch", "coach.launch.yaml"), arguments, on_line=Log(quiet=True)) as launch:
        try:
            until_s = time.monotonic() + START_S
            while not watch.latencies_ms:
                watch.spin(0.1)
                if time.monotonic() > until_s:
                    raise LaunchError(f"no prediction within {START_S:g} s; see why: physio launch coach.launch.yaml source:=sim")
            watch.spin(WARM_S)
            meter = Meter({name: child.pid for name, child in launch.processes.items() if child.running and name != "clinic"})
            watch.spin(seconds)
            found = meter.read()
        finally:
            watch.close()
    return [[name, f"{one.rss_mb:.0f}", f"{one.cpu_share:.2f}"] for name, one in found.items()]


def main() -> None:
    """Print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--running", action="store_true", help="the whole coach at work")
    parser.add_argument("--composed", action="store_true", help="with several nodes in one process")
    parser.add_argument("--seconds", type=float, default=40.0, help="how long, at work")
    options = parser.parse_args()
    if options.running:
        stay_apart()
        print("\n".join(markdown_table(["process", "MB", "cores"], running(options.seconds, options.composed))))
        return
    rows = []
    for node in NODES:
        memory_mb, names = look(f"physio_nodes.{node}{'' if node == 'stop_guard' else '_node'}")
        rows.append([node, f"{memory_mb:.0f}", " ".join(names)])
    print("\n".join(markdown_table(["node", "MB when loaded", "large libraries"], rows)))


if __name__ == "__main__":
    main()
