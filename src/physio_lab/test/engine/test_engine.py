"""One engine trains what has nothing in common: it learns, goes on where it was interrupted, validates, stops and chooses."""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from physio_core.errors import ConfigError
from physio_lab.engine.config import FoldConfig, ValidationConfig
from physio_lab.engine.curves import read_curves, write_curves
from physio_lab.engine.folds import folded
from physio_lab.engine.recipe import recipe_from


class InterruptedRunError(Exception):
    pass


def rows(path: Path) -> list[dict[str, float]]:
    return [{name: float(cell) for name, cell in row.items()} for row in csv.DictReader(path.read_text().splitlines())]


def weights(path: Path) -> dict[str, Any]:
    import torch

    return dict(torch.load(path, weights_only=True)["state_dict"])


def test_any_task_learns_from_a_recipe(task: Any, recipe: Any, tmp_path: Path) -> None:
    from physio_lab.engine.trainer import train

    before = task.metrics(task.model(recipe), recipe, task.data(recipe))["error"]
    measured = train(task, recipe, tmp_path / "work", tmp_path / "model")
    assert measured["error"] < 0.3 * before
    assert json.loads((tmp_path / "model" / "card.json").read_text())["measured"] == measured
    log, validated = rows(tmp_path / "work" / "log.csv"), rows(tmp_path / "work" / "validation.csv")
    assert [row["step"] for row in log] == list(range(1, 61)) and [row["step"] for row in validated] == [15, 30, 45, 60]
    assert set(log[0]) - {"lr", "seconds", "waited"} == set(validated[0])
    assert validated[-1]["loss"] < validated[0]["loss"]


def test_any_task_goes_on_where_it_was_interrupted(task: Any, recipe: Any, tmp_path: Path) -> None:
    from physio_lab.engine.trainer import train

    def stop(step: int, _steps: int, _figures: Mapping[str, float]) -> None:
        if step == 37:
            raise InterruptedRunError

    measured = train(task, recipe, tmp_path / "whole", tmp_path / "model")
    with pytest.raises(InterruptedRunError):
        train(task, recipe, tmp_path / "work", tmp_path / "again", stop)
    again = train(task, recipe, tmp_path / "work", tmp_path / "again")
    for name, value in weights(tmp_path / "whole" / "checkpoint.pt").items():
        assert bool((value == weights(tmp_path / "work" / "checkpoint.pt")[name]).all()), name
    assert again["error"] == measured["error"]
    one, other = (rows(tmp_path / folder / "validation.csv") for folder in ("whole", "work"))
    assert one == other


def overfitting(recipe: Any, **validation: Any) -> Any:
    """A training that is soon too fast to get any better."""
    plan = replace(recipe.optimiser, lr=0.5, schedule="step", milestones=(), warmup=0.0, keep_every=5)
    return replace(recipe, optimiser=plan, validation=ValidationConfig(**validation))


def test_a_training_stops_when_the_loss_falls_no_more_and_stays_stopped(regressor: Any, recipe: Any, tmp_path: Path) -> None:
    from physio_lab.engine.trainer import train

    patient = overfitting(recipe, patience=2)
    measured = train(regressor, patient, tmp_path / "work", tmp_path / "model")["training"]
    losses = [row["loss"] for row in rows(tmp_path / "work" / "validation.csv")]
    assert measured["stopped_early"] and measured["steps"] == 5 * len(losses) < 60
    assert measured["best_step"] == 5 * (losses.index(min(losses)) + 1) == measured["steps"] - 10
    again = train(regressor, patient, tmp_path / "work", tmp_path / "model")["training"]
    assert again["steps"] == measured["steps"] and again["stopped_early"]


def test_the_best_weights_become_the_model(regressor: Any, recipe: Any, tmp_path: Path) -> None:
    from physio_lab.engine.trainer import train

    errors = {
        choose: train(regressor, overfitting(recipe, choose=choose), tmp_path / choose, tmp_path / f"{choose}_model")
        for choose in ("last", "best")
    }
    losses = [row["loss"] for row in rows(tmp_path / "best" / "validation.csv")]
    assert errors["best"]["error"] == pytest.approx(min(losses), rel=1e-4)
    assert errors["last"]["error"] == pytest.approx(losses[-1], rel=1e-4) and losses[-1] > min(losses)
    assert errors["best"]["training"]["val_loss"] == pytest.approx(min(losses), abs=1e-5)


def test_validation_changes_no_weight_and_may_be_left_out(task: Any, recipe: Any, tmp_path: Path) -> None:
    from physio_lab.engine.trainer import train

    short = replace(recipe, optimiser=replace(recipe.optimiser, steps=30))
    train(task, short, tmp_path / "with", tmp_path / "one")
    measured = train(task, replace(short, validation=ValidationConfig(every=0)), tmp_path / "without", tmp_path / "other")
    one, other = (weights(tmp_path / folder / "checkpoint.pt") for folder in ("with", "without"))
    assert all(bool((value == other[name]).all()) for name, value in one.items())
    assert "val_loss" not in measured["training"] and not (tmp_path / "without" / "validation.csv").exists()


