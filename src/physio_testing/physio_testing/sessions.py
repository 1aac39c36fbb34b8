"""A session in a room of its own: what is seen and how much time passes is told, the judge as well where a test wants it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from physio_core.exercises.catalogue import Catalogue, Exercise, load_exercises
from physio_core.exercises.definition import RepetitionDefinition, Signal
from physio_core.judging.judge import Goal, JudgingConfig, Observation
from physio_core.judging.judgement import Judgement
from physio_core.judging.panel import JUDGES, Seat
from physio_core.session.events import Answer, Event
from physio_core.session.machine import Session, SessionConfig
from physio_core.session.status import State, Status
from physio_core.types import Prediction, Skeleton, Tracking, Verdict

BENDING = RepetitionDefinition(signals=(Signal(angle="knee_flexion", rest=10, target=90),))
CATALOGUE = load_exercises()
CATALOGUE["squat"] = replace(CATALOGUE["squat"], repetition=BENDING)
CATALOGUE["lunge"] = replace(CATALOGUE["lunge"], repetition=BENDING.model_copy(update={"sides": "alternate"}))
NAMED = {name: replace(one, repetition=None) for name, one in CATALOGUE.items()}
"""The same exercises, judged by the name that the recogniser gives them alone."""
FAST: Mapping[str, Any] = {
    "show_s": 2.0, "ready_s": 1.0, "watch_s": 10.0, "right_s": 1.0, "wrong_s": 1.0, "verdict_s": 1.0, "start_delay_s": 0.5,
    "getting_ready_s": 0.0, "say_after_s": 0.0, "repetitions": 0,
}  # fmt: skip
WHOLE = np.tile(np.array((0.5, 0.5, np.nan), np.float32), (18, 1))


class Room:
    """A session that sees a whole person and labels at 10 Hz, and keeps what happened."""

    def __init__(
        self, asked: str = "", judges: Mapping[str, Seat] = JUDGES, catalogue: Catalogue = CATALOGUE, **config: Any
    ) -> None:
        settings = SessionConfig(**{**FAST, "mode": "list", "exercises": ("squat", "lunge"), **config})
        self.session, self.now_s = Session(catalogue, settings, judges), 100.0
        self.events: list[Event] = []
        self.wait(0.1)
        if asked:
            self.say(asked)

    def say(self, text: str) -> Answer:
        """Speak as a therapist."""
        answer = self.session.command(text, self.now_s)
        self._keep()
        return answer

    def see(self, label: str, seconds: float, labels: Sequence[str] = ()) -> Status:
        """Let the camera see a movement, a whole person all the while."""
        for _ in range(round(seconds * 10)):
            self.now_s += 0.1
            self.session.update(Skeleton(self.now_s, Tracking.TRACKED, points=WHOLE, confidence=np.ones(18)), self.now_s)
            status = self.session.update(Prediction(self.now_s, label, 0.9, tuple(labels)), self.now_s)
        self._keep()
        return status

    def wait(self, seconds: float) -> Status:
        """Let time pass with nothing seen."""
        for _ in range(round(seconds * 10)):
            self.now_s += 0.1
            status = self.session.tick(self.now_s)
        self._keep()
        return status

    def until(self, state: State, label: str = "") -> Status:
        """Wait, or let a movement be seen, until a state comes."""
        for _ in range(300):
            status = self.see(label, 0.1) if label else self.wait(0.1)
            if status.state is state:
                return status
        raise AssertionError(f"never {state}: {status}")

    def _keep(self) -> None:
        self.events += self.session.take_events()

    @property
    def happened(self) -> list[tuple[str, str]]:
        """Kind and exercise of every event."""
        return [(event.kind.value, event.exercise) for event in self.events]


def at(state: State, **config: Any) -> Room:
    """A room whose session is in a state."""
    room = Room(**config)
    if state is State.IDLE:
        return room
    if state is State.REST:
        room.say("squat 2x3, lunge")
        room.until(State.REST)
        return room
    room.until(State.SHOW)
    if state is State.FINISHED:
        room.say("lunge")
        room.until(State.VERDICT)
        room.say("next")
    elif state in (State.READY, State.WATCH, State.VERDICT):
        room.until(state)
    elif state is not State.SHOW:
        room.say("stop" if state is State.STOPPED else "pause")
    return room


class Told:
    """Goes by skeletons, and judges each attempt as ``says`` is at that moment."""

    input: tuple[type, ...] = (Skeleton,)

    def __init__(self) -> None:
        self.says = Judgement()
        self.asked: list[tuple[str, float]] = []
        self.goal = Goal()
        self.faults: tuple[str, ...] = ()

    def begin(self, exercise: Exercise, config: JudgingConfig, after_stamp_s: float, goal: Goal) -> Told:
        """Take the seat of every attempt."""
        self.asked.append((exercise.name, after_stamp_s))
        self.goal, self.faults = goal, tuple(exercise.faults)
        return self

    def update(self, observation: Observation, turn_s: float | None) -> Judgement:
        """See :class:`~physio_core.judging.judge.Judge`."""
        return self.says

    def lose_input(self) -> Judgement:
        """See :class:`~physio_core.judging.judge.Judge`."""
        return self.says

    def close(self) -> Sequence[Judgement]:
        """See :class:`~physio_core.judging.judge.Judge`."""
        return (self.says if self.says.verdict is not Verdict.NONE else Judgement(verdict=Verdict.UNSURE),)

    def seats(self, kind: str) -> Mapping[str, Seat]:
        """The panel with this judge alone."""
        return {kind: Seat(self.begin)}
