"""Fixtures of the clinic's tests."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from physio_sim import off_screen

os.environ["MUJOCO_GL"] = off_screen()

from physio_sim.clinic import Clinic
from physio_sim.params import ClinicConfig
from physio_testing.fixtures import listener, ros_domain, start

__all__ = ["listener", "open_clinic", "ros_domain", "start"]


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
