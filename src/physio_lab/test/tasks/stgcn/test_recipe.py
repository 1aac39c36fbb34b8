"""Recipes: those that ship are read, what makes no sense is refused in one sentence that names it."""

from __future__ import annotations

from pathlib import Path

import pytest

from physio_core.errors import ConfigError
from physio_core.share import shared_path
from physio_lab.tasks import registry
from physio_lab.tasks.stgcn.recipe import load_recipe

NAMED = "name: t\nlabels: [squat, unknown]\n"
SHIPPED = sorted(path for path in shared_path("config", "training").rglob("*.yaml") if not path.name.startswith("_"))


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (NAMED + "lables: 1\n", "lables"),
        (NAMED + "5: 1\n", "unexpected 5"),
        (NAMED + "network: {channels: [8]}\n", "one for each unit"),
        (NAMED + "network: {channels: [8, a], dilations: [1, 1]}\n", "channels = 'a' must be of type int"),
        (NAMED + "network: {channels: [8.5, 8], dilations: [1, 1]}\n", "channels = 8.5 must be of type int"),
        (NAMED + "optimiser: {milestones: [a]}\n", "milestones = 'a' must be of type float"),
        (NAMED + "optimiser: {steps: -1}\n", "steps"),
        (NAMED + "optimiser: {rate: 0.1, lr: 0.1}\n", "'rate' is called 'lr' now"),
        (NAMED + "optimiser: {5: 1}\n", "known settings"),
        (NAMED + "noise: 3\n", "known settings"),
        (NAMED + "optimiser: {schedule: linear}\n", "cosine, step"),
        (NAMED + "sets: penn\n", "list of sets"),
        (NAMED + "sets: [{path: a, share: 0.7}, {path: b, share: 0.7}]\n", "add up to 1.4"),
        (NAMED + "sets: [{path: a, val_groups: [1]}]\n", "val_groups = 1 must be of type str"),
        (NAMED + "augment: [upside_down]\n", "upside_down"),
        (NAMED + "augment: 3\n", "augment: 3 is not a list"),
        (NAMED + "seed: two\n", "seed: 'two' must be a whole number"),
        (NAMED + "seed: -1\n", "seed: -1"),
        (NAMED + "seed: 1.5\n", "seed: 1.5"),
        (NAMED + "reference: 48.4\n", "reference: 48.4 must be text"),
        (NAMED + "synthetic: {frames: 60}\n", "frames = 60, but the network looks back on 64"),
        ("name: t\nlabels: [squat]\n", "unknown"),
        ("name: t\nlabels: 5\n", "labels: 5 must be a list"),
        ("name: t\nlabels: [1, 2, unknown]\n", "a number in quotes"),
        ("labels: [squat, unknown]\n", "name None"),
        ("name: ''\nlabels: [squat, unknown]\n", "name ''"),
        ("name: a/../../b\nlabels: [squat, unknown]\n", "name 'a/../../b'"),
        ("[1, 2]\n", r"r.yaml holds \[1, 2\]; a recipe is settings, one a line"),
        ("", "r.yaml is empty; a recipe is settings, one a line: name: mine"),
        ("a: [\n", "cannot read"),
    ],
)
def test_a_recipe_that_makes_no_sense_is_refused(tmp_path: Path, text: str, reason: str) -> None:
    (tmp_path / "r.yaml").write_text(text)
    with pytest.raises(ConfigError, match=reason):
        load_recipe(tmp_path / "r.yaml")


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_the_recipes_that_ship_are_read(path: Path) -> None:
    assert registry.load_recipe(path)[1].name in (path.stem, path.stem.partition("_")[2])


def test_a_recipe_with_settings_by_their_former_names_means_the_same(tmp_path: Path) -> None:
    before = (
        NAMED + "network: {widths: [8, 8], dilations: [1, 1], hidden: 4}\n"
        "optimiser: {rate: 0.02, rise: 0.2, falls: [0.5], fall: 0.3, check_batches: 3}\n"
        "transfer: {rate_after: 0.4, unit_decay: 0.9, keep: 0.1}\nsets: [{path: a, hold_out: 0.5, held_out: [p]}]\n"
    )
    now = (
        NAMED + "network: {channels: [8, 8], dilations: [1, 1], head_hidden_dim: 4}\n"
        "optimiser: {lr: 0.02, warmup: 0.2, milestones: [0.5], gamma: 0.3, val_batches: 3}\n"
        "transfer: {lr_after: 0.4, layer_decay: 0.9, init_weight: 0.1}\nsets: [{path: a, val_fraction: 0.5, val_groups: [p]}]\n"
    )
    recipes = []
    for text in (before, now):
        (tmp_path / "r.yaml").write_text(text)
        recipes.append(load_recipe(tmp_path / "r.yaml"))
    assert recipes[0] == recipes[1]


def test_a_task_that_is_not_known_is_refused(tmp_path: Path) -> None:
    (tmp_path / "r.yaml").write_text("task: painting\n" + NAMED)
    with pytest.raises(ConfigError, match="'painting' is not one of: stgcn"):
        registry.load_recipe(tmp_path / "r.yaml")
