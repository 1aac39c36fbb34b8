"""Learns severities from some people and tells those of another: of one task alone, and of all that a person did.

One task: kernel ridge regression on one-against-rest targets, learnt from all tasks, of which the same task counts double. All
tasks together: the same on whole sessions, two of which are as alike as their recordings of the same task are on average. The
shrinkage is chosen on the people who teach, each held out in turn; nothing is chosen on who is measured.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from physio_core.types import BoolArray, FloatArray
from physio_lab.quality.ridge import Indices, Names, radial
from physio_lab.quality.rocket import Rocket
from physio_lab.quality.takes import resampled
from physio_lab.scoring.upper_body import UpperBody, statistics
from physio_lab.scoring.wmft import SEVERITIES, Recording

FRAMES = 64
"""To which recordings are brought for the convolutions."""
SHRINKAGES = 10.0 ** np.arange(-3.0, 1.25, 0.5)
OTHER_TASK = 0.5
"""How much another task counts beside the same one; not tuned."""
KINDS = len(SEVERITIES)


@dataclass(frozen=True)
class Material:
    """What methods see of N recordings.

    Attributes:
        bodies: each in its own frame.
        subjects: (N,) who.
        tasks: (N,) what.
        severities: (N,) index into :data:`~physio_lab.scoring.wmft.SEVERITIES`.
        statistics: (N, F).
    """

    bodies: Sequence[UpperBody]
    subjects: Names
    tasks: Names
    severities: Indices
    statistics: FloatArray

    @staticmethod
    def of(recordings: Sequence[Recording]) -> Material:
        """From recordings; errors as :meth:`~physio_lab.scoring.upper_body.UpperBody.of`."""
        bodies = [UpperBody.of(one.joints_m, one.rate_hz) for one in recordings]
        return Material(
            bodies, np.array([one.subject for one in recordings]), np.array([one.task for one in recordings]),
            np.array([one.severity for one in recordings]), np.stack([statistics(body) for body in bodies]),
        )  # fmt: skip

    @property
    def sessions(self) -> list[tuple[str, int]]:
        """Person and severity of each session, in order."""
        return sorted({(str(who), int(how)) for who, how in zip(self.subjects, self.severities, strict=True)})


View = Callable[[Material, Indices], FloatArray]
"""Features (N, F) fitted to the rows to be learnt from alone."""


def by_duration(material: Material, _learnt: Indices) -> FloatArray:
    """How long it lasts."""
    return np.array([[np.log(body.seconds)] for body in material.bodies])


def by_statistics(material: Material, _learnt: Indices) -> FloatArray:
    """Named numbers."""
    return material.statistics


def by_angles(material: Material, learnt: Indices) -> FloatArray:
    """Random convolutions of the angles, brought to one length."""
    return _convolved([body.angles for body in material.bodies], learnt)


def by_places(material: Material, learnt: Indices) -> FloatArray:
    """Random convolutions of the joints' places, brought to one length."""
    return _convolved([body.courses for body in material.bodies], learnt)


def _convolved(series: Sequence[FloatArray], learnt: Indices) -> FloatArray:
    even = np.stack([resampled(one, FRAMES) for one in series])
    return Rocket().fit(even[learnt]).features(even)


@dataclass(frozen=True)
class Method:
    """A way to tell severities, by what it looks at."""

    what: str
    views: tuple[View, ...]


METHODS = {
    "duration": Method("how long it takes, alone", (by_duration,)),
    "statistics": Method("named statistics", (by_statistics,)),
    "angles": Method("convolutions of angles", (by_angles,)),
    "places": Method("convolutions of places", (by_places,)),
    "all": Method("statistics and both convolutions", (by_statistics, by_angles, by_places)),
}
"""By name; the last is the one whose figures are the results."""


@dataclass(frozen=True)
class Told:
    """Scores of what one person did: (M, K) of M recordings, (S, K) of S sessions; the greatest is told."""

    recordings: FloatArray
    sessions: FloatArray


def told(material: Material, who: str, methods: Sequence[str]) -> dict[str, Told]:
    """What each method says of one person, in the order of the material and of its sessions.

    Args:
        material: of everybody.
        who: is measured; everybody else teaches.
        methods: of :data:`METHODS`.
    """
    ask = material.subjects == who
    learnt = np.flatnonzero(~ask)
    views = dict.fromkeys(view for name in methods for view in METHODS[name].views)
    kernels = {view: _by_task(view(material, learnt), material.tasks, learnt) for view in views}
    return {
        name: _told(np.asarray(np.mean([kernels[view] for view in METHODS[name].views], axis=0)), material, ask)
        for name in methods
    }


