"""Training: recipes are checked, the loss falls, an interrupted run goes on, the result can be loaded and run."""

from __future__ import annotations

import csv
from dataclasses import replace
from pathlib import Path

import pytest

from physio_core.cli import main
from physio_core.errors import ConfigError
from physio_core.share import shared_path
from physio_core.training.config import NetworkConfig, OptimiserConfig, TrainingConfig, load_training
from physio_core.training.synthetic import SyntheticConfig

RECIPE = "name: t\nlabels: [squat, unknown]\n"
TINY = TrainingConfig(
    name="tiny",
    labels=("squat", "jumping_jack", "unknown"),
    synthetic=SyntheticConfig(frames=48, exercises=1.0, fresh=0.0, idle_before=0.0, idle_after=0.0),
    network=NetworkConfig(widths=(8, 8), dilations=(1, 2), kernel=5, pool=4, dropout=0.0),
    optimiser=OptimiserConfig(steps=24, batch=8, check_batches=1, keep_every=8, rate=0.01),
)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (RECIPE + "lables: 1\n", "lables"),
        (RECIPE + "network: {widths: [8]}\n", "one for each unit"),
        (RECIPE + "optimiser: {steps: -1}\n", "steps"),
        (RECIPE + "noise: 3\n", "known settings"),
        ("name: t\nlabels: [squat]\n", "unknown"),
        ("labels: [squat, unknown]\n", "name"),
        ("[1, 2]\n", "list"),
        ("a: [\n", "cannot read"),
    ],
)
def test_a_recipe_that_makes_no_sense_is_refused(tmp_path: Path, text: str, reason: str) -> None:
    (tmp_path / "r.yaml").write_text(text)
    with pytest.raises(ConfigError, match=reason):
        load_training(tmp_path / "r.yaml")


def test_the_shipped_recipe_is_read() -> None:
    assert load_training(shared_path("config", "training", "first.yaml")).name == "stgcn_first"


def test_the_command_names_a_missing_recipe(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["train", "nowhere.yaml"]) == 2
    assert "nowhere.yaml" in capsys.readouterr().err


def test_the_learning_rate_rises_and_falls_in_each_cycle() -> None:
    pytest.importorskip("torch", reason="torch is installed for training only: scripts/setup --training")
    from physio_core.training.train import share_of_rate

    shares = [share_of_rate(step, OptimiserConfig(steps=200, cycles=2)) for step in range(201)]
    assert shares[10] == pytest.approx(1.0) and shares[110] == pytest.approx(0.5)
    assert shares[0] < 0.1 and shares[99] < 0.01 and shares[200] == pytest.approx(0.0, abs=1e-9)


def test_the_loss_falls_and_the_model_runs(tmp_path: Path) -> None:
    pytest.importorskip("torch", reason="torch is installed for training only: scripts/setup --training")
    pytest.importorskip("onnx", reason="onnx is installed for training only: scripts/setup --training")
    import numpy as np

    from physio_core.action.model import load_model
    from physio_core.training.train import train

    measured = train(TINY, tmp_path / "work", tmp_path / "model")
    rows = list(csv.DictReader((tmp_path / "work" / "log.csv").read_text().splitlines()))
    losses = [float(row["loss"]) for row in rows]
    assert len(losses) == 24 and np.mean(losses[-6:]) < 0.8 * np.mean(losses[:3])
    assert 0.0 <= measured["accuracy"] <= 1.0
    model = load_model(tmp_path / "model")
    clip = np.random.default_rng(0).normal(size=(1, 5, model.card.reach + 5, 18)).astype(np.float32)
    stream = model.stream()
    steps = [stream.step(clip[0, :, t]) for t in range(clip.shape[2])]
    np.testing.assert_allclose(steps[-1], model.clip(clip)[0, :, -1], atol=1e-4)


def test_an_interrupted_run_goes_on_where_it_was(tmp_path: Path) -> None:
    pytest.importorskip("torch", reason="torch is installed for training only: scripts/setup --training")
    from physio_core.training.train import train

    class InterruptedRunError(Exception):
        pass

    def stop(step: int, *_rest: float) -> None:
        if step == 18:
            raise InterruptedRunError

    with pytest.raises(InterruptedRunError):
        train(TINY, tmp_path / "work", tmp_path / "model", stop)
    steps: list[int] = []
    train(TINY, tmp_path / "work", tmp_path / "model", lambda step, *_rest: steps.append(step))
    assert steps == list(range(17, 25))
    with pytest.raises(ConfigError, match="another recipe"):
        train(replace(TINY, seed=2), tmp_path / "work", tmp_path / "model")
