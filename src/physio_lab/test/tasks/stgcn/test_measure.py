"""Measuring changes nothing: not the network, and so not what is measured next."""

from __future__ import annotations

import pytest

torch = pytest.importorskip("torch", reason="torch is installed for training only: scripts/setup --training")

from physio_core.skeleton.layouts import OPENPOSE_18  # noqa: E402
from physio_lab.engine.config import OptimiserConfig  # noqa: E402
from physio_lab.tasks.stgcn.config import NetworkConfig, StgcnRecipe  # noqa: E402
from physio_lab.tasks.stgcn.data import Sources, load_sources  # noqa: E402
from physio_lab.tasks.stgcn.measure import clips_right, ticks_right  # noqa: E402
from physio_lab.tasks.stgcn.network import Stgcn  # noqa: E402
from physio_lab.tasks.stgcn.recorded import Recorded  # noqa: E402
from physio_lab.tasks.stgcn.sequences import SyntheticConfig  # noqa: E402

CONFIG = StgcnRecipe(
    name="t", labels=("squat", "unknown"), synthetic=SyntheticConfig(frames=40), optimiser=OptimiserConfig(batch=6),
    network=NetworkConfig(channels=(8, 8), dilations=(1, 2), kernel=5, pool=4, dropout=0.5),
)  # fmt: skip


@pytest.mark.parametrize("what", ["ticks", "clips"])
def test_a_network_as_it_was_trained_is_measured_the_same_twice_and_left_as_it_is(what: str) -> None:
    network, sources = Stgcn(OPENPOSE_18, 5, 2, CONFIG.network).train(), load_sources(CONFIG)
    points, confidence = torch.rand(30, 18, 2).numpy(), torch.rand(30, 18).numpy()
    clips = Sources(sources.learn, None, tuple(Recorded(points, confidence, i % 2, str(i)) for i in range(4)), CONFIG)
    before = {name: value.clone() for name, value in network.state_dict().items()}
    first, second = (
        ticks_right(network.train(), sources.learn, 1, 2) if what == "ticks" else clips_right(network.train(), CONFIG, clips)
        for _ in range(2)
    )
    assert (first == second).all()
    torch.testing.assert_close(dict(network.state_dict()), before, rtol=0, atol=0)
