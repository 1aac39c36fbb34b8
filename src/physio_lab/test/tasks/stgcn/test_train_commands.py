"""`physio train` with folds and with a search: one table, figures by name, refusals in one line."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

TRAINING = "training libraries are installed for training only: scripts/setup --training"
for library in ("torch", "lightning", "onnx"):
    pytest.importorskip(library, reason=TRAINING)

from physio_core.cli import main  # noqa: E402
from physio_lab.datasets.sequence import SkeletonSequence  # noqa: E402
from physio_lab.tasks import commands  # noqa: E402
from physio_lab.tasks.stgcn import data  # noqa: E402

RECIPE = """
name: tiny
labels: [wave, bend, unknown]
synthetic: {frames: 48}
network: {channels: [8, 8], dilations: [1, 2], kernel: 5, pool: 8}
optimiser: {steps: 2, batch: 4, val_batches: 1, workers: 0, precision: 32-true}
sets: [{path: set}]
"""


def people() -> list[SkeletonSequence]:
    rng = np.random.default_rng(0)
    return [
        SkeletonSequence(
            rng.uniform(0.3, 0.7, (1, 30, 18, 2)).astype(np.float32), np.ones((1, 30, 18), np.float32), np.arange(30) / 15.0,
            "openpose_18", ("wave", "bend")[i % 2], f"c{i}", f"p{i // 2}", width_px=640, height_px=480,
        )
        for i in range(12)
    ]  # fmt: skip


@pytest.fixture
def recipe(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setattr(data, "open_set", lambda _path: people())
    monkeypatch.chdir(tmp_path)
    (tmp_path / "tiny.yaml").write_text(RECIPE)
    return "tiny.yaml"


def test_each_fold_is_tested_on_other_people(recipe: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["train", recipe, "--folds", "3", "--json", "f.json"]) == 0
    found = json.loads((tmp_path / "f.json").read_text())
    assert list(found) == ["tiny_fold_0", "tiny_fold_1", "tiny_fold_2"]
    assert [one["test"]["n"] for (one,) in found.values()] == [4, 4, 4]
    assert "mean of 3" in capsys.readouterr().out
    assert (tmp_path / "build" / "training" / "tiny_folds" / "learning_curve.png").exists()


def test_a_search_writes_the_best_recipe(recipe: str, tmp_path: Path) -> None:
    pytest.importorskip("optuna", reason="Optuna is installed for training only: scripts/setup --training")
    (tmp_path / "space.yaml").write_text("optimiser.lr: [0.0001, 0.01]\n")
    assert main(["train", recipe, "--search", "space.yaml", "--trials", "2", "--json", "f.json"]) == 0
    assert len(json.loads((tmp_path / "f.json").read_text())) == 2
    assert main(["train", "build/training/tiny_search/best.yaml", "--out", "model"]) == 0


def test_what_does_not_go_together_is_refused(recipe: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "space.yaml").write_text("optimiser.lr: [0.1]\n")
    for words, reason in (
        (["ladder", "--folds", "3"], "--folds is for one recipe"),
        ([recipe, "--folds", "1"], "--folds 1: give 2 or more"),
        ([recipe, "--folds", "2", "--search", "space.yaml"], "--search is for one recipe, without --folds"),
        ([recipe, "--search", "space.yaml", "--trials", "0"], "--trials 0 must be 1 or more"),
        ([recipe, "--search", "gone.yaml"], "cannot read what to search"),
        ([recipe, "--folds", "7"], "7 parts need as many"),
        ([recipe, "--seeds", "2"], "--seeds is for a folder of recipes, and this is one recipe"),
        ([recipe, "--folds", "3", "--seeds", "2"], "--seeds is for a folder of recipes, and this is --folds"),
        ([recipe, "--trials", "2"], "--trials is for --search, and this is one recipe"),
        (["ladder", "--trials", "2"], "--trials is for --search, and this is a folder of recipes"),
        (["ladder", "--out", "model"], "--out is for one recipe, and this is a folder of recipes"),
        ([recipe, "--tables", "page.md"], "--tables is for a folder of recipes or --folds, and this is one recipe"),
        ([recipe, "--search", "space.yaml", "--tables", "page.md"], "--tables is for a folder of recipes or --folds"),
    ):
        assert main(["train", *words]) == 2
        assert reason in capsys.readouterr().err


def test_what_would_fail_at_the_end_is_refused_before_anything_is_read(
    recipe: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(data, "open_set", lambda _path: pytest.fail("a set was read"))
    monkeypatch.setattr(commands, "train_with_progress", lambda *_: pytest.fail("the training began"))
    (tmp_path / "alone.yaml").write_text(RECIPE.replace("sets: [{path: set}]", ""))
    (tmp_path / "file").write_text("mine")
    for words, reason in (
        (["alone.yaml", "--folds", "3"], "over the people of recorded sets, and the recipe has none; add sets"),
        ([recipe, "--out", "file"], "file is not a folder"),
        ([recipe, "--work", "file"], "file is not a folder"),
        ([recipe, "--folds", "3", "--work", "file"], "file is not a folder"),
    ):
        assert main(["train", *words]) == 2
        assert reason in capsys.readouterr().err
    assert (tmp_path / "file").read_text() == "mine"
