"""What a movement is, and how one person's style of doing it differs from another's."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from physio_core.errors import ConfigError, InputError
from physio_core.motion.ik import PoseBuilder
from physio_core.motion.kinematics import JOINT_ANGLES, BodyShape, Motion, mirrored
from physio_core.params import Parameters, param
from physio_core.types import UNKNOWN, FloatArray


@dataclass(frozen=True)
class Style(Parameters):
    """One person's style of doing a movement. A movement ignores what it has no use for."""

    depth: float = param(1.0, "Share of the full range of motion.", low=0.0, high=1.2)
    variant: str = param("", "Variant of the movement; empty: its first.")
    arms: str = param("", "What the arms do; empty: the movement's first choice.")
    side: str = param("left", "Leading side.", choices=("left", "right"))
    alternate: bool = param(False, "Whether the leading side changes from one repetition to the next.")
    stance: float = param(1.0, "Width of the stance or grip, or length of the step, against the usual.", low=0.5, high=1.6)
    toes_out_rad: float = param(0.25, "Outward turn of the feet.", unit="rad", low=-0.2, high=0.8)
    lean: float = param(0.0, "Trunk more (1) or less (-1) inclined than usual.", low=-1.0, high=1.0)
    round_back: float = param(0.15, "Share of the lean that is rounding of the back.", low=-0.1, high=0.6)
    gaze: float = param(0.5, "Share of the lean by which the head is lifted against it.", low=-0.2, high=1.1)
    asymmetry: float = param(0.0, "Weight shifted to the leading side.", low=-1.0, high=1.0)
    dwell: float = param(0.2, "Rest at the ends of a repetition: 0 none, 1 half of the time.", low=0.0, high=1.0)
    size: float = param(0.5, "Free choice of a movement, such as the height of a box or the bend of the legs.", low=0.0, high=1.0)
    sag_rad: float = param(
        0.0, "Bend by which the hips hang below the line from shoulders to feet.", unit="rad", low=0.0, high=0.6
    )
    sway: float = param(0.3, "How much the head wanders.", low=0.0, high=1.0)
    seed: int = param(0, "Seed of what is random inside a movement.", low=0)

    @staticmethod
    def random(rng: np.random.Generator, variants: Sequence[str] = ("",), arms: Sequence[str] = ("",)) -> Style:
        """A random style, with the variation of people; ``variants`` and ``arms`` are chosen from evenly."""
        return Style(
            depth=float(np.clip(rng.normal(0.88, 0.16), 0.5, 1.2)),
            variant=str(rng.choice(list(variants))),
            arms=str(rng.choice(list(arms))),
            side=str(rng.choice(["left", "right"])),
            alternate=bool(rng.random() < 0.5),
            stance=float(np.clip(rng.normal(1.0, 0.18), 0.6, 1.5)),
            toes_out_rad=float(np.clip(rng.normal(0.25, 0.15), -0.1, 0.7)),
            lean=float(np.clip(rng.normal(0.0, 0.45), -1.0, 1.0)),
            round_back=float(np.clip(rng.normal(0.15, 0.12), -0.1, 0.5)),
            gaze=float(np.clip(rng.normal(0.5, 0.3), -0.2, 1.1)),
            asymmetry=float(np.clip(rng.normal(0.0, 0.25), -1.0, 1.0)),
            dwell=float(rng.uniform(0.0, 0.7)),
            size=float(rng.random()),
            sway=float(rng.random()),
            seed=int(rng.integers(1 << 30)),
        )


TOGETHER, ALTERNATE, CHOSEN = "together", "alternate", "chosen"
"""Both sides do it at once; in turn, a repetition each; one side all the time."""

Maker = Callable[[FloatArray, Style, BodyShape], PoseBuilder]


