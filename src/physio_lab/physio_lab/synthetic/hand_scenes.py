"""One rendered hand and all that is round it, as data: whose hand, how it looks and is held, what hides it, room and light."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from physio_core.errors import ConfigError
from physio_core.motion.hand import AGES_M, HandFrames, HandMotion, HandShape, hand_frames
from physio_core.types import FloatArray
from physio_sim.patient.hand_views import HAND_VIEWS_DEG, shown
from physio_sim.world.hand import HandLook
from physio_sim.world.hand_paint import SKIN_TONES
from physio_sim.world.room import colour_text

OCCLUDERS = ("none", "tool", "ball", "bar")
"""What may be before or in the hand."""
BACKGROUNDS = ("wall", "person", "clutter", "outside")
_SHOWN = 'contype="0" conaffinity="0"'
_SLEEVES = ((0.25, 0.35, 0.55), (0.75, 0.75, 0.73), (0.12, 0.12, 0.13), (0.55, 0.18, 0.20), (0.25, 0.42, 0.30), None)


@dataclass(frozen=True)
class HandScene:
    """A hand before a camera; axes are the camera's optical frame (REP-103).

    Attributes:
        shape: lengths of the hand.
        side: ``right`` or ``left``.
        look: skin, glove and sleeve.
        view: side that the camera sees, of ``HAND_VIEWS_DEG``.
        turn_deg: about the forearm, towards the camera, within the image [deg].
        at_m: (3,) where the wrist is [m].
        occluder: one of :data:`OCCLUDERS`.
        background: one of :data:`BACKGROUNDS`.
        light: brightness, 1 is usual.
        fov_deg: angle of view across the width [deg].
        size_px: width and height.
        seed: of colours, things behind and the direction of the light.
    """

    shape: HandShape = field(default_factory=HandShape)
    side: str = "right"
    look: HandLook = field(default_factory=HandLook)
    view: str = "palm"
    turn_deg: tuple[float, float, float] = (0.0, 0.0, 0.0)
    at_m: tuple[float, float, float] = (0.0, 0.09, 0.42)
    occluder: str = "none"
    background: str = "wall"
    light: float = 1.0
    fov_deg: float = 62.0
    size_px: tuple[int, int] = (640, 480)
    seed: int = 0

    def __post_init__(self) -> None:
        """Refuse what there is no drawing of."""
        for name, known in (("view", HAND_VIEWS_DEG), ("occluder", OCCLUDERS), ("background", BACKGROUNDS)):
            if getattr(self, name) not in known:
                raise ConfigError(f"no {name} {getattr(self, name)!r} of a hand; choose from: {', '.join(known)}")

    @staticmethod
    def random(rng: np.random.Generator, **fixed: object) -> HandScene:
        """A scene with the variation of people, rooms and cameras.

        Args:
            rng: source of chance.
            fixed: ``age``, ``tone``, ``glove``, ``view`` or ``occluder`` that is not left to chance (usually bare, free hands).

        Raises:
            ConfigError: one of them is not known.
        """

        def chosen(name: str, options: tuple[str, ...]) -> str:
            drawn = str(rng.choice(options))
            return str(fixed.get(name, drawn))

        age, tone = chosen("age", tuple(AGES_M)), chosen("tone", tuple(SKIN_TONES))
        view = chosen("view", ("palm", "palm", "back", "thumb"))
        sleeve = _SLEEVES[int(rng.integers(len(_SLEEVES)))]
        look = HandLook(tone, str(fixed.get("glove", "none")), sleeve, int(rng.integers(1 << 30)))
        turn = (float(rng.normal(0, 16)), float(rng.normal(0, 12)), float(rng.normal(0, 16)))
        shape = HandShape.random(rng, age)
        away = shape.length_m * rng.uniform(1.7, 3.2)
        at = (float(rng.normal(0, 0.03)), float(0.5 * shape.length_m + rng.normal(0, 0.015)), float(away))
        return HandScene(
            shape, str(rng.choice(["right", "left"])), look, view, turn, at, str(fixed.get("occluder", "none")),
            str(rng.choice(BACKGROUNDS)), float(rng.uniform(0.6, 1.3)), float(rng.uniform(50, 70)),
            seed=int(rng.integers(1 << 30)),
        )  # fmt: skip

    def frames(self, motion: HandMotion) -> HandFrames:
        """A motion of the fingers, held as this scene holds it, with the scene's side; its wrist moves about the scene's."""
        own = HandMotion(motion.angles_rad, motion.wrist_m, motion.forearm_rad, self.side)
        return hand_frames(self.shape, shown(own, self.view, motion.wrist_m + self.at_m, self.turn_deg))

    @property
    def camera(self) -> FloatArray:
        """The pinhole (3, 3) [px]."""
        width_px, height_px = self.size_px
        focal_px = 0.5 * width_px / np.tan(np.radians(self.fov_deg) / 2)
        return np.array([[focal_px, 0.0, 0.5 * width_px], [0.0, focal_px, 0.5 * height_px], [0.0, 0.0, 1.0]])

    def project(self, points_m: FloatArray) -> FloatArray:
        """Points (..., 3) of the optical frame in the image (..., 2) [px]."""
        seen: FloatArray = points_m @ self.camera.T
        return np.asarray(seen[..., :2] / seen[..., 2:])


def surroundings(scene: HandScene) -> str:
    """Light and background of a scene as MJCF, in the axes of the camera: y is down."""
    rng = np.random.default_rng((scene.seed, 5))
    return _lights(scene.light, rng) + "".join(_behind(scene, rng))


def _lights(light: float, rng: np.random.Generator) -> str:
    x, y = rng.uniform(-1.2, 1.2), rng.uniform(-2.5, -0.8)
    bright, warm = 0.62 * light, rng.uniform(0.88, 1.0)
    colour = f"{bright:.3f} {bright * (1 + warm) / 2:.3f} {bright * warm:.3f}"
    fill = f"{0.18 * light:.3f} " * 3
    return (
        f'<light pos="{x:.2f} {y:.2f} -0.6" dir="{-x:.2f} {-y:.2f} 1.1" diffuse="{colour}" '
        f'specular="0.1 0.1 0.1" castshadow="true"/>'
        f'<light pos="{-x:.2f} -0.3 -1" dir="{x:.2f} 0.3 1.5" diffuse="{fill}" specular="0 0 0" castshadow="false"/>'
    )


def _behind(scene: HandScene, rng: np.random.Generator) -> Iterator[str]:
    wall = rng.uniform(0.45, 0.9) + rng.normal(0, 0.04, 3)
    far = rng.uniform(1.4, 3.0)
    if scene.background == "outside":
        wall = np.array([0.62, 0.74, 0.86])
        yield _box((4, 1.2, 0.02), (0, 1.3, far - 0.1), rng.uniform([0.2, 0.35, 0.15], [0.35, 0.55, 0.25]))
    yield _box((6, 6, 0.02), (0, 0, far), np.clip(wall, 0, 1))
    if scene.background == "person":
        yield from _person(scene, rng)
    if scene.background in ("clutter", "outside"):
        for _ in range(int(rng.integers(5, 12))):
            size = rng.uniform(0.04, 0.35, 3)
            place = rng.uniform([-1.3, -0.9, 0.9], [1.3, 0.9, far - 0.1])
            yield _box(tuple(size), tuple(place), rng.uniform(0.1, 0.9, 3))


def _person(scene: HandScene, rng: np.random.Generator) -> Iterator[str]:
    """The owner's trunk and head behind the hand, in the same skin."""
    skin, shirt = np.array(SKIN_TONES[scene.look.tone]), rng.uniform(0.08, 0.9, 3)
    away, aside = scene.at_m[2] + rng.uniform(0.3, 0.6), rng.uniform(0.02, 0.25) * (1 if scene.side == "right" else -1)
    top = rng.uniform(-0.12, 0.05)
    hair = rng.choice([0.08, 0.2, 0.5]) * np.array([1.0, 0.75, 0.55])
    for size, place, colour in (
        ((0.21, 0.34, 0.12), (aside, top + 0.42, away), shirt), ((0.05, 0.09, 0.05), (aside, top + 0.05, away), skin),
        ((0.075, 0.11, 0.09), (aside, top - 0.12, away - 0.02), skin),
        ((0.082, 0.09, 0.085), (aside, top - 0.17, away + 0.02), hair),
    ):  # fmt: skip
        yield _geom("ellipsoid", " ".join(f"{value:.4f}" for value in size), place, colour)


