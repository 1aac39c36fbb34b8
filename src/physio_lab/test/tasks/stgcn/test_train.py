"""Training: the loss falls, an interrupted run goes on, nothing is lost, the result can be loaded and run."""

from __future__ import annotations

import csv
import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import pytest
import yaml

from physio_core.cli import main
from physio_core.errors import ConfigError, ModelError, OutputError
from physio_lab.engine.config import OptimiserConfig, TransferConfig
from physio_lab.tasks import commands
from physio_lab.tasks.stgcn.config import NetworkConfig, StgcnRecipe
from physio_lab.tasks.stgcn.recipe import load_recipe
from physio_lab.tasks.stgcn.sequences import SyntheticConfig
from physio_lab.tasks.stgcn.task import STGCN

TRAINING = "lightning is installed for training only: scripts/setup --training"
TINY = StgcnRecipe(
    name="tiny",
    labels=("squat", "jumping_jack", "unknown"),
    synthetic=SyntheticConfig(frames=48, exercises=1.0, fresh=0.0, idle_before=0.0, idle_after=0.0),
    network=NetworkConfig(channels=(8, 8), dilations=(1, 2), kernel=5, pool=4, dropout=0.0),
    optimiser=OptimiserConfig(steps=24, batch=8, val_batches=1, keep_every=8, lr=0.01),
)


def test_the_command_names_a_missing_recipe(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["train", "nowhere.yaml"]) == 2
    assert "nowhere.yaml" in capsys.readouterr().err


def test_the_loss_falls_and_the_model_runs(tmp_path: Path) -> None:
    pytest.importorskip("lightning", reason=TRAINING)
    pytest.importorskip("onnx", reason="onnx is installed for training only: scripts/setup --training")
    import numpy as np

    from physio_core.action.model import load_model
    from physio_lab.engine.trainer import train

    measured = train(STGCN, TINY, tmp_path / "work", tmp_path / "model")
    rows = list(csv.DictReader((tmp_path / "work" / "log.csv").read_text().splitlines()))
    losses = [float(row["loss"]) for row in rows]
    assert len(losses) == 24 and np.mean(losses[-6:]) < 0.8 * np.mean(losses[:3])
    assert 0.0 <= measured["synthetic"]["accuracy"] <= 1.0
    model = load_model(tmp_path / "model")
    clip = np.random.default_rng(0).normal(size=(1, 5, model.card.reach + 5, 18)).astype(np.float32)
    stream = model.stream()
    steps = [stream.step(clip[0, :, t]) for t in range(clip.shape[2])]
    np.testing.assert_allclose(steps[-1], model.clip(clip)[0, :, -1], atol=1e-4)


class InterruptedRunError(Exception):
    pass


def stop(step: int, *_rest: Any) -> None:
    if step == 18:
        raise InterruptedRunError


def weights(model: Path) -> dict[str, Any]:
    import torch

    return dict(torch.load(model / "weights.pt", weights_only=True)["state_dict"])


def same(one: Path, other: Path) -> bool:
    pairs = [(value, weights(other)[name]) for name, value in weights(one).items()]
    return all(bool((a == b).all()) for a, b in pairs)


def test_an_interrupted_run_ends_as_if_it_had_not_been_interrupted(tmp_path: Path) -> None:
    pytest.importorskip("lightning", reason=TRAINING)
    from physio_lab.engine.trainer import train

    train(STGCN, TINY, tmp_path / "whole", tmp_path / "model")
    with pytest.raises(InterruptedRunError):
        train(STGCN, TINY, tmp_path / "work", tmp_path / "again", stop)
    steps: list[int] = []
    measured = train(STGCN, TINY, tmp_path / "work", tmp_path / "again", lambda step, *_rest: steps.append(step))
    assert steps == list(range(17, 25)) and measured["training"]["steps"] == 24
    assert same(tmp_path / "model", tmp_path / "again")
    log = (tmp_path / "work" / "log.csv").read_text().splitlines()
    assert [int(line.split(",")[0]) for line in log[1:]] == list(range(1, 25))
    done_before = train(STGCN, TINY, tmp_path / "work", tmp_path / "again")
    assert measured == {**done_before, "training": measured["training"]}
    assert done_before["training"]["seconds"] == pytest.approx(measured["training"]["seconds"], abs=0.2)
    with pytest.raises(ConfigError, match="another recipe: seed 1, now 2"):
        train(STGCN, replace(TINY, seed=2), tmp_path / "work", tmp_path / "again")
    (tmp_path / "work" / "checkpoint.pt").write_bytes((tmp_path / "work" / "checkpoint.pt").read_bytes()[:5000])
    with pytest.raises(ModelError, match="truncated"):
        train(STGCN, TINY, tmp_path / "work", tmp_path / "again")


