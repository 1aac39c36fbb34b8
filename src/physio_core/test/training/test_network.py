"""The network: its graph, its reach, and that a clip and single frames give the same numbers."""

from __future__ import annotations

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="torch is installed for training only: scripts/setup --training")

from physio_core.skeleton.layouts import OPENPOSE_18  # noqa: E402
from physio_core.training.config import NetworkConfig  # noqa: E402
from physio_core.training.network import Stepper, Stgcn, spatial_partition  # noqa: E402

SMALL = NetworkConfig(widths=(8, 12, 12), dilations=(1, 1, 2), kernel=5, pool=4)


def trained(config: NetworkConfig = SMALL) -> Stgcn:
    torch.manual_seed(0)
    network = Stgcn(OPENPOSE_18, 5, 7, config)
    network.train()
    for _ in range(3):  # so that the running means are not the initial ones
        network(torch.randn(4, 5, network.reach + 10, 18))
    return network.eval()


def test_partitions_add_up_to_the_normalised_skeleton() -> None:
    parts = spatial_partition(OPENPOSE_18)
    np.testing.assert_allclose(parts.sum((0, 1)), np.ones(18), rtol=1e-6)
    neck, nose, eye = (OPENPOSE_18.index(name) for name in ("neck", "nose", "left_eye"))
    assert parts[1, neck, nose] > 0 and parts[2, eye, nose] > 0 and parts[0, nose, nose] > 0


def test_one_prediction_for_each_frame_after_the_reach() -> None:
    network = trained()
    assert network.reach == 4 + 4 + 8 + 4
    assert network(torch.zeros(2, 5, network.reach + 6, 18)).shape == (2, 7, 7)


@torch.no_grad()
def test_steps_equal_the_clip() -> None:
    network = trained()
    clip, stepper, states = torch.randn(2, 5, network.reach + 20, 18), Stepper(network), network.empty_states(2)
    steps = []
    for t in range(clip.shape[2]):
        scores, *states = stepper(clip[:, :, t], torch.tensor([float(t == 0)]), *states)
        steps.append(scores)
    torch.testing.assert_close(torch.stack(steps[network.reach - 1 :], dim=2), network(clip), atol=1e-5, rtol=1e-4)


@torch.no_grad()
def test_nothing_before_the_reach_matters() -> None:
    network = trained()
    clip = torch.randn(1, 5, network.reach + 1, 18)
    torch.testing.assert_close(network(clip)[..., -1], network(clip[:, :, 1:])[..., 0])


def test_gradients_reach_every_weight() -> None:
    network = trained()
    network(torch.randn(2, 5, network.reach + 2, 18)).square().sum().backward()
    assert all(weight.grad is not None and weight.grad.abs().sum() > 0 for weight in network.parameters())
