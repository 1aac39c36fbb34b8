"""`physio parameters`: writes docs/parameters.md from the dataclasses that the nodes declare, so that it cannot be wrong.

A node's parameters are the dataclasses that its module hands to ``declare``; the node is called like its executable,
without ``_node``.
"""

from __future__ import annotations

import argparse
import ast
import inspect
import sys
from collections.abc import Mapping
from dataclasses import Field, fields
from importlib import import_module
from importlib.metadata import distribution
from pathlib import Path
from types import ModuleType
from typing import Any

from physio_core.errors import ConfigError
from physio_core.files import write_text
from physio_lab.reports.markdown import markdown_table

NODE_PACKAGES = ("physio_nodes", "physio_sim")
CONTAINERS = ("composed",)
"""Executables that are no node, but hold several."""
DEFAULT_FILE = Path("docs/parameters.md")

_HEAD = """# Parameters

Made by `physio parameters` from the code; do not edit. Every node refuses a value of another type or outside its range, in
one line, and does not start. Set them in `config/coach.yaml`, on the command line (`--ros-args -p name:=value`), or with the
launch arguments of [launch.md](launch.md). Those marked `live`
can also be set while the node runs (`physio set action name_above 0.7`); all others are read once, at the start, and those
of `robot` and `stop_guard` always, so that no message from the network changes how fast the base may move.
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
    write_text(options.file, text)
    return 0


def node_parameters() -> dict[str, list[Field[Any]]]:
    """The parameters of each node of the coach, sorted by name; nodes in the order of their names."""
    return {node: _declared(module) for node, module in sorted(node_modules().items())}


def node_modules() -> dict[str, ModuleType]:
    """The module of each executable, which is called like its node or has `_node` behind it."""
    return {
        entry.name.removesuffix("_node"): import_module(f"{package}.{entry.name}")
        for package in NODE_PACKAGES
        for entry in distribution(package).entry_points.select(group="console_scripts")
        if entry.name not in CONTAINERS
    }


def _declared(module: ModuleType) -> list[Field[Any]]:
    """Fields of every dataclass in a call ``declare(node, Dataclass)`` of the module."""
    calls = [node for node in ast.walk(ast.parse(inspect.getsource(module))) if isinstance(node, ast.Call)]
    names = [ast.unparse(call.args[1]) for call in calls if ast.unparse(call.func) == "declare"]
    by_name = {item.name: item for name in names for item in fields(getattr(module, name))}
    return [by_name[name] for name in sorted(by_name)]


def page(nodes: Mapping[str, list[Field[Any]]]) -> str:
    """The page in Markdown."""
    return _HEAD + "".join(_section(node, items) for node, items in nodes.items())


def _section(node: str, items: list[Field[Any]]) -> str:
    rows = []
    for item in items:
        info = item.metadata["param"]
        limits = info.range_text.removesuffix(info.unit).strip() if info.unit else info.range_text
        rows.append(
            [f"`{item.name}`", f"`{_shown(item.default)}`", info.unit, limits, "live" if info.live else "", info.description]
        )
    lines = [f"\n## {node}\n", *markdown_table(["name", "default", "unit", "range", "", "meaning"], rows, literal=False)]
    return "\n".join(lines) + "\n"


def _shown(value: Any) -> str:
    """A default as it is written in a parameter file."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, tuple):
        return f"[{', '.join(map(str, value))}]"
    return f"'{value}'" if isinstance(value, str) else f"{value}"
