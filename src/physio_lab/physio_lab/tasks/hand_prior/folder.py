"""A prior of hand motion as a model folder: its weights, and a card that says what they are."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

from physio_core.files import writing_into
from physio_core.share import shared_folder
from physio_lab.engine.checkpoint import recipe_in, save_weights
from physio_lab.engine.files import WEIGHTS
from physio_lab.engine.state import check_finite, load_state, read_state
from physio_lab.tasks.hand_prior.config import ANGLES, RATE_HZ, WINDOW, PriorRecipe
from physio_lab.tasks.hand_prior.network import HandVae
from physio_lab.tasks.hand_prior.task import PRIOR

MODEL, CARD = "hand_prior", "card.json"


def write_prior(network: HandVae, recipe: PriorRecipe, out: Path, measured: dict[str, Any]) -> None:
    """Write a model folder, whole or not at all.

    Raises:
        OutputError: it cannot be written.
        ModelError: weights that are not finite.
    """
    check_finite(network.state_dict())
    with writing_into(out, last=CARD) as folder:
        save_weights(network.cpu(), recipe, folder / WEIGHTS)
        card = {
            "name": recipe.name, "task": "hand_prior", "description": recipe.description,
            **({"licence": recipe.licence} if recipe.licence else {}),
            "data": ["simulated people (physio_lab.synthetic.hand_trials); no recording of anybody"],
            "command": f"physio train {recipe.name}", "angles": list(ANGLES), "window": WINDOW, "rate_hz": RATE_HZ,
            "seed": recipe.seed, "measured": measured,
            "parameters": sum(weight.numel() for weight in network.parameters()),
            "sha256": {WEIGHTS: hashlib.sha256((folder / WEIGHTS).read_bytes()).hexdigest()},
        }  # fmt: skip
        (folder / CARD).write_text(json.dumps(card, indent=2) + "\n", encoding="utf-8")


def read_prior(folder: str | Path = "") -> HandVae:
    """The network of a model folder; empty: of the one that ships.

    Raises:
        ModelError: no such folder, or files that are damaged or of another network.
    """
    place = Path(folder) if folder else shared_folder("models") / MODEL
    network: HandVae = HandVae(recipe_in(place, PRIOR.recipe).network)
    load_state(network, read_state(place / WEIGHTS), place / WEIGHTS)
    network.eval()
    return network
