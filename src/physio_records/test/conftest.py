"""What the tests of the record share: made-up entries, a database of each kind."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from physio_records.made_up import made_up_entries
from physio_records.store.store import Store
from physio_testing.full_disk import small_files
from physio_testing.postgresql import server

__all__ = ["server", "small_files"]


@pytest.fixture(autouse=True)
def own_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing a test does reaches the record of whoever runs it."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.delenv("PHYSIO_DATABASE", raising=False)


@pytest.fixture(params=["sqlite", "postgresql"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty database of each kind."""
    if request.param == "sqlite":
        return str(tmp_path / "records.sqlite3")
    return str(request.getfixturevalue("server").new_database())


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """A record in a file, with a made-up patient of three sessions."""
    with Store(str(tmp_path / "records.sqlite3")) as opened:
        opened.write(made_up_entries(sessions=3, repetitions=4))
        yield opened
