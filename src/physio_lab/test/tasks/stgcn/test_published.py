"""The published network: its size, its names, its checkpoints and what does not fit, its continual form."""

from __future__ import annotations

from math import prod
from pathlib import Path
from typing import Any

import pytest

torch = pytest.importorskip("torch", reason="torch is installed for training only: scripts/setup --training")

from physio_core.errors import ModelError  # noqa: E402
from physio_core.skeleton.layouts import OPENPOSE_18  # noqa: E402
from physio_lab.engine.state import read_state  # noqa: E402
from physio_lab.tasks.stgcn.config import NetworkConfig  # noqa: E402
from physio_lab.tasks.stgcn.network import Stgcn  # noqa: E402
from physio_lab.tasks.stgcn.published import CHANNELS, PublishedStgcn, continual_form  # noqa: E402
from physio_lab.tasks.stgcn.recipe import load_recipe  # noqa: E402
from physio_lab.tasks.stgcn.weights import load_state  # noqa: E402

SMALL = (4, 4, 4, 4, 6, 6, 6, 8, 8, 8)
NORM = ("weight", "bias", "running_mean", "running_var")


def authors_shapes(
    classes: int, channels: tuple[int, ...] = SMALL, in_channels: int = 3, joints: int = 18, parts: int = 3
) -> Any:
    """Names and shapes of the authors' code, written down from it and not from ours."""
    shapes: dict[str, tuple[int, ...]] = {"A": (parts, joints, joints)}
    shapes |= {f"data_bn.{leaf}": (in_channels * joints,) for leaf in NORM}
    narrow = in_channels
    for i, wide in enumerate(channels):
        unit = f"st_gcn_networks.{i}"
        shapes |= {f"{unit}.gcn.conv.weight": (wide * parts, narrow, 1, 1), f"{unit}.gcn.conv.bias": (wide * parts,)}
        shapes |= {f"{unit}.tcn.2.weight": (wide, wide, 9, 1), f"{unit}.tcn.2.bias": (wide,)}
        shapes |= {f"{unit}.tcn.{norm}.{leaf}": (wide,) for norm in (0, 3) for leaf in NORM}
        if i and narrow != wide:
            shapes |= {f"{unit}.residual.0.weight": (wide, narrow, 1, 1), f"{unit}.residual.0.bias": (wide,)}
            shapes |= {f"{unit}.residual.1.{leaf}": (wide,) for leaf in NORM}
        shapes[f"edge_importance.{i}"] = (parts, joints, joints)
        narrow = wide
    return shapes | {"fcn.weight": (classes, narrow, 1, 1), "fcn.bias": (classes,)}


def authors_weights(classes: int = 5, **sizes: Any) -> dict[str, Any]:
    torch.manual_seed(1)
    return {name: torch.rand(shape) * 0.5 + 0.1 for name, shape in authors_shapes(classes, **sizes).items()}


def published(classes: int = 5) -> PublishedStgcn:
    return PublishedStgcn(OPENPOSE_18, 3, classes, channels=SMALL).eval()


@pytest.mark.parametrize(("classes", "count"), [(400, 3_177_140), (7, 3_076_139)])
def test_names_shapes_and_number_of_the_weights_are_the_authors(classes: int, count: int) -> None:
    network = PublishedStgcn(OPENPOSE_18, 3, classes)
    shapes = {name: tuple(weight.shape) for name, weight in network.state_dict().items()}
    counters = {name for name in shapes if name.endswith("num_batches_tracked")}
    assert {name: shape for name, shape in shapes.items() if name not in counters} == authors_shapes(classes, CHANNELS)
    assert len(counters) == 1 + 2 * 10 + 2
    assert sum(weight.numel() for weight in network.parameters()) == count
    learnt = {name: s for name, s in authors_shapes(classes, CHANNELS).items() if name != "A" and "running" not in name}
    assert sum(map(prod, learnt.values())) == count


@torch.no_grad()
def test_people_are_averaged_and_time_is_quartered() -> None:
    network, clip = published(), torch.randn(2, 3, 40, 18, 1)
    assert network(clip).shape == (2, 5)
    assert network.features(clip).shape == (2, 8, 10, 18)
    other = torch.randn(2, 3, 40, 18, 1)
    both = network(torch.cat([clip, other], dim=4))
    torch.testing.assert_close(both, (network(clip) + network(other)) / 2)


def test_gradients_reach_every_weight() -> None:
    network = published().train()
    network(torch.randn(2, 3, 24, 18, 2)).square().sum().backward()
    assert all(weight.grad is not None and weight.grad.abs().sum() > 0 for weight in network.parameters())


@torch.no_grad()
def test_without_edge_importance_all_bones_count_the_same() -> None:
    network = PublishedStgcn(OPENPOSE_18, 3, 5, channels=SMALL, edge_importance=False, strategy="distance").eval()
    assert not any(name.startswith("edge_importance") for name in network.state_dict())
    assert network(torch.randn(1, 3, 16, 18, 1)).isfinite().all()


@torch.no_grad()
def test_the_continual_form_gives_the_features_of_the_strided_one() -> None:
    network = published()
    load_state(network, authors_weights(), "authors")
    clip = torch.randn(1, 3, 200, 18, 1)
    continual = continual_form(network, 1).eval()
    half = continual.receptive_field // 2
    dense = continual.prepare(clip[..., 0])
    for unit in continual.units:
        dense = unit(dense)
    strided = network.features(clip)
    inside = [k for k in range(strided.shape[2]) if half <= 4 * k < 200 - half]
    assert continual.receptive_field == 153 and len(inside) > 8
    torch.testing.assert_close(strided[:, :, inside], dense[:, :, [4 * k - half for k in inside]], rtol=1e-4, atol=1e-4)