@dataclass(frozen=True)
class Movement:
    """A movement as a function of phase.

    Attributes:
        name: unique among all movements.
        make: draws the movement for phases (T,), a style whose variant and arms are filled in, and a body; written with the
            left side leading.
        label: what a recogniser should say: an exercise, or ``unknown``.
        variants: valid ``Style.variant``, the usual one first.
        arms: valid ``Style.arms``, the usual one first.
        period_s: shortest and longest time of one repetition that people take [s].
        headings_rad: headings (0: facing the camera) from which a camera sees it well, the best first [rad].
        place: what holds the body: feet, floor (hands or trunk on it), bar or chair.
        sides: what the two sides do: :data:`TOGETHER`, :data:`ALTERNATE` or :data:`CHOSEN`, in the words of exercise files.
        angle: joint angle that goes through the range, without its side where it has one.
        one_side: variant in which the leading side alone does a movement that both sides usually do together; empty: none.
    """

    name: str
    make: Maker
    label: str = UNKNOWN
    variants: tuple[str, ...] = ("",)
    arms: tuple[str, ...] = ("",)
    period_s: tuple[float, float] = (2.0, 5.0)
    headings_rad: tuple[float, ...] = (0.0,)
    place: str = "feet"
    sides: str = TOGETHER
    one_side: str = ""
    angle: str = ""

    @property
    def has_one_side(self) -> bool:
        """Whether one side can do it alone; headings are then for the left side."""
        return self.sides == CHOSEN or bool(self.one_side)

    def led_by(self, side: str, style: Style) -> Style:
        """The style in which one side does it: ``left`` or ``right`` alone, or empty: as people usually do it.

        Raises:
            ConfigError: no side leads this movement, or there is no such side.
        """
        if not side:
            return replace(style, alternate=self.sides == ALTERNATE)
        if side not in ("left", "right") or (self.sides == TOGETHER and not self.one_side):
            raise ConfigError(f"{self.name} cannot be done with side {side!r}; {_valid_sides(self)}")
        return replace(style, side=side, alternate=False, variant=self.one_side or style.variant)

    def motion(self, phase: FloatArray, style: Style, shape: BodyShape) -> Motion:
        """The movement at some phases.

        Args:
            phase: (T,) repetitions since the start; one repetition is one unit, the whole part counts repetitions.
            style: how it is done.
            shape: whose body.

        Raises:
            ConfigError: the movement has no such variant or position of the arms.
            InputError: phase is not (T,) or not finite.
        """
        phase = np.asarray(phase, float)
        if phase.ndim != 1 or not np.isfinite(phase).all():
            raise InputError(f"phase of shape {phase.shape}; need (T,) finite numbers")
        style = replace(
            style,
            variant=_choose(self.name, "variant", style.variant, self.variants),
            arms=_choose(self.name, "arms", style.arms, self.arms),
        )
        motion = self.make(phase, style, shape).motion
        wander(motion, phase, style)
        swapped = np.full(len(phase), style.side == "right")
        if style.alternate:
            swapped ^= np.floor(phase).astype(int) % 2 == 1
        if not swapped.any():
            return motion
        other = mirrored(motion)
        pick = swapped[:, None]
        return Motion(
            np.where(pick, other.angles_rad, motion.angles_rad),
            np.where(pick, other.root_m, motion.root_m),
            np.where(pick, other.root_rad, motion.root_rad),
        )

    def random_style(self, rng: np.random.Generator) -> Style:
        """A style with one of this movement's variants and positions of the arms."""
        return Style.random(rng, self.variants, self.arms)


def _valid_sides(movement: Movement) -> str:
    return (
        "choose left or right" if movement.sides != TOGETHER or movement.one_side else "both sides do it together: leave it empty"
    )


def _choose(movement: str, kind: str, value: str, valid: tuple[str, ...]) -> str:
    if not value:
        return valid[0]
    if value not in valid:
        raise ConfigError(f"{movement} has no {kind} {value!r}; choose from: {', '.join(valid)}")
    return value


def wander(motion: Motion, phase: FloatArray, style: Style) -> None:
    """Let the head sway a little, in place; periodic over four repetitions so that phases still wrap."""
    rng = np.random.default_rng(style.seed)
    for name in ("neck_flexion", "neck_side", "neck_twist"):
        motion.angles_rad[:, JOINT_ANGLES.index(name)] += 0.12 * style.sway * wave(phase / 4, rng)


def wave(turns: FloatArray, rng: np.random.Generator, harmonics: int = 5) -> FloatArray:
    """A random smooth function of about unit size with period 1, (T,)."""
    order = np.arange(1, harmonics + 1)
    size = rng.normal(size=harmonics) / np.sqrt(order)
    start = rng.uniform(0.0, 2 * np.pi, harmonics)
    total: FloatArray = (np.sin(2 * np.pi * turns[:, None] * order + start) * size).sum(-1) / np.sqrt(np.sum(1 / order))
    return total


def raised_cosine(phase: FloatArray, dwell: float = 0.0, start: float = 0.0, end: float = 1.0) -> FloatArray:
    """0 at whole phases, 1 halfway, smooth, (T,); ``dwell`` widens both ends, ``start`` and ``end`` bound the non-zero part."""
    beat = np.cos(2 * np.pi * np.clip((np.mod(phase, 1.0) - start) / (end - start), 0.0, 1.0))
    rest = 2.0 * dwell
    height: FloatArray = 0.5 - 0.5 * beat * (1.0 + rest) / (1.0 + rest * np.abs(beat))
    return height


def smooth(value: FloatArray, low: float = 0.0, high: float = 1.0) -> FloatArray:
    """0 below ``low``, 1 above ``high``, smooth between (smoothstep), (T,)."""
    part = np.clip((value - low) / (high - low), 0.0, 1.0)
    return part * part * (3.0 - 2.0 * part)
