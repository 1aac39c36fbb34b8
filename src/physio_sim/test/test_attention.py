"""The patient follows the coach: leaves off the fault that is told, moves in its turn and as often as asked, tells of pain."""

from __future__ import annotations

import mujoco
import numpy as np
import pytest

from physio_core.errors import ConfigError
from physio_core.motion.kinematics import JOINT_ANGLES
from physio_core.session.status import SetStatus, State, Status
from physio_core.types import Side
from physio_sim.params import ClinicConfig
from physio_sim.patient.attention import HESITATES_S, Attention
from physio_sim.patient.patient import Patient
from physio_sim.patient.people import People
from physio_sim.patient.personas import persona_named
from physio_sim.truth import Truth
from physio_sim.world.room import Rack
from physio_sim.world.scene import Appearance, build

CONFIG = ClinicConfig(seed=3)
APPEARANCE = Appearance.random(3)
MODEL = build(CONFIG, APPEARANCE, Rack(2.2))


class Therapy:
    """A patient whom a coach tells 10 times a second in which state it is."""

    def __init__(self, *personas: str) -> None:
        self.people = People(CONFIG, APPEARANCE, personas)
        self.people.enter(MODEL, mujoco.MjData(MODEL))
        self.attention, self.now_s, self.words = Attention(self.people), 0.0, []

    def ask(self, exercise: str) -> None:
        self.people.ask(exercise, self.now_s)

    def show(self, state: State, seconds: float, turn: int = 1, asked: str = "squat", **work: object) -> list[Truth]:
        seen = []
        for _ in range(round(seconds * 10)):
            self.now_s += 0.1
            counted = seen[-1].repetition if seen else 0
            current = SetStatus(**{"repetitions": counted, **work})
            self.attention.follow(Status(state, asked=asked, turn=turn, current_set=current), self.now_s)
            seen.append(self.people.move(self.now_s))
            self.words += filter(None, [self.attention.words(seen[-1])])
        return seen


def lean_deg(patient: Patient, number: int) -> float:
    """The lean injected into a repetition, as the joints show it; waits for it."""
    for now_s in np.arange(0.0, 120.0, 0.1):
        truth = patient.at(float(now_s)).under_way
        if truth is not None and truth.number == number:
            return truth.faults[0].size
    raise AssertionError(f"no repetition {number}")


def advised(persona: str, fault: str, side: Side = Side.NONE) -> tuple[float, float, float]:
    """Its lean in the repetition before the coach speaks, in the one in which it speaks, and in the next."""
    patient, clean = Patient(persona=persona, seed=2), Patient(persona=persona, seed=2)
    for one in (patient, clean):
        one.ask("squat", 0.0)
    now_s = next(float(at) for at in np.arange(0.0, 60.0, 0.1) if clean.at(float(at)).repetition == 1) + 1.0
    before = lean_deg(clean, 1)
    patient.hear(fault, side, now_s)
    return before, lean_deg(patient, 2), lean_deg(patient, 3)


def test_a_fault_that_is_told_is_a_fifth_of_itself_from_the_next_repetition_on() -> None:
    before, during, after = advised("trunk_lean=30", "trunk_lean")
    assert during == pytest.approx(before, rel=0.15)
    assert after == pytest.approx(before / 5, rel=0.35)


@pytest.mark.parametrize(
    ("persona", "fault"), [("trunk_lean=30", "knees_in"), ("trunk_lean=30+heeds=0", "trunk_lean")], ids=["of another", "deaf"]
)
def test_otherwise_the_fault_stays(persona: str, fault: str) -> None:
    before, _, after = advised(persona, fault)
    assert after == pytest.approx(before, rel=0.15)


def test_half_an_ear_leaves_off_half_as_much() -> None:
    before, _, after = advised("trunk_lean=30+heeds=0.5", "trunk_lean")
    assert after == pytest.approx(0.6 * before, rel=0.2)


@pytest.mark.parametrize(
    ("given", "told", "side", "left"),
    [
        ("uneven_arms=40@left", "uneven_arms", Side.RIGHT, 40.0),
        ("uneven_arms=40@left", "uneven_arms", Side.LEFT, 8.0),
        ("range=40", "depth", Side.NONE, 8.0),
        ("too_fast=50", "too_fast", Side.NONE, 10.0),
    ],
)
def test_what_the_coach_says_is_about_the_fault_and_side_that_it_names(given: str, told: str, side: Side, left: float) -> None:
    assert persona_named(given).told([(told, side)]).faults[0].size == pytest.approx(left)


