"""Follows one hand in each image while an exercise of the hand is on, and publishes its joints; at all other times it rests."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from statistics import median

from sensor_msgs.msg import Image

from physio_core.errors import ImageError, InputError
from physio_core.exercises.kinds import sensed_by_hand
from physio_core.params import Parameters, param
from physio_core.pose.hand_estimator import HandConfig, make_hand_estimator
from physio_core.pose.hand_lock import HandLockConfig
from physio_core.pose.hand_tracker import HandTracker
from physio_core.session.status import RUNNING, Status
from physio_core.skeleton.layouts import HAND_21
from physio_core.skeleton.smooth import SmoothConfig
from physio_core.types import Hand, Reason, Skeleton, Tracking
from physio_msgs.msg import CoachStatus
from physio_msgs.msg import Hand as HandMsg
from physio_nodes.convert import hand_to_msg, status_from_msg
from physio_nodes.diagnostics import ERROR, OK, WARN, Health
from physio_nodes.image_topic import ImageSubscription
from physio_nodes.images import HandedOver
from physio_nodes.intake import Intake
from physio_nodes.params import declare
from physio_nodes.qos import NEWEST, SENSOR_OUT
from physio_nodes.run import main_of
from physio_nodes.shell import LOG_EVERY_S, SILENT_S, Shell
from physio_nodes.stamps import to_seconds


@dataclass(frozen=True)
class HandNodeConfig(Parameters):
    """Where images come from, and when to warn."""

    image_topic: str = param("camera/image_raw", "Images to use; any driver's topic will do.")
    slow_ms: float = param(33.0, "Median time for one image from which to warn.", unit="ms", low=1.0, high=1000.0, live=True)


class HandNode(Shell):
    """Images in, one hand out, the side that the coach asks for; the stamp passes through untouched."""

    def __init__(self) -> None:
        super().__init__("hand")
        self._config = declare(self, HandNodeConfig, self._configure)
        self._estimator, self._lock = declare(self, HandConfig), declare(self, HandLockConfig)
        self._smooth = declare(self, SmoothConfig)
        self._tracker: HandTracker | None = None
        self._intake, self._took_ms = Intake(self.now_s()), deque[float](maxlen=150)
        self._status, self._heard_s = Status(), float("-inf")
        self._hands = self.create_publisher(HandMsg, "hand/skeleton", SENSOR_OUT)
        self._images: ImageSubscription | None = None
        self.create_subscription(CoachStatus, "coach/status", self._on_status, NEWEST)
        self.get_logger().info(f"rests until a hand is asked for; then from {self.resolve_topic_name(self._config.image_topic)}")

    def close(self) -> None:
        """Release the estimator."""
        self._rest()
        if self._tracker:
            self._tracker.close()

    def _configure(self, config: HandNodeConfig) -> None:
        self._config = config

    @property
    def _wanted(self) -> bool:
        """Whether an exercise of the hand is on; a coach that is silent asks for nothing."""
        status, heard = self._status, self.now_s() - self._heard_s <= SILENT_S
        return heard and status.state in RUNNING and sensed_by_hand(status.kind)

    def _on_status(self, msg: CoachStatus) -> None:
        try:
            self._status, self._heard_s = status_from_msg(msg), self.now_s()
        except InputError as error:
            self.refuse("coach status", error)
            return
        if not self._wanted:
            self._rest()
            return
        if self._images is None:
            self._intake = Intake(self.now_s())
            self._images = ImageSubscription(self, self._config.image_topic, self._on_image)
        if self._tracker is None:  # it takes seconds to load, and most sessions ask for no hand
            estimator = make_hand_estimator(self._estimator)
            self._tracker = HandTracker(estimator, self._lock, self._smooth)
            self.get_logger().info(f"looks at hands: {estimator.name}")
        self._tracker.lock.ask(self._status.current_set.side.value)

    def _rest(self) -> None:
        """Let no image come, which would cost time even if none is looked at."""
        if self._images is not None:
            self._images.close()
            self._images = None

    def _on_image(self, msg: Image | HandedOver) -> None:
        begun_s = self.now_s()
        if not self._wanted or self._tracker is None:
            return
        try:
            frame = self._intake.take(msg, begun_s)
        except ImageError as error:
            self._reject(msg, error)
            return
        if frame is None:
            return
        self._publish(self._tracker.update(frame), msg)
        self._took_ms.append((self.now_s() - begun_s) * 1e3)

    def _reject(self, msg: Image | HandedOver, error: ImageError) -> None:
        """An unusable image does not mean that there is no hand: the skeleton says that the detector failed."""
        self.rejected += 1
        self.get_logger().warning(f"image rejected: {error}", throttle_duration_sec=LOG_EVERY_S)
        failed = Skeleton(to_seconds(msg.header.stamp), Tracking.DETECTOR_FAILED, HAND_21.name)
        self._publish(Hand(failed, objection=Reason.DETECTOR_FAILED), msg)

    def _publish(self, hand: Hand, msg: Image | HandedOver) -> None:
        self._hands.publish(hand_to_msg(hand, msg.header.stamp, msg.header.frame_id))

    def _health(self) -> Health:
        took_ms, silent_s, tracker = median(self._took_ms or [0.0]), self.now_s() - self._intake.newest_s, self._tracker
        rate, rejecting = self._intake.rate, self._intake.rejecting
        counters: dict[str, int | float | str] = {"side": self._status.current_set.side.value, "rejected": self.rejected}
        counters |= {
            "rate_hz": f"{rate.rate_hz:.1f}",
            "processing_ms": f"{took_ms:.1f}",
            "last_rejection": self._intake.last_rejection,
        }
        if tracker:
            counters |= {"images": tracker.frames, "failures": tracker.failures, "last_failure": tracker.last_failure}
            counters |= {"jumps": tracker.lock.jumps}
            counters |= {f"refused_{why.value}": count for why, count in tracker.refused.items()}
        if not self._wanted:
            return OK, "rests: no exercise of the hand is on", counters
        if silent_s > SILENT_S:
            return ERROR, f"no images arrive on {self.resolve_topic_name(self._config.image_topic)}", counters
        if rejecting:
            return ERROR, f"image rejected: {rejecting}", counters
        if took_ms > self._config.slow_ms:
            return WARN, f"slow: {took_ms:.0f} ms for one image", counters
        return OK, f"{rate.rate_hz:.1f} images/s, {took_ms:.0f} ms each", counters


main = main_of(HandNode)

if __name__ == "__main__":
    main()
