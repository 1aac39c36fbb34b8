"""Repetitions by number: a signal is drawn, and what is counted in it is checked."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from physio_core.assessment.counter import RepetitionCounter
from physio_core.assessment.jumps import HELD_S, JumpGuard
from physio_core.assessment.phases import PhaseMachine
from physio_core.assessment.recognition import Recognition
from physio_core.assessment.repetition import Outcome
from physio_core.exercises.definition import RepetitionDefinition, Signal
from physio_core.skeleton.layouts import OPENPOSE_18
from physio_core.skeleton.smoothness import sparc
from physio_core.skeleton.stream import JointFrame
from physio_core.types import Prediction, Side

DEFINITION = RepetitionDefinition(signals=(Signal(measure="hip_height", rest=73.0, target=37.0),))
PERIOD_S = 2.0


def squats(heights: list[float], rate_hz: float = 30.0, period_s: float = PERIOD_S, still_s: float = 1.0) -> tuple:
    """Stamps and shares: stands still, then goes to each height and back, then stands still."""
    ends = still_s + period_s * np.arange(len(heights) + 1)
    stamps = np.arange(0.0, ends[-1] + still_s, 1.0 / rate_hz)
    which = np.clip(((stamps - still_s) // period_s).astype(int), 0, len(heights) - 1)
    within = np.clip((stamps - still_s) / period_s, 0.0, len(heights)) % 1.0
    return stamps, np.array(heights)[which] * (1.0 - np.cos(2.0 * np.pi * within)) / 2.0, ends[1:]


def counted(stamps, shares, machine: PhaseMachine | None = None) -> list:
    machine = machine or PhaseMachine(DEFINITION)
    cycles = [machine.update(float(stamp), float(share)) for stamp, share in zip(stamps, shares, strict=True)]
    return [one for one in (*cycles, machine.close()) if one]


def outcomes(cycles) -> list[Outcome]:
    return [one.outcome for one in cycles]


def test_each_repetition_counts_once_and_within_0_3_s_of_the_return():
    stamps, shares, ends = squats([1.0, 1.0, 1.2, 0.9])
    found = counted(stamps, shares)
    assert outcomes(found) == [Outcome.COMPLETE] * 4
    assert all(end - 0.5 < one.end_s < end + 0.3 for one, end in zip(found, ends, strict=True))
    assert [one.extent for one in found] == pytest.approx([1.0, 1.0, 1.2, 0.9], abs=0.05)


@settings(max_examples=40, deadline=None)
@given(
    size=st.floats(0.75, 1.6),
    rate_hz=st.floats(12.0, 60.0),
    shift_s=st.floats(-1e4, 1e6),
    period_s=st.floats(1.0, 6.0),
    rest=st.floats(-0.25, 0.25),
    count=st.integers(1, 6),
)
def test_size_rate_tempo_stance_and_clock_do_not_change_the_count(size, rate_hz, shift_s, period_s, rest, count):
    stamps, shares, _ = squats([size] * count, rate_hz, period_s)
    assert outcomes(counted(stamps + shift_s, rest + shares)) == [Outcome.COMPLETE] * count


@settings(max_examples=30, deadline=None)
@given(seed=st.integers(0, 10_000), noise=st.floats(0.0, 0.035), rest=st.floats(-0.3, 0.3))
def test_standing_still_counts_nothing(seed, noise, rest):
    stamps = np.arange(0.0, 30.0, 1 / 30)
    assert not counted(stamps, rest + noise * np.random.default_rng(seed).normal(size=len(stamps)))


def test_half_the_way_is_partial_and_a_tremble_at_the_bottom_is_not_two():
    stamps, shares, _ = squats([1.0, 0.45, 1.0])
    assert outcomes(counted(stamps, shares)) == [Outcome.COMPLETE, Outcome.PARTIAL, Outcome.COMPLETE]
    trembling = shares + 0.12 * np.sin(2 * np.pi * 5.0 * stamps) * (shares > 0.5)
    assert len(counted(stamps, trembling)) == 2 + 1


def test_coming_back_only_half_way_and_going_out_again_is_partial():
    stamps = np.arange(0.0, 6.0, 1 / 30)
    shares = np.interp(stamps, [0, 1, 2, 3, 4, 5, 6], [0, 0, 1.0, 0.4, 1.0, 0.0, 0.0])
    assert outcomes(counted(stamps, shares)) == [Outcome.PARTIAL, Outcome.COMPLETE]


def test_whoever_is_seen_first_in_the_middle_of_a_repetition_is_credited_with_it_but_not_after_a_loss():
    stamps, shares, _ = squats([1.0, 1.0], still_s=0.0)
    late = stamps > 0.6
    assert outcomes(counted(stamps[late], shares[late])) == [Outcome.COMPLETE] * 2
    machine = PhaseMachine(DEFINITION)
    machine.update(-1.0, 0.0)
    assert machine.interrupt(0.0) is None
    assert outcomes(counted(stamps[late], shares[late], machine)) == [Outcome.COMPLETE]


def test_getting_up_from_half_the_way_at_the_beginning_is_no_repetition():
    stamps = np.arange(0.0, 3.0, 1 / 30)
    assert not counted(stamps, np.interp(stamps, [0, 1, 2], [0.7, 0.7, 0.0]))


def test_where_the_first_repetition_ends_is_rest_and_not_where_the_person_got_into_place():
    stamps = np.arange(0.0, 8.0, 1 / 30)
    shares = np.interp(stamps, [0, 1, 2, 3, 4, 5, 6, 7], [-0.3, -0.3, 1.2, 0.2, 0.2, 1.2, 0.2, 0.2])
    assert outcomes(counted(stamps, shares)) == [Outcome.COMPLETE] * 2


def test_a_joint_that_jumps_down_for_a_moment_is_not_where_the_person_rests():
    stamps, shares, _ = squats([0.65])
    jumped = np.where((stamps > 0.8) & (stamps < 0.9), -0.4, shares)
    assert counted(stamps, jumped)[0].extent == pytest.approx(0.65, abs=0.15)


def test_what_is_lost_on_the_way_is_interrupted():
    machine = PhaseMachine(DEFINITION)
    stamps, shares, _ = squats([1.0])
    half = stamps < 2.0
    for stamp, share in zip(stamps[half], shares[half], strict=True):
        machine.update(float(stamp), float(share))
    lost = machine.interrupt(2.0)
    assert lost is not None and lost.outcome is Outcome.INTERRUPTED


def test_a_way_back_that_the_images_end_in_counts_from_its_second_half():
    stamps, shares, _ = squats([1.0])
    for end_s, expected in ((2.4, 0), (2.6, 1)):
        part = stamps < end_s
        assert len(counted(stamps[part], shares[part])) == expected


BOW = RepetitionDefinition(
    signals=(
        Signal(angle="hip_bend", rest=8.0, target=105.0, views=("side", "oblique")),
        Signal(measure="shoulder_over_hip", rest=50.0, target=25.0),
    )
)
"""A bow by 50 degrees is 0.52 of the way of its first signal, and 0.71 of its second."""


def bows(count: int, view_at) -> list:
    """Repetitions of someone who bows by 50 degrees over still legs; ``view_at`` says from where, by the time in each bow [s]."""
    stamps, shares, _ = squats([1.0] * count)
    counter = RepetitionCounter(BOW, OPENPOSE_18, 30.0)
    found = []
    for stamp_s, share in zip(stamps, shares, strict=True):
        lean = np.radians(50.0 * share)
        points = np.zeros((18, 2), np.float32)
        for joint, place in enumerate(OPENPOSE_18.joints):
            height = {"hip": 0.0, "knee": -0.21, "ankle": -0.42}.get(place.rpartition("_")[2])
            points[joint] = (0.0, -height) if height is not None else 0.25 * np.array([np.sin(lean), -np.cos(lean)])
        frame = JointFrame(float(stamp_s), points, np.ones(18, np.float32), np.full((18, 3), np.nan, np.float32))
        found += counter.update(frame, view_at((stamp_s - 1.0) % PERIOD_S))
    return found


def test_a_signal_counts_only_in_a_view_that_shows_it():
    by_height = Outcome.COMPLETE, 0.71
    for view, (outcome, extent) in {"side": (Outcome.PARTIAL, 0.52), "front": by_height, None: by_height}.items():
        found = bows(3, lambda _, view=view: view)
        assert outcomes(found) == [outcome] * 3
        assert [one.extent for one in found] == pytest.approx([extent] * 3, abs=0.05)


def test_a_view_that_is_told_for_a_moment_changes_no_signal():
    found = bows(4, lambda since_s: "front" if since_s < 0.3 or since_s > 1.7 else "oblique")
    assert [one.extent for one in found] == pytest.approx([0.52] * 4, abs=0.05)


def test_smoothness_is_lower_where_a_movement_stops_on_the_way():
    time = np.linspace(0.0, 1.0, 60)
    stroke = np.sin(np.pi * time)
    halting = stroke * (1.0 - 0.9 * np.exp(-(((time - 0.5) / 0.08) ** 2)))
    assert sparc(stroke, 60.0) > -1.8 > sparc(halting, 60.0)
    assert np.isnan(sparc(np.zeros(20), 30.0)) and np.isnan(sparc(stroke[:3], 30.0))
    assert sparc(3.0 * stroke, 60.0) == pytest.approx(sparc(stroke, 60.0))


def prediction(stamp_s: float, label: str, labels: tuple[str, ...] = ("squat", "lunge", "unknown")) -> Prediction:
    return Prediction(stamp_s, label, 0.9, labels)


def test_a_repetition_waits_until_the_recogniser_names_the_exercise_near_to_it():
    seen = Recognition("squat")
    assert seen.decided(1.0, 2.0, 2.0) is None
    for stamp in np.arange(0.0, 4.0, 0.1):
        seen.update(prediction(float(stamp), "unknown"))
    assert seen.decided(1.0, 2.0, 4.0) is None
    for stamp in np.arange(4.0, 5.0, 0.1):
        seen.update(prediction(float(stamp), "squat"))
    assert seen.decided(1.0, 2.0, 5.0) is True
    assert seen.decided(20.0, 22.0, 40.0) is False, "nothing was named near to it"


def test_what_is_named_as_another_exercise_is_not_the_one_asked_for():
    seen = Recognition("squat")
    for stamp in np.arange(0.0, 3.0, 0.1):
        seen.update(prediction(float(stamp), "lunge"))
    assert seen.decided(1.0, 2.0, 3.0) is False
    untaught = Recognition("heel_raise")
    untaught.update(prediction(0.0, "unknown"))
    assert untaught.decided(1.0, 2.0, 3.0) is True


def test_rest_is_found_again_by_who_got_into_place_lower_than_they_rest():
    ways = [-0.45] * 60 + [one for _ in range(4) for one in (0.05 - 0.25 * np.cos(np.linspace(0.0, 2 * np.pi, 90))).tolist()]
    assert len(counted(np.arange(len(ways)) / 30.0, ways)) >= 3


def test_sides_that_are_exchanged_for_a_moment_are_no_cut_of_the_camera_where_someone_lies():
    counter = RepetitionCounter(
        RepetitionDefinition(signals=(Signal(measure="hip_height", rest=73, target=37),)), OPENPOSE_18, 30.0
    )
    lying = np.stack([np.linspace(0.2, 1.0, 18), np.linspace(0.6, 0.8, 18)], axis=-1)
    for shift, cut in ((0.0, False), (0.1, False), (0.6, True)):
        frame = JointFrame(0.0, lying + [shift, 0.0], np.ones(18), np.full((18, 3), np.nan))
        assert counter._is_cut(frame) is cut


@pytest.mark.parametrize(("complete_from", "count"), [(0.4, 1), (0.6, 0)])
def test_who_is_first_seen_within_a_repetition_must_surely_go_as_far_as_the_exercise_asks(complete_from: float, count: int):
    shares = [0.7] * 5 + np.linspace(0.7, 0.0, 30).tolist() + [0.0] * 30
    machine = PhaseMachine(DEFINITION.model_copy(update={"complete_from": complete_from}))
    assert len(counted(np.arange(len(shares)) / 30.0, shares, machine)) == count


@pytest.mark.parametrize(("complete_from", "rest"), [(0.4, -0.1), (0.6, -0.4)])
def test_the_first_end_is_rest_only_after_a_way_that_is_surely_far_enough(complete_from: float, rest: float):
    shares = [-0.4] * 30 + [one for _ in range(2) for one in (0.25 - 0.35 * np.cos(np.linspace(0.0, 2 * np.pi, 90))).tolist()]
    machine = PhaseMachine(DEFINITION.model_copy(update={"complete_from": complete_from}))
    assert counted(np.arange(len(shares)) / 30.0, shares, machine)[0].rest == pytest.approx(rest, abs=0.03)


def test_a_signal_that_jumps_is_held_where_it_was_until_it_comes_back_or_stays():
    guard = JumpGuard()
    assert [guard.update(n / 30.0, share) for n, share in enumerate((0.9, 1.1, -0.3, -0.3, 1.2))] == [0.9, 1.1, 1.1, 1.1, 1.2]
    stays = [guard.update(1.0 + n / 30.0, share) for n, share in enumerate([1.0] + [0.0] * 12)]
    assert stays[: int(HELD_S * 30.0)] == [1.0] * int(HELD_S * 30.0) and stays[-1] == 0.0
    assert np.isnan(guard.update(2.0, float("nan"))) and guard.update(2.1, 0.9) == 0.9
    assert np.isnan(guard.update(2.15, float("nan"))) and guard.update(2.2, 0.0) == 0.9, "one image unseen lets no wild one in"
    assert guard.update(0.1, 0.0) == 0.0, "a stamp that jumps back is a new clock, by which nothing is held"


def test_joints_that_go_astray_within_a_repetition_do_not_make_two_of_it():
    counter = RepetitionCounter(DEFINITION, OPENPOSE_18, 30.0)
    stamps, shares, _ = squats([1.2, 1.2])
    shares[(stamps > 2.0) & (stamps < 2.2)] = -0.2
    told = iter(shares.tolist())
    counter._read = lambda frame, view: dict.fromkeys(Side, next(told))
    frames = [JointFrame(float(stamp), np.zeros((18, 2)), np.ones(18), np.full((18, 3), np.nan)) for stamp in stamps]
    assert outcomes([one for frame in frames for one in counter.update(frame)]) == [Outcome.COMPLETE] * 2
