"""`physio parameters`: writes docs/parameters.md from the dataclasses that the nodes declare, so that it cannot be wrong.

Every node's module names its dataclass ``PARAMETERS``; the node is called like its executable, without ``_node``.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping
from dataclasses import fields
from importlib import import_module
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any

from physio_core.errors import ConfigError
from physio_core.params import Parameters

NODE_PACKAGES = ("physio_nodes", "physio_sim")
DEFAULT_FILE = Path("docs/parameters.md")

_HEAD = """# Parameters

Made by `physio parameters` from the code; do not edit. Every node refuses a value of another type or outside its range, in
one line, and does not start. Set them in `config/coach.yaml`, on the command line (`--ros-args -p name:=value`), or with the
launch arguments of [launch.md](launch.md). They are read once, at the start.
"""


def add_commands(subparsers: Any, name: str) -> None:
    """Add `physio parameters`."""
    parser = subparsers.add_parser(name, help="write docs/parameters.md", description=__doc__)
    parser.add_argument("file", nargs="?", type=Path, default=DEFAULT_FILE, help="file to write or check")
    parser.add_argument("--check", action="store_true", help="only say whether the file is up to date; exit code 1 if not")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Write the page, or compare.

    Raises:
        ConfigError: the file cannot be written.
    """
    text = page(node_parameters())
    if options.check:
        fresh = options.file.is_file() and options.file.read_text(encoding="utf-8") == text
        if not fresh:
            print(f"physio: {options.file} is out of date; run: physio parameters", file=sys.stderr)
        return int(not fresh)
    if not options.file.parent.is_dir():
        raise ConfigError(f"folder {options.file.parent} does not exist; run this in the repository, or name a file")
    options.file.write_text(text, encoding="utf-8")
    return 0


def node_parameters() -> dict[str, type[Parameters]]:
    """The dataclass of each node of the coach, by the node's name, in the order of the names."""
    modules = {
        entry.name.removesuffix("_node"): entry.module
        for entry in entry_points(group="console_scripts")
        if entry.module.split(".")[0] in NODE_PACKAGES
    }
    return {node: import_module(modules[node]).PARAMETERS for node in sorted(modules)}


def page(nodes: Mapping[str, type[Parameters]]) -> str:
    """The page in Markdown."""
    return _HEAD + "".join(_section(node, config) for node, config in nodes.items())


def _section(node: str, config: type[Parameters]) -> str:
    rows = [f"\n## {node}\n", "| name | default | unit | range | meaning |", "|---|---|---|---|---|"]
    for item in sorted(fields(config), key=lambda item: item.name):
        info = item.metadata["param"]
        limits = info.range_text.removesuffix(info.unit).strip() if info.unit else info.range_text
        cells = [f"`{item.name}`", f"`{_shown(item.default)}`", info.unit, limits, info.description]
        rows.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |")
    return "\n".join(rows) + "\n"


def _shown(value: Any) -> str:
    """A default as it is written in a parameter file."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, tuple):
        return f"[{', '.join(map(str, value))}]"
    return f"'{value}'" if isinstance(value, str) else f"{value}"