class Given:
    """Batches of :data:`TINY` in which nothing can be known yet, or nothing was measured."""

    def __init__(self, feature: float, label: int) -> None:
        self._feature, self._label = feature, label

    def __getitem__(self, index: int) -> tuple[Any, Any]:
        import numpy as np

        return np.full((2, 5, 48, 18), self._feature if index == 2 else 0.5, np.float32), np.full((2, 48), self._label)


def test_sigterm_ends_a_training_with_its_own_code(tmp_path: Path) -> None:
    pytest.importorskip("lightning", reason=TRAINING)
    from physio_lab.engine.trainer import train

    def terminate(step: int, *_rest: Any) -> None:
        if step == 5:
            os.kill(os.getpid(), signal.SIGTERM)

    with pytest.raises(SystemExit) as ended:
        train(STGCN, TINY, tmp_path / "work", tmp_path / "model", terminate)
    assert ended.value.code == 143 and not (tmp_path / "model" / "card.json").exists()


def test_a_batch_in_which_nothing_can_be_known_yet_teaches_nothing(tmp_path: Path) -> None:
    pytest.importorskip("lightning", reason=TRAINING)
    from physio_lab.engine.trainer import fit
    from physio_lab.tasks.stgcn.weights import make_network

    config, network = replace(TINY, optimiser=replace(TINY.optimiser, steps=4, workers=0)), make_network(TINY)
    told: list[tuple[float, ...]] = []
    fit(STGCN, network, config, Given(0.5, -1), tmp_path, lambda _step, _steps, figures: told.append(tuple(figures.values())))
    assert told == [(0.0, 0.0)] * 4 and all(weight.isfinite().all() for weight in network.parameters())


def test_a_loss_that_is_not_finite_stops_the_training_and_leaves_the_last_checkpoint(tmp_path: Path) -> None:
    pytest.importorskip("lightning", reason=TRAINING)
    from physio_lab.engine.checkpoint import read_checkpoint
    from physio_lab.engine.trainer import fit
    from physio_lab.tasks.stgcn.weights import make_network

    config = replace(TINY, optimiser=replace(TINY.optimiser, steps=4, workers=0, keep_every=1))
    with pytest.raises(ModelError, match="step 3: the loss is nan.*lower learning"):
        fit(STGCN, make_network(config), config, Given(float("nan"), 0), tmp_path)
    kept = read_checkpoint(tmp_path / "checkpoint.pt")
    assert kept["global_step"] == 2 and all(value.isfinite().all() for value in kept["state_dict"].values())


def test_another_seed_gives_another_model(tmp_path: Path) -> None:
    pytest.importorskip("lightning", reason=TRAINING)
    from physio_lab.engine.trainer import train

    short = replace(TINY, optimiser=replace(TINY.optimiser, steps=2, workers=0))
    for name, config in (("one", short), ("again", short), ("other", replace(short, seed=2))):
        train(STGCN, config, tmp_path / f"work_{name}", tmp_path / name)
    assert same(tmp_path / "one", tmp_path / "again") and not same(tmp_path / "one", tmp_path / "other")


