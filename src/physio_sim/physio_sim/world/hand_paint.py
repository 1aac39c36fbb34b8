"""How a hand looks: skin with paler palm, creases and nails, or one of five kinds of gloves, painted round and along the limb."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from physio_core.errors import ConfigError
from physio_core.types import ByteImage, FloatArray
from physio_sim.world.hand_mesh import ALONG

SKIN_TONES: dict[str, tuple[float, float, float]] = {
    "very light": (0.93, 0.76, 0.67), "light": (0.87, 0.67, 0.55), "medium": (0.76, 0.55, 0.42), "dark": (0.55, 0.37, 0.27),
    "very dark": (0.36, 0.23, 0.17),
}  # fmt: skip
"""Backs of hands, from light to dark."""
_PALM_OF_DARK = np.array([0.72, 0.52, 0.42])
SIZE = (256, 64)
"""Of the painted image: along, round."""


@dataclass(frozen=True)
class Glove:
    """A kind of glove.

    Attributes:
        thicker_m: than the hand [m].
        colours: those that it comes in, red, green, blue.
        pattern: plain, knitted, dotted, striped or coated (another colour in the palm and at the finger tips).
    """

    thicker_m: float
    colours: tuple[tuple[float, float, float], ...]
    pattern: str = "plain"


GLOVES: dict[str, Glove] = {
    "none": Glove(0.0, ((0.0, 0.0, 0.0),)),
    "thin": Glove(0.0004, ((0.25, 0.45, 0.80), (0.92, 0.92, 0.90), (0.12, 0.12, 0.13))),
    "thick": Glove(0.0032, ((0.35, 0.22, 0.14), (0.16, 0.17, 0.19), (0.55, 0.50, 0.44))),
    "textured": Glove(0.0018, ((0.70, 0.68, 0.63), (0.30, 0.32, 0.36), (0.58, 0.30, 0.28)), "knitted"),
    "coloured": Glove(0.0014, ((0.85, 0.20, 0.18), (0.15, 0.62, 0.30), (0.95, 0.78, 0.12), (0.62, 0.20, 0.66)), "striped"),
    "work": Glove(0.0024, ((0.90, 0.52, 0.12), (0.18, 0.30, 0.52), (0.75, 0.72, 0.25)), "coated"),
}
"""Gloves by kind: latex, leather, knitted, with bright stripes, and coated ones for work; ``none`` is the bare hand."""


def glove_named(name: str) -> Glove:
    """The kind of glove.

    Raises:
        ConfigError: there is none of that name.
    """
    if name not in GLOVES:
        raise ConfigError(f"no glove {name!r}; choose from: {', '.join(GLOVES)}")
    return GLOVES[name]


def painted(tone: str, glove: str, rng: np.random.Generator) -> ByteImage:
    """The image (:data:`SIZE`, 3) that :attr:`HandMesh.paint` takes colours from: rows along the limb, columns round it.

    Raises:
        ConfigError: no such tone or glove.
    """
    if tone not in SKIN_TONES:
        raise ConfigError(f"no skin tone {tone!r}; choose from: {', '.join(SKIN_TONES)}")
    kind = glove_named(glove)
    along, around = np.linspace(0.0, 1.0, SIZE[0])[:, None], np.linspace(0.0, 1.0, SIZE[1])[None]
    look = _skin(np.array(SKIN_TONES[tone]), along, around, rng)
    if glove != "none":
        cuff = (along > 0.11)[..., None]
        look = np.where(cuff, _cloth(kind, along, around, rng), look)
    grain = 1.0 + 0.025 * rng.normal(size=(*SIZE, 1))
    return np.asarray(np.clip(255.0 * look * grain, 0, 255).astype(np.uint8))


def _skin(tone: FloatArray, along: FloatArray, around: FloatArray, rng: np.random.Generator) -> FloatArray:
    tone = np.clip(tone + rng.normal(0.0, 0.02, 3), 0.05, 0.98)
    dark = np.clip((0.72 - tone[0]) / 0.4, 0.0, 1.0)
    palm = (1 - dark) * np.clip(tone * [1.03, 0.97, 0.97], 0, 1) + dark * _PALM_OF_DARK
    inner = np.clip((around - 0.5) / 0.25, 0.0, 1.0) * (along > ALONG["wrist"] - 0.03)
    look = tone + inner[..., None] * (palm - tone)
    redder = np.exp(-(((along - 1.0) / 0.07) ** 2))[..., None] * [0.0, 0.05, 0.04]
    look = look - redder * (1 - 0.5 * dark)
    for name, width, deep in (("wrist", 0.004, 0.16), ("knuckle", 0.006, 0.14), ("middle", 0.005, 0.2), ("outer", 0.005, 0.18)):
        line = np.exp(-(((along - ALONG[name]) / width) ** 2))
        look = look * (1.0 - deep * (line * (0.35 + 0.65 * np.clip((around - 0.5) / 0.2, 0.0, 1.0)))[..., None])
    for place, slant in ((0.36, 0.05), (0.31, -0.06)):
        line = np.exp(-(((along - place - slant * (around - 0.8)) / 0.004) ** 2)) * np.clip((around - 0.6) / 0.15, 0.0, 1.0)
        look = look * (1.0 - 0.16 * line[..., None])
    nail = ((along > 0.905) & (along < 0.985) & (around < 0.16))[..., None]
    return np.where(nail, 0.55 * look + 0.45 * np.array([0.95, 0.80, 0.77]), look)


def _cloth(kind: Glove, along: FloatArray, around: FloatArray, rng: np.random.Generator) -> FloatArray:
    first = np.array(kind.colours[int(rng.integers(len(kind.colours)))])
    other = np.array(kind.colours[int(rng.integers(len(kind.colours)))])
    weave = 0.5 + 0.5 * np.sin(2 * np.pi * 48 * along) * np.sin(2 * np.pi * 14 * around)
    plain = np.broadcast_to(first, (*SIZE, 3))
    if kind.pattern == "knitted":
        return np.asarray(plain * (0.72 + 0.28 * weave[..., None]))
    if kind.pattern == "striped":
        contrast = other if not np.array_equal(first, other) else 1.0 - first
        return np.where((np.mod(along * 11, 1.0) < 0.45)[..., None] & np.ones((1, SIZE[1], 1), bool), contrast, plain)
    if kind.pattern == "coated":
        coat = rng.choice([0.10, 0.25, 0.55]) * np.ones(3)
        return np.where(
            ((around > 0.5) & (along > 0.24) | (along > 0.93))[..., None], coat, plain * (0.85 + 0.15 * weave[..., None])
        )
    return np.asarray(plain * (0.95 + 0.05 * weave[..., None]))
