"""A whole set of repetitions at once, without a clinic around it: what laboratory and tests measure coaches on."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from physio_core.assessment.repetition import Side
from physio_core.motion.kinematics import BodyShape, Motion, joined, positions
from physio_core.motion.movements import exercise_named
from physio_core.motion.postures import posture, through
from physio_core.motion.style import TOGETHER
from physio_core.params import Parameters, param
from physio_core.types import FloatArray
from physio_sim.patient.personas import Performance, perform, persona_named
from physio_sim.patient.set_truth import TrueRepetition
from physio_sim.patient.views import heading_rad


@dataclass(frozen=True)
class SetPlan(Parameters):
    """Who does what, how often, and how the camera sees it. The same plan gives the same set."""

    exercise: str = param("squat", "One of the movement library's exercises.")
    persona: str = param("able", "A persona's name, or faults: `valgus=15+too_fast=0.4`.")
    side: str = param("", "Side that does it alone; empty: as people usually do it.", choices=("", "left", "right"))
    repetitions: int = param(10, "How many.", low=1, high=200)
    view: str = param("best", "How the patient stands to the camera: best, front, oblique, side, back or other_side.")
    fps: float = param(30.0, "Frames per second.", unit="Hz", low=1.0, high=240.0)
    before_s: float = param(2.0, "Getting into place before the first repetition.", unit="s", low=0.0, high=60.0)
    after_s: float = param(1.0, "At rest after the last.", unit="s", low=0.0, high=60.0)
    seed: int = param(1, "Of body, style and chance.", low=0)


@dataclass(frozen=True)
class PerformedSet:
    """A set as it was done. T frames.

    Attributes:
        stamps_s: (T,) from 0 [s].
        motion: the body over time, turned as the camera sees it.
        shape: whose body.
        joints_m: (T, J, 3) in the order of ``BODY_JOINTS`` [m].
        repetitions: the truth about each.
    """

    stamps_s: FloatArray
    motion: Motion
    shape: BodyShape
    joints_m: FloatArray
    repetitions: tuple[TrueRepetition, ...]


def perform_set(plan: SetPlan) -> PerformedSet:
    """Do the set.

    Raises:
        UnknownExercise: the patient cannot do it.
        ConfigError: there is no such persona, fault, view or side.
    """
    rng = np.random.default_rng(plan.seed)
    shape = BodyShape.random(rng)
    exercise_named(plan.exercise)
    show = perform(plan.exercise, persona_named(plan.persona), shape, rng, imitates=True, side=plan.side)
    done_s = show.time_s(float(plan.repetitions))
    stamps_s = np.arange(round((plan.before_s + done_s + plan.after_s) * plan.fps)) / plan.fps
    since_s = stamps_s - plan.before_s
    motion = show.motion(np.clip(since_s, 0.0, done_s))
    ready = int(np.sum(since_s < 0.0))
    if ready:
        motion = joined([_getting_ready(show, since_s[:ready], plan.before_s), motion[ready:]])
    turned = motion.placed(yaw_rad=heading_rad(plan.view, show.movement.name, show.style.side))
    return PerformedSet(stamps_s, turned, shape, positions(shape, turned), _repetitions(show, plan))


def _getting_ready(show: Performance, since_s: FloatArray, before_s: float) -> Motion:
    """From standing, turned away a little, to the start of the first repetition."""
    stand = posture("stand", show.shape, replace(show.style, variant="", arms="sides")).placed(yaw_rad=0.5)
    keys = [(-before_s, stand), (-0.6 * before_s, stand.placed(yaw_rad=-0.3)), (-0.1 * before_s, show.frame(0.0))]
    return through(since_s, keys, show.shape, on_floor=show.movement.place != "bar").motion


def _repetitions(show: Performance, plan: SetPlan) -> tuple[TrueRepetition, ...]:
    found = []
    for number in range(plan.repetitions):
        start_s, turn_s, end_s = (plan.before_s + show.time_s(number + part) for part in (0.0, 0.5, 1.0))
        found.append(TrueRepetition(number + 1, _side(show, number), start_s, turn_s, end_s, show.depths[number]))
    return tuple(found)


def _side(show: Performance, number: int) -> Side:
    movement, style = show.movement, show.style
    if movement.sides == TOGETHER and style.variant != (movement.one_side or None):
        return Side.NONE
    other = style.alternate and number % 2 == 1
    return Side(style.side) if not other else Side.RIGHT if style.side == "left" else Side.LEFT
