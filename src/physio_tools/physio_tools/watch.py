"""Watches a running coach from outside, as a therapist's log would: what was asked, seen and judged, and how fast."""

from __future__ import annotations

import math
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from nav_msgs.msg import Odometry
from sensor_msgs.msg import CameraInfo
from std_msgs.msg import Header

from physio_msgs.msg import ActionPrediction, GuardStatus, Hand, SessionEvent, SimTruth, Speech
from physio_nodes.qos import HISTORY, RELIABLE, SENSOR
from physio_nodes.stamps import to_seconds
from physio_tools.listener import Listener

REST_M_S = 0.005
REST_RAD_S = 0.02


@dataclass(frozen=True)
class Round:
    """One judged attempt.

    The coach says `counted` (of `goal`; 0: it was not about a number), `score` (None: not measured) and `faults`. Only the
    simulated clinic knows `persona`, `done` (what the patient really did) and `repetitions`.
    """

    asked: str
    seen: str
    verdict: str
    persona: str
    done: str
    confidence: float
    wait_s: float
    latency_ms: float
    repetitions: int | None
    attempt: int = 1
    counted: int = 0
    goal: int = 0
    score: float | None = None
    faults: tuple[str, ...] = ()


class Watch:
    """Collects what the coach publishes; :meth:`spin` must be called often."""

    def __init__(
        self,
        on_event: Callable[[SessionEvent], None] = lambda event: None,
        on_cue: Callable[[Speech], None] = lambda cue: None,
    ) -> None:
        """Join the ROS graph; ``on_event`` receives each session event once, ``on_cue`` each thing said about how it is done."""
        self._listener = Listener("watch")
        self._on_event, self._on_cue = on_event, on_cue
        self._truth = SimTruth()
        self._odom: Odometry | None = None
        self.held_because = ""
        self.moved_s = 0.0
        self.farthest_m = 0.0
        self.farthest_rad = 0.0
        self._camera_stamps: list[float] = []
        self._seen_stamps: list[float] = []
        self.latencies_ms: list[float] = []
        self.rounds: list[Round] = []
        self.cues: list[str] = []
        self._faults: Counter[str] = Counter()
        self.finished = False
        subscribe = self._listener.node.create_subscription
        subscribe(SessionEvent, "session/event", self._on_session_event, HISTORY)
        subscribe(Speech, "coach/say", self._on_speech, RELIABLE)
        subscribe(SimTruth, "sim/truth", self._on_truth, SENSOR)
        subscribe(Odometry, "odom", self._on_odom, SENSOR)
        subscribe(GuardStatus, "robot/guard", self._on_guard, SENSOR)
        subscribe(CameraInfo, "camera/camera_info", self._on_camera, SENSOR)
        subscribe(ActionPrediction, "stgcn_prediction", lambda prediction: self._on_looked_at(prediction.header), RELIABLE)
        subscribe(Hand, "hand/skeleton", lambda hand: self._on_looked_at(hand.skeleton.header), SENSOR)

    def spin(self, duration_s: float) -> None:
        """Spin for a while [s]."""
        self._listener.spin(duration_s)

    def forget(self) -> None:
        """Drop what was measured so far, e.g. while starting."""
        self._camera_stamps.clear()
        self._seen_stamps.clear()
        self.latencies_ms.clear()

    def close(self) -> None:
        """Leave the ROS graph."""
        self._listener.close()

    @property
    def at_rest(self) -> bool | None:
        """Whether the base is at rest; None where no odometry was received."""
        if self._odom is None:
            return None
        twist = self._odom.twist.twist
        return math.hypot(twist.linear.x, twist.linear.y) < REST_M_S and abs(twist.angular.z) < REST_RAD_S

    def until(self, ready: Callable[[], bool], timeout_s: float) -> float | None:
        """Spin until a condition holds; how long that took [s], or None when it did not happen in time."""
        begun_s = time.monotonic()
        while not ready():
            if time.monotonic() - begun_s > timeout_s:
                return None
            self._listener.spin(0.01)
        return time.monotonic() - begun_s

    def ask(self, kind: type, service: str, request: object, good: Callable[[Any], bool], timeout_s: float) -> bool:
        """Call a service until its answer is good; False when that takes too long."""
        client = self._listener.node.create_client(kind, service)
        deadline_s = time.monotonic() + timeout_s
        try:
            while time.monotonic() < deadline_s:
                answer = client.call_async(request)
                if self.until(answer.done, 1.0) is not None and good(answer.result()):
                    return True
                self._listener.spin(0.2)
            return False
        finally:
            self._listener.node.destroy_client(client)

    @property
    def frames(self) -> int:
        """Images that were taken between the first and the last prediction."""
        return len(self._window(self._camera_stamps))

    @property
    def frames_dropped(self) -> int:
        """Images in that time for which no prediction came."""
        return len(self._window(self._camera_stamps) - set(self._seen_stamps))

    def latency_ms(self, percentile: float) -> float:
        """Image stamp to prediction [ms]; NaN before the first."""
        return float(np.percentile(self.latencies_ms, percentile)) if self.latencies_ms else math.nan

    def _window(self, stamps: list[float]) -> set[float]:
        if not self._seen_stamps:
            return set()
        first, last = min(self._seen_stamps), max(self._seen_stamps)
        return {stamp for stamp in stamps if first <= stamp <= last}

    def _on_session_event(self, event: SessionEvent) -> None:
        self.finished = event.kind == SessionEvent.FINISHED
        if event.kind == SessionEvent.ASKED:
            self._faults.clear()
        if event.kind == SessionEvent.REPETITION:
            self._faults.update({fault.name for fault in event.repetition.faults})
        if event.kind == SessionEvent.VERDICT:
            known = self._truth.asked == event.exercise
            self.rounds.append(
                Round(
                    asked=event.exercise,
                    seen=event.seen,
                    verdict=event.verdict,
                    persona=self._truth.persona if known else "",
                    done=self._truth.exercise if known else "",
                    confidence=round(event.confidence, 3),
                    wait_s=round(event.wait_s, 2),
                    latency_ms=round(event.latency_ms, 1),
                    repetitions=self._truth.repetition if known else None,
                    attempt=event.attempt,
                    counted=event.current_set.repetitions,
                    goal=event.current_set.goal,
                    score=None if math.isnan(event.current_set.score) else round(event.current_set.score, 1),
                    faults=tuple(name for name, _ in self._faults.most_common()),
                )
            )
        self._on_event(event)

    def _on_speech(self, speech: Speech) -> None:
        if speech.kind in (Speech.CUE, Speech.SAFETY):
            self.cues.append(speech.text)
            self._on_cue(speech)

    def _on_truth(self, truth: SimTruth) -> None:
        self._truth = truth

    def _on_odom(self, odom: Odometry) -> None:
        self._odom = odom
        if not self.at_rest:
            self.moved_s = time.monotonic()
        pose = odom.pose.pose
        self.farthest_m = max(self.farthest_m, math.hypot(pose.position.x, pose.position.y))
        self.farthest_rad = max(self.farthest_rad, 2.0 * abs(math.atan2(pose.orientation.z, pose.orientation.w)))

    def _on_guard(self, status: GuardStatus) -> None:
        self.held_because = "" if status.armed else status.reason

    def _on_camera(self, info: CameraInfo) -> None:
        self._camera_stamps.append(to_seconds(info.header.stamp))

    def _on_looked_at(self, header: Header) -> None:
        """An image has come to what the coach judges by: a prediction, or a hand."""
        stamp_s = to_seconds(header.stamp)
        self._seen_stamps.append(stamp_s)
        self.latencies_ms.append(self._listener.node.get_clock().now().nanoseconds * 1e-6 - stamp_s * 1e3)
