"""Who may not be torn apart, and who is learnt from, held out or tested on: the one home of every split by subject.

Sequences of one person, or cut from one recording, look alike; a split that puts them on both sides measures memory. Who shares
a subject or a recording with someone is on the side of them, also by way of a third.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

import numpy as np

from physio_core.errors import ConfigError

PARTS = ("train", "val", "test")
SPLIT = "split.csv"
"""Says which sequence is in which part of the folder that it lies in."""


class Member(Protocol):
    """What a split looks at: of a sequence, or of a row of an index."""

    @property
    def name(self) -> str:
        """Unique within the set."""

    @property
    def label(self) -> str:
        """What is done."""

    @property
    def subject(self) -> str:
        """Who; empty: not known."""

    @property
    def source(self) -> str:
        """Which recording; empty: not known."""


@dataclass(frozen=True)
class Tag:
    """A :class:`Member` without its skeletons, to be kept while a set streams past."""

    name: str
    label: str
    subject: str
    source: str

    @staticmethod
    def of(one: Member) -> Tag:
        """That of a sequence."""
        return Tag(one.name, one.label, one.subject, one.source)


@dataclass(frozen=True)
class Group:
    """Sequences that may not be torn apart: of one person, or of one recording.

    Attributes:
        key: the subjects; the recordings of those whose subject is not known; else the sequence's own name.
        labels: name of each sequence to its label.
        subjects: who; empty: not known.
        sources: which recordings.
    """

    key: str
    labels: Mapping[str, str]
    subjects: frozenset[str] = frozenset()
    sources: frozenset[str] = frozenset()

    @property
    def name(self) -> str:
        """The subjects; where none is known the recordings; else the sequence's own name."""
        return ", ".join(sorted(self.subjects or self.sources or self.labels))

    @property
    def counts(self) -> Counter[str]:
        """Sequences per label."""
        return Counter(self.labels.values())


def groups_of(source: Iterable[Member]) -> list[Group]:
    """What must stay together. Who shares a subject or a recording with someone is in one group with them."""
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
        rows.append((keys[0], Tag.of(one)))
    members: dict[str, list[tuple[str, Tag]]] = {}
    for key, tag in rows:
        members.setdefault(lead(key), []).append((key, tag))
    return [
        Group(
            ", ".join(sorted({key for key, _ in found})),
            {tag.name: tag.label for _, tag in found},
            frozenset(tag.subject for _, tag in found) - {""},
            frozenset(tag.source for _, tag in found) - {""},
        )
        for found in members.values()
    ]


def unit_of(groups: Sequence[Group]) -> str:
    """What the groups are: ``subject``, or ``source``, or ``clip`` where neither is known."""
    if any(group.subjects for group in groups):
        return "subject"
    return "source" if any(group.sources for group in groups) else "clip"


def folds(groups: Sequence[Group], count: int = 0, seed: int = 0) -> list[list[Group]]:
    """Parts of about equal size that are each tested on once, while the others are learnt from.

    Args:
        groups: of :func:`groups_of`.
        count: how many parts; 0: each group is one.
        seed: as of :func:`split`.

    Raises:
        ConfigError: fewer than two parts, or fewer groups than parts.
    """
    count = count or len(groups)
    if count < 2:
        raise ConfigError(f"{count} folds of {len(groups)} subjects or recordings; need at least two of both")
    if count == len(groups):
        return [[group] for group in groups]
    return split(groups, [1.0 / count] * count, seed)


def split(groups: Sequence[Group], shares: Sequence[float], seed: int = 0) -> list[list[Group]]:
    """Deal groups out to the parts so that every class comes near the shares; the largest groups go first.

    Args:
        groups: of :func:`groups_of`.
        shares: of each part, summing to 1; 0 leaves a part empty.
        seed: decides among groups of one size.

    Returns:
        The groups of each part.

    Raises:
        ConfigError: invalid shares, or fewer groups than parts.
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


class Sides(NamedTuple):
    """Indices of what is learnt from, of what is held out to be followed meanwhile, and of what is only tested on, at the end."""

    learn: list[int]
    held: list[int]
    test: list[int]


def hold_out(
    members: Sequence[Member],
    held: Sequence[str] = (),
    learn: Sequence[str] = (),
    share: float = 0.0,
    seed: int = 0,
    what: str = "",
    test: Sequence[str] = (),
    fold: tuple[int, int] = (0, 0),
) -> Sides:
    """Indices to learn from, indices held out and indices to test on.

    Args:
        members: of a set.
        held: subjects or recordings that are held out, by name.
        learn: those to learn from; none: all on no other side.
        share: of the groups to hold out, drawn where none is named.
        seed: which are drawn.
        what: the set, for messages.
        test: those to test on, by name.
        fold: which part, counted from 0, of how many, of the groups that are not named in ``held`` is tested on too; of 0: none.

    Raises:
        ConfigError: a name that the set does not have, one on two sides, more parts than groups, or nothing left to learn from.
    """
    groups = sorted(groups_of(members), key=lambda group: group.name)
    named = {name: group.name for group in groups for name in (*group.labels, *group.sources, *group.subjects)}
    if unknown := sorted({*held, *learn, *test} - set(named)):
        known = [group.name for group in groups[:20]]
        raise ConfigError(f"{what} has no subject or source {unknown[0]!r}; it has {', '.join(known)}")
    out, kept = {named[name] for name in held}, {named[name] for name in test}
    if shared := sorted(name for name in (*learn, *test) if named[name] in out) or sorted(n for n in learn if named[n] in kept):
        raise ConfigError(f"{what}: {shared[0]!r} is both held out and learnt from, or tested on besides")
    index, count = fold
    if count:
        kept |= {group.name for group in folds([group for group in groups if group.name not in out], count, seed)[index]}
    if not held and share > 0:
        rest = [group for group in groups if group.name not in kept]
        order = np.random.default_rng((seed, 7)).permutation(len(rest))
        out = {rest[i].name for i in order[: max(1, round(share * len(rest)))]}
        if shared := sorted(name for name in learn if named[name] in out):
            raise ConfigError(f"{what}: {shared[0]!r} is both held out and learnt from; name those to hold out")
    chosen = ({named[name] for name in learn} or {group.name for group in groups}) - out - kept
    sides = [named[one.name] for one in members]
    if not chosen & set(sides):
        raise ConfigError(f"{what}: nothing is left to learn from; hold out fewer of its {len(groups)} subjects or sources")
    return Sides(*([i for i, side in enumerate(sides) if side in part] for part in (chosen, out, kept)))


def _sum(groups: Iterable[Group]) -> Counter[str]:
    return sum((group.counts for group in groups), Counter())
