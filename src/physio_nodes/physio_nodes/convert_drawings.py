"""Paths that are drawn to messages and back, and as other programs give and take them."""

from __future__ import annotations

from collections.abc import Iterable

from geometry_msgs.msg import Point32

from physio_core.trajectories.drawing import Drawing, Places
from physio_msgs.msg import Drawing as DrawingMsg

_PATHS = ("stars", "trail", "ideal", "following")


def drawing_to_msg(drawing: Drawing | None) -> DrawingMsg:
    """What is drawn, for the wire; an empty type: nothing is."""
    if drawing is None:
        return DrawingMsg()
    msg = DrawingMsg(type=drawing.type, side=drawing.side, lit=int(drawing.lit), grade=int(drawing.grade))
    for name in ("reach_m", "duration_s", "weight"):
        setattr(msg, name, float(getattr(drawing, name)))
    for name in _PATHS:
        setattr(msg, name, [Point32(x=float(x), y=float(y), z=float(z)) for x, y, z in getattr(drawing, name)])
    return msg


def drawing_from_msg(msg: DrawingMsg) -> Drawing | None:
    """What is drawn, from the wire; None: nothing is."""
    if not msg.type:
        return None
    stars, trail, ideal, following = (_places(getattr(msg, name)) for name in _PATHS)
    return Drawing(
        msg.type, msg.side, round(float(msg.reach_m), 4), stars, int(msg.lit), trail, ideal, following, int(msg.grade),
        round(float(msg.duration_s), 4), round(float(msg.weight), 4),
    )  # fmt: skip


def _places(points: Iterable[Point32]) -> Places:
    return tuple((round(float(one.x), 4), round(float(one.y), 4), round(float(one.z), 4)) for one in points)