def test_nothing_jumps_when_the_patient_changes() -> None:
    patient = Patient(persona="trunk_lean=40+incomplete_return=60", seed=2)
    patient.ask("squat", 0.0)
    frames = []
    for now_s in np.arange(0.0, 20.0, 1 / 30):
        if patient.at(float(now_s)).repetition == 2:
            patient.hear("incomplete_return", Side.NONE, float(now_s))
        frames.append(patient.at(float(now_s)).angles_rad)
    assert np.abs(np.diff(frames, axis=0)).max() < 0.25


def test_it_stands_until_its_turn_does_what_is_asked_and_stands_again() -> None:
    therapy = Therapy("attentive")
    therapy.ask("squat")
    assert not any(truth.exercise for truth in therapy.show(State.SHOW, 6.0, goal=3))
    done = therapy.show(State.WATCH, 25.0, goal=3)
    assert done[-1].activity == "standing"
    assert therapy.show(State.REST, 5.0, turn=2, goal=3)[-1].activity == "standing"
    assert therapy.show(State.WATCH, 25.0, turn=2, goal=2)[-1].repetition == 2


def test_it_does_another_one_when_the_coach_still_waits() -> None:
    therapy = Therapy("attentive")
    therapy.ask("squat")
    done = [truth.repetition for truth in therapy.show(State.WATCH, 40.0, goal=2, repetitions=0)]
    second = next(at for at, repetition in enumerate(done) if repetition == 2)
    again = next(at for at, repetition in enumerate(done) if at > second and repetition == 0)
    assert max(done) == 2
    assert 0.1 * (again - second) > HESITATES_S


@pytest.mark.parametrize("persona", ["attentive", "able"])
@pytest.mark.parametrize("side", [Side.LEFT, Side.RIGHT])
def test_the_side_that_is_asked_does_it(persona: str, side: Side) -> None:
    therapy = Therapy(persona)
    therapy.ask("shoulder_abduction")
    angles = np.stack(
        [one.joint_angles_rad for one in therapy.show(State.WATCH, 12.0, asked="shoulder_abduction", goal=2, side=side)]
    )
    moved = {one: np.ptp(angles[:, JOINT_ANGLES.index(f"{one.value}_shoulder_abduction")]) for one in (Side.LEFT, Side.RIGHT)}
    other = Side.RIGHT if side is Side.LEFT else Side.LEFT
    assert moved[side] > 1.0 > 4 * moved[other]


def test_what_no_side_does_alone_is_refused() -> None:
    therapy = Therapy("attentive")
    therapy.ask("squat")
    with pytest.raises(ConfigError, match="squat cannot be done with side 'left'"):
        therapy.show(State.WATCH, 0.1, side=Side.LEFT)


def test_one_who_does_not_heed_starts_at_once_and_goes_on() -> None:
    therapy = Therapy("able")
    therapy.ask("squat")
    assert therapy.show(State.SHOW, 6.0, goal=1)[-1].exercise == "squat"
    assert therapy.show(State.REST, 20.0, turn=2, goal=1)[-1].repetition > 2


@pytest.mark.parametrize("goal", [2, 5])
def test_pain_is_told_once_of_each_exercise_after_so_many_repetitions(goal: int) -> None:
    therapy = Therapy("hurts", "heeds=1+hurts=3+hurts_after=1")
    therapy.ask("squat")
    therapy.show(State.WATCH, 30.0, goal=goal)
    assert therapy.words == ["pain 5"]
    therapy.ask("lunge")
    therapy.show(State.WATCH, 20.0, asked="lunge", turn=3, goal=2)
    assert therapy.words == ["pain 5", "pain 3"]


@pytest.mark.parametrize("text", ["hurts=11", "knees_in=10+heeds=2", "knees_in=10+hurts=much", "heeds="])
def test_a_persona_that_makes_no_sense_is_refused(text: str) -> None:
    with pytest.raises(ConfigError, match="hurts|heeds"):
        persona_named(text)
