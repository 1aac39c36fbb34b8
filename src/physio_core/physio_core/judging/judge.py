"""What a judge is: it takes what its kind of exercise is sensed by, and says of one attempt how it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from physio_core.exercises.catalogue import Exercise
from physio_core.judging.evidence import EvidenceConfig
from physio_core.judging.gate import GateConfig
from physio_core.judging.judgement import Judgement
from physio_core.trajectories.drawing import PathWanted
from physio_core.trajectories.sight import TiltConfig
from physio_core.types import Hand, Prediction, Side, Skeleton

Observation = Prediction | Skeleton | Hand | PathWanted
"""One thing that was seen."""


@dataclass(frozen=True)
class JudgingConfig(EvidenceConfig, GateConfig, TiltConfig):
    """What every judge goes by; each takes what it needs."""


@dataclass(frozen=True)
class Goal:
    """What one attempt asks for.

    Attributes:
        repetitions: complete ones until it is done; 0: the movement need only be seen.
        side: which side does it; none: both, or whichever the patient takes.
        extent: share of the exercise's range that is asked for.
        timed: its time decides when it is over, not what is seen.
    """

    repetitions: int = 0
    side: Side = Side.NONE
    extent: float = 1.0
    timed: bool = False


class Judge(Protocol):
    """Judges one attempt; made when the exercise is asked for, with no camera, clock or message of its own."""

    input: tuple[type, ...]
    """Observations without which it cannot judge; when they stop, the camera counts as lost."""
    goal: Goal
    """What is asked for; may be replaced while it runs, as when the patient tells of pain."""

    def __init__(self, exercise: Exercise, config: JudgingConfig, after_stamp_s: float, goal: Goal) -> None:
        """Begin an attempt.

        Args:
            exercise: what is asked for.
            config: what to go by.
            after_stamp_s: newest image before it was asked for [s]; what was seen up to then belongs to something else.
            goal: how much of it, and on which side.
        """

    def update(self, observation: Observation, turn_s: float | None) -> Judgement:
        """Take the next observation; what this kind has no use for changes nothing.

        Args:
            observation: the newest.
            turn_s: how long it has been the patient's turn [s]; None: it is not, so nothing counts but what is in view.
        """

    def lose_input(self) -> Judgement:
        """Observations stopped coming during the patient's turn."""

    def close(self) -> Sequence[Judgement]:
        """The verdict of the attempt, also where there was too little to decide.

        Returns:
            One judgement for each repetition that nobody was told of yet, at least one.
        """
