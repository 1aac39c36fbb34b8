"""Wrong names in an hour of ordinary life: over clips of other movements, and over sets of skeletons in which nobody exercises.

A share of the windows says little of what a patient hears: half a per cent of an hour may be one name for eighteen seconds, or
one every minute. So names are counted as they are said: one from when an exercise is named until it is no more.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from physio_core.errors import InputError
from physio_core.types import UNKNOWN, Prediction
from physio_lab.datasets.formats import open_set
from physio_lab.evaluation.clip_label import stood_s
from physio_lab.evaluation.evaluate import Case, Outcome
from physio_lab.evaluation.sets import cases_of

LASTING_S = 1.0
"""A name that stands for so long is one that a clip could be called by [s]."""


def negative_cases(path: str, layout: str, labels: Sequence[str]) -> list[Case]:
    """The sequences of a set of other movements, each once, as live: locked on one person and smoothed.

    Raises:
        InputError: no set there, or someone does an exercise of the model in it.
    """
    opened = open_set(path)
    sequences = list(opened)
    exercises = sorted({one.label for one in sequences} & (set(labels) - {UNKNOWN}))
    if exercises:
        raise InputError(f"{path} shows {', '.join(exercises)}, which the model names; give a set of other movements alone")
    return [replace(case, marked=False) for case in cases_of(opened, sequences, layout, {})]


def wrong_names(outcomes: Iterable[Outcome]) -> dict[str, Any]:
    """What was named of movements that are no exercise; outcomes of exercises are left out.

    Returns:
        ``hours`` in which a person was in view, ``wrong_names`` (how often an exercise was named), ``lasting``
        (how many of them for :data:`LASTING_S` or more), ``wrong_names_per_hour`` and ``lasting_per_hour`` (None: no time),
        ``named_s`` (exercise: seconds).
    """
    total_s, names = 0.0, list[float]()
    named_s: dict[str, float] = {}
    for one in outcomes:
        if one.truth != UNKNOWN or one.run is None:
            continue
        total_s += sum(stood_s(one.run.predictions))
        for label, seconds in stretches(one.run.predictions):
            names.append(seconds)
            named_s[label] = named_s.get(label, 0.0) + seconds
    hours, lasting = total_s / 3600.0, sum(seconds >= LASTING_S for seconds in names)
    return {
        "hours": hours, "wrong_names": len(names), "lasting": lasting,
        "wrong_names_per_hour": len(names) / hours if hours else None, "lasting_per_hour": lasting / hours if hours else None,
        "named_s": dict(sorted(named_s.items())),
    }  # fmt: skip


def stretches(predictions: Sequence[Prediction]) -> list[tuple[str, float]]:
    """Each time that an exercise was named, and for how long [s]; silence ends it."""
    found: list[tuple[str, float]] = []
    before = ""
    for one, seconds in zip(predictions, stood_s(predictions), strict=True):
        label = one.label if one.label != UNKNOWN else ""
        if label and label == before:
            found[-1] = label, found[-1][1] + seconds
        elif label:
            found.append((label, seconds))
        before = label
    return found


def both(first: Sequence[Outcome], second: Sequence[Outcome]) -> dict[str, Any]:
    """:func:`wrong_names` of clips and of a set together, and of each (``clips``, ``set``; None where there is none)."""
    return wrong_names([*first, *second]) | {"clips": wrong_names(first), "set": wrong_names(second) if second else None}
