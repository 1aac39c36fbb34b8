"""Compares what was asked with what is seen, and tells everyone what it thinks."""

from __future__ import annotations

from dataclasses import dataclass

from rclpy.node import Node
from std_msgs.msg import String

from physio_core.coach.exercises import load_exercises
from physio_core.coach.messages import load_phrases, message
from physio_core.coach.session import Session, SessionConfig, State, Status
from physio_core.errors import ConfigError, InputError
from physio_core.params import param
from physio_msgs.msg import ActionPrediction, CoachStatus, SessionEvent
from physio_nodes.convert import prediction_from_msg, status_to_msg
from physio_nodes.diagnostics import OK, WARN, Diagnostics, Health
from physio_nodes.params import declare
from physio_nodes.qos import HISTORY, LATCHED, RELIABLE
from physio_nodes.run import STEADY, main_of

TICK_S = 0.1


@dataclass(frozen=True)
class CoachConfig(SessionConfig):
    """The session's settings and what only the node needs."""

    language: str = param("en", "Language of what the patient is told: a section of config/wording.yaml.")
    latency_budget_ms: float = param(100.0, "Image to verdict slower than this raises a warning.", unit="ms", low=1.0, high=1e4)


class CoachNode(Node):
    """Publishes `coach/status`, `display_message` and the verdicts on `session/event`."""

    def __init__(self) -> None:
        super().__init__("coach")
        self._config = declare(self, CoachConfig)
        self._catalogue = load_exercises()
        self._phrases = load_phrases(self._config.language)
        self._session = Session(self._catalogue, self._config)
        self._last = Status()
        self._said = ""
        self._latency_ms = 0.0
        self._rejected = 0
        self._status = self.create_publisher(CoachStatus, "coach/status", RELIABLE)
        self._message = self.create_publisher(String, "display_message", LATCHED)
        self._events = self.create_publisher(SessionEvent, "session/event", HISTORY)
        self.create_subscription(ActionPrediction, "stgcn_prediction", self._on_prediction, RELIABLE)
        self.create_subscription(String, "action_class", self._on_ask, LATCHED)
        self.create_subscription(SessionEvent, "session/event", self._on_event, HISTORY)
        self.create_timer(TICK_S, self._on_tick, clock=STEADY)
        Diagnostics(self, self._health)

    def _on_prediction(self, msg: ActionPrediction) -> None:
        try:
            prediction = prediction_from_msg(msg)
        except InputError as error:
            self._rejected += 1
            self.get_logger().warning(f"prediction refused: {error}", throttle_duration_sec=5.0)
            return
        status = self._session.see(prediction, self._now_s())
        self._latency_ms = self.get_clock().now().nanoseconds * 1e-6 - prediction.stamp_s * 1e3
        self._tell(status)

    def _on_ask(self, msg: String) -> None:
        try:
            self._tell(self._session.ask(msg.data, self._now_s()))
        except ConfigError as error:
            self._rejected += 1
            self.get_logger().warning(f"cannot judge: {error}")
            self._publish_event(SessionEvent(kind=SessionEvent.REJECTED, detail=str(error)))

    def _on_event(self, msg: SessionEvent) -> None:
        act = {
            SessionEvent.PAUSED: self._session.pause,
            SessionEvent.RESUMED: self._session.resume,
            SessionEvent.STOPPED: lambda now_s: self._session.end(State.STOPPED, now_s),
            SessionEvent.FINISHED: lambda now_s: self._session.end(State.FINISHED, now_s),
        }.get(msg.kind)
        if act:
            self._tell(act(self._now_s()))

    def _on_tick(self) -> None:
        self._tell(self._session.tick(self._now_s()))

    def _tell(self, status: Status) -> None:
        self._status.publish(status_to_msg(status))
        said = message(status, self._catalogue, self._phrases, self._config.language)
        if said != self._said:
            self._said = said
            self._message.publish(String(data=said))
        if status.state is not self._last.state:
            self._on_state(status)
        self._last = status

    def _on_state(self, status: Status) -> None:
        if status.state not in (State.WATCH, State.VERDICT) or self._last.state is State.PAUSED:
            return
        event = SessionEvent(round=status.round, exercise=status.asked)
        event.kind = SessionEvent.WATCHING if status.state is State.WATCH else SessionEvent.VERDICT
        if status.state is State.VERDICT:
            event.seen, event.verdict, event.detail = status.seen, status.verdict.value, status.reason
            event.confidence, event.wait_s = float(status.confidence), float(status.wait_s)
            event.latency_ms = float(self._latency_ms)
            self.get_logger().info(f"asked {status.asked}, seen {status.seen or 'nothing'}: {status.verdict.value}")
        self._publish_event(event)

    def _publish_event(self, event: SessionEvent) -> None:
        event.header.stamp = self.get_clock().now().to_msg()
        self._events.publish(event)

    def _now_s(self) -> float:
        return STEADY.now().nanoseconds * 1e-9

    def _health(self) -> Health:
        slow = self._latency_ms > self._config.latency_budget_ms
        counters = {"state": self._last.state.value, "latency_ms": round(self._latency_ms, 1), "rejected": self._rejected}
        return (WARN if slow else OK), "late verdicts" if slow else "coaching", counters


main = main_of(CoachNode)

if __name__ == "__main__":
    main()
