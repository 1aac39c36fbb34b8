"""The arm's guard: whatever is asked, what is sent keeps every limit, and what stops it keeps it stopped; in made-up time."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from physio_core.errors import ConfigError, InputError
from physio_core.robot.arm_guard import ArmGuard, ArmGuardConfig, ArmRequest, ArmRest, joint_names, limited
from physio_core.trajectories.arm import load_arm
from physio_core.trajectories.impedance import Impedance
from physio_core.trajectories.types import ideal

PERIOD_S = 0.02
ARM = load_arm("device", "left")
NAMES = joint_names(ARM)
PATH = ARM.follow(ideal("clock_m", ARM.reach_m))
GOOD = ArmRequest(NAMES, PATH.stamps_s - PATH.stamps_s[0], PATH.angles_rad)


class Bench:
    """A guard, an arm that does at once as it is sent unless it is held, and a clock."""

    def __init__(self):
        self.now_s = 100.0
        self.at_rad = ARM.rest_rad
        self.guard = ArmGuard(ARM, ArmGuardConfig(), self.at_rad)
        self.held = self.silent = False
        self.speeds_rad_s = np.zeros(4)
        self.turn()

    def turn(self, period_s=PERIOD_S):
        self.now_s += period_s
        if not self.silent:
            self.guard.sense(self.at_rad, self.speeds_rad_s, self.now_s)
        sent = self.guard.step(self.now_s)
        self.at_rad = self.at_rad if self.held else sent
        return sent

    def run(self, seconds, request=None):
        """What is sent for a while, (n, 4); the request repeated as long as it is followed, as its sender's sign of life."""
        sent = []
        for number in range(round(seconds / PERIOD_S)):
            if request is not None and (self.guard.moving or number == 0):
                self.guard.offer(request, self.now_s)
            sent.append(self.turn())
        return np.array(sent)

    def stands_still(self):
        return not np.ptp(self.run(0.5), axis=0).any()


@pytest.fixture
def moving():
    bench = Bench()
    bench.run(2.0, GOOD)
    assert bench.guard.moving
    return bench


def test_a_path_is_followed_to_its_end_from_wherever_the_arm_is():
    bench = Bench()
    bench.run(PATH.duration_s + 2.0, GOOD)
    assert bench.guard.rest is ArmRest.ARRIVED
    assert np.allclose(bench.at_rad, PATH.angles_rad[-1])
    assert bench.stands_still()


BAD = {
    "two points": replace(GOOD, stamps_s=GOOD.stamps_s[:2], angles_rad=GOOD.angles_rad[:2]),
    "not finite": replace(GOOD, angles_rad=np.where(np.arange(len(PATH))[:, None] == 9, np.nan, GOOD.angles_rad)),
    "time does not rise": replace(GOOD, stamps_s=GOOD.stamps_s[::-1] + 0.0),
    "before its start": replace(GOOD, stamps_s=GOOD.stamps_s - 1.0),
    "stands still": replace(GOOD, angles_rad=np.tile(GOOD.angles_rad[0], (len(PATH), 1))),
    "the other arm": replace(GOOD, joints=joint_names(load_arm("device", "right"))),
    "a joint twice": replace(GOOD, joints=(NAMES[0], *NAMES[:3])),
    "three joints": replace(GOOD, joints=NAMES[:3], angles_rad=GOOD.angles_rad[:, :3]),
    "beyond a limit": replace(GOOD, angles_rad=GOOD.angles_rad + [0.0, 1.5, 0.0, 0.0]),
    "too fast": replace(GOOD, stamps_s=GOOD.stamps_s / 10.0),
    "degrees": replace(GOOD, angles_rad=np.degrees(GOOD.angles_rad)),
    "milliseconds": replace(GOOD, stamps_s=GOOD.stamps_s * 1000.0),
    "too old": replace(GOOD, age_s=3.0),
    "not yet": replace(GOOD, age_s=-3.0),
}
REASONS = (
    *("2 points", "nan at point 9", "does not rise", "first point", "stays within", "left_shoulder_yaw", "each of these once"),
    *("each of these once", "shoulder_pitch.*-90 to 60 deg", "deg/s.*at most 120", "deg", "milliseconds", "3.00 s old"),
    "from now",
)


