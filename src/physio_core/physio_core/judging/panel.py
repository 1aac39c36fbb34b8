"""Who judges what: one judge for each kind of exercise, as data."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from physio_core.exercises.catalogue import Catalogue, Exercise
from physio_core.judging.assessed import assessed_objection, begin
from physio_core.judging.drawn import DrawnJudge, drawn_objection
from physio_core.judging.held import held_objection
from physio_core.judging.judge import Goal, Judge, JudgingConfig, Observation
from physio_core.judging.tried import begin_hand
from physio_core.types import Prediction


@dataclass(frozen=True)
class Seat:
    """A judge of one kind.

    Attributes:
        judge: begins an attempt, see :class:`~physio_core.judging.judge.Judge`.
        objection: why an exercise cannot be judged where the recogniser knows these labels (none: not known yet); empty: it can.
    """

    judge: Callable[[Exercise, JudgingConfig, float, Goal], Judge]
    objection: Callable[[Exercise, Sequence[str]], str] = lambda exercise, labels: ""


JUDGES: Mapping[str, Seat] = {
    "body": Seat(begin, assessed_objection),
    "hand": Seat(begin_hand, held_objection),
    "trajectory": Seat(DrawnJudge, drawn_objection),
}
"""The judge of each kind; a kind that is not here cannot be asked for yet."""


class Panel:
    """All judges, and what the recogniser that really runs can tell them."""

    def __init__(self, judges: Mapping[str, Seat] = JUDGES, labels: Sequence[str] = ()) -> None:
        """Seat the judges.

        Args:
            judges: by kind.
            labels: what the recogniser knows; none: not known yet.
        """
        self._judges, self._labels = judges, tuple(labels)

    def update(self, observation: Observation) -> bool:
        """Learn from an observation what can be judged; whether that is news."""
        labels = observation.labels if isinstance(observation, Prediction) else ()
        news = bool(labels) and labels != self._labels
        if news:
            self._labels = labels
        return news

    def objection(self, exercise: Exercise) -> str:
        """Why nobody can judge an exercise; empty: someone can."""
        if exercise.kind not in self._judges:
            return f"there is no judge for exercises of kind {exercise.kind!r} yet, only for: {', '.join(self._judges) or 'none'}"
        return self._judges[exercise.kind].objection(exercise, self._labels)

    def objections(self, catalogue: Catalogue) -> dict[str, str]:
        """Why exercises that could be asked for cannot be judged, by name."""
        askable = [exercise for exercise in catalogue.values() if not exercise.barred]
        return {exercise.name: why for exercise in askable if (why := self.objection(exercise))}

    def barring(self, catalogue: Catalogue) -> Catalogue:
        """The same exercises; those that nobody can judge say why."""
        return {**catalogue, **{name: replace(catalogue[name], barred=why) for name, why in self.objections(catalogue).items()}}

    def judge(self, exercise: Exercise, config: JudgingConfig, after_stamp_s: float, goal: Goal) -> Judge:
        """Begin an attempt at an exercise to which there is no objection; see :class:`~physio_core.judging.judge.Judge`."""
        return self._judges[exercise.kind].judge(exercise, config, after_stamp_s, goal)
