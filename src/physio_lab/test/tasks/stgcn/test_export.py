"""What is written gives the numbers of the network it was written from, in every runtime and family."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="torch is installed for training only: scripts/setup --training")
pytest.importorskip("onnx", reason="onnx is installed for training only: scripts/setup --training")

from physio_core.action.model import load_model  # noqa: E402
from physio_core.errors import ModelError  # noqa: E402
from physio_core.skeleton.layouts import OPENPOSE_18, layout_named  # noqa: E402
from physio_lab.tasks.stgcn.backends import GraphStream, graph  # noqa: E402
from physio_lab.tasks.stgcn.config import NetworkConfig, StgcnRecipe  # noqa: E402
from physio_lab.tasks.stgcn.export import export, write_clip, write_step  # noqa: E402
from physio_lab.tasks.stgcn.network import Stepper, Stgcn  # noqa: E402
from physio_lab.tasks.stgcn.published import PublishedStgcn, continual_form  # noqa: E402

SMALL = NetworkConfig(channels=(8, 12), dilations=(1, 2), kernel=5, pool=4)
NARROW = (4, 4, 4, 4, 6, 6, 6, 8, 8, 8)
NETWORKS = {
    "stgcn": lambda: Stgcn(OPENPOSE_18, 5, 7, SMALL),
    "stgcn_plus": lambda: Stgcn(OPENPOSE_18, 5, 7, replace(SMALL, family="stgcn_plus", head_hidden_dim=6)),
    "other_joints": lambda: Stgcn(layout_named("penn_13"), 3, 4, replace(SMALL, partition="distance")),
    "published": lambda: continual_form(PublishedStgcn(OPENPOSE_18, 3, 5, channels=NARROW), 4),
}


@pytest.fixture(params=NETWORKS)
def network(request: pytest.FixtureRequest) -> Stgcn:
    torch.manual_seed(0)
    network = NETWORKS[request.param]()
    network.train()(torch.randn(4, network.in_channels, network.receptive_field + 10, network.joints))
    return network.eval()


def frames(network: Stgcn, count: int) -> np.ndarray:
    return np.random.default_rng(0).normal(size=(1, network.in_channels, count, network.joints)).astype(np.float32)


def test_the_clip_gives_the_same_numbers(network: Stgcn, tmp_path: Path) -> None:
    write_clip(network, tmp_path / "clip.onnx")
    clip = np.repeat(
        frames(network, network.receptive_field + 5), 2, axis=0
    )  # another number and length than it was written with
    with torch.no_grad():
        wanted = network(torch.from_numpy(clip)).numpy()
    np.testing.assert_allclose(graph(tmp_path / "clip.onnx").run({"clip": clip})["scores"], wanted, atol=1e-4)


@pytest.mark.parametrize("runner", ["onnxruntime", "openvino"])
def test_steps_give_the_same_numbers_from_a_fresh_start_and_on(network: Stgcn, tmp_path: Path, runner: str) -> None:
    if runner == "openvino":
        pytest.importorskip("openvino", reason="openvino is installed for training only: scripts/setup --training")
    write_step(network, tmp_path / "step.onnx")
    write_clip(network, tmp_path / "clip.onnx")
    stream = GraphStream(graph(tmp_path / "step.onnx", runner), graph(tmp_path / "clip.onnx", runner))
    stepper, states = Stepper(network).eval(), network.empty_states()
    for tick, frame in enumerate(frames(network, 12)[0].transpose(1, 0, 2)):
        reset = tick in (0, 7)
        with torch.no_grad():
            scores, *states = stepper(torch.from_numpy(frame)[None], torch.tensor([float(reset)]), *states)
        np.testing.assert_allclose(stream.step(frame, reset), scores[0].numpy(), atol=1e-4)


def test_the_published_network_is_written_for_any_number_of_people(tmp_path: Path) -> None:
    torch.manual_seed(0)
    network = PublishedStgcn(OPENPOSE_18, 3, 5, channels=NARROW).eval()
    write_clip(network, tmp_path / "clip.onnx")
    clip = np.random.default_rng(0).normal(size=(2, 3, 40, 18, 2)).astype(np.float32)
    with torch.no_grad():
        wanted = network(torch.from_numpy(clip)).numpy()
    np.testing.assert_allclose(graph(tmp_path / "clip.onnx").run({"clip": clip})["scores"], wanted, atol=1e-4)


@pytest.mark.parametrize("licence", ["", "CC0-1.0"])
def test_a_card_has_what_was_measured_and_a_licence_only_where_the_recipe_has_one(tmp_path: Path, licence: str) -> None:
    config = StgcnRecipe(name="t", labels=("squat", "unknown"), network=SMALL, licence=licence)
    measured = {"synthetic": {"n": 3}, "sets": {"n": 4}, "training": {"steps": 5}}
    export(Stgcn(OPENPOSE_18, 5, 2, SMALL), config, tmp_path, measured)
    card = json.loads((tmp_path / "card.json").read_text())
    assert card["measured"] == measured and card.get("licence", "") == licence and ("licence" in card) == bool(licence)
    assert load_model(tmp_path).card.temperature == 1.0


def test_a_file_that_is_no_network_is_refused(tmp_path: Path) -> None:
    pytest.importorskip("openvino", reason="openvino is installed for training only: scripts/setup --training")
    (tmp_path / "step.onnx").write_text("no network")
    for runner in ("onnxruntime", "openvino"):
        with pytest.raises(ModelError, match="cannot (be )?load"):
            graph(tmp_path / "step.onnx", runner)
