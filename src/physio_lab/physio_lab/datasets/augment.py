"""Changed copies of a set's sequences. A copy keeps subject and source, so that a split never puts it on the other side."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import count, islice

import numpy as np

from physio_core.errors import InputError
from physio_core.skeleton.layouts import layout_named
from physio_core.types import FloatArray
from physio_lab.augment.compose import Compose
from physio_lab.datasets.annotations import mirrored_name
from physio_lab.datasets.files import rate_of, stamps
from physio_lab.datasets.sequence import SkeletonSequence


def augmented(sequence: SkeletonSequence, compose: Compose, rng: np.random.Generator, name: str) -> SkeletonSequence:
    """A changed copy under a new name; its annotations follow, and so does a label that names a side.

    Points of a picture are brought to picture heights from its middle and back, so that a turn is a turn. Where the number of
    frames changes, the copy has the sequence's mean rate.

    Raises:
        InputError: the sequence has no frames.
    """
    unit, middle = _picture(sequence)
    try:
        made = compose.traced((sequence.points - middle) * unit, sequence.confidence, layout_named(sequence.layout), rng)
    except InputError as error:
        raise InputError(f"{sequence.name}: {error}") from error
    seen = (made.confidence > 0)[..., None]
    back = np.where(seen, made.points / unit + middle, 0.0).astype(sequence.points.dtype)
    times_s = sequence.stamps_s
    if back.shape[1] != len(times_s):
        times_s = times_s[0] + stamps(back.shape[1], rate_of(sequence))
    known = sequence.annotations.retimed(made.showing, times_s, sequence.stamps_s)
    label, known = (mirrored_name(sequence.label), known.mirrored()) if made.mirrored else (sequence.label, known)
    return replace(sequence, points=back, confidence=made.confidence, stamps_s=times_s, name=name, label=label, annotations=known)


def labels_of_copies(labels: Sequence[str], compose: Compose) -> tuple[str, ...]:
    """Every label that copies can have: those of the set, and of its sided ones the other side where anything mirrors."""
    mirrored = [mirrored_name(label) for label in labels] if any(one.mirrors for one in compose.transforms) else []
    return tuple(dict.fromkeys([*labels, *mirrored]))


def augmented_set(
    sequences: Iterable[SkeletonSequence], compose: Compose, seed: int, copies: int = 1, keep: bool = True
) -> Iterator[SkeletonSequence]:
    """Each sequence and ``copies`` changed copies of it, one at a time.

    Args:
        sequences: any that can be gone through twice; the first time for their names.
        compose: what is done.
        seed: the same gives the same copies.
        copies: of each sequence, named ``NAME_1``, ``NAME_2`` ... without names that the set has.
        keep: whether the sequences themselves are passed on too.
    """
    taken = {sequence.name for sequence in sequences}
    for number, sequence in enumerate(sequences):
        if keep:
            yield sequence
        for copy, name in enumerate(islice(_free(sequence.name, taken), copies), start=1):
            yield augmented(sequence, compose, np.random.default_rng((seed, number, copy)), name)


def _free(name: str, taken: Collection[str]) -> Iterator[str]:
    return (free for number in count(1) if (free := f"{name}_{number}") not in taken)


def _picture(sequence: SkeletonSequence) -> tuple[FloatArray, FloatArray]:
    """Picture heights in one unit of each coordinate (D,), and the middle of the picture (D,)."""
    dimensions = sequence.points.shape[-1]
    if not (sequence.width_px and sequence.height_px):
        return np.ones(dimensions), np.zeros(dimensions)
    aspect = sequence.width_px / sequence.height_px
    return np.array([aspect, 1.0, aspect])[:dimensions], np.array([0.5, 0.5, 0.0])[:dimensions]
