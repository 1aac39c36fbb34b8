"""What a recipe learns from: synthetic batches, recorded sequences, or both in one batch."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from physio_core.errors import ConfigError, InputError
from physio_core.motion.movements import RECOGNISED
from physio_core.types import UNKNOWN, FloatArray
from physio_lab.datasets.formats import SequenceSet, open_set
from physio_lab.datasets.sequence import back_and_forth
from physio_lab.datasets.split import Tag
from physio_lab.engine.task import Batch, Batches
from physio_lab.tasks.stgcn.config import SetConfig, StgcnRecipe
from physio_lab.tasks.stgcn.prepare import IGNORE_INDEX, Labels, come_into_view
from physio_lab.tasks.stgcn.recorded import (
    Recorded,
    RecordedSet,
    at_rate,
    label_of,
    recorded_features,
    renamed,
    seen_by_a_camera,
    sides_of,
)
from physio_lab.tasks.stgcn.sequences import SyntheticSet

CHECK_SEED, VAL_SEED = 999_331, 999_983
"""Added to the seed for what is never learnt from: measured at the end, followed while learning."""

SYNTHETIC = frozenset(one.label for one in RECOGNISED.values()) | {UNKNOWN}
"""Labels of synthetic motion."""


class Mixed:
    """Parts of each batch, features (N, C, T, V) and labels (N, T), from different sources."""

    def __init__(self, parts: Sequence[Batches]) -> None:
        self._parts = list(parts)

    def __getitem__(self, index: int) -> Batch:
        """See :class:`~physio_lab.engine.task.Batches`."""
        features, labels = zip(*(part[index] for part in self._parts), strict=True)
        return np.concatenate(features), np.concatenate(labels)


@dataclass(frozen=True)
class Sources:
    """What a recipe learns from and is measured on.

    Attributes:
        learn: batches to learn from.
        check: synthetic batches never learnt from; None: the recipe has no synthetic part.
        held_out: recorded sequences never learnt from, but validated on.
        config: the recipe.
        left_out: why recorded sequences were not used, one line for each.
        labels: those that batches to learn from can show.
        test: recorded sequences neither learnt from nor validated on.
    """

    learn: Batches
    check: Batches | None
    held_out: tuple[Recorded, ...]
    config: StgcnRecipe
    left_out: tuple[str, ...] = ()
    labels: frozenset[str] = frozenset()
    test: tuple[Recorded, ...] = ()

    @property
    def val(self) -> list[Batch]:
        """Held-out sequences, no more than fill ``val_batches`` batches, or else synthetic batches, others than at the end."""
        plan = self.config.optimiser
        if self.held_out:
            most = plan.val_batches * plan.batch
            return list(self.clips(self.held_out[:: -(-len(self.held_out) // most)], self.config.network.lead))
        if self.check is None:
            return []
        batches = _synthetic(self.config, plan.batch, self.config.seed + VAL_SEED)
        return [batches[index] for index in range(plan.val_batches)]

    def clips(self, recorded: Sequence[Recorded], ahead: int) -> Iterator[tuple[FloatArray, Labels]]:
        """Sequences, each whole, as batches of one; one in metres is seen from a place that its number decides.

        Args:
            recorded: those never learnt from.
            ahead: frames to put in front, as a fresh stream does.
        """
        for number, one in enumerate(recorded):
            rng = np.random.default_rng((self.config.seed + CHECK_SEED, number))
            points, confidence = seen_by_a_camera(one, rng, self.config)
            frames = ((0, 0), (0, 0), (0, ahead), (0, 0))
            features = np.pad(recorded_features(points[None], confidence[None], self.config.normaliser), frames, "edge")
            labels = np.full((1, features.shape[2]), one.label)
            unsure = int(self.config.synthetic.sure_after_s * self.config.normaliser.rate_hz)
            come_into_view(features[0], labels[0], ahead, min(unsure, len(points) - 1))
            yield features, labels


@dataclass(frozen=True)
class LoadedSet:
    """Sequences of a set.

    Attributes:
        learn: to learn from.
        held_out: never learnt from, but validated on.
        test: only tested on.
        left_out: why others are not used, one line for each.
        labels: all that the set has, by the recipe's names.
    """

    learn: list[Recorded]
    held_out: list[Recorded]
    test: list[Recorded]
    left_out: list[str]
    labels: set[str]


def load_sources(config: StgcnRecipe) -> Sources:
    """Read the sets of a recipe, split them and put them beside its synthetic part.

    Raises:
        ConfigError: a set that cannot be split or has no place in a batch, or a label that nothing has.
        InputError: a set that cannot be read, or without a sequence of any label of the recipe.
    """
    counts_of(config)  # before minutes are spent on reading
    loaded = [load_set(one, config) for one in config.sets]
    sources = mixed(config, loaded)
    if missing := [label for label in config.labels if label not in sources.labels]:
        known = set.union(set(SYNTHETIC) if sources.check is not None else set(), *(one.labels for one in loaded))
        raise ConfigError(
            f"labels: nothing that is learnt from shows {', '.join(missing)}; sets and synthetic motion have: "
            f"{', '.join(sorted(known))}; correct the name, take it out, or hold out less"
        )
    return sources


def counts_of(config: StgcnRecipe) -> list[int]:
    """Sequences of each set in a batch and, last, of synthetic motion.

    Raises:
        ConfigError: a set has no place in a batch.
    """
    room, counts = config.optimiser.batch, []
    for one in config.sets:
        counts.append(min(room, max(1, round(one.share * config.optimiser.batch))))
        room -= counts[-1]
    if 0 in counts:
        raise ConfigError(
            f"optimiser.batch = {config.optimiser.batch} leaves no sequence for the set {config.sets[counts.index(0)].path}; "
            "give a larger batch, or fewer sets"
        )
    return [*counts, room if sum(one.share for one in config.sets) < 1 - 1e-9 else 0]


def mixed(config: StgcnRecipe, loaded: Sequence[LoadedSet]) -> Sources:
    """Put the sets of a recipe, in their order, beside its synthetic part; errors as :func:`counts_of`."""
    *counts, rest = counts_of(config)
    parts: list[Batches] = [
        RecordedSet(one.learn, config, count, config.seed + number, plan.balanced)
        for number, (one, count, plan) in enumerate(zip(loaded, counts, config.sets, strict=True))
    ]
    shown = {UNKNOWN, *(config.labels[clip.label] for one in loaded for clip in one.learn)}
    check = None
    if rest:
        parts.append(_synthetic(config, rest, config.seed))
        check = _synthetic(config, config.optimiser.batch, config.seed + CHECK_SEED)
        shown |= SYNTHETIC
    return Sources(
        parts[0] if len(parts) == 1 else Mixed(parts), check, tuple(clip for one in loaded for clip in one.held_out), config,
        tuple(line for one in loaded for line in one.left_out), frozenset(shown),
        tuple(clip for one in loaded for clip in one.test),
    )  # fmt: skip


def _synthetic(config: StgcnRecipe, batch: int, seed: int) -> SyntheticSet:
    return SyntheticSet(config.labels, config.synthetic, config.noise, config.normaliser, batch, seed)


def opened(one: SetConfig) -> SequenceSet:
    """A set of a recipe, not yet read.

    Raises:
        ConfigError: a variable in its path is not set.
        InputError: nothing there, or nothing that looks like a format.
    """
    path = os.path.expandvars(one.path)
    if "$" in path:
        raise ConfigError(f"set {one.path!r}: a variable in it is not set; e.g. export PHYSIO_DATA=FOLDER_OF_SETS")
    return open_set(path)


def load_set(one: SetConfig, config: StgcnRecipe) -> LoadedSet:
    """Read and split one set; errors as :func:`load_sources`."""
    found: list[tuple[Tag, Recorded | None]] = []
    useless, labels = [], set()
    whole_s = (config.synthetic.frames + 1) / config.normaliser.rate_hz
    for sequence in opened(one):  # streams: only what the network needs is kept
        labels.add(sequence.label)
        label, recorded = label_of(sequence, config.labels, one), None
        played = back_and_forth(sequence, whole_s) if one.repeat else sequence
        try:
            recorded = at_rate(played, label, config.normaliser) if label != IGNORE_INDEX else None
        except InputError as error:
            useless.append(str(error))
        found.append((Tag.of(sequence), recorded))
    names = renamed(config.labels, one)
    if unknown := sorted(set(names) - labels):
        raise ConfigError(f"{one.path}: labels: it has no {unknown[0]!r} to rename; it has: {', '.join(sorted(labels))}")
    sides = sides_of([tag for tag, _ in found], one, config.fold)
    learn, val, test = ([kept for i in side if (kept := found[i][1]) is not None] for side in sides)
    if not learn:
        raise InputError(f"{one.path} holds no sequence with a label of the recipe ({', '.join(config.labels)})")
    return LoadedSet(_some(learn, one, config.seed), val, test, useless, {names.get(label, label) for label in labels})


def _some(learn: list[Recorded], one: SetConfig, seed: int) -> list[Recorded]:
    """As many clips of each class as are wanted, drawn by the seed."""
    if not one.per_class:
        return learn
    drawn = [learn[i] for i in np.random.default_rng((seed, 11)).permutation(len(learn))]
    return [a for i, a in enumerate(drawn) if sum(b.label == a.label for b in drawn[:i]) < one.per_class]
