"""The networks: their reach, and that a clip and single frames give the same numbers, in each family."""

from __future__ import annotations

from dataclasses import replace

import pytest

torch = pytest.importorskip("torch", reason="torch is installed for training only: scripts/setup --training")

from physio_core.errors import ConfigError  # noqa: E402
from physio_core.skeleton.layouts import LAYOUTS, OPENPOSE_18  # noqa: E402
from physio_lab.tasks.stgcn.config import NetworkConfig  # noqa: E402
from physio_lab.tasks.stgcn.network import Stepper, Stgcn  # noqa: E402

SMALL = NetworkConfig(channels=(8, 12, 12), dilations=(1, 1, 2), kernel=5, pool=4)
KINDS = {
    "stgcn": SMALL,
    "stgcn_plus": replace(SMALL, family="stgcn_plus"),
    "no_input_residual": replace(SMALL, input_residual=False),
    "hidden": replace(SMALL, head_hidden_dim=6),
    "uniform": replace(SMALL, partition="uniform"),
    "distance": replace(SMALL, partition="distance", family="stgcn_plus"),
    "even": replace(SMALL, kernel=4),
}
kinds = pytest.mark.parametrize("config", KINDS.values(), ids=KINDS)
families = pytest.mark.parametrize("config", [KINDS["stgcn"], KINDS["stgcn_plus"]], ids=["stgcn", "stgcn_plus"])


def trained(config: NetworkConfig) -> Stgcn:
    torch.manual_seed(0)
    network = Stgcn(OPENPOSE_18, 5, 7, config)
    network.train()
    for _ in range(3):  # so that the running means are not the initial ones
        network(torch.randn(4, 5, network.receptive_field + 10, 18))
    return network.eval()


@families
def test_one_prediction_for_each_frame_after_the_reach(config: NetworkConfig) -> None:
    network = trained(config)
    assert network.receptive_field == 4 + 4 + 8 + 4
    assert network(torch.zeros(2, 5, network.receptive_field + 6, 18)).shape == (2, 7, 7)


@kinds
@torch.no_grad()
def test_steps_equal_the_clip(config: NetworkConfig) -> None:
    network = trained(config)
    clip, stepper, states = torch.randn(2, 5, network.receptive_field + 20, 18), Stepper(network), network.empty_states(2)
    steps = []
    for t in range(clip.shape[2]):
        scores, *states = stepper(clip[:, :, t], torch.tensor([float(t == 0)]), *states)
        steps.append(scores)
    torch.testing.assert_close(torch.stack(steps[network.receptive_field - 1 :], dim=2), network(clip), atol=1e-5, rtol=1e-4)


@families
@torch.no_grad()
def test_a_fresh_start_takes_the_first_frame_as_if_it_had_always_been_so(config: NetworkConfig) -> None:
    network = trained(config)
    frame, states = torch.randn(1, 5, 18), [torch.full_like(state, 7.0) for state in network.empty_states()]
    always = network(frame[:, :, None].expand(-1, -1, network.receptive_field, -1))[..., 0]
    torch.testing.assert_close(Stepper(network)(frame, torch.ones(1), *states)[0], always, atol=1e-5, rtol=1e-4)


@families
@torch.no_grad()
def test_nothing_before_the_reach_matters_and_all_within_it_does(config: NetworkConfig) -> None:
    network = trained(config)
    clip = torch.randn(1, 5, network.receptive_field + 1, 18)
    torch.testing.assert_close(network(clip)[..., -1], network(clip[:, :, 1:])[..., 0])
    changed = clip.clone()
    changed[:, :, 1] += 10.0
    assert not torch.equal(network(changed)[..., -1], network(clip)[..., -1])


@kinds
def test_gradients_reach_every_weight(config: NetworkConfig) -> None:
    network = trained(config)
    network(torch.randn(2, 5, network.receptive_field + 2, 18)).square().sum().backward()
    assert all(weight.grad is not None and weight.grad.abs().sum() > 0 for weight in network.parameters())


def test_weights_of_the_first_shipped_form_keep_their_names_and_order() -> None:
    names = list(Stgcn(OPENPOSE_18, 5, 7, SMALL).state_dict())
    unit = [name.removeprefix("units.1.") for name in names if name.startswith("units.1.")]
    assert unit[:4] == ["spatial.0.importance", "spatial.0.adjacency", "spatial.0.mix.weight", "spatial.0.mix.bias"]
    assert unit[9:11] == ["temporal.0.weight", "temporal.0.bias"] and unit[16] == "residual.0.weight"
    assert names[0] == "data_norm.weight" and names[-2:] == ["head.weight", "head.bias"]


@families
def test_any_layout_makes_a_network(config: NetworkConfig) -> None:
    for layout in LAYOUTS.values():
        network = Stgcn(layout, 3, 4, config)
        assert network(torch.zeros(1, 3, network.receptive_field, len(layout.joints))).shape == (1, 4, 1)


@pytest.mark.parametrize(
    ("settings", "reason"),
    [
        ({"family": "transformer"}, "stgcn, stgcn_plus"),
        ({"partition": "random"}, "uniform, distance, spatial"),
        ({"channels": (), "dilations": ()}, "one for each unit"),
        ({"family": "stgcn_plus", "kernel": 8}, "odd kernel"),
        ({"family": "stgcn_plus", "channels": (4, 4), "dilations": (1, 1)}, "at least 6"),
    ],
)
def test_a_network_that_makes_no_sense_is_refused(settings: dict[str, object], reason: str) -> None:
    with pytest.raises(ConfigError, match=reason):
        NetworkConfig(**settings)  # type: ignore[arg-type]
