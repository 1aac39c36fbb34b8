"""The published, strided network is trained by the same engine, from the authors' weights too, and runs frame by frame after."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

TRAINING = "torch and lightning are installed for training only: scripts/setup --training"
torch: Any = pytest.importorskip("torch", reason=TRAINING)
pytest.importorskip("lightning", reason=TRAINING)
pytest.importorskip("onnx", reason=TRAINING)

from physio_core.action.model import load_model  # noqa: E402
from physio_core.errors import ConfigError  # noqa: E402
from physio_core.skeleton.layouts import OPENPOSE_18  # noqa: E402
from physio_lab.engine.config import OptimiserConfig, TransferConfig  # noqa: E402
from physio_lab.engine.trainer import train  # noqa: E402
from physio_lab.tasks.stgcn.config import PUBLISHED_DILATIONS, NetworkConfig, StgcnRecipe  # noqa: E402
from physio_lab.tasks.stgcn.published import PublishedStgcn  # noqa: E402
from physio_lab.tasks.stgcn.sequences import SyntheticConfig  # noqa: E402
from physio_lab.tasks.stgcn.task import STGCN  # noqa: E402
from physio_lab.tasks.stgcn.weights import load_state, make_network  # noqa: E402

CHANNELS = (4, 4, 4, 4, 6, 6, 6, 8, 8, 8)
NETWORK = {"family": "published", "channels": CHANNELS, "dilations": PUBLISHED_DILATIONS, "input_residual": False}
RECIPE = StgcnRecipe(
    name="published",
    labels=("squat", "jumping_jack", "unknown"),
    synthetic=SyntheticConfig(frames=160, exercises=1.0, fresh=0.0, idle_before=0.0, idle_after=0.0),
    network=NetworkConfig(**NETWORK, dropout=0.0),  # type: ignore[arg-type]
    optimiser=OptimiserConfig(
        method="sgd", lr=0.05, steps=8, batch=6, val_batches=1, keep_every=4, workers=0, precision="32-true"
    ),
)


def test_it_is_trained_measured_in_both_forms_and_written_to_run_frame_by_frame(tmp_path: Path) -> None:
    measured = train(STGCN, RECIPE, tmp_path / "work", tmp_path / "model")
    assert measured["synthetic"]["n"] == measured["continual"]["synthetic"]["n"] == 6, "one prediction for each clip"
    assert measured["training"]["val_loss"] > 0
    card, model = json.loads((tmp_path / "model" / "card.json").read_text()), load_model(tmp_path / "model")
    assert set(card["sha256"]) == {"step.onnx", "clip.onnx", "weights.pt", "strided.onnx"}
    assert card["reach"] == 160 and model.stream().step(torch.zeros(5, 18).numpy()).shape == (3,)
    again = make_network(replace(RECIPE, transfer=TransferConfig(init=str(tmp_path / "model"))))
    state = torch.load(tmp_path / "model" / "weights.pt")["state_dict"]
    assert all(torch.equal(value, state[name]) for name, value in again.state_dict().items())


def test_a_clip_has_the_label_of_most_of_its_ticks() -> None:
    network = PublishedStgcn(OPENPOSE_18, 5, 3, channels=CHANNELS).eval()
    labels = torch.tensor([[-1, 2, 2, 0] * 4, [-1] * 16, [1] * 16])
    scores, most = network.aligned(torch.randn(3, 5, 16, 18), labels)
    assert scores.shape == (3, 3, 1) and most.tolist() == [[2], [-1], [1]]


def test_the_authors_weights_leave_room_for_channels_that_they_do_not_know() -> None:
    narrow, wide = (PublishedStgcn(OPENPOSE_18, channels, 3, channels=CHANNELS).eval() for channels in (3, 5))
    for norm in ("running_mean", "running_var", "weight", "bias"):
        getattr(narrow.data_bn, norm).data.uniform_(0.5, 1.5)
    load_state(wide, narrow.state_dict(), "authors", transfer=True)
    clip = torch.randn(2, 5, 24, 18, 1)
    torch.testing.assert_close(wide.features(clip), narrow.features(clip[:, :3]))


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"channels": (8, 8), "dilations": (1, 1)}, "2 channels; the published network has 10 units"),
        ({"kernel": 5}, "kernel = 5: the published network has 9"),
        ({"input_residual": True}, "input_residual = True"),
        ({"dilations": (1,) * 10}, "dilations = "),
    ],
)
def test_another_shape_than_the_published_one_is_refused(change: dict[str, Any], reason: str) -> None:
    with pytest.raises(ConfigError, match=reason):
        NetworkConfig(**{**NETWORK, **change})  # type: ignore[arg-type]
