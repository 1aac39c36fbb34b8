"""Images as they arrive at a node: read, taken in order, counted; what cannot be used is refused with its reason."""

from __future__ import annotations

from collections import Counter

from sensor_msgs.msg import Image

from physio_core.camera.rate import RateMonitor
from physio_core.errors import ImageError
from physio_core.types import Frame
from physio_nodes.images import HandedOver, to_frame
from physio_nodes.stamps import to_seconds


class Intake:
    """One camera's images.

    Attributes:
        rate: how fast they come, and how many are lost on the way.
        newest_s: when the newest came, usable or not [s].
        rejected: how many could not be used, by encoding.
        rejecting: why the newest could not be used; empty: it could.
        last_rejection: why one last could not be used; empty: never.
    """

    def __init__(self, now_s: float) -> None:
        """Start at a time [s] without images."""
        self.rate, self.newest_s = RateMonitor(), now_s
        self.rejected: Counter[str] = Counter()
        self.rejecting = self.last_rejection = ""

    def skip(self, msg: Image | HandedOver, now_s: float) -> None:
        """Look at no image, but do not count it as lost afterwards."""
        self.newest_s = now_s
        self.rate.update(to_seconds(msg.header.stamp))

    def take(self, msg: Image | HandedOver, now_s: float) -> Frame | None:
        """Take an image at a time [s].

        Returns:
            The image; None: it came late, newer ones were taken already.

        Raises:
            ImageError: it cannot be used; it was counted.
        """
        self.newest_s = now_s
        try:
            frame = to_frame(msg)
            newer = self.rate.update(frame.stamp_s)
            if self.rate.fault:
                raise ImageError(self.rate.fault)
        except ImageError as error:
            self.rejected[msg.encoding or "none"] += 1
            self.rejecting = self.last_rejection = str(error)
            raise
        self.rejecting = ""
        return frame if newer else None
