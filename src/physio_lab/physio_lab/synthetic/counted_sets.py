"""How well repetitions are counted in simulated sets, whose truth is known: getting into place, half range, trembling.

What an estimator would see goes through the tracker, as in the live pipeline, and through the counter alone: there is no
recogniser here that could refuse what is no exercise.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from physio_core.assessment.counter import RepetitionCounter
from physio_core.assessment.repetition import Outcome
from physio_core.exercises.catalogue import Catalogue
from physio_core.skeleton.heading import HeadingEstimator
from physio_core.skeleton.layouts import BODY_25
from physio_core.skeleton.stream import RATE_HZ, JointStream
from physio_lab.evaluation.watch import followed
from physio_lab.synthetic.simulated_sets import simulate_set
from physio_sim.patient.sets import SetPlan

PERSONAS = ("able", "slow", "half_range", "trembling", "one_sided")
NOT_FAR_ENOUGH = ("half_range", "one_sided")
"""Personas of whom a repetition may rightly be partial: it is enough that it was counted as one of both."""
REPETITIONS = 5


@dataclass(frozen=True)
class SetCount:
    """What was counted in one set.

    Attributes:
        plan: what was done.
        complete: repetitions counted.
        partial: counted apart.
        late_s: from the true end of each repetition to its count [s]; negative: before.
    """

    plan: SetPlan
    complete: int
    partial: int
    late_s: tuple[float, ...] = ()

    @property
    def exact(self) -> bool:
        """Whether as many counted as were done."""
        counts = {self.complete, self.complete + self.partial if self.plan.persona in NOT_FAR_ENOUGH else self.complete}
        return self.plan.repetitions in counts


def plans(exercises: Sequence[str], count: int, seed: int = 1) -> list[SetPlan]:
    """So many sets, exercises and personas in turn."""
    kinds = [(exercise, persona) for persona in PERSONAS for exercise in exercises]
    return [
        SetPlan(exercise, persona, repetitions=REPETITIONS, seed=seed + number)
        for number, (exercise, persona) in enumerate(kinds[index % len(kinds)] for index in range(count))
    ]


def count_set(plan: SetPlan, catalogue: Catalogue) -> SetCount:
    """Count in one set."""
    definition = catalogue[plan.exercise].repetition
    assert definition is not None
    done = simulate_set(plan)
    stream, heading = JointStream(BODY_25, RATE_HZ), HeadingEstimator(BODY_25)
    counter = RepetitionCounter(definition, BODY_25, RATE_HZ)
    found: Counter[Outcome] = Counter()
    late: list[float] = []
    for skeleton in followed(done.skeletons):
        for frame in stream.update(skeleton):
            for one in counter.update(frame, heading.view(frame)):
                found[one.outcome] += 1
                late.append(min((frame.stamp_s - true.end_s for true in done.repetitions), key=abs))
    found.update(one.outcome for one in counter.close())
    return SetCount(plan, found[Outcome.COMPLETE], found[Outcome.PARTIAL], tuple(late))


def figures(counts: Sequence[SetCount]) -> dict[str, Any]:
    """What is reported.

    Returns:
        ``n``, ``exact_fraction``, ``half_range_told_partial`` (share of the counted halves), ``late_p95_s`` (from a return to its
        count), ``by_exercise`` and ``wrong`` sets.
    """
    halves = [one for one in counts if one.plan.persona == "half_range"]
    late = [late_s for one in counts for late_s in one.late_s]
    exercises = sorted({one.plan.exercise for one in counts})
    told = sum(one.partial + one.complete for one in halves)
    return {
        "n": len(counts),
        "exact_fraction": _exact(counts),
        "half_range_told_partial": sum(one.partial for one in halves) / told if told else None,
        "late_p95_s": float(np.percentile(late, 95.0)) if late else None,
        "by_exercise": {name: _exact([one for one in counts if one.plan.exercise == name]) for name in exercises},
        "wrong": [
            {"exercise": one.plan.exercise, "persona": one.plan.persona, "seed": one.plan.seed, "complete": one.complete,
             "partial": one.partial}
            for one in counts if not one.exact
        ],
    }  # fmt: skip


def _exact(counts: Sequence[SetCount]) -> float:
    return sum(one.exact for one in counts) / len(counts)
