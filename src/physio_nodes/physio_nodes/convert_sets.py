"""Sets and repetitions as messages and back, as :mod:`physio_nodes.convert` does for the rest.

Every number is cast with ``float()`` or ``int()``: these message classes write an int in a float field as garbage.
"""

from __future__ import annotations

import math
from enum import Enum
from typing import TypeVar

from physio_core.assessment.repetition import AngleRange, Fault, Outcome, Repetition, ScoreTerm
from physio_core.errors import InputError
from physio_core.session.difficulty import Change, Level, Why
from physio_core.session.events import Event
from physio_core.session.status import SetStatus
from physio_core.types import Side
from physio_msgs.msg import AngleRange as AngleRangeMsg
from physio_msgs.msg import Fault as FaultMsg
from physio_msgs.msg import Repetition as RepetitionMsg
from physio_msgs.msg import ScoreTerm as ScoreTermMsg
from physio_msgs.msg import SessionEvent
from physio_msgs.msg import SetStatus as SetStatusMsg
from physio_nodes.convert_drawings import drawing_from_msg, drawing_to_msg
from physio_nodes.stamps import to_seconds, to_stamp

Word = TypeVar("Word", bound=Enum)


def word(kind: type[Word], value: str, what: str) -> Word:
    """A word from the wire.

    Raises:
        InputError: it is not one of its kind.
    """
    try:
        return kind(value)
    except ValueError:
        raise InputError(f"{what} {value!r} is not one of: {', '.join(one.value for one in kind if one.value)}") from None


def fault_to_msg(fault: Fault) -> FaultMsg:
    """A fault for the wire."""
    msg = FaultMsg(name=fault.name, unit=fault.unit, side=fault.side.value, joint=fault.joint, direction=fault.direction)
    msg.size, msg.severity, msg.safety = float(fault.size), float(fault.severity), fault.safety
    msg.start, msg.end = to_stamp(fault.start_s), to_stamp(fault.end_s)
    return msg


def fault_from_msg(msg: FaultMsg) -> Fault:
    """A fault from the wire.

    Raises:
        InputError: a side that is none.
    """
    start_s, end_s = (to_seconds(stamp) or math.nan for stamp in (msg.start, msg.end))
    return Fault(
        msg.name, float(msg.size), msg.unit, word(Side, msg.side, "side"), msg.joint, msg.direction, start_s, end_s,
        float(msg.severity), msg.safety,
    )  # fmt: skip


def term_to_msg(term: ScoreTerm) -> ScoreTermMsg:
    """A part of a score for the wire."""
    return ScoreTermMsg(name=term.name, value=float(term.value), weight=float(term.weight))


def term_from_msg(msg: ScoreTermMsg) -> ScoreTerm:
    """A part of a score from the wire."""
    return ScoreTerm(msg.name, float(msg.value), float(msg.weight))


def repetition_to_msg(repetition: Repetition) -> RepetitionMsg:
    """A repetition for the wire."""
    msg = RepetitionMsg(number=repetition.number, outcome=repetition.outcome.value, side=repetition.side.value)
    msg.start, msg.turn, msg.end = (to_stamp(at_s) for at_s in (repetition.start_s, repetition.turn_s, repetition.end_s))
    for name in ("out_s", "hold_s", "back_s", "extent", "smoothness", "asymmetry"):
        setattr(msg, name, float(getattr(repetition, name)))
    for moved in repetition.ranges:
        one = AngleRangeMsg(angle=moved.angle, side=moved.side.value)
        one.low_deg, one.high_deg, one.error_deg = float(moved.low_deg), float(moved.high_deg), float(moved.error_deg)
        msg.ranges.append(one)
    msg.terms = [term_to_msg(term) for term in repetition.terms]
    msg.faults = [fault_to_msg(fault) for fault in repetition.faults]
    msg.trace = [float(value) for value in repetition.trace]
    msg.drawing = drawing_to_msg(repetition.drawing)
    return msg


def repetition_from_msg(msg: RepetitionMsg) -> Repetition:
    """A repetition from the wire.

    Raises:
        InputError: a side or an outcome that is none.
    """
    start_s, turn_s, end_s = (to_seconds(stamp) for stamp in (msg.start, msg.turn, msg.end))
    ranges = tuple(
        AngleRange(one.angle, word(Side, one.side, "side"), float(one.low_deg), float(one.high_deg), float(one.error_deg))
        for one in msg.ranges
    )
    return Repetition(
        int(msg.number), word(Outcome, msg.outcome, "outcome"), word(Side, msg.side, "side"), start_s, turn_s, end_s,
        float(msg.out_s), float(msg.hold_s), float(msg.back_s), float(msg.extent), float(msg.smoothness), float(msg.asymmetry),
        ranges, tuple(map(term_from_msg, msg.terms)), tuple(map(fault_from_msg, msg.faults)), tuple(map(float, msg.trace)),
        drawing_from_msg(msg.drawing),
    )  # fmt: skip


def set_to_msg(status: SetStatus) -> SetStatusMsg:
    """Where in a set the patient is, for the wire."""
    msg = SetStatusMsg(side=status.side.value, set=status.set, sets=status.sets, goal=status.goal)
    msg.repetitions, msg.partial = status.repetitions, status.partial
    for name in ("goal_s", "extent", "phase", "score"):
        setattr(msg, name, float(getattr(status, name)))
    return msg


def set_from_msg(msg: SetStatusMsg) -> SetStatus:
    """Where in a set the patient is, from the wire.

    Raises:
        InputError: a side that is none.
    """
    return SetStatus(
        word(Side, msg.side, "side"), int(msg.set), int(msg.sets), int(msg.repetitions), int(msg.partial), int(msg.goal),
        float(msg.goal_s), float(msg.extent), float(msg.phase), float(msg.score),
    )  # fmt: skip


def add_set(event: Event, msg: SessionEvent) -> None:
    """Write into an event what it says of the set."""
    msg.patient, msg.current_set = event.status.patient, set_to_msg(event.status.current_set)
    msg.terms = [term_to_msg(term) for term in event.judgement.terms]
    msg.value = int(event.value)
    if event.judgement.newest is not None:
        msg.repetition = repetition_to_msg(event.judgement.newest)
    if event.correction is not None:
        msg.fault, msg.accepted = event.correction.fault, event.correction.accepted
    if event.change is not None:
        before, after = event.change.before, event.change.after
        msg.change_why, msg.change_value = event.change.why.value, float(event.change.value)
        msg.extent_before, msg.extent_after = float(before.extent), float(after.extent)
        msg.repetitions_before, msg.repetitions_after = before.repetitions, after.repetitions


def change_from_msg(msg: SessionEvent) -> Change | None:
    """What an event says was made easier or harder; None: nothing.

    Raises:
        InputError: a reason that is none.
    """
    if not msg.change_why:
        return None
    before = Level(float(msg.extent_before), int(msg.repetitions_before))
    after = Level(float(msg.extent_after), int(msg.repetitions_after))
    return Change(before, after, word(Why, msg.change_why, "reason of a change"), float(msg.change_value))
