"""Names the exercise being done, at every image."""

from __future__ import annotations

import time
from dataclasses import dataclass

from rclpy.node import Node
from std_msgs.msg import String

from physio_core.action.model import load_model
from physio_core.action.recogniser import Recogniser, RecogniserConfig
from physio_core.errors import InputError
from physio_core.params import param
from physio_msgs.msg import ActionPrediction, Skeleton
from physio_nodes.convert import prediction_to_msg, skeleton_from_msg
from physio_nodes.diagnostics import OK, STALE, Diagnostics, Health
from physio_nodes.params import declare
from physio_nodes.qos import RELIABLE, SENSOR
from physio_nodes.run import main_of

QUIET_S = 2.0


@dataclass(frozen=True)
class ActionConfig(RecogniserConfig):
    """The recogniser's settings and which model it uses."""

    model: str = param("", "Folder of the model; empty: the one that ships.")


class ActionNode(Node):
    """Publishes `stgcn_prediction` for every skeleton, and its label alone on `action_label`."""

    def __init__(self) -> None:
        super().__init__("action")
        config = declare(self, ActionConfig, self._configure)
        self._recogniser = Recogniser(load_model(config.model), config)
        self._used = self._rejected = 0
        self._step_ms = 0.0
        self._heard_s = time.monotonic()
        self._publisher = self.create_publisher(ActionPrediction, "stgcn_prediction", RELIABLE)
        self._label = self.create_publisher(String, "action_label", RELIABLE)
        self.create_subscription(Skeleton, "pose/skeleton", self._on_skeleton, SENSOR)
        Diagnostics(self, self._health)
        self.get_logger().info(f"ready; names {', '.join(self._recogniser.model.labels)}")

    def _configure(self, config: ActionConfig) -> None:
        self._recogniser.config = config

    def _on_skeleton(self, msg: Skeleton) -> None:
        self._heard_s = time.monotonic()
        try:
            prediction = self._recogniser.update(skeleton_from_msg(msg))
        except InputError as error:
            self._rejected += 1
            self.get_logger().warning(f"skeleton refused: {error}", throttle_duration_sec=5.0)
            return
        self._used += 1
        self._step_ms = (time.monotonic() - self._heard_s) * 1e3
        self._publisher.publish(prediction_to_msg(prediction, msg.header.stamp, msg.header.frame_id))
        self._label.publish(String(data=prediction.label))

    def _health(self) -> Health:
        counters = {"used": self._used, "rejected": self._rejected, "step_ms": round(self._step_ms, 2)}
        counters["effective_fps"] = round(self._recogniser.effective_fps, 1)
        quiet = time.monotonic() - self._heard_s > QUIET_S
        return (STALE, "no skeletons arrive", counters) if quiet else (OK, "recognising", counters)


main = main_of(ActionNode)

if __name__ == "__main__":
    main()
