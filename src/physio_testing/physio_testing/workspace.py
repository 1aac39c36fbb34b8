"""A small ROS workspace of shell scripts, so that the launcher is tested with real processes and without ROS."""

from __future__ import annotations

from pathlib import Path


class Workspace:
    """A folder that ament takes for an install prefix, with one package, `tools`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        for path in ("share/ament_index/resource_index/packages", "share/tools", "lib/tools"):
            (folder / path).mkdir(parents=True)
        (folder / "share/ament_index/resource_index/packages/tools").touch()

    def program(self, name: str, script: str) -> Path:
        """Add an executable shell script to the package."""
        path = self.folder / "lib/tools" / name
        path.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
        path.chmod(0o755)
        return path

    def launch_file(self, text: str, name: str = "t.launch.yaml") -> Path:
        """Add a launch file; the text is the list of actions."""
        path = self.folder / "share/tools" / name
        path.write_text("launch:\n" + text, encoding="utf-8")
        return path
