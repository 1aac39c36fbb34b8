"""Asks for exercises: at random, from a list, or as the therapist says on `exercise_request`."""

from __future__ import annotations

from rclpy.node import Node
from std_msgs.msg import String

from physio_core.coach.exercises import load_exercises
from physio_core.coach.picker import Change, Picker, PickerConfig
from physio_core.coach.session import State
from physio_core.errors import ConfigError
from physio_msgs.msg import CoachStatus, SessionEvent
from physio_nodes.diagnostics import OK, Diagnostics, Health
from physio_nodes.params import declare
from physio_nodes.qos import HISTORY, LATCHED, RELIABLE
from physio_nodes.run import STEADY, main_of

TICK_S = 0.1


class PickerNode(Node):
    """Publishes `action_class` and the session's events of asking."""

    def __init__(self) -> None:
        super().__init__("picker")
        self._picker = Picker(load_exercises(), declare(self, PickerConfig))
        self._rejected = 0
        self._action_class = self.create_publisher(String, "action_class", LATCHED)
        self._events = self.create_publisher(SessionEvent, "session/event", HISTORY)
        self._state, self._asked = State.IDLE, ""
        self.create_subscription(String, "exercise_request", self._on_request, RELIABLE)
        self.create_subscription(CoachStatus, "coach/status", self._on_status, RELIABLE)
        self.create_timer(TICK_S, self._on_tick, clock=STEADY)
        Diagnostics(self, self._health)

    def _on_status(self, msg: CoachStatus) -> None:
        self._state, self._asked = State(msg.state), msg.asked

    def _on_tick(self) -> None:
        self._tell(self._picker.tick(self._state, self._asked, STEADY.now().nanoseconds * 1e-9))

    def _on_request(self, msg: String) -> None:
        try:
            self._tell(self._picker.request(msg.data, STEADY.now().nanoseconds * 1e-9))
        except ConfigError as error:
            self._rejected += 1
            self.get_logger().warning(f"request refused: {error}")
            self._publish(SessionEvent.REJECTED, str(error))

    def _tell(self, change: Change) -> None:
        if change is Change.NOTHING:
            return
        if change in (Change.ASKED, Change.STOPPED, Change.FINISHED):
            self._action_class.publish(String(data=self._picker.asked))
        self.get_logger().info(f"{change.value} {self._picker.asked}".strip())
        self._publish(change.value)

    def _publish(self, kind: str, detail: str = "") -> None:
        event = SessionEvent(kind=kind, round=self._picker.round, exercise=self._picker.asked, detail=detail)
        event.header.stamp = self.get_clock().now().to_msg()
        self._events.publish(event)

    def _health(self) -> Health:
        counters = {"round": self._picker.round, "asked": self._picker.asked, "rejected_requests": self._rejected}
        return OK, "paused" if self._picker.paused else "asking", counters


main = main_of(PickerNode)

if __name__ == "__main__":
    main()
