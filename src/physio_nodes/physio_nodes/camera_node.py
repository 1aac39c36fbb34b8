"""Publishes the images of a camera, or of a video or image folder as if it were one.

An image topic that exists already (Gazebo, another driver) needs no camera_node: point pose_node's ``image_topic`` at it.
"""

from __future__ import annotations

import signal
from collections.abc import Callable
from dataclasses import dataclass

from sensor_msgs.msg import CameraInfo
from std_msgs.msg import Header

from physio_core.camera.capture import CaptureState, CaptureThread
from physio_core.camera.config import CameraConfig
from physio_core.camera.rate import RateMonitor
from physio_core.camera.sources import open_source
from physio_core.params import Parameters, param
from physio_core.robot.description import CAMERA_FRAME
from physio_core.types import Frame
from physio_nodes.camera_info import info_topic, pinhole, read_calibration
from physio_nodes.diagnostics import ERROR, OK, WARN, Health
from physio_nodes.image_topic import ImagePublisher
from physio_nodes.params import declare
from physio_nodes.qos import IMAGE_OUT
from physio_nodes.run import STEADY, main_of
from physio_nodes.shell import Shell
from physio_nodes.sim_time import refuse_sim_time
from physio_nodes.stamps import to_stamp

NO_IMAGE_S = 1.0


@dataclass(frozen=True)
class CameraNodeConfig(Parameters):
    """What the messages state about the camera, and what happens at a video's end."""

    frame_id: str = param(CAMERA_FRAME, "Optical frame of the camera (REP-103).")
    calibration: str = param("", "YAML file of camera_calibration; empty: an ideal camera with hfov_rad.")
    hfov_rad: float = param(1.0856, "Horizontal angle of view, where no calibration is given.", unit="rad", low=0.1, high=3.0)
    wait_for_subscribers: int = param(
        1, "A video or folder begins when this many subscribe to the images, so that none misses its start.", low=0, high=10
    )
    exit_at_end: bool = param(False, "End the node when a video or folder that does not loop has ended.")


class CameraNode(Shell):
    """Reads the source on a thread of its own and publishes each image as it comes."""

    def __init__(self) -> None:
        super().__init__("camera")
        self._camera, self._config = declare(self, CameraConfig), declare(self, CameraNodeConfig)
        refuse_sim_time(self, "images of a camera or a file carry this machine's time")
        self._calibration = read_calibration(self._config.calibration) if self._config.calibration else None
        if self._camera.source != "device":  # a bad file stays bad; a camera may still be plugged in
            open_source(self._camera).close()
        self._images = ImagePublisher(self, "camera/image_raw")
        self._infos = self.create_publisher(CameraInfo, info_topic(self._images.topic_name), IMAGE_OUT)
        self._info: CameraInfo | None = None
        self._rate = RateMonitor()
        self._capture = CaptureThread(
            lambda: open_source(self._camera, self._stamp_s),
            self._publish,
            retry_s=self._camera.retry_s,
            on_change=self._report,
            on_note=lambda note: self.get_logger().warning(f"{self._camera.path}: {note}"),
        )
        self._starter = self.create_timer(0.05, self._start, clock=STEADY)

    def close(self) -> None:
        """Close the camera."""
        self._capture.close()
        self._images.close()

    def _start(self) -> None:
        if self._camera.source == "device" or self._images.listeners >= self._config.wait_for_subscribers:
            self._starter.cancel()
            self._capture.start()

    def _stamp_s(self) -> float:
        return float(self.get_clock().now().nanoseconds * 1e-9)

    def _publish(self, frame: Frame) -> None:
        header = Header(stamp=to_stamp(frame.stamp_s), frame_id=self._config.frame_id)
        self._images.publish(frame, header)
        height_px, width_px = frame.rgb.shape[:2]
        info = self._info_for(width_px, height_px)
        info.header = header
        self._infos.publish(info)
        self._rate.update(frame.stamp_s)

    def _info_for(self, width_px: int, height_px: int) -> CameraInfo:
        if self._info is None or (self._info.width, self._info.height) != (width_px, height_px):
            known = self._calibration
            fits = known is not None and (known.width, known.height) == (width_px, height_px)
            if known is not None and not fits:
                self.get_logger().error(
                    f"{self._config.calibration} is for {known.width}x{known.height}, the images are {width_px}x{height_px}:"
                    " publishing an ideal camera"
                )
            self._info = known if fits else pinhole(width_px, height_px, self._config.hfov_rad)
        return self._info

    def _report(self, state: CaptureState, why: str) -> None:
        log: dict[CaptureState, Callable[[str], object]] = {CaptureState.LOST: self.get_logger().error}
        name = self._camera.path or f"/dev/video{self._camera.device}"
        words = {CaptureState.RUNNING: f"{name} gives images", CaptureState.ENDED: f"end of {self._camera.source} {name}"}
        log.get(state, self.get_logger().info)(words.get(state, f"{why}; trying again every {self._camera.retry_s:g} s"))
        if state is CaptureState.ENDED and self._config.exit_at_end:
            signal.raise_signal(signal.SIGTERM)

    def _health(self) -> Health:
        capture = self._capture
        counters = {
            "source": self._camera.source,
            "state": capture.state.value,
            "images": capture.frames,
            "rate_hz": f"{self._rate.rate_hz:.1f}",
            "losses": capture.losses,
            "notes": "; ".join(capture.notes),
            "silent_s": f"{capture.silent_s:.1f}",
        }
        if capture.state is CaptureState.LOST:
            return ERROR, capture.error, counters
        if capture.state is CaptureState.ENDED:
            return WARN, "; ".join([f"end of {self._camera.source}", *capture.notes]), counters
        if capture.state is CaptureState.STARTING and not self._starter.is_canceled():
            return OK, f"waiting for {self._config.wait_for_subscribers} subscriber(s)", counters
        if capture.silent_s > NO_IMAGE_S + 1.0 / self._camera.fps:
            return ERROR, f"no image for {capture.silent_s:.1f} s", counters
        return OK, f"{self._rate.rate_hz:.1f} images/s", counters


main = main_of(CameraNode)

if __name__ == "__main__":
    main()
