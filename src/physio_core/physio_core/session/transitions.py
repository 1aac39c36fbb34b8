"""The session's transitions, as one table: what each trigger does in each state; what is not in it is refused."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum

from physio_core.session.events import State


class Trigger(Enum):
    """What makes the session change its state: five kinds of request, time, and enough evidence."""

    ASK = "ask"
    NEXT = "next"
    PAUSE = "pause"
    RESUME = "resume"
    STOP = "stop"
    TIME = "time"
    DECIDED = "decided"


class Move(Enum):
    """What follows from a trigger."""

    STAY = "it is so already"
    BEGIN = "the first exercise of what was asked for"
    ONWARD = "the next exercise, or the end"
    COUNT_DOWN = "get ready"
    WATCH = "the patient's turn"
    DECIDE = "the verdict"
    FOLLOW = "the same exercise once more after a first wrong verdict, else onward"
    HOLD = "pause"
    RELEASE = "go on where it was paused"
    END = "stop"


_GOING_ON = {
    Trigger.ASK: Move.BEGIN,
    Trigger.NEXT: Move.ONWARD,
    Trigger.PAUSE: Move.HOLD,
    Trigger.RESUME: Move.STAY,
    Trigger.STOP: Move.END,
}
_OVER = {Trigger.ASK: Move.BEGIN, Trigger.NEXT: Move.ONWARD, Trigger.STOP: Move.STAY}

TRANSITIONS: Mapping[State, Mapping[Trigger, Move]] = {
    State.IDLE: {**_OVER, Trigger.STOP: Move.END, Trigger.PAUSE: Move.HOLD, Trigger.TIME: Move.ONWARD},
    State.SHOW: {**_GOING_ON, Trigger.TIME: Move.COUNT_DOWN},
    State.READY: {**_GOING_ON, Trigger.TIME: Move.WATCH},
    State.WATCH: {**_GOING_ON, Trigger.TIME: Move.DECIDE, Trigger.DECIDED: Move.DECIDE},
    State.VERDICT: {**_GOING_ON, Trigger.TIME: Move.FOLLOW},
    State.PAUSED: {**_GOING_ON, Trigger.PAUSE: Move.STAY, Trigger.RESUME: Move.RELEASE},
    State.STOPPED: _OVER,
    State.FINISHED: _OVER,
}
"""What each trigger does in each state; what is not here is refused."""
