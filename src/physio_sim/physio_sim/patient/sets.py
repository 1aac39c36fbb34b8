"""A whole set of repetitions at once, without a clinic around it: what laboratory and tests measure coaches on."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from physio_core.motion.kinematics import BodyShape, Motion, joined, positions
from physio_core.motion.movements import exercise_named
from physio_core.motion.postures import posture, through
from physio_core.params import Parameters, param
from physio_core.types import FloatArray
from physio_sim.patient.measured_truth import true_repetitions
from physio_sim.patient.performance import Performance, perform
from physio_sim.patient.personas import Persona, persona_named
from physio_sim.patient.views import heading_rad
from physio_sim.truth import TrueRepetition

_REST_S = 0.6


@dataclass(frozen=True)
class SetPlan(Parameters):
    """Who does what, how often, and how the camera sees it. The same plan gives the same set."""

    exercise: str = param("squat", "One of the movement library's exercises.")
    persona: str = param("able", "A persona's name, or faults: `knees_in=10+too_fast=50`.")
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
    exercise_named(plan.exercise)
    persona = persona_named(plan.persona)
    show, sound = (_performance(plan, one) for one in (persona, replace(persona, faults=())))
    done_s = show.time_s(float(plan.repetitions))
    stamps_s = np.arange(round((plan.before_s + done_s + plan.after_s) * plan.fps)) / plan.fps
    since_s = stamps_s - plan.before_s
    first, last = np.searchsorted(since_s, [0.0, done_s])
    parts = [show.motion(since_s[first:last])]
    if first:
        parts.insert(0, _getting_ready(show, since_s[:first], plan.before_s))
    if last < len(since_s):
        parts.append(_resting(show, since_s[last:], done_s))
    turned = joined(parts).placed(yaw_rad=heading_rad(plan.view, show.movement.name, show.style.side))
    truth = true_repetitions(show, sound, range(plan.repetitions), plan.before_s)
    return PerformedSet(stamps_s, turned, show.shape, positions(show.shape, turned), truth)


def _performance(plan: SetPlan, persona: Persona) -> Performance:
    rng = np.random.default_rng(plan.seed)
    return perform(plan.exercise, persona, BodyShape.random(rng), rng, imitates=True, side=plan.side)


def _getting_ready(show: Performance, since_s: FloatArray, before_s: float) -> Motion:
    """From standing, turned away a little, to the start of the first repetition."""
    stand = posture("stand", show.shape, replace(show.style, variant="", arms="sides")).placed(yaw_rad=0.5)
    keys = [(-before_s, stand), (-0.6 * before_s, stand.placed(yaw_rad=-0.3)), (-0.1 * before_s, show.frame(0.0))]
    return through(since_s, keys, show.shape, on_floor=show.movement.place != "bar").motion


def _resting(show: Performance, since_s: FloatArray, done_s: float) -> Motion:
    """Back to rest after the last repetition, however far that came back."""
    keys = [(done_s, show.frame(done_s)), (done_s + _REST_S, show.frame(0.0))]
    return through(since_s, keys, show.shape, on_floor=show.movement.place != "bar").motion
