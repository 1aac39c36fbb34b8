"""Tracks one person in each image as it arrives, and publishes the joints."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from statistics import median

from sensor_msgs.msg import Image

from physio_core.camera.image import draw_skeleton
from physio_core.errors import ImageError
from physio_core.exercises.kinds import sensed_by_hand
from physio_core.params import Parameters, param
from physio_core.pose.estimator import JointsConfig, PoseConfig, make_estimator
from physio_core.pose.target_lock import LockConfig
from physio_core.pose.tracker import PoseTracker
from physio_core.skeleton.layouts import layout_named
from physio_core.skeleton.smooth import SmoothConfig
from physio_core.types import Frame, Skeleton, Tracking
from physio_msgs.msg import CoachStatus
from physio_msgs.msg import Skeleton as SkeletonMsg
from physio_nodes.convert import skeleton_to_msg
from physio_nodes.diagnostics import ERROR, OK, WARN, Health
from physio_nodes.image_topic import ImageSubscription
from physio_nodes.images import HandedOver, from_rgb
from physio_nodes.intake import Intake
from physio_nodes.near import NearPublisher
from physio_nodes.params import declare
from physio_nodes.qos import IMAGE_OUT, NEWEST, SENSOR_OUT
from physio_nodes.run import main_of
from physio_nodes.shell import LOG_EVERY_S, SILENT_S, Shell
from physio_nodes.stamps import to_seconds


@dataclass(frozen=True)
class PoseNodeConfig(Parameters):
    """Where images come from, and when to warn."""

    image_topic: str = param("camera/image_raw", "Images to use; any driver's topic will do.")
    slow_ms: float = param(33.0, "Median time for one image from which to warn.", unit="ms", low=1.0, high=1000.0, live=True)
    lost_share: float = param(0.05, "Share of lost images from which to warn.", low=0.0, high=1.0, live=True)


class PoseNode(Shell):
    """Images in, skeletons out; the stamp passes through untouched."""

    def __init__(self) -> None:
        super().__init__("pose")
        self._config = declare(self, PoseNodeConfig, self._configure)
        pose, lock, smooth = declare(self, PoseConfig), declare(self, LockConfig), declare(self, SmoothConfig)
        layout = layout_named(declare(self, JointsConfig).layout)
        estimator = make_estimator(pose, layout)
        self._tracker = PoseTracker(estimator, lock, smooth)
        self._intake, self._took_ms = Intake(self.now_s()), deque[float](maxlen=150)
        self._rests_until_s = float("-inf")
        self._skeletons = NearPublisher(self, SkeletonMsg, "pose/skeleton", SENSOR_OUT)
        self._annotated = self.create_publisher(Image, "pose/image_annotated", IMAGE_OUT)
        self._images = ImageSubscription(self, self._config.image_topic, self._on_image)
        self.create_subscription(CoachStatus, "coach/status", self._on_status, NEWEST)
        self.get_logger().info(f"{estimator.name}; subscribed to {self.resolve_topic_name(self._config.image_topic)}")

    def close(self) -> None:
        """Release the estimator."""
        self._images.close()
        self._tracker.close()

    def _configure(self, config: PoseNodeConfig) -> None:
        self._config = config

    def _on_status(self, msg: CoachStatus) -> None:
        """Leave the processor to hand_node while a hand is looked at; a coach that falls silent wakes this node again."""
        self._rests_until_s = self.now_s() + SILENT_S if sensed_by_hand(msg.kind) else float("-inf")

    def _on_image(self, msg: Image | HandedOver) -> None:
        begun_s = self.now_s()
        if begun_s < self._rests_until_s:
            self._intake.skip(msg, begun_s)
            return
        try:
            frame = self._intake.take(msg, begun_s)
        except ImageError as error:
            self._reject(msg, error)
            return
        if frame is None:
            return
        skeleton = self._tracker.update(frame)
        self._publish(skeleton, msg)
        self._took_ms.append((self.now_s() - begun_s) * 1e3)
        self._annotate(frame, skeleton, msg)

    def _reject(self, msg: Image | HandedOver, error: ImageError) -> None:
        """An unusable image does not mean that no one is there: the skeleton says that the detector failed."""
        self.get_logger().warning(f"image rejected: {error}", throttle_duration_sec=LOG_EVERY_S)
        self._publish(Skeleton(to_seconds(msg.header.stamp), Tracking.DETECTOR_FAILED), msg)

    def _publish(self, skeleton: Skeleton, msg: Image | HandedOver) -> None:
        self._skeletons.publish(skeleton_to_msg(skeleton, msg.header.stamp, msg.header.frame_id))

    def _annotate(self, frame: Frame, skeleton: Skeleton, msg: Image | HandedOver) -> None:
        if self._annotated.get_subscription_count():
            self._annotated.publish(from_rgb(draw_skeleton(frame.rgb, skeleton), msg.header.stamp, msg.header.frame_id))

    def _health(self) -> Health:
        tracker, took_ms = self._tracker, median(self._took_ms or [0.0])
        intake, rate, silent_s = self._intake, self._intake.rate, self.now_s() - self._intake.newest_s
        counters = {
            "images": tracker.frames,
            "rate_hz": f"{rate.rate_hz:.1f}",
            "processing_ms": f"{took_ms:.1f}",
            "lost": rate.lost,
            "lost_share": f"{rate.lost_share:.3f}",
            "late": rate.late,
            "rejected": sum(intake.rejected.values()),
            **{f"rejected_{encoding}": count for encoding, count in sorted(intake.rejected.items())},
            "last_rejection": intake.last_rejection,
            "failures": tracker.failures,
            "last_failure": tracker.last_failure,
            "nobody": tracker.nobody,
            "searches": tracker.searches,
            "jumps": tracker.lock.jumps,
            "refused_bodies": tracker.lock.refused,
            "silent_s": f"{silent_s:.1f}",
        }
        return *self._judge(silent_s, took_ms), counters

    def _judge(self, silent_s: float, took_ms: float) -> tuple[bytes, str]:
        if silent_s > SILENT_S and self.count_publishers(self._config.image_topic):
            return ERROR, "a camera publishes, no image arrives; run: python -m physio_tools.transport_check"
        if silent_s > SILENT_S:
            return ERROR, f"no node publishes images on {self.resolve_topic_name(self._config.image_topic)}"
        if self._intake.rejecting:
            return ERROR, f"image rejected: {self._intake.rejecting}"
        if self.now_s() < self._rests_until_s:
            return OK, "rests while a hand is looked at"
        if took_ms > self._config.slow_ms:
            return WARN, f"slow: {took_ms:.0f} ms for one image"
        rate = self._intake.rate
        if rate.lost_share > self._config.lost_share:
            return WARN, f"{rate.lost_share:.0%} of the images are lost on the way"
        return OK, f"{rate.rate_hz:.1f} images/s, {took_ms:.0f} ms each"


main = main_of(PoseNode)

if __name__ == "__main__":
    main()
