"""The simulated patient's hand through the real estimator: what is held counts, and nobody's hand is taken for one before."""

from __future__ import annotations

from physio_core.exercises.catalogue import load_exercises
from physio_core.pose.hand_estimator import HandConfig, make_hand_estimator
from physio_core.pose.hand_tracker import HandTracker
from physio_core.session.events import EventKind
from physio_core.session.machine import Session, SessionConfig
from physio_core.session.status import State
from physio_core.types import Frame, Reason, Verdict
from physio_sim.clinic import Clinic
from physio_sim.params import ClinicConfig

STEP_S = 0.1
LONGEST_S = 25.0


def test_a_simulated_patients_fist_is_seen_and_judged_right_and_a_body_that_comes_near_is_no_hand():
    clinic, tracker = Clinic(ClinicConfig(), ["able"]), HandTracker(make_hand_estimator(HandConfig()))
    session = Session(load_exercises(), SessionConfig(mode="request", show_s=2.5, ready_s=0.5, repetitions=1))
    session.command("hand_fist", 0.0)
    clinic.ask("hand_fist")
    now_s, seen, status = 1.0, [], session.status(0.0)
    try:
        while status.state is not State.VERDICT and now_s < LONGEST_S:
            now_s += STEP_S
            clinic.advance(now_s)
            clinic.follow(status)
            clinic.pose_people()
            hand = tracker.update(Frame(100.0 + now_s, clinic.image()))
            seen.append(hand)
            status = session.update(hand, now_s)
    finally:
        clinic.close()
        tracker.close()
    assert (status.verdict, status.seen) == (Verdict.RIGHT, "hand_fist")
    assert seen[0].objection is Reason.NO_HAND and {hand.side for hand in seen if hand.tracked} == {"right"}
    assert sum(one.kind is EventKind.REPETITION for one in session.take_events()) == 1
