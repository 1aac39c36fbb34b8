"""Searches settings of a recipe with Optuna: each trial is a training, judged by its validation loss and nothing else.

Akiba, Sano, Yanase, Ohta, Koyama 2019, "Optuna: A Next-generation Hyperparameter Optimization Framework": a tree of Parzen
estimators proposes, a trial that is worse than the median of the others at the same step is given up. An interrupted search goes
on, and so does the trial that was interrupted.
"""

from __future__ import annotations

import hashlib
import importlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from physio_core.errors import ConfigError, ModelError
from physio_core.files import write_text
from physio_lab.engine.config import Recipe
from physio_lab.engine.recipe import laid_over
from physio_lab.engine.task import Validated

JOURNAL, BEST = "search.log", "best.yaml"
_TRIALS_BEFORE_PRUNING = 5

Space = Mapping[str, Any]
"""Settings to search, e.g. ``optimiser.lr: {low: 0.001, high: 0.1, log: true}`` or ``network.dropout: [0.0, 0.2, 0.5]``."""

Read = Callable[[Any, str], Recipe]
Train = Callable[[Recipe, Path, Validated], dict[str, Any]]
"""Trains a recipe in a work folder, telling each validation, and gives what was measured."""


@dataclass(frozen=True)
class Trial:
    """One training of a search.

    Attributes:
        settings: what was tried.
        loss: validation loss; None: given up, or diverged.
        end: complete, pruned or failed.
        measured: what the task measured; nothing where there is no loss.
    """

    settings: dict[str, Any]
    loss: float | None
    end: str
    measured: dict[str, Any]


def load_space(path: Path) -> dict[str, Any]:
    """Read what to search.

    Raises:
        ConfigError: no such file, not YAML, or neither a range nor a list of values.
    """
    try:
        space = yaml.safe_load(path.read_text())
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise ConfigError(f"cannot read what to search from {path}: {error}") from error
    if not isinstance(space, dict) or not space:
        raise ConfigError(f"{path}: {space!r}: give settings, such as optimiser.lr: {{low: 0.001, high: 0.1, log: true}}")
    for name, values in space.items():
        bounded = isinstance(values, dict) and {"low", "high"} <= set(values) <= {"low", "high", "log"}
        if bounded and not (_is_number(values["low"]) and _is_number(values["high"]) and values["low"] < values["high"]):
            raise ConfigError(f"{path}: {name}: {values!r}: low and high are numbers, low below high")
        if not bounded and not (isinstance(values, list) and values):
            raise ConfigError(f"{path}: {name}: {values!r}: give {{low: .., high: .., log: true}} or a list of values")
    return space


def search(data: Mapping[str, Any], where: str, space: Space, trials: int, work: Path, read: Read, train: Train) -> list[Trial]:
    """Try settings, each in a folder of its own; what was tried before is not tried again.

    Args:
        data: the recipe as dictionaries.
        where: what to call it in an error.
        space: from :func:`load_space`.
        trials: how many there shall be in all.
        work: folder of the search; the best recipe is written there as ``best.yaml``.
        read: the task's reader of recipes.
        train: trains one.

    Returns:
        All trials, the best first.

    Raises:
        ConfigError: Optuna is not installed, a setting that the recipe does not have, a recipe that validates nothing, or a
            search of something else in ``work``; and what ``train`` raises, but for trainings that diverge.
    """
    first = read(_changed(data, {name: _first(values) for name, values in space.items()}), where)
    if not first.validation.every:
        raise ConfigError(f"{where}: validation.every = 0, but a search compares validation losses; set it to 1")
    optuna = _optuna()
    study = _study(optuna, work, {"recipe": dict(data), "space": dict(space)}, first.seed)
    while sum(_ended(one) for one in study.trials) < trials:
        trial = study.ask()
        settings = {name: _suggested(trial, name, values) for name, values in space.items()}
        trial.set_user_attr("settings", settings)
        recipe = read(_changed(data, settings), where)

        def told(step: int, figures: Mapping[str, float], trial: Any = trial) -> None:
            trial.report(figures["loss"], step)
            if trial.should_prune():
                raise optuna.TrialPruned

        try:
            measured = train(recipe, work / _name(settings), told)
        except optuna.TrialPruned:
            study.tell(trial, state=optuna.trial.TrialState.PRUNED)
        except ModelError as error:
            trial.set_user_attr("diverged", str(error))
            study.tell(trial, state=optuna.trial.TrialState.FAIL)
        else:
            trial.set_user_attr("measured", measured)
            study.tell(trial, measured["training"]["val_loss"])
    found = sorted(map(_trial, filter(_ended, study.trials)), key=lambda one: float("inf") if one.loss is None else one.loss)
    if found[0].loss is not None:
        write_text(work / BEST, yaml.safe_dump(_changed(data, found[0].settings), sort_keys=False))
    return found


def _study(optuna: Any, work: Path, about: dict[str, Any], seed: int) -> Any:
    """The search in a folder; what was interrupted in it is tried next."""
    work.mkdir(parents=True, exist_ok=True)
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    backend = optuna.storages.journal.JournalFileBackend(str(work / JOURNAL))
    study = optuna.create_study(
        storage=optuna.storages.JournalStorage(backend), study_name="search", load_if_exists=True, direction="minimize",
        sampler=optuna.samplers.TPESampler(seed=seed), pruner=optuna.pruners.MedianPruner(_TRIALS_BEFORE_PRUNING),
    )  # fmt: skip
    text = json.dumps(about, sort_keys=True)
    if study.user_attrs.get("about", text) != text:
        raise ConfigError(
            f"{work / JOURNAL} is a search of another recipe or space; remove that folder, or give another with --work"
        )
    study.set_user_attr("about", text)
    for trial in study.get_trials(states=(optuna.trial.TrialState.RUNNING,)):
        study.tell(trial.number, state=optuna.trial.TrialState.FAIL)
        study.enqueue_trial(trial.params)
    return study


def _ended(trial: Any) -> bool:
    return trial.state.name in ("COMPLETE", "PRUNED") or "diverged" in trial.user_attrs


def _trial(trial: Any) -> Trial:
    known = trial.user_attrs
    loss = trial.value if trial.state.name == "COMPLETE" else None
    return Trial(known["settings"], loss, trial.state.name.lower(), known.get("measured", {}))


def _suggested(trial: Any, name: str, values: Any) -> Any:
    if isinstance(values, list):  # lists and texts alike
        return json.loads(trial.suggest_categorical(name, [json.dumps(value) for value in values]))
    whole = isinstance(values["low"], int) and isinstance(values["high"], int)
    suggest = trial.suggest_int if whole else trial.suggest_float
    return suggest(name, values["low"], values["high"], log=bool(values.get("log", False)))


def _first(values: Any) -> Any:
    return values[0] if isinstance(values, list) else values["low"]


def _changed(data: Mapping[str, Any], settings: Mapping[str, Any]) -> dict[str, Any]:
    """The recipe with other settings, named like ``section.setting``."""
    changed = dict(data)
    for name, value in settings.items():
        section, _, setting = name.partition(".")
        changed = laid_over(changed, {section: {setting: value} if setting else value})
    return changed


def _name(settings: Mapping[str, Any]) -> str:
    """Folder of a trial; the same settings find what was begun."""
    return "trial_" + hashlib.sha256(json.dumps(settings, sort_keys=True).encode()).hexdigest()[:10]


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _optuna() -> Any:
    try:
        return importlib.import_module("optuna")
    except ModuleNotFoundError as error:
        raise ConfigError(f"{error.name} is needed to search settings; install it with: scripts/setup --training") from error
