"""Loads a shipped model folder and runs it in ONNX Runtime.

A folder holds ``card.json`` (what the model was made for), ``step.onnx`` (one frame in, one prediction out) and ``clip.onnx``
(the same network over a whole clip). What does not fit the card is refused when loading, not when someone exercises.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
from onnxruntime.capi import onnxruntime_pybind11_state as failures

from physio_core.action.card import Card, model_folder, read_card
from physio_core.errors import ModelError
from physio_core.skeleton.normalise import CHANNELS
from physio_core.types import FloatArray

# ONNX Runtime's own exceptions share no base class.
_REFUSALS = (
    failures.Fail, failures.InvalidArgument, failures.InvalidGraph, failures.InvalidProtobuf, failures.NoModel,
    failures.NotImplemented, failures.RuntimeException, failures.EPFail,
)  # fmt: skip

STEP, CLIP = "step.onnx", "clip.onnx"


class Model:
    """A loaded model; hands out one :class:`Stream` per person."""

    def __init__(self, card: Card, step: onnxruntime.InferenceSession, clip_bytes: bytes) -> None:
        self.card = card
        self.session = step
        self._clip_bytes = clip_bytes
        self._clip: onnxruntime.InferenceSession | None = None

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
            self._clip = open_session(self._clip_bytes, CLIP)
        return np.asarray(self._clip.run(None, {"clip": clip.astype(np.float32)})[0], np.float32)

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
        self._session = model.session
        self._empty = {
            item.name: np.zeros(item.shape, np.float32) for item in self._session.get_inputs() if item.name.startswith("state")
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
        out = self._session.run(None, {"frame": frame[None], "fresh": self._fresh, **self._states})
        self._states = dict(zip(self._empty, out[1:], strict=True))
        self._fresh = np.zeros(1, np.float32)
        return np.asarray(out[0][0], np.float32)


def load_model(path: str | Path = "") -> Model:
    """Load and check a model folder.

    Args:
        path: folder; empty: the one that ships.

    Raises:
        ModelError: a file is missing, truncated, or made for other joints, channels or classes.
    """
    folder = model_folder(path)
    card = read_card(folder)
    contents = {name: _checked(folder / name, card.sha256) for name in (STEP, CLIP)}
    session = open_session(contents[STEP], folder / STEP)
    _check_shapes(session, card, folder / STEP)
    return Model(card, session, contents[CLIP])


def _checked(path: Path, sha256: dict[str, str]) -> bytes:
    if not path.is_file():
        raise ModelError(f"model file {path} is missing; restore it or train it again (make train)")
    content = path.read_bytes()
    if hashlib.sha256(content).hexdigest() != sha256.get(path.name):
        raise ModelError(
            f"model file {path} ({len(content)} bytes) is truncated or not the one its card describes; "
            "restore both, or train again (make train)"
        )
    return content


def open_session(content: bytes, path: Any) -> onnxruntime.InferenceSession:
    """A network ready to run; one thread, because the pose estimator needs the other cores.

    Raises:
        ModelError: it cannot be loaded.
    """
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 3
    try:
        return onnxruntime.InferenceSession(content, options, providers=["CPUExecutionProvider"])
    except _REFUSALS as error:
        raise ModelError(f"model file {path} cannot be loaded: {error}") from error


def _check_shapes(session: onnxruntime.InferenceSession, card: Card, path: Path) -> None:
    frame = next((item.shape for item in session.get_inputs() if item.name == "frame"), None)
    want = [1, len(CHANNELS), len(card.layout.joints)]
    if frame != want:
        raise ModelError(f"{path} takes frames {frame}; the card's layout and channels give {want}")
    classes: Sequence[Any] = session.get_outputs()[0].shape
    if classes[-1] != len(card.labels):
        raise ModelError(f"{path} knows {classes[-1]} classes, its card names {len(card.labels)}: {', '.join(card.labels)}")
