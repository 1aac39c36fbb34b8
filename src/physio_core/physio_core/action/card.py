"""What a model was made for: its card, read without any library that runs models, for whoever only asks what it knows."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from physio_core.errors import ConfigError, ModelError
from physio_core.share import shared_path
from physio_core.skeleton.layouts import Layout, layout_named
from physio_core.skeleton.normalise import CHANNELS, NormaliserConfig
from physio_core.types import UNKNOWN

DEFAULT_MODEL = "stgcn_body"
CARD = "card.json"
TASK = "action"
"""What a model is for, in its card; one that does not say so names exercises."""


@dataclass(frozen=True)
class Card:
    """What a model was made for.

    Attributes:
        name: of the folder when it was made.
        layout: joint order.
        labels: classes in the order of the scores; :data:`~physio_core.types.UNKNOWN` is one of them.
        reach: frames that one prediction looks back on.
        temperature: scores before softmax are divided by it, so that confidences mean what they say.
        energy_below: free energy score under which a movement is like nothing learnt; None: never refused.
        normaliser: how joints must be prepared.
        sha256: of each file.
    """

    name: str
    layout: Layout
    labels: tuple[str, ...]
    reach: int
    temperature: float
    energy_below: float | None
    normaliser: NormaliserConfig
    sha256: dict[str, str]


def recognisers(models: Path) -> list[Path]:
    """The folders of models that name exercises; others stand beside them.

    Raises:
        ModelError: a card that is not JSON.
    """

    def names_exercises(card: Path) -> bool:
        try:
            return bool(json.loads(card.read_text()).get("task", TASK) == TASK)
        except (OSError, ValueError, AttributeError) as error:
            raise ModelError(f"{card} is no model card: {type(error).__name__} {error}") from error

    return sorted(card.parent for card in models.glob(f"*/{CARD}") if names_exercises(card))


def model_folder(path: str | Path = "") -> Path:
    """Folder of a model; empty: of the one that ships.

    Raises:
        ModelError: no model ships here.
    """
    try:
        return Path(path).expanduser() if path else shared_path("models", DEFAULT_MODEL)
    except ConfigError as error:
        raise ModelError(str(error)) from error


def read_card(folder: Path) -> Card:
    """Read and check ``card.json``.

    Raises:
        ModelError: no such folder, not JSON, a key is missing, or something this version does not know.
    """
    path = folder / CARD
    if not path.is_file():
        raise ModelError(f"no model at {folder}: {CARD} is missing; give a folder such as models/{DEFAULT_MODEL}")
    try:
        data = json.loads(path.read_text())
        if data.get("task", TASK) != TASK:
            raise ModelError(f"{folder} holds a model for {data['task']}, which names no exercise")
        card = Card(
            name=str(data["name"]),
            layout=layout_named(data["layout"]),
            labels=tuple(str(label) for label in data["labels"]),
            reach=int(data["reach"]),
            temperature=float(data["temperature"]),
            energy_below=None if data.get("energy_below") is None else float(data["energy_below"]),
            normaliser=NormaliserConfig(**data["normaliser"]),
            sha256=dict(data["sha256"]),
        )
        channels = tuple(data["channels"])
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise ModelError(f"{path} is no model card: {type(error).__name__} {error}") from error
    if channels != CHANNELS:
        raise ModelError(f"{path}: made for channels {channels}; this version gives {CHANNELS}; train it again (make train)")
    if UNKNOWN not in card.labels or len(set(card.labels)) != len(card.labels) or card.temperature <= 0:
        raise ModelError(f"{path}: labels {card.labels} must differ and hold {UNKNOWN!r}, and the temperature must be above 0")
    return card
