"""Who is in the clinic: personas take turns with what is asked, views turn the patient, who passes is drawn only while there."""

from __future__ import annotations

import math

import mujoco
import numpy as np
import pytest

from physio_core.errors import ConfigError, UnknownExercise
from physio_core.motion.kinematics import BODY_JOINTS
from physio_core.motion.movements import bar_height_m, preferred_heading_rad
from physio_sim.params import ClinicConfig
from physio_sim.patient.people import People, check_persona
from physio_sim.patient.views import BEST, VIEWS_RAD
from physio_sim.world.person import PERSON_GROUPS
from physio_sim.world.room import Rack
from physio_sim.world.scene import Appearance, build

CONFIG = ClinicConfig(seed=3)
APPEARANCE = Appearance.random(3)
MODEL = build(CONFIG, APPEARANCE, Rack(2.2))


def people(*personas: str, view: str = BEST, config: ClinicConfig = CONFIG) -> People:
    """Those in a clinic that is built already."""
    made = People(config, APPEARANCE, personas or ("able",), view)
    made.enter(MODEL, mujoco.MjData(MODEL))
    return made


def heading_rad(made: People) -> float:
    """Where the patient looks: across the line from the right to the left hip."""
    left, right = (made.points[BODY_JOINTS.index(f"{side}_hip")] for side in ("left", "right"))
    x, y = (left - right)[:2]
    return math.atan2(-x, y)


def test_each_newly_asked_exercise_is_done_by_the_next_persona_over_and_over() -> None:
    made, seen = people("able", "slow"), []
    for number, exercise in enumerate(["squat", "squat", "lunge", "", "lunge", "squat"]):
        made.ask(exercise, 10.0 * number)
        seen.append(made.move(10.0 * number + 0.1).persona)
    assert seen == ["able", "able", "slow", "slow", "able", "slow"]


def test_what_nobody_can_do_is_refused_and_the_patient_stays_who_it_was() -> None:
    made = people("able", "slow")
    made.ask("squat", 0.0)
    with pytest.raises(UnknownExercise, match="moonwalk"):
        made.ask("moonwalk", 1.0)
    assert made.move(1.1).persona == "able"
    made.ask("lunge", 2.0)
    assert made.move(2.1).persona == "slow"


@pytest.mark.parametrize(
    ("personas", "view", "complaint"),
    [
        ((), BEST, "personas is empty; name at least one, such as able"),
        (("able", "lazy"), BEST, "unknown persona 'lazy'; known: able"),
        (("able",), "above", "unknown view 'above'; choose from: best, front, oblique, side, back, other_side"),
    ],
)
def test_what_cannot_be_cast_is_refused_with_what_can(personas: tuple[str, ...], view: str, complaint: str) -> None:
    with pytest.raises(ConfigError, match=complaint):
        People(CONFIG, APPEARANCE, personas, view)


def test_a_persona_is_checked_with_its_view_before_anything_is_built() -> None:
    assert check_persona("slow", "side").size_of("too_slow") == 100.0
    with pytest.raises(ConfigError, match="unknown view"):
        check_persona("slow", "")


@pytest.mark.parametrize("view", VIEWS_RAD)
def test_in_a_chosen_view_the_patient_is_turned_by_its_angle_and_stays_so(view: str) -> None:
    made = people(view=view)
    made.move(0.0)
    wanted = math.pi + VIEWS_RAD[view]
    assert abs(math.remainder(heading_rad(made) - wanted, math.tau)) < 0.1
    made.ask("squat", 1.0)
    made.move(8.0)
    assert abs(math.remainder(heading_rad(made) - wanted, math.tau)) < 0.35


def test_in_the_best_view_the_patient_turns_as_the_exercise_is_seen_best() -> None:
    made = people()
    made.move(0.0)
    assert abs(math.remainder(heading_rad(made) - math.pi, math.tau)) < 0.1
    made.ask("lunge", 1.0)
    for step in range(80):
        made.move(1.0 + step / 10)
    assert abs(math.remainder(heading_rad(made) - math.pi - preferred_heading_rad("lunge"), math.tau)) < 0.35


def test_the_bar_hangs_where_this_patient_can_reach_it_and_turns_with_the_view() -> None:
    assert people().bar_height_m == bar_height_m(APPEARANCE.shapes[0])
    assert people(view="side").bar_yaw_rad == math.pi / 2
    assert people().bar_yaw_rad == preferred_heading_rad("pull_up")


@pytest.mark.parametrize("distance_m", [2.0, 3.1])
def test_the_patient_stands_at_the_distance_that_is_set(distance_m: float) -> None:
    made = people(config=ClinicConfig(seed=3, patient_distance_m=distance_m))
    made.move(0.0)
    hips = [BODY_JOINTS.index(f"{side}_hip") for side in ("left", "right")]
    assert made.points[hips].mean(0)[:2] == pytest.approx([distance_m, 0.0], abs=0.1)
    assert made.points[:, 2].min() == pytest.approx(0.0, abs=0.1)


def test_who_passes_is_drawn_only_while_in_the_room() -> None:
    alone = people()
    alone.move(0.0)
    assert PERSON_GROUPS["passer_by"] in alone.hidden_groups
    made = people("passer_by")
    made.ask("squat", 0.0)
    hidden = [PERSON_GROUPS["passer_by"] in (made.move(second / 4), made.hidden_groups)[1] for second in range(120)]
    assert {True, False} == set(hidden)


def test_the_truth_says_who_does_what_with_every_joint_angle() -> None:
    made = people("half_range")
    made.ask("squat", 0.0)
    truths = [made.move(step / 5) for step in range(60)]
    last = truths[-1]
    assert (last.persona, last.asked, last.exercise, last.activity) == ("half_range", "squat", "squat", "exercising")
    assert last.repetition >= 1 and all(0.0 <= truth.phase < 1.0 for truth in truths)
    assert last.joint_angles_rad.shape == (len(last.joint_names),) and np.isfinite(last.joint_angles_rad).all()
