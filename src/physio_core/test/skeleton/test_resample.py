"""Resampling on time stamps: the camera's rate and jitter must not change what the network sees."""

from __future__ import annotations

import numpy as np
import pytest

from physio_core.errors import InputError
from physio_core.skeleton.resample import Resampler, resample

RATE_HZ = 15.0


def stamps_of(fps: float, jitter: float = 0.0, seconds: float = 4.0) -> np.ndarray:
    rng = np.random.default_rng(3)
    return np.arange(0.0, seconds, 1.0 / fps) + jitter / fps * rng.uniform(-0.45, 0.45, int(np.ceil(seconds * fps - 1e-9)))


def streamed(stamps: np.ndarray, values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    resampler = Resampler(RATE_HZ)
    steps = [step for stamp, value in zip(stamps, values, strict=True) for step in resampler.push(float(stamp), value)]
    return np.array([stamp for stamp, _ in steps]), np.array([value for _, value in steps])


@pytest.mark.parametrize("fps", [9.0, 15.0, 24.0, 30.0, 60.0])
@pytest.mark.parametrize("jitter", [0.0, 1.0])
def test_a_steady_movement_looks_the_same_at_every_camera_rate(fps: float, jitter: float) -> None:
    stamps = stamps_of(fps, jitter)
    steps, values = streamed(stamps, np.stack([2.0 * stamps, 1.0 - stamps], axis=-1))
    np.testing.assert_allclose(np.diff(steps), 1.0 / RATE_HZ, atol=1e-9)
    np.testing.assert_allclose(values[:, 0], 2.0 * steps, atol=1e-5)
    assert abs(len(steps) - 4.0 * RATE_HZ) <= 2


@pytest.mark.parametrize("fps", [9.0, 15.0, 24.0, 30.0, 60.0])
def test_stream_equals_whole_sequence(fps: float) -> None:
    stamps = stamps_of(fps, 1.0)
    values = np.random.default_rng(1).normal(size=(len(stamps), 18, 3)).astype(np.float32)
    steps, got = streamed(stamps, values)
    want_steps, want = resample(stamps, values, RATE_HZ)
    np.testing.assert_allclose(steps, want_steps, atol=1e-9)
    np.testing.assert_allclose(got, want, atol=1e-5)


def test_no_step_is_given_before_its_time() -> None:
    resampler = Resampler(RATE_HZ)
    for stamp in stamps_of(30.0, 1.0):
        assert all(step <= stamp + 1e-9 for step, _ in resampler.push(float(stamp), np.zeros(1)))


def test_an_old_or_repeated_frame_is_left_out() -> None:
    resampler = Resampler(RATE_HZ)
    resampler.push(1.0, np.zeros(1))
    assert resampler.push(1.0, np.ones(1)) == []
    assert resampler.push(0.5, np.ones(1)) == []
    assert len(resampler.push(1.2, np.zeros(1))) == 3


def test_reset_starts_a_new_clock() -> None:
    resampler = Resampler(RATE_HZ)
    resampler.push(100.0, np.zeros(1))
    resampler.reset()
    assert resampler.push(3.0, np.ones(1)) == [(3.0, np.ones(1))]


@pytest.mark.parametrize("stamps", [[], [0.0, 0.0], [1.0, 0.5], [0.0, np.nan]])
def test_a_sequence_without_order_is_refused(stamps: list[float]) -> None:
    with pytest.raises(InputError):
        resample(np.array(stamps), np.zeros((len(stamps), 2)), RATE_HZ)


def test_a_stamp_that_is_no_number_is_refused() -> None:
    with pytest.raises(InputError, match="finite"):
        Resampler(RATE_HZ).push(float("nan"), np.zeros(1))
