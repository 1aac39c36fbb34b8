"""A search looks at validation losses only, goes on where it was interrupted, and writes the best recipe."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from physio_core.errors import ConfigError, ModelError
from physio_lab.engine import search as searching
from physio_lab.engine.search import load_space, search

DATA = {"name": "toy", "optimiser": {"steps": 10}}
SPACE = {"optimiser.lr": {"low": 0.001, "high": 1.0, "log": True}, "network.hidden_dim": [4, 8]}
OPTUNA = "Optuna is installed for training only: scripts/setup --training"


@pytest.fixture
def read(regressor: Any) -> Any:
    return regressor.recipe


def measured(recipe: Any, _work: Path, validated: Any) -> dict[str, Any]:
    """As if it had been trained: a learning rate of 0.1 is best."""
    loss = abs(recipe.optimiser.lr - 0.1)
    validated(10, {"loss": loss})
    return {"error": 99.0, "training": {"val_loss": loss}}


def test_the_best_settings_are_found_and_written_as_a_recipe(read: Any, tmp_path: Path) -> None:
    pytest.importorskip("optuna", reason=OPTUNA)
    found = search(DATA, "r.yaml", SPACE, 12, tmp_path, read, measured)
    losses = [one.loss for one in found if one.loss is not None]
    assert len(found) == 12 and losses == sorted(losses) and losses[0] < 0.1
    best = yaml.safe_load((tmp_path / "best.yaml").read_text())
    assert best["optimiser"] == {"steps": 10, "lr": found[0].settings["optimiser.lr"]}
    assert read(best, "best").network.hidden_dim in (4, 8)


def test_an_interrupted_search_goes_on_with_the_trial_that_was_interrupted(read: Any, tmp_path: Path) -> None:
    pytest.importorskip("optuna", reason=OPTUNA)
    tried: list[Path] = []

    def interrupted(recipe: Any, work: Path, validated: Any) -> dict[str, Any]:
        tried.append(work)
        if len(tried) == 3:
            raise KeyboardInterrupt
        return measured(recipe, work, validated)

    with pytest.raises(KeyboardInterrupt):
        search(DATA, "r.yaml", SPACE, 5, tmp_path, read, interrupted)
    found = search(DATA, "r.yaml", SPACE, 5, tmp_path, read, interrupted)
    assert len(found) == 5 and len(tried) == 6 and tried[2] == tried[3]
    assert search(DATA, "r.yaml", SPACE, 5, tmp_path, read, interrupted) == found and len(tried) == 6
    with pytest.raises(ConfigError, match="is a search of another recipe or space"):
        search(DATA, "r.yaml", {"network.hidden_dim": [4]}, 5, tmp_path, read, measured)


def test_what_diverges_or_is_given_up_has_no_loss(read: Any, tmp_path: Path) -> None:
    pytest.importorskip("optuna", reason=OPTUNA)

    def fails(recipe: Any, work: Path, validated: Any) -> dict[str, Any]:
        if recipe.network.hidden_dim == 8:
            raise ModelError("diverged")
        return measured(recipe, work, validated)

    found = search(DATA, "r.yaml", {**SPACE, "optimiser.lr": [0.1, 0.5]}, 10, tmp_path, read, fails)
    ends = {one.settings["network.hidden_dim"]: one.end for one in found}
    assert ends.get(8) == "failed" or (ends.get(8) == "fail" and found[0].loss is not None)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("[1]", "give settings"), ("optimiser.lr: 3", "a list of values"), ("optimiser.lr: []", "a list of values"),
        ("optimiser.lr: {low: 1, high: 0}", "low below high"), ("a: [", "cannot read"),
    ],
)  # fmt: skip
def test_a_space_that_makes_no_sense_is_refused(tmp_path: Path, text: str, reason: str) -> None:
    (tmp_path / "space.yaml").write_text(text)
    with pytest.raises(ConfigError, match=reason):
        load_space(tmp_path / "space.yaml")


def test_settings_that_the_recipe_does_not_have_are_refused_before_any_training(read: Any, tmp_path: Path) -> None:
    for space, reason in (({"optimiser.rat": [1]}, "known settings"), ({"validation.every": [0]}, "every = 0")):
        with pytest.raises(ConfigError, match=reason):
            search(DATA, "r.yaml", space, 1, tmp_path, read, lambda *_: pytest.fail("it was trained"))


def test_without_optuna_the_command_says_what_to_install(read: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def gone(name: str) -> Any:
        raise ModuleNotFoundError(name=name)

    monkeypatch.setattr(searching.importlib, "import_module", gone)
    with pytest.raises(ConfigError, match="optuna is needed .*scripts/setup --training"):
        search(DATA, "r.yaml", SPACE, 1, tmp_path, read, lambda *_: pytest.fail("it was trained"))


def test_trials_train_for_real(regressor: Any, recipe: Any, tmp_path: Path) -> None:
    pytest.importorskip("optuna", reason=OPTUNA)
    from dataclasses import asdict

    from physio_lab.engine.trainer import train

    def one(tried: Any, work: Path, validated: Any) -> Mapping[str, Any]:
        return train(regressor, tried, work, work / "model", validated=validated)

    data = {key: value for key, value in asdict(recipe).items() if key != "fold"}
    found = search(data, "r", {"optimiser.lr": [0.00001, 0.02]}, 4, tmp_path, regressor.recipe, one)
    assert found[0].settings == {"optimiser.lr": 0.02} and found[0].measured["error"] < 0.3
