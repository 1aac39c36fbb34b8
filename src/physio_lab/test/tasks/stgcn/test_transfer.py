"""Transfer and schedules: what is taken over, what is frozen, how fast each unit learns."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

TRAINING = "torch and lightning are installed for training only: scripts/setup --training"
torch: Any = pytest.importorskip("torch", reason=TRAINING)
pytest.importorskip("lightning", reason=TRAINING)

from physio_core.errors import ModelError  # noqa: E402
from physio_lab.engine.checkpoint import differences, recipe_in, recipe_text, save_weights  # noqa: E402
from physio_lab.engine.config import OptimiserConfig, TransferConfig  # noqa: E402
from physio_lab.engine.optimiser import depths, make_optimiser, share_of_lr  # noqa: E402
from physio_lab.engine.state import read_state  # noqa: E402
from physio_lab.engine.trainer import precision_here, train  # noqa: E402
from physio_lab.tasks.stgcn.config import NetworkConfig, StgcnRecipe  # noqa: E402
from physio_lab.tasks.stgcn.recipe import stgcn_recipe  # noqa: E402
from physio_lab.tasks.stgcn.sequences import SyntheticConfig  # noqa: E402
from physio_lab.tasks.stgcn.task import STGCN  # noqa: E402
from physio_lab.tasks.stgcn.weights import make_network  # noqa: E402

BASE = StgcnRecipe(
    name="tiny",
    labels=("squat", "jumping_jack", "unknown"),
    synthetic=SyntheticConfig(frames=40),
    network=NetworkConfig(channels=(8, 8), dilations=(1, 2), kernel=5, pool=4, dropout=0.0),
    optimiser=OptimiserConfig(steps=10, batch=4, val_batches=1, workers=0, precision="32-true"),
)


@pytest.fixture
def model(tmp_path: Path) -> Path:
    """A folder with weights of :data:`BASE`."""
    save_weights(make_network(replace(BASE, seed=5)), replace(BASE, seed=5), tmp_path / "old" / "weights.pt")
    return tmp_path / "old"


def started(model: Path, **changes: Any) -> StgcnRecipe:
    settings = changes.pop("transfer", {})
    return replace(BASE, transfer=TransferConfig(init=str(model), **settings), **changes)


def test_the_weights_started_from_are_kept_by_their_share(model: Path, tmp_path: Path) -> None:
    mixed = {}
    for keep in (0.0, 0.25, 1.0):
        train(
            STGCN, started(model, transfer={"init_weight": keep}), tmp_path / "work", tmp_path / "out"
        )  # trained once, mixed three times
        mixed[keep] = read_state(tmp_path / "out" / "weights.pt")
    old = read_state(model / "weights.pt")
    for name in ("head.weight", "units.0.spatial.1.running_mean"):
        assert torch.equal(mixed[1.0][name], old[name]) and not torch.equal(mixed[0.0][name], old[name])
        torch.testing.assert_close(mixed[0.25][name], 0.75 * mixed[0.0][name] + 0.25 * old[name])
    card = json.loads((tmp_path / "out" / "card.json").read_text())
    assert card["started_from"] == str(model) and card["measured"]["training"]["steps"] == BASE.optimiser.steps


@pytest.mark.parametrize(("wanted", "capable", "gets"), [
    ("auto", {"avx512_bf16": True}, "bf16-mixed"), ("auto", {}, "32-true"), ("bf16-mixed", {}, "bf16-mixed"),
])  # fmt: skip
def test_half_precision_is_used_where_it_is_quicker(monkeypatch: Any, wanted: str, capable: dict[str, bool], gets: str) -> None:
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    monkeypatch.setattr(torch.cpu, "get_capabilities", lambda: capable)
    assert precision_here(wanted) == gets


def test_a_cosine_rises_and_falls_in_each_cycle() -> None:
    shares = [share_of_lr(step, OptimiserConfig(steps=200, cycles=2)) for step in range(201)]
    assert shares[10] == pytest.approx(1.0) and shares[110] == pytest.approx(0.5)
    assert shares[0] < 0.1 and shares[99] < 0.01 and shares[200] == pytest.approx(0.0, abs=1e-9)


def test_the_last_cycle_of_a_cosine_takes_the_steps_that_are_left_over() -> None:
    shares = [share_of_lr(step, OptimiserConfig(steps=11, cycles=3, warmup=0.0)) for step in range(12)]
    assert shares[8] > shares[9] > shares[10] > shares[11] == pytest.approx(0.0, abs=1e-9)


def test_a_stepped_rate_falls_at_its_shares() -> None:
    plan = OptimiserConfig(steps=100, schedule="step", warmup=0.0, milestones=(0.5, 0.8), gamma=0.1)
    assert [share_of_lr(step, plan) for step in (0, 49, 50, 79, 80, 99)] == pytest.approx([1, 1, 0.1, 0.1, 0.01, 0.01])


def test_the_body_and_known_classes_are_taken_over(model: Path) -> None:
    old, new = make_network(replace(BASE, seed=5)), make_network(started(model, labels=("bend", "unknown", "squat")))
    for name, weight in old.state_dict().items():
        if not name.startswith("head."):
            torch.testing.assert_close(new.state_dict()[name], weight)
    torch.testing.assert_close(new.head.weight[[2, 1]], old.head.weight[[0, 2]])
    assert not any(torch.equal(new.head.weight[0], row) for row in old.head.weight)


def test_a_head_with_one_more_layer_starts_again(model: Path) -> None:
    network = make_network(started(model, network=replace(BASE.network, head_hidden_dim=12)))
    assert network.head[0].weight.shape == (12, 8)


@pytest.mark.parametrize("change", [{"channels": (8, 12)}, {"channels": (8,), "dilations": (1,)}, {"partition": "uniform"}])
def test_a_body_of_another_shape_is_refused(model: Path, change: dict[str, Any]) -> None:
    with pytest.raises(ModelError, match="does not fit this network"):
        make_network(started(model, network=replace(BASE.network, **change)))


def test_a_folder_without_weights_is_named(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"neither weights.pt nor checkpoint.pt"):
        recipe_in(tmp_path, stgcn_recipe)
    with pytest.raises(ModelError, match="no checkpoint at"):
        recipe_in(tmp_path / "gone.pt", stgcn_recipe)


@pytest.mark.parametrize("error", [IndexError("list index out of range"), AttributeError(), TypeError(), AssertionError()])
def test_whatever_torch_says_of_damaged_weights_they_are_named(
    model: Path, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    def fail(*_args: Any, **_kwargs: Any) -> None:
        raise error

    monkeypatch.setattr(torch, "load", fail)
    for read in (recipe_in, lambda folder, _read: read_state(folder / "weights.pt")):
        with pytest.raises(ModelError, match=r"weights.pt .*truncated or damaged: .*delete it"):
            read(model, stgcn_recipe)


@pytest.mark.parametrize("recipe", ["{", None])
def test_weights_with_a_recipe_that_is_none_are_refused(tmp_path: Path, recipe: Any) -> None:
    torch.save({"recipe": recipe, "state_dict": {}}, tmp_path / "weights.pt")
    with pytest.raises(ModelError, match="not written by this version"):
        recipe_in(tmp_path, stgcn_recipe)


def test_weights_that_are_not_finite_are_not_kept(model: Path) -> None:
    network, before = make_network(BASE), (model / "weights.pt").read_bytes()
    torch.nn.init.constant_(network.head.bias, float("nan"))
    with pytest.raises(ModelError, match=r"head.bias holds numbers that are not finite.*lower learning rate"):
        save_weights(network, BASE, model / "weights.pt")
    assert (model / "weights.pt").read_bytes() == before


def test_weights_know_their_recipe(model: Path) -> None:
    assert recipe_in(model, stgcn_recipe) == replace(BASE, seed=5)
    assert differences(model / "weights.pt", BASE, {}, stgcn_recipe) == ["seed 5, now 1"]


def test_words_and_pace_make_no_other_recipe_and_what_was_not_known_yet_counts_as_its_default(tmp_path: Path) -> None:
    old = json.loads(recipe_text(BASE))
    del old["licence"], old["transfer"]["layer_decay"]
    torch.save({"recipe": json.dumps(old), "state_dict": {}}, tmp_path / "old.pt")
    plan = replace(BASE.optimiser, workers=2, threads=3, val_batches=7)
    changed = replace(BASE, description="a", reference="b", licence="c", optimiser=plan)
    assert differences(tmp_path / "old.pt", changed, {"processes": 2}, stgcn_recipe) == []
    slower = replace(changed, transfer=TransferConfig(layer_decay=0.5))
    assert differences(tmp_path / "old.pt", slower, {}, stgcn_recipe) == ["transfer.layer_decay 1.0, now 0.5"]


def test_only_the_head_learns_at_first(model: Path, tmp_path: Path) -> None:
    config = started(model, transfer={"freeze": 1.0}, optimiser=replace(BASE.optimiser, steps=3, weight_decay=0.5))
    train(STGCN, config, tmp_path / "work", tmp_path / "out")
    before, after = (torch.load(folder / "weights.pt")["state_dict"] for folder in (model, tmp_path / "out"))
    changed = {name.split(".")[0] for name in before if not torch.equal(before[name], after[name])}
    assert changed == {"head"}


def test_then_all_learn_at_half_the_rate_and_deeper_units_slower(model: Path) -> None:
    config = started(model, transfer={"freeze": 0.2, "lr_after": 0.5, "layer_decay": 0.8})
    plan = replace(config.optimiser, schedule="step", warmup=0.0, milestones=())
    network = make_network(config)
    optimiser, schedule = make_optimiser(network, network.blocks, plan, config.transfer)
    assert [group["lr"] for group in optimiser.param_groups] == pytest.approx([plan.lr, 0, 0, 0])
    for _ in range(2):
        optimiser.step()
        schedule.step()
    assert [group["lr"] / plan.lr for group in optimiser.param_groups] == pytest.approx([0.5, 0.4, 0.32, 0.256])
    by_depth = depths(network, network.blocks)
    assert by_depth["head.weight"] == 0 and by_depth["data_norm.weight"] == 3
    assert {depth for name, depth in by_depth.items() if name.startswith("units.1.")} == {1}
