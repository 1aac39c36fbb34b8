"""Asks for the motion that shows a verdict, and holds the base itself when the stop guard is lost."""

from __future__ import annotations

from physio_core.errors import InputError
from physio_core.robot.controller import Controller
from physio_core.robot.gesture import GestureConfig
from physio_core.robot.guard import Request
from physio_core.robot.heartbeat import HeartbeatMonitor
from physio_core.robot.limits import STOP, Velocity, VelocityLimits
from physio_core.robot.watchdog import WatchdogConfig
from physio_core.types import HoldReason
from physio_msgs.msg import CoachStatus, GuardStatus, MotionRequest
from physio_nodes.base_port import WATCH_S, BaseConfig, BasePort
from physio_nodes.convert import guard_from_msg, request_to_msg, status_from_msg
from physio_nodes.diagnostics import ERROR, OK, WARN, Health
from physio_nodes.isolation import isolate_transport, priority
from physio_nodes.params import declare
from physio_nodes.qos import NEWEST, NEWEST_OUT
from physio_nodes.run import STEADY, main_of
from physio_nodes.shell import Shell

REQUEST_S = 0.05


class RobotNode(Shell):
    """Publishes `robot/request` at 20 Hz; on `cmd_vel` only zeros, only while latched and at the end."""

    def __init__(self) -> None:
        """Start at zero."""
        isolate_transport()
        super().__init__("robot")
        watchdog = declare(self, WatchdogConfig)
        self._controller = Controller(declare(self, GestureConfig), declare(self, VelocityLimits), watchdog)
        self._heartbeat = HeartbeatMonitor(watchdog)
        self._port = BasePort(self, declare(self, BaseConfig).stamped_cmd_vel)
        self._requests = self.create_publisher(MotionRequest, "robot/request", NEWEST_OUT)
        self._sequence = 0
        self._logged = self._heartbeat.reason
        self.create_subscription(CoachStatus, "coach/status", self._on_status, NEWEST)
        self.create_subscription(GuardStatus, "robot/guard", self._on_guard, NEWEST)
        self.create_timer(WATCH_S, self._on_watch, clock=STEADY)
        self.create_timer(REQUEST_S, self._on_request, clock=STEADY)

    def close(self) -> None:
        """Leave the base at zero, and tell the guard not to wait for more."""
        self._send(STOP, self.now_s(), latched=True)
        self._port.close()

    def _on_status(self, msg: CoachStatus) -> None:
        try:
            self._controller.update(status_from_msg(msg), self.now_s())
        except InputError as error:
            self.refuse("coach status", error)

    def _on_guard(self, msg: GuardStatus) -> None:
        now_s = self.now_s()
        if self._heartbeat.tick(now_s):
            self._port.stop()
        try:
            self._heartbeat.update(guard_from_msg(msg), now_s)
        except InputError as error:
            self.refuse("guard status", error)

    def _on_watch(self) -> None:
        if self._heartbeat.tick(self.now_s()):
            self._port.stop()

    def _on_request(self) -> None:
        self._on_watch()
        now_s, monitor = self.now_s(), self._heartbeat
        velocity = self._controller.velocity(now_s, REQUEST_S, monitor.armed and not monitor.held_back)
        self._send(velocity, now_s, latched=monitor.latched)
        if monitor.latched:
            self._port.stop()
        self._log_change(monitor.reason)

    def _send(self, velocity: Velocity, now_s: float, latched: bool) -> None:
        self._heartbeat.moved = self._heartbeat.moved or velocity != STOP
        self._sequence += self._heartbeat.moved
        stamp = self.get_clock().now().to_msg()
        self._requests.publish(request_to_msg(Request(self._sequence, now_s, velocity, latched), stamp))

    def _log_change(self, reason: HoldReason) -> None:
        if reason != self._logged:
            self._logged = reason
            if reason:
                self.get_logger().warning(f"holds zero: {reason.value}")
            else:
                self.get_logger().info("armed")

    def _health(self) -> Health:
        gestures = {"gestures": self._controller.started, "aborted": self._controller.aborted}
        counters = {**gestures, "refused": self.rejected, "priority": priority()}
        if not self._heartbeat.armed:
            return ERROR, f"holds zero: {self._heartbeat.reason.value}", counters
        inhibit = self._controller.inhibit_reason(self.now_s())
        return (WARN, f"still: {inhibit}", counters) if inhibit.endswith("_lost") else (OK, "ready to move", counters)


main = main_of(RobotNode)

if __name__ == "__main__":
    main()