@pytest.mark.parametrize(("name", "why"), list(zip(BAD, REASONS, strict=True)))
def test_what_cannot_be_followed_is_refused_with_its_reason_and_moves_nothing(name, why):
    bench = Bench()
    with pytest.raises(InputError, match=why):
        bench.guard.offer(BAD[name], bench.now_s)
    assert bench.guard.rest is ArmRest.NOTHING_ASKED and bench.stands_still()


def test_a_refused_trajectory_leaves_the_present_one_as_it_is(moving):
    with pytest.raises(InputError):
        moving.guard.offer(BAD["too fast"], moving.now_s)
    assert np.ptp(moving.run(0.1, GOOD), axis=0).any()


def random_request(rng):
    """A path between random postures, often beyond a limit, too fast, out of order, or not finite."""
    count = int(rng.integers(1, 40))
    low, high = ARM.low_rad, ARM.high_rad
    beyond = rng.choice([0.0, 0.0, 0.02, 0.5])
    goals = rng.uniform(low - beyond, high + beyond, (int(rng.integers(2, 5)), 4))
    share = np.linspace(0.0, len(goals) - 1.0, count)
    angles = np.stack([np.interp(share, np.arange(len(goals)), column) for column in goals.T], axis=1)
    stamps = np.linspace(0.0, rng.choice([0.5, 3.0, 12.0]), count)
    if rng.random() < 0.2:
        angles[rng.integers(count), rng.integers(4)] = rng.choice([np.nan, np.inf, 1e300])
    if rng.random() < 0.1:
        stamps = rng.permutation(stamps)
    order = rng.permutation(4)
    return ArmRequest(tuple(NAMES[place] for place in order), stamps, angles[:, order], float(rng.uniform(1.0, 9.0)))


def test_whatever_is_asked_and_whatever_the_arm_does_no_command_leaves_a_limit_of_position_or_speed():
    taken = moved = 0
    for seed in range(60):
        rng, bench = np.random.default_rng(seed), Bench()
        before, at_s = bench.guard.sent_rad, bench.now_s
        for _ in range(4):
            request, repeated = random_request(rng), rng.random() < 0.8
            bench.held, bench.silent = rng.random() < 0.2, rng.random() < 0.1
            bench.speeds_rad_s = rng.normal(0.0, 1.2, 4)
            for number in range(20):
                try:
                    if repeated or number == 0:
                        bench.guard.offer(request, bench.now_s)
                        taken += number == 0
                except InputError:
                    pass
                if bench.held:
                    bench.at_rad = bench.at_rad + rng.normal(0.0, 0.05, 4)
                sent = bench.turn(rng.choice([0.001, 0.02, 0.02, 0.02, 0.09, 0.7]))
                assert ((sent >= ARM.low_rad) & (sent <= ARM.high_rad)).all()
                assert (np.abs(sent - before) <= ARM.fastest_rad_s * min(bench.now_s - at_s, 0.1) * (1.0 + 1e-9)).all()
                moved += not np.array_equal(sent, before)
                before, at_s = sent, bench.now_s
    assert taken > 20 and moved > 300


def test_a_command_or_a_time_that_is_no_number_changes_nothing_and_a_pause_counts_as_one_slow_cycle():
    far = ARM.rest_rad + 1.0
    for wanted, dt_s in ((np.array([np.nan, 0, 0, 0]), 0.02), (far, np.nan), (far, -1.0)):
        assert np.array_equal(limited(wanted, ARM.rest_rad, dt_s, ARM), ARM.rest_rad)
    assert np.allclose(limited(far, ARM.rest_rad, 60.0, ARM) - ARM.rest_rad, ARM.fastest_rad_s * 0.1)


