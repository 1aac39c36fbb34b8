"""Faults that a simulated patient may have, as data: what each does to the motion, and by what it shows there.

Names are those of exercise files (``config/faults``), so what a coach finds can be compared with what is there.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from physio_core.errors import ConfigError
from physio_core.motion.movements import EXERCISES
from physio_core.types import Side
from physio_sim.patient import deformations as bend

PERCENT, DEG, CM, SECONDS = "%", "deg", "cm", "s"

_LEGS = ("squat", "lunge", "side_lunge", "sit_to_stand")
_RAISED = tuple(name for name in EXERCISES if "shoulder" in name)
_CURLED = ("elbow_flexion", "seated_elbow_flexion")
_ARMS = (*_RAISED, *_CURLED, "jumping_jack")
_IN_TURN = ("lunge", "march_in_place", "side_bend", "trunk_rotation")
_ONE_LEG = ("standing_leg_raise_front", "standing_leg_raise_side")
HARDEST_MIDWAY = ("sit_to_stand",)
"""Exercises whose turning point is rest too, so that faults of posture show half way there."""
DEEP = ("squat", "lunge", "deadlift", "push_up", "pull_up", "side_lunge")
"""Exercises whose range is called depth."""


@dataclass(frozen=True)
class Shown:
    """By what a fault shows in the true joints of a repetition.

    Attributes:
        source: ``angle`` of ``config/angles``, ``measure`` of ``config/measures``; or the repetition's ``extent``, ``return``,
            ``duration``, ``asymmetry`` or ``tremor``.
        name: of the angle or measure, without its side.
        statistic: max, furthest (from zero) or range over the repetition.
        from_rest: against the value at its start.
    """

    source: str
    name: str = ""
    statistic: str = "max"
    from_rest: bool = False


@dataclass(frozen=True)
class FaultKind:
    """One kind of fault.

    Attributes:
        name: as in exercise files.
        says: what it is, in a few words.
        unit: of its size as it is asked for.
        usual: size that is plainly a fault.
        most: greatest size that a body can do.
        exercises: those that it applies to.
        shown: by what it shows.
        shown_unit: unit of that.
        joint: where.
        deform: what it does to the motion; None: it changes range, time or tremor.
        shown_in: the same for exercises in which it shows otherwise.
        sides: ``both``, ``one`` (the weak side unless one is named), ``moving`` or ``none``.
    """

    name: str
    says: str
    unit: str
    usual: float
    most: float
    exercises: tuple[str, ...]
    shown: Shown
    shown_unit: str
    joint: str = ""
    deform: bend.Deformation | None = None
    sides: str = "none"
    shown_in: Mapping[str, Shown] = field(default_factory=dict)


_ALL = tuple(EXERCISES)
_RANGE, _TIME = Shown("extent"), Shown("duration")

FAULTS: dict[str, FaultKind] = {
    kind.name: kind
    for kind in (
        FaultKind("range", "goes only a part of the way", PERCENT, 40, 90, _ALL, _RANGE, PERCENT),
        FaultKind("fatigue", "loses range and speed from repetition to repetition", PERCENT, 40, 90, _ALL, _RANGE, PERCENT),
        FaultKind("pain", "stops at an angle, and waits there", DEG, 60, 170, _ALL, _RANGE, PERCENT),
        FaultKind("incomplete_return", "does not come back to rest", PERCENT, 40, 80,
                  tuple(name for name in _ALL if name not in (*_IN_TURN, "side_lunge")), Shown("return"), PERCENT),
        FaultKind("too_fast", "takes a part of the time", PERCENT, 50, 80, _ALL, _TIME, SECONDS),
        FaultKind("too_slow", "takes longer", PERCENT, 100, 400, _ALL, _TIME, SECONDS),
        FaultKind("unsteady", "trembles", DEG, 2.3, 10, _ALL, Shown("tremor"), DEG),
        FaultKind("one_sided", "one side does less", PERCENT, 50, 90,
                  (*_IN_TURN, "squat", "deadlift", "sit_to_stand"), Shown("asymmetry"), PERCENT, sides="one",
                  deform=bend.shifted_weight),
        FaultKind("uneven_arms", "one arm does less", PERCENT, 40, 90, _ARMS, Shown("asymmetry"), PERCENT, "elbow",
                  bend.lesser_arm, "one"),
        FaultKind("knees_in", "knees fall in", CM, 8, 15, _LEGS, Shown("measure", "knee_inward"), CM, "knee", bend.knees_in,
                  "both"),
        FaultKind("knee_past_toe", "knees far over the toes", CM, 10, 35, ("squat", "lunge", "sit_to_stand"),
                  Shown("measure", "knee_past_toe"), CM, "knee", bend.knee_past_toe, "both"),
        FaultKind("heel_lift", "heels leave the floor", CM, 6, 12, ("squat", "sit_to_stand", "deadlift"),
                  Shown("measure", "heel_height", "max", True), CM, "ankle", bend.heel_lift, "both"),
        FaultKind("trunk_lean", "leans the trunk forward", DEG, 25, 50, (*_LEGS, "march_in_place"),
                  Shown("angle", "trunk_lean"), DEG, "shoulder", bend.trunk_lean),
        FaultKind("trunk_side_lean", "leans the trunk to the side", DEG, 20, 35,
                  (*_ARMS, *_ONE_LEG, "side_lunge", "march_in_place", "trunk_rotation", "pull_up"),
                  Shown("angle", "trunk_side_lean", "furthest"), DEG, "shoulder", bend.trunk_side_lean),
        FaultKind("swinging", "swings the trunk to lift", DEG, 24, 50, tuple(name for name in _ARMS if name != "jumping_jack"),
                  Shown("angle", "trunk_lean", "range"), DEG, "shoulder", bend.swinging),
        FaultKind("knee_bent", "bends a knee that should be straight", DEG, 40, 80, (*_ONE_LEG, "heel_raise", "deadlift"),
                  Shown("angle", "knee_flexion"), DEG, "knee", bend.knee_bent, "moving"),
        FaultKind("elbow_bent", "bends an elbow that should be straight", DEG, 50, 100, (*_RAISED, "jumping_jack"),
                  Shown("angle", "elbow_flexion"), DEG, "elbow", bend.elbow_bent, "both"),
        FaultKind("elbow_flare", "elbows leave the trunk", DEG, 40, 80, (*_CURLED, "push_up"),
                  Shown("angle", "shoulder_flexion"), DEG, "elbow", bend.elbow_flare, "both",
                  {"push_up": Shown("angle", "shoulder_abduction")}),
        FaultKind("shoulder_hike", "pulls the shoulder up", CM, 8, 14, _RAISED,
                  Shown("measure", "shoulder_height", "max", True), CM, "shoulder", bend.shoulder_hike, "both"),
        FaultKind("hips_sag", "hips hang down", CM, 12, 20, ("push_up",), Shown("measure", "hips_sag"), CM, "hip"),
    )
}  # fmt: skip
"""Every kind by name."""


@dataclass(frozen=True)
class Given:
    """A fault of one patient.

    Attributes:
        kind: which.
        size: how much, in ``kind.unit``.
        side: on which side; empty: as the kind has it.
    """

    kind: FaultKind
    size: float
    side: str = ""

    def check(self, exercise: str) -> None:
        """Refuse what the exercise cannot have.

        Raises:
            ConfigError: it does not apply.
        """
        if exercise not in self.kind.exercises:
            raise ConfigError(f"{self.kind.name} is no fault of {exercise}; it is one of: {', '.join(self.kind.exercises)}")


def fault(name: str, size: float | None = None, side: str = "") -> Given:
    """A fault of some size; of its usual one unless given.

    Raises:
        ConfigError: there is no such fault or side, or the size is outside what a body can do.
    """
    if name not in FAULTS:
        raise ConfigError(f"unknown fault {name!r}; known: {', '.join(FAULTS)}")
    kind = FAULTS[name]
    size = kind.usual if size is None else size
    if not 0.0 <= size <= kind.most:
        raise ConfigError(f"{name} of {size:g} {kind.unit}; give 0 .. {kind.most:g}")
    if side not in ("", "left", "right"):
        raise ConfigError(f"{name} at side {side!r}; choose left or right")
    return Given(kind, size, side)


def faults_in(text: str) -> tuple[Given, ...]:
    """Faults as a person writes them: ``knees_in=10+too_fast``, ``uneven_arms=40@left``.

    Raises:
        ConfigError: as :func:`fault`, or a size is no number.
    """
    return tuple(_fault_in(part.strip()) for part in text.split("+"))


def _fault_in(text: str) -> Given:
    rest, _, side = text.partition("@")
    name, equals, number = rest.partition("=")
    try:
        size = float(number) if equals else None
    except ValueError:
        raise ConfigError(f"{text!r}: {number!r} is not a number; write it as in knees_in=10") from None
    return fault(name.strip(), size, side.strip())


def told_as(kind: FaultKind, exercise: str) -> str:
    """What a coach calls it: that of the range goes by depth where there is one, and so does what takes range away."""
    if kind.shown.source == "extent":
        return "depth" if exercise in DEEP else "range"
    return kind.name


def is_about(given: Given, name: str, side: Side = Side.NONE) -> bool:
    """Whether a coach that speaks of a fault, of a side where it says one, means this one."""
    called = {"range", "depth"} if given.kind.shown.source == "extent" else {given.kind.name}
    return name in called and (not side.value or given.side in ("", side.value))
