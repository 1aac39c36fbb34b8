"""Whole-system tests run in a ROS domain of their own, with strict message fields, and never on a real display."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from physio_nodes.testing import free_domain

DATA = Path(os.environ.get("PHYSIO_DATA", Path(__file__).parents[2] / "shared" / "data"))


@pytest.fixture(scope="session", autouse=True)
def own_domain() -> Iterator[None]:
    """Nobody else hears this test run; every process started here inherits this."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ROS_DOMAIN_ID", str(free_domain()))
        patch.setenv("ROS_PYTHON_CHECK_FIELDS", "1")
        patch.setenv("SDL_VIDEODRIVER", "dummy")
        patch.setenv("MUJOCO_GL", "osmesa")
        patch.delenv("DISPLAY", raising=False)
        yield


@pytest.fixture
def squat_video() -> Path:
    """A real person squatting, seen from the side."""
    path = DATA / "videos" / "squat_side_darebee.mp4"
    if not path.exists():
        pytest.skip(f"real videos are not part of the product; none at {path} (set PHYSIO_DATA)")
    return path
