"""How well repetitions are counted on labelled clips: the coach's own assessor watches each clip, asked for what it shows."""

from __future__ import annotations

import functools
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field
from statistics import fmean
from typing import Any

from physio_core.assessment.assessor import Assessor
from physio_core.assessment.periodic import PeriodicCounter, within_body
from physio_core.assessment.repetition import Outcome
from physio_core.errors import InputError, PhysioError
from physio_core.exercises.catalogue import Catalogue, Exercise
from physio_core.skeleton.layouts import layout_named
from physio_core.skeleton.stream import RATE_HZ, JointStream
from physio_core.types import UNKNOWN, Skeleton
from physio_lab.datasets.parallel import Lost
from physio_lab.evaluation.coaching import loaded_library
from physio_lab.evaluation.evaluate import BROKEN, Case, loaded_model
from physio_lab.evaluation.hand_cycles import count_cycles
from physio_lab.evaluation.index import Clip, plain
from physio_lab.evaluation.spread import spread
from physio_lab.evaluation.stream import recognise
from physio_lab.evaluation.watch import tracked

ALSO_CALLED = {"arm_raise": ("shoulder_abduction", "shoulder_flexion"), "bicep_curl": ("elbow_flexion",)}
"""Labels that stand for any of several exercises, or for one of another name; the first of the catalogue is asked for."""


UNDEFINED, HANDS = "(no definition)", "(a hand opens or closes)"
"""Said of clips of which no exercise file says what a repetition is, and of those of hands."""
HAND = "hand"


@dataclass(frozen=True)
class ClipCount:
    """What was counted in one clip.

    Attributes:
        clip: row of the index.
        asked: exercises that were asked for, one after the other.
        counted: complete repetitions of each.
        partial: partial ones of each.
        error: why the clip could not be used, or counts as nothing.
    """

    clip: Clip
    asked: tuple[str, ...] = ()
    counted: tuple[int, ...] = ()
    partial: tuple[int, ...] = ()
    error: str = ""

    @property
    def unknown(self) -> bool:
        """Whether it shows no exercise."""
        return self.clip.label == UNKNOWN

    @property
    def truth(self) -> int | None:
        """Repetitions counted by eye."""
        return self.clip.annotations.repetitions

    @property
    def found(self) -> int:
        """Repetitions of what it shows."""
        return self.counted[0] if self.counted else 0


def chosen(clips: Iterable[Clip], grades: str) -> list[Clip]:
    """The clips of these grades with a count by eye, and every clip of an unknown movement.

    Raises:
        InputError: there is none.
    """
    found = [
        clip
        for clip in clips
        if clip.label == UNKNOWN
        or (clip.annotations.repetitions is not None and (not grades or (clip.grade and clip.grade in grades.upper())))
    ]
    if not found:
        raise InputError(f"no clip of grade {grades or 'any'} has a number of repetitions (column reps), and none is {UNKNOWN}")
    return found


def count(case: Case, model: str = "") -> ClipCount:
    """Count in one clip; a broken one counts as nothing, one of which no file says what a repetition is without a definition.

    Raises:
        ModelError: the model cannot be used.
        ConfigError: an exercise file cannot be used.
    """
    if case.clip.label == HAND:
        return _hand(case.clip)
    if case.sequence is None:
        return ClipCount(case.clip, error=case.error)
    library = loaded_library(model)
    exercises = asked_for(case.clip.label, library.exercises, library.labels)
    skeletons = tuple(tracked(case.sequence))
    if not exercises:
        return ClipCount(case.clip, (UNDEFINED,), (_undefined(skeletons),), (0,))
    try:
        predictions = recognise(skeletons, loaded_model(model)).predictions
    except BROKEN as error:
        return ClipCount(case.clip, error=str(error))
    assessors = [Assessor(one, counts_only=True) for one in exercises]
    for image in zip(skeletons, predictions, strict=True):
        for seen in image:
            for one in assessors:
                one.update(seen)
    for one in assessors:
        one.close()
    complete, partial = (tuple(one.count(outcome) for one in assessors) for outcome in (Outcome.COMPLETE, Outcome.PARTIAL))
    return ClipCount(case.clip, tuple(one.name for one in exercises), complete, partial)


def _hand(clip: Clip) -> ClipCount:
    """Openings or closings; of a hand no joints are kept, so the clip itself is played."""
    try:
        return ClipCount(clip, (HANDS,), (count_cycles(clip.path).count,), (0,))
    except PhysioError as error:
        return ClipCount(clip, error=str(error))


