"""A card tells what remakes its model and which files it describes."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest

pytest.importorskip("torch", reason="torch is installed for training only: scripts/setup --training")
pytest.importorskip("onnx", reason="onnx is installed for training only: scripts/setup --training")

from physio_core.action.card import CARD
from physio_core.action.model import load_model
from physio_lab.tasks.stgcn.config import NetworkConfig, StgcnRecipe
from physio_lab.tasks.stgcn.export import command_of, write_model
from physio_lab.tasks.stgcn.weights import make_network

SMALL = StgcnRecipe(
    name="mine", labels=("squat", "unknown"), network=NetworkConfig(channels=(8, 12), dilations=(1, 2), kernel=5, pool=4)
)


def test_a_written_folder_has_the_sum_of_each_file_and_the_command(tmp_path: Path) -> None:
    write_model(make_network(SMALL), SMALL, tmp_path, {})
    card = json.loads((tmp_path / CARD).read_text())
    files = ("step.onnx", "clip.onnx", "weights.pt")
    assert card["sha256"] == {name: hashlib.sha256((tmp_path / name).read_bytes()).hexdigest() for name in files}
    assert card["command"] == "physio train mine" and load_model(tmp_path).card.name == "mine"
    del card["command"], card["sha256"]["weights.pt"]  # as older cards are
    (tmp_path / CARD).write_text(json.dumps(card))
    assert load_model(tmp_path).card.name == "mine"


def test_a_taught_model_is_remade_by_teaching() -> None:
    assert command_of(SMALL, {"taught": {"label": "side_bend"}}).startswith("physio action learn CLIPS --name side_bend")
