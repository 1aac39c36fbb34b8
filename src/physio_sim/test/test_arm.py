"""The arm in MuJoCo: it is the arm of the core, follows paths, lags where its patient is weak, and keeps its limits."""

from __future__ import annotations

import numpy as np
import pytest

from physio_core.errors import ConfigError
from physio_sim.arm.figures import PERIOD_S, Followed, follow_type
from physio_sim.arm.led_arm import LedArm
from physio_sim.params import ArmConfig

YIELDS_RAD = np.radians(0.1)
"""A mechanical stop yields by less [rad]."""


def followed(kind: str, **settings: object) -> Followed:
    return follow_type(kind, ArmConfig(**settings))  # type: ignore[arg-type]


def keeps_its_limits(done: Followed) -> bool:
    return bool(
        done.sent_within_rad >= 0.0 and done.sent_fastest <= 1.0 + 1e-9 and done.within_rad > -YIELDS_RAD and done.fastest < 1.5
    )


@pytest.mark.parametrize(("arm", "side"), [("device", "left"), ("device", "right"), ("human", "right")])
def test_its_hand_is_where_the_core_says(arm: str, side: str) -> None:
    led = LedArm(ArmConfig(arm=arm, side=side, patient_strength_nm=0.0))
    target = np.array([0.4, -0.2, 0.5, -0.6])
    for number in range(100):
        led.drive(led.arm.rest_rad + (target - led.arm.rest_rad) * min(number / 80, 1.0), PERIOD_S)
        assert np.allclose(led.hand_m, led.arm.forward(led.angles_rad[None])[0], atol=1e-9)
    assert np.allclose(led.angles_rad, target, atol=0.02) and led.still


@pytest.mark.parametrize(("kind", "side"), [("clock_m", "left"), ("v_90", "right")])
def test_a_path_is_followed_within_25_millimetres_by_an_able_patient(kind: str, side: str) -> None:
    done = followed(kind, side=side)
    assert done.rest == "arrived" and keeps_its_limits(done)
    assert done.off_m.max() < 0.025 and done.duration_s < done.path_s + 0.5


def test_a_patient_who_does_not_come_along_lags_and_keeps_all_limits() -> None:
    able, short = followed("counter_l"), followed("counter_l", persona="half_range", patient_strength_nm=5.0)
    assert short.rest == "arrived" and keeps_its_limits(short)
    assert short.off_m.mean() > 1.5 * able.off_m.mean()


def test_who_holds_it_back_is_waited_for_and_not_pulled() -> None:
    done = followed("counter_l", persona="range=80", device_stiffness_nm_rad=20.0)
    assert done.rest == "held_back" and done.waited_s > 4.0 and keeps_its_limits(done)


def test_tremor_is_in_the_hand() -> None:
    def shaking(persona: str) -> float:
        return float(np.std(np.diff(followed("clock_t", persona=persona, device_stiffness_nm_rad=40.0).off_m, 2)))

    assert shaking("trembling") > 3.0 * shaking("able")


def test_a_patient_or_an_arm_that_there_is_not_is_refused() -> None:
    with pytest.raises(ConfigError, match="unknown persona"):
        LedArm(ArmConfig(persona="giant"))
    with pytest.raises(ConfigError, match="device, human"):
        ArmConfig(arm="wing")
