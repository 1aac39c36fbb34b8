"""What a recipe learns from: synthetic batches, recorded sequences, or both in one batch."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from physio_core.datasets.formats import open_set
from physio_core.datasets.sequence import forth_and_back
from physio_core.errors import ConfigError, InputError
from physio_core.training.config import SetConfig, TrainingConfig
from physio_core.training.prepare import LEFT_OUT, Labels, come_into_view
from physio_core.training.recorded import (
    Recorded,
    RecordedSet,
    at_rate,
    group_of,
    label_of,
    recorded_features,
    seen_by_a_camera,
    split,
)
from physio_core.training.synthetic import SyntheticSet
from physio_core.types import FloatArray

CHECK_SEED = 999_331
"""Added to the seed for what is never learnt from."""


class Batches(Protocol):
    """Features (N, C, T, V) and labels (N, T); batch ``i`` is the same each time it is asked for."""

    def __getitem__(self, index: int) -> tuple[FloatArray, Labels]:
        """Batch ``index``."""


class Mixed:
    """Parts of each batch from different sources."""

    def __init__(self, parts: Sequence[Batches]) -> None:
        self._parts = list(parts)

    def __getitem__(self, index: int) -> tuple[FloatArray, Labels]:
        """See :class:`Batches`."""
        features, labels = zip(*(part[index] for part in self._parts), strict=True)
        return np.concatenate(features), np.concatenate(labels)


@dataclass(frozen=True)
class Sources:
    """What a recipe learns from and is measured on.

    Attributes:
        learn: batches to learn from.
        check: synthetic batches never learnt from; None: the recipe has no synthetic part.
        held_out: recorded sequences never learnt from.
        config: the recipe.
        left_out: why recorded sequences were not used, one line for each.
    """

    learn: Batches
    check: Batches | None
    held_out: tuple[Recorded, ...]
    config: TrainingConfig
    left_out: tuple[str, ...] = ()

    def clips(self, ahead: int) -> Iterator[tuple[FloatArray, Labels]]:
        """Held-out sequences, each whole, as batches of one; one in metres is seen from a place that its number decides.

        Args:
            ahead: frames to put in front, as a fresh stream does.
        """
        for number, one in enumerate(self.held_out):
            rng = np.random.default_rng((self.config.seed + CHECK_SEED, number))
            points, confidence = seen_by_a_camera(one, rng, self.config)
            frames = ((0, 0), (0, 0), (0, ahead), (0, 0))
            features = np.pad(recorded_features(points[None], confidence[None], self.config.normaliser), frames, "edge")
            labels = np.full((1, features.shape[2]), one.label)
            unsure = int(self.config.synthetic.sure_after_s * self.config.normaliser.rate_hz)
            come_into_view(features[0], labels[0], ahead, min(unsure, len(points) - 1))
            yield features, labels


def load_sources(config: TrainingConfig) -> Sources:
    """Read the sets of a recipe, split them and put them beside its synthetic part.

    Raises:
        ConfigError: a set that cannot be split, or with labels that the recipe does not know.
        InputError: a set that cannot be read, or without a sequence of any label of the recipe.
    """
    plan, room = config.optimiser, config.optimiser.batch
    parts: list[Batches] = []
    held_out: list[Recorded] = []
    left_out: list[str] = []
    for number, one in enumerate(config.sets):
        learn, check, useless = load_set(one, config)
        left_out += useless
        count = min(room, max(1, round(one.share * plan.batch)))
        room -= count
        parts.append(RecordedSet(learn, config, count, config.seed + number, one.balanced))
        held_out += check
    check_batches = None
    if room and sum(one.share for one in config.sets) < 1 - 1e-9:
        parts.append(_synthetic(config, room, config.seed))
        check_batches = _synthetic(config, plan.batch, config.seed + CHECK_SEED)
    return Sources(parts[0] if len(parts) == 1 else Mixed(parts), check_batches, tuple(held_out), config, tuple(left_out))


def _synthetic(config: TrainingConfig, batch: int, seed: int) -> SyntheticSet:
    return SyntheticSet(config.labels, config.synthetic, config.noise, config.normaliser, batch, seed)


def load_set(one: SetConfig, config: TrainingConfig) -> tuple[list[Recorded], list[Recorded], list[str]]:
    """Read one set; gives what to learn from, what is held out, and why others are not used. Errors as :func:`load_sources`."""
    path = os.path.expandvars(one.path)
    if "$" in path:
        raise ConfigError(f"set {one.path!r}: a variable in it is not set; e.g. export PHYSIO_DATA=FOLDER_OF_SETS")
    found: list[tuple[str, Recorded | None]] = []
    useless = []
    whole_s = (config.synthetic.frames + 1) / config.normaliser.rate_hz
    for sequence in open_set(path):  # streams: only what the network needs is kept
        label, recorded = label_of(sequence, config.labels, one), None
        played = forth_and_back(sequence, whole_s) if one.repeat else sequence
        try:
            recorded = at_rate(played, label, config.normaliser) if label != LEFT_OUT else None
        except InputError as error:
            useless.append(str(error))
        found.append((group_of(sequence), recorded))
    sides = split([group for group, _ in found], one, config.seed)
    learn, check = ([kept for i in side if (kept := found[i][1]) is not None] for side in sides)
    if one.per_class:
        rng = np.random.default_rng((config.seed, 11))
        drawn = [learn[i] for i in rng.permutation(len(learn))]
        learn = [a for i, a in enumerate(drawn) if sum(b.label == a.label for b in drawn[:i]) < one.per_class]
    if not learn:
        raise InputError(f"{one.path} holds no sequence with a label of the recipe ({', '.join(config.labels)})")
    return learn, check, useless
