"""Simulated hands do what their impairment says, and their trials carry the level that the true movement deserves."""

import numpy as np
import pytest

from physio_core.errors import ConfigError, UnknownExercise
from physio_core.motion.hand import hand_frames
from physio_core.motion.hand_movements import HAND_MOVEMENTS
from physio_core.skeleton.layouts import HAND_21
from physio_lab.synthetic.hand_noise import EXACT_HANDS, bent
from physio_lab.synthetic.hand_trials import FMA_ITEMS, LEVELS, patient_of, trial_of, trials
from physio_sim.patient.hand_performance import HandTask, perform_hand
from physio_sim.patient.hand_personas import HAND_PERSONAS, HandImpairment, hand_persona_named

FIST = HandTask(HAND_MOVEMENTS["fist"].way, repetitions=3)
STEADY = HandImpairment(tremor_deg=0.0)


def reached(persona: str) -> np.ndarray:
    return np.array([one.reached for one in perform_hand(FIST, hand_persona_named(persona)).repetitions])


def test_each_persona_shows_what_it_is_called_for() -> None:
    assert reached("able").min() == 1.0 and reached("half_range").max() == 0.5
    assert reached("uneven")[0, 1:].min() < 0.5 * reached("uneven")[0, 1:].max()
    assert (np.diff(reached("tiring")[:, 1]) < -0.08).all()
    slow, able = (perform_hand(FIST, HAND_PERSONAS[name]) for name in ("slow", "able"))
    assert slow.stamps_s[-1] > 1.5 * able.stamps_s[-1]
    held = perform_hand(FIST, HAND_PERSONAS["lets_go"])
    one = held.repetitions[0]
    at = np.searchsorted(held.stamps_s, [one.reached_s, one.released_s])
    assert held.progress[at[1], 1] == pytest.approx(0.3 * held.progress[at[0], 1], abs=0.03)


def test_tremor_is_as_large_and_as_quick_as_it_is_said_to_be() -> None:
    task = HandTask(HAND_MOVEMENTS["fist"].way, repetitions=1, between_s=6.0)
    bend = np.degrees(perform_hand(task, HandImpairment(tremor_deg=6.0, tremor_hz=4.0)).motion.angle("index_pip_flexion"))
    quiet = bend[:150] - bend[:150].mean()
    spectrum = np.abs(np.fft.rfft(quiet))
    assert np.fft.rfftfreq(150, 1 / 30)[spectrum.argmax()] == pytest.approx(4.0, abs=0.5)
    assert 3.0 < quiet.max() < 8.0


def test_tone_bends_a_hand_at_rest_and_synergy_its_other_fingers() -> None:
    pinch = HandTask(HAND_MOVEMENTS["pinch"].way)

    def bend(impairment: HandImpairment, moment: str) -> float:
        done = perform_hand(pinch, impairment)
        at = 0 if moment == "rest" else np.searchsorted(done.stamps_s, done.repetitions[0].reached_s)
        return float(np.degrees(done.motion.angle("ring_pip_flexion")[at]))

    assert bend(HandImpairment(tone=0.6), "rest") > bend(STEADY, "rest") + 25
    assert bend(HandImpairment(synergy=0.7), "end") > bend(STEADY, "end") + 20


def test_the_same_seed_gives_the_same_hand_and_too_long_is_refused() -> None:
    one, same, other = (perform_hand(FIST, HAND_PERSONAS["synergy"], seed) for seed in (4, 4, 5))
    assert np.array_equal(one.motion.angles_rad, same.motion.angles_rad)
    assert not np.array_equal(one.motion.angles_rad, other.motion.angles_rad)
    with pytest.raises(ConfigError, match="at most 60 s"):
        perform_hand(HandTask(HAND_MOVEMENTS["fist"].way, repetitions=40), STEADY)
    with pytest.raises(ConfigError, match="shaky"):
        hand_persona_named("shaky")


@pytest.mark.parametrize("item", FMA_ITEMS)
def test_a_hand_that_is_meant_for_a_level_earns_it(item: str) -> None:
    for level in LEVELS:
        earned = [trial_of(patient_of(n), item, (n, level), level=level).level for n in range(6)]
        assert np.mean(np.array(earned) == level) >= 0.7, (level, earned)


def test_patients_of_every_severity_give_every_level_in_trials_of_at_most_a_minute() -> None:
    made = list(trials(14, items=("mass_flexion", "pincer")))
    counts = np.bincount([trial.level for trial in made], minlength=3)
    assert len(made) == 28 and counts.min() >= 3
    assert max(trial.stamps_s[-1] for trial in made) <= 60.0


def test_without_noise_what_is_found_is_what_is_there() -> None:
    trial = trial_of(patient_of(0), "hook", (1,), EXACT_HANDS)
    assert trial.present.all()
    assert np.allclose(trial.found_m, trial.true_m - trial.true_m[:, :1])
    skeletons = list(trial.skeletons())
    assert {one.layout for one in skeletons} == {HAND_21.name} and len(skeletons) == len(trial.stamps_s)


def test_noise_is_of_the_size_of_an_estimators_and_worse_in_depth() -> None:
    off = []
    for number in range(12):
        trial = trial_of(patient_of(number), "mass_flexion", (number,))
        size = np.linalg.norm(trial.true_m[:, 9] - trial.true_m[:, 0], axis=1)[:, None, None]
        off.append(((trial.found_m - trial.true_m + trial.true_m[:, :1]) / size)[trial.present])
    across, depth = np.abs(np.concatenate(off)[..., 0]).mean(), np.abs(np.concatenate(off)[..., 2]).mean()
    assert 0.03 < across < 0.12 < 2 * depth and depth > 1.2 * across


def test_a_fist_is_more_bent_than_an_open_hand() -> None:
    motion = HAND_MOVEMENTS["fist"].motion(np.array([0.0, 0.5]))
    opened, closed = bent(hand_frames(patient_of(1).shape, motion).points_m)
    assert opened < 0.2 and closed > 0.7


def test_an_item_that_no_hand_does_is_refused() -> None:
    with pytest.raises(UnknownExercise, match="squat"):
        trial_of(patient_of(0), "squat", (0,))


def test_errors_of_tries_are_between_the_share_that_is_asked_for_and_all_of_them() -> None:
    def errors(steadiest: float) -> np.ndarray:
        made = trials(12, 3, ("mass_flexion",), steadiest=steadiest)
        found = [one.found_m[one.present] - (one.true_m - one.true_m[:, :1])[one.present] for one in made]
        return np.array([np.abs(missed[0] - missed.mean(0)).mean() for missed in found])

    usual, steadier = errors(1.0), errors(0.1)
    assert (steadier <= usual + 1e-9).all() and steadier.mean() < 0.8 * usual.mean()
