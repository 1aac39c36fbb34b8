"""A folder of recipes: bases, order, starting from each other, and one table."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from physio_core.cli import main
from physio_core.errors import ConfigError
from physio_core.share import shared_path
from physio_lab.engine.compare import as_table, compare, load_folder, spread
from physio_lab.tasks.stgcn.config import StgcnRecipe
from physio_lab.tasks.stgcn.recipe import load_recipe
from physio_lab.tasks.stgcn.task import STGCN

COMMON = "name: common\nlabels: [squat, unknown]\noptimiser: {steps: 5, lr: 0.01}\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "_common.yaml").write_text(COMMON)
    (tmp_path / "1_b.yaml").write_text("base: _common.yaml\nname: b\nreference: 50 %\ntransfer: {init: a}\n")
    (tmp_path / "0_a.yaml").write_text("base: _common.yaml\nname: a\noptimiser: {steps: 9}\n")
    return tmp_path


def test_a_recipe_says_only_what_differs_from_its_base(folder: Path) -> None:
    config = load_recipe(folder / "0_a.yaml")
    assert (config.name, config.optimiser.steps, config.optimiser.lr) == ("a", 9, 0.01)


@pytest.mark.parametrize(("text", "reason"), [("base: r.yaml\n", "its own base"), ("base: gone.yaml\n", "cannot read")])
def test_a_base_that_leads_nowhere_is_refused(tmp_path: Path, text: str, reason: str) -> None:
    (tmp_path / "r.yaml").write_text(text)
    with pytest.raises(ConfigError, match=reason):
        load_recipe(tmp_path / "r.yaml")


def test_recipes_run_in_order_and_start_from_each_other(folder: Path, tmp_path: Path) -> None:
    asked: list[tuple[str, int, str]] = []

    def train(config: StgcnRecipe, work: Path, out: Path) -> dict[str, Any]:
        asked.append((config.name, config.seed, config.transfer.init))
        work.mkdir(parents=True)
        assert out.parent == work
        clips = {"accuracy": 0.4 + 0.1 * config.seed, "balanced_accuracy": 0.5, "n": 7}
        return {"sets": clips, "training": {"steps": 5, "seconds": 2.0}}

    rows = compare(load_folder(folder, load_recipe), tmp_path / "work", 2, train)
    first = str(tmp_path / "work" / "a" / "seed_1" / "model")
    assert asked == [("a", 1, ""), ("b", 1, first), ("b", 2, first)]
    assert compare(load_folder(folder, load_recipe), tmp_path / "work", 2, train) == rows and len(asked) == 3
    heading, cells = as_table(rows, STGCN)
    assert cells[1][heading.index("accuracy")] == "55.0 % (50.0 to 60.0)" and cells[1][-1] == "50 %"
    assert len(cells) == 2


def told(config: StgcnRecipe, _work: Path, out: Path) -> dict[str, Any]:
    """As if it had been trained."""
    out.mkdir(parents=True, exist_ok=True)
    (out / "weights.pt").write_text(config.name)
    ticks = {"accuracy": 0.5, "balanced_accuracy": 0.5, "n": 7}
    return {"synthetic": ticks, "training": {"steps": 5, "seconds": 2.0}}


def test_what_starts_from_a_model_is_trained_again_when_that_model_was(folder: Path, tmp_path: Path) -> None:
    asked: list[str] = []

    def train(config: StgcnRecipe, work: Path, out: Path) -> dict[str, Any]:
        asked.append(config.name)
        assert not (work / "checkpoint.pt").exists()
        (work / "checkpoint.pt").parent.mkdir(parents=True, exist_ok=True)
        (work / "checkpoint.pt").touch()
        return told(config, work, out)

    configs, work = load_folder(folder, load_recipe), tmp_path / "work"
    for _ in range(2):
        compare(configs, work, 1, train)
    assert asked == ["a", "b"]
    (work / "a" / "seed_1" / "model" / "weights.pt").write_text("other weights")
    compare(configs, work, 1, train)
    assert asked == ["a", "b", "b"]


def test_a_result_that_was_cut_short_is_named(folder: Path, tmp_path: Path) -> None:
    compare(load_folder(folder, load_recipe), tmp_path / "work", 1, told)
    (tmp_path / "work" / "b" / "seed_1" / "result.json").write_text('{"recipe": {"na')
    with pytest.raises(ConfigError, match=r"b/seed_1/result.json is truncated .*delete it"):
        compare(load_folder(folder, load_recipe), tmp_path / "work", 1, told)


def test_processes_that_train_together_are_given_one_recipe(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("WORLD_SIZE", "2")
    assert main(["train", str(folder)]) == 2
    assert "trained by one process; give torchrun one recipe" in capsys.readouterr().err


def test_a_spread_of_one_is_a_number() -> None:
    assert spread([0.5]) == "50.0 %"


@pytest.mark.parametrize("name", ["ladder", "partitions"])
def test_the_folders_that_ship_are_read(name: str) -> None:
    configs = load_folder(shared_path("config", "training", name), load_recipe)
    names = [config.name for config in configs]
    assert all(config.transfer.init in ("", *names[:i]) for i, config in enumerate(configs))


def test_the_ladder_tests_on_people_that_nobody_learnt_from() -> None:
    for config in load_folder(shared_path("config", "training", "ladder"), load_recipe)[1:]:
        (one,) = config.sets
        assert set(one.val_groups) == {"s06", "s07", "s08", "s09", "s10"} and not set(one.val_groups) & set(one.learn_from)


def test_a_folder_without_recipes_and_an_unknown_name_are_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["train", str(tmp_path)]) == 2
    assert main(["train", "laddr"]) == 2
    assert main(["train", ""]) == 2
    assert main(["train", "ladder", "--seeds", "0"]) == 2
    printed = capsys.readouterr().err
    assert "must hold recipes" in printed and "no recipe 'laddr'" in printed and "ladder" in printed and "--seeds 0" in printed
    assert "no recipe ''" in printed
