"""Fixtures of the clinic's tests: no display, a ROS domain of their own, strict message fields."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from typing import Any

import pytest

os.environ["MUJOCO_GL"] = "osmesa"

from physio_nodes.listener import Listener
from physio_nodes.testing import NodeProcess, free_domain
from physio_sim.clinic import Clinic
from physio_sim.params import ClinicConfig


@pytest.fixture
def open_clinic() -> Iterator[Callable[..., Clinic]]:
    """Opens a clinic, closing the one before: only one can draw at a time."""
    opened: list[Clinic] = []

    def make(*args: Any, **settings: Any) -> Clinic:
        if opened:
            opened.pop().close()
        opened.append(Clinic(ClinicConfig(**settings), *args))
        return opened[-1]

    yield make
    for clinic in opened:
        clinic.close()


@pytest.fixture(scope="session")
def ros_domain() -> Iterator[int]:
    """Nobody else hears this test run, and an int in a float field is an error."""
    with pytest.MonkeyPatch.context() as patch:
        domain = free_domain()
        patch.setenv("ROS_DOMAIN_ID", str(domain))
        patch.setenv("ROS_PYTHON_CHECK_FIELDS", "1")
        yield domain


@pytest.fixture
def start(ros_domain: int) -> Iterator[Callable[..., NodeProcess]]:
    """Starts nodes (arguments as :class:`NodeProcess`) and kills at the end of the test what still runs."""
    started: list[NodeProcess] = []

    def launch(executable: str, **options: Any) -> NodeProcess:
        started.append(NodeProcess(executable, package="physio_sim", **options))
        return started[-1]

    yield launch
    for node in started:
        node.kill()


@pytest.fixture
def listener(ros_domain: int) -> Iterator[Listener]:
    """A node that collects and publishes."""
    with Listener() as made:
        yield made
