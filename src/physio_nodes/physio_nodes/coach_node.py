"""Runs the session: receives requests and predictions, asks for exercises and publishes its verdicts."""

from __future__ import annotations

from dataclasses import dataclass

from std_msgs.msg import String

from physio_core.judging.judge import Observation
from physio_core.judging.library import LibraryConfig, load_library
from physio_core.params import param
from physio_core.personal.files import PersonalConfig, adapt_from
from physio_core.programme.programme import ProgrammeConfig, due_from
from physio_core.session.events import Answer, Event, EventKind
from physio_core.session.machine import Session, SessionConfig
from physio_core.session.prescription import Prescription
from physio_core.session.rival import this_process
from physio_core.session.status import Status
from physio_msgs.msg import ActionPrediction, CoachStatus, Hand, SessionEvent, Skeleton
from physio_msgs.srv import SessionCommand
from physio_nodes.announcer import Announcer, AnnouncerConfig
from physio_nodes.convert import event_to_msg, fill_answer, hand_from_msg, prediction_from_msg, skeleton_from_msg, status_to_msg
from physio_nodes.diagnostics import OK, WARN, Health
from physio_nodes.params import declare
from physio_nodes.path_port import PathPort
from physio_nodes.perform import PerformServer
from physio_nodes.qos import HISTORY, LATCHED, RELIABLE, SENSOR
from physio_nodes.rival_watch import RivalWatch
from physio_nodes.run import STEADY, main_of
from physio_nodes.shell import Shell

TICK_S = 0.1


@dataclass(frozen=True)
class CoachConfig(SessionConfig, LibraryConfig, ProgrammeConfig, PersonalConfig, AnnouncerConfig):
    """Settings of the session and of the node."""

    latency_budget_ms: float = param(
        100.0, "Image to verdict slower than this raises a warning.", unit="ms", low=1.0, high=1e4, live=True
    )


class CoachNode(Shell):
    """Publishes `coach/status`, `action_class`, `display_message`, `session/event`; serves `coach/command`, `coach/perform`."""

    def __init__(self) -> None:
        super().__init__("coach")
        self._config = declare(self, CoachConfig, self._configure)
        library = load_library(self._config)
        self._catalogue = library.exercises
        self._announcer = Announcer(self, self._catalogue, self._config)
        for lack in library.lacks(self._config.language):
            self.get_logger().warning(lack)
        due = due_from(self._config, self._catalogue)
        adapt = adapt_from(self._config, self._catalogue, self.get_logger().warning)
        self._session = Session(self._catalogue, self._config, due=due, adapt=adapt)
        self._self = this_process()
        RivalWatch(self, self._self)
        self._last = Status()
        self._latency_ms = 0.0
        self._status = self.create_publisher(CoachStatus, "coach/status", RELIABLE)
        self._asked = self.create_publisher(String, "action_class", LATCHED)
        self._events = self.create_publisher(SessionEvent, "session/event", HISTORY)
        self.create_subscription(ActionPrediction, "stgcn_prediction", self._on_prediction, RELIABLE)
        self.create_subscription(Skeleton, "pose/skeleton", self._on_skeleton, SENSOR)
        self.create_subscription(Hand, "hand/skeleton", self._on_hand, SENSOR)
        self.create_subscription(String, "exercise_request", self._on_request, RELIABLE)
        self.create_service(SessionCommand, "coach/command", self._on_command)
        self._perform = PerformServer(self, self._on_perform, lambda: self._on_request(String(data="stop")))
        self._paths = PathPort(self, lambda path: self._publish(self._session.update(path, self.now_s())))
        self.create_timer(TICK_S, self._on_tick, clock=STEADY)

    def _configure(self, config: CoachConfig) -> None:
        self._announcer.configure(config)
        self._config = self._session.config = config

    def _on_prediction(self, msg: ActionPrediction) -> None:
        with self.refusing("prediction"):
            self._see(prediction_from_msg(msg))

    def _on_hand(self, msg: Hand) -> None:
        with self.refusing("hand"):
            self._see(hand_from_msg(msg))

    def _on_skeleton(self, msg: Skeleton) -> None:
        with self.refusing("skeleton"):
            self._take(skeleton_from_msg(msg))

    def _see(self, observation: Observation) -> None:
        self._publish(self._take(observation))

    def _take(self, observation: Observation) -> Status:
        status = self._session.update(observation, self.now_s())
        self._latency_ms = self.get_clock().now().nanoseconds * 1e-6 - observation.stamp_s * 1e3
        return status

    def _on_request(self, msg: String) -> None:
        self._publish(self._session.command(msg.data, self.now_s()).status)

    def _on_command(self, request: SessionCommand.Request, response: SessionCommand.Response) -> SessionCommand.Response:
        answer = self._session.command(request.text, self.now_s())
        self._publish(answer.status)
        return fill_answer(answer, response)

    def _on_perform(self, wanted: Prescription) -> Answer:
        answer = self._session.ask((wanted,), self.now_s())
        self._publish(answer.status)
        return answer

    def _on_tick(self) -> None:
        self._publish(self._session.tick(self.now_s()))

    def _publish(self, status: Status) -> None:
        for event in self._session.take_events():
            self._publish_event(event)
        self._announcer.announce(status)
        msg = status_to_msg(status, self._self)
        if not status.stamp_s:
            msg.header.stamp = self.get_clock().now().to_msg()
        self._status.publish(msg)
        self._perform.tell(status)
        self._paths.tell(status)
        self._last = status

    def _publish_event(self, event: Event) -> None:
        status = event.status
        self._perform.take(event)
        self._announcer.take(event)
        self._paths.take(event)
        self._events.publish(event_to_msg(event, self.get_clock().now().to_msg(), self._latency_ms, self._self))
        if event.kind in (EventKind.ASKED, EventKind.STOPPED, EventKind.FINISHED) and status.attempt == 1:
            self._asked.publish(String(data=status.asked))
        self.rejected += event.kind is EventKind.REJECTED
        if event.detail:
            self.get_logger().warning(str(event))
        else:
            self.get_logger().info(str(event))

    def _health(self) -> Health:
        slow = self._latency_ms > self._config.latency_budget_ms
        counters: dict[str, int | float | str] = {"state": self._last.state.value, "asked": self._last.asked}
        counters |= {"round": self._last.round, "latency_ms": round(self._latency_ms, 1), "rejected": self.rejected}
        return (WARN if slow else OK), "late verdicts" if slow else "coaching", counters


main = main_of(CoachNode)

if __name__ == "__main__":
    main()
