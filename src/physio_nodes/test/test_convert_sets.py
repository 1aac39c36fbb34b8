"""What is known of a set and its repetitions arrives as it was sent; what is no word is refused."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest

from physio_core.assessment.repetition import AngleRange, Fault, Outcome, Repetition, ScoreTerm
from physio_core.errors import InputError
from physio_core.judging.judgement import Judgement
from physio_core.session.difficulty import Change, Level, Why
from physio_core.session.events import Correction, Event, EventKind
from physio_core.session.status import SetStatus, State, Status
from physio_core.types import Side
from physio_nodes.convert import event_from_msg, event_to_msg, status_from_msg, status_to_msg
from physio_nodes.convert_sets import change_from_msg, repetition_from_msg, repetition_to_msg
from physio_nodes.stamps import to_stamp

FAULT = Fault("depth", 12.5, "deg", Side.LEFT, "knee", "low", 1.25, 2.5, 0.5, True)
REPETITION = Repetition(
    3, Outcome.PARTIAL, Side.RIGHT, 1.0, 2.0, 3.5, 0.75, 0.25, 1.5, 0.5, -2.25, 0.125,
    (AngleRange("knee_flexion", Side.LEFT, 5.0, 95.0, 4.0),), (ScoreTerm("range", 0.5, 2.0),), (FAULT,), (0.0, 1.0, 0.0),
)  # fmt: skip


def test_a_repetition_arrives_as_it_was_sent():
    assert repetition_from_msg(repetition_to_msg(REPETITION)) == REPETITION


def test_what_is_not_known_of_a_repetition_stays_unknown():
    bare = repetition_from_msg(
        repetition_to_msg(Repetition(1, Outcome.COMPLETE, Side.NONE, 1.0, 2.0, 3.0, faults=(Fault("x", 1.0),)))
    )
    assert all(map(math.isnan, (bare.out_s, bare.extent, bare.asymmetry, bare.score, bare.faults[0].start_s)))


@pytest.mark.parametrize(("part", "value"), [("side", "up"), ("outcome", "fine")])
def test_a_word_that_is_none_is_refused_with_the_valid_ones(part, value):
    msg = repetition_to_msg(REPETITION)
    setattr(msg, part, value)
    with pytest.raises(InputError, match=f"{value}.*complete|{value}.*left, right"):
        repetition_from_msg(msg)


def test_the_set_and_its_faults_are_part_of_the_status():
    status = Status(
        State.WATCH, current_set=SetStatus(Side.LEFT, 2, 3, 4, 1, 8, 0.0, 0.5, 0.25, 87.5), faults=(FAULT,),
        not_measured=("depth",), stamp_s=1.0, time_left_s=2.0, input_age_s=0.5,
    )  # fmt: skip
    assert status_from_msg(status_to_msg(status)) == status


def test_an_event_tells_of_its_repetition_and_of_what_changed():
    change = Change(Level(1.0, 8), Level(0.75, 7), Why.PAIN, 5)
    event = Event(EventKind.CHANGED, Status(), "squat", judgement=Judgement(newest=REPETITION), change=change)
    msg = event_to_msg(event, to_stamp(1.0), 0.0)
    assert (repetition_from_msg(msg.repetition), change_from_msg(msg)) == (REPETITION, change)
    assert change_from_msg(event_to_msg(replace(event, change=None), to_stamp(1.0), 0.0)) is None


def test_an_event_comes_back_with_what_it_says_of_the_set():
    status = Status(
        round=2, attempt=2, turn=5, asked="squat", current_set=SetStatus(set=2, sets=3, repetitions=4, goal=5, score=80.0)
    )
    judgement = Judgement(newest=REPETITION, terms=(ScoreTerm("depth", 0.5, 2.0),))
    event = Event(EventKind.REPETITION, status, "squat", judgement=judgement)
    back = event_from_msg(event_to_msg(event, to_stamp(1.0), 0.0))
    assert (back.kind, back.exercise, back.judgement) == (event.kind, "squat", judgement)
    assert replace(back.status, current_set=status.current_set) == status
    assert back.status.current_set.repetitions == 4


def test_an_event_of_no_known_kind_is_refused():
    msg = event_to_msg(Event(EventKind.ASKED, Status()), to_stamp(1.0), 0.0)
    msg.kind = "celebrated"
    with pytest.raises(InputError, match="kind of event 'celebrated'"):
        event_from_msg(msg)


@pytest.mark.parametrize("accepted", [True, False])
def test_an_event_tells_what_a_therapist_said_of_a_fault(accepted):
    event = Event(EventKind.CORRECTED, Status(), "squat", correction=Correction("depth", accepted))
    assert event_from_msg(event_to_msg(event, to_stamp(1.0), 0.0)).correction == event.correction
