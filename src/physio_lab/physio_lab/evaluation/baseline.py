"""Classical methods on the same sequences: what a network must beat to be worth its weights.

They see a whole movement, cut out by a person, and know how it ends; a stream knows neither. Whoever is measured was never learnt
from, nor was anybody in the same recording.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Protocol

import numpy as np

from physio_core.errors import ConfigError, InputError
from physio_core.types import FloatArray
from physio_lab.datasets.sequence import SkeletonSequence
from physio_lab.datasets.split import Tag, folds, groups_of
from physio_lab.evaluation.grouped import intervals
from physio_lab.evaluation.nearest import Nearest, straight, warped
from physio_lab.evaluation.shapes import shape_of
from physio_lab.evaluation.support_vectors import SupportVectors, need_sklearn
from physio_lab.reports.confusion import Confusion


class Classifier(Protocol):
    """A method."""

    def fit(self, shapes: FloatArray, labels: Sequence[str]) -> None:
        """Learn shapes (M, T, F) and their labels."""

    def predict(self, shapes: FloatArray) -> list[str]:
        """Labels of shapes (N, T, F)."""


class MostFrequent:
    """Always the class that is learnt most often: what chance gives."""

    def fit(self, shapes: FloatArray, labels: Sequence[str]) -> None:
        """See :class:`Classifier`."""
        ((self._label, _),) = Counter(labels).most_common(1)

    def predict(self, shapes: FloatArray) -> list[str]:
        """See :class:`Classifier`."""
        return [self._label] * len(shapes)


@dataclass(frozen=True)
class Method:
    """A method by its name in tables.

    Attributes:
        what: in a few words.
        make: a new one, which knows nothing yet.
        check: raises ConfigError where a library is missing.
    """

    what: str
    make: Callable[[], Classifier]
    check: Callable[[], object] = lambda: None


METHODS = {
    "chance": Method("most frequent class", MostFrequent),
    "nearest": Method("nearest neighbour, same moments", partial(Nearest, straight)),
    "warped": Method("nearest neighbour, dynamic time warping", partial(Nearest, warped)),
    "svm": Method("support vector machine, radial", SupportVectors, need_sklearn),
}


@dataclass(frozen=True)
class Example:
    """A sequence as methods see it.

    Attributes:
        tag: name, whom and what it is from; the label is what is to be told.
        kind: only examples of one kind are compared; empty for all alike.
        shape: (T, F), see :func:`~physio_lab.evaluation.shapes.shape_of`.
    """

    tag: Tag
    kind: str
    shape: FloatArray

    @staticmethod
    def of(sequence: SkeletonSequence, label: str, kind: str = "") -> Example:
        """That of a sequence; errors as :func:`~physio_lab.evaluation.shapes.shape_of`."""
        return Example(Tag(sequence.name, label, sequence.subject, sequence.source), kind, shape_of(sequence))


def need_libraries(methods: Collection[str]) -> None:
    """ConfigError where one of the methods cannot run, to be found out before the work."""
    for name in methods:
        METHODS[name].check()


def installed() -> tuple[str, ...]:
    """The methods whose libraries are there."""

    def runs(name: str) -> bool:
        try:
            METHODS[name].check()
        except ConfigError:
            return False
        return True

    return tuple(name for name in METHODS if runs(name))


def named(method: str, learn: Sequence[Example], test: Sequence[Example]) -> list[str]:
    """What a method calls each of the ``test`` examples; empty where nothing of its kind is learnt."""
    found = [""] * len(test)
    for kind in {one.kind for one in test}:
        known = [one for one in learn if one.kind == kind]
        asked = [i for i, one in enumerate(test) if one.kind == kind]
        if known:
            classifier = METHODS[method].make()
            classifier.fit(np.stack([one.shape for one in known]), [one.tag.label for one in known])
            for index, label in zip(asked, classifier.predict(np.stack([test[i].shape for i in asked])), strict=True):
                found[index] = label
    return found


def crossed(
    examples: Sequence[Example], methods: Sequence[str], count: int = 0, tell: Callable[[], None] | None = None
) -> list[dict[str, Any]]:
    """Each method, measured on each subject (or recording) after it learnt from the others.

    Args:
        examples: all of a set.
        methods: of :data:`METHODS`.
        count: how many folds; 0: as many as subjects or recordings.
        tell: called after each fold of each method.

    Returns:
        A row of figures for each method, as :func:`beside` gives them.

    Raises:
        ConfigError: too few subjects or recordings.
        InputError: no two classes.
    """
    labels = sorted({one.tag.label for one in examples})
    if len(labels) < 2:
        raise InputError(f"there is nothing to tell apart: all are {labels[0] if labels else 'missing'}")
    tests = [{name for group in fold for name in group.labels} for fold in folds(groups_of(one.tag for one in examples), count)]
    rows = []
    for method in methods:
        found = dict[str, str]()
        for test in tests:
            asked = [one for one in examples if one.tag.name in test]
            others = [one for one in examples if one.tag.name not in test]
            found |= dict(zip((one.tag.name for one in asked), named(method, others, asked), strict=True))
            if tell:
                tell()
        rows.append(_row(method, examples, [found[one.tag.name] for one in examples], labels))
    return rows


def beside(
    learn: Sequence[Example], test: Sequence[Example], labels: Sequence[str], methods: Iterable[str] = METHODS
) -> list[dict[str, Any]]:
    """Each method, measured on a test set after it learnt from another set.

    Returns:
        For each method ``method``, ``what``, ``n``, ``accuracy``, ``balanced_accuracy``, ``intervals``, ``recall`` and
        ``confusion``, as :func:`~physio_lab.evaluation.evaluate.figures` has them.

    Raises:
        ConfigError: a subject or recording is in both sets.
    """
    both = [one.tag for one in (*learn, *test)]
    tested = {one.tag.name for one in test}
    if any(one.tag.name in tested for one in learn):
        raise ConfigError("the baselines would learn from what they are measured on; name another set or part")
    for group in groups_of(both):
        if set(group.labels) & tested and set(group.labels) - tested:
            raise ConfigError(
                f"{group.name} is in what the baselines learn from and in what they are measured on; split by subject"
            )
    return [_row(method, test, named(method, learn, test), labels) for method in methods]


def _row(method: str, examples: Sequence[Example], found: Sequence[str], labels: Sequence[str]) -> dict[str, Any]:
    confusion = Confusion.of([one.tag.label for one in examples], found, labels)
    return {
        "method": method,
        "what": METHODS[method].what,
        "n": confusion.total,
        "accuracy": confusion.accuracy,
        "balanced_accuracy": confusion.balanced_accuracy,
        "intervals": intervals([one.tag for one in examples], found, labels),
        "recall": confusion.recall,
        "confusion": confusion.as_dict(),
    }
