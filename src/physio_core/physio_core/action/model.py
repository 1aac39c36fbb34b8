"""Loads a shipped model folder and runs it in ONNX Runtime.

A folder holds ``card.json`` (what the model was made for), ``step.onnx`` (one frame in, one prediction out) and ``clip.onnx``
(the same network over a whole clip). What does not fit the card is refused when loading, not when someone exercises.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from physio_core.action.card import Card, model_folder, read_card
from physio_core.errors import ModelError
from physio_core.runners.model_file import ModelFile, read_model_file
from physio_core.runners.runner import Runner, open_runner
from physio_core.skeleton.normalise import CHANNELS
from physio_core.types import FloatArray

STEP, CLIP = "step.onnx", "clip.onnx"
SCORES = "scores"
"""The output of the step that is looked through; what it carries on shows there."""


class Model:
    """A loaded model; hands out one :class:`Stream` per person."""

    def __init__(self, card: Card, step: Runner, clip: ModelFile) -> None:
        self.card = card
        self.runner = step
        self.clip_file = clip
        self._clip: Runner | None = None

    @property
    def labels(self) -> tuple[str, ...]:
        """Classes in the order of the scores."""
        return self.card.labels

    def stream(self) -> Stream:
        """A fresh continual state."""
        return Stream(self)

    def clip(self, clip: FloatArray) -> FloatArray:
        """Scores before softmax (N, K, T - reach + 1) of whole clips (N, C, T, V), T at least ``card.reach``."""
        if self._clip is None:
            self._clip = open_runner(self.clip_file)
        return np.asarray(self._clip.run({"clip": clip.astype(np.float32)})[SCORES], np.float32)

    def probabilities(self, scores: FloatArray) -> FloatArray:
        """Softmax of scores (..., K), tempered as the card says."""
        scaled = scores / self.card.temperature
        raised = np.exp(scaled - scaled.max(-1, keepdims=True))
        return np.asarray(raised / raised.sum(-1, keepdims=True), np.float32)

    @staticmethod
    def energy(scores: FloatArray) -> FloatArray:
        """How familiar scores (..., K) are, (...): their log-sum-exp, low for what is like nothing learnt.

        Liu, Wang, Owens, Li 2020, "Energy-based Out-of-distribution Detection", with the sign turned.
        """
        highest = scores.max(-1)
        return np.asarray(highest + np.log(np.exp(scores - highest[..., None]).sum(-1)), np.float32)


class Stream:
    """The memory of the continual network for one person."""

    def __init__(self, model: Model) -> None:
        self._runner = model.runner
        self._empty = {
            name: np.zeros(shape, np.float32) for name, shape in self._runner.inputs.items() if name.startswith("state")
        }
        self.reset()

    def reset(self) -> None:
        """Take the next frame as if it had always been so."""
        self._states = self._empty
        self._fresh = np.ones(1, np.float32)

    @property
    def memory(self) -> list[FloatArray]:
        """What the network keeps, layer by layer; the last is (1, W, ticks): features of the newest frames, means over joints."""
        return list(self._states.values())

    def step(self, frame: FloatArray) -> FloatArray:
        """Scores before softmax (K,) after one more frame (C, V)."""
        scores, *states = self._runner.run({"frame": frame[None], "fresh": self._fresh, **self._states}).values()
        self._states = dict(zip(self._empty, states, strict=True))
        self._fresh = np.zeros(1, np.float32)
        return np.asarray(scores[0], np.float32)


def load_model(path: str | Path = "") -> Model:
    """Load and check a model folder.

    Args:
        path: folder; empty: the one that ships.

    Raises:
        ModelError: a file is missing, truncated, or made for other joints, channels or classes.
    """
    folder = model_folder(path)
    card = read_card(folder)
    # What is named by no sum of the card is of another version too.
    step, clip = (read_model_file(folder / name, card.sha256.get(name, "none"), REMEDY) for name in (STEP, CLIP))
    runner = open_runner(step, watched=[SCORES])
    _check_shapes(runner, card, step.path)
    return Model(card, runner, clip)


REMEDY = "restore it together with its card, or train again (make train)"


def _check_shapes(runner: Runner, card: Card, path: Path) -> None:
    frame = runner.inputs.get("frame")
    want = (1, len(CHANNELS), len(card.layout.joints))
    if frame != want:
        raise ModelError(f"{path} takes frames {frame}; the card's layout and channels give {want}")
    if SCORES not in runner.outputs:
        raise ModelError(f"{path} gives {', '.join(runner.outputs)}; need {SCORES}")
    classes = runner.outputs[SCORES][-1]
    if classes != len(card.labels):
        raise ModelError(f"{path} knows {classes} classes, its card names {len(card.labels)}: {', '.join(card.labels)}")
