"""For tests and measurements: the robot node and the stop guard as real processes around a base that never forgets.

The base does what the driver of a TurtleBot 3 does: it keeps the last command for ever. A stop therefore came over
`cmd_vel`.
"""

from __future__ import annotations

import math
import signal
import sys
import time
from array import array
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, replace
from types import TracebackType
from typing import Any

from geometry_msgs.msg import TwistStamped
from sensor_msgs.msg import LaserScan
from std_msgs.msg import String
from std_srvs.srv import Trigger

from physio_core.robot.limits import STOP, Velocity
from physio_core.session.status import State, Status
from physio_core.types import Verdict
from physio_msgs.msg import CoachStatus, GuardStatus, MotionRequest
from physio_nodes.convert import status_to_msg
from physio_nodes.qos import RELIABLE, SENSOR
from physio_nodes.run import STEADY
from physio_testing.processes import Process, node_command
from physio_tools.listener import Listener

LONG_NOD = {"nod_m": 0.1, "nod_s": 8.0}
"""A nod that lasts, so that a fault falls into it."""

NODES = {"robot": "robot_node", "stop_guard": "stop_guard"}


@contextmanager
def busy(processes: int) -> Iterator[None]:
    """Other work on the machine: this many processes, each of which keeps a processor busy."""
    with ExitStack() as stack:
        for _ in range(processes):
            stack.enter_context(Process("busy", [sys.executable, "-c", "while True: pass"]))
        yield


def _command(node: str) -> list[str]:
    return ["env", f"FAULTY={node}", *node_command("faulty_node", package="physio_testing", parameters=LONG_NOD)]


class StopRig:
    """Both processes, a coach that can be told what to say, a scanner and a base; use in ``with``."""

    def __init__(self, together: Callable[[list[list[str]]], Process] | None = None) -> None:
        """Start everything and wait until the pair has armed itself.

        Args:
            together: starts both command lines as one process, as a launcher does; by default each is started by itself.
        """
        self.listener = Listener("rig")
        self.status: Status | None = Status(State.SHOW, 0, "squat", input_age_s=0.05)
        self.scanning = True
        self._rounds = 0
        self.commands: list[tuple[float, Velocity]] = [(-math.inf, STOP)]
        self.guard, self.request = GuardStatus(), MotionRequest()
        node = self.listener.node
        node.create_subscription(TwistStamped, "cmd_vel", self._on_command, RELIABLE)
        node.create_subscription(GuardStatus, "robot/guard", lambda msg: setattr(self, "guard", msg), RELIABLE)
        node.create_subscription(MotionRequest, "robot/request", lambda msg: setattr(self, "request", msg), RELIABLE)
        self._coach = node.create_publisher(CoachStatus, "coach/status", RELIABLE)
        self._scanner = node.create_publisher(LaserScan, "scan", SENSOR)
        self._faults = {name: node.create_publisher(String, f"{name}/fault", RELIABLE) for name in NODES}
        self._rearm = node.create_client(Trigger, "robot/rearm")
        node.create_timer(0.05, self._feed, clock=STEADY)
        self.processes: dict[str, Process] = {}
        if together:
            self.processes["together"] = together([_command(node) for node in NODES.values()])
        else:
            for name in NODES:
                self.spawn(name)
        try:
            self.wait(lambda: self.armed, "the pair arming itself")
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> StopRig:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None) -> None:
        """End both processes."""
        self.close()

    def close(self) -> None:
        """End both processes."""
        for process in self.processes.values():
            process.kill()
        self.listener.close()

    @property
    def speed(self) -> Velocity:
        """What the base does now: its last command."""
        return self.commands[-1][1]

    @property
    def armed(self) -> bool:
        """Whether both sides would move."""
        return bool(self.guard.armed and not self.request.held and self.heard)

    @property
    def heard(self) -> bool:
        """Whether both sides say something now."""
        now_ns = time.monotonic_ns()
        return bool(now_ns - min(self.guard.sent_monotonic_ns, self.request.sent_monotonic_ns) < 200_000_000)

    def spawn(self, name: str) -> None:
        """Start one of the two, again if need be."""
        self.processes[name] = Process(name, _command(NODES[name]))

    def wait(self, ready: Callable[[], Any], what: str, timeout_s: float = 30.0) -> None:
        """Keep coach and scanner running until a condition holds."""
        self.listener.wait_for(ready, timeout_s, what)

    def restore(self) -> None:
        """Bring everything back to rest and armed, from any state."""
        self.status, self.scanning = Status(State.SHOW, 0, "squat", input_age_s=0.05), True
        for name, process in self.processes.items():
            process.send(signal.SIGCONT)
            if not process.running:
                self.spawn(name)
        for name in NODES:
            self.wait(self._faults[name].get_subscription_count, name)
        self.wait(lambda: self._coach.get_subscription_count() and self._scanner.get_subscription_count(), "subscribers")
        self.listener.spin(0.3)
        if not self.armed:
            self.rearm()

    def move(self, verdict: Verdict = Verdict.RIGHT) -> None:
        """Decide a round and wait until the base moves for it; again, if a busy machine made the pair stop meanwhile."""
        for _ in range(3):
            self.restore()
            self._rounds += 1
            self.status = Status(State.WATCH, self._rounds, "squat", input_age_s=0.05, turn=self._rounds)
            self.listener.spin(0.3)
            self.status = replace(self.status, state=State.VERDICT, verdict=verdict)
            with suppress(TimeoutError):
                return self.wait(lambda: abs(self.speed.linear_m_s) + abs(self.speed.angular_rad_s) > 0.01, "motion", 4.0)
        raise TimeoutError(f"no motion: guard {self.guard.reason!r}, controller held {self.request.held}")

    def fault(self, name: str, kind: str) -> None:
        """Call up a bug: ``hang`` or ``crash``."""
        self._faults[name].publish(String(data=kind))

    def time_to_rest_s(self, fault: Fault, watch_s: float) -> float:
        """Seconds from a fault to rest; infinite when the base moves in the ``watch_s`` after the limit of that fault."""
        started_s = time.monotonic()
        fault.inject(self)
        self.listener.spin(started_s + fault.limit_s + 0.05 - time.monotonic())
        late = time.monotonic()
        self.listener.spin(watch_s)
        if self.speed != STOP or any(when_s > late and velocity != STOP for when_s, velocity in self.commands):
            return math.inf
        moved = max(index for index, (_when_s, velocity) in enumerate(self.commands) if velocity != STOP)
        return max(self.commands[moved + 1][0] - started_s, 0.0)

    def call_rearm(self) -> Trigger.Response:
        """One explicit call."""
        future = self._rearm.call_async(Trigger.Request())
        self.wait(future.done, "an answer from robot/rearm")
        return future.result()

    def rearm(self) -> None:
        """Call until both sides are armed; a process that was just started may need to be heard first."""
        self.wait(lambda: self.heard, "both sides heard")
        deadline_s = time.monotonic() + 30.0
        while time.monotonic() < deadline_s:
            self.call_rearm()
            self.listener.spin(0.3)
            if self.armed:
                return
        raise AssertionError(f"not re-armed: guard {self.guard.reason!r}, controller held {self.request.held}")

    def _on_command(self, msg: TwistStamped) -> None:
        self.commands.append((time.monotonic(), Velocity(msg.twist.linear.x, msg.twist.angular.z)))

    def _feed(self) -> None:
        if self.status is not None:
            self._coach.publish(status_to_msg(self.status))
        if self.scanning:
            scan = LaserScan(angle_increment=math.radians(1.0), range_min=0.12, range_max=3.5)
            scan.ranges = array("f", [2.0] * 360)
            self._scanner.publish(scan)


