"""Where the slowest images lose their time: `python -m physio_tools.tails VIDEO [--composed]`, a table of docs/performance.md.

Each image is followed by its stamp from the camera to the skeleton and to the prediction, as another process hears of it; the
kernel tells how long the threads of the nodes stood in line for a processor core meanwhile.
"""

from __future__ import annotations

import argparse
import math
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from sensor_msgs.msg import CameraInfo
from std_msgs.msg import Header

from physio_core.share import shared_path
from physio_core.types import FloatArray
from physio_lab.reports.markdown import markdown_table
from physio_msgs.msg import ActionPrediction, Skeleton
from physio_nodes.qos import RELIABLE, SENSOR
from physio_nodes.stamps import to_seconds
from physio_nodes.surroundings import stay_apart
from physio_tools.launcher.launch import Launch
from physio_tools.listener import Listener
from physio_tools.log import Log
from physio_tools.usage import PROC

SLOWEST = 0.01
STEPS = ("image taken to told of", "to the skeleton", "to the prediction")


@dataclass(frozen=True)
class Part:
    """One step on the way of an image.

    Attributes:
        name: which.
        median_ms: of all images.
        slowest_ms: mean of the slowest hundredth of the images.
        share: of what these take longer than the median image.
    """

    name: str
    median_ms: float
    slowest_ms: float
    share: float


def parts(ways_ms: FloatArray, waits_ms: FloatArray) -> list[Part]:
    """Split what the slowest images take longer.

    Args:
        ways_ms: time of each image (N) in each step (3) [ms].
        waits_ms: time that the nodes' threads stood in line for a core during each image (N) [ms]; part of the steps.
    """
    whole = ways_ms.sum(1)
    slow = whole >= np.quantile(whole, 1.0 - SLOWEST)
    longer_ms = max(float(whole[slow].mean() - np.median(whole)), 1e-9)
    columns = {**dict(zip(STEPS, ways_ms.T, strict=True)), "of it, in line for a core": waits_ms, "in all": whole}
    found = []
    for name, each_ms in columns.items():
        usual_ms, slowest_ms = float(np.median(each_ms)), float(each_ms[slow].mean())
        found.append(Part(name, usual_ms, slowest_ms, (slowest_ms - usual_ms) / longer_ms))
    return found


class Follower:
    """Notes when each image was told of, seen and named."""

    def __init__(self, pids: Sequence[int]) -> None:
        """Listen.

        Args:
            pids: processes of the nodes.
        """
        self._listener, self._pids = Listener("tails"), tuple(pids)
        self._heard: tuple[dict[float, float], ...] = ({}, {}, {})
        self._lines_s: dict[float, float] = {}
        subscribe = self._listener.node.create_subscription
        subscribe(CameraInfo, "camera/camera_info", lambda msg: self._note(0, msg.header), SENSOR)
        subscribe(Skeleton, "pose/skeleton", lambda msg: self._note(1, msg.header), SENSOR)
        subscribe(ActionPrediction, "stgcn_prediction", lambda msg: self._note(2, msg.header), RELIABLE)

    def follow(self, duration_s: float) -> list[Part]:
        """Follow for a while [s]; empty: nothing came."""
        for heard in self._heard:
            heard.clear()
        self._listener.spin(duration_s)
        stamps = sorted(set.intersection(*map(set, self._heard)))
        if len(stamps) < 2:
            return []
        told, seen, named = ([heard[stamp] for stamp in stamps] for heard in self._heard)
        ways_s = np.diff(np.array([stamps, told, seen, named]).T, axis=1)
        # What a thread waited is no longer counted once it has ended.
        waits_s = np.maximum(np.diff([self._lines_s[stamp] for stamp in stamps]), 0.0)
        return parts(ways_s[1:] * 1e3, waits_s * 1e3)

    def close(self) -> None:
        """Leave the ROS graph."""
        self._listener.close()

    def _note(self, step: int, header: Header) -> None:
        stamp_s = to_seconds(header.stamp)
        self._heard[step][stamp_s] = self._listener.node.get_clock().now().nanoseconds * 1e-9
        if step == len(STEPS) - 1:
            self._lines_s[stamp_s] = sum(map(in_line_s, self._pids))


def in_line_s(pid: int) -> float:
    """How long the threads of a process have stood in line for a core so far [s], as `schedstat` of the kernel counts it."""
    spent = 0.0
    for file in (PROC / str(pid) / "task").glob("*/schedstat"):
        with suppress(OSError):
            spent += int(file.read_text().split()[1]) * 1e-9
    return spent


def main() -> None:
    """Run the nodes on a video, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("video", type=Path)
    parser.add_argument("--composed", action="store_true", help="in one process")
    parser.add_argument("--seconds", type=float, default=30.0)
    options = parser.parse_args()
    stay_apart()
    arguments = {"source": "video", "video": str(options.video.resolve()), "loop": "true"}
    arguments["composed"] = str(options.composed).lower()
    with Launch(shared_path("launch", "perception.launch.yaml"), arguments, on_line=Log(quiet=True)) as launch:
        follower = Follower([child.pid for child in launch.processes.values()])
        until_s = time.monotonic() + 60.0
        while not follower.follow(2.0) and time.monotonic() < until_s:
            pass
        found = follower.follow(options.seconds)
        follower.close()
    rows = [[part.name, *(f"{value:.1f}" for value in (part.median_ms, part.slowest_ms)), _percent(part.share)] for part in found]
    print("\n".join(markdown_table(["step", "median [ms]", "slowest 1 % [ms]", "share of the difference"], rows)))


def _percent(share: float) -> str:
    return f"{share:.0%}" if math.isfinite(share) else "-"


if __name__ == "__main__":
    main()
