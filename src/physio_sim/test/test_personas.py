"""What each persona changes in the way an exercise is done, in numbers: tempo, range, tremor, sides, the exercise itself."""

from __future__ import annotations

import numpy as np
import pytest

from physio_core.errors import ConfigError
from physio_core.motion.kinematics import BodyShape
from physio_core.motion.movements import EXERCISES, RECOGNISED
from physio_sim.patient.performance import Performance, perform
from physio_sim.patient.personas import PERSONAS, persona_named

SHAPE = BodyShape()


def performed(persona: str, exercise: str = "squat", seed: int = 1, **more: object) -> Performance:
    return perform(exercise, persona_named(persona), SHAPE, np.random.default_rng(seed), **more)


def angles(performance: Performance, name: str, times_s: np.ndarray) -> np.ndarray:
    return np.array([performance.frame(float(time_s)).angle(name)[0] for time_s in times_s])


def test_phase_counts_repetitions_and_time_is_its_inverse() -> None:
    one = performed("able")
    assert one.phase(0.0) == 0.0
    for number in (1, 2, 7):
        end_s = one.ends_s[number - 1]
        assert one.phase(end_s) == pytest.approx(number)
        assert one.time_s(number) == pytest.approx(end_s)
    middle_s = (one.ends_s[2] + one.ends_s[3]) / 2
    assert one.phase(middle_s) == pytest.approx(3.5)
    assert one.time_s(one.phase(middle_s)) == pytest.approx(middle_s)


def test_after_the_last_planned_repetition_it_goes_on_at_its_tempo() -> None:
    one = performed("able")
    last_s, before_s = one.ends_s[-1], one.ends_s[-2]
    assert one.phase(last_s + (last_s - before_s)) == pytest.approx(len(one.ends_s) + 1)


@pytest.mark.parametrize(("persona", "slowness"), [("able", 1.0), ("slow", 2.0)])
@pytest.mark.parametrize("tempo", [1.0, 2.0])
def test_a_repetition_takes_as_long_as_people_take_by_slowness_and_tempo(persona: str, slowness: float, tempo: float) -> None:
    low_s, high_s = EXERCISES["squat"].period_s
    for seed in range(10):
        period_s = np.mean(np.diff(performed(persona, seed=seed, tempo=tempo).ends_s))
        assert low_s < period_s * tempo / slowness < high_s


def test_repetitions_differ_a_little_in_time_and_depth() -> None:
    one = performed("able")
    periods_s = np.diff(one.ends_s)
    assert 0.02 < np.std(periods_s) / np.mean(periods_s) < 0.1
    assert 0.005 < np.std(one.depths) < 0.06


@pytest.mark.parametrize(("persona", "low", "high"), [("able", 0.85, 1.1), ("half_range", 0.4, 0.7)])
def test_range_is_full_or_half(persona: str, low: float, high: float) -> None:
    for seed in range(10):
        assert low < np.mean(performed(persona, seed=seed).depths) < high


def test_a_tremor_is_of_its_size_and_of_four_to_six_hertz() -> None:
    times_s = np.arange(0.0, 4.0, 1 / 60)
    shaking, still = performed("trembling"), performed("able")
    off = angles(shaking, "neck_flexion", times_s) - angles(still, "neck_flexion", times_s)
    assert np.abs(off).max() == pytest.approx(0.04, abs=0.002)
    spectrum = np.abs(np.fft.rfft(off))
    assert 4.0 <= np.fft.rfftfreq(len(off), 1 / 60)[np.argmax(spectrum)] <= 6.0
    assert angles(still, "left_knee_flexion", times_s) == pytest.approx(angles(shaking, "left_knee_flexion", times_s))


def test_who_favours_a_side_raises_the_other_arm_less_in_a_jumping_jack() -> None:
    times_s = np.linspace(0.0, 3.0, 90)
    one = performed("one_sided", "jumping_jack")
    strong, weak = ("left", "right") if one.style.side == "left" else ("right", "left")
    top = {side: angles(one, f"{side}_shoulder_abduction", times_s).max() for side in (strong, weak)}
    assert top[weak] < 0.55 * top[strong]
    assert abs(one.style.asymmetry) == 0.9


def test_who_favours_a_side_leads_every_lunge_with_it_and_others_take_turns() -> None:
    assert not performed("one_sided", "lunge").style.alternate
    assert performed("able", "lunge").style.alternate


def test_who_does_another_exercise_does_any_of_the_others() -> None:
    done = {performed("wrong_exercise", seed=seed).movement.name for seed in range(60)}
    assert done == set(RECOGNISED) - {"squat"}
    assert performed("able").movement.name == "squat"


def test_who_imitates_holds_the_arms_as_the_figure_does() -> None:
    arms = {performed("able", seed=seed).style.arms for seed in range(40)}
    assert len(arms) > 2
    assert {performed("able", seed=seed, imitates=True).style.arms for seed in range(20)} == {EXERCISES["squat"].arms[0]}


def test_the_same_chance_gives_the_same_performance() -> None:
    first, again, other = performed("trembling"), performed("trembling"), performed("trembling", seed=2)
    assert (first.ends_s, first.depths, first.tremor_seed) == (again.ends_s, again.depths, again.tremor_seed)
    assert first.ends_s != other.ends_s
    assert np.array_equal(first.frame(1.3).angles_rad, again.frame(1.3).angles_rad)


def test_every_persona_says_in_words_what_it_does_and_an_unknown_one_is_refused() -> None:
    assert all(one.says and one.name == name for name, one in PERSONAS.items())
    assert sum(one == persona_named("able").__class__(one.name, one.says) for one in PERSONAS.values()) == 1
    with pytest.raises(ConfigError, match=r"unknown persona 'lazy'; known: able, slow, half_range, .*passer_by"):
        persona_named("lazy")
