"""A judge that says what a test tells it to, so that the session is tested by itself."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from physio_core.exercises.catalogue import Exercise
from physio_core.judging.judge import JudgingConfig, Observation
from physio_core.judging.judgement import Judgement
from physio_core.judging.panel import Seat
from physio_core.types import Skeleton, Verdict


class Told:
    """Goes by skeletons, and judges each attempt as ``says`` is at that moment."""

    input: tuple[type, ...] = (Skeleton,)

    def __init__(self) -> None:
        self.says = Judgement()
        self.asked: list[tuple[str, float]] = []

    def begin(self, exercise: Exercise, config: JudgingConfig, after_stamp_s: float) -> Told:
        self.asked.append((exercise.name, after_stamp_s))
        return self

    def update(self, observation: Observation, turn_s: float | None) -> Judgement:
        return self.says

    def lose_input(self) -> Judgement:
        return self.says

    def close(self) -> Judgement:
        return self.says if self.says.verdict is not Verdict.NONE else Judgement(verdict=Verdict.UNSURE)

    def seats(self, kind: str) -> Mapping[str, Seat]:
        return {kind: Seat(self.begin)}


@pytest.fixture
def told() -> Told:
    return Told()