@dataclass(frozen=True)
class Fault:
    """One way to go wrong while the base moves.

    Attributes:
        name: as in tables.
        inject: makes it happen.
        recover: undoes it; the base must stay at rest nonetheless when ``latches``.
        latches: whether only an explicit call may let the base move again.
        limit_s: longest time until the base must be at rest [s].
    """

    name: str
    inject: Callable[[StopRig], None]
    recover: Callable[[StopRig], None]
    latches: bool = True
    limit_s: float = 0.4


def _process_faults(side: str, name: str) -> list[Fault]:
    def send(number: int) -> Callable[[StopRig], None]:
        return lambda rig: rig.processes[name].send(number)

    def fail(kind: str) -> Callable[[StopRig], None]:
        return lambda rig: rig.fault(name, kind)

    def respawn(rig: StopRig) -> None:
        rig.wait(lambda: not rig.processes[name].running, f"the end of {name}")
        rig.spawn(name)
        rig.wait(lambda: rig.heard, f"the new {name}")

    return [
        Fault(f"{side} killed (SIGKILL)", send(signal.SIGKILL), respawn),
        Fault(f"{side} frozen (SIGSTOP)", send(signal.SIGSTOP), send(signal.SIGCONT)),
        Fault(f"{side} hangs in a callback", fail("hang"), lambda rig: rig.listener.spin(1.0)),
        Fault(f"{side} raises an exception", fail("crash"), respawn),
        Fault(f"{side} ended (SIGINT)", send(signal.SIGINT), respawn),
        Fault(f"{side} ended (SIGTERM)", send(signal.SIGTERM), respawn),
    ]


def _say(**changes: Any) -> Callable[[StopRig], None]:
    def change(rig: StopRig) -> None:
        assert rig.status is not None
        rig.status = replace(rig.status, **changes)

    return change


def _silence(rig: StopRig) -> None:
    rig.status = None


def _halt(rig: StopRig) -> None:
    for process in rig.processes.values():
        process.send(signal.SIGTSTP)
    _silence(rig)


def _speak(rig: StopRig) -> None:
    rig.status = Status(State.VERDICT, 90, "squat", verdict=Verdict.RIGHT, input_age_s=0.05, turn=90)


FAULTS = [
    *_process_faults("controller", "robot"),
    *_process_faults("guard", "stop_guard"),
    Fault("Ctrl-Z in their terminal (SIGTSTP)", _halt, _speak, latches=False),
    Fault("coach silent", _silence, _speak, latches=False),
    Fault("camera lost", _say(input_age_s=math.inf), _say(input_age_s=0.05), latches=False),
    Fault("pause", _say(state=State.PAUSED), _say(state=State.VERDICT), latches=False),
    Fault("stop", _say(state=State.STOPPED), _say(state=State.VERDICT), latches=False),
    Fault(
        "scanner silent",
        lambda rig: setattr(rig, "scanning", False),
        lambda rig: setattr(rig, "scanning", True),
        latches=False,
        limit_s=0.6,
    ),
]
