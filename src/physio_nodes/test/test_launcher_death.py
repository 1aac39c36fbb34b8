"""Whoever starts the nodes may die, also inside a container: the last word that the base hears is zero."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from physio_core.robot.limits import STOP
from physio_testing.processes import Process
from physio_testing.stop_rig import StopRig

DOCKER = Path(__file__).resolve().parents[3] / "docker"

# What tini (`init: true` of Compose) does: hand signals on to its child, and end when that child has ended.
INIT = """
import os, signal, sys
child = os.posix_spawn(sys.argv[1], sys.argv[1:], os.environ)
for number in (signal.SIGTERM, signal.SIGINT):
    signal.signal(number, lambda number, frame: os.kill(child, number))
while os.wait()[0] != child:
    pass
os._exit(0)
"""

# What ROS 2's own `ros2 launch` does: SIGINT is handed on and waited for, SIGTERM kills it and leaves its children.
STOCK_LAUNCH = """
import json, os, signal, subprocess, sys
children = [subprocess.Popen(command) for command in json.loads(sys.argv[1])]
signal.signal(signal.SIGINT, lambda number, frame: [child.send_signal(number) for child in children])
"""
WAIT = "for child in children: child.wait()"


# What the action `end_nodes_at_sigterm` of our launch files makes of it.
WITH_ACTION = """
from physio_nodes.surroundings import end_children
signal.signal(signal.SIGTERM, lambda number, frame: (end_children(), os._exit(1)))
"""


def stock_launch(commands, action=""):
    return [sys.executable, "-c", STOCK_LAUNCH + action + WAIT, json.dumps(commands)]


def in_container(command):
    probe = ["unshare", "--pid", "--fork", "--mount-proc", "true"]
    if not shutil.which("unshare") or subprocess.run(probe, capture_output=True, check=False).returncode:
        pytest.skip("a process namespace of its own needs unshare and root")
    init = [sys.executable, "-c", INIT, *command]
    return Process("container", ["unshare", "--pid", "--fork", "--mount-proc", "--kill-child", *init])


def first_process(container):
    """Process 1 of a container, by its number outside."""
    return int(Path(f"/proc/{container.pid}/task/{container.pid}/children").read_text())


@pytest.mark.parametrize(
    ("entry", "action", "number"),
    [([str(DOCKER / "entrypoint.sh")], "", signal.SIGTERM), ([], "", signal.SIGINT), ([], WITH_ACTION, signal.SIGTERM)],
    ids=["entry point", "stop signal", "neither"],
)
def test_a_stopped_container_leaves_the_base_at_rest(ros_domain, entry, action, number):
    with StopRig(lambda commands: in_container([*entry, *stock_launch(commands, action)])) as rig:
        rig.move()
        container = rig.processes["together"]
        os.kill(first_process(container), number)
        container.wait_exit()
        rig.listener.spin(0.5)
        assert rig.speed == STOP, "its last word was a motion"
        assert rig.guard.reason == "guard_ended"


def test_nodes_that_a_dead_launcher_leaves_behind_end_at_rest(ros_domain):
    with StopRig(lambda commands: Process("launcher", stock_launch(commands))) as rig:
        rig.move()
        rig.processes["together"].send(signal.SIGKILL)
        rig.wait(lambda: rig.speed == STOP, "rest", 0.4)
        rig.wait(lambda: rig.guard.reason == "guard_ended", "the guard's last words", 5.0)
        rig.wait(lambda: not rig.listener.node.count_publishers("cmd_vel"), "the end of both", 5.0)
