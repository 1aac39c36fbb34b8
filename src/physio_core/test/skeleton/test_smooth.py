"""The One-Euro filter: calm at rest, quick when fast, true to the stamps."""

from __future__ import annotations

import numpy as np
import pytest

from physio_core.skeleton.smooth import OneEuro, SmoothConfig, unsmoothed


def run(points, stamps_s, config=None):
    smoother = OneEuro(config)
    return np.array([smoother.update(one, stamp_s) for one, stamp_s in zip(points, stamps_s, strict=True)])


def test_the_first_coordinates_pass_unchanged():
    points = np.random.default_rng(0).random((18, 3)).astype(np.float32)
    assert (OneEuro().update(points, 5.0) == points).all()


def test_jitter_at_rest_is_nearly_halved():
    noise = np.random.default_rng(0).normal(0.5, 0.001, (300, 18, 3))
    smooth = run(noise, np.arange(300) / 30.0)
    assert smooth[30:].std(axis=0).mean() < 0.55 * noise[30:].std(axis=0).mean()


def test_a_fast_joint_is_less_than_a_frame_and_a_half_late():
    stamps_s = np.arange(60) / 30.0
    truth = np.zeros((60, 1, 3))
    truth[:, 0, 1] = stamps_s  # one picture width a second: a jumping jack's hand
    late_s = (truth - run(truth, stamps_s))[-1, 0, 1]
    assert late_s < 0.05


def test_the_result_depends_on_stamps_not_on_the_number_of_images():
    """Half the images give nearly the same path; a filter that counted frames would be twice as late."""
    stamps_s = np.arange(0.0, 2.0, 1 / 60)
    path = 0.5 + 0.2 * np.sin(2 * np.pi * stamps_s)[:, None, None] * np.ones((1, 1, 3))
    dense, sparse = run(path, stamps_s), run(path[::2], stamps_s[::2])
    assert np.abs(dense[::2] - sparse).max() < 0.015


def test_a_gap_or_a_clock_set_back_starts_anew():
    smoother = OneEuro(SmoothConfig(smooth_reset_s=0.5))
    for stamp_s in (10.0, 10.6, 3.0):
        point = np.full((1, 3), stamp_s)
        assert (smoother.update(point, stamp_s) == point).all()


def test_a_late_image_leaves_the_path_of_the_others_as_it_was():
    stamps_s = np.arange(20) / 30.0
    path = np.sin(5 * stamps_s)[:, None, None] * np.ones((1, 1, 3))
    order = [*range(10), 8, *range(10, 20)]
    with_late = run(path[order], stamps_s[order])
    assert (np.delete(with_late, 10, axis=0) == run(path, stamps_s)).all()


def test_after_reset_nothing_of_the_last_person_is_left():
    smoother = OneEuro()
    smoother.update(np.zeros((18, 3)), 0.0)
    smoother.reset()
    assert (smoother.update(np.ones((18, 3)), 0.03) == 1.0).all()


def test_unknown_depth_stays_unknown_and_harms_nothing_else():
    points = np.full((20, 2, 3), 0.5)
    points[:, 0, 2] = np.nan
    points[10:, 0, 2] = 0.1
    smooth = run(points, np.arange(20) / 30.0)
    assert np.isnan(smooth[:10, 0, 2]).all()
    assert smooth[10:, 0, 2] == pytest.approx(0.1)
    assert np.isfinite(np.delete(smooth.reshape(20, 6), 2, axis=1)).all()


def test_zero_cutoff_turns_smoothing_off():
    noise = np.random.default_rng(0).random((10, 18, 3))
    assert (run(noise, np.arange(10) / 30.0, SmoothConfig(smooth_min_cutoff_hz=0.0)) == noise).all()


def test_what_smoothing_took_of_a_tremor_is_given_back():
    stamps_s = np.arange(120) / 30.0
    trembling = 0.5 + 0.001 * np.sin(2 * np.pi * 5.0 * stamps_s)
    smooth = run(np.repeat(trembling[:, None, None], 3, axis=-1), stamps_s)[:, 0, 0]
    assert smooth[30:].std() < 0.7 * trembling[30:].std()
    assert unsmoothed(smooth, 1 / 30)[30:].std() == pytest.approx(trembling[30:].std(), rel=0.2)
    assert (unsmoothed(smooth, 1 / 30, config=SmoothConfig(smooth_min_cutoff_hz=0.0)) == smooth).all()


def test_a_trembling_joint_that_moves_fast_is_not_overstated_when_its_smoothing_is_undone():
    stamps_s = np.arange(150) / 30.0
    places = np.zeros((150, 1, 3))
    places[:, 0, 1] = 0.5 * stamps_s + 0.003 * np.sin(2 * np.pi * 5.0 * stamps_s)
    smooth = run(places, stamps_s)[:, 0, 1]
    apart = [unsmoothed(smooth, 1 / 30, width)[60:] - places[60:, 0, 1] for width in (1.0, np.inf)]
    assert apart[0].std() < 0.2 * places[:, 0, 1].std() and apart[0].std() < 0.5 * apart[1].std()
