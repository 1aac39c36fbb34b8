"""Which class was called what: the one home of accuracy, recall, precision and balanced accuracy."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from physio_core.errors import InputError

FAILED = "failed"
"""Column of what could not be run; it counts as wrong."""


@dataclass(frozen=True)
class Confusion:
    """Counts by what is true and what was named. K classes.

    Attributes:
        labels: the classes.
        counts: (K, K + E) rows what is true, columns what was named; E further columns are never right.
        others: names of the further columns.
    """

    labels: tuple[str, ...]
    counts: npt.NDArray[np.int64]
    others: tuple[str, ...] = ()

    @staticmethod
    def of(truths: Sequence[str], named: Sequence[str], labels: Sequence[str], others: Sequence[str] = (FAILED,)) -> Confusion:
        """Count pairs; an empty name is the last of the ``others``.

        Raises:
            InputError: a label that is neither among ``labels`` nor, as a name, among ``others``.
        """
        columns = {label: index for index, label in enumerate([*labels, *others])}
        counts = np.zeros((len(labels), len(columns)), np.int64)
        for truth, name in zip(truths, named, strict=True):
            if truth not in labels or (name and name not in columns):
                raise InputError(f"{truth!r} named {name!r}; the classes are {', '.join(columns)}")
            counts[columns[truth], columns[name] if name else -1] += 1
        return Confusion(tuple(labels), counts, tuple(others))

    @property
    def columns(self) -> tuple[str, ...]:
        """Names of the columns."""
        return (*self.labels, *self.others)

    @property
    def totals(self) -> dict[str, int]:
        """How often each class occurs."""
        return dict(zip(self.labels, self.counts.sum(1).tolist(), strict=True))

    @property
    def total(self) -> int:
        """How many were counted."""
        return int(self.counts.sum())

    @property
    def right(self) -> int:
        """How many were named rightly."""
        return int(np.trace(self.counts))

    @property
    def accuracy(self) -> float:
        """Share named rightly; 0 of nothing."""
        return self.right / max(1, self.total)

    @property
    def recall(self) -> dict[str, float]:
        """Share of each class that was named rightly, of the classes that occur."""
        return {label: float(self.counts[i, i] / n) for i, (label, n) in enumerate(self.totals.items()) if n}

    @property
    def balanced_accuracy(self) -> float:
        """Mean recall of the classes that occur; 0 of nothing."""
        return float(np.mean(list(self.recall.values()))) if self.total else 0.0

    @property
    def precision(self) -> dict[str, float]:
        """Share of those named so that are, of the classes that were named."""
        named = self.counts.sum(0)
        return {label: float(self.counts[i, i] / named[i]) for i, label in enumerate(self.labels) if named[i]}

    def f1(self, label: str) -> float | None:
        """Harmonic mean of recall and precision; None: one of them is 0 or unknown."""
        recall, precision = self.recall.get(label), self.precision.get(label)
        return 2 * precision * recall / (precision + recall) if precision and recall else None

    def folded(self, into: str) -> Confusion:
        """The same when, of the class ``into``, naming a class that does not occur counts as naming ``into``.

        For sets that lack classes of the model: what looks like one of these may well be one.
        """
        totals, counts = self.totals, self.counts.copy()
        if totals.get(into):
            row, absent = self.labels.index(into), [i for i, label in enumerate(self.labels) if not totals[label]]
            counts[row, row] += counts[row, absent].sum()
            counts[row, absent] = 0
        return Confusion(self.labels, counts, self.others)

    def as_dict(self) -> dict[str, dict[str, int]]:
        """``{true: {named: count}}``, for JSON."""
        return {
            label: dict(zip(self.columns, row, strict=True)) for label, row in zip(self.labels, self.counts.tolist(), strict=True)
        }

    @staticmethod
    def from_dict(found: dict[str, dict[str, int]]) -> Confusion:
        """As :meth:`as_dict` gives it."""
        columns = tuple(next(iter(found.values()), {}))
        counts = np.array([list(row.values()) for row in found.values()], np.int64).reshape(len(found), len(columns))
        return Confusion(tuple(found), counts, columns[len(found) :])
