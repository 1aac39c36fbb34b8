"""Recognises the exercise being done, at every image."""

from __future__ import annotations

from dataclasses import dataclass

from std_msgs.msg import String

from physio_core.action.model import load_model
from physio_core.action.recogniser import Recogniser, RecogniserConfig
from physio_core.errors import InputError
from physio_core.params import param
from physio_msgs.msg import ActionPrediction, Skeleton
from physio_nodes.convert import prediction_to_msg, skeleton_from_msg
from physio_nodes.diagnostics import OK, STALE, Health
from physio_nodes.near import subscribe_near
from physio_nodes.params import declare
from physio_nodes.qos import RELIABLE, SENSOR
from physio_nodes.run import main_of
from physio_nodes.shell import SILENT_S, Shell


@dataclass(frozen=True)
class ActionConfig(RecogniserConfig):
    """Settings of the recogniser, and its model."""

    model: str = param("", "Folder of the model; empty: the one that ships.")


class ActionNode(Shell):
    """Publishes `stgcn_prediction` for every skeleton, and its label alone on `action_label`."""

    def __init__(self) -> None:
        super().__init__("action")
        config = declare(self, ActionConfig, self._configure)
        self._recogniser = Recogniser(load_model(config.model), config)
        self._used = 0
        self._step_ms = 0.0
        self._received_s = self.now_s()
        self._publisher = self.create_publisher(ActionPrediction, "stgcn_prediction", RELIABLE)
        self._label = self.create_publisher(String, "action_label", RELIABLE)
        subscribe_near(self, Skeleton, "pose/skeleton", self._on_skeleton, SENSOR)
        self.get_logger().info(f"ready; names {', '.join(self._recogniser.model.labels)}")

    def _configure(self, config: ActionConfig) -> None:
        self._recogniser.config = config

    def _on_skeleton(self, msg: Skeleton) -> None:
        self._received_s = self.now_s()
        try:
            prediction = self._recogniser.update(skeleton_from_msg(msg))
        except InputError as error:
            self.refuse("skeleton", error)
            return
        self._used += 1
        self._step_ms = (self.now_s() - self._received_s) * 1e3
        self._publisher.publish(prediction_to_msg(prediction, msg.header.stamp, msg.header.frame_id))
        self._label.publish(String(data=prediction.label))

    def _health(self) -> Health:
        counters = {
            "used": self._used,
            "rejected": self.rejected,
            "failures": self._recogniser.failures,
            "step_ms": round(self._step_ms, 2),
        }
        counters["effective_fps"] = round(self._recogniser.effective_fps, 1)
        quiet = self.now_s() - self._received_s > SILENT_S
        return (STALE, "no skeletons arrive", counters) if quiet else (OK, "recognising", counters)


main = main_of(ActionNode)

if __name__ == "__main__":
    main()
