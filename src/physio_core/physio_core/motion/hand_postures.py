"""Postures of the hand by name, as joint angles: what hand movements begin and end with."""

from __future__ import annotations

from collections.abc import Mapping

from physio_core.errors import ConfigError
from physio_core.motion.hand import FINGERS, hand_angles_rad
from physio_core.types import FloatArray

_Four = float | tuple[float, float, float, float]
_Five = tuple[float, float, float, float, float]


def _posture(
    mcp: _Four, pip: _Four, dip: _Four, apart: _Four = 0.0, thumb: _Five = (0, 0, 0, 0, 0),
    **others: float,
) -> dict[str, float]:  # fmt: skip
    """Angles [deg] of the four fingers, index first, and of the thumb: CMC flexion, abduction, opposition, MCP, IP."""
    angles = {}
    for name, values in (("mcp_flexion", mcp), ("pip_flexion", pip), ("dip_flexion", dip), ("mcp_abduction", apart)):
        for finger, value in zip(FINGERS, values if isinstance(values, tuple) else (values,) * 4, strict=True):
            angles[f"{finger}_{name}"] = float(value)
    names = ("cmc_flexion", "cmc_abduction", "cmc_opposition", "mcp_flexion", "ip_flexion")
    return angles | {f"thumb_{name}": float(value) for name, value in zip(names, thumb, strict=True)} | others


def _opposed(finger: str, thumb: _Five, bent: tuple[float, float, float]) -> dict[str, float]:
    """Thumb and one finger tip to tip, the other fingers nearly straight."""
    angles = _posture(12, 15, 6, thumb=thumb, wrist_flexion=-10)
    return angles | {f"{finger}_{name}_flexion": bend for name, bend in zip(("mcp", "pip", "dip"), bent, strict=True)}


_RELAXED_THUMB, _FLAT_THUMB, _WIDE_THUMB = (5, 20, 20, 10, 15), (-8, 10, 5, 0, 0), (-30, 15, 0, -5, -10)
POSTURES_DEG: dict[str, dict[str, float]] = {
    "relaxed": _posture((25, 30, 33, 35), (30, 35, 38, 40), (12, 15, 17, 18), thumb=_RELAXED_THUMB, wrist_flexion=-15),
    "open": _posture(0, 2, 0, (4, 0, 3, 6), thumb=_FLAT_THUMB),
    "spread": _posture(-5, 0, -3, (16, 0, 13, 20), thumb=_WIDE_THUMB),
    "together": _posture(0, 0, 0, (-4, 0, -4, -7), thumb=(20, 0, 0, 0, 0)),
    "fist": _posture((80, 85, 87, 88), (100, 103, 103, 100), (60, 65, 65, 60), thumb=(-2, 26, 23, 41, 59)),
    "half_fist": _posture((45, 48, 50, 52), (60, 62, 62, 60), (30, 32, 32, 30), thumb=(0, 22, 20, 25, 30)),
    "hook": _posture(0, (98, 102, 102, 98), (62, 68, 68, 62), thumb=(-20, 10, 0, 0, 0)),
    "claw": _posture(-20, (60, 64, 66, 66), (35, 38, 40, 40), (6, 0, 5, 8), thumb=(-15, 15, 5, 10, 30)),
    "tabletop": _posture((82, 85, 86, 86), 4, 2, thumb=(0, 25, 15, 5, 5)),
    "thumb_in_palm": _posture((60, 63, 65, 66), (65, 68, 68, 66), (32, 35, 35, 32), thumb=(38, 10, 28, 55, 45)),
    "thumb_out": _posture(0, 2, 0, (4, 0, 3, 6), thumb=(-30, 5, 0, 0, 0)),
    "thumb_adducted": _posture(0, 2, 0, thumb=(22, 0, 0, 0, 0)),
    "pinch": _opposed("index", (-4, 18, 50, 9, 11), (62, 38, 14)),
    "thumb_to_index": _opposed("index", (-4, 18, 50, 9, 11), (62, 38, 14)),
    "thumb_to_middle": _opposed("middle", (-12, 25, 62, 12, 9), (69, 40, 12)),
    "thumb_to_ring": _opposed("ring", (-19, 30, 73, 15, 9), (68, 41, 11)),
    "thumb_to_pinky": _opposed("pinky", (-20, 37, 80, 19, 8), (65, 38, 11)),
    "cylinder": _posture((48, 50, 53, 56), (42, 45, 47, 48), (22, 25, 26, 26), thumb=(-12, 30, 58, 12, 22), wrist_flexion=-20),
    "sphere": _posture((36, 33, 36, 40), (40, 42, 42, 42), 25, (14, 0, 10, 16), thumb=(-18, 38, 55, 10, 20), wrist_flexion=-20),
    "wrist_flexed": _posture(8, 8, 4, thumb=_FLAT_THUMB, wrist_flexion=65),
    "wrist_extended": _posture(8, 12, 6, thumb=_FLAT_THUMB, wrist_flexion=-60),
    "wrist_radial": _posture(4, 4, 2, thumb=_FLAT_THUMB, wrist_deviation=18),
    "wrist_ulnar": _posture(4, 4, 2, thumb=_FLAT_THUMB, wrist_deviation=-28),
}  # fmt: skip
"""Angles [deg] that are not 0, by posture; contacts of the thumb hold for a hand of mean proportions."""


def hand_posture_deg(name: str) -> Mapping[str, float]:
    """Angles of a posture [deg].

    Raises:
        ConfigError: no such posture.
    """
    if name not in POSTURES_DEG:
        raise ConfigError(f"unknown posture of the hand {name!r}; known: {', '.join(POSTURES_DEG)}")
    return POSTURES_DEG[name]


def hand_posture_rad(name: str) -> FloatArray:
    """Angles of a posture (A,) in the order of ``HAND_ANGLES`` [rad].

    Raises:
        ConfigError: no such posture.
    """
    return hand_angles_rad(hand_posture_deg(name))
