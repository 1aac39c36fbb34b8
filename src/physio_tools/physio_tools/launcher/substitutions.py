"""The `$(name argument …)` expressions of launch files."""

from __future__ import annotations

import math
import re
from collections.abc import Callable

from ament_index_python.packages import PackageNotFoundError, get_package_prefix, get_package_share_directory

from physio_core.errors import LaunchError
from physio_tools.launcher.scope import Scope

_OPENING = re.compile(r"\$\(\s*([A-Za-z][\w-]*)")
_TRUE, _FALSE = ("true", "1"), ("false", "0")


def expand(text: str, scope: Scope) -> str:
    """Replace every ``$(…)`` in a text.

    Raises:
        LaunchError: an expression that is unknown, incomplete, or has no value; the message names the file.
    """
    value, _end = _read(text, 0, "", scope)
    return value


def truth(text: str, scope: Scope) -> bool:
    """The value of a condition: `true`, `1`, `false` or `0` once expanded.

    Raises:
        LaunchError: anything else.
    """
    value = expand(text, scope)
    word = value.strip().lower()
    if word not in _TRUE + _FALSE:
        raise LaunchError(f"{scope.file}: condition {text!r} gives {value!r}; need true, 1, false or 0")
    return word in _TRUE


def words(text: str, scope: Scope) -> list[str]:
    """Split a command line at blanks outside ``$(…)``, then expand each word; quotes have no meaning here."""
    parts, depth, word = [], 0, ""
    for index, sign in enumerate(text):
        depth += text.startswith("$(", index) or (depth > 0 and sign == "(" and text[index - 1] != "$")
        depth -= depth > 0 and sign == ")"
        if sign.isspace() and not depth:
            parts.append(word)
            word = ""
        else:
            word += sign
    return [expand(part, scope) for part in [*parts, word] if part]


def _read(text: str, start: int, ends: str, scope: Scope) -> tuple[str, int]:
    """Expand until one of the characters in ``ends`` (or the end of the text); return the value and where it stopped."""
    out, index = "", start
    while index < len(text) and text[index] not in ends:
        opening = _OPENING.match(text, index)
        if opening:
            value, index = _perform(text, opening, scope)
            out += value
        elif text[index] == "\\" and index + 1 < len(text):
            out, index = out + text[index + 1], index + 2
        else:
            out, index = out + text[index], index + 1
    return out, index


def _perform(text: str, opening: re.Match[str], scope: Scope) -> tuple[str, int]:
    name, index = opening.group(1), opening.end()
    arguments: list[str] = []
    while True:
        while text[index : index + 1] == " ":
            index += 1
        sign = text[index : index + 1]
        if not sign:
            raise LaunchError(f"{scope.file}: {text!r} lacks a closing bracket")
        if sign == ")":
            return _evaluate(name, arguments, text, scope), index + 1
        if sign in "'\"":
            value, index = _read(text, index + 1, sign, scope)
            index += 1
        else:
            value, index = _read(text, index, " )", scope)
        arguments.append(value)


def _evaluate(name: str, arguments: list[str], text: str, scope: Scope) -> str:
    if name not in SUBSTITUTIONS:
        raise LaunchError(f"{scope.file}: $({name} …) in {text!r} is not supported; supported: {', '.join(SUBSTITUTIONS)}")
    counts, function = SUBSTITUTIONS[name]
    if len(arguments) not in counts:
        raise LaunchError(f"{scope.file}: $({name} …) in {text!r} takes {' or '.join(map(str, counts))} values")
    return function(scope, *arguments)


def _argument(scope: Scope, name: str) -> str:
    if name not in scope.values:
        known = ", ".join(sorted(scope.values)) or "none"
        raise LaunchError(f"{scope.file}: $(var {name}) has no value; declared so far: {known}")
    return scope.values[name]


def _environment(scope: Scope, name: str, default: str | None = None) -> str:
    value = scope.environment.get(name, default)
    if value is None:
        raise LaunchError(f"{scope.file}: environment variable {name} is not set")
    return value


def _package(find: Callable[[str], str]) -> Callable[[Scope, str], str]:
    def found(scope: Scope, package: str) -> str:
        try:
            return find(package)
        except (PackageNotFoundError, ValueError):
            raise LaunchError(
                f"{scope.file}: package {package!r} is not installed; install it, or source its workspace"
            ) from None

    return found


def _equal(left: str, right: str) -> bool:
    """Equal as the stock launcher means it: truth values and numbers by value, everything else as text."""
    both = (left.lower(), right.lower())
    if all(word in _TRUE + _FALSE for word in both):
        return (both[0] in _TRUE) == (both[1] in _TRUE)
    try:
        return math.isclose(float(left), float(right))
    except ValueError:
        return left == right


def _word(value: bool) -> str:
    return "true" if value else "false"


SUBSTITUTIONS: dict[str, tuple[tuple[int, ...], Callable[..., str]]] = {
    "var": ((1,), _argument),
    "env": ((1, 2), _environment),
    "find-pkg-share": ((1,), _package(get_package_share_directory)),
    "find-pkg-prefix": ((1,), _package(get_package_prefix)),
    "dirname": ((0,), lambda scope: str(scope.file.parent)),
    "equals": ((2,), lambda _scope, left, right: _word(_equal(left, right))),
    "not-equals": ((2,), lambda _scope, left, right: _word(not _equal(left, right))),
    "not": ((1,), lambda scope, value: _word(not truth(value, scope))),
    "and": ((2,), lambda scope, left, right: _word(truth(left, scope) and truth(right, scope))),
    "or": ((2,), lambda scope, left, right: _word(truth(left, scope) or truth(right, scope))),
}
"""Each expression: how many values it takes, and what it gives."""
