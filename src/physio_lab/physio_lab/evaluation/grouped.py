"""How far an evaluation can be trusted, when clips of one person, or of one recording, are alike."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from physio_lab.datasets.split import Tag, groups_of, unit_of
from physio_lab.reports.confusion import Confusion
from physio_lab.reports.intervals import Interval, accuracy, balanced_accuracy, interval


def intervals(clips: Sequence[Tag], named: Sequence[str], labels: Sequence[str]) -> dict[str, Any]:
    """Where accuracy and balanced accuracy lie with 95 % confidence.

    Args:
        clips: each with its true label, and with whom and what it is from.
        named: what each was called; empty: it could not be run.
        labels: the classes.

    Returns:
        ``accuracy`` and ``balanced_accuracy`` (each ``low`` and ``high``), ``over`` (``subject``, ``source`` or ``clip``: what
        was drawn, whole) and ``groups`` (how many of them there are).
    """
    numbered = {str(number): name for number, name in enumerate(named)}
    groups = groups_of(Tag(str(number), one.label, one.subject, one.source) for number, one in enumerate(clips))
    confusions = [
        Confusion.of(list(group.labels.values()), [numbered[number] for number in group.labels], labels) for group in groups
    ]
    return {
        "accuracy": interval(confusions, accuracy)._asdict(),
        "balanced_accuracy": interval(confusions, balanced_accuracy)._asdict(),
        "over": unit_of(groups),
        "groups": len(groups),
    }


def told(found: dict[str, Any], name: str) -> str:
    """An interval of :func:`intervals` in words."""
    return str(Interval(**found[name]))
