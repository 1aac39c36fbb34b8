"""Who is learnt from and who is measured: every person of a set in turn, or the people of another one."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from physio_core.errors import ConfigError, InputError
from physio_core.skeleton.angle_table import OWN, SAGITTAL, load_angles
from physio_core.types import FloatArray
from physio_lab.datasets.annotations import mirrored_name
from physio_lab.datasets.public import KIMORE_BEST
from physio_lab.datasets.split import Tag, folds, groups_of
from physio_lab.quality.judge import Said, Scale, judged
from physio_lab.quality.outcomes import Outcomes, together
from physio_lab.quality.ridge import Indices
from physio_lab.quality.takes import JOINTS, QualitySet, Take
from physio_lab.quality.views import METHODS

SESSION = "session"
"""A method of scores: the last of :data:`METHODS`, with all recordings of a person read together."""


@dataclass(frozen=True)
class Folding:
    """How many parts people are dealt into, and how often again."""

    parts: int
    times: int = 1


FOLDINGS = {"ui_prmd": Folding(10), "irds": Folding(5, 3), "kimore": Folding(10)}
"""UI-PRMD has ten people; RehabPile has five parts of IRDS, whose figures hang so much on who is in which that they are dealt out
three times here."""


@dataclass(frozen=True)
class Job:
    """Rows to learn from and rows to be measured, and the number of the part."""

    learn: Indices
    ask: Indices
    fold: int


def kinds_of(takes: Sequence[Take]) -> list[Take]:
    """Takes in which left and right exercises are one: those of the right are mirrored."""
    return [mirrored(take) if "right" in take.exercise.split("_") else take for take in takes]


def mirrored(take: Take) -> Take:
    """The same seen in a mirror: left and right change places."""
    names = list(table := load_angles())
    order = [names.index(mirrored_name(name)) for name in names]
    # An angle without sides that turns in the frontal plane turns the other way.
    turns = [-1.0 if table[name].plane not in (OWN, SAGITTAL) and mirrored_name(name) == name else 1.0 for name in names]
    return replace(
        take,
        exercise=mirrored_name(take.exercise),
        places=take.places[:, JOINTS.mirror] * np.array([-1.0, 1.0, 1.0]),
        angles_deg=take.angles_deg[:, order] * np.array(turns),
    )


def crossing(kind: QualitySet, takes: Sequence[Take]) -> list[Job]:
    """Parts of a set, each measured by what is learnt from the others; nobody is on both sides.

    Raises:
        ConfigError: fewer than two people.
    """
    tags = [
        Tag(str(row), f"{take.exercise} {0 if kind.scored else take.target}", take.subject, "") for row, take in enumerate(takes)
    ]
    groups, folding = groups_of(tags), FOLDINGS[kind.name]
    jobs: list[Job] = []
    for time in range(folding.times):
        for part in folds(groups, min(folding.parts, len(groups)), seed=time):
            ask = np.array(sorted(int(name) for group in part for name in group.labels))
            jobs.append(Job(np.setdiff1d(np.arange(len(takes)), ask), ask, len(jobs)))
    return jobs


def between(learn: Sequence[Take], test: Sequence[Take]) -> list[Job]:
    """One job: all of ``learn``, then all of ``test``, whose rows follow.

    Raises:
        ConfigError: someone is in both.
    """
    if both := sorted({take.subject for take in learn} & {take.subject for take in test}):
        raise ConfigError(
            f"{both[0]} is in what is learnt from and in what is measured ({len(both)} people are); "
            "--test takes other people: leave such a set out by --sets"
        )
    return [Job(np.arange(len(learn)), np.arange(len(learn), len(learn) + len(test)), 0)]


def measured(
    kind: QualitySet, takes: Sequence[Take], jobs: Sequence[Job], methods: Sequence[str], tell: Callable[[], None] = lambda: None
) -> dict[str, Outcomes]:
    """What each method says of all that is measured.

    Args:
        kind: the set.
        takes: all of it.
        jobs: of :func:`crossing` or :func:`between`.
        methods: of :data:`METHODS`.
        tell: called after each job.

    Returns:
        By method; of scores also :data:`SESSION`.

    Raises:
        InputError: an exercise of which nothing was learnt.
    """
    scale = Scale(True, 0.0, KIMORE_BEST) if kind.scored else Scale(False)
    alike = kinds_of(takes)
    parts = []
    for job in jobs:
        parts.append(_one(alike, takes, job, scale, methods))
        tell()
    found = {method: _joined([part[method] for part in parts]) for method in methods}
    if kind.scored and (last := list(METHODS)[-1]) in found:
        found[SESSION] = replace(found[last], values=together(found[last], scale.low, scale.high))
    return found


def _one(alike: Sequence[Take], takes: Sequence[Take], job: Job, scale: Scale, methods: Sequence[str]) -> dict[str, Outcomes]:
    kinds = np.array([take.exercise for take in alike])
    asked, said, centres, spreads = [], [], [], []
    for exercise in np.unique(kinds[job.ask]):
        learn, ask = job.learn[kinds[job.learn] == exercise], job.ask[kinds[job.ask] == exercise]
        if not len(learn):
            raise InputError(f"nobody to learn {exercise} from; leave it out of what is measured, or add recordings of it")
        known = [alike[row].target for row in learn]
        asked.append(ask)
        said.append(judged(alike, learn, ask, scale, methods))
        centres.append(np.full(len(ask), float(np.median(known))))
        spreads.append(np.full(len(ask), float(np.std(known))))
    rows = np.concatenate(asked)
    return {method: _outcomes(takes, rows, [one[method] for one in said], job.fold, (centres, spreads)) for method in methods}


def _outcomes(
    takes: Sequence[Take], rows: Indices, said: Sequence[Said], fold: int, usual: tuple[list[FloatArray], list[FloatArray]]
) -> Outcomes:
    asked = [takes[row] for row in rows]
    return Outcomes(
        recordings=rows,
        subjects=np.array([take.subject for take in asked]),
        exercises=np.array([take.exercise for take in asked]),
        patients=np.array([take.patient for take in asked]),
        targets=np.array([take.target for take in asked]),
        values=np.concatenate([one.values for one in said]),
        probabilities=np.concatenate([one.probabilities for one in said]),
        folds=np.full(len(asked), fold),
        centres=np.concatenate(usual[0]),
        spreads=np.concatenate(usual[1]),
    )


def _joined(parts: Sequence[Outcomes]) -> Outcomes:
    fields: Mapping[str, object] = vars(parts[0])
    return Outcomes(**{name: np.concatenate([getattr(part, name) for part in parts]) for name in fields})
