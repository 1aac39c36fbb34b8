"""Whole sets: a part of one, several as one, training apart from testing; everything streams, nothing is held in memory."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from physio_core.errors import ConfigError
from physio_core.types import UNKNOWN
from physio_lab.datasets.formats import SequenceSet
from physio_lab.datasets.sequence import SkeletonSequence

PARTS = ("train", "val", "test")


@dataclass(frozen=True)
class Chosen:
    """Some sequences of a set, perhaps with another label; can be gone through again and again.

    Attributes:
        of: the set.
        labels: name of each chosen sequence to its label.
    """

    of: Iterable[SkeletonSequence]
    labels: Mapping[str, str]

    def __iter__(self) -> Iterator[SkeletonSequence]:
        """The chosen ones, in the order of the set."""
        for one in self.of:
            if one.name in self.labels:
                yield replace(one, label=self.labels[one.name])


def in_both(source: Iterable[SkeletonSequence], other: Iterable[SkeletonSequence]) -> Chosen:
    """The sequences of a set whose names another set has too, so that what two estimators made of the same clips is compared.

    Raises:
        ConfigError: no name is in both.
    """
    labels, names = {one.name: one.label for one in source}, {one.name for one in other}
    common = {name: label for name, label in labels.items() if name in names}
    if not common:
        shown = [", ".join(sorted(some)[:2]) for some in (labels, names)]
        raise ConfigError(f"no name is in both sets; one has {shown[0]} ..., the other {shown[1]} ...")
    return Chosen(source, common)


def subset(source: Iterable[SkeletonSequence], classes: Sequence[str], others: int = 0, seed: int = 0) -> Chosen:
    """The sequences of some classes, and so many others, drawn from all other classes, as ``unknown``.

    Raises:
        ConfigError: a class that the set does not have, or more others than there are.
    """
    labels = {one.name: one.label for one in source}
    known = sorted(set(labels.values()))
    strange = [name for name in classes if name not in known]
    if strange or not classes:
        raise ConfigError(f"the set has no class {', '.join(strange) or '(none asked for)'}; it has: {', '.join(known)}")
    rest = sorted(name for name, label in labels.items() if label not in classes)
    if not 0 <= others <= len(rest):
        raise ConfigError(f"{others} others asked for; the set has {len(rest)} sequences of other classes")
    drawn = np.random.default_rng(seed).choice(len(rest), others, replace=False) if others else ()
    kept = {name: label for name, label in labels.items() if label in classes}
    return Chosen(source, kept | {rest[index]: UNKNOWN for index in drawn})


@dataclass(frozen=True)
class Merged:
    """Several sets as one; can be gone through again and again.

    Attributes:
        sets: what is merged.
        rename: put the file's name before each sequence's, so that names of different sets cannot meet; of files that are
            called alike, the folder's.
    """

    sets: Sequence[SequenceSet]
    rename: bool = False

    @property
    def labels(self) -> tuple[str, ...]:
        """Every class: those of the first set in its order, then what the others add.

        Raises:
            ConfigError: labels that only differ in spelling, which would make one class two.
        """
        labels = tuple(dict.fromkeys(label for one in self.sets for label in one.labels))
        spelled: dict[str, str] = {}
        for label in labels:
            other = spelled.setdefault(re.sub(r"[\W_]+", "", label).casefold(), label)
            if other != label:
                raise ConfigError(
                    f"labels {other!r} and {label!r} differ only in spelling: {self._where(other, label)}; correct one"
                )
        numbers = {label: label.isdigit() for label in labels if label}
        if len(set(numbers.values())) > 1:
            number, word = (next(label for label in numbers if numbers[label] is kind) for kind in (True, False))
            where = self._where(number, word)
            raise ConfigError(f"labels {number!r} and {word!r}: {where}; a number is no name, put the label file beside its set")
        return labels

    def _where(self, *labels: str) -> str:
        return ", ".join(str(one.path) for label in labels for one in self.sets if label in one.labels)

    def __iter__(self) -> Iterator[SkeletonSequence]:
        """The sequences of the first set, then those of the next.

        Raises:
            ConfigError: skeletons of different kinds, or a name that two sets use.
        """
        first: tuple[str, SequenceSet] | None = None
        prefixes = _prefixes([one.path for one in self.sets])
        names: dict[str, SequenceSet] = {}
        for one in self.sets:
            for sequence in one:
                kind = _kind(sequence)
                first = first or (kind, one)
                if kind != first[0]:
                    raise ConfigError(
                        f"{first[1].path} holds {first[0]}, {one.path} holds {kind}; make them alike first: "
                        "physio dataset convert IN OUT --layout NAME"
                    )
                name = f"{prefixes[one.path]}_{sequence.name}" if self.rename else sequence.name
                if name in names:
                    raise ConfigError(f"{name!r} is in {names[name].path} and in {one.path}; the same twice? if not: --rename")
                names[name] = one
                yield replace(sequence, name=name)


def _prefixes(paths: Sequence[Path]) -> dict[Path, str]:
    """What tells sets apart: their files' names, else their folders', else those with a number; the same set has one."""
    places = list(dict.fromkeys(path.absolute() for path in paths))
    names = [place.stem for place in places]
    if len(set(names)) < len(names):
        names = [place.parent.name for place in places]
    if len(set(names)) < len(names):
        names = [f"{name}_{number}" for number, name in enumerate(names, start=1)]
    named = dict(zip(places, names, strict=True))
    return {path: named[path.absolute()] for path in paths}


def _kind(sequence: SkeletonSequence) -> str:
    where = "pictures" if sequence.width_px else "metres"
    return f"{sequence.layout} in {where}, {sequence.points.shape[-1]}-D"


@dataclass(frozen=True)
class Group:
    """Sequences that may not be torn apart: of one person, or of one recording.

    Attributes:
        key: the subject; the recording where no subject is known; else the sequence's own name.
        labels: name of each sequence to its label.
    """

    key: str
    labels: Mapping[str, str]

    @property
    def counts(self) -> Counter[str]:
        """Sequences per label."""
        return Counter(self.labels.values())


def groups_of(source: Iterable[SkeletonSequence]) -> list[Group]:
    """What must stay together. Who shares a subject or a recording with somebody is in one group with them."""
    leader: dict[str, str] = {}

    def lead(key: str) -> str:
        while leader.setdefault(key, key) != key:
            key = leader[key]
        return key

    rows = []
    for one in source:
        keys = [f"{kind} {value}" for kind, value in (("subject", one.subject), ("source", one.source)) if value]
        keys = keys or [f"name {one.name}"]
        for other in keys[1:]:
            leader[lead(other)] = lead(keys[0])
        rows.append((keys[0], one.name, one.label))
    members: dict[str, list[tuple[str, str, str]]] = {}
    for row in rows:
        members.setdefault(lead(row[0]), []).append(row)
    return [
        Group(", ".join(sorted({key for key, _, _ in found})), {name: label for _, name, label in found})
        for found in members.values()
    ]


def split(groups: Sequence[Group], shares: Sequence[float], seed: int = 0) -> list[list[Group]]:
    """Deal groups out to the parts so that every class comes near the shares; the largest groups go first.

    Args:
        groups: of :func:`groups_of`.
        shares: of each part, summing to 1; 0 leaves a part empty.
        seed: decides among groups of one size.

    Returns:
        The groups of each part.

    Raises:
        ConfigError: shares that are none, or fewer groups than parts.
    """
    if any(not 0.0 <= share <= 1.0 for share in shares) or not math.isclose(sum(shares), 1.0, abs_tol=1e-6):
        raise ConfigError(f"shares {', '.join(f'{share:g}' for share in shares)} must lie in 0 .. 1 and sum to 1")
    wanted = [part for part, share in enumerate(shares) if share > 0.0]
    if len(groups) < len(wanted):
        raise ConfigError(f"{len(wanted)} parts need as many subjects or recordings; the set has {len(groups)}")
    order = np.random.default_rng(seed).permutation(len(groups))
    dealt: list[list[Group]] = [[] for _ in shares]
    totals = _sum(groups)
    for group in sorted((groups[index] for index in order), key=lambda one: -len(one.labels)):
        have = [_sum(part) for part in dealt]

        def missing(part: int, have: list[Counter[str]] = have, group: Group = group) -> float:
            counts = group.counts.items()
            return sum(n / totals[label] * (shares[part] * totals[label] - have[part][label]) for label, n in counts)

        dealt[max(wanted, key=missing)].append(group)
    for part in wanted:
        if not dealt[part]:  # few groups and a small share: the smallest of the part that has most
            richest = max(wanted, key=lambda other: len(dealt[other]))
            dealt[part].append(dealt[richest].pop())
    return dealt


def _sum(groups: Iterable[Group]) -> Counter[str]:
    return sum((group.counts for group in groups), Counter())


def find(source: Iterable[SkeletonSequence], fits: Callable[[int, SkeletonSequence], bool]) -> SkeletonSequence:
    """The first sequence that fits, by number and content.

    Raises:
        ConfigError: none does.
    """
    names = []
    for number, one in enumerate(source):
        if fits(number, one):
            return one
        names.append(one.name)
    raise ConfigError(f"no such sequence; the set has {len(names)}: {', '.join(names[:5])}{' ...' if len(names) > 5 else ''}")
