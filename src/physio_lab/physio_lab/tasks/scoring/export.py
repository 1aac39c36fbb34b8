"""Writes a scorer as a model folder: score.onnx and the card that describes it, or nothing."""

from __future__ import annotations

import hashlib
import json
import warnings
from pathlib import Path
from typing import Any

import torch

from physio_core.files import writing_into
from physio_core.hands.features import FEATURES
from physio_core.hands.scoring import CARD, CHANNELS, ITEMS, ONNX, OUTPUTS
from physio_core.hands.trial import POINTS
from physio_lab.engine.checkpoint import save_weights
from physio_lab.engine.files import WEIGHTS
from physio_lab.engine.state import check_finite
from physio_lab.tasks.scoring.config import ScoringRecipe
from physio_lab.tasks.scoring.network import Exported, Scorer

OPSET = 17
CONFIDENT = 0.6
"""Probability below which no score is told; two of three are then about as likely."""


def write_model(network: Scorer, recipe: ScoringRecipe, out: Path, measured: dict[str, Any]) -> None:
    """Write a model folder, whole or not at all.

    Raises:
        OutputError: it cannot be written.
        ModelError: weights that are not finite.
    """
    check_finite(network.state_dict())
    with writing_into(out, last=CARD) as folder:
        with warnings.catch_warnings():
            # The newer exporter needs onnxscript, which needs a newer numpy than MediaPipe has.
            warnings.simplefilter("ignore")
            torch.onnx.export(
                Exported(network.cpu().eval(), measured["temperature"]).eval(), (torch.zeros(1, POINTS, CHANNELS),),
                str(folder / ONNX), input_names=["trial"], output_names=list(OUTPUTS), opset_version=OPSET, dynamo=False,
            )  # fmt: skip
        save_weights(network, recipe, folder / WEIGHTS)
        card = {
            "name": recipe.name, "task": "scoring", "description": recipe.description,
            **({"licence": recipe.licence} if recipe.licence else {}),
            "data": ["simulated patients (physio_lab.synthetic.hand_trials); no recording of anybody"],
            "command": f"physio train {recipe.name}", "items": list(ITEMS), "features": list(FEATURES), "points": POINTS,
            "abstain_below": CONFIDENT, "unlike_above": measured["unlike_above"], "seed": recipe.seed, "measured": measured,
            "parameters": sum(weight.numel() for weight in network.parameters()),
            "sha256": {name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in (ONNX, WEIGHTS)},
        }  # fmt: skip
        (folder / CARD).write_text(json.dumps(card, indent=2) + "\n", encoding="utf-8")
