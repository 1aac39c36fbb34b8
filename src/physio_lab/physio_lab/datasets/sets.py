"""Whole sets: a part of one, several as one; everything streams, nothing is held in memory."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from physio_core.errors import ConfigError
from physio_core.types import UNKNOWN
from physio_lab.datasets.formats import SequenceSet
from physio_lab.datasets.sequence import SkeletonSequence


@dataclass(frozen=True)
class Subset:
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


def in_both(source: Iterable[SkeletonSequence], other: Iterable[SkeletonSequence]) -> Subset:
    """The sequences of a set whose names another set has too, so that what two estimators made of the same clips is compared.

    Raises:
        ConfigError: no name is in both.
    """
    labels, names = {one.name: one.label for one in source}, {one.name for one in other}
    common = {name: label for name, label in labels.items() if name in names}
    if not common:
        shown = [", ".join(sorted(some)[:2]) for some in (labels, names)]
        raise ConfigError(f"no name is in both sets; one has {shown[0]} ..., the other {shown[1]} ...")
    return Subset(source, common)


def judged(source: Iterable[SkeletonSequence], correct: bool) -> Subset:
    """The sequences that are annotated as done right, or as done wrong.

    Raises:
        ConfigError: there is none.
    """
    labels = {one.name: one.label for one in source if one.annotations.correct is correct}
    if not labels:
        raise ConfigError(f"no sequence of the set is annotated as done {'right' if correct else 'wrong'}")
    return Subset(source, labels)


def subset(source: Iterable[SkeletonSequence], classes: Sequence[str], others: int = 0, seed: int = 0) -> Subset:
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
    return Subset(source, kept | {rest[index]: UNKNOWN for index in drawn})


@dataclass(frozen=True)
class ConcatDataset:
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
