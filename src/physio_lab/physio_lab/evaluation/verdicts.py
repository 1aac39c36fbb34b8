"""How often the coach's verdict is true: praise and blame, each where it is due and where it is not, and how long it takes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from statistics import fmean, median
from typing import Any

from physio_core.types import Verdict
from physio_lab.datasets.split import Tag, groups_of
from physio_lab.evaluation.attempt import Attempt
from physio_lab.evaluation.coaching import Patient
from physio_lab.reports.intervals import Interval, wilson

Attempts = tuple[Attempt, ...]


@dataclass(frozen=True)
class Question:
    """What a rate counts.

    Attributes:
        verdict: that is counted.
        groups: a patient's attempts that are looked at; each group weighs the same.
        failed: what a clip of an exercise that could not be used counts as; None: it is left out.
    """

    verdict: Verdict
    groups: Callable[[Patient], tuple[Attempts, ...]]
    failed: float | None = None


QUESTIONS = {
    "right_when_right": Question(Verdict.RIGHT, lambda patient: (patient.own,), failed=0.0),
    "wrong_when_wrong": Question(Verdict.WRONG, lambda patient: (patient.others,) if patient.known else (), failed=0.0),
    "false_praise": Question(Verdict.RIGHT, lambda patient: (patient.others,)),
    "false_blame": Question(Verdict.WRONG, lambda patient: (patient.own,)),
    "unsure": Question(Verdict.UNSURE, lambda patient: (patient.own, patient.others) if patient.known else (), failed=1.0),
}
"""The rates. Of a movement that is no exercise only praise can be false: to be unsure of it is as it should be."""


@dataclass(frozen=True)
class Rate:
    """How often something was said.

    Attributes:
        share: mean over the clips, each with the share of its own attempts [0..1]; None: no clip.
        counted: attempts in which it was said.
        attempts: attempts looked at.
        clips: clips looked at.
        groups: people or recordings that they are from.
    """

    share: float | None
    counted: int
    attempts: int
    clips: int
    groups: int

    @property
    def interval(self) -> Interval | None:
        """95 % interval of the share; what is of one person or recording is alike, so there are as many trials as groups."""
        return None if self.share is None else wilson(self.share * self.groups, self.groups)


def rate(patients: Iterable[Patient], question: Question) -> Rate:
    """The answer to a question over some clips."""
    shares: list[float] = []
    hits: list[bool] = []
    tags: list[Tag] = []
    for patient in patients:
        groups = [[one.verdict is question.verdict for one in group] for group in question.groups(patient) if group]
        hits += [hit for group in groups for hit in group]
        failed = question.failed if patient.error and patient.known else None
        if groups or failed is not None:
            shares.append(fmean(fmean(group) for group in groups) if failed is None else failed)
            tags.append(Tag(str(patient.clip.path), patient.truth, patient.clip.subject, patient.clip.source))
    return Rate(fmean(shares) if shares else None, sum(hits), len(hits), len(shares), len(groups_of(tags)))


def rates(patients: Sequence[Patient]) -> dict[str, Rate]:
    """All of :data:`QUESTIONS`."""
    return {name: rate(patients, question) for name, question in QUESTIONS.items()}


def waits(patients: Iterable[Patient]) -> dict[str, float | None]:
    """Medians of the time to a true verdict over the clips of an exercise [s]; None: there was none.

    Returns:
        ``right``: to praise; ``wrong``: to being told that it was another exercise, where a clip has the median of its attempts;
        ``verdict``: of both.
    """
    right: list[float] = []
    wrong: list[float] = []
    for patient in patients:
        right += [one.wait_s for one in patient.own if one.verdict is Verdict.RIGHT]
        told = [one.wait_s for one in patient.others if one.verdict is Verdict.WRONG] if patient.known else []
        wrong += [median(told)] if told else []
    found = {"verdict": right + wrong, "right": right, "wrong": wrong}
    return {name: median(times) if times else None for name, times in found.items()}


def false_verdicts(patients: Iterable[Patient]) -> list[tuple[Patient, Attempt]]:
    """Praise for what was not shown, and blame for what was."""
    return [(patient, one) for patient in patients for one in patient.others if one.verdict is Verdict.RIGHT] + [
        (patient, one) for patient in patients for one in patient.own if one.verdict is Verdict.WRONG
    ]


def figures(patients: Sequence[Patient]) -> dict[str, Any]:
    """What is reported of an evaluation.

    A clip counts once for its own exercise and once for all others, of which it has the mean; so a rate is what is to be expected
    of a patient who does another exercise than asked, whichever was asked.

    Returns:
        ``n`` (clips) and, all [0..1] or None: ``right_when_right`` (asked for what is shown: praised), ``wrong_when_wrong``
        (asked for another exercise: told so), ``false_praise`` (praised for what was not shown, over all clips), ``false_blame``
        (asked for what is shown: told that it was another), ``unsure`` (no verdict until the turn was over; clips of an exercise,
        half for their own, half for the others). Of true verdicts ``seconds_to_verdict_median``, ``seconds_to_right_median``,
        ``seconds_to_wrong_median``. Beside them ``counts`` and ``intervals`` of the rates, ``wrong_names`` (share of the wrong
        verdicts on other exercises that name a third one), ``unknown`` (what was said where no exercise was shown),
        ``by_exercise``, ``by_grade``, ``played_once`` (the same, each clip played once), ``false_verdicts``, ``failed`` and
        ``notes``.
    """
    found = rates(patients)
    counted = ("counted", "attempts", "clips", "groups")
    once = [replace(patient, attempts=patient.once) for patient in patients]
    return _summary(patients) | {
        "counts": {name: {key: getattr(one, key) for key in counted} for name, one in found.items()},
        "intervals": {name: one.interval._asdict() if one.interval else None for name, one in found.items()},
        "wrong_names": _wrong_names(patients),
        "unknown": _unknown(patients),
        "by_exercise": _by(patients, lambda patient: patient.truth),
        "by_grade": _by(patients, lambda patient: patient.clip.grade),
        "played_once": _summary(once),
        "false_verdicts": [_as_dict(patient, one) for patient, one in false_verdicts(patients)],
        "failed": [patient.clip.path.name for patient in patients if patient.error],
        "notes": {patient.clip.path.name: patient.note for patient in patients if patient.note},
    }


def _summary(patients: Sequence[Patient]) -> dict[str, Any]:
    shares = {name: one.share for name, one in rates(patients).items()}
    return {"n": len(patients)} | shares | {f"seconds_to_{name}_median": wait for name, wait in waits(patients).items()}


def _wrong_names(patients: Iterable[Patient]) -> float | None:
    told = [(patient, one) for patient in patients if patient.known for one in patient.others if one.verdict is Verdict.WRONG]
    return fmean(one.seen != patient.truth for patient, one in told) if told else None


def _unknown(patients: Iterable[Patient]) -> dict[str, Any]:
    found = [patient for patient in patients if not patient.known]
    said = {
        verdict.value: rate(found, Question(verdict, lambda patient: (patient.others,))).share
        for verdict in (Verdict.RIGHT, Verdict.WRONG, Verdict.UNSURE)
    }
    return {"n": len(found)} | said


def _by(patients: Sequence[Patient], key: Callable[[Patient], str]) -> dict[str, dict[str, Any]]:
    groups: dict[str, list[Patient]] = {}
    for patient in patients:
        groups.setdefault(key(patient), []).append(patient)
    return {name: _summary(group) for name, group in sorted(groups.items()) if name}


def _as_dict(patient: Patient, one: Attempt) -> dict[str, Any]:
    return {
        "file": patient.clip.path.name, "shown": patient.truth, "asked": one.asked, "verdict": one.verdict.value,
        "seen": one.seen, "wait_s": round(one.wait_s, 2),
    }  # fmt: skip
