"""Stands between the controller and the base: the only process that lets the base move, and the first to stop it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from sensor_msgs.msg import LaserScan
from std_srvs.srv import Trigger

from physio_core.errors import InputError
from physio_core.params import Parameters, param
from physio_core.robot.guard import Guard
from physio_core.robot.limits import STOP, VelocityLimits
from physio_core.robot.stop_zone import StopZone, StopZoneConfig
from physio_core.robot.watchdog import WatchdogConfig
from physio_core.types import GuardState, HoldReason
from physio_msgs.msg import GuardStatus, MotionRequest
from physio_nodes.base_port import WATCH_S, BaseConfig, BasePort
from physio_nodes.convert import guard_to_msg, request_from_msg, scan_from_msg
from physio_nodes.diagnostics import ERROR, OK, WARN, Health
from physio_nodes.isolation import isolate_transport, priority
from physio_nodes.params import declare
from physio_nodes.qos import NEWEST, NEWEST_OUT, SENSOR
from physio_nodes.run import STEADY, main_of
from physio_nodes.shell import Shell

BEAT_S = 0.05
GRAPH_S = 1.0


@dataclass(frozen=True)
class StopGuardConfig(Parameters):
    """Who else may publish on cmd_vel."""

    controller: str = param("robot", "Name of the controller's node; it may publish zeros on cmd_vel.")


class StopGuard(Shell):
    """Passes `robot/request` on to `cmd_vel` while all is well; publishes zeros otherwise, and `robot/guard` always."""

    def __init__(self) -> None:
        """Start at zero; arm once, for a controller that was never armed."""
        isolate_transport()
        super().__init__("stop_guard")
        self._config = declare(self, StopGuardConfig)
        self._stop_zone = StopZone(declare(self, StopZoneConfig))
        self._guard = Guard(declare(self, VelocityLimits), self._stop_zone, declare(self, WatchdogConfig))
        self._port = BasePort(self, declare(self, BaseConfig).stamped_cmd_vel)
        self._beat = self.create_publisher(GuardStatus, "robot/guard", NEWEST_OUT)
        self._counts: Counter[str] = Counter()
        self._mismatch, self._logged = "", self._guard.reason
        self._others: tuple[str, ...] = ()
        self.create_subscription(MotionRequest, "robot/request", self._on_request, NEWEST)
        self.create_subscription(LaserScan, "scan", self._on_scan, SENSOR)
        self.create_service(Trigger, "robot/rearm", self._on_rearm)
        for period_s, act in ((WATCH_S, self._on_watch), (BEAT_S, self._on_beat), (GRAPH_S, self._on_graph)):
            self.create_timer(period_s, act, clock=STEADY)

    def close(self) -> None:
        """Leave the base at zero, and tell the controller at once."""
        self._publish(GuardState(self.now_s(), False, HoldReason.GUARD_ENDED))
        self._port.close()

    def _on_request(self, msg: MotionRequest) -> None:
        started_s = self.now_s()
        velocity = self._guard.update(request_from_msg(msg), started_s)
        self._port.send(velocity)
        self._counts["moving" if velocity != STOP else "still"] += 1
        # Frozen between deciding and sending: what went out just now is old.
        if self._guard.tick(self.now_s()):
            self._port.stop()

    def _on_scan(self, msg: LaserScan) -> None:
        try:
            self._stop_zone.update(scan_from_msg(msg), self.now_s())
        except InputError as error:
            self._counts["scans_refused"] += 1
            self.refuse("scan", error)

    def _on_watch(self) -> None:
        if self._guard.tick(self.now_s()):
            self._port.stop()

    def _on_beat(self) -> None:
        now_s = self.now_s()
        if self._guard.tick(now_s) or not self._guard.armed:
            self._port.stop()
        self._publish(GuardState(now_s, self._guard.armed, self._guard.reason))
        self._log_change(self._guard.fault)

    def _publish(self, state: GuardState) -> None:
        self._beat.publish(guard_to_msg(state, self.get_clock().now().to_msg()))

    def _on_graph(self) -> None:
        self._mismatch = self._port.mismatch()
        others = self._port.others([self._config.controller])
        # Seen twice: a node that has just started may not have published its name yet.
        self._guard.update_publishers([name for name in others if name in self._others])
        self._others = others

    def _on_rearm(self, _request: Trigger.Request, response: Trigger.Response) -> Trigger.Response:
        refusal = self._guard.rearm(self.now_s())
        response.success, response.message = not refusal, refusal or "armed"
        self.get_logger().info(f"re-arm: {response.message}")
        return response

    def _log_change(self, fault: HoldReason) -> None:
        if fault != self._logged:
            self._logged = fault
            if fault:
                self.get_logger().warning(f"held at zero: {fault.value}")
            else:
                self.get_logger().info("armed")

    def _health(self) -> Health:
        counters = {"fault": self._guard.fault.value, "priority": priority(), **self._counts, **self._guard.faults}
        if self._mismatch:
            self.get_logger().error(self._mismatch, once=True)
            return ERROR, self._mismatch, counters
        if not self._guard.armed:
            return ERROR, f"held at zero: {self._guard.reason.value}; call robot/rearm when it is safe", counters
        back = self._guard.reason or (HoldReason.NO_SCAN if self._stop_zone.blind(self.now_s()) else HoldReason.NONE)
        return (WARN, f"armed, but held back: {back.value}", counters) if back else (OK, "armed", counters)


main = main_of(StopGuard)

if __name__ == "__main__":
    main()
