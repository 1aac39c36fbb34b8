"""Works out, from launch files and arguments, which processes to start with which command lines."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml
from ament_index_python.packages import PackageNotFoundError, get_package_prefix

from physio_core.errors import ConfigError, LaunchError
from physio_core.params import as_argument
from physio_tools.launcher.read import Action, read_file
from physio_tools.launcher.scope import Argument, Scope
from physio_tools.launcher.substitutions import expand, truth, words


@dataclass(frozen=True)
class ProcessPlan:
    """One process to start.

    Attributes:
        name: the node's name, else the executable's.
        executable: file name of the program.
        command: program and arguments.
        environment: all of it.
        respawn: start again whenever it ends.
        respawn_delay_s: wait before that [s].
        respawn_max: give up after this many; negative: never.
        required: everything goes down when it ends.
        quiet: only standard error is shown.
    """

    name: str
    executable: str
    command: tuple[str, ...]
    environment: Mapping[str, str] = field(repr=False)
    respawn: bool = False
    respawn_delay_s: float = 0.0
    respawn_max: int = -1
    required: bool = False
    quiet: bool = True


@dataclass
class Plan:
    """What a launch file asks for."""

    arguments: dict[str, Argument] = field(default_factory=dict)
    processes: list[ProcessPlan] = field(default_factory=list)


def make_plan(file: Path, arguments: Mapping[str, str], environment: Mapping[str, str] | None = None) -> Plan:
    """Read a launch file with everything it includes.

    Args:
        file: a YAML launch file.
        arguments: values of launch arguments, as given with ``name:=value``.
        environment: of the processes; this one's by default.

    Raises:
        LaunchError: the file or a value cannot be used; nothing has been started.
    """
    plan = Plan()
    scope = Scope(dict(arguments), dict(os.environ if environment is None else environment), file, declared=plan.arguments)
    _Planner(plan).run_file(file, scope)
    unknown = set(arguments) - set(plan.arguments)
    if unknown:
        known = ", ".join(plan.arguments) or "none"
        raise LaunchError(f"{file}: unknown argument {', '.join(sorted(unknown))}; known: {known}")
    return plan


def declared_arguments(file: Path, arguments: Mapping[str, str]) -> Mapping[str, Argument]:
    """The arguments that a launch file and what it includes declare, by name; nothing that it starts needs to be installed.

    Raises:
        LaunchError: the file cannot be read.
    """
    scope = Scope(dict(arguments), dict(os.environ), file)
    read_file(file)
    _Declarer(Plan()).run_file(file, scope)
    return scope.declared


class _Planner:
    """Carries out actions in the order of the file, as the stock launcher does."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._open_files: list[Path] = []

    def run_file(self, file: Path, scope: Scope) -> None:
        if file in self._open_files:
            raise LaunchError(f"{file}: includes itself")
        self._open_files.append(file)
        outer, scope.file = scope.file, file
        self._run(read_file(file), scope)
        scope.file = outer
        self._open_files.pop()

    def _run(self, actions: tuple[Action, ...], scope: Scope) -> None:
        for action in actions:
            condition = truth(action.keys["if"], scope) if "if" in action.keys else True
            if condition and not ("unless" in action.keys and truth(action.keys["unless"], scope)):
                getattr(self, f"_do_{action.kind}")(action, scope)

    def _do_arg(self, action: Action, scope: Scope) -> None:
        keys = action.keys
        default = expand(keys["default"], scope) if "default" in keys else None
        choices = tuple(choice["value"] for choice in keys.get("choice", ()))
        scope.declare(Argument(keys["name"], default, " ".join(keys.get("description", "").split()), choices))

    def _do_let(self, action: Action, scope: Scope) -> None:
        scope.values[expand(action.keys["name"], scope)] = expand(action.keys["value"], scope)

    def _do_set_env(self, action: Action, scope: Scope) -> None:
        scope.environment[expand(action.keys["name"], scope)] = expand(action.keys["value"], scope)

    def _do_push_ros_namespace(self, action: Action, scope: Scope) -> None:
        scope.namespace = scope.within(expand(action.keys["namespace"], scope))

    def _do_end_nodes_at_sigterm(self, action: Action, scope: Scope) -> None:
        """What the launcher does in any case."""

    def _do_group(self, action: Action, scope: Scope) -> None:
        self._run(action.children, scope.inner() if action.keys.get("scoped", True) else scope)

    def _do_include(self, action: Action, scope: Scope) -> None:
        file = Path(expand(action.keys["file"], scope))
        for entry in action.keys.get("arg", ()):
            scope.values[expand(entry["name"], scope)] = expand(entry["value"], scope)
        self.run_file(file, scope)

    def _do_node(self, action: Action, scope: Scope) -> None:
        keys = action.keys
        package, executable = expand(keys["pkg"], scope), expand(keys["exec"], scope)
        command = [_program(package, executable, scope), *words(keys.get("args", ""), scope), "--ros-args"]
        name = expand(keys["name"], scope) if "name" in keys else None
        namespace = scope.within(expand(keys["namespace"], scope) if "namespace" in keys else None)
        command += ["-r", f"__node:={name}"] if name else []
        command += ["-r", f"__ns:={namespace}"] if namespace else []
        for entry in keys.get("param", ()):
            command += _parameter(entry, scope)
        for entry in keys.get("remap", ()):
            command += ["-r", f"{expand(entry['from'], scope)}:={expand(entry['to'], scope)}"]
        self._add(name or executable, executable, command, keys, scope)

    def _do_executable(self, action: Action, scope: Scope) -> None:
        command = words(action.keys["cmd"], scope)
        if not command or shutil.which(command[0], path=scope.environment.get("PATH")) is None:
            raise LaunchError(f"{scope.file}: program {command[0] if command else ''!r} was not found on the PATH")
        name = expand(action.keys["name"], scope) if "name" in action.keys else Path(command[0]).name
        self._add(name, Path(command[0]).name, command, action.keys, scope)

    def _add(self, name: str, executable: str, command: list[str], keys: Mapping[str, Any], scope: Scope) -> None:
        extra = {expand(entry["name"], scope): expand(entry["value"], scope) for entry in keys.get("env", ())}
        output = expand(keys.get("output", "log"), scope)
        if output not in ("screen", "log", "both"):
            raise LaunchError(f"{scope.file}: output: {output!r} is not supported; supported: screen, log, both")
        self._plan.processes.append(
            ProcessPlan(
                name=name,
                executable=executable,
                command=tuple(command),
                environment={**scope.environment, **extra},
                respawn=truth(keys.get("respawn", "false"), scope),
                respawn_delay_s=_seconds(keys.get("respawn_delay", 0.0), scope),
                respawn_max=keys.get("respawn_max_retries", -1),
                required="on_exit" in keys,
                quiet=output == "log",
            )
        )