def test_the_figures_of_one_recipe_are_written_too_and_what_only_folders_have_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    measured = {"training": {"steps": 0}}
    monkeypatch.setattr(commands, "train_with_progress", lambda *_: measured)
    path = tmp_path / "x.json"
    assert main(["train", "stgcn_kinematic", "--json", str(path)]) == 0
    assert json.loads(path.read_text()) == {"stgcn_kinematic": [measured]}
    for words in (["--tables", str(tmp_path / "t.md")], ["--json", "/proc/x.json"]):
        monkeypatch.setattr(commands, "train_with_progress", lambda *_: pytest.fail("the work began"))
        assert main(["train", "stgcn_kinematic", *words]) == 2
        assert capsys.readouterr().err.count("\n") == 1


def test_a_full_disk_is_named_and_leaves_the_old_checkpoint_whole(tmp_path: Path, small_files: Any) -> None:
    pytest.importorskip("lightning", reason=TRAINING)
    from physio_lab.engine.trainer import train

    work, config = tmp_path / "work", replace(TINY, optimiser=replace(TINY.optimiser, workers=0))
    with pytest.raises(InterruptedRunError):
        train(STGCN, config, work, tmp_path / "model", stop)
    before = (work / "checkpoint.pt").read_bytes()
    # The next checkpoint is larger.
    with small_files(20_000), pytest.raises(OutputError, match=r"cannot write .*checkpoint.pt: .*make room"):
        train(STGCN, config, work, tmp_path / "model")
    assert (work / "checkpoint.pt").read_bytes() == before and not list(work.glob(".part_*"))
    steps: list[int] = []
    train(STGCN, config, work, tmp_path / "model", lambda step, *_rest: steps.append(step))
    assert steps == list(range(17, 25))


def test_a_full_disk_at_the_end_leaves_the_old_model_whole(tmp_path: Path, small_files: Any) -> None:
    pytest.importorskip("lightning", reason=TRAINING)
    from physio_lab.engine.trainer import train

    config, out = replace(TINY, optimiser=replace(TINY.optimiser, workers=0, steps=2)), tmp_path / "models" / "mine"
    train(STGCN, config, tmp_path / "work", out)
    before = {path.name: path.read_bytes() for path in out.iterdir()}
    largest = max(before, key=lambda name: len(before[name]))
    with small_files(len(before[largest]) - 1), pytest.raises(OutputError, match=r"cannot write .*: .*make room"):
        train(STGCN, config, tmp_path / "work", out)
    assert {path.name: path.read_bytes() for path in out.iterdir()} == before
    assert [path.name for path in out.parent.iterdir()] == ["mine"]


def test_a_model_folder_that_cannot_be_written_is_named_before_the_training(tmp_path: Path) -> None:
    pytest.importorskip("lightning", reason=TRAINING)
    from physio_lab.engine.trainer import train

    (tmp_path / "file").touch()
    for out in (tmp_path / "file", tmp_path / "file" / "mine"):
        with pytest.raises(ConfigError, match=r"cannot write .*file.*give a folder that can be written"):
            train(STGCN, TINY, tmp_path / "work", out)
    assert not (tmp_path / "work").exists()


def test_other_processes_than_before_do_not_go_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("lightning", reason=TRAINING)
    from physio_lab.engine.trainer import train

    train(STGCN, replace(TINY, optimiser=replace(TINY.optimiser, workers=0, steps=1)), tmp_path / "work", tmp_path / "model")
    monkeypatch.setenv("WORLD_SIZE", "2")
    with pytest.raises(ConfigError, match="processes 1, now 2"):
        train(STGCN, replace(TINY, optimiser=replace(TINY.optimiser, steps=1)), tmp_path / "work", tmp_path / "model")


def test_weights_to_start_from_that_were_made_again_do_not_go_on(tmp_path: Path) -> None:
    pytest.importorskip("lightning", reason=TRAINING)
    from physio_lab.engine.trainer import train

    short = replace(TINY, optimiser=replace(TINY.optimiser, workers=0, steps=1))
    later = replace(short, transfer=TransferConfig(init=str(tmp_path / "model")))
    train(STGCN, short, tmp_path / "work", tmp_path / "model")
    train(STGCN, later, tmp_path / "later", tmp_path / "out")
    train(STGCN, replace(short, seed=2), tmp_path / "again", tmp_path / "model")
    with pytest.raises(ConfigError, match="weights to start from .*, now"):
        train(STGCN, later, tmp_path / "later", tmp_path / "out")