def _told(kernel: FloatArray, material: Material, ask: BoolArray) -> Told:
    same = np.where(material.tasks[:, None] == material.tasks[None], 1.0, OTHER_TASK)
    recordings = classified(radial(kernel, np.flatnonzero(~ask)) * same, material.severities, material.subjects, ask)
    sessions = material.sessions
    people, severities = np.array([who for who, _ in sessions]), np.array([severity for _, severity in sessions])
    asked = people == material.subjects[ask][0]
    # Features are measured against the mean of those learnt from; without a constant in the kernel, what is held out while the
    # shrinkage is chosen would be told from that mean, and from the fact that each person has each severity once.
    alike = between_sessions(kernel, material)
    return Told(recordings, classified(alike + float(np.mean(np.diag(alike))), severities, people, asked))


def between_sessions(kernel: FloatArray, material: Material) -> FloatArray:
    """How alike sessions are (S, S), from how alike recordings are (N, N): the mean over the tasks that both have."""
    sessions = material.sessions
    keys = list(zip(material.subjects.tolist(), material.severities.tolist(), strict=True))
    of = np.array([sessions.index(key) for key in keys])
    sums, counts = np.zeros((len(sessions), len(sessions))), np.zeros((len(sessions), len(sessions)))
    for task in np.unique(material.tasks):
        rows = np.flatnonzero(material.tasks == task)
        np.add.at(sums, np.ix_(of[rows], of[rows]), kernel[np.ix_(rows, rows)])
        np.add.at(counts, np.ix_(of[rows], of[rows]), 1.0)
    return np.asarray(sums / np.maximum(counts, 1.0))


def classified(kernel: FloatArray, severities: Indices, people: Names, ask: BoolArray) -> FloatArray:
    """Scores (M, K) of the rows ``ask`` after learning from the others, with the shrinkage that serves these best.

    Args:
        kernel: (N, N).
        severities: (N,) of which only those of the others are looked at.
        people: (N,) held out in turn.
        ask: (N,) to be told.
    """
    own, other = kernel[np.ix_(~ask, ~ask)], kernel[np.ix_(ask, ~ask)]
    known = np.eye(KINDS)[severities[~ask]]
    tried = list(_held_out(own, known, people[~ask]))
    right = [float((inner.argmax(1) == severities[~ask]).mean()) for inner, _ in tried]
    _, weights = tried[len(right) - 1 - int(np.argmax(right[::-1]))]
    return np.asarray(known.mean(0) + other @ weights)


def _held_out(kernel: FloatArray, targets: FloatArray, people: Names) -> Iterator[tuple[FloatArray, FloatArray]]:
    """For each of :data:`SHRINKAGES` what is said of each row (N, K) whose person taught nothing, and weights (N, K) of all.

    One decomposition serves all people: what a regression says of rows that are left out follows from their block of the inverse
    (An, Liu and Venkatesh, "Fast cross-validation algorithms for least squares support vector machine and kernel ridge
    regression", Pattern Recognition 40, 2007).
    """
    values, vectors = np.linalg.eigh(kernel)
    along = vectors.T @ (targets - targets.mean(0))
    blocks = [np.flatnonzero(people == who) for who in np.unique(people)]
    for shrinkage in SHRINKAGES:
        inverse = 1.0 / (np.maximum(values, 0.0) + shrinkage * float(np.mean(np.diag(kernel))))
        weights = vectors @ (inverse[:, None] * along)
        said = np.zeros_like(targets)
        for rows in blocks:
            block = (vectors[rows] * inverse) @ vectors[rows].T
            said[rows] = targets[rows] - np.linalg.solve(block, weights[rows])
        yield said, np.asarray(weights)


def _by_task(features: FloatArray, tasks: Names, learnt: Indices) -> FloatArray:
    """Inner products (N, N) of features (N, F) that are measured against the usual of their task."""
    own = np.zeros(features.shape, np.float32)
    for task in np.unique(tasks):
        rows = np.flatnonzero(tasks == task)
        known = features[np.intersect1d(rows, learnt)]
        if len(known):
            spread = known.std(0)
            scaled = np.clip((features[rows] - known.mean(0)) / np.maximum(spread, 1e-7), -5.0, 5.0)
            own[rows] = np.where(spread > 1e-7, scaled, 0.0)
    products = (own @ own.T).astype(float)
    return np.asarray(products / max(float(np.diag(products)[learnt].mean()), 1e-12))
