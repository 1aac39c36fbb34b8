"""Self-test of the transport: do raw images arrive, and does nothing listen outside this machine?

Run it with ``python -m physio_tools.transport_check``; exit code 1 when images are lost or a port is open to the network.
With stock settings Fast DDS drops every VGA image without a word, which looks like a dead camera.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path
from statistics import median

import numpy as np
from rclpy.qos import QoSProfile, ReliabilityPolicy
from sensor_msgs.msg import Image

from physio_nodes.images import from_rgb
from physio_nodes.qos import IMAGE_OUT
from physio_nodes.shared_memory import FOLDER
from physio_nodes.stamps import to_seconds, to_stamp
from physio_tools.listener import Listener

RATE_HZ = 30.0
WARM_UP = 10
NEEDED_SHARE = 0.99
START_S = 15.0
PATIENT = QoSProfile(depth=30, reliability=ReliabilityPolicy.BEST_EFFORT)
"""Best effort, but deep: a busy machine is not to be mistaken for a transport that loses images."""
SEGMENT_MB = 17.0
"""Shared memory that each process takes for its messages, see config/fastdds.xml."""
DISCOVERY_GROUP = "239.255.0.1"
"""Multicast group of DDS; heard only on the interfaces that joined it."""


@dataclass(frozen=True)
class Outcome:
    """What came of it: images sent and received, their median age [ms], sockets open to the network."""

    sent: int
    received: int
    median_ms: float
    exposed: tuple[str, ...]

    @property
    def good(self) -> bool:
        """Whether images arrive and nothing is exposed."""
        return self.received >= NEEDED_SHARE * self.sent and not self.exposed


def check(duration_s: float = 3.0) -> Outcome:
    """Let another process publish VGA images as a camera does, and listen, best effort, as pose_node does."""
    topic, count = f"transport_check_{os.getpid()}", round(duration_s * RATE_HZ)
    ages_ms: list[float] = []

    def on_image(msg: Image) -> None:
        if int(msg.header.frame_id) >= WARM_UP:
            ages_ms.append((time.time() - to_seconds(msg.header.stamp)) * 1e3)

    with Listener("transport_check") as listener:
        listener.node.create_subscription(Image, topic, on_image, PATIENT)
        command = [sys.executable, "-m", __spec__.name, "--publish", topic, "--count", str(count)]
        with subprocess.Popen(command) as sender:
            try:
                exposed = _watch(listener, sender, ages_ms, duration_s)
            finally:
                sender.kill()
    return Outcome(count, len(ages_ms), median(ages_ms) if ages_ms else float("nan"), exposed)


def _watch(listener: Listener, sender: subprocess.Popen[bytes], ages_ms: list[float], duration_s: float) -> tuple[str, ...]:
    """Listen until the sender ends; gives the sockets that both processes had open to the network meanwhile."""
    exposed: set[str] = set()
    deadline_s = time.monotonic() + START_S + duration_s
    while sender.poll() is None and time.monotonic() < deadline_s:
        listener.spin(0.5)
        exposed |= {*exposed_sockets(os.getpid()), *exposed_sockets(sender.pid)}
    listener.spin(0.2)
    return tuple(sorted(exposed))


def exposed_sockets(pid: int) -> list[str]:
    """Sockets of a process that listen outside this machine, e.g. ``udp 0.0.0.0:7400``."""
    try:
        links = {str(link.readlink()) for link in Path(f"/proc/{pid}/fd").iterdir() if link.is_symlink()}
        tables = {kind: Path(f"/proc/{pid}/net/{kind}").read_text().splitlines()[1:] for kind in ("udp", "udp6", "tcp", "tcp6")}
    except OSError:  # it has just ended
        return []
    found = []
    for kind, lines in tables.items():
        for fields in map(str.split, lines):
            bound, port = _address(fields[1])
            sending_only = kind.startswith("tcp") and fields[3] != "0A"  # 0A: listening
            local = ip_address(bound).is_loopback or bound == DISCOVERY_GROUP
            if f"socket:[{fields[9]}]" in links and not (local or sending_only):
                found.append(f"{kind} {bound}:{port}")
    return found


def _address(text: str) -> tuple[str, int]:
    """Address and port as the kernel writes them: words in host byte order, in hexadecimal."""
    words, port = text.split(":")
    raw = b"".join(bytes.fromhex(words[i : i + 8])[:: 1 if sys.byteorder == "big" else -1] for i in range(0, len(words), 8))
    return str(ip_address(raw)), int(port, 16)


def _publish(topic: str, count: int) -> None:
    image = np.zeros((480, 640, 3), np.uint8)
    with Listener("transport_check_sender") as sender:
        publisher = sender.publisher(Image, topic, IMAGE_OUT)
        for index in range(WARM_UP + count):
            publisher.publish(from_rgb(image, to_stamp(time.time()), str(index)))
            sender.spin(1.0 / RATE_HZ)


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the outcome; 0 when all is well, else 1."""
    parser = argparse.ArgumentParser(description="Checks that images arrive and nothing listens outside this machine.")
    parser.add_argument("--seconds", type=float, default=3.0, help="how long to send images (default 3)")
    parser.add_argument("--publish", help=argparse.SUPPRESS)
    parser.add_argument("--count", type=int, default=0, help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    if options.publish:
        _publish(options.publish, options.count)
        return 0
    outcome = check(options.seconds)
    print(f"images: received {outcome.received} of {outcome.sent}, median {outcome.median_ms:.1f} ms")
    print(f"open to the network: {', '.join(outcome.exposed) or 'nothing'}")
    if not outcome.good:
        print(f"FAILED. {_advice()}", file=sys.stderr)
    return 0 if outcome.good else 1


def _advice() -> str:
    free_mb = shutil.disk_usage(FOLDER).free / 1e6 if FOLDER.is_dir() else 0.0
    if free_mb < 2 * SEGMENT_MB:
        room = f"make room there, in a container by --shm-size 1g; each process takes up to {SEGMENT_MB:g} MB"
        return f"{FOLDER} has {free_mb:.1f} MB free, so images have to go over loopback, which loses some: {room}"
    profile = os.environ.get("FASTRTPS_DEFAULT_PROFILES_FILE", "not set")
    return f"FASTRTPS_DEFAULT_PROFILES_FILE is {profile}; source scripts/env, which names config/fastdds.xml"


if __name__ == "__main__":
    sys.exit(main())
