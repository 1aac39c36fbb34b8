"""Publishes what the coach sees in the messages of other tools: markers for RViz and Foxglove, and REP-155's topics.

REP-155 needs the package hri_msgs; without it only the markers are published, and one line of the log says so.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from geometry_msgs.msg import Point
from std_msgs.msg import ColorRGBA, Header
from visualization_msgs.msg import Marker

from physio_core.errors import InputError
from physio_core.params import Parameters, param
from physio_core.robot.mount import HFOV_RAD
from physio_core.skeleton.sharing import bones_in_space, hri_box, hri_points
from physio_core.types import Skeleton, Tracking
from physio_msgs.msg import Skeleton as SkeletonMsg
from physio_nodes.convert import skeleton_from_msg
from physio_nodes.diagnostics import OK, Health
from physio_nodes.params import declare
from physio_nodes.qos import RELIABLE, SENSOR
from physio_nodes.run import main_of
from physio_nodes.shell import Shell

try:
    from hri_msgs.msg import IdsList, NormalizedPointOfInterest2D, NormalizedRegionOfInterest2D, Skeleton2D
except ImportError:
    IdsList = None

BODIES = "/humans/bodies"
"""REP-155 fixes the namespace."""

FADE_S = 1
COLOURS = {Tracking.TRACKED: (0.34, 0.71, 0.91), Tracking.SOMEBODY_ELSE: (0.6, 0.6, 0.6)}


@dataclass(frozen=True)
class HumansConfig(Parameters):
    """Where a viewer draws the body; one camera cannot measure how far away it is."""

    distance_m: float = param(
        3.0, "Distance from the camera at which the body is drawn.", unit="m", low=0.5, high=10.0, live=True
    )
    hfov_rad: float = param(HFOV_RAD, "Horizontal angle of view of the camera.", unit="rad", low=0.1, high=3.0, live=True)


class HumansNode(Shell):
    """Publishes `pose/markers`, and where hri_msgs is installed `/humans/bodies/...`."""

    def __init__(self) -> None:
        super().__init__("humans")
        self._config = declare(self, HumansConfig, self._configure)
        self._bodies = 0
        self._markers = self.create_publisher(Marker, "pose/markers", RELIABLE)
        self._of_body: dict[str, Any] = {}
        if IdsList is None:
            self.get_logger().warning("hri_msgs is not installed: no /humans/bodies; install ros-jazzy-hri-msgs for REP-155")
        else:
            self._tracked = self.create_publisher(IdsList, f"{BODIES}/tracked", RELIABLE)
        self.create_subscription(SkeletonMsg, "pose/skeleton", self._on_skeleton, SENSOR)

    def _configure(self, config: HumansConfig) -> None:
        self._config = config

    def _on_skeleton(self, msg: SkeletonMsg) -> None:
        try:
            skeleton = skeleton_from_msg(msg)
            self._markers.publish(self._marker(skeleton, msg.header))
            if IdsList is not None:
                self._publish_body(skeleton, msg.header)
        except InputError as error:
            self.refuse("skeleton", error)

    def _marker(self, skeleton: Skeleton, header: Header) -> Marker:
        marker = Marker(header=header, ns="body", type=Marker.LINE_LIST)
        if skeleton.status not in COLOURS:
            marker.action = Marker.DELETEALL
            return marker
        marker.scale.x, marker.pose.orientation.w, marker.lifetime.sec = 0.03, 1.0, FADE_S
        red, green, blue = COLOURS[skeleton.status]
        marker.color = ColorRGBA(r=red, g=green, b=blue, a=1.0)
        bones = bones_in_space(skeleton, self._config.distance_m, self._config.hfov_rad)
        marker.points = [Point(x=float(x), y=float(y), z=float(z)) for x, y, z in bones.reshape(-1, 3)]
        return marker

    def _publish_body(self, skeleton: Skeleton, header: Header) -> None:
        body_id = skeleton.body_id if skeleton.status is Tracking.TRACKED else ""
        self._tracked.publish(IdsList(header=header, ids=[body_id] if body_id else []))
        self._follow(body_id)
        if body_id:
            joints, box = self._of_body[body_id]
            points = [NormalizedPointOfInterest2D(x=float(x), y=float(y), c=float(c)) for x, y, c in hri_points(skeleton)]
            joints.publish(Skeleton2D(header=header, skeleton=points))
            sides = dict(zip(("xmin", "ymin", "xmax", "ymax", "c"), map(float, hri_box(skeleton)), strict=True))
            box.publish(NormalizedRegionOfInterest2D(header=header, **sides))

    def _follow(self, body_id: str) -> None:
        """Topics exist for the body that is tracked, and for no other."""
        for gone in set(self._of_body) - {body_id}:
            for publisher in self._of_body.pop(gone):
                self.destroy_publisher(publisher)
        if body_id and body_id not in self._of_body:
            self._bodies += 1
            kinds = ((Skeleton2D, "skeleton2d"), (NormalizedRegionOfInterest2D, "roi"))
            self._of_body[body_id] = [self.create_publisher(kind, f"{BODIES}/{body_id}/{name}", RELIABLE) for kind, name in kinds]

    def _health(self) -> Health:
        counters = {"bodies": self._bodies, "rejected": self.rejected, "hri_msgs": IdsList is not None}
        return OK, "sharing", counters


main = main_of(HumansNode)

if __name__ == "__main__":
    main()