def test_chance_differs_between_steps_seeds_and_processes() -> None:
    pytest.importorskip("lightning", reason=TRAINING)
    from physio_lab.engine.steps import seed_of

    seeds = {
        seed_of(replace(TINY, seed=seed), step, process) for seed in (1, 2) for step in (0, 1, 999_999) for process in (0, 1, 2)
    }
    assert len(seeds) == 18 and seed_of(TINY, 0, 0) == 1_000_004


def recipe_file(folder: Path, config: StgcnRecipe) -> Path:
    path = folder / "recipe.yaml"
    path.write_text(yaml.safe_dump(json.loads(json.dumps(asdict(config)))))
    return path


def test_a_killed_run_goes_on(tmp_path: Path) -> None:
    pytest.importorskip("lightning", reason=TRAINING)
    from physio_lab.engine.trainer import train

    path, work = recipe_file(tmp_path, TINY), tmp_path / "work"
    command = [sys.executable, "-m", "physio_core.cli", "train", str(path), "--work", str(work), "--out", str(tmp_path / "m")]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        deadline = time.monotonic() + 60
        while not (work / "checkpoint.pt").exists() and time.monotonic() < deadline and process.poll() is None:
            time.sleep(0.05)
        process.kill()
    assert not (tmp_path / "m" / "card.json").exists(), "killed too late for this test to mean anything"
    steps: list[int] = []
    train(STGCN, load_recipe(path), work, tmp_path / "m", lambda step, *_rest: steps.append(step))
    assert steps[0] > 1 and steps[-1] == 24
    train(STGCN, TINY, tmp_path / "whole", tmp_path / "whole_model")
    assert same(tmp_path / "m", tmp_path / "whole_model")


def test_two_processes_train_one_model(tmp_path: Path) -> None:
    pytest.importorskip("lightning", reason=TRAINING)
    short = replace(TINY, optimiser=replace(TINY.optimiser, steps=4, keep_every=2, workers=0))
    path = recipe_file(tmp_path, short)
    done = subprocess.run(
        [sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc_per_node=2", "-m", "physio_core.cli", "train",
         str(path), "--work", str(tmp_path / "work"), "--out", str(tmp_path / "m")],
        capture_output=True, text=True, timeout=100, env={**os.environ, "OMP_NUM_THREADS": "1"}, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    assert done.stdout.count("held-out synthetic ticks") == 1, done.stdout
    log = (tmp_path / "work" / "log.csv").read_text().splitlines()
    assert [line.split(",")[0] for line in log] == ["step", "1", "2", "3", "4"]
    assert (tmp_path / "m" / "card.json").exists()


def test_a_folder_of_recipes_becomes_a_table_in_a_page(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("lightning", reason=TRAINING)
    pytest.importorskip("onnx", reason=TRAINING)
    (tmp_path / "two").mkdir()
    for name, partition in (("a", "spatial"), ("b", "uniform")):
        network = replace(TINY.network, partition=partition)
        config = replace(TINY, name=name, network=network, optimiser=replace(TINY.optimiser, steps=2, workers=0))
        recipe_file(tmp_path, config).rename(tmp_path / "two" / f"{name}.yaml")
    page = tmp_path / "page.md"
    page.write_text("before\n<!-- physio: two -->\n<!-- /physio: two -->\nafter\n")
    asked = ["train", str(tmp_path / "two"), "--seeds", "1", "--work", str(tmp_path / "work"), "--tables", str(page)]
    assert main([*asked, "--json", str(tmp_path / "f.json")]) == 0
    assert page.read_text().startswith("before") and page.read_text().count("\n| ") == 3
    assert "time [s]" in capsys.readouterr().out
    assert set(json.loads((tmp_path / "f.json").read_text())) == {"a", "b"}
