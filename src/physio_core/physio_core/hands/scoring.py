"""Scores one try of a hand item, 0 to 2 as Fugl-Meyer et al. (1975) have it, or says why it does not.

An aid for a therapist, who may score otherwise, and never a diagnosis: the network that ships learnt from simulated patients.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from physio_core.errors import ConfigError, InputError, ModelError
from physio_core.hands.features import FEATURES
from physio_core.hands.trial import POINTS, TimePoints, Trial, TrialConfig, time_points
from physio_core.runners.model_file import read_model_file
from physio_core.runners.runner import RunnerConfig, open_runner
from physio_core.share import shared_folder
from physio_core.types import FloatArray

ITEMS = ("mass_flexion", "mass_extension", "hook", "thumb_adduction", "pincer", "cylinder", "sphere")
"""Items of the hand of the assessment of the upper extremity; movements of the library by the same names."""
LEVELS = 3
WORDS = ("none, or a trace", "in part", "in full")
"""What a score of 0, 1, 2 says of the movement."""
CHANNELS = len(FEATURES) + len(ITEMS)
"""Of a network's input: the features, and which item it is."""
MODEL, CARD, ONNX, OUTPUTS = "fugl_meyer", "card.json", "score.onnx", ("probabilities", "deviation")
DOUBTS = ("try_not_seen", "try_unlike", "try_unsure")
"""Why nothing is told: too little of the hand was seen, it is like no try that was learnt, or two scores are about as likely."""
NOTE = "An aid for the therapist who decides; learnt from simulated patients, not a diagnosis."


@dataclass(frozen=True)
class Score:
    """What is told of a try.

    Attributes:
        item: which.
        level: 0, 1, 2; None: nothing is told.
        reason: why nothing is told; empty where something is.
        doubt: the same in a word, one of :data:`DOUBTS`.
        probabilities: of each level; empty where the try could not be looked at.
        points: what was looked at; None likewise.
    """

    item: str
    level: int | None
    reason: str = ""
    probabilities: tuple[float, ...] = ()
    points: TimePoints | None = None
    doubt: str = ""

    @property
    def words(self) -> str:
        """The same in a few words."""
        return f"not scored: {self.reason}" if self.level is None else f"{self.level}: {WORDS[self.level]}"


def inputs_of(points: TimePoints, item: str) -> FloatArray:
    """What a network is given (P, C): the features, and ones in the column of the item.

    Raises:
        ConfigError: no such item.
    """
    which = np.zeros((POINTS, len(ITEMS)), np.float32)
    which[:, _number_of(item)] = 1.0
    return np.asarray(np.concatenate([points.values, which], axis=1), np.float32)


class FmaScorer:
    """Runs a model folder that ``physio train fugl_meyer`` wrote."""

    def __init__(self, folder: str | Path = "", config: TrialConfig | None = None, runner: RunnerConfig | None = None) -> None:
        """Load the model of a folder; empty: the one that ships.

        Raises:
            ModelError: no such folder, or files that are damaged, do not belong together or are for other features.
            RunnerUnavailable: see :func:`~physio_core.runners.runner.open_runner`.
        """
        place = Path(folder) if folder else shared_folder("models") / MODEL
        card = _card(place / CARD)
        if tuple(card["features"]) != FEATURES or tuple(card["items"]) != ITEMS or card["points"] != POINTS:
            raise ModelError(f"{place / CARD} is of a network for other features or items; train it again: physio train {MODEL}")
        file = read_model_file(place / ONNX, str(card["sha256"][ONNX]), f"train it again: physio train {MODEL}")
        self._runner = open_runner(file, runner, outputs=OUTPUTS)
        self._below, self._above = float(card["abstain_below"]), float(card["unlike_above"])
        self._config = config

    def score(self, trial: Trial, item: str) -> Score:
        """The score of a try; what cannot be scored gives the reason, never an exception.

        Raises:
            ConfigError: no such item.
        """
        _number_of(item)
        try:
            points = time_points(trial, self._config)
        except InputError as error:
            return Score(item, None, str(error), doubt=DOUBTS[0])
        made = self._runner.run({"trial": inputs_of(points, item)[None]})
        shares, away = made[OUTPUTS[0]][0], float(made[OUTPUTS[1]][0])
        told = tuple(float(share) for share in shares)
        if away > self._above:
            return Score(
                item, None, f"it is like no try that was learnt ({away:.1f}; {self._above:.1f} at most)", told, points, DOUBTS[1]
            )
        if max(told) < self._below:
            likely = " or ".join(str(level) for level in sorted(np.argsort(told)[-2:].tolist()))
            return Score(item, None, f"it may be {likely}; a therapist has to see it", told, points, DOUBTS[2])
        return Score(item, int(np.argmax(told)), "", told, points)


def _number_of(item: str) -> int:
    if item not in ITEMS:
        raise ConfigError(f"no item {item!r}; items of the hand are {', '.join(ITEMS)}")
    return ITEMS.index(item)


def _card(path: Path) -> Mapping[str, Any]:
    try:
        card: Mapping[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        fields = {name: card[name] for name in ("features", "items", "points", "sha256", "abstain_below", "unlike_above")}
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ModelError(f"{path} is no card of a scorer: {type(error).__name__} {error}") from error
    return fields
