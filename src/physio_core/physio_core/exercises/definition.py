"""How an exercise is done, as data: what a repetition is, what is asked of it, and what is a fault.

One section of an exercise's file each; ``config/faults/body.yaml`` describes the faults that exercises share, so that an exercise
names one and says its numbers only.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import Field, model_validator

from physio_core.skeleton.measure_table import View as View
from physio_core.yaml_file import Model

Share = Annotated[float, Field(ge=0.0, le=1.0)]
Seconds = Annotated[float, Field(ge=0.0, le=120.0)]
Texts = Mapping[str, str]
"""By language code."""
_TIMING_UNITS = {
    "duration": "s", "out": "s", "back": "s", "hold": "s", "extent": "%", "return": "%", "asymmetry": "%", "smoothness": "",
}  # fmt: skip


class Signal(Model):
    """What shows how far a repetition has gone: one joint angle, or one measure of the body.

    Attributes:
        angle: of ``config/angles``, without its side.
        measure: of ``config/measures``, without its side.
        rest: its value where a repetition begins and ends [deg, or the measure's unit].
        target: its value where it is far enough; may be the lower of the two.
        views: how the patient must stand to the camera for it to show; empty: it shows from everywhere.
        steady_s: time whose median counts, against joints that jump for an image or two; longer where the estimator is noisy and
            the movement slow, since it makes the signal late by half of it [s].
    """

    angle: str = ""
    measure: str = ""
    rest: float
    target: float
    steady_s: Annotated[float, Field(gt=0.0, le=1.0)] = 5 / 30
    views: tuple[View, ...] = ()

    @property
    def unit(self) -> str:
        """Of rest and target: ``deg`` or ``cm``."""
        return "deg" if self.angle else "cm"

    @model_validator(mode="after")
    def _one_source(self) -> Signal:
        if bool(self.angle) == bool(self.measure):
            raise ValueError("give one of angle and measure")
        if self.rest == self.target:
            raise ValueError("rest and target are the same; a repetition leads from one to the other")
        return self


class RepetitionDefinition(Model):
    """What a repetition is.

    Attributes:
        signals: what shows it; the first counts that can be measured and that the view shows.
        sides: ``together``: both sides do the same; ``alternate``: each side's movement is a repetition; ``chosen``: the side
            that was asked for, or else whichever moves.
        attempt_from: share of the way from rest to target from which a movement is an attempt.
        complete_from: share of the way from which it is complete.
        at_most: share beyond which it is another movement, such as letting the arms hang where they are to hold a bar.
        return_to: share of the way at which it counts as back at rest.
        may_begin_within: whether who is first seen away from rest is taken to be in the middle of a repetition; not where people
            come to rest from there, as from standing to a chair.
        shortest_s: what takes less is no repetition [s].
        longest_s: what takes longer is not one repetition [s].
    """

    signals: Annotated[tuple[Signal, ...], Field(min_length=1)]
    sides: Literal["together", "alternate", "chosen"] = "together"
    attempt_from: Share = 0.3
    complete_from: Share = 0.6
    at_most: Annotated[float, Field(ge=1.0, le=10.0)] = 2.2
    return_to: Share = 0.25
    may_begin_within: bool = True
    shortest_s: Seconds = 0.4
    longest_s: Annotated[float, Field(gt=0.0, le=120.0)] = 15.0

    @model_validator(mode="after")
    def _in_order(self) -> RepetitionDefinition:
        if not self.return_to < self.attempt_from <= self.complete_from:
            raise ValueError("return_to, attempt_from and complete_from must rise in this order")
        if not self.shortest_s < self.longest_s:
            raise ValueError("shortest_s must be less than longest_s")
        return self


class FaultDefinition(Model):
    """One thing that can be wrong with a repetition: a value, the band that it should lie in, and what missing it costs.

    Attributes:
        angle: of ``config/angles``; or
        measure: of ``config/measures``; or
        timing: of the repetition itself.
        sides: ``each``: left and right apart; ``worst``: the side that misses by more; ``moving``: the one that moves, ``other``:
            the one that does not, and both where both move; ``none``: the mean of both; ``both``: the same, and only where both
            sides move; ``lesser``: the lesser of both, such as the knee of the front leg.
        phase: part of the repetition that is looked at.
        statistic: which value of it; ``furthest``: from zero, either way; ``size``: the same without its sign; ``tremor``: how
            much it trembles about its own course, a standard deviation.
        relative_to: ``rest``: the change since the repetition began.
        low: least value that is all right; none: no limit.
        high: greatest value that is all right; none: no limit.
        margin: a value outside by so much costs the whole term.
        weight: its share of the score.
        joint: where it is, for people and for the picture.
        safety: it may hurt, so it is told first.
        views: how the patient must stand to the camera for it; empty: wherever it can be measured.
        cue: what to say, by language; none: the text that the catalogue of languages has for its name.
    """

    angle: str = ""
    measure: str = ""
    timing: Literal["", "duration", "out", "back", "hold", "extent", "smoothness", "asymmetry", "return"] = ""
    sides: Literal["each", "worst", "moving", "other", "none", "both", "lesser"] = "worst"
    phase: Literal["whole", "out", "turn", "back", "start", "end"] = "whole"
    statistic: Literal["max", "min", "mean", "range", "deviation", "furthest", "size", "tremor"] = "max"
    relative_to: Literal["zero", "rest"] = "zero"
    low: float | None = None
    high: float | None = None
    margin: Annotated[float, Field(gt=0.0)]
    weight: Annotated[float, Field(ge=0.0)] = 1.0
    joint: str = ""
    safety: bool = False
    views: tuple[View, ...] = ()
    cue: Texts = Field(default_factory=dict)

    @property
    def unit(self) -> str:
        """Of a miss as it is told: ``deg``, ``cm``, ``s`` or ``%``; empty: a plain number."""
        return _TIMING_UNITS[self.timing] if self.timing else "deg" if self.angle else "cm"

    @property
    def band_unit(self) -> str:
        """Of the band and the margin: as of a miss, but what is told in ``%`` is written as a share."""
        return self.unit.replace("%", "")

    @property
    def far_enough(self) -> bool:
        """Whether it asks how far the movement goes, and not how: where it turns it is to have come up, or down, to the band."""
        if self.low is None:
            return self.phase == "turn" and self.statistic == "min" and not self.timing
        if self.timing:
            return self.timing == "extent"
        return self.phase == "turn" and (self.high is None or self.low > 0.0)

    @model_validator(mode="after")
    def _band(self) -> FaultDefinition:
        if sum(map(bool, (self.angle, self.measure, self.timing))) != 1:
            raise ValueError("give one of angle, measure and timing")
        if self.low is None and self.high is None:
            raise ValueError("give low, high or both: the band in which it is no fault")
        if self.low is not None and self.high is not None and self.low > self.high:
            raise ValueError(f"low = {self.low:g} is above high = {self.high:g}")
        return self


class Safety(Model):
    """What a therapist and a patient should know, by language.

    Attributes:
        notes: how to do it safely.
        contraindications: who should not do it without asking.
    """

    notes: Mapping[str, tuple[str, ...]] = Field(default_factory=dict)
    contraindications: Mapping[str, tuple[str, ...]] = Field(default_factory=dict)
