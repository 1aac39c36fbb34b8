"""How well a path was drawn: a score from 0 to 100, its grade, and in words what was not as asked for.

The score is ``100 - mean |X - S| * 100`` over the terms of the path's family, each difference between the drawn path X and the
one asked for S divided by what costs the whole term and at most 1, so that no trial is compared with itself. Terms, their
weights and widths are data: ``config/trajectories/score.yaml``; what each measures: :mod:`physio_core.trajectories.terms`.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from physio_core.share import shared_path
from physio_core.trajectories.terms import Meant, meant, measure
from physio_core.trajectories.trajectory import Side, Trajectory
from physio_core.trajectories.types import Family, differences, ideal, load_types, type_of
from physio_core.yaml_file import Model, read_model

GRADES = ((1, 76), (2, 51), (3, 26), (4, 0))
"""Grades, best first, with the least score of each, rounded to a whole number."""
WORTH_TELLING = 0.15
"""An error from which a term is told to people."""
_RIGHT_ANGLE_DEG = 90.0


class TermDefinition(Model):
    """One term of the score; see ``config/trajectories/score.yaml``.

    Attributes:
        families: of paths that are scored by it.
        whole: difference, beyond ``free``, that costs all of it.
        free: difference that costs nothing.
        weight: its share of the score.
        says: how its difference is told to people.
        depth: whether it needs a measured depth, which one camera does not give.
    """

    families: Annotated[tuple[Family, ...], Field(min_length=1)]
    whole: Annotated[float, Field(gt=0.0)]
    free: Annotated[float, Field(ge=0.0)] = 0.0
    weight: Annotated[float, Field(ge=0.0)] = 1.0
    says: Literal["none", "percent", "ratio", "degrees"] = "none"
    depth: bool = False


@dataclass(frozen=True)
class Term:
    """One term of one path.

    Attributes:
        name: as in ``config/trajectories/score.yaml``.
        drawn: the path's own number.
        asked: that of the path asked for.
        error: 0 as asked for, 1 it could not be worse.
        weight: its share of the score.
    """

    name: str
    drawn: float
    asked: float
    error: float
    weight: float


@dataclass(frozen=True)
class Score:
    """How well a path was drawn.

    Attributes:
        score: 0 to 100.
        terms: all of its family, what costs most first.
    """

    score: float
    terms: tuple[Term, ...]

    @property
    def grade(self) -> int:
        """From 1, the best, to 4."""
        return grade_of(self.score)

    @property
    def worst(self) -> tuple[Term, ...]:
        """The terms that are worth telling, what costs most first."""
        return tuple(term for term in self.terms if term.error >= WORTH_TELLING and term.weight > 0.0)


@cache
def load_terms(path: Path | None = None) -> Mapping[str, TermDefinition]:
    """Every term by name, the shipped ones by default.

    Raises:
        ConfigError: the file cannot be read, lacks a key or holds an invalid value.
    """
    return read_model(path or shared_path("config", "trajectories", "score.yaml"), dict[str, TermDefinition])


@lru_cache(maxsize=256)
def asked_for(name: str, reach_m: float, side: Side) -> Meant:
    """What a path of a type is compared by, for an arm of a length [m].

    Raises:
        InputError: unknown type or side, or a reach that no person has.
    """
    return meant(ideal(name, reach_m, side), type_of(name).family, reach_m)


def score_type(path: Trajectory, name: str, reach_m: float) -> Score:
    """How well a path was drawn as one of a type, by an arm of a length [m].

    Raises:
        InputError: unknown type, or a reach that no person has.
    """
    return score(path, asked_for(name, reach_m, path.side))


def score(path: Trajectory, asked: Meant, terms: Mapping[str, TermDefinition] | None = None) -> Score:
    """How well a path was drawn as the one that was asked for.

    Args:
        path: that was drawn.
        asked: by :func:`asked_for`, or by :func:`~physio_core.trajectories.terms.meant` for any path.
        terms: and their weights; the shipped ones unless given.
    """
    drawn = measure(path, asked)
    found = []
    for name, definition in (terms or load_terms()).items():
        if asked.family in definition.families and name in drawn:
            off = max(abs(drawn[name] - asked.measures[name]) - definition.free, 0.0)
            found.append(Term(name, drawn[name], asked.measures[name], min(off / definition.whole, 1.0), definition.weight))
    whole = sum(term.weight for term in found)
    mean = sum(term.weight * term.error for term in found) / whole if whole else 0.0
    return Score(100.0 - 100.0 * mean, tuple(sorted(found, key=lambda term: -term.weight * term.error)))


def grade_of(score: float) -> int:
    """The grade of a score from 0 to 100: 1 is the best, 4 the last; every score has exactly one."""
    rounded = math.floor(min(max(score, 0.0), 100.0) + 0.5)
    return next(grade for grade, least in GRADES if rounded >= least)


def scores_of_types(path: Trajectory, reach_m: float) -> dict[str, float]:
    """The score of a path as one of each type, by an arm of a length [m]."""
    return {name: score_type(path, name, reach_m).score for name in load_types()}


def own_type_best(path: Trajectory, name: str, reach_m: float) -> bool:
    """Whether a path scores higher as its own type than as every other that differs from it in more than where it is.

    Raises:
        InputError: unknown type, or a reach that no person has.
    """
    found = scores_of_types(path, reach_m)
    return all(found[name] > other for kind, other in found.items() if kind != name and differences(name, kind))


def difference(term: Term, definition: TermDefinition) -> tuple[float, str]:
    """By how much a path misses what was asked for, as it is told: the number, and its unit."""
    off = term.drawn - term.asked
    if definition.says == "degrees":
        return abs(off) * _RIGHT_ANGLE_DEG, "deg"
    return 100.0 * abs(math.expm1(off) if definition.says == "ratio" else off), "%"


def sentence(term: Term, family: Family, phrases: Mapping[str, str]) -> str:
    """What a therapist reads of a term, e.g. ``The circle is flattened by 30 %``.

    Args:
        term: of a score.
        family: of the path that was asked for.
        phrases: texts by key (:class:`physio_core.languages.texts.Texts`).
    """
    way = "more" if term.drawn > term.asked else "less"
    known = (f"trajectory.{term.name}.{family}.{way}", f"trajectory.{term.name}.{way}", f"trajectory.{term.name}")
    key = next((key for key in known if key in phrases), "trajectory.other")
    number = round(difference(term, load_terms()[term.name])[0]) if term.name in load_terms() else 0
    what = phrases.get(f"trajectory.family.{family}", family)
    text = phrases.get(key, term.name).format(number=number, what=what, term=term.name)
    return text[:1].upper() + text[1:]
