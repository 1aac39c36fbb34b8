"""Recorded sequences: who is learnt from and who is held out, at the model's rate, and batches drawn from them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from physio_core.errors import ConfigError, InputError
from physio_core.skeleton.layouts import OPENPOSE_18, layout_named
from physio_core.skeleton.normalise import NormaliserConfig
from physio_core.skeleton.remapping import remap
from physio_core.skeleton.resample import resample
from physio_core.skeleton.stream import prepare
from physio_core.types import UNKNOWN, FloatArray
from physio_lab.augment.compose import Compose
from physio_lab.datasets.sequence import SkeletonSequence
from physio_lab.datasets.split import Member, Sides, hold_out
from physio_lab.engine.config import FoldConfig
from physio_lab.synthetic.noise import estimator_like
from physio_lab.tasks.stgcn.config import SetConfig, StgcnRecipe
from physio_lab.tasks.stgcn.prepare import IGNORE_INDEX, Labels, come_into_view, features_of
from physio_lab.tasks.stgcn.sequences import filmed

_PRESENT = 1e-4
"""Confidence of a joint that was filled in: moved along by every change, still missing to the network."""


def recorded_features(points: FloatArray, confidence: FloatArray, config: NormaliserConfig) -> FloatArray:
    """Features of recorded sequences; only joints that a change dropped are still to be filled in."""
    return features_of(points, confidence, replace(config, missing_below=_PRESENT / 2))


@dataclass(frozen=True)
class Recorded:
    """A sequence at the model's rate: points (T, V, D), confidence (T, V), label as an index."""

    points: FloatArray
    confidence: FloatArray
    label: int
    name: str


def sides_of(members: Sequence[Member], config: SetConfig, fold: FoldConfig) -> Sides:
    """Who of a set is learnt from, validated on and tested on; errors as :func:`~physio_lab.datasets.split.hold_out`."""
    return hold_out(
        members, config.val_groups, config.learn_from, config.val_fraction, config.split_seed, config.path,
        config.test_groups, (fold.index, fold.count),
    )  # fmt: skip


def renamed(labels: Sequence[str], config: SetConfig) -> dict[str, str]:
    """Labels of a set with the recipe's names for them; errors as :func:`label_of`."""
    names = {}
    for entry in config.labels:
        old, equals, new = entry.partition("=")
        if not equals or new not in labels:
            raise ConfigError(f"labels: {entry!r}; write OLD=NEW, NEW one of: {', '.join(labels)}")
        names[old] = new
    return names


def label_of(sequence: SkeletonSequence, labels: Sequence[str], config: SetConfig) -> int:
    """Index of a sequence's label in the recipe's; :data:`IGNORE_INDEX`: it is not used.

    Raises:
        ConfigError: the names of labels in the recipe cannot be read.
    """
    label = renamed(labels, config).get(sequence.label, sequence.label)
    if label in labels:
        return list(labels).index(label)
    return list(labels).index(UNKNOWN) if config.others == "unknown" else IGNORE_INDEX


def at_rate(sequence: SkeletonSequence, label: int, normaliser: NormaliserConfig) -> Recorded:
    """The person seen best in a sequence, from when to when he is seen, in the model's joints and rate.

    Raises:
        InputError: someone in fewer than two frames.
    """
    person = int(sequence.confidence.sum((1, 2)).argmax())
    seen = np.flatnonzero(sequence.confidence[person].any(axis=1))
    if len(seen) < 2:
        raise InputError(f"{sequence.name}: someone is seen in {len(seen)} frames; a movement has at least two")
    within = slice(seen[0], seen[-1] + 1)
    points, confidence = remap(
        sequence.points[person, within], sequence.confidence[person, within], layout_named(sequence.layout), OPENPOSE_18
    )
    stamps_s = sequence.stamps_s[within]
    if sequence.width_px > 0 or points.shape[-1] == 2:
        size_px = sequence.width_px, sequence.height_px
        _, flat, sure = prepare(stamps_s, points, confidence, OPENPOSE_18, normaliser.rate_hz, size_px, normaliser.missing_below)
        return Recorded(flat, np.maximum(sure, _PRESENT), label, sequence.name)
    both = np.concatenate([points, confidence[..., None]], axis=-1).astype(np.float32)
    _, steps = resample(stamps_s, both, normaliser.rate_hz)
    return Recorded(steps[..., :-1], steps[..., -1], label, sequence.name)


