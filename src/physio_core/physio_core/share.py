"""Finds the files that ship beside the code (settings, models), in a source tree and in an installed workspace alike."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from physio_core.errors import ConfigError

RESOURCE = "physio_share"
"""Resource type under which a package registers, in ament's index, that its share folder holds the files that ship."""

_SOURCES = Path(__file__).resolve().parents[3]


def shared_path(*parts: str) -> Path:
    """Path of a shipped file or folder, e.g. ``shared_path("config", "exercises")``.

    Raises:
        ConfigError: neither the installed share folder nor a source tree holds it.
    """
    for root in _roots():
        path = root.joinpath(*parts)
        if path.exists():
            return path
    raise ConfigError(f"{'/'.join(parts)} is not installed; build the workspace (make setup), then source scripts/env")


def _roots() -> Iterator[Path]:
    for prefix in filter(None, os.environ.get("AMENT_PREFIX_PATH", "").split(":")):
        for entry in sorted(Path(prefix, "share", "ament_index", "resource_index", RESOURCE).glob("*")):
            yield Path(prefix, "share", entry.name)
    if (_SOURCES / "src" / "physio_core").is_dir():
        yield _SOURCES


def shared_folder(*parts: str) -> Path:
    """A shipped folder with what it holds now; errors as :func:`shared_path`.

    An installation that links file by file is followed to the folder of its files, so that one that was added there counts
    without building.
    """
    folder = shared_path(*parts)
    linked = next((file for file in sorted(folder.rglob("*")) if file.is_symlink()), None)
    if linked is None:
        return folder
    home = linked.resolve().parents[len(linked.relative_to(folder).parts) - 1]
    return home if home.is_dir() else folder
