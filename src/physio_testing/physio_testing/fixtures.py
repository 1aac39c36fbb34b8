"""Fixtures that the tests of every package share: a ROS domain of their own, strict messages, real processes, a listener.

A ``conftest.py`` imports those it needs by name.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

# Message modules read this when they are imported.
os.environ["ROS_PYTHON_CHECK_FIELDS"] = "1"

from physio_nodes.surroundings import free_domain
from physio_sim import off_screen
from physio_testing.processes import NodeProcess
from physio_tools.listener import Listener

ROOT = Path(__file__).resolve().parents[3]
DATA = Path(os.environ.get("PHYSIO_DATA", ROOT.parent / "shared" / "data"))


@pytest.fixture(scope="session", autouse=True)
def ros_domain() -> Iterator[int]:
    """Nobody else hears this test run, an int in a float field is an error, and nothing opens a window."""
    with pytest.MonkeyPatch.context() as patch:
        domain = free_domain()
        patch.setenv("ROS_DOMAIN_ID", str(domain))
        patch.setenv("SDL_VIDEODRIVER", "dummy")
        patch.setenv("MUJOCO_GL", off_screen())
        patch.delenv("DISPLAY", raising=False)
        yield domain


@pytest.fixture
def start(ros_domain: int) -> Iterator[Callable[..., NodeProcess]]:
    """Starts nodes (arguments as :class:`NodeProcess`) and kills at the end of the test what still runs."""
    started: list[NodeProcess] = []

    def launch(executable: str, **options: Any) -> NodeProcess:
        started.append(NodeProcess(executable, **options))
        return started[-1]

    yield launch
    for node in started:
        node.kill()


@pytest.fixture
def listener(ros_domain: int) -> Iterator[Listener]:
    """A node that collects and publishes."""
    with Listener() as made:
        yield made


@pytest.fixture
def squat_video() -> Path:
    """A real person squatting, seen from the side."""
    path = DATA / "videos" / "squat_side_darebee.mp4"
    if not path.exists():
        pytest.skip(f"real videos are not part of the product; none at {path} (set PHYSIO_DATA)")
    return path
