"""Paths that are drawn to messages and back, and as other programs give and take them."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from geometry_msgs.msg import Point32, PoseStamped
from nav_msgs.msg import Path

from physio_core.errors import InputError
from physio_core.trajectories.drawing import Drawing, Places
from physio_core.trajectories.trajectory import SIDES, Trajectory
from physio_msgs.msg import Drawing as DrawingMsg
from physio_nodes.stamps import to_seconds, to_stamp

_PATHS = ("stars", "trail", "ideal", "following")
_FRAMES = {f"{side}_shoulder": side for side in SIDES}
MOST_POINTS = 1000
"""Of a path that another program gives: more would hold up the coach."""


def drawing_to_msg(drawing: Drawing | None) -> DrawingMsg:
    """What is drawn, for the wire; an empty type: nothing is."""
    if drawing is None:
        return DrawingMsg()
    msg = DrawingMsg(type=drawing.type, side=drawing.side, lit=int(drawing.lit), grade=int(drawing.grade))
    for name in ("reach_m", "duration_s", "weight", "tilt_rad"):
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
        round(float(msg.duration_s), 4), round(float(msg.weight), 4), round(float(msg.tilt_rad), 4),
    )  # fmt: skip


def path_to_msg(path: Trajectory, start_s: float | None = None) -> Path:
    """A path for other programs, in the frame of the shoulder: x forward, y left, z up (REP-103).

    Args:
        path: of the hand.
        start_s: stamp of its first point; its own unless given [s].
    """
    msg = Path()
    msg.header.frame_id = f"{path.side}_shoulder"
    stamps_s = path.stamps_s if start_s is None else path.stamps_s - path.stamps_s[0] + start_s
    for at_s, place in zip(stamps_s, path.positions_m, strict=True):
        pose = PoseStamped()
        pose.header.frame_id, pose.header.stamp = msg.header.frame_id, to_stamp(float(at_s))
        pose.pose.position.x, pose.pose.position.y, pose.pose.position.z = (float(part) for part in place)
        msg.poses.append(pose)
    msg.header.stamp = msg.poses[0].header.stamp
    return msg


def path_from_msg(msg: Path) -> Trajectory:
    """A path of another program, its time from 0.

    Raises:
        InputError: another frame than that of a shoulder, too many points, or what is no path
            (:class:`~physio_core.trajectories.trajectory.Trajectory`).
    """
    frames = {msg.header.frame_id, *(pose.header.frame_id for pose in msg.poses if pose.header.frame_id)}
    if len(frames) > 1 or msg.header.frame_id not in _FRAMES:
        raise InputError(
            f"frame {', '.join(sorted(frames)) or 'none'!r}; a path is seen from the shoulder: {' or '.join(_FRAMES)}"
        )
    if len(msg.poses) > MOST_POINTS:
        raise InputError(f"a path of {len(msg.poses)} points; at most {MOST_POINTS}")
    stamps = np.array([to_seconds(pose.header.stamp) for pose in msg.poses])
    points = [(pose.pose.position.x, pose.pose.position.y, pose.pose.position.z) for pose in msg.poses]
    return Trajectory(
        stamps - stamps[0] if len(stamps) else stamps, np.array(points).reshape(-1, 3), side=_FRAMES[msg.header.frame_id]
    )


def _places(points: Iterable[Point32]) -> Places:
    return tuple((round(float(one.x), 4), round(float(one.y), 4), round(float(one.z), 4)) for one in points)
