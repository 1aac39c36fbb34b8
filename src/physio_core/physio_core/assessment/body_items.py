"""Items of the arm that one camera can judge, 0 to 2, by rules on angles that are data (``config/fugl_meyer``).

An aid for a therapist, who decides: what a camera cannot tell of an item is not looked at.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from pydantic import Field

from physio_core.assessment.readings import Series
from physio_core.errors import ConfigError
from physio_core.share import shared_path
from physio_core.skeleton.angle_table import load_angles
from physio_core.skeleton.measure_table import load_measures
from physio_core.types import BoolArray, FloatArray
from physio_core.yaml_file import Model, read_model

HOLD_S = 0.25
"""How long what is asked must hold: longer than a joint is astray [s]."""
LEAST_SEEN = 0.5
"""Share of the frames in which each angle must be measured, to say that something was not done."""
SIDES = ("left", "right")


class Limit(Model):
    """Bounds of an angle [deg] or a distance [cm]."""

    at_least: float = -np.inf
    at_most: float = np.inf

    def met(self, values: FloatArray) -> BoolArray:
        """Where values (T,) are within; not where they are NaN."""
        with np.errstate(invalid="ignore"):
            return np.asarray((values >= self.at_least) & (values <= self.at_most))

    def far(self, values: FloatArray) -> float:
        """The value (of T, some NaN) that comes nearest to what is asked."""
        return float(np.nanmax(values) if np.isfinite(self.at_least) else np.nanmin(values))

    @property
    def words(self) -> str:
        """What is asked."""
        return f"at least {self.at_least:g}" if np.isfinite(self.at_least) else f"at most {self.at_most:g}"


class BodyItem(Model):
    """One item; see ``config/fugl_meyer/body.yaml``."""

    words: str
    views: tuple[Literal["front", "side", "oblique"], ...]
    full: dict[str, Limit] = Field(min_length=1)
    part: dict[str, Limit] = Field(min_length=1)

    @property
    def readings(self) -> tuple[str, ...]:
        """Names without a side of everything that it looks at."""
        return tuple(dict.fromkeys([*self.full, *self.part]))


@dataclass(frozen=True)
class BodyScore:
    """What is told: 0, 1, 2, or None where it cannot be judged; and why, in words."""

    item: str
    level: int | None
    reason: str


def load_body_items() -> dict[str, BodyItem]:
    """The items that ship.

    Raises:
        ConfigError: the file cannot be used, or names an angle or distance that there is not.
    """
    path = shared_path("config", "fugl_meyer", "body.yaml")
    items = read_model(path, dict[str, BodyItem])
    known = {*load_angles(), *load_measures()}
    for name, item in items.items():
        for reading in item.readings:
            if not {reading, _sided(reading, SIDES[0])} & known:
                raise ConfigError(f"{path}: {name} looks at {reading!r}, which neither config/angles nor config/measures has")
    return items


def reading_of(name: str, side: str, known: Sequence[str]) -> str:
    """The name of an angle or distance of one arm; one of the whole body has no side."""
    return sided if (sided := _sided(name, side)) in known else name


def score_body(name: str, item: BodyItem, series: Callable[[str], Series], view: str) -> BodyScore:
    """The score of one try.

    Args:
        name: of the item.
        item: what it asks.
        series: the course of an angle or distance, by its name without a side.
        view: how the patient stood to the camera, mostly: front, side, oblique; empty: nobody was there.
    """
    if not view:
        return BodyScore(name, None, "nobody was seen")
    values = {reading: series(reading) for reading in item.readings}
    if _holds(item.full, values):  # what was seen to be done counts, whatever was not seen besides
        return BodyScore(name, 2, "; ".join(_told(item.full, values)))
    for reading, one in values.items():
        if one.seen < LEAST_SEEN:
            turn = "" if view in item.views else f"; seen from the {view}, it shows from the {' or '.join(item.views)}"
            return BodyScore(name, None, f"{_plain(reading)} is measured in {one.seen:.0%} of the images{turn}")
    level = int(_holds(item.part, values))
    return BodyScore(name, level, "; ".join(_told(item.full, values, wrong=True)) or "not all at once")


def _holds(limits: Mapping[str, Limit], values: Mapping[str, Series]) -> bool:
    """Whether all limits are met at once for :data:`HOLD_S`."""
    met = np.all([limit.met(values[reading].values) for reading, limit in limits.items()], axis=0)
    stamps_s = next(iter(values.values())).stamps_s
    starts = np.flatnonzero(met & ~np.concatenate([[False], met[:-1]]))
    ends = np.flatnonzero(met & ~np.concatenate([met[1:], [False]]))
    return any(stamps_s[end] - stamps_s[start] >= HOLD_S for start, end in zip(starts, ends, strict=True))


def _told(limits: Mapping[str, Limit], values: Mapping[str, Series], wrong: bool = False) -> list[str]:
    """What was reached of each limit; ``wrong``: of those that were never met."""
    return [
        f"{_plain(reading)} {limit.far(values[reading].values):.0f}, {limit.words} asked"
        for reading, limit in limits.items()
        if not (wrong and limit.met(values[reading].values).any())
    ]


def _sided(name: str, side: str) -> str:
    return f"{side}_{name}"


def _plain(name: str) -> str:
    return name.replace("_", " ")
