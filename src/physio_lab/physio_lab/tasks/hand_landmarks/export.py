"""Writes landmarks as a model folder, whole or not at all: the network, its sum, and the card that describes it."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

from physio_core.files import writing_into
from physio_core.pose.blaze.hands import OWN_FILE
from physio_core.runners.model_file import SUMS
from physio_lab.engine.checkpoint import save_weights
from physio_lab.engine.files import WEIGHTS
from physio_lab.engine.state import check_finite
from physio_lab.tasks.hand_landmarks.config import RESNET, LandmarkRecipe

CARD = "card.json"


def write_model(model: Any, recipe: LandmarkRecipe, out: Path, measured: dict[str, Any]) -> None:
    """Write a model folder: of a ResNet-50 its weights, of the student the file that the coach takes.

    Raises:
        OutputError: it cannot be written.
        ModelError: weights that are not finite.
        ConfigError: ONNX is not installed.
    """
    check_finite(model.state_dict())
    with writing_into(out, last=CARD) as folder:
        if recipe.network.kind == RESNET:
            name = WEIGHTS
            save_weights(model.cpu(), recipe, folder / name)
        else:
            from physio_lab.tasks.hand_landmarks.head import mediapipe

            name = f"{OWN_FILE}.onnx"
            (folder / name).write_bytes(mediapipe().with_head(model.cpu().weights()))
        digest = hashlib.sha256((folder / name).read_bytes()).hexdigest()
        (folder / SUMS).write_text(f"{digest}  {name}\n", encoding="utf-8")
        card = {
            "name": recipe.name, "task": "hand_landmarks", "description": recipe.description,
            **({"licence": recipe.licence} if recipe.licence else {}),
            "data": [f"{recipe.samples.folder}, of which {recipe.samples.held:.0%} of the people taught nothing"],
            "command": f"physio train {recipe.name}", "seed": recipe.seed, "measured": measured, "sha256": {name: digest},
        }  # fmt: skip
        (folder / CARD).write_text(json.dumps(card, indent=2) + "\n", encoding="utf-8")
