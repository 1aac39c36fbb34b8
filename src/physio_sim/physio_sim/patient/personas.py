"""How patients differ: what each persona changes in how an exercise is done."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from physio_core.errors import ConfigError
from physio_core.motion.kinematics import JOINT_ANGLES, BodyShape, Motion, joined
from physio_core.motion.movements import EXERCISES, RECOGNISED
from physio_core.motion.style import ALTERNATE, Movement, Style
from physio_core.types import FloatArray


@dataclass(frozen=True)
class Persona:
    """One kind of patient.

    Attributes:
        name: as in :data:`PERSONAS`.
        says: what this patient does, in a few words.
        slowness: factor on the time of a repetition.
        depth: factor on the range of motion.
        tremor_rad: size of a tremor of 5 Hz.
        one_sided: favours one side.
        wrong: does another exercise than asked.
        stops: stops in the middle of a repetition, then stands.
        leaves: walks out of view after some repetitions.
        company: a second person passes.
    """

    name: str
    says: str
    slowness: float = 1.0
    depth: float = 1.0
    tremor_rad: float = 0.0
    one_sided: bool = False
    wrong: bool = False
    stops: bool = False
    leaves: bool = False
    company: bool = False


PERSONAS: dict[str, Persona] = {
    persona.name: persona
    for persona in (
        Persona("able", "does what is asked"),
        Persona("slow", "does it at half the speed", slowness=2.0),
        Persona("half_range", "goes only half the way", depth=0.58),
        Persona("one_sided", "favours one side", one_sided=True),
        Persona("trembling", "trembles", tremor_rad=0.04),
        Persona("wrong_exercise", "does another exercise than asked", wrong=True),
        Persona("stops_half_way", "stops in the middle of a repetition", stops=True),
        Persona("walks_out", "walks out of view, and comes back when asked again", leaves=True),
        Persona("passer_by", "does what is asked while a person passes", company=True),
    )
}


def persona_named(name: str) -> Persona:
    """The persona of that name.

    Raises:
        ConfigError: there is no such persona.
    """
    if name not in PERSONAS:
        raise ConfigError(f"unknown persona {name!r}; known: {', '.join(PERSONAS)}")
    return PERSONAS[name]


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
    """

    movement: Movement
    style: Style
    shape: BodyShape
    persona: Persona
    ends_s: tuple[float, ...]
    depths: tuple[float, ...]
    tremor_seed: int

    def phase(self, time_s: float) -> float:
        """Repetitions done so far, with fractions."""
        ends = np.array((0.0, *self.ends_s))
        if time_s < ends[-1]:
            return float(np.interp(time_s, ends, np.arange(len(ends))))
        return float(len(self.ends_s) + (time_s - ends[-1]) / (ends[-1] - ends[-2]))

    def time_s(self, phase: float) -> float:
        """When a phase is reached, the inverse of :meth:`phase` for the repetitions that are planned."""
        return float(np.interp(phase, np.arange(len(self.ends_s) + 1), (0.0, *self.ends_s)))

    def frame(self, time_s: float) -> Motion:
        """The body at a time since the start, facing +x at the origin; one frame."""
        return self.motion(np.array([time_s]))

    def motion(self, times_s: FloatArray) -> Motion:
        """The body at times (T,) since the start [s], facing +x at the origin."""
        phases = np.array([self.phase(float(time_s)) for time_s in times_s])
        parts = []
        for number in np.unique(np.floor(phases)):
            style = replace(self.style, depth=self.depths[int(number) % len(self.depths)])
            parts.append(self.movement.motion(phases[np.floor(phases) == number], style, self.shape))
        motion = joined(parts)
        if self.persona.one_sided and self.movement.name == "jumping_jack":
            self._spare_an_arm(motion)
        if self.persona.tremor_rad:
            self._tremble(motion, times_s)
        return motion

    def _spare_an_arm(self, motion: Motion) -> None:
        weak = "right" if self.style.side == "left" else "left"
        raised = JOINT_ANGLES.index(f"{weak}_shoulder_abduction")
        motion.angles_rad[:, raised] = 0.14 + 0.35 * (motion.angles_rad[:, raised] - 0.14)

    def _tremble(self, motion: Motion, times_s: FloatArray) -> None:
        rng = np.random.default_rng(self.tremor_seed)
        free = self.movement.place == "feet"
        shaky = ("spine_flexion", "spine_side", "neck_flexion", "neck_side") + (
            tuple(f"{side}_{name}" for side in ("left", "right") for name in ("shoulder_flexion", "elbow_flexion"))
        )
        for name in shaky:
            size = self.persona.tremor_rad * (1.0 if free or name.startswith("neck") else 0.3)
            beat_hz, start = rng.uniform(4.0, 6.0), rng.uniform(0.0, 2 * np.pi)
            motion.angles_rad[:, JOINT_ANGLES.index(name)] += size * np.sin(2 * np.pi * beat_hz * times_s + start)


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
        ConfigError: no side does that exercise alone.
    """
    if persona.wrong:
        exercise = str(rng.choice([name for name in RECOGNISED if name != exercise]))
    movement = EXERCISES[exercise]
    style = movement.random_style(rng)
    style = replace(
        style,
        variant=movement.variants[0],
        arms=movement.arms[0] if imitates else style.arms,
        alternate=movement.sides == ALTERNATE and not persona.one_sided,
        asymmetry=float(np.copysign(0.9, style.asymmetry)) if persona.one_sided else 0.5 * style.asymmetry,
        dwell=0.4 * style.dwell,
        lean=0.6 * style.lean,
    )
    style = movement.led_by(side, style) if side else style
    low, high = movement.period_s
    period = (low + (high - low) * rng.uniform(0.25, 0.6)) * persona.slowness / tempo
    periods = period * (1.0 + 0.07 * np.clip(rng.normal(size=200), -2, 2))
    depths = np.clip(rng.uniform(0.9, 1.02) * persona.depth + 0.03 * np.clip(rng.normal(size=200), -2, 2), 0.1, 1.1)
    return Performance(
        movement, style, shape, persona, tuple(np.cumsum(periods).tolist()), tuple(depths.tolist()), int(rng.integers(1 << 30))
    )