class RecordedSet:
    """Batches drawn from recorded sequences, each class equally often if so wanted."""

    def __init__(self, recorded: Sequence[Recorded], config: StgcnRecipe, batch: int, seed: int, balanced: bool = True) -> None:
        self._recorded, self._config, self._batch, self._seed = list(recorded), config, batch, seed
        self._augment = Compose.from_recipe(config.augment)
        self._classes = [
            [i for i, one in enumerate(self._recorded) if one.label == label]
            for label in sorted({one.label for one in self._recorded})
        ] if balanced else [list(range(len(self._recorded)))]  # fmt: skip

    def __getitem__(self, index: int) -> tuple[FloatArray, Labels]:
        """See :class:`~physio_lab.engine.task.Batches`."""
        rng = np.random.default_rng((self._seed, index, 1))
        drawn = []
        for _ in range(self._batch):
            among = self._classes[int(rng.integers(len(self._classes)))]
            drawn.append(self.sequence(self._recorded[among[int(rng.integers(len(among)))]], rng))
        points, confidence, labels, ahead = (np.stack(parts) for parts in zip(*drawn, strict=True))
        features = recorded_features(points, confidence, self._config.normaliser)
        for one, label, count in zip(features, labels, ahead.tolist(), strict=True):
            unsure = int(self._config.synthetic.sure_after_s * self._config.normaliser.rate_hz)
            come_into_view(one, label, count, min(unsure, max(0, len(label) - count - 1)))
        return features, labels

    def sequence(self, one: Recorded, rng: np.random.Generator) -> tuple[FloatArray, FloatArray, Labels, int]:
        """One draw: points (T, V, 2), confidence (T, V), labels (T,), frames to put in front."""
        frames = self._config.synthetic.frames
        points, confidence = seen_by_a_camera(one, rng, self._config)
        points = points - points.mean((0, 1))
        points, confidence = self._augment(points, confidence, OPENPOSE_18, rng)
        start = int(rng.integers(len(points) - frames + 1)) if len(points) > frames else 0
        points, confidence = points[start : start + frames], confidence[start : start + frames]
        missing = frames - len(points)
        ahead = missing or (int(rng.integers(frames // 8, frames // 2)) if rng.random() < self._config.synthetic.fresh else 0)
        labels = np.full(frames, one.label)
        labels[frames - missing :] = IGNORE_INDEX
        end = ((0, missing), (0, 0))
        return np.pad(points, (*end, (0, 0)), "edge"), np.pad(confidence, end, "edge"), labels, ahead


def seen_by_a_camera(one: Recorded, rng: np.random.Generator, config: StgcnRecipe) -> tuple[FloatArray, FloatArray]:
    """Points (T, V, 2) about the middle of the picture and confidence (T, V); what is in metres is filmed from anywhere."""
    if one.points.shape[-1] == 2:
        return one.points, one.confidence
    points, depth, aspect = filmed(_upwards(one.points, one.confidence), rng, config.synthetic)
    points, confidence = estimator_like(points, depth, aspect, rng, config.noise)
    seen = (one.confidence > 0) & (confidence >= config.normaliser.missing_below)
    return points, np.where(seen, confidence, 0.0).astype(np.float32)


def _upwards(points: FloatArray, confidence: FloatArray) -> FloatArray:
    """Depth camera's axes (x right, y down, z away) as REP-103's (x away, y left, z up); a missing joint in the body's middle."""
    out = np.stack([points[..., 2], -points[..., 0], -points[..., 1]], axis=-1)
    seen = (confidence > 0)[..., None]
    middle = (out * seen).sum(-2, keepdims=True) / np.maximum(seen.sum(-2, keepdims=True), 1)
    body: FloatArray = np.where(seen, out, middle)
    body[..., 2] -= body[..., 2].min()
    return body  # on the floor