class _Declarer(_Planner):
    """Carries out as much as can be known without what is not given or not installed, and starts nothing."""

    def _run(self, actions: tuple[Action, ...], scope: Scope) -> None:
        for action in actions:
            with suppress(LaunchError):
                super()._run((action,), scope)

    def _add(self, name: str, executable: str, command: list[str], keys: Mapping[str, Any], scope: Scope) -> None:
        """Nothing is planned."""


def _seconds(value: float | str, scope: Scope) -> float:
    try:
        return float(value)
    except ValueError:
        raise LaunchError(f"{scope.file}: respawn_delay: {value!r} is not a number of seconds") from None


def _program(package: str, executable: str, scope: Scope) -> str:
    try:
        folder = Path(get_package_prefix(package), "lib", package)
    except (PackageNotFoundError, ValueError):
        raise LaunchError(f"{scope.file}: package {package!r} is not installed; install it, or source its workspace") from None
    program = folder / executable
    if not os.access(program, os.X_OK) or program.is_dir():
        known = ", ".join(sorted(path.name for path in folder.glob("*"))) or "none"
        raise LaunchError(f"{scope.file}: package {package!r} has no executable {executable!r}; it has: {known}")
    return str(program)


def _parameter(entry: Mapping[str, Any], scope: Scope) -> list[str]:
    if "from" in entry:
        file = Path(expand(entry["from"], scope))
        if not file.is_file():
            raise LaunchError(f"{scope.file}: parameter file {file} does not exist")
        return ["--params-file", str(file)]
    name = expand(entry["name"], scope)
    value = entry["value"]
    values = [expand(item, scope) if isinstance(item, str) else item for item in (value if isinstance(value, list) else [value])]
    typed = [_typed(item, entry.get("type"), name, scope) for item in values]
    try:
        return ["-p", as_argument(name, typed if isinstance(value, list) else typed[0])]
    except ConfigError as error:
        raise LaunchError(f"{scope.file}: {error}") from error


_TYPES: dict[str, type] = {"str": str, "int": int, "float": float, "bool": bool}


def _typed(value: Any, kind: str | None, name: str, scope: Scope) -> Any:
    """A parameter's value: what YAML makes of the text, or the type that was asked for."""
    if kind is not None and kind not in _TYPES:
        raise LaunchError(f"{scope.file}: param {name}: type {kind!r} is not supported; supported: {', '.join(_TYPES)}")
    if not isinstance(value, str) or kind == "str" or not value:
        return value
    try:
        read = yaml.safe_load(value)
    except yaml.YAMLError:
        return value
    if kind == "float" and type(read) is int:
        read = float(read)
    if not isinstance(read, _TYPES[kind] if kind else (str, int, float, bool, list)):
        raise LaunchError(f"{scope.file}: param {name}: {value!r} is not of type {kind or 'text, number, truth value or list'}")
    return read
