"""Repetitions under way: what they look like, how many are left, and how they go on otherwise once the patient is told."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np

from physio_core.motion.kinematics import Motion
from physio_core.motion.style import smooth
from physio_core.types import FloatArray
from physio_sim.patient.hand_doing import HandPose
from physio_sim.patient.measured_truth import true_repetitions
from physio_sim.patient.performance import Performance
from physio_sim.truth import TrueRepetition

_SETTLE_S = 0.4
"""Time from a repetition as it was done to one as it is to be done, so that nothing jumps."""


@dataclass(frozen=True)
class PatientState:
    """The truth about a patient at one time.

    Attributes:
        stamp_s: when [s].
        positions: (J, 3) in the world [m], in the order of ``BODY_JOINTS``.
        angles_rad: (D,) in the order of ``JOINT_ANGLES``.
        asked: the exercise asked for; empty: none.
        exercise: the exercise being done; empty while standing, getting into place, walking or away.
        phase: part of the repetition done [0, 1).
        repetition: repetitions finished since the exercise was begun.
        activity: standing, moving (between postures), exercising, stopped, walking or away.
        others: positions (J, 3) of everyone else.
        bar_height_m: height of the bar that the patient hangs from; 0 when there is none [m].
        under_way: the truth about the repetition being done, on the same clock; None: none is.
        seat: middle of the seat of the chair that the patient needs: x, y, z [m] and heading [rad]; none: no chair.
        hand: the hand that is held before the camera; none: none is.
    """

    stamp_s: float
    positions: FloatArray
    angles_rad: FloatArray
    asked: str
    exercise: str
    phase: float
    repetition: int
    activity: str
    others: tuple[FloatArray, ...] = ()
    bar_height_m: float = 0.0
    under_way: TrueRepetition | None = None
    seat: tuple[float, float, float, float] | None = None
    hand: HandPose | None = None


@dataclass(frozen=True)
class Stage:
    """A part of what the patient will do: from ``start_s`` until the next stage starts; ``hand`` is one that is shown closely."""

    start_s: float
    activity: str
    draw: Callable[[float], Motion]
    place: str = "feet"
    exercise: str = ""
    phase: Callable[[float], float] = lambda _: 0.0
    truth: Callable[[int], TrueRepetition] | None = None
    hand: Callable[[float], HandPose] | None = None


@dataclass(frozen=True)
class Doing:
    """One exercise from the repetition that it is begun, or changed, with.

    Attributes:
        exercise: what was asked for.
        side: which side alone; empty: as people usually do it.
        repetitions: how many in all; 0: until told otherwise.
        chance: source of chance as it was before; the same draws make the same repetitions.
        sound: how it would be done without faults.
        show: how it is done.
        spot: where: x and y [m].
        yaw_rad: where the patient looks.
        begins_s: when [s].
        done: repetitions that went before.
        here: the body at that time; None: as `show` begins.
    """

    exercise: str
    side: str
    repetitions: int
    chance: np.random.Generator
    sound: Performance
    show: Performance
    spot: tuple[float, float]
    yaw_rad: float
    begins_s: float
    done: int = 0
    here: Motion | None = None
    _truths: dict[int, TrueRepetition] = field(default_factory=dict)

    @property
    def wanted(self) -> str:
        """The side that was asked for; empty: as people usually do it."""
        return self.side

    def changed(self, show: Performance, done: int, here: Motion) -> Doing:
        """The same exercise done otherwise after so many repetitions, from where the body is then."""
        begins_s = self.end_s(done)
        return replace(self, show=show, begins_s=begins_s, done=done, here=here, _truths={})

    def end_s(self, number: int) -> float:
        """When so many repetitions are done [s]."""
        return self.begins_s + self.show.time_s(float(number)) - self._skipped_s

    def phase(self, elapsed_s: float) -> float:
        """Repetitions done, with fractions."""
        return self.show.phase(self._skipped_s + elapsed_s)

    def draw(self, elapsed_s: float) -> Motion:
        """The body, one frame."""
        motion = self._placed(elapsed_s)
        if self.here is None or elapsed_s > _SETTLE_S:
            return motion
        left = 1.0 - float(smooth(np.array([elapsed_s]), 0.0, _SETTLE_S)[0])
        begun = self._placed(0.0)
        return Motion(
            motion.angles_rad + left * (self.here.angles_rad - begun.angles_rad),
            motion.root_m + left * (self.here.root_m - begun.root_m),
            motion.root_rad + left * (self.here.root_rad - begun.root_rad),
        )

    def truth(self, number: int) -> TrueRepetition:
        """The truth about one repetition, counted from 0."""
        if number not in self._truths:
            zero_s = self.begins_s - self._skipped_s
            self._truths[number] = true_repetitions(self.show, self.sound, [number], zero_s)[0]
        return self._truths[number]

    @cached_property
    def _skipped_s(self) -> float:
        return self.show.time_s(float(self.done))

    def _placed(self, elapsed_s: float) -> Motion:
        return self.show.frame(self._skipped_s + elapsed_s).placed(*self.spot, self.yaw_rad)
