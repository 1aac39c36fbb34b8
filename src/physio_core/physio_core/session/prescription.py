"""What a patient is asked to do, as plain data: which exercise, how often, on which side, within which limits."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

from physio_core.errors import ConfigError
from physio_core.params import Parameters, param
from physio_core.types import Side


@dataclass(frozen=True)
class Limits(Parameters):
    """What a therapist allows; nothing that adapts leaves it."""

    least_extent: float = param(0.6, "Least share of the exercise's range that may be asked for.", low=0.1, high=1.0)
    most_extent: float = param(1.0, "Greatest share of the exercise's range that may be asked for.", low=0.1, high=1.5)
    least_repetitions: int = param(3, "Fewest repetitions of a set.", low=1, high=100)
    most_repetitions: int = param(15, "Most repetitions of a set.", low=1, high=100)
    pain_ease: int = param(4, "Pain (0-10) from which the exercise is made easier at once.", low=1, high=10)
    pain_stop: int = param(7, "Pain (0-10) from which the session stops at once and says so to the therapist.", low=1, high=10)
    effort_ease: int = param(8, "Effort (0-10) from which the exercise is made easier at once.", low=1, high=10)

    def __post_init__(self) -> None:
        """Check each, and that each pair is in order."""
        super().__post_init__()
        for low, high in (("least_extent", "most_extent"), ("least_repetitions", "most_repetitions"), ("pain_ease", "pain_stop")):
            if getattr(self, low) > getattr(self, high):
                raise ConfigError(f"{low} = {getattr(self, low):g} is above {high} = {getattr(self, high):g}")


@dataclass(frozen=True)
class Prescription:
    """One exercise of a plan.

    Attributes:
        exercise: its name.
        sets: how many sets.
        repetitions: of each set; 0 with ``seconds`` 0: as the session's settings say.
        seconds: how long each set lasts in place of a number of repetitions [s]; 0: no time is set.
        side: which side does it; none: both, or whichever the patient takes.
        rest_s: rest between sets [s]; NaN: ``set_rest_s`` of the session's settings.
        extent: share of the exercise's range that is asked for at first.
        limits: what may adapt, and how far.

    Raises:
        ConfigError: a number that makes no sense.
    """

    exercise: str
    sets: int = 1
    repetitions: int = 0
    seconds: float = 0.0
    side: Side = Side.NONE
    rest_s: float = math.nan
    extent: float = 1.0
    limits: Limits = field(default_factory=Limits)

    def __post_init__(self) -> None:
        """Refuse what no set could be."""
        for name, low, high in (("sets", 1, 20), ("repetitions", 0, 100), ("seconds", 0, 600), ("extent", 0.1, 1.5)):
            value = getattr(self, name)
            if not low <= value <= high:
                raise ConfigError(f"{self.exercise}: {name} = {value:g} is outside {low:g} .. {high:g}")
        if self.limits != Limits() and self.repetitions > self.limits.most_repetitions:
            most = self.limits.most_repetitions
            raise ConfigError(f"{self.exercise}: repetitions = {self.repetitions} is above most_repetitions = {most}")
        if self.repetitions and self.seconds:
            raise ConfigError(f"{self.exercise}: give repetitions or seconds, not both")
        if not (math.isnan(self.rest_s) or 0.0 <= self.rest_s <= 600.0):
            raise ConfigError(f"{self.exercise}: rest_s = {self.rest_s:g} is outside 0 .. 600 s")
