"""What hidden joints of simulated hands are filled in with, by several methods, beside where they were."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from physio_core.skeleton.smooth import OneEuro
from physio_core.types import FloatArray
from physio_lab.synthetic.hand_occlusion import Hidden, hidden
from physio_lab.synthetic.hand_trials import trials
from physio_lab.tasks.hand_prior.config import SearchConfig
from physio_lab.tasks.hand_prior.figures import Told, figures
from physio_lab.tasks.hand_prior.network import HandVae
from physio_lab.tasks.hand_prior.search import explained
from physio_lab.tasks.hand_prior.seen import SeenHand

DRAW, PEOPLE = 1002, 20
"""Seed of the people who are measured, and how many; recipes draw theirs by smaller ones."""
TOGETHER = 14
"""Hands that are searched for at once."""
WIDE_M = 0.66
"""What a usual camera sees across where these hands are [m]."""
METHODS = {
    "raw": "as the estimator says; the last it saw where it sees none",
    "one_euro": "the same through the One-Euro filter",
    "linear": "linear interpolation",
    "linear_one_euro": "linear interpolation, One-Euro filter",
    "prior": "prior, two stages",
}
"""By name; the last is the one whose figures are the results."""
WITHOUT = ("orientation", "translation", "shape", "smoothness", "prior")
"""Losses that are left out in turn, to see what each is good for."""


@dataclass(frozen=True, eq=False)
class Case:
    """A trial in which something is hidden, and the same as it was seen."""

    hidden: Hidden
    seen: SeenHand


def cases(people: int = PEOPLE, draw: int = DRAW) -> list[Case]:
    """Seven items by each of so many simulated people, parts of which are hidden; the same draw gives the same."""
    made = []
    for at, one in enumerate(trials(people, draw)):
        blind = hidden(one, np.random.default_rng((draw, at, 5)))
        made.append(Case(blind, SeenHand.of(blind.trial.skeletons(), blind.trial.side == "left")))
    return made


def simple(case: Case) -> dict[str, FloatArray]:
    """What methods without a prior say (T, 21, 3), from the wrist [m]."""
    trial = case.hidden.trial
    known = np.flatnonzero(trial.present)
    last = known[np.maximum(np.searchsorted(known, np.arange(len(trial.present)), side="right") - 1, 0)]
    raw, linear = trial.found_m[last], case.seen.from_clock(case.seen.points_m, trial.stamps_s)
    return {
        "raw": raw, "one_euro": _filtered(raw, trial.stamps_s), "linear": linear,
        "linear_one_euro": _filtered(linear, trial.stamps_s),
    }  # fmt: skip


def _filtered(points: FloatArray, stamps_s: FloatArray) -> FloatArray:
    """Through the coach's filter as it is set there, for widths of the image."""
    one_euro = OneEuro()
    return np.stack([one_euro.update(one / WIDE_M, float(at)) for one, at in zip(points, stamps_s, strict=True)]) * WIDE_M


def by_prior(
    network: HandVae, made: Sequence[Case], config: SearchConfig | None = None, tell: Callable[[], None] = lambda: None
) -> list[FloatArray]:
    """What the prior says of each (T, 21, 3), from the wrist [m]; alike long ones are searched for together."""
    order = np.argsort([len(case.seen.stamps_s) for case in made])
    found: dict[int, FloatArray] = {}
    for rows in (order[at : at + TOGETHER] for at in range(0, len(order), TOGETHER)):
        told = explained(network, [made[row].seen for row in rows], config)
        for row, one in zip(rows.tolist(), told, strict=True):
            found[row] = made[row].seen.from_clock(one, made[row].hidden.trial.stamps_s)
            tell()
    return [found[row] for row in range(len(made))]


def measured(network: HandVae, made: Sequence[Case], tell: Callable[[], None] = lambda: None) -> dict[str, Any]:
    """Figures of every method."""
    told = dict(_transposed([simple(case) for case in made])) | {"prior": by_prior(network, made, tell=tell)}
    return {name: figures(_compared(made, told[name])) for name in METHODS}


def left_out(network: HandVae, made: Sequence[Case], tell: Callable[[], None] = lambda: None) -> dict[str, Any]:
    """Figures of the prior with all losses, of its first stage alone, and without each of :data:`WITHOUT` in turn."""
    usual = SearchConfig()
    tried = {"all six": usual, "first stage alone": replace(usual, second=0)}
    for name in WITHOUT:
        changed: dict[str, Any] = {name: 0.0}
        tried[f"without {name}"] = replace(usual, **changed)
    return {name: figures(_compared(made, by_prior(network, made, config, tell))) for name, config in tried.items()}


def _compared(made: Sequence[Case], told: Sequence[FloatArray]) -> list[Told]:
    return [_told(case.hidden, one) for case, one in zip(made, told, strict=True)]


def _told(one: Hidden, told_m: FloatArray) -> Told:
    trial = one.trial
    step_s = float(np.median(np.diff(trial.stamps_s)))
    return Told(trial.patient.number, trial.true_m - trial.true_m[:, :1], told_m, one.joints, step_s)


def _transposed(rows: Sequence[Mapping[str, FloatArray]]) -> Iterator[tuple[str, list[FloatArray]]]:
    for name in rows[0]:
        yield name, [row[name] for row in rows]