def test_an_authors_checkpoint_is_read_from_a_file_whatever_stands_before_its_names(tmp_path: Path) -> None:
    weights = authors_weights()
    torch.save({"state_dict": {f"module.{name}": weight for name, weight in weights.items()}}, tmp_path / "c.pt")
    network = published()
    load_state(network, read_state(tmp_path / "c.pt"), tmp_path / "c.pt")
    assert all(torch.equal(network.state_dict()[name], weight) for name, weight in weights.items())


def test_an_authors_checkpoint_fills_the_continual_network_too() -> None:
    network = published()
    load_state(network, authors_weights(), "authors")
    continual = continual_form(network, 8)
    other = Stgcn(OPENPOSE_18, 3, 5, NetworkConfig(channels=SMALL, dilations=(1,) * 10, input_residual=False))
    load_state(other, authors_weights(), "authors")
    torch.testing.assert_close(other.state_dict(), {**continual.state_dict()})


def test_transfer_keeps_all_but_the_head() -> None:
    network, weights = published(classes=7), authors_weights(classes=5)
    head = network.fcn.weight.clone()
    assert {"fcn.weight", "fcn.bias"} <= set(load_state(network, weights, "authors", transfer=True))
    assert torch.equal(network.fcn.weight, head)
    assert torch.equal(network.data_bn.weight, weights["data_bn.weight"])


@torch.no_grad()
def test_transfer_leaves_room_for_channels_that_the_checkpoint_does_not_know() -> None:
    config = NetworkConfig(channels=SMALL, dilations=(1,) * 10, input_residual=False)
    narrow, wide = (Stgcn(OPENPOSE_18, channels, 5, config).eval() for channels in (3, 5))
    load_state(narrow, authors_weights(), "authors")
    load_state(wide, authors_weights(), "authors", transfer=True)
    clip = torch.randn(1, 5, narrow.receptive_field, 18)
    wide.head.load_state_dict(narrow.head.state_dict())
    torch.testing.assert_close(wide(clip), narrow(clip[:, :3]))
    with pytest.raises(ModelError, match="data_norm.weight"):
        load_state(wide, authors_weights(), "authors")


@pytest.mark.parametrize(
    ("sizes", "reason"),
    [
        ({"classes": 400}, "knows 400 classes, this network 5; load it with transfer"),
        ({"in_channels": 2}, r"data_bn.weight is \(36,\), here \(54,\)"),
        ({"joints": 25}, r"A is \(3, 25, 25\), here \(3, 18, 18\).*joints"),
        ({"parts": 1}, r"A is \(1, 18, 18\).*partition"),
        ({"channels": (4,) * 10}, "missing: st_gcn_networks.4.residual.0.bias.* more.*channels"),
    ],
)
def test_a_checkpoint_that_does_not_fit_is_refused_and_changes_nothing(sizes: dict[str, Any], reason: str) -> None:
    network = published()
    before = {name: weight.clone() for name, weight in network.state_dict().items()}
    with pytest.raises(ModelError, match=reason):
        load_state(network, authors_weights(**sizes), "old.pt")
    torch.testing.assert_close(dict(network.state_dict()), before)


def test_the_recipe_in_the_docs_starts_from_a_published_checkpoint(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("lightning", reason="lightning is installed for training only: scripts/setup --training")
    from physio_lab.tasks.stgcn.weights import make_network

    page = (Path(__file__).parents[5] / "docs" / "laboratory" / "networks.md").read_text()
    printed = page.partition("## Published checkpoints")[2].partition("```yaml")[2].partition("```")[0]
    (tmp_path / "r.yaml").write_text("name: t\nlabels: [squat, unknown]\n" + printed)
    torch.save(authors_weights(400, channels=CHANNELS), tmp_path / "st_gcn.kinetics.pt")
    monkeypatch.chdir(tmp_path)
    config = load_recipe("r.yaml")
    assert make_network(config).receptive_field <= config.synthetic.frames


def test_a_published_checkpoint_without_its_graph_is_refused() -> None:
    weights = authors_weights()
    del weights["A"]
    with pytest.raises(ModelError, match="no graph A"):
        load_state(Stgcn(OPENPOSE_18, 3, 5, NetworkConfig()), weights, "old.pt")


def test_files_that_are_no_checkpoint_are_refused(tmp_path: Path) -> None:
    torch.save(authors_weights(), tmp_path / "whole.pt")
    (tmp_path / "cut.pt").write_bytes((tmp_path / "whole.pt").read_bytes()[:4000])
    (tmp_path / "text.pt").write_text("no weights at all")
    torch.save({"labels": ["squat"]}, tmp_path / "other.pt")
    torch.save({**authors_weights(), "fcn.bias": torch.full((5,), float("nan"))}, tmp_path / "nan.pt")
    for name, reason in [
        ("gone", "no checkpoint at"),
        ("cut", "truncated"),
        ("text", "no checkpoint of weights"),
        ("other", "holds no weights"),
        ("nan", "fcn.bias.*not finite"),
    ]:
        with pytest.raises(ModelError, match=reason):
            read_state(tmp_path / f"{name}.pt")
