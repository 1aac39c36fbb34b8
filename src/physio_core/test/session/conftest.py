"""A judge that says what a test tells it to, so that the session is tested by itself."""

from __future__ import annotations

import pytest

from physio_testing.sessions import Told


@pytest.fixture
def told() -> Told:
    return Told()
