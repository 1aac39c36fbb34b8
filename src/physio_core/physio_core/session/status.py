"""What a session is at one moment, as plain data: for the screen, the robot and messages."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from enum import Enum

from physio_core.assessment.repetition import Fault
from physio_core.trajectories.drawing import Drawing, Paths
from physio_core.types import Reason, Side, Verdict


class State(str, Enum):
    """Where in a round the coach is."""

    IDLE = "idle"
    SHOW = "show"
    READY = "ready"
    WATCH = "watch"
    VERDICT = "verdict"
    REST = "rest"
    PAUSED = "paused"
    STOPPED = "stopped"
    FINISHED = "finished"


RUNNING = (State.SHOW, State.READY, State.WATCH, State.VERDICT, State.REST, State.PAUSED)
"""States in which there is something to pause or to stop."""


@dataclass(frozen=True)
class SetStatus:
    """Where in a set the patient is.

    Attributes:
        side: which side does it; none: both, or whichever the patient takes.
        set: place of the set among those of the exercise, from 1.
        sets: how many there are.
        repetitions: complete ones of this set.
        partial: those that did not go far enough or not back.
        goal: repetitions wanted; 0: they are not what it is about.
        goal_s: time wanted in place of a number [s]; 0: none.
        extent: share of the exercise's range that is asked for.
        phase: of the present repetition [0..1]; NaN: none.
        score: of the repetitions so far [0..100]; NaN: not measured.
    """

    side: Side = Side.NONE
    set: int = 1
    sets: int = 1
    repetitions: int = 0
    partial: int = 0
    goal: int = 0
    goal_s: float = 0.0
    extent: float = 1.0
    phase: float = math.nan
    score: float = math.nan

    @property
    def has_goal(self) -> bool:
        """Whether a number of repetitions, or a time, is wanted."""
        return self.goal > 0 or self.goal_s > 0.0


@dataclass(frozen=True)
class Status:
    """What the coach thinks at one moment; the fields of CoachStatus.msg, without the wire, and ``paths``, which stay here."""

    state: State = State.IDLE
    round: int = 0
    asked: str = ""
    seen: str = ""
    confidence: float = 0.0
    verdict: Verdict = Verdict.NONE
    reason: Reason = Reason.NONE
    progress: float = 0.0
    input_age_s: float = math.inf
    stamp_s: float = 0.0
    wait_s: float = 0.0
    rounds: int = 0
    attempt: int = 1
    turn: int = 0
    next: str = ""
    time_left_s: float = math.nan
    judging: bool = True
    missing: tuple[str, ...] = ()
    refused: bool = False
    patient: str = ""
    session: int = 0
    current_set: SetStatus = field(default_factory=SetStatus)
    faults: tuple[Fault, ...] = ()
    not_measured: tuple[str, ...] = ()
    kind: str = ""
    now: Fault | None = None
    drawing: Drawing | None = None
    paths: Paths | None = field(default=None, compare=False, repr=False)
