"""Figures of severities that were told: accuracy of each task and of all together, with intervals over people."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import permutations
from typing import Any

import numpy as np
from rich.console import Console
from rich.table import Table

from physio_core.types import FloatArray
from physio_lab.quality.ridge import Indices, Names
from physio_lab.reports.confusion import Confusion
from physio_lab.reports.intervals import Interval, accuracy, interval
from physio_lab.reports.markdown import markdown_table
from physio_lab.scoring.agreement import quadratic_kappa
from physio_lab.scoring.severity import METHODS, Material, told
from physio_lab.scoring.wmft import PUBLISHED, SEVERITIES

HEADER = ("method", "one task", "95 %", "all tasks together", "95 %", "kappa, one task")


def measured(material: Material, methods: Sequence[str], tell: Callable[[], None] = lambda: None) -> dict[str, Any]:
    """Figures of each method, every person being told by what all others taught.

    Args:
        material: of at least two people.
        methods: of :data:`METHODS`.
        tell: called after each person.
    """
    sessions = material.sessions
    truth = material.severities, np.array([severity for _, severity in sessions])
    people = material.subjects, np.array([who for who, _ in sessions])
    said = {name: (np.zeros((len(truth[0]), len(SEVERITIES))), np.zeros((len(truth[1]), len(SEVERITIES)))) for name in methods}
    for who in np.unique(material.subjects).tolist():
        for name, one in told(material, who, methods).items():
            said[name][0][people[0] == who], said[name][1][people[1] == who] = one.recordings, one.sessions
        tell()
    figures = {name: figures_of(material.tasks, scores, truth, people) for name, scores in said.items()}
    best = max(figures, key=list(METHODS).index)
    return {
        **figures[best], "method": best, "n": len(truth[0]), "subjects": len(np.unique(people[0])), "published": PUBLISHED,
        "methods": figures,
    }  # fmt: skip


def figures_of(
    task_of: Names, scores: tuple[FloatArray, FloatArray], truth: tuple[Indices, Indices], people: tuple[Any, Any]
) -> dict[str, Any]:
    """Figures of scores (N, K) of recordings, and (S, K) of sessions.

    Args:
        task_of: (N,) what was done.
        scores: the greatest is told.
        truth: severities of recordings and of sessions.
        people: whose they are.
    """
    alone, together = (_confusions(who, right, score.argmax(1)) for who, right, score in zip(people, truth, scores, strict=True))
    named, tasks = scores[0].argmax(1), {}
    for task in dict.fromkeys(task_of.tolist()):
        rows = task_of == task
        tasks[task] = float((named[rows] == truth[0][rows]).mean())
    return {
        "single_task_accuracy": float(np.mean(list(tasks.values()))),
        "single_task_interval": interval(alone, accuracy)._asdict(),
        "single_task_kappa": quadratic_kappa(truth[0], named, len(SEVERITIES)),
        "combined_accuracy": float((scores[1].argmax(1) == truth[1]).mean()),
        **in_order(scores[1], truth[1], people[1]),
        "combined_interval": interval(together, accuracy)._asdict(),
        "combined_confusion": _whole(together).as_dict(), "confusion": _whole(alone).as_dict(), "tasks": tasks,
    }  # fmt: skip


def in_order(scores: FloatArray, truth: Indices, people: Any) -> dict[str, Any]:
    """How right sessions (S, K) are told where each of a person's is known to be of another severity, and who is wrong without.

    The former is an easier question than levels that hold between people: the order of one person's sessions.
    """
    right, wrong = [], {}
    for who in np.unique(people).tolist():
        rows = np.flatnonzero(people == who)
        named = scores[rows].argmax(1)
        if missed := [
            f"{SEVERITIES[true]} as {SEVERITIES[said]}" for true, said in zip(truth[rows], named, strict=True) if true != said
        ]:
            wrong[who] = missed
        if sorted(truth[rows].tolist()) == list(range(len(SEVERITIES))):
            best = max(permutations(range(len(rows))), key=lambda order: float(scores[rows, list(order)].sum()))
            right += (np.array(best) == truth[rows]).tolist()
    return {"combined_in_order_accuracy": float(np.mean(right)) if right else None, "told_wrong": wrong}


def _confusions(people: Any, truth: Indices, named: Indices) -> list[Confusion]:
    """Of each person."""
    return [
        Confusion.of(
            [SEVERITIES[at] for at in truth[people == who]], [SEVERITIES[at] for at in named[people == who]], SEVERITIES, ()
        )
        for who in np.unique(people)
    ]  # fmt: skip


def _whole(parts: Sequence[Confusion]) -> Confusion:
    return Confusion(parts[0].labels, np.sum([part.counts for part in parts], axis=0))


def rows_of(result: Mapping[str, Any]) -> list[tuple[str, ...]]:
    """A row for each method, under :data:`HEADER`."""
    return [row_of(METHODS[name].what, one) for name, one in result["methods"].items()]


def row_of(what: str, one: Mapping[str, Any]) -> tuple[str, ...]:
    """One method's row under :data:`HEADER`."""
    return (
            what, f"{one['single_task_accuracy']:.3f}", str(Interval(**one["single_task_interval"])),
            f"{one['combined_accuracy']:.3f}", str(Interval(**one["combined_interval"])), f"{one['single_task_kappa']:.2f}",
    )  # fmt: skip


def print_wmft(console: Console, result: Mapping[str, Any]) -> None:
    """On the terminal."""
    table = Table(*HEADER, title=f"severity: {result['n']} recordings of {result['subjects']} people, each told by the others")
    for row in rows_of(result):
        table.add_row(*row)
    console.print(table)
    each = Table("task", "accuracy", title=METHODS[result["method"]].what)
    for task, share in result["tasks"].items():
        each.add_row(task, f"{share:.3f}")
    console.print(each)
    console.print(_by_person(result))
    console.print("published (Barachant et al. 2016): " + "; ".join(f"{name} {text}" for name, text in PUBLISHED.items()))


def _by_person(result: Mapping[str, Any]) -> str:
    wrong = "; ".join(f"{who} {', '.join(missed)}" for who, missed in result["told_wrong"].items()) or "none"
    share = result["combined_in_order_accuracy"]
    known = "" if share is None else f" Put in order, each person's sessions being known to be one of each severity: {share:.3f}."
    return f"Sessions told wrong, by person: {wrong}.{known}"


def wmft_page(result: Mapping[str, Any], command: str) -> str:
    """The same for a page of the documentation."""
    lines = [f"Written by `{command}`; {result['n']} recordings of {result['subjects']} people; intervals over people.", ""]
    lines += markdown_table(HEADER, rows_of(result))
    lines += ["", f"Each task ({METHODS[result['method']].what}):", ""]
    lines += markdown_table(("task", "accuracy"), [(task, f"{share:.3f}") for task, share in result["tasks"].items()])
    for title, name in (("One task", "confusion"), ("All tasks together", "combined_confusion")):
        rows = [(true, *(str(count) for count in row.values())) for true, row in result[name].items()]
        lines += ["", f"{title}, true by told:", "", *markdown_table(("", *SEVERITIES), rows)]
    lines += ["", _by_person(result)]
    return "\n".join(lines)
