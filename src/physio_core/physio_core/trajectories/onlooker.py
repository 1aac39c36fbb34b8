"""Says while a path is drawn whether it is another one than was asked for, by the classifier of ``models/trajectories``.

Only what one camera tells well counts: circle, arc or line, in which sense a circle turns, whether an arc lies or stands, and on
which slant a line is. Where a path is, how large, and how it is turned in depth, the score says. A part of a circle is an arc,
and so is lifting the hand; so while it is drawn only a circle the other way round is told, once it is long enough, surely, and
twice in a row. Anything else is told at its end, if the hand came back to where it began, as it does on each type. Else nothing
is said of it.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from contextlib import suppress
from functools import cache

import numpy as np

from physio_core.errors import InputError
from physio_core.trajectories.body import ArmPlace
from physio_core.trajectories.classifier import PathClassifier
from physio_core.trajectories.features import smoothed
from physio_core.trajectories.tracer import closed
from physio_core.trajectories.trajectory import Side, Trajectory
from physio_core.trajectories.types import TrajectoryType, load_types, type_of
from physio_core.types import FloatArray

SURE = 0.9
"""Probability of another look from which it is told; ``physio trajectory watch`` measures how often that is right."""
LONG_ENOUGH, LASTS_S = 0.6, 2.0
"""Way [reach] and time [s] from which on a movement may be told to be another path: lifting the hand is over sooner."""
STEP = 0.12
"""Way after which it is looked at again [reach]: some 25 times for a big circle, whatever the rate of the images."""
IN_A_ROW = 2
STEADIED_S = 0.5
"""Mean over so long: how far a hand is ahead shakes far more than where it is seen [s]."""
LATER_S = (0.0, 1.0, 2.0)
"""A circle may have begun so much later: whoever finds the first star, and waits there, was lifting the hand before [s]."""
LONGEST_S = 60.0
"""Places are kept for so long, as nobody draws one path for longer [s]."""
OTHER_SENSE = "other_way"
OTHER_WAYS = (OTHER_SENSE, "circle", "arc", "line", "level_arc", "upright_arc", "other_slant")
"""What may be said of a path that was not asked for; each has a sentence."""
_LEVEL = 0.7


@cache
def classifier() -> PathClassifier:
    """The one that ships, loaded once.

    Raises:
        ModelError: it is damaged.
        RunnerUnavailable: the library that runs networks is not installed.
    """
    return PathClassifier()


def look_of(kind: TrajectoryType) -> str:
    """What a type looks like from the front, in one word; types of the same look differ in place, size and depth alone."""
    if kind.family == "circle":
        return kind.turn
    if kind.family == "arc":
        return "level" if abs(kind.normal[2]) > _LEVEL * float(np.linalg.norm(kind.normal)) else "upright"
    return "outward" if kind.end[1] > kind.start[1] else "inward"


def other_way(asked: str, made: str) -> str:
    """How a path of one type differs from the type that was asked for: one of :data:`OTHER_WAYS`; empty: it looks the same."""
    wanted, drawn = type_of(asked), type_of(made)
    if look_of(wanted) == look_of(drawn):
        return ""
    if wanted.family != drawn.family:
        return drawn.family
    return {"circle": OTHER_SENSE, "arc": f"{look_of(drawn)}_arc", "line": "other_slant"}[drawn.family]


class Onlooker:
    """Looks at one hand, of which nobody says what it draws.

    Attributes:
        other: how the newest path differs from the one that is asked for, one of :data:`OTHER_WAYS`; empty: nothing to tell.
    """

    def __init__(self, asked: str, side: Side, namer: PathClassifier) -> None:
        """Wait for the first path.

        Args:
            asked: the type that is asked for.
            side: of the arm.
            namer: names paths.
        """
        self._asked, self._side, self._namer = asked, side, namer
        self._last: FloatArray | None = None
        self._abstains = False
        self.reset()

    def compare(self, path: Trajectory, reach_m: float) -> None:
        """This path hangs there now; if it looks like another type itself, nothing is said of what is drawn.

        The path that comes next may be mostly the patient's own, or one that another program wants.
        """
        self._abstains = bool(told_of(self._asked, self._namer.name(path, reach_m).probabilities))

    def reset(self) -> None:
        """Someone else is there."""
        self._seen: list[ArmPlace] = []
        self._begin(math.nan)

    def push(self, place: ArmPlace, since_s: float) -> None:
        """The hand is there, by :meth:`~physio_core.trajectories.body.ArmReader.read_unaided`.

        Args:
            place: of the arm.
            since_s: when what is drawn now was begun [s]; NaN: nothing is, and what was said of the last path stands.
        """
        self._seen.append(place)
        if place.stamp_s - self._seen[0].stamp_s > 2.0 * LONGEST_S:
            self._seen = [one for one in self._seen if one.stamp_s >= place.stamp_s - LONGEST_S]
        if math.isnan(since_s) or self._abstains:
            return
        if since_s != self._since_s:
            self._begin(since_s)
        step = STEP if self._last is None else float(np.linalg.norm(place.hand_m - self._last)) / place.arm_m
        if step < STEP:
            return
        self._way += step if self._last is not None else 0.0
        self._last = place.hand_m
        if self._way >= LONG_ENOUGH and place.stamp_s - since_s >= LASTS_S and not self.other:
            self._ask_so_far()

    def end(self, start_s: float, end_s: float) -> None:
        """A path is over, which may change what is said of it."""
        whole = [path for path in self._paths(start_s, end_s) if closed(path)]
        if not whole or self._abstains:
            return
        named = [self._namer.name(path, self._reach_m).probabilities for path in whole]
        told = [told_of(self._asked, one) for one in named]
        first = told[0] if whole[0].stamps_s[0] < start_s + LATER_S[1] else ""
        said = OTHER_SENSE if OTHER_SENSE in told else first
        if said or looks_as_asked(self._asked, named[0]):  # what was told of it is taken back only by what is as sure
            self.other = said

    def _begin(self, since_s: float) -> None:
        self.other = ""
        self._since_s, self._way, self._row, self._last = since_s, 0.0, ("", 0), None

    def _ask_so_far(self) -> None:
        for path in self._paths(self._since_s, math.inf):
            name = self._namer.name if closed(path) else self._namer.name_so_far
            told = told_of(self._asked, name(path, self._reach_m).probabilities)
            if told == OTHER_SENSE:
                break
        else:
            told = ""
        self._row = (told, self._row[1] + 1 if told == self._row[0] else 1)
        if told and self._row[1] >= IN_A_ROW:
            self.other = told

    @property
    def _reach_m(self) -> float:
        return self._seen[-1].arm_m

    def _paths(self, start_s: float, end_s: float) -> list[Trajectory]:
        """What was seen between these moments, and what of it began later, wherever that lasts long enough."""
        seen = [one for one in self._seen if start_s <= one.stamp_s <= end_s]
        found = []
        for later_s in LATER_S:
            left = [one for one in seen if one.stamp_s >= start_s + later_s]
            if left and left[-1].stamp_s - left[0].stamp_s >= LASTS_S:
                stamps_s, places = np.array([one.stamp_s for one in left]), np.array([one.hand_m for one in left])
                with suppress(InputError):
                    found.append(Trajectory(stamps_s, smoothed(stamps_s, places, STEADIED_S), side=self._side))
        return found


def told_of(asked: str, probabilities: Mapping[str, float]) -> str:
    """What is said of a path of which types have these probabilities, as in :attr:`Onlooker.other`; empty: none is sure."""
    looks: dict[str, float] = {}
    for kind in load_types():
        if way := other_way(asked, kind):
            looks[way] = looks.get(way, 0.0) + probabilities[kind]
    best = max(looks, key=lambda way: looks[way], default="")
    return best if best and looks[best] >= SURE else ""


def looks_as_asked(asked: str, probabilities: Mapping[str, float]) -> bool:
    """Whether a path of which types have these probabilities surely looks like the type that was asked for."""
    return sum(probabilities[kind] for kind in load_types() if not other_way(asked, kind)) >= SURE
