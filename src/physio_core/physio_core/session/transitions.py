"""The session's transitions, as one table: what each trigger does in each state; what is not in it is refused."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum

from physio_core.session.status import State


class Trigger(Enum):
    """What makes the session change its state: nine kinds of request, time, and enough evidence."""

    ASK = "ask"
    NEXT = "next"
    PAUSE = "pause"
    RESUME = "resume"
    STOP = "stop"
    PAIN = "pain"
    EFFORT = "effort"
    IGNORE = "ignore"
    ACCEPT = "accept"
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
    FOLLOW = "the same exercise again after a first wrong verdict, a rest before the next set, else onward"
    REPORT = "write it down, and make it easier or stop by the therapist's limits"
    CORRECT = "look at a fault no longer in this session, or again"
    PAUSE = "pause"
    RESUME = "continue where it was paused"
    STOP = "stop"


_TOLD = {Trigger.PAIN: Move.REPORT, Trigger.EFFORT: Move.REPORT}
_RUNNING = {
    **_TOLD,
    Trigger.IGNORE: Move.CORRECT,
    Trigger.ACCEPT: Move.CORRECT,
    Trigger.ASK: Move.BEGIN,
    Trigger.NEXT: Move.ONWARD,
    Trigger.PAUSE: Move.PAUSE,
    Trigger.RESUME: Move.STAY,
    Trigger.STOP: Move.STOP,
}
_OVER = {**_TOLD, Trigger.ASK: Move.BEGIN, Trigger.NEXT: Move.ONWARD, Trigger.STOP: Move.STAY}

TRANSITIONS: Mapping[State, Mapping[Trigger, Move]] = {
    State.IDLE: {**_OVER, Trigger.STOP: Move.STOP, Trigger.PAUSE: Move.PAUSE, Trigger.TIME: Move.ONWARD},
    State.SHOW: {**_RUNNING, Trigger.TIME: Move.COUNT_DOWN},
    State.READY: {**_RUNNING, Trigger.TIME: Move.WATCH},
    State.WATCH: {**_RUNNING, Trigger.TIME: Move.DECIDE, Trigger.DECIDED: Move.DECIDE},
    State.VERDICT: {**_RUNNING, Trigger.TIME: Move.FOLLOW},
    State.REST: {**_RUNNING, Trigger.TIME: Move.COUNT_DOWN},
    State.PAUSED: {**_RUNNING, Trigger.PAUSE: Move.STAY, Trigger.RESUME: Move.RESUME},
    State.STOPPED: _OVER,
    State.FINISHED: _OVER,
}
"""What each trigger does in each state; what is not here is refused."""
