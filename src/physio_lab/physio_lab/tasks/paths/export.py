"""Writes what names paths as a model folder, whole or not at all: ``model.onnx`` and the card that describes it."""

from __future__ import annotations

import hashlib
import json
import warnings
from pathlib import Path
from typing import Any

import torch

from physio_core.errors import ModelError
from physio_core.files import writing_into
from physio_core.trajectories.classifier import CARD, MODEL, TASK, labels
from physio_core.trajectories.features import CHANNELS, TOKENS
from physio_lab.tasks.paths.config import PathsRecipe
from physio_lab.tasks.paths.learning import Learned

OPSET = 17
INPUTS, OUTPUTS = ["tokens", "geometry"], ["whole", "drawing"]
U30A = "recordings of the teaching device U30A (team U30A, Hanyang University, github.com/KDohoon/capstone_unity), MIT"


def write_model(learned: Learned, recipe: PathsRecipe, out: Path, measured: dict[str, Any]) -> None:
    """Write a model folder.

    Args:
        learned: network and kernel machine.
        recipe: of the network.
        out: the folder.
        measured: figures for the card.

    Raises:
        OutputError: it cannot be written.
        ModelError: weights that are not finite.
    """
    both = learned.ensemble.cpu()
    if not all(bool(torch.isfinite(one).all()) for name, one in both.state_dict().items()):
        raise ModelError("the weights are not finite; train again with a lower learning rate")
    with writing_into(out, last=CARD) as folder:
        given = (torch.zeros(1, TOKENS, CHANNELS + 1), torch.zeros(1, both.kernel.mean.shape[0]))
        given[0][..., CHANNELS] = 1.0
        with warnings.catch_warnings():
            # The newer exporter needs onnxscript, which needs a newer numpy than MediaPipe has.
            warnings.simplefilter("ignore")
            torch.onnx.export(
                both, given, str(folder / MODEL), input_names=INPUTS, output_names=OUTPUTS,
                dynamic_axes={name: {0: "paths"} for name in INPUTS + OUTPUTS}, opset_version=OPSET, dynamo=False,
            )  # fmt: skip
        card = {
            "name": recipe.name, "task": TASK, "description": recipe.description, "licence": recipe.licence,
            "data": [*([U30A] if recipe.samples.recordings else []), f"{recipe.samples.people} simulated patients"],
            "command": f"physio train {recipe.name}", "labels": list(labels()), "tokens": [TOKENS, CHANNELS + 1],
            "features": int(both.kernel.mean.shape[0]), "seed": recipe.seed, "measured": measured,
            "sha256": {MODEL: hashlib.sha256((folder / MODEL).read_bytes()).hexdigest()},
        }  # fmt: skip
        (folder / CARD).write_text(json.dumps(card, indent=2) + "\n", encoding="utf-8")
