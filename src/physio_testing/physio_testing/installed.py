"""An install prefix whose package holds what ships (settings, models), as `physio_core.share` looks for it."""

from __future__ import annotations

from pathlib import Path

from physio_core.share import RESOURCE


def install_share(prefix: Path, package: str = "physio_bringup") -> Path:
    """Register a package in the index of a prefix; gives its share folder, empty."""
    index = prefix / "share/ament_index/resource_index" / RESOURCE
    index.mkdir(parents=True)
    (index / package).touch()
    folder = prefix / "share" / package
    folder.mkdir()
    return folder
