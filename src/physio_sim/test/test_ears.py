"""What the coach shows and says reaches the patient, and what cannot be understood is told and survived."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from std_msgs.msg import String

from physio_core.errors import UnknownExercise
from physio_core.session.status import State
from physio_core.types import Side
from physio_msgs.msg import CoachStatus, Speech
from physio_sim.ears import Ears
from physio_sim.truth import Truth


class Clinic:
    """One whose patient writes down what it is told."""

    def __init__(self) -> None:
        self.heard: list[Any] = []
        self.says = ""

    def ask(self, exercise: str) -> None:
        if exercise == "juggling":
            raise UnknownExercise(exercise, ["squat"])
        self.heard.append(exercise)

    def follow(self, status: Any) -> None:
        self.heard.append((status.state, status.asked))

    def hear(self, fault: str, side: Side) -> None:
        self.heard.append((fault, side))

    def words(self, _: Truth) -> str:
        return self.says


class Node:
    """A node without ROS: what is subscribed to can be called, what is published and warned of is kept."""

    def __init__(self) -> None:
        self.topics: dict[str, Any] = {}
        self.said: list[str] = []
        self.warned: list[str] = []

    def create_publisher(self, _kind: Any, _topic: str, _quality: Any) -> Any:
        return SimpleNamespace(publish=lambda msg: self.said.append(msg.data))

    def create_subscription(self, _kind: Any, topic: str, call: Any, _quality: Any) -> None:
        self.topics[topic] = call

    def get_logger(self) -> Any:
        return SimpleNamespace(warning=lambda text, **_: self.warned.append(text))


@pytest.fixture
def room() -> tuple[Node, Clinic, list[str], Ears]:
    node, clinic, times = Node(), Clinic(), list[str]()
    return node, clinic, times, Ears(node, clinic, lambda: times.append("now"))  # type: ignore[arg-type]


def test_what_is_asked_shown_and_said_reaches_the_patient_at_the_present_time(room) -> None:
    node, clinic, times, _ = room
    node.topics["action_class"](String(data="squat"))
    node.topics["coach/status"](CoachStatus(state=CoachStatus.WATCH, asked="squat"))
    node.topics["coach/say"](Speech(fault="knees_in", side="left"))
    assert clinic.heard == ["squat", (State.WATCH, "squat"), ("knees_in", Side.LEFT)] and times == ["now"] * 3
    assert node.warned == []


@pytest.mark.parametrize(
    ("topic", "msg", "why"),
    [
        ("action_class", String(data="juggling"), "unknown exercise 'juggling'"),
        ("coach/status", CoachStatus(state="dancing"), "dancing"),
        ("coach/say", Speech(fault="knees_in", side="upper"), "upper"),
    ],
)
def test_what_cannot_be_understood_is_a_warning_and_the_patient_goes_on(room, topic: str, msg: Any, why: str) -> None:
    node, clinic, _, _ = room
    node.topics[topic](msg)
    assert clinic.heard == []
    (warning,) = node.warned
    assert warning.startswith("the patient cannot do that: ") and why in warning
    node.topics["action_class"](String(data="squat"))
    assert clinic.heard == ["squat"]


def test_the_patient_speaks_only_when_there_is_something_to_say(room) -> None:
    node, clinic, _, ears = room
    ears.speak(Truth("able"))
    clinic.says = "pain 6"
    ears.speak(Truth("able"))
    assert node.said == ["pain 6"]
