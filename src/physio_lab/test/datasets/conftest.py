"""Sequences to write and read back, and a way to compare them."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from dataclasses import fields
from pathlib import Path

import numpy as np
import pytest

from physio_core.skeleton.layouts import layout_named
from physio_lab.datasets.sequence import SkeletonSequence


def make_sequence(
    seed: int = 0, *, layout: str = "openpose_18", people: int = 1, frames: int = 7, dimensions: int = 2, **rest: object
) -> SkeletonSequence:
    """Random people with some joints missing; the first person is always there."""
    rng = np.random.default_rng(seed)
    shape = (people, frames, len(layout_named(layout).joints))
    confidence = rng.uniform(0.05, 1.0, shape).astype(np.float32)
    confidence[rng.random(shape) < 0.2] = 0
    confidence[0, :, 0] = 0.5
    points = rng.normal(0.5, 0.4, (*shape, dimensions)).astype(np.float32) * (confidence[..., None] > 0)
    values = {"label": "squat", "name": f"clip_{seed}", "width_px": 340, "height_px": 256, **rest}
    return SkeletonSequence(points, confidence, np.arange(frames) / 30.0, layout, **values)


def assert_same(one: SkeletonSequence, other: SkeletonSequence, *, but: Iterable[str] = (), tolerance: float = 0.0) -> None:
    """Every field equal (arrays within the tolerance), except those named."""
    for field in fields(SkeletonSequence):
        if field.name not in set(but):
            a, b = getattr(one, field.name), getattr(other, field.name)
            if isinstance(a, np.ndarray):
                np.testing.assert_allclose(a, b, rtol=0, atol=tolerance, err_msg=field.name)
            else:
                assert a == b, field.name


@pytest.fixture(name="make")
def make_fixture() -> Callable[..., SkeletonSequence]:
    return make_sequence


@pytest.fixture(name="same")
def same_fixture() -> Callable[..., None]:
    return assert_same


@pytest.fixture(name="data", scope="session")
def data_fixture() -> Path:
    """The folder of public sets; tests that need it skip where it is absent."""
    folder = Path(os.environ.get("PHYSIO_DATA", Path(__file__).resolve().parents[4].parent / "shared" / "data"))
    if not folder.is_dir():
        pytest.skip("the public sets are not on this machine (set PHYSIO_DATA)")
    return folder