def occluder_mjcf(scene: HandScene) -> str:
    """The thing in or before the hand, as a mocap body ``occluder`` that lies in the axes of the palm; empty without one."""
    if scene.occluder == "none":
        return ""
    rng = np.random.default_rng((scene.seed, 7))
    size, colour = scene.shape.length_m / 0.186, rng.uniform(0.1, 0.9, 3)
    if scene.occluder == "ball":
        things = _geom("sphere", f"{rng.uniform(0.026, 0.04) * size:.4f}", (0.095 * size, 0.0, -0.05 * size), colour)
    elif scene.occluder == "bar":
        things = _capsule(
            rng.uniform(0.010, 0.018) * size, (0.10 * size, 0.16, -0.032 * size), (0.10 * size, -0.16, -0.032 * size), colour
        )
    else:
        grip, steel = rng.uniform(0.011, 0.015) * size, np.array([0.6, 0.61, 0.63])
        things = _capsule(grip, (0.075 * size, 0.05, -0.035 * size), (0.105 * size, -0.06, -0.035 * size), colour)
        things += _capsule(0.004, (0.075 * size, 0.05, -0.035 * size), (0.05 * size, 0.16, -0.035 * size), steel)
    return f'<body name="occluder" mocap="true">{things}</body>'


def _box(half: tuple[float, ...], at: tuple[float, ...], colour: FloatArray) -> str:
    return _geom("box", " ".join(f"{value:.3f}" for value in half), at, colour)


def _geom(kind: str, size: str, at: tuple[float, ...], colour: FloatArray) -> str:
    place = " ".join(f"{value:.4f}" for value in at)
    return f'<geom type="{kind}" size="{size}" pos="{place}" rgba="{colour_text(colour)} 1" {_SHOWN}/>'


def _capsule(radius: float, start: tuple[float, ...], end: tuple[float, ...], colour: FloatArray) -> str:
    ends = " ".join(f"{value:.4f}" for value in (*start, *end))
    return f'<geom type="capsule" size="{radius:.4f}" fromto="{ends}" rgba="{colour_text(colour)} 1" {_SHOWN}/>'
