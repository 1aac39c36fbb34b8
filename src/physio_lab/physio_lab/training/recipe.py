"""Reads what `physio train` is to do from a YAML file, and refuses what makes no sense; no torch here."""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path
from typing import Any, TypeVar

import yaml

from physio_core.errors import ConfigError
from physio_core.params import Parameters
from physio_core.skeleton.normalise import NormaliserConfig
from physio_core.types import UNKNOWN
from physio_lab.augment.compose import Compose
from physio_lab.synthetic.noise import NoiseConfig
from physio_lab.training.config import WORDS, NetworkConfig, OptimiserConfig, SetConfig, TrainingConfig, TransferConfig
from physio_lab.training.synthetic import SyntheticConfig

Section = TypeVar("Section", bound=Parameters)

_SECTIONS: dict[str, type[Parameters]] = {
    "synthetic": SyntheticConfig,
    "noise": NoiseConfig,
    "normaliser": NormaliserConfig,
    "network": NetworkConfig,
    "optimiser": OptimiserConfig,
    "transfer": TransferConfig,
}
_SEEDS = 2**31


def load_training(path: str | Path) -> TrainingConfig:
    """Read a recipe.

    Raises:
        ConfigError: no such file, not YAML, an unknown key or a value out of range.
    """
    return training_from(_read(Path(path)), str(path))


def _read(path: Path, above: tuple[Path, ...] = ()) -> Any:
    """A recipe as dictionaries, laid over the one that it names as its base."""
    if path in above:
        raise ConfigError(f"{path} is its own base, by way of {above[-1]}")
    try:
        data = yaml.safe_load(path.read_text())
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise ConfigError(f"cannot read the recipe {path}: {error}") from error
    if not isinstance(data, dict) or "base" not in data:
        return data
    base = _read(path.parent / str(data.pop("base")), (*above, path))
    return _laid_over(base, data) if isinstance(base, dict) else base


def _laid_over(base: dict[str, Any], data: dict[str, Any]) -> dict[str, Any]:
    both = {**base, **data}
    return {
        key: _laid_over(base[key], value) if isinstance(value, dict) and isinstance(base.get(key), dict) else value
        for key, value in both.items()
    }


def training_from(data: Any, where: str) -> TrainingConfig:
    """A recipe from nested dictionaries, as YAML or :func:`dataclasses.asdict` give them.

    Args:
        data: the recipe.
        where: what to call it in an error.

    Raises:
        ConfigError: an unknown key, a value of another kind or out of range, or sequences shorter than the network's reach.
    """
    known = [item.name for item in fields(TrainingConfig)]
    if not isinstance(data, dict) or set(data) - set(known):
        wrong = ", ".join(sorted(map(str, set(data) - set(known)))) if isinstance(data, dict) else type(data).__name__
        raise ConfigError(f"{where}: unexpected {wrong}; a recipe has: {', '.join(known)}")
    values: dict[str, Any] = {**data, "name": _name(where, data.get("name")), "labels": _labels(where, data.get("labels"))}
    _check_words_and_seed(where, data)
    for name, section in _SECTIONS.items():
        values[name] = _section(where, name, section, {} if data.get(name) is None else data[name])
    values["sets"] = _sets(where, data.get("sets") or ())
    values["augment"] = _augment(where, data.get("augment"))
    return _reaching(where, TrainingConfig(**values))


def _name(where: str, name: Any) -> str:
    if not isinstance(name, str) or not re.fullmatch(r"\w[\w. -]*", name):
        raise ConfigError(f"{where}: name {name!r}: use letters, digits, _ . and -, no dot first: folders are called so")
    return name


def _labels(where: str, labels: Any) -> tuple[str, ...]:
    if not isinstance(labels, (list, tuple)) or not all(isinstance(label, str) for label in labels):
        raise ConfigError(f"{where}: labels: {labels!r} must be a list of names such as [squat, {UNKNOWN}], a number in quotes")
    if UNKNOWN not in labels or len(set(labels)) < max(2, len(labels)):
        raise ConfigError(f"{where}: labels {list(labels)} must be different and hold {UNKNOWN!r}")
    return tuple(labels)


def _check_words_and_seed(where: str, data: dict[str, Any]) -> None:
    for name in WORDS:
        if not isinstance(data.get(name, ""), str):
            raise ConfigError(f"{where}: {name}: {data[name]!r} must be text; put it in quotes")
    seed = data.get("seed", 0)
    if type(seed) is not int or not 0 <= seed < _SEEDS:
        raise ConfigError(f"{where}: seed: {seed!r} must be a whole number of 0 .. {_SEEDS - 1}")


def _augment(where: str, items: Any) -> tuple[Any, ...]:
    try:
        Compose.from_recipe(items)
    except ConfigError as error:
        raise ConfigError(f"{where}: {error}") from error
    return tuple(items or ())


def _reaching(where: str, config: TrainingConfig) -> TrainingConfig:
    frames, reach = config.synthetic.frames, config.network.reach
    if frames < reach:
        raise ConfigError(
            f"{where}: synthetic.frames = {frames}, but the network looks back on {reach} frames (the sum of "
            f"(kernel - 1) * dilation, plus pool); give sequences {reach} frames or more, or the network a shorter reach"
        )
    return config


def _sets(where: str, items: Any) -> tuple[SetConfig, ...]:
    if not isinstance(items, (list, tuple)):
        raise ConfigError(f"{where}: sets: {items!r} must be a list of sets, each with a path")
    found = tuple(_section(where, f"sets[{i}]", SetConfig, item) for i, item in enumerate(items))
    total = sum(one.share for one in found)
    if total > 1 + 1e-9:
        raise ConfigError(f"{where}: the shares of the sets add up to {total:g}; together they are at most 1")
    return found


def _section(where: str, name: str, section: type[Section], values: Any) -> Section:
    known = [item.name for item in fields(section)]
    if not isinstance(values, dict) or set(values) - set(known):
        raise ConfigError(f"{where}: {name}: {values!r}; known settings: {', '.join(known)}")
    try:
        return section(**{key: tuple(value) if isinstance(value, list) else value for key, value in values.items()})
    except ConfigError as error:
        raise ConfigError(f"{where}: {name}: {error}") from error