def _undefined(skeletons: Sequence[Skeleton]) -> int:
    """Repetitions of whatever comes back in the joints of someone; nobody: none."""
    layout = next((one.layout for one in skeletons if one.tracked), "")
    if not layout:
        return 0
    stream, counter = JointStream(layout_named(layout), RATE_HZ), PeriodicCounter(RATE_HZ)
    for one in skeletons:
        for frame in stream.update(one):
            counter.update(within_body(frame.points[None])[0])
    return counter.close()


def asked_for(label: str, catalogue: Catalogue, taught: Collection[str]) -> list[Exercise]:
    """What is asked for in a clip of that label: its exercise; where none is shown, each one that the recogniser was taught.

    What it was not taught is left out there, since it may be shown: marching is unknown to it, and an exercise.
    """
    known = [one for one in catalogue.values() if one.repetition and one.kind == "body"]
    if label == UNKNOWN:
        return [one for one in known if one.name in taught]
    names = (label, *ALSO_CALLED.get(label, ()))
    return [one for name in names for one in known if plain(one.name) == name][:1]


def count_all(cases: Sequence[Case], model: str, workers: int, tell: Callable[[], None] | None = None) -> list[ClipCount]:
    """:func:`count` for many cases on several processes, in their order; ``tell`` is called after each."""
    found = spread(functools.partial(count, model=model), cases, workers, tell)
    return [
        ClipCount(case.clip, error=one.reason) if isinstance(one, Lost) else one for case, one in zip(cases, found, strict=True)
    ]


@dataclass(frozen=True)
class Errors:
    """Numbers of repetitions by eye and by machine, clip by clip."""

    pairs: Sequence[tuple[int, int]] = field(default_factory=tuple)

    def share(self, within: int) -> float | None:
        """Share of the clips that are off by at most so many; None: no clip."""
        return fmean(abs(true - found) <= within for true, found in self.pairs) if self.pairs else None

    def relative(self, added: float) -> float | None:
        """Mean of the error as a share of the true number plus ``added``; None: no clip."""
        return fmean(abs(true - found) / (true + added) for true, found in self.pairs) if self.pairs else None


def figures(counts: Sequence[ClipCount]) -> dict[str, Any]:
    """What is reported.

    Returns:
        ``n`` (clips with a number by eye), ``exact_fraction``, ``mean_relative_error`` (of the number by eye, at least 1),
        ``off_by_at_most_one``; ``n_unknown`` (clips of an unknown movement that could be used) and of them
        ``false_repetition_fraction``: in how many any exercise that was asked for got a repetition, each being asked for in
        turn; ``by_label``, ``by_grade``, ``wrong`` (clips counted wrong), ``false`` and ``failed``.
    """
    numbered = [one for one in counts if not one.unknown and one.truth is not None]
    unknown = [one for one in counts if one.unknown and not one.error]
    false = [one for one in unknown if any(one.counted)]
    return _accuracy(numbered) | {
        "n_unknown": len(unknown),
        "false_repetition_fraction": len(false) / len(unknown) if unknown else None,
        "by_label": _by(numbered, lambda one: one.clip.label),
        "by_grade": _by(numbered, lambda one: one.clip.grade),
        "wrong": {one.clip.path.name: {"true": one.truth, "counted": one.found} for one in numbered if one.found != one.truth},
        "false": {one.clip.path.name: {name: n for name, n in zip(one.asked, one.counted, strict=True) if n} for one in false},
        "failed": {one.clip.path.name: one.error for one in counts if one.error},
    }


def _accuracy(counts: Sequence[ClipCount]) -> dict[str, Any]:
    errors = Errors([(one.truth, one.found) for one in counts if one.truth is not None])
    relative = [abs(true - found) / max(true, 1) for true, found in errors.pairs]
    return {
        "n": len(counts),
        "exact_fraction": errors.share(0),
        "mean_relative_error": fmean(relative) if relative else None,
        "off_by_at_most_one": errors.share(1),
    }


def _by(counts: Sequence[ClipCount], key: Callable[[ClipCount], str]) -> dict[str, dict[str, Any]]:
    groups: dict[str, list[ClipCount]] = {}
    for one in counts:
        groups.setdefault(key(one), []).append(one)
    return {name: _accuracy(group) for name, group in sorted(groups.items())}
