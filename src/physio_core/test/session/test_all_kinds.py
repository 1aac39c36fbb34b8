"""One session with an exercise of the body, and others that are drawn, held by a hand or scored, by a simulated patient."""

from __future__ import annotations

from dataclasses import replace

from physio_core.assessment.repetition import level_of
from physio_core.exercises.catalogue import load_exercises
from physio_core.session.events import Event, EventKind
from physio_core.session.machine import Session, SessionConfig
from physio_core.session.status import State
from physio_core.types import Hand, Prediction, Skeleton, Verdict
from physio_lab.synthetic.hand_noise import EXACT_HANDS
from physio_lab.synthetic.hand_trials import patient_of, trial_of
from physio_lab.synthetic.simulated_sets import PERFECT, simulate_set
from physio_sim.patient.sets import SetPlan
from physio_testing.hands import hand_at

LABELS = ("squat", "unknown")


def _turn(session: Session, skeletons: tuple[Skeleton, ...], label: str, from_s: float) -> float:
    """Let the patient do it, as fast as the computer can; gives the time afterwards [s]."""
    now_s = from_s
    for one in skeletons:
        now_s = from_s + one.stamp_s
        seen = Skeleton(
            now_s, one.status, one.layout, one.points, one.confidence, one.body_id, one.width_px, one.height_px, one.world_m
        )  # fmt: skip
        session.update(seen, now_s)
        session.update(Prediction(now_s, label, 0.9, LABELS), now_s)
    return now_s + 0.1


def test_a_session_of_a_squat_and_a_circle_ends_with_both_right_and_the_circle_scored():
    config = SessionConfig(mode="request", show_s=0.5, ready_s=0.5, verdict_s=0.5, getting_ready_s=0.0, say_after_s=0.0)
    session = Session(load_exercises(), config)
    assert session.command("squat 2, draw_circle_clockwise 1 left", 0.0).accepted
    squats = simulate_set(SetPlan("squat", repetitions=3, view="side", seed=2, before_s=3.0), PERFECT).skeletons
    circle = simulate_set(
        SetPlan("draw_circle_clockwise", side="left", repetitions=1, view="front", seed=2, before_s=4.0), PERFECT
    )
    now_s = _turn(session, squats, "squat", 0.1)
    _turn(session, circle.skeletons, "unknown", now_s)
    events = session.take_events()
    verdicts = [one for one in events if one.kind is EventKind.VERDICT]
    assert [(one.exercise, one.status.verdict) for one in verdicts] == [
        ("squat", Verdict.RIGHT), ("draw_circle_clockwise", Verdict.RIGHT),
    ]  # fmt: skip
    drawn = next(_drawing(one) for one in events if _drawing(one))
    assert drawn.grade == 1 and len(drawn.trail) == len(drawn.ideal) == len(drawn.following)
    assert session.tick(now_s + 60.0).state is State.FINISHED


def test_a_session_of_a_squat_a_fist_and_a_fugl_meyer_item_ends_with_all_right_and_the_item_scored():
    config = SessionConfig(mode="request", show_s=0.5, ready_s=0.5, verdict_s=0.5, getting_ready_s=0.0, say_after_s=0.0)
    exercises = load_exercises()
    session = Session(exercises, config)
    made = trial_of(patient_of(0), "mass_flexion", (0,), EXACT_HANDS, 2)
    assert session.command(f"squat 2, hand_fist 1 right, hand_mass_flexion 1 {made.side}", 0.0).accepted
    squats = simulate_set(SetPlan("squat", repetitions=3, view="side", seed=2, before_s=3.0), PERFECT).skeletons
    now_s = _turn(session, squats, "squat", 0.1)
    fist = exercises["hand_fist"].figure.target_m()
    for at in range(30 * 6):
        session.update(hand_at(now_s + at / 30, fist, "right"), now_s + at / 30)
    now_s += 6.0
    tried = list(made.skeletons())
    still = [replace(tried[0], stamp_s=at / 30) for at in range(30 * 3)]
    for one in [*still, *(replace(one, stamp_s=3.0 + one.stamp_s) for one in tried)]:
        session.update(Hand(replace(one, stamp_s=now_s + one.stamp_s), made.side), now_s + one.stamp_s)
    session.tick(now_s + 60.0)
    events = session.take_events()
    verdicts = {one.exercise: one for one in events if one.kind is EventKind.VERDICT}
    assert {name: one.status.verdict for name, one in verdicts.items()} == dict.fromkeys(
        ("squat", "hand_fist", "hand_mass_flexion"), Verdict.RIGHT
    )
    assert level_of(verdicts["hand_mass_flexion"].judgement.terms) == made.level == 2


def _drawing(event: Event) -> object:
    newest = event.judgement.newest if event.kind is EventKind.REPETITION else None
    return newest.drawing if newest else None