def test_without_a_sign_of_life_from_its_sender_it_stops_and_a_repetition_does_not_move_it_again(moving):
    moving.run(0.6)
    assert moving.guard.rest is ArmRest.SENDER_SILENT and moving.guard.stops == {"sender_silent": 1}
    assert moving.stands_still()
    with pytest.raises(InputError, match="sender_silent.*another stamp"):
        moving.guard.offer(GOOD, moving.now_s)
    moving.guard.offer(replace(GOOD, stamp_s=7.0), moving.now_s)
    assert moving.guard.moving


def test_a_trajectory_without_points_stops_it_at_once_for_good(moving):
    moving.guard.offer(ArmRequest((), np.zeros(0), np.zeros((0, 4))), moving.now_s)
    assert moving.guard.rest is ArmRest.TOLD_TO_STOP and moving.stands_still()
    moving.guard.stop()
    with pytest.raises(InputError, match="told_to_stop"):
        moving.guard.offer(GOOD, moving.now_s)


def test_it_stops_when_the_arm_is_silent_or_too_fast_or_it_was_itself_held(moving):
    moving.silent = True
    moving.run(0.6, GOOD)
    assert moving.guard.rest is ArmRest.ARM_SILENT and moving.stands_still()
    with pytest.raises(InputError, match="is the arm on"):
        moving.guard.offer(replace(GOOD, stamp_s=1.0), moving.now_s)
    moving.silent = False
    moving.run(0.1)
    moving.run(0.1, replace(GOOD, stamp_s=2.0))
    moving.speeds_rad_s = np.array([0.0, 0.0, 4.0, 0.0])
    moving.turn()
    assert moving.guard.rest is ArmRest.ARM_TOO_FAST and moving.stands_still()
    moving.speeds_rad_s = np.zeros(4)
    moving.run(0.1, replace(GOOD, stamp_s=3.0))
    moving.turn(0.7)
    assert moving.guard.rest is ArmRest.GUARD_WAS_HELD and moving.stands_still()


def test_joints_that_are_no_numbers_do_not_count_as_heard(moving):
    with pytest.raises(InputError, match="4 finite numbers"):
        moving.guard.sense(np.array([np.nan, 0, 0, 0]), np.zeros(4), moving.now_s)
    with pytest.raises(InputError, match="4 finite numbers"):
        moving.guard.sense(np.zeros(3), np.zeros(3), moving.now_s)


def test_an_arm_that_is_held_back_is_waited_for_then_left_where_it_is(moving):
    moving.held = True
    lead = np.radians(ArmGuardConfig().lead_deg)
    sent = moving.run(3.0, GOOD)
    assert np.abs(sent - moving.at_rad).max() < lead + ARM.fastest_rad_s.max() * PERIOD_S
    assert moving.guard.moving and moving.guard.waited_s > 1.0
    moving.run(6.0, GOOD)
    assert moving.guard.rest is ArmRest.HELD_BACK
    moving.run(0.2)
    assert np.allclose(moving.guard.sent_rad, moving.at_rad)


def test_an_arm_at_rest_that_is_pushed_away_is_not_pulled_back():
    bench = Bench()
    bench.held, bench.at_rad = True, ARM.rest_rad + 0.5
    bench.run(1.0)
    assert np.allclose(bench.guard.sent_rad, bench.at_rad)


def test_a_spring_and_damper_pulls_no_more_strongly_than_it_may():
    holds = Impedance(10.0, 1.0, 5.0)
    pull = holds.torque_nm(np.array([0.1, 0.1, 3.0, -3.0]), np.zeros(4), np.zeros(4), np.array([0.0, 0.5, 0.0, 0.0]))
    assert np.allclose(pull, [1.0, 0.5, 5.0, -5.0])
    with pytest.raises(ConfigError, match="stiffness"):
        Impedance(-1.0, 1.0, 1.0)
