"""One exercise as one patient does it: when each repetition goes how far, and what the patient's faults make of it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from physio_core.motion.ik import SIDES, PoseBuilder
from physio_core.motion.kinematics import JOINT_ANGLES, BodyShape, Motion, joined
from physio_core.motion.movements import EXERCISES, RECOGNISED
from physio_core.motion.style import ALTERNATE, TOGETHER, Movement, Style, raised_cosine
from physio_core.types import FloatArray
from physio_sim.patient.deformations import Doing
from physio_sim.patient.faults import HARDEST_MIDWAY, Given
from physio_sim.patient.personas import Persona

PLANNED = 200
"""Repetitions with a tempo and range of their own; more go on as the last does."""
_TIRED_AFTER = 9
_TIRED_SLOWER = 0.8
_PAIN_PAUSE_S = 1.0
_FAVOURED_ASYMMETRY, _SPARED = 0.9, 0.35


@dataclass(frozen=True)
class Performance:
    """One exercise as one patient does it.

    Attributes:
        movement: the exercise that is really done.
        style: how.
        shape: whose body.
        persona: whose faults.
        ends_s: (N,) time from the start to the end of each repetition [s]; the last one's tempo continues for ever.
        depths: (N,) range of each repetition.
        tremor_seed: seed of the tremor.
        stop: part of the way (0..0.5 of a repetition) at which pain stops it, and waits; 0.5: no pain.
    """

    movement: Movement
    style: Style
    shape: BodyShape
    persona: Persona
    ends_s: tuple[float, ...]
    depths: tuple[float, ...]
    tremor_seed: int
    stop: float = 0.5

    @cached_property
    def _knots(self) -> tuple[FloatArray, FloatArray]:
        """Times [s] and phases between which the phase rises evenly."""
        ends = np.array((0.0, *self.ends_s))
        if self.stop == 0.5:
            return ends, np.arange(len(ends), dtype=float)
        starts, moving = ends[:-1], np.diff(ends) - _PAIN_PAUSE_S
        times = np.stack([starts, starts + moving / 2, starts + moving / 2 + _PAIN_PAUSE_S], axis=1).ravel()
        phases = (np.arange(len(starts))[:, None] + [0.0, 0.5, 0.5]).ravel()
        return np.append(times, ends[-1]), np.append(phases, len(starts))

    def phases(self, times_s: FloatArray) -> FloatArray:
        """Repetitions done so far, with fractions (T,), at times (T,) [s]."""
        times, phases = self._knots
        last, pace = self.ends_s[-1], self.ends_s[-1] - (self.ends_s[-2] if len(self.ends_s) > 1 else 0.0)
        later = len(self.ends_s) + (times_s - last) / pace
        return np.asarray(np.where(times_s < last, np.interp(times_s, times, phases), later))

    def phase(self, time_s: float) -> float:
        """Repetitions done so far, with fractions."""
        return float(self.phases(np.array([time_s]))[0])

    def time_s(self, phase: float) -> float:
        """When a phase is reached, the inverse of :meth:`phase` for the repetitions that are planned."""
        times, phases = self._knots
        return float(np.interp(phase, phases, times))

    def side_of(self, number: int) -> str:
        """Which side does a repetition, counted from 0; empty: both together."""
        if self.movement.sides == TOGETHER and self.style.variant != (self.movement.one_side or None):
            return ""
        other = "right" if self.style.side == "left" else "left"
        return other if self.style.alternate and number % 2 else self.style.side

    def frame(self, time_s: float) -> Motion:
        """The body at a time since the start, facing +x at the origin; one frame."""
        return self.motion(np.array([time_s]))

    def motion(self, times_s: FloatArray) -> Motion:
        """The body at times (T,) since the start [s], rising, facing +x at the origin."""
        phases = self.phases(times_s)
        numbers = np.floor(phases).astype(int)
        motion = joined([self._repetition(int(number), phases[numbers == number]) for number in np.unique(numbers)])
        if tremor_deg := self.persona.size_of("unsteady"):
            self._tremble(motion, times_s, float(np.radians(tremor_deg)))
        return motion

    def _repetition(self, number: int, phases: FloatArray) -> Motion:
        style = replace(self.style, depth=self._depth(number))
        shown = self._within_range(number, phases)
        motion = self.movement.motion(shown, style, self.shape)
        if self.persona.favours_side and self.movement.name == "jumping_jack":
            self._spare_an_arm(motion)
        deforming = [one for one in self.persona.faults if one.kind.deform]
        if not deforming:
            return motion
        rest = self.movement.motion(np.array([float(number)]), style, self.shape)
        pose, moving = PoseBuilder.of(self.shape, motion), self.side_of(number)
        weight = raised_cosine(shown, style.dwell)
        if self.movement.name in HARDEST_MIDWAY:
            weight = 4.0 * weight * (1.0 - weight)
        for one in deforming:
            if one.kind.name == "one_sided" and moving:
                continue
            doing = Doing(self.movement, rest, self.sides_of(one, moving), moving, weight, np.mod(shown, 1.0))
            if one.kind.deform:
                one.kind.deform(pose, doing, one.size / 100.0 if one.kind.unit == "%" else one.size)
        return pose.motion

    def _depth(self, number: int) -> float:
        depth = self.depths[number % len(self.depths)]
        for one in self.persona.faults:
            if one.kind.name == "one_sided" and self.side_of(number) == self.weak_side(one):
                depth *= 1.0 - one.size / 100.0
        return depth

    def _within_range(self, number: int, phases: FloatArray) -> FloatArray:
        """Phases between where the repetition begins and turns: not all the way back, not further than pain allows."""
        left = self.persona.size_of("incomplete_return") / 100.0
        if not left and self.stop == 0.5:
            return phases
        turn = phases - number
        low = np.where((turn < 0.5) & (number == 0), 0.0, left)
        gone = low + (_gone(self.stop) - low) * _gone(turn)
        back = np.arccos(np.clip(1.0 - 2.0 * gone, -1.0, 1.0)) / (2 * np.pi)
        return np.asarray(number + np.where(turn < 0.5, back, 1.0 - back))

    def weak_side(self, given: Given) -> str:
        """The side that does less: the one that was named, or the one that does not lead."""
        return given.side or ("right" if self.style.side == "left" else "left")

    def sides_of(self, given: Given, moving: str) -> tuple[str, ...]:
        """Sides on which a fault shows in a repetition that is done by ``moving``."""
        if given.side:
            return (given.side,)
        if given.kind.sides == "one":
            return (self.weak_side(given),)
        return (moving,) if moving else SIDES

    def _spare_an_arm(self, motion: Motion) -> None:
        weak = "right" if self.style.side == "left" else "left"
        raised = JOINT_ANGLES.index(f"{weak}_shoulder_abduction")
        motion.angles_rad[:, raised] = 0.14 + _SPARED * (motion.angles_rad[:, raised] - 0.14)

    def _tremble(self, motion: Motion, times_s: FloatArray, tremor_rad: float) -> None:
        rng = np.random.default_rng(self.tremor_seed)
        free = self.movement.place == "feet"
        shaky = ("spine_flexion", "spine_side", "neck_flexion", "neck_side") + (
            tuple(f"{side}_{name}" for side in ("left", "right") for name in ("shoulder_flexion", "elbow_flexion"))
        )
        for name in shaky:
            size = tremor_rad * (1.0 if free or name.startswith("neck") else 0.3)
            beat_hz, start = rng.uniform(4.0, 6.0), rng.uniform(0.0, 2 * np.pi)
            motion.angles_rad[:, JOINT_ANGLES.index(name)] += size * np.sin(2 * np.pi * beat_hz * times_s + start)


def _gone(turn: FloatArray | float) -> FloatArray:
    """How far a part of a repetition has gone, 0..1..0."""
    return np.asarray(0.5 - 0.5 * np.cos(2 * np.pi * np.asarray(turn)))


def perform(
    exercise: str,
    persona: Persona,
    shape: BodyShape,
    rng: np.random.Generator,
    tempo: float = 1.0,
    imitates: bool = False,
    side: str = "",
) -> Performance:
    """Draw how a patient does what is asked.

    Args:
        exercise: one of :data:`EXERCISES`.
        persona: whose faults.
        shape: whose body.
        rng: source of chance.
        tempo: factor on the natural speed.
        imitates: holds the arms as the figure on the screen does; otherwise as people do of themselves.
        side: left or right, which does it alone; empty: as people usually do it.

    Raises:
        ConfigError: no side does that exercise alone, or the exercise cannot have one of the faults.
    """
    if persona.wrong:
        exercise = str(rng.choice([name for name in RECOGNISED if name != exercise]))
    for one in persona.faults:
        one.check(exercise)
    movement = EXERCISES[exercise]
    style = movement.random_style(rng)
    style = replace(
        style,
        variant=movement.variants[0],
        arms=movement.arms[0] if imitates else style.arms,
        alternate=movement.sides == ALTERNATE and not persona.favours_side,
        asymmetry=float(np.copysign(_FAVOURED_ASYMMETRY, style.asymmetry)) if persona.favours_side else 0.5 * style.asymmetry,
        dwell=0.4 * style.dwell,
        lean=0.6 * style.lean,
        sag_rad=persona.size_of("hips_sag") / 100.0 / (0.198 * shape.height_m),
    )
    style = movement.led_by(side, style) if side else style
    low, high = movement.period_s
    slowness = (1.0 + persona.size_of("too_slow") / 100.0) * (1.0 - persona.size_of("too_fast") / 100.0)
    period = (low + (high - low) * rng.uniform(0.25, 0.6)) * slowness / tempo
    periods = period * (1.0 + 0.07 * np.clip(rng.normal(size=PLANNED), -2, 2))
    share = 1.0 - persona.size_of("range") / 100.0
    depths = np.clip(rng.uniform(0.9, 1.02) * share + 0.03 * np.clip(rng.normal(size=PLANNED), -2, 2), 0.1, 1.1)
    if loss := persona.size_of("fatigue") / 100.0:
        tired = np.minimum(np.arange(PLANNED) / _TIRED_AFTER, 1.0)
        periods, depths = periods * (1.0 + _TIRED_SLOWER * loss * tired), depths * (1.0 - loss * tired)
    stop = _stopped_at(movement, style, shape, persona.size_of("pain"))
    if stop < 0.5:
        periods = periods + _PAIN_PAUSE_S
    return Performance(
        movement, style, shape, persona, tuple(np.cumsum(periods).tolist()), tuple(depths.tolist()),
        int(rng.integers(1 << 30)), stop,
    )  # fmt: skip


def _stopped_at(movement: Movement, style: Style, shape: BodyShape, pain_deg: float) -> float:
    """Part of a repetition after which the joint has gone through so many degrees [0..0.5]."""
    if not pain_deg:
        return 0.5
    turn = np.linspace(0.0, 0.5, 501)
    motion = movement.motion(turn, replace(style, alternate=False), shape)
    name = movement.angle if movement.angle in JOINT_ANGLES else f"{style.side}_{movement.angle}"
    gone = np.abs(motion.angle(name) - motion.angle(name)[0])
    further = np.flatnonzero(gone >= np.radians(pain_deg))
    return float(turn[further[0]]) if len(further) else 0.5
