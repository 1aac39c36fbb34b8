"""How well a recogniser does on recordings that decided nothing: tuned on the clips of some sources, measured on the others.

Thresholds, temperature, refusal and the choice among several trainings are made on development clips, so figures on the same
clips flatter. Here each part of the sources (repositories, or people) is measured with what was chosen on the other parts: the
clips of one source are alike and never on both sides (Varma and Simon 2006, "Bias in error estimation when using
cross-validation for model selection"; Cawley and Talbot 2010). What no cross-validation of the tuning can take back is what
people decided after they had looked at clips, such as which movements are drawn.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import product
from typing import Any

from physio_core.action.model import Model
from physio_core.errors import InputError
from physio_lab.datasets.split import Group, Tag, folds, groups_of
from physio_lab.evaluation.calibration import calibrate, ticks_of
from physio_lab.evaluation.evaluate import Case, Outcome, Setup, figures, judge_all, loaded_model, wrong_share
from physio_lab.evaluation.replay import recarded, replayed

FOLDS = 8
"""Parts of the sources; fewer where there are fewer."""
NAME_ABOVE = (0.55, 0.6, 0.65, 0.7, 0.75, 0.8)
KEEP_ABOVE = (0.3, 0.4, 0.5)
SOURCE_WISE = "source_wise"
"""Where the figures stand in a result."""
COLUMNS = {"source_repo": "source", "source": "source", "subject": "subject"}
"""What may not be torn apart, by its column in the index."""


@dataclass(frozen=True)
class Choice:
    """What was chosen for one part of the sources.

    Attributes:
        model: folder; empty: the one that ships.
        name_above: score from which an exercise is named.
        keep_above: score down to which it is kept.
        temperature: of the scores.
        energy_below: what is refused.
    """

    model: str
    name_above: float
    keep_above: float
    temperature: float
    energy_below: float


def source_wise(
    cases: Sequence[Case],
    setup: Setup,
    among: Sequence[str],
    column: str,
    workers: int = 1,
    tell: Callable[[], None] | None = None,
) -> dict[str, Any]:
    """Figures of a cross-validation of the tuning.

    Args:
        cases: clips with their joints.
        setup: settings that are not tuned, and the first of the models.
        among: folders of other models, between which the choice is part of the tuning.
        column: of :data:`COLUMNS`.
        workers: processes.
        tell: called after each part, of which there are :func:`parts_of`.

    Returns:
        ``accuracy``, ``balanced_accuracy``, ``intervals``, ``coverage``, ``wrong_name_windows``, ``recall``, ``confusion``,
        ``by_grade`` (as :func:`~physio_lab.evaluation.evaluate.figures`), ``by`` (the column), ``folds``, ``sources``,
        ``chosen`` (for each part what was tuned on the others, and ``sources`` measured with it) and ``wrong``
        (file: what it was called).

    Raises:
        InputError: the index does not say where clips are from, or they are all from one source.
        ModelError: a model cannot be used.
    """
    parts = parts_of(cases, column)
    models = [setup.model, *among]
    # What a card refuses now must not hide from a new fit.
    open_setups = [replace(setup, model=one, recogniser=replace(setup.recogniser, refuse=False)) for one in models]
    heard = {one.model: judge_all(cases, one, workers) for one in open_setups}
    measured: list[Outcome] = []
    chosen = []
    for part in parts:
        inside = {number for group in part for number in map(int, group.labels)}
        choice, outcomes = _tuned(heard, inside, setup)
        measured += outcomes
        chosen.append(vars(choice) | {"sources": sorted(group.name for group in part)})
        if tell:
            tell()
    found = figures(measured, loaded_model(setup.model).labels)
    kept = (
        "n",
        "accuracy",
        "balanced_accuracy",
        "intervals",
        "coverage",
        "wrong_name_windows",
        "recall",
        "confusion",
        "by_grade",
    )
    wrong = {one.clip.path.name: one.named for one in measured if not one.right}
    return {name: found[name] for name in kept} | {
        "by": column, "folds": len(parts), "sources": sum(map(len, parts)), "chosen": chosen, "wrong": wrong,
    }  # fmt: skip


def parts_of(cases: Sequence[Case], column: str) -> list[list[Group]]:
    """The parts of the sources; a clip is called by its number in the order given. Errors as :func:`source_wise`."""
    kind = COLUMNS[column]
    values = [getattr(case.clip, kind) for case in cases]
    if not all(values):
        raise InputError(
            f"{values.count('')} of {len(values)} clips have nothing in {column}; fill the column, or leave out --by"
        )
    tags = (Tag(str(number), case.clip.label, "", value) for number, (case, value) in enumerate(zip(cases, values, strict=True)))
    groups = groups_of(tags)
    if len(groups) < 2:
        raise InputError(f"all clips are of one {column}, {groups[0].name}; tuning on others needs two or more")
    return folds(groups, min(FOLDS, len(groups)))


def _tuned(heard: dict[str, list[Outcome]], inside: set[int], setup: Setup) -> tuple[Choice, list[Outcome]]:
    """What is best on the other clips, and what comes of those inside by it."""
    best: tuple[float, Choice, Model, list[Outcome]] | None = None
    for folder, outcomes in heard.items():
        others = [one for number, one in enumerate(outcomes) if number not in inside]
        shipped = loaded_model(folder)
        fitted = calibrate(ticks_of(others, shipped.labels))
        model = recarded(shipped, fitted.temperature, fitted.energy_below)
        for name_above, keep_above in product(NAME_ABOVE, KEEP_ABOVE):
            choice = Choice(folder, name_above, keep_above, fitted.temperature, fitted.energy_below)
            score = _worth([replayed(one, _with(setup, choice), model) for one in others], model.labels)
            if best is None or score > best[0]:
                best = score, choice, model, outcomes
    assert best is not None
    _, choice, model, outcomes = best
    return choice, [replayed(outcomes[number], _with(setup, choice), model) for number in sorted(inside)]


def _with(setup: Setup, choice: Choice) -> Setup:
    thresholds = replace(setup.recogniser, name_above=choice.name_above, keep_above=choice.keep_above)
    return replace(setup, model=choice.model, recogniser=thresholds)


def _worth(outcomes: Sequence[Outcome], labels: Sequence[str]) -> float:
    """What tuning makes as large as can be: the balanced accuracy, less the share of windows with a wrong name."""
    total = Counter(one.truth for one in outcomes)
    right = Counter(one.truth for one in outcomes if one.right)
    recall = [right[label] / count for label, count in total.items()]
    return sum(recall) / len(recall) - wrong_share(outcomes)
