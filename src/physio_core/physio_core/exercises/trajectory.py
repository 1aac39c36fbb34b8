"""An exercise of drawing, as data: which path the hand draws, and how near is near enough; section ``trajectory:`` of its file.

The types of path stand in ``config/trajectories/types``, in units of the reach, so that one file fits every arm.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from physio_core.errors import ConfigError
from physio_core.exercises.definition import Share
from physio_core.trajectories.types import load_types
from physio_core.trajectories.weight import WeightLimits
from physio_core.yaml_file import Model


class TrajectoryDefinition(Model):
    """The path that is drawn.

    Attributes:
        type: of path, e.g. ``clock_m``.
        side: of the arm that draws where none is asked for; empty: whichever hand comes to the start first.
        stars: how many are to be lit along it.
        tolerance: how near to a star the hand must come, as a share of the reach.
        size: of the path, as a share of the patient's reach.
        attempt_from: share of the path's length from which a movement is an attempt.
        complete_from: share of the stars from which it is complete.
        complete_score: score from which it is complete, however few stars were lit.
        own_low: least weight of the patient's own path in the one that comes next.
        own_high: greatest weight.
    """

    type: str
    side: Literal["", "left", "right"] = ""
    stars: Annotated[int, Field(ge=3, le=60)] = 12
    tolerance: Annotated[float, Field(gt=0.0, le=0.5)] = 0.2
    size: Annotated[float, Field(ge=0.3, le=1.0)] = 0.9
    attempt_from: Share = 0.6
    complete_from: Share = 0.7
    complete_score: Annotated[float, Field(ge=0.0, le=100.0)] = 60.0
    own_low: Share = 0.1
    own_high: Share = 0.9

    @model_validator(mode="after")
    def _known(self) -> TrajectoryDefinition:
        if self.type not in load_types():
            raise ValueError(f"type {self.type!r} is not one of: {', '.join(load_types())}")
        try:
            _ = self.limits
        except ConfigError as error:
            raise ValueError(f"own_low, own_high: {error}") from error
        return self

    @property
    def limits(self) -> WeightLimits:
        """Between what the weight of the patient's own path lies."""
        return WeightLimits(self.own_low, self.own_high)
