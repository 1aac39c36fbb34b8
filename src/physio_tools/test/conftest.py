"""What the tests of the commands share."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from physio_testing.fixtures import listener, ros_domain, squat_video, start
from physio_testing.screens import english, words
from physio_testing.workspace import Workspace

__all__ = ["english", "lines", "listener", "ros_domain", "squat_video", "start", "words", "workspace"]


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    """A fresh workspace, found before the installed one."""
    made = Workspace(tmp_path / "prefix")
    monkeypatch.setenv("AMENT_PREFIX_PATH", f"{made.folder}:{os.environ.get('AMENT_PREFIX_PATH', '')}")
    return made


@pytest.fixture
def lines() -> tuple[list[tuple[str, str]], Callable[[str, str], None]]:
    """A list, and a listener that fills it with (label, line)."""
    heard: list[tuple[str, str]] = []
    return heard, lambda label, line: heard.append((label, line))
