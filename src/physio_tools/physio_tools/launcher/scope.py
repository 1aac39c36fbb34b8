"""What a launch file can see at one moment: arguments, environment, namespace. A group works on a copy."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from pathlib import Path

from physio_core.errors import LaunchError

_NAMESPACE = re.compile(r"/?([A-Za-z_][A-Za-z0-9_]*/)*[A-Za-z_][A-Za-z0-9_]*/?|/?")


@dataclass(frozen=True)
class Argument:
    """A declared launch argument; ``default`` is None when it must be given."""

    name: str
    default: str | None
    description: str
    choices: tuple[str, ...] = ()


@dataclass
class Scope:
    """Values in force, as the stock launcher keeps them: includes share their parent's, groups get a copy."""

    values: dict[str, str]
    environment: dict[str, str]
    file: Path
    namespace: str | None = None
    declared: dict[str, Argument] = field(default_factory=dict)

    def inner(self) -> Scope:
        """A copy for a group; only the list of declared arguments stays shared."""
        return replace(self, values=dict(self.values), environment=dict(self.environment))

    def declare(self, argument: Argument) -> None:
        """Give an argument its default, or check the value that was given.

        Raises:
            LaunchError: no value was given and there is no default, or the value is not one of the choices.
        """
        self.declared.setdefault(argument.name, argument)
        if argument.name not in self.values:
            if argument.default is None:
                raise LaunchError(f"{self.file}: argument {argument.name!r} must be given, as {argument.name}:=VALUE")
            self.values[argument.name] = argument.default
        value = self.values[argument.name]
        if argument.choices and value not in argument.choices:
            raise LaunchError(f"{argument.name}:={value} is not valid; choose one of: {', '.join(argument.choices)}")

    def within(self, namespace: str | None) -> str | None:
        """An inner namespace seen from here: absolute, or None when neither was ever set.

        Raises:
            LaunchError: ROS allows no such namespace.
        """
        if namespace is None:
            return self.namespace
        if not _NAMESPACE.fullmatch(namespace):
            raise LaunchError(
                f"namespace {namespace!r} is not valid; it is made of letters, digits and _, with single / between its parts, "
                "none of which begins with a digit, e.g. ward7/robot1"
            )
        if namespace.startswith("/"):
            return namespace.rstrip("/") or "/"
        return "/" + "/".join(part for part in (self.namespace or "", namespace) if part.strip("/")).strip("/")
