"""Recipes: those that ship are read, what makes no sense is refused in one sentence that names it."""

from __future__ import annotations

from pathlib import Path

import pytest

from physio_core.errors import ConfigError
from physio_core.share import shared_path
from physio_lab.training.recipe import load_training

NAMED = "name: t\nlabels: [squat, unknown]\n"
SHIPPED = sorted(path for path in shared_path("config", "training").rglob("*.yaml") if not path.name.startswith("_"))


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (NAMED + "lables: 1\n", "lables"),
        (NAMED + "5: 1\n", "unexpected 5"),
        (NAMED + "network: {widths: [8]}\n", "one for each unit"),
        (NAMED + "network: {widths: [8, a], dilations: [1, 1]}\n", "widths = 'a' must be of type int"),
        (NAMED + "network: {widths: [8.5, 8], dilations: [1, 1]}\n", "widths = 8.5 must be of type int"),
        (NAMED + "optimiser: {falls: [a]}\n", "falls = 'a' must be of type float"),
        (NAMED + "optimiser: {steps: -1}\n", "steps"),
        (NAMED + "optimiser: {5: 1}\n", "known settings"),
        (NAMED + "noise: 3\n", "known settings"),
        (NAMED + "optimiser: {schedule: linear}\n", "cosine, step"),
        (NAMED + "sets: penn\n", "list of sets"),
        (NAMED + "sets: [{path: a, share: 0.7}, {path: b, share: 0.7}]\n", "add up to 1.4"),
        (NAMED + "sets: [{path: a, held_out: [1]}]\n", "held_out = 1 must be of type str"),
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
        ("[1, 2]\n", "list"),
        ("a: [\n", "cannot read"),
    ],
)
def test_a_recipe_that_makes_no_sense_is_refused(tmp_path: Path, text: str, reason: str) -> None:
    (tmp_path / "r.yaml").write_text(text)
    with pytest.raises(ConfigError, match=reason):
        load_training(tmp_path / "r.yaml")


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_the_recipes_that_ship_are_read(path: Path) -> None:
    assert load_training(path).name in (path.stem, path.stem.partition("_")[2])
