"""The patient's ears and mouth: what the coach shows and says reaches it by topics, and so does what it says itself."""

from __future__ import annotations

from collections.abc import Callable

from std_msgs.msg import String

from physio_core.errors import ConfigError, InputError
from physio_core.types import Side
from physio_msgs.msg import CoachStatus, Speech
from physio_nodes.convert import status_from_msg
from physio_nodes.convert_sets import word
from physio_nodes.qos import LATCHED, RELIABLE
from physio_nodes.shell import Shell
from physio_sim.clinic import Clinic
from physio_sim.truth import Truth


class Ears:
    """Listens and speaks for the node that runs the clinic."""

    def __init__(self, node: Shell, clinic: Clinic, advance: Callable[[], None]) -> None:
        """Join the topics.

        Args:
            node: its node.
            clinic: where the patient is.
            advance: brings the clinic to the present time.
        """
        self._node, self._clinic, self._advance = node, clinic, advance
        self._request = node.create_publisher(String, "exercise_request", RELIABLE)
        node.create_subscription(String, "action_class", lambda msg: self._tell(lambda: clinic.ask(msg.data)), LATCHED)
        node.create_subscription(CoachStatus, "coach/status", self._on_status, RELIABLE)
        node.create_subscription(Speech, "coach/say", self._on_speech, RELIABLE)

    def speak(self, truth: Truth) -> None:
        """Publish what the patient says now; nothing, nearly always."""
        if words := self._clinic.words(truth):
            self._request.publish(String(data=words))

    def _on_status(self, msg: CoachStatus) -> None:
        self._tell(lambda: self._clinic.follow(status_from_msg(msg)))

    def _on_speech(self, msg: Speech) -> None:
        self._tell(lambda: self._clinic.hear(msg.fault, word(Side, msg.side, "side")))

    def _tell(self, call: Callable[[], None]) -> None:
        self._advance()
        try:
            call()
        except (ConfigError, InputError) as error:
            self._node.get_logger().warning(f"the patient cannot do that: {error}", throttle_duration_sec=5.0)
