"""Finds the files that ship beside the code (settings, models), in a source tree and in an installed workspace alike."""

from __future__ import annotations

import os
from pathlib import Path

from physio_core.errors import ConfigError


def shared_path(*parts: str) -> Path:
    """Path of a shipped file or folder, e.g. ``shared_path("config", "exercises")``.

    Raises:
        ConfigError: neither the installed share folder nor a source tree holds it.
    """
    prefixes = [
        Path(prefix, "share", "physio_bringup") for prefix in os.environ.get("AMENT_PREFIX_PATH", "").split(":") if prefix
    ]
    for root in (*prefixes, *Path(__file__).resolve().parents):
        path = root.joinpath(*parts)
        if path.exists():
            return path
    raise ConfigError(f"{'/'.join(parts)} is not installed; build the workspace (make setup), then source scripts/env")


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
