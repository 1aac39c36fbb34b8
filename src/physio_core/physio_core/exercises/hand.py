"""An exercise of one hand, as data: which posture is to be held, how far from it is still right, and what is often done instead.

The section ``hand:`` of an exercise's file. A posture is a set of bands on what :mod:`physio_core.hands.readings` measures; a
name that begins with ``fingers_`` means index, middle, ring and little finger, so that a fist is one line::

    hand:
      hold_s: 3
      good: {fingers_pip_flexion: {low: 60, margin: 40}}
      wrong:
        half_closed: {bands: {fingers_pip_flexion: {low: 20, high: 60}}, cue: {en: Close your hand a little more.}}
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, model_validator

from physio_core.errors import ConfigError, ModelError
from physio_core.exercises.definition import FaultDefinition
from physio_core.hands.readings import READINGS, SPANS, finger_of
from physio_core.hands.scoring import ITEMS
from physio_core.hands.states import GOOD, HandStates
from physio_core.yaml_file import Model

FOLDER = "hand_states"
"""Folder of learnt states beside exercise files."""
ALL_FINGERS = "fingers_"
_NAME = "[a-z][a-z0-9]*(_[a-z0-9]+)*"


class HandBand(Model):
    """What one reading should be.

    Attributes:
        low: least value that is right; none: no limit.
        high: greatest value that is right; none: no limit.
        margin: a value outside by so much is wholly wrong.
    """

    low: float | None = None
    high: float | None = None
    margin: Annotated[float, Field(gt=0.0)] = 30.0

    @model_validator(mode="after")
    def _band(self) -> HandBand:
        if self.low is None and self.high is None:
            raise ValueError("give low, high or both: the band in which it is right")
        if self.low is not None and self.high is not None and self.low > self.high:
            raise ValueError(f"low = {self.low:g} is above high = {self.high:g}")
        return self

    def check_within(self, least: float, greatest: float, where: str) -> None:
        """Refuse a band that no hand can reach.

        Raises:
            ValueError: it lies outside of these values.
        """
        if (self.low is not None and self.low > greatest) or (self.high is not None and self.high < least):
            wanted = f"low = {self.low:g}" if self.low is not None and self.low > greatest else f"high = {self.high:g}"
            raise ValueError(f"{where}: {wanted}; it goes from {least:g} to {greatest:g}")

    def miss(self, value: float, extent: float = 1.0) -> float:
        """How far a value lies outside, in its unit; below the band negative. A smaller extent widens the band by its margin."""
        wider = max(1.0 - extent, 0.0) * self.margin
        if self.low is not None and value < self.low - wider:
            return value - (self.low - wider)
        return max(value - (self.high + wider), 0.0) if self.high is not None else 0.0


Bands = Mapping[str, HandBand]
"""By reading, after :func:`spelled_out`."""


class WrongPosture(Model):
    """A posture that is often taken instead.

    Attributes:
        bands: by which it is known.
        cue: what to say, by language.
    """

    bands: Annotated[Bands, Field(min_length=1)]
    cue: Annotated[Mapping[str, Annotated[str, Field(min_length=1)]], Field(min_length=1)]


class HandDefinition(Model):
    """What is asked of a hand.

    Attributes:
        good: the posture that is asked for.
        wrong: postures that are often taken instead, by name.
        hold_s: how long it is held for one repetition [s].
        palm: ``facing``: palm or back must be turned to the camera; ``any``: it may be seen from its edge.
        states: file in the folder ``hand_states`` beside the exercise's own, with states that were learnt from recordings; empty:
            the bands alone decide. Once read, its whole path.
        item: of the Fugl-Meyer assessment, by which each try is scored 0 to 2 at its end; empty: holds are counted instead.
        try_s: time after which a try of an item is over, if the hand is not back at rest before [s].
    """

    good: Annotated[Bands, Field(min_length=1)]
    wrong: Mapping[str, WrongPosture] = Field(default_factory=dict)
    hold_s: Annotated[float, Field(gt=0.0, le=120.0)] = 2.0
    palm: Literal["facing", "any"] = "facing"
    states: str = ""
    item: str = ""
    try_s: Annotated[float, Field(ge=2.0, le=60.0)] = 15.0

    @model_validator(mode="after")
    def _known_readings(self) -> HandDefinition:
        for where, bands in ((GOOD, self.good), *((name, one.bands) for name, one in self.wrong.items())):
            for name, band in bands.items():
                if strange := [one for one in spelled_out(name) if one not in READINGS]:
                    raise ValueError(f"{where}: {strange[0]!r} is not one of: {', '.join(READINGS)}, or fingers_ for all four")
                band.check_within(*SPANS[spelled_out(name)[0]], f"{where}: {name}")
        for name, one in self.wrong.items():
            if not re.fullmatch(_NAME, name):
                raise ValueError(f"wrong: name {name!r}: use small letters, digits and _, e.g. half_closed")
            if one.bands == self.good:
                raise ValueError(f"wrong: {name} has the bands of the posture that is asked for")
        if self.item and self.item not in ITEMS:
            raise ValueError(f"item {self.item!r} is not one of: {', '.join(ITEMS)}")
        if GOOD in self.wrong:
            raise ValueError(f"wrong: {GOOD!r} is the posture that is asked for; give this one another name")
        return self

    @cached_property
    def wanted(self) -> Bands:
        """Bands of the good posture by reading, one for each finger."""
        return _each(self.good)

    @cached_property
    def known_wrong(self) -> Mapping[str, Bands]:
        """Bands of each wrong posture by reading."""
        return {name: _each(one.bands) for name, one in self.wrong.items()}

    def found_beside(self, file: Path) -> HandDefinition:
        """The same with the path of its states, which lie beside an exercise's file.

        Raises:
            ConfigError: they cannot be read, or hold another posture than this one asks for.
        """
        if not self.states:
            return self
        if Path(self.states).name != self.states:
            raise ConfigError(
                f"{file}: hand.states: {self.states!r}; name a file in the folder {FOLDER} beside the exercise's own"
            )
        path = file.parent / FOLDER / self.states
        try:
            states = HandStates.read(path).states
        except ModelError as error:
            raise ConfigError(f"{file}: hand.states: {error}") from error
        if GOOD not in states:
            raise ConfigError(f"{file}: hand.states: {path} has no cluster of the state {GOOD!r}; it has: {', '.join(states)}")
        if strange := [state for state in states if state != GOOD and state not in self.wrong]:
            raise ConfigError(f"{file}: hand.wrong says nothing of {strange[0]!r}, a state of {path}; give its bands and its cue")
        return self.model_copy(update={"states": str(path)})

    @property
    def faults(self) -> dict[str, FaultDefinition]:
        """Wrong postures as faults of a repetition, which they cost the time that it is held."""
        return {
            name: FaultDefinition(timing="hold", low=self.hold_s, margin=self.hold_s, cue=one.cue)
            for name, one in self.wrong.items()
        }


def spelled_out(name: str) -> tuple[str, ...]:
    """The readings that a name of a file means: ``fingers_pip_flexion`` is four of them."""
    if not name.startswith(ALL_FINGERS):
        return (name,)
    return tuple(f"{finger}_{name.removeprefix(ALL_FINGERS)}" for finger in ("index", "middle", "ring", "pinky"))


def _each(bands: Bands) -> dict[str, HandBand]:
    """One band for each reading; what names a finger itself counts before what means all of them."""
    all_of_them = {one: band for name, band in bands.items() for one in spelled_out(name) if one != name}
    return all_of_them | {name: band for name, band in bands.items() if spelled_out(name) == (name,)}


def fingers_of(bands: Bands) -> tuple[str, ...]:
    """Fingers that a posture says something of, in the order of a hand; the hand as a whole is ``hand``."""
    named = {finger_of(name) for name in bands}
    return tuple(one for one in ("thumb", "index", "middle", "ring", "pinky", "hand") if one in named)
