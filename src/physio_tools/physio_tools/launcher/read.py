"""Reads a YAML launch file and refuses what the launcher does not know, before anything is started."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from physio_core.errors import LaunchError


@dataclass(frozen=True)
class Action:
    """One entry of a launch file: its kind (``node``, ``include``, …) and its keys."""

    kind: str
    keys: Mapping[str, Any]
    children: tuple[Action, ...] = ()


_TEXT, _LIST = (str,), (list,)
_CONDITION = {"if": _TEXT, "unless": _TEXT}
_PROCESS = {
    "name": _TEXT, "output": _TEXT, "env": _LIST, "respawn": _TEXT, "respawn_delay": (float, str),
    "respawn_max_retries": (int,), "on_exit": _TEXT,
}  # fmt: skip

KINDS: dict[str, dict[str, tuple[type, ...]]] = {
    "arg": {"name": _TEXT, "default": _TEXT, "description": _TEXT, "choice": _LIST},
    "let": {"name": _TEXT, "value": _TEXT},
    "set_env": {"name": _TEXT, "value": _TEXT},
    "group": {"children": _LIST, "scoped": (bool,)},
    "include": {"file": _TEXT, "arg": _LIST},
    "push_ros_namespace": {"namespace": _TEXT},
    "node": {"pkg": _TEXT, "exec": _TEXT, "namespace": _TEXT, "args": _TEXT, "param": _LIST, "remap": _LIST, **_PROCESS},
    "executable": {"cmd": _TEXT, **_PROCESS},
    "end_nodes_at_sigterm": {},
}
"""Every kind of action with its keys and their types; as in the stock format, most values are text, also "true"."""

_REQUIRED = {
    "arg": ("name",), "let": ("name", "value"), "set_env": ("name", "value"), "group": ("children",), "include": ("file",),
    "push_ros_namespace": ("namespace",), "node": ("pkg", "exec"), "executable": ("cmd",), "end_nodes_at_sigterm": (),
}  # fmt: skip

_INNER = {
    "choice": ("value",), "arg": ("name", "value"), "env": ("name", "value"), "remap": ("from", "to"),
    "param": ("name", "value", "type", "from"),
}  # fmt: skip


def read_file(path: Path) -> tuple[Action, ...]:
    """The actions of a launch file, in order.

    Raises:
        LaunchError: no such file, no YAML, or something the launcher does not support; names file, key and what is supported.
    """
    if path.suffix not in (".yaml", ".yml"):
        raise LaunchError(f"{path}: only YAML launch files are read here; Python and XML ones need ros2 launch")
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise LaunchError(f"{path}: {error.strerror}") from None
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise LaunchError(f"{path}: not YAML: {' '.join(str(error).split())}") from None
    if not isinstance(content, dict) or list(content) != ["launch"] or not isinstance(content["launch"], list):
        raise LaunchError(f"{path}: must hold one key, launch, with a list of actions")
    return _actions(content["launch"], path)


def _actions(entries: list[Any], path: Path) -> tuple[Action, ...]:
    return tuple(_action(entry, path) for entry in entries)


def _action(entry: Any, path: Path) -> Action:
    if not isinstance(entry, dict) or len(entry) != 1:
        raise LaunchError(f"{path}: {entry!r} is not an action; need one of: {', '.join(KINDS)}, followed by its keys")
    ((kind, keys),) = entry.items()
    if kind not in KINDS:
        raise LaunchError(f"{path}: {kind!r} is not supported; supported: {', '.join(KINDS)}")
    if kind == "group" and isinstance(keys, list):
        keys = {"children": keys}
    if not isinstance(keys, dict):
        raise LaunchError(f"{path}: {kind} needs keys: {', '.join(KINDS[kind])}")
    _check_keys(kind, keys, path)
    return Action(kind, keys, _actions(keys.get("children", []), path))


def _check_keys(kind: str, keys: Mapping[str, Any], path: Path) -> None:
    allowed = {**KINDS[kind], **_CONDITION}
    for key, value in keys.items():
        if key not in allowed:
            raise LaunchError(f"{path}: {kind}: key {key!r} is not supported; supported: {', '.join(allowed)}")
        if type(value) not in allowed[key]:
            expected = " or ".join(kind.__name__ for kind in allowed[key])
            raise LaunchError(f"{path}: {kind}: {key}: {value!r} must be of type {expected} (write text in quotes)")
        if key in _INNER:
            _check_inner(kind, key, value, path)
    missing = [key for key in _REQUIRED[kind] if key not in keys]
    if missing:
        raise LaunchError(f"{path}: {kind}: lacks {', '.join(missing)}")
    if "if" in keys and "unless" in keys:
        raise LaunchError(f"{path}: {kind}: has both if and unless")
    if keys.get("on_exit", "shutdown") != "shutdown":
        raise LaunchError(f"{path}: {kind}: on_exit: {keys['on_exit']!r} is not supported; supported: shutdown")


def _check_inner(kind: str, key: str, entries: list[Any], path: Path) -> None:
    for entry in entries:
        names = set(entry) if isinstance(entry, dict) else set()
        if key == "param":
            fits = names == {"from"} or {"name", "value"} <= names <= {"name", "value", "type"}
        else:
            fits = names == set(_INNER[key])
        if not fits:
            raise LaunchError(f"{path}: {kind}: {key}: {entry!r} must have the keys {', '.join(_INNER[key])}")
        for name, value in entry.items():
            if not isinstance(value, str) and (key, name) != ("param", "value"):
                raise LaunchError(f"{path}: {kind}: {key}: {name}: {value!r} must be of type str (write text in quotes)")