def test_sgd_with_momentum_is_chosen_and_learns(regressor: Any, recipe: Any, tmp_path: Path) -> None:
    import torch

    from physio_lab.engine.optimiser import make_optimiser
    from physio_lab.engine.trainer import train

    plan = replace(recipe.optimiser, method="sgd", momentum=0.8, lr=0.05)
    sgd = replace(recipe, optimiser=plan)
    model = regressor.model(sgd)
    optimiser, _ = make_optimiser(model, regressor.blocks(model), plan, sgd.transfer)
    assert isinstance(optimiser, torch.optim.SGD) and optimiser.defaults["momentum"] == 0.8 and optimiser.defaults["nesterov"]
    assert train(regressor, sgd, tmp_path / "work", tmp_path / "model")["error"] < 0.3


@pytest.mark.parametrize(
    ("section", "values", "reason"),
    [
        ("optimiser", {"method": "adam"}, "adamw, sgd"),
        ("validation", {"every": 0, "patience": 1}, "every = 0 validates nothing"),
        ("validation", {"choose": "first"}, "last, best"),
        ("fold", {"count": 1}, "2 parts or more"),
        ("fold", {"count": 3, "index": 3}, "one of them"),
        ("network", {"hidden_dim": 0}, "1 .. 256"),
    ],
)
def test_settings_that_make_no_sense_are_refused(recipe: Any, section: str, values: dict[str, Any], reason: str) -> None:
    with pytest.raises(ConfigError, match=reason):
        recipe_from(type(recipe), {"name": "t", section: values}, "t")


def test_folds_are_the_same_recipe_with_another_part_to_test_on(recipe: Any) -> None:
    assert [one.fold for one in folded(recipe, 3)] == [FoldConfig(3, index) for index in range(3)]
    assert len({one.name for one in folded(recipe, 3)}) == 3
    with pytest.raises(ConfigError, match="--folds 1"):
        folded(recipe, 1)


def test_a_folder_of_recipes_goes_on_where_it_was_interrupted(regressor: Any, recipe: Any, tmp_path: Path) -> None:
    from physio_lab.engine.compare import as_table, compare, mean_row
    from physio_lab.engine.trainer import train

    told: list[tuple[str, int]] = []

    def one(tried: Any, work: Path, out: Path) -> dict[str, Any]:
        def stop(step: int, _steps: int, _figures: Mapping[str, float]) -> None:
            told.append((tried.name, step))
            if told.count(("b", 40)) == 1 and told[-1] == ("b", 40):
                raise InterruptedRunError

        return train(regressor, tried, work, out, stop)

    recipes = [replace(recipe, name=name) for name in ("a", "b")]
    with pytest.raises(InterruptedRunError):
        compare(recipes, tmp_path, 1, one)
    done = len(told)
    rows = compare(recipes, tmp_path, 1, one)
    assert told[done:] == [("b", step) for step in range(31, 61)]
    heading, cells = as_table(rows, regressor)
    assert heading[2] == "error" and cells[0][2] == cells[1][2] == f"{rows[0].measured[0]['error']:.3f}"
    assert mean_row(rows, regressor, len(heading))[:3] == ["all", "mean of 2", cells[0][2]]


def test_curves_of_training_and_validation_are_drawn_side_by_side(tmp_path: Path) -> None:
    pytest.importorskip("matplotlib", reason="Matplotlib is the laboratory's: scripts/setup --dev")
    (tmp_path / "log.csv").write_text(
        "step,loss,accuracy,lr,seconds,waited\n" + "".join(f"{i},{10 - i},0.{i},0.1,{i},0\n" for i in range(1, 7))
    )
    (tmp_path / "validation.csv").write_text("step,loss,accuracy\n3,9.5,0.2\n6,8.5,0.4\n")
    curves = read_curves(tmp_path)
    assert list(curves) == ["loss", "accuracy"]
    assert curves["loss"] == {"training": ([3, 6], [8.0, 5.0]), "validation": ([3, 6], [9.5, 8.5])}
    write_curves({"a": tmp_path, "b": tmp_path}, tmp_path / "curve.png")
    assert (tmp_path / "curve.png").read_bytes().startswith(b"\x89PNG")


def test_a_folder_without_a_log_is_refused_in_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from physio_core.cli import main

    assert main(["learning-curve", str(tmp_path), "--out", str(tmp_path / "c.png")]) == 2
    assert "log.csv is no log of a training" in capsys.readouterr().err
    (tmp_path / "log.csv").write_text("step,loss\n")
    assert main(["learning-curve", str(tmp_path), "--out", str(tmp_path / "c.png")]) == 2
    assert "holds no step yet" in capsys.readouterr().err
