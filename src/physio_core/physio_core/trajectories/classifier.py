"""Which of the types a path is, whole or while it is drawn: the network of ``models/trajectories`` at run time."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from physio_core.errors import InputError, ModelError
from physio_core.runners.model_file import read_model_file
from physio_core.runners.runner import Runner, RunnerConfig, check_installed, open_runner
from physio_core.share import shared_path
from physio_core.trajectories.features import CHANNELS, DEVICE_REACH_M, TOKENS, as_left, geometry, in_reach, tokens
from physio_core.trajectories.trajectory import Side, Trajectory
from physio_core.trajectories.types import load_types
from physio_core.types import UNKNOWN, FloatArray

DEFAULT_MODEL, CARD, MODEL, TASK = "trajectories", "card.json", "model.onnx", "paths"
LEAST = 0.5
"""Probability below which a path is called ``unknown``."""
LEAST_DRAWN_M = 0.15
"""Way from which on a path that is still drawn shows anything [m]."""


def labels() -> tuple[str, ...]:
    """The types, and ``unknown``, in the order of the scores."""
    return (*load_types(), UNKNOWN)


def other_sense(kind: str) -> str:
    """The type of a circle that turns the other way; of any other type itself."""
    for one, other in (("clock_", "counter_"), ("counter_", "clock_")):
        if kind.startswith(one):
            return kind.replace(one, other, 1)
    return kind


@dataclass(frozen=True)
class Naming:
    """What a path was called.

    Attributes:
        kind: the type, or ``unknown``.
        probability: of the most likely type, 0..1.
        probabilities: of every type and of ``unknown``; they sum to 1.
        why: of ``unknown``: the reason; else empty.
    """

    kind: str
    probability: float
    probabilities: dict[str, float]
    why: str = ""


class PathClassifier:
    """Names paths.

    The library that runs it, 25 MB, is loaded with the first path that is named: the screen asks only whether it could be.
    """

    def __init__(self, folder: Path | None = None, config: RunnerConfig | None = None) -> None:
        """Check a model folder, the shipped one by default.

        Raises:
            ModelError: no such folder, damaged, or made for other types or inputs.
            RunnerUnavailable: the library that runs networks is not installed.
        """
        folder = folder or shared_path("models", DEFAULT_MODEL)
        card = _card(folder / CARD)
        self.labels = tuple(card["labels"])
        if self.labels != labels() or card["tokens"] != [TOKENS, CHANNELS + 1]:
            raise ModelError(f"{folder} names other types than this version has, or reads other tokens; train it again")
        self._path, self._sha256, self._config = folder / MODEL, str(card["sha256"][MODEL]), config or RunnerConfig()
        read_model_file(self._path, self._sha256)
        check_installed(self._config)

    @cached_property
    def _runner(self) -> Runner:
        return open_runner(read_model_file(self._path, self._sha256), self._config)

    def __deepcopy__(self, memo: dict[int, Any]) -> PathClassifier:
        """Itself: whoever copies a session asks the same network, which remembers nothing."""
        return self

    def name(self, path: Trajectory, reach_m: float = DEVICE_REACH_M) -> Naming:
        """What a whole path is called.

        Circles are called by the sense in which whoever draws sees them turn, for either arm.

        Args:
            path: drawn to its end.
            reach_m: from shoulder to hand of the stretched arm [m].

        Raises:
            InputError: a reach that no arm has.
            RunnerError: the network failed.
        """
        return self._named(*_read(path, reach_m), path.side, "whole")

    def name_so_far(self, path: Trajectory, reach_m: float = DEVICE_REACH_M) -> Naming:
        """What a path is called while it is drawn; ``unknown`` before it is long enough to show anything. Errors as above."""
        if path.length_m < LEAST_DRAWN_M:
            even = 1.0 / len(self.labels)
            why = f"only {path.length_m:.2f} m are drawn; need {LEAST_DRAWN_M:g} m"
            return Naming(UNKNOWN, even, dict.fromkeys(self.labels, even), why)
        return self._named(*_read(path, reach_m), path.side, "drawing")

    def _named(self, given: FloatArray, numbers: FloatArray, side: Side, output: str) -> Naming:
        said = self._runner.run({"tokens": given[None], "geometry": numbers[None]})[output][0].astype(float)
        shares = np.exp(said - said.max())
        shares /= shares.sum()
        names = [other_sense(one) if side == "right" else one for one in self.labels]
        found = dict(zip(names, shares.tolist(), strict=True))
        probabilities = {label: found[label] for label in self.labels}
        best = max(probabilities, key=lambda label: probabilities[label])
        if best == UNKNOWN:
            return Naming(UNKNOWN, probabilities[best], probabilities, "it is like no type")
        if probabilities[best] < LEAST:
            why = f"{best} is the most likely type, but with {probabilities[best]:.2f} not likely enough"
            return Naming(UNKNOWN, probabilities[best], probabilities, why)
        return Naming(best, probabilities[best], probabilities)


def _read(path: Trajectory, reach_m: float) -> tuple[FloatArray, FloatArray]:
    """Tokens (TOKENS, CHANNELS + 1) and geometry (F,)."""
    if not 0.2 <= reach_m <= 1.2:
        raise InputError(f"a reach of {reach_m:g} m; need 0.2 .. 1.2 m from shoulder to hand")
    stamps_s, places = in_reach(path.stamps_s, as_left(path.positions_m, path.side), reach_m)
    return packed(places), geometry(stamps_s, places)


def packed(places: FloatArray) -> FloatArray:
    """(TOKENS, CHANNELS + 1) tokens of places (n, 3) [reach]; the last channel is 1 where a token is."""
    filled, there = tokens(places)
    return np.concatenate([filled, there[:, None].astype(np.float32)], axis=1)


def _card(path: Path) -> dict[str, Any]:
    try:
        card = json.loads(path.read_text(encoding="utf-8"))
        if card["task"] != TASK:
            raise ModelError(f"{path} is of a model for {card['task']}; one that names paths is needed")
        _ = card["labels"], card["tokens"], card["sha256"][MODEL]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ModelError(f"{path} is no card of a model that names paths: {type(error).__name__} {error}") from error
    return dict(card)
