"""Transfer and schedules: what is taken over, what is frozen, how fast each unit learns."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

TRAINING = "torch and lightning are installed for training only: scripts/setup --training"
torch: Any = pytest.importorskip("torch", reason=TRAINING)
pytest.importorskip("lightning", reason=TRAINING)

from physio_core.errors import ModelError  # noqa: E402
from physio_core.training.config import (  # noqa: E402
    NetworkConfig,
    OptimiserConfig,
    TrainingConfig,
    TransferConfig,
)
from physio_core.training.optimiser import depths, make_optimiser, share_of_rate  # noqa: E402
from physio_core.training.synthetic import SyntheticConfig  # noqa: E402
from physio_core.training.train import make_network, train  # noqa: E402
from physio_core.training.weights import differences, recipe_in, recipe_text, save_weights  # noqa: E402

BASE = TrainingConfig(
    name="tiny",
    labels=("squat", "jumping_jack", "unknown"),
    synthetic=SyntheticConfig(frames=40),
    network=NetworkConfig(widths=(8, 8), dilations=(1, 2), kernel=5, pool=4, dropout=0.0),
    optimiser=OptimiserConfig(steps=10, batch=4, check_batches=1, workers=0, precision="32-true"),
)


@pytest.fixture
def model(tmp_path: Path) -> Path:
    """A folder with weights of :data:`BASE`."""
    save_weights(make_network(replace(BASE, seed=5)), replace(BASE, seed=5), tmp_path / "old" / "weights.pt")
    return tmp_path / "old"


def started(model: Path, **changes: Any) -> TrainingConfig:
    settings = changes.pop("transfer", {})
    return replace(BASE, transfer=TransferConfig(init=str(model), **settings), **changes)


def test_a_cosine_rises_and_falls_in_each_cycle() -> None:
    shares = [share_of_rate(step, OptimiserConfig(steps=200, cycles=2)) for step in range(201)]
    assert shares[10] == pytest.approx(1.0) and shares[110] == pytest.approx(0.5)
    assert shares[0] < 0.1 and shares[99] < 0.01 and shares[200] == pytest.approx(0.0, abs=1e-9)


def test_a_stepped_rate_falls_at_its_shares() -> None:
    plan = OptimiserConfig(steps=100, schedule="step", rise=0.0, falls=(0.5, 0.8), fall=0.1)
    assert [share_of_rate(step, plan) for step in (0, 49, 50, 79, 80, 99)] == pytest.approx([1, 1, 0.1, 0.1, 0.01, 0.01])


def test_the_body_and_known_classes_are_taken_over(model: Path) -> None:
    old, new = make_network(replace(BASE, seed=5)), make_network(started(model, labels=("bend", "unknown", "squat")))
    for name, weight in old.state_dict().items():
        if not name.startswith("head."):
            torch.testing.assert_close(new.state_dict()[name], weight)
    torch.testing.assert_close(new.head.weight[[2, 1]], old.head.weight[[0, 2]])
    assert not any(torch.equal(new.head.weight[0], row) for row in old.head.weight)


def test_a_head_with_one_more_layer_starts_anew(model: Path) -> None:
    network = make_network(started(model, network=replace(BASE.network, hidden=12)))
    assert network.head[0].weight.shape == (12, 8)


@pytest.mark.parametrize("change", [{"widths": (8, 12)}, {"widths": (8,), "dilations": (1,)}, {"partition": "uniform"}])
def test_a_body_of_another_shape_is_refused(model: Path, change: dict[str, Any]) -> None:
    with pytest.raises(ModelError, match="does not fit this network"):
        make_network(started(model, network=replace(BASE.network, **change)))


def test_a_folder_without_weights_is_named(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"neither weights.pt nor checkpoint.pt"):
        recipe_in(tmp_path)
    with pytest.raises(ModelError, match="no weights at"):
        recipe_in(tmp_path / "gone.pt")
    (tmp_path / "weights.pt").write_bytes(b"PK nonsense")
    with pytest.raises(ModelError, match="truncated"):
        recipe_in(tmp_path)


def test_weights_know_their_recipe(model: Path) -> None:
    assert recipe_in(model) == replace(BASE, seed=5)
    assert differences(recipe_text(BASE), recipe_text(recipe_in(model))) == ["seed 1, now 5"]


def test_only_the_head_learns_at_first(model: Path, tmp_path: Path) -> None:
    config = started(model, transfer={"freeze": 1.0}, optimiser=replace(BASE.optimiser, steps=3, weight_decay=0.5))
    train(config, tmp_path / "work", tmp_path / "out")
    before, after = (torch.load(folder / "weights.pt")["state_dict"] for folder in (model, tmp_path / "out"))
    changed = {name.split(".")[0] for name in before if not torch.equal(before[name], after[name])}
    assert changed == {"head"}


def test_then_all_learn_at_half_the_rate_and_deeper_units_slower(model: Path) -> None:
    config = started(model, transfer={"freeze": 0.2, "rate_after": 0.5, "unit_decay": 0.8})
    plan = replace(config.optimiser, schedule="step", rise=0.0, falls=())
    network = make_network(config)
    optimiser, schedule = make_optimiser(network, plan, config.transfer)
    assert [group["lr"] for group in optimiser.param_groups] == pytest.approx([plan.rate, 0, 0, 0])
    for _ in range(2):
        optimiser.step()
        schedule.step()
    assert [group["lr"] / plan.rate for group in optimiser.param_groups] == pytest.approx([0.5, 0.4, 0.32, 0.256])
    by_depth = depths(network)
    assert by_depth["head.weight"] == 0 and by_depth["data_norm.weight"] == 3
    assert {depth for name, depth in by_depth.items() if name.startswith("units.1.")} == {1}
