"""The robot node and the stop guard as real processes: whatever happens to either, the base comes to rest and stays."""

from __future__ import annotations

import itertools
import os
import signal
import subprocess
from pathlib import Path

import pytest

from physio_core.robot.limits import STOP
from physio_core.types import Verdict
from physio_testing.stop_rig import FAULTS, StopRig, busy


@pytest.fixture(scope="module")
def rig(ros_domain):
    with StopRig() as made:
        yield made


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_the_base_rests_in_time_and_stays_until_rearmed(rig, fault):
    rig.move()
    assert rig.time_to_rest_s(fault, watch_s=2.0) <= fault.limit_s
    fault.recover(rig)
    rig.listener.spin(1.0)
    assert rig.speed == STOP
    rig.wait(lambda: rig.heard, "both sides")
    assert rig.armed is not fault.latches
    if fault.latches:
        rig.rearm()
    rig.listener.spin(0.3)
    assert rig.speed == STOP, "re-arming itself must not move the base"
    rig.move()


@pytest.mark.parametrize("name", ["stop", "pause"])
def test_what_is_asked_to_stop_stops_while_every_processor_is_busy(rig, name):
    fault = next(fault for fault in FAULTS if fault.name == name)
    with busy(2 * (os.cpu_count() or 1)):
        rig.move()
        assert rig.time_to_rest_s(fault, watch_s=1.0) < 2.0 * fault.limit_s


def test_no_lock_in_shared_memory_joins_the_two(rig):
    """A process frozen while it holds one makes all who write to the same port wait for a second."""
    for process in rig.processes.values():
        assert "fastrtps_port" not in Path(f"/proc/{process.pid}/maps").read_text()


def test_one_command_rearms_both(rig):
    rig.move()
    rig.processes["stop_guard"].send(signal.SIGSTOP)
    rig.listener.spin(0.6)
    rig.processes["stop_guard"].send(signal.SIGCONT)
    rig.status = None
    rig.wait(lambda: rig.heard and not rig.armed, "both at rest")
    assert subprocess.run(["physio", "rearm"], timeout=60).returncode == 0
    rig.wait(lambda: rig.armed, "both armed", 2.0)


def test_a_shake_turns_to_both_sides_and_ends_where_it_began(rig):
    rig.move(Verdict.WRONG)
    first = len(rig.commands) - 2
    rig.listener.spin(3.5)
    played = rig.commands[first:]
    turns = [velocity.angular_rad_s * (until_s - since_s) for (since_s, velocity), (until_s, _next) in itertools.pairwise(played)]
    places = list(itertools.accumulate(turns))
    assert max(places) > 0.06 and min(places) < -0.06
    assert abs(places[-1]) < 0.04
    assert rig.speed == STOP


@pytest.mark.parametrize("numbers", [(signal.SIGTERM, signal.SIGINT), (signal.SIGHUP, signal.SIGQUIT)])
def test_both_ended_at_once_leave_the_base_at_rest(rig, numbers):
    """By a service manager; by a terminal or a connection that closes."""
    rig.move()
    for process, number in zip(rig.processes.values(), numbers, strict=True):
        process.send(number)
    assert [process.wait_exit() for process in rig.processes.values()] == [0, 0]
    rig.listener.spin(0.5)
    assert rig.speed == STOP
