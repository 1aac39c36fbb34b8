"""How well positions of hands are told by a model: learnt on some pictures, judged on others, of whom nothing was learnt."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from physio_core.errors import InputError
from physio_core.hands.states import HandStates
from physio_lab.hands.learning import learn_states
from physio_lab.hands.pictures import Picture, SeenHands
from physio_lab.reports.confusion import Confusion
from physio_lab.reports.intervals import accuracy, interval

ABSTAINED = "abstained"
BLOCKS = 5
"""A recording in so many pieces, where recordings cannot be left out since each shows another state."""


@dataclass(frozen=True)
class Judged:
    """Pictures and what was said of each.

    Attributes:
        pictures: (N,) judged.
        named: (N,) states; empty where none was named.
        detected: share of them with a hand.
        how: which pictures taught those that judged, in words.
    """

    pictures: tuple[Picture, ...]
    named: tuple[str, ...]
    detected: float
    how: str


def named_by(model: HandStates, hands: SeenHands) -> tuple[str, ...]:
    """The state of each hand; empty where none is named."""
    features, seen = hands.features, hands.seen
    return tuple(model.named(model.distances(row)).state if there else "" for row, there in zip(features, seen, strict=True))


def judge_others(train: tuple[Sequence[Picture], SeenHands], test: tuple[Sequence[Picture], SeenHands]) -> Judged:
    """Learn from one folder, judge another.

    Raises:
        InputError: the other shows a state that was not learnt.
    """
    model = learn_states(train[1].points, [picture.state for picture in train[0]]).model
    return judge_by(model, test, "learnt from --train, judged on --test")


def judge_by(
    model: HandStates, test: tuple[Sequence[Picture], SeenHands], how: str, called: Mapping[str, str] | None = None
) -> Judged:
    """Judge a folder by a model.

    Args:
        model: of states.
        test: pictures, and the hands in them.
        how: what taught the model, in words.
        called: names that the pictures have for the model's states, where they differ.

    Raises:
        InputError: the pictures show a state that was not learnt.
    """
    called = called or {}
    known = [called.get(state, state) for state in model.states]
    if strange := [picture.state for picture in test[0] if picture.state not in known]:
        raise InputError(f"--test shows {strange[0]!r}, which was not learnt; what was: {', '.join(known)}")
    return Judged(
        tuple(test[0]), tuple(called.get(state, state) for state in named_by(model, test[1])), float(test[1].seen.mean()), how
    )


def judge_folds(pictures: Sequence[Picture], hands: SeenHands) -> Judged:
    """Each recording by what the others taught; where a state is in one recording only, each fifth of the recordings.

    Raises:
        InputError: too few pictures of a state.
    """
    states = {picture.state for picture in pictures}
    if min(len({one.take for one in pictures if one.state == state}) for state in states) > 1:
        fold = [picture.take for picture in pictures]
        how = "each recording judged by what the others taught"
    else:
        fold = [("", str(piece)) for piece in _pieces(pictures)]
        how = f"each {BLOCKS}th of every recording judged by the rest of it, which is easier: a state is in one recording only"
    named = [""] * len(pictures)
    for one in dict.fromkeys(fold):
        inside = np.array([here == one for here in fold])
        model = learn_states(hands.points[~inside], [p.state for p, here in zip(pictures, inside, strict=True) if not here]).model
        part = SeenHands(hands.points[inside], hands.stamps_s[inside])
        for at, state in zip(np.flatnonzero(inside), named_by(model, part), strict=True):
            named[at] = state
    return Judged(tuple(pictures), tuple(named), float(hands.seen.mean()), how)


def _pieces(pictures: Sequence[Picture]) -> list[int]:
    """Which piece of its recording each picture belongs to; they are in order of their frames."""
    sizes = {take: sum(one.take == take for one in pictures) for take in {one.take for one in pictures}}
    seen: dict[tuple[str, str], int] = {}
    found = []
    for picture in pictures:
        at = seen.get(picture.take, 0)
        seen[picture.take] = at + 1
        found.append(at * BLOCKS // sizes[picture.take])
    return found


def figures_of(judged: Judged) -> dict[str, Any]:
    """Accuracy and balanced accuracy of what was named, what was abstained from, and what was called what."""
    labels = list(dict.fromkeys(picture.state for picture in judged.pictures))
    truths = [picture.state for picture in judged.pictures]
    whole = Confusion.of(truths, judged.named, labels, (ABSTAINED,))
    said = [(truth, name) for truth, name in zip(truths, judged.named, strict=True) if name]
    spoken = Confusion.of([truth for truth, _ in said], [name for _, name in said], labels, (ABSTAINED,))
    takes = list(dict.fromkeys(picture.take for picture in judged.pictures))
    by_take = [
        Confusion.of(
            [p.state for p in judged.pictures if p.take == take],
            [name for p, name in zip(judged.pictures, judged.named, strict=True) if p.take == take], labels, (ABSTAINED,),
        )
        for take in takes
    ]  # fmt: skip
    low, high = interval(by_take, accuracy)
    return {
        "n": len(truths),
        "accuracy": spoken.accuracy,
        "balanced_accuracy": spoken.balanced_accuracy,
        "abstained": 1.0 - len(said) / max(len(truths), 1),
        "confusion": whole.as_dict(),
        "accuracy_of_all": whole.accuracy,
        "accuracy_of_all_interval": [low, high],
        "interval_over": f"{len(takes)} recordings",
        "detected": judged.detected,
        "how": judged.how,
    }
