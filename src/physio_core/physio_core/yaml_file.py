"""Files that people write, read in one place: each mistake is told with its file, line, key and what is valid there.

What a file may hold is a :class:`Model`; :func:`read_model` reads and checks it, and :func:`read_yaml` reads a file whose content
is checked by its reader.
"""

from __future__ import annotations

import re
from collections.abc import Hashable, Mapping
from pathlib import Path
from types import UnionType
from typing import Any, Literal, TypeVar, Union, cast, get_args, get_origin

import yaml
from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError, model_validator
from pydantic_core import ErrorDetails, InitErrorDetails, PydanticCustomError

from physio_core.errors import ConfigError

_LOADER: type[yaml.SafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""Ten times faster where the C library is there."""

MOST_VALUES, DEEPEST = 20_000, 50
"""A file that says the same by reference again and again is larger than it looks."""
_KEY_TAGS = ("tag:yaml.org,2002:str", "tag:yaml.org,2002:merge")
_NUMBER_TAGS = ("tag:yaml.org,2002:int", "tag:yaml.org,2002:float")
_PLAIN = re.compile(r"[-+]?(\.(inf|Inf|INF)|(0|[1-9][0-9]*)(\.[0-9]*)?([eE][-+][0-9]+)?|\.[0-9]+)|\.(nan|NaN|NAN)")
"""Numbers that mean the same to people as to YAML 1.1, to which 010 is eight and 1:30 is ninety."""

Place = tuple[Hashable, ...]
"""Keys and indices that lead to a value, from the top of the file."""
T = TypeVar("T")
_KEYS = "needs keys with values (`key: value`)"
_FIXED = {
    "missing": "is missing",
    "too_short": "is empty",
    **dict.fromkeys(("model_type", "model_attributes_type", "dict_type", "mapping_type", "dataclass_type"), _KEYS),
}
"""What the library says of data structures, in words for people."""


class Model(BaseModel):
    """What one section of a file may hold: nothing else, no text for a number, and it does not change once it is read."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)

    @model_validator(mode="before")
    @classmethod
    def _known_keys(cls, data: Any) -> Any:
        if not isinstance(data, Mapping):
            return data
        known = [field.alias or name for name, field in cls.model_fields.items()]
        for key in data:
            if key not in known:
                raise PydanticCustomError(
                    "unknown_key", "'{key}' is not one of: {known}", {"key": key, "known": ", ".join(known)}
                )
        for name, field in cls.model_fields.items():
            value, kinds = data.get(name), _kinds(field.annotation)
            if isinstance(value, str | bool) and kinds & {int, float} and type(value) not in kinds:
                said = {"key": name, "value": repr(value)[:60]}
                raise PydanticCustomError("unknown_key", "{key} should be a number, got {value}", said)
        return data


def _kinds(annotation: Any) -> set[Any]:
    """The types of which a value may be."""
    if get_origin(annotation) is Literal:
        return {type(value) for value in get_args(annotation)}
    return set(get_args(annotation)) if get_origin(annotation) in (Union, UnionType) else {annotation}


def read_yaml(path: Path) -> Any:
    """The content of a YAML file.

    Raises:
        ConfigError: it cannot be read, is no YAML, holds a key twice or a number that people read otherwise, or refers to itself.
    """
    return _parse(path)[0]


def read_model(path: Path, kind: type[T], context: Mapping[str, Any] | None = None) -> T:
    """The content of a YAML file, checked.

    Args:
        path: of the file.
        kind: a :class:`Model`, or any type of such, e.g. ``dict[str, Entry]``.
        context: what its validators need to know.

    Raises:
        ConfigError: as :func:`read_yaml`, or the content is not of that kind: the first mistake, with its line.
    """
    content, lines = _parse(path)
    try:
        return TypeAdapter(kind).validate_python(content, context=context)
    except ValidationError as error:
        mistakes = error.errors(include_url=False)
        more = f" (and {len(mistakes) - 1} more)" if len(mistakes) > 1 else ""
        raise ConfigError(f"{_told(path, mistakes[0], lines)}{more}") from error


def mistake(place: Place, words: str) -> ValidationError:
    """For a validator to raise: what is wrong at a place within what it was given."""
    said = PydanticCustomError("value_error", "{words}", {"words": words})
    return ValidationError.from_exception_data("", [InitErrorDetails(type=said, loc=cast(Any, place), input=None)])


def check(kind: type[T], content: Any, where: str) -> T:
    """Content that was put together from several files, checked.

    Raises:
        ConfigError: it is not of that kind; ``where`` says whose it is.
    """
    try:
        return TypeAdapter(kind).validate_python(content)
    except ValidationError as error:
        mistake = error.errors(include_url=False)[0]
        raise ConfigError(f"{where}: {_words(mistake)}") from error


def _parse(path: Path) -> tuple[Any, Mapping[Place, int]]:
    try:
        loader = _LOADER(path.read_text(encoding="utf-8-sig"))
        try:
            node = loader.get_single_node()
            lines: dict[Place, int] = {}
            if node is None:
                return None, lines
            _number_lines(path, node, (), lines, ())
            return loader.construct_document(node), lines
        finally:
            loader.dispose()
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: cannot be read: {error}") from error
    except (yaml.YAMLError, ValueError) as error:
        if isinstance(error, ConfigError):
            raise
        raise ConfigError(f"{path}: is not valid YAML: {' '.join(str(error).split())}") from error


def _number_lines(path: Path, node: yaml.Node, place: Place, lines: dict[Place, int], above: tuple[int, ...]) -> None:
    """Note the line of each key, and refuse a key that stands twice: the first would be lost without a word."""
    lines.setdefault(place, node.start_mark.line + 1)
    if len(above) > DEEPEST or len(lines) > MOST_VALUES:
        raise ConfigError(f"{path}: holds more than {MOST_VALUES} values, or deeper than {DEEPEST}; no such file is meant")
    if id(node) in above:
        raise ConfigError(f"{path}:{lines[place]}: refers to itself")
    if node.tag in _NUMBER_TAGS and not _PLAIN.fullmatch(node.value):
        as_number = yaml.safe_load(node.value)
        raise ConfigError(
            f"{path}:{lines[place]}: {node.value} is read as {as_number:g}; write a number in decimals, or a text in quotes"
        )
    if isinstance(node, yaml.MappingNode):
        seen: set[str] = set()
        for key, value in node.value:
            line, name = key.start_mark.line + 1, str(key.value)
            if key.tag not in _KEY_TAGS:
                raise ConfigError(f"{path}:{line}: key {name!r} is read as something else than text; put it in quotes")
            if name in seen and name != "<<":
                raise ConfigError(f"{path}:{line}: {name!r} stands twice; keep one")
            seen.add(name)
            below = (*place, name)
            lines[below] = line
            _number_lines(path, value, below, lines, (*above, id(node)))
    elif isinstance(node, yaml.SequenceNode):
        for index, value in enumerate(node.value):
            _number_lines(path, value, (*place, index), lines, (*above, id(node)))


def _told(path: Path, mistake: ErrorDetails, lines: Mapping[Place, int]) -> str:
    unknown = (mistake["ctx"]["key"],) if mistake["type"] == "unknown_key" else ()
    place: Place = tuple(key if isinstance(key, int) else str(key) for key in (*_place(mistake), *unknown))
    line = next((lines[place[:end]] for end in range(len(place), -1, -1) if place[:end] in lines), 1)
    return f"{path}:{line}: {_words(mistake)}"


def _place(mistake: ErrorDetails) -> tuple[int | str, ...]:
    return tuple(key for key in mistake["loc"] if key != "[key]")


def _words(mistake: ErrorDetails) -> str:
    place = ".".join(map(str, _place(mistake)))
    key = f"{place}: " if place else ""
    if mistake["type"] in _FIXED:
        return f"{key}{_FIXED[mistake['type']]}"
    if mistake["type"] in ("unknown_key", "value_error"):
        return f"{key}{mistake['msg'].removeprefix('Value error, ')}"
    got = mistake["input"]
    words = mistake["msg"].removeprefix("Input ").replace("a valid tuple", "a list")
    return f"{key}{words[:1].lower()}{words[1:]}, got {'nothing' if got is None else repr(got)[:60]}"
