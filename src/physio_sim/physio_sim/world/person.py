"""A person of capsules in the clinic: the body of :mod:`physio_core.motion`, dressed, and moved frame by frame.

Every segment is a mocap body: it goes where the motion says whatever pushes it, yet the lidar sees it and the robot bumps
into it.
"""

from __future__ import annotations

from dataclasses import dataclass

import mujoco
import numpy as np

from physio_core.motion.kinematics import BODY_JOINTS, BONES, BodyShape, Segment, girth_of
from physio_core.types import FloatArray
from physio_sim.world.room import colour_text

PERSON_GROUPS = {"patient": 1, "passer_by": 3}
"""Everyone who may be in the clinic, and the geom group of each, by which the renderer hides people who are not in the room."""

SKIN = ((0.93, 0.76, 0.65), (0.87, 0.67, 0.53), (0.76, 0.55, 0.41), (0.60, 0.42, 0.30), (0.44, 0.30, 0.21))
_HAIR = ((0.10, 0.08, 0.07), (0.24, 0.15, 0.09), (0.42, 0.28, 0.15), (0.62, 0.60, 0.58), (0.70, 0.55, 0.30))
_SHIRT = ((0.80, 0.16, 0.18), (0.16, 0.34, 0.68), (0.94, 0.94, 0.92), (0.20, 0.52, 0.32), (0.90, 0.62, 0.14), (0.45, 0.22, 0.52))
_TROUSERS = ((0.13, 0.15, 0.24), (0.22, 0.22, 0.24), (0.30, 0.36, 0.50), (0.36, 0.30, 0.24))
_SHOES = ((0.92, 0.92, 0.92), (0.10, 0.10, 0.10), (0.55, 0.12, 0.12))

HIDDEN_Z_M = -5.0
"""Where a person waits who is not in the room: under the floor."""


@dataclass(frozen=True)
class Clothes:
    """Colours of one person, as MJCF ``rgb`` texts, by :attr:`Segment.part`."""

    skin: str
    hair: str
    shirt: str
    trousers: str
    shoes: str

    @staticmethod
    def random(rng: np.random.Generator) -> Clothes:
        """Clothes, skin and hair drawn for one person."""
        return Clothes(*(colour_text(rng.choice(colours)) for colours in (SKIN, _HAIR, _SHIRT, _TROUSERS, _SHOES)))


def person_mjcf(name: str, group: int, shape: BodyShape, clothes: Clothes) -> str:
    """One mocap body per segment, named ``<name>/<segment>``; the head also carries hair and a face."""
    bodies = "\n".join(_segment_mjcf(name, segment, shape, clothes) for segment in BONES)
    return bodies.replace("<geom ", f'<geom group="{group}" ')


def _segment_mjcf(name: str, segment: Segment, shape: BodyShape, clothes: Clothes) -> str:
    radius_m = segment.radius_m * girth_of(shape)
    if segment.ellipsoid:
        radius_m = segment.radius_m * shape.height_m / 1.72 * shape.head
        inside = _head_mjcf(f"{name}/{segment.name}", radius_m, clothes)
    else:
        inside = (
            f'<geom name="{name}/{segment.name}" type="capsule" size="{radius_m:.4f} 0.1" '
            f'rgba="{getattr(clothes, segment.part)} 1" {_SOLID}/>'
        )
    return f'<body name="{name}/{segment.name}" mocap="true" pos="0 0 {HIDDEN_Z_M}">{inside}</body>'


_SOLID = 'contype="2" conaffinity="1"'
_SHOWN = 'contype="0" conaffinity="0"'


def _head_mjcf(name: str, width_m: float, clothes: Clothes) -> str:
    """A head at the origin, face towards +x, from a few ellipsoids: enough for a face detector."""
    w = width_m
    skin, hair = f'rgba="{clothes.skin} 1"', f'rgba="{clothes.hair} 1"'

    def blob(size: tuple[float, float, float], at: tuple[float, float, float], look: str) -> str:
        sizes, place = (" ".join(f"{value * w:.4f}" for value in values) for values in (size, at))
        return f'<geom type="ellipsoid" size="{sizes}" pos="{place}" {look} {_SHOWN}/>'

    parts = [
        f'<geom name="{name}" type="ellipsoid" size="{1.12 * w:.4f} {w:.4f} {1.45 * w:.4f}" {skin} {_SOLID}/>',
        blob((1.16, 1.06, 1.05), (-0.12, 0, 0.52), hair),
        blob((0.20, 0.15, 0.24), (1.12, 0, -0.12), skin),
        blob((0.10, 0.30, 0.07), (1.00, 0, -0.62), 'rgba="0.62 0.25 0.25 1"'),
    ]
    for side in (1.0, -1.0):
        parts += [
            blob((0.10, 0.19, 0.11), (0.98, side * 0.38, 0.13), 'rgba="0.95 0.95 0.95 1"'),
            blob((0.10, 0.09, 0.09), (1.02, side * 0.38, 0.13), 'rgba="0.12 0.09 0.07 1"'),
            blob((0.10, 0.25, 0.05), (0.98, side * 0.39, 0.36), hair),
            blob((0.20, 0.10, 0.28), (0.02, side * 1.0, -0.02), skin),
        ]
    return "".join(parts)


class MocapBody:
    """Moves the mocap bodies of one person."""

    def __init__(self, model: mujoco.MjModel, data: mujoco.MjData, name: str) -> None:
        """Find the bodies that :func:`person_mjcf` made under that name."""
        self._model, self._data = model, data
        self._mocap = [int(model.body(f"{name}/{segment.name}").mocapid[0]) for segment in BONES]
        self._geoms = [model.geom(f"{name}/{segment.name}").id for segment in BONES]
        self._from, self._to = (
            [BODY_JOINTS.index(joint) for joint in joints]
            for joints in ([segment.joint_a for segment in BONES], [segment.joint_b for segment in BONES])
        )
        self._capsule = np.array([not segment.ellipsoid for segment in BONES])
        self._face = [BODY_JOINTS.index(joint) for joint in ("nose", "left_ear", "right_ear")]

    def move(self, points: FloatArray) -> None:
        """Put the person at these points of the world (J, 3) [m], J in the order of ``BODY_JOINTS``."""
        start, end = points[self._from], points[self._to]
        along = end - start
        length = np.linalg.norm(along, axis=1)
        nose, left, right = points[self._face]
        ahead = np.where(self._capsule[:, None], _across(along), nose - (left + right) / 2)
        self._data.mocap_pos[self._mocap] = np.where(self._capsule[:, None], (start + end) / 2, start)
        self._data.mocap_quat[self._mocap] = _quaternions(along, ahead)
        self._stretch(length)

    def hide(self) -> None:
        """Take the person out of the room."""
        self._data.mocap_pos[self._mocap] = [0.0, 0.0, HIDDEN_Z_M]

    def _stretch(self, length_m: FloatArray) -> None:
        """Fit the capsules to the joints: the flanks grow and shrink as the trunk bends."""
        geoms = np.array(self._geoms)[self._capsule]
        half = length_m[self._capsule] / 2
        self._model.geom_size[geoms, 1] = half
        self._model.geom_rbound[geoms] = half + self._model.geom_size[geoms, 0]


def _across(along: FloatArray) -> FloatArray:
    """Some vector that is not parallel, for capsules, which look the same from all sides."""
    steep = np.abs(along[:, 2]) > 0.7 * np.linalg.norm(along, axis=1)
    return np.where(steep[:, None], [1.0, 0.0, 0.0], [0.0, 0.0, 1.0])


def _quaternions(up: FloatArray, ahead: FloatArray) -> FloatArray:
    """Turns (N, 4), w first, that bring z along ``up`` and x near ``ahead``, both (N, 3)."""
    z = up / np.maximum(np.linalg.norm(up, axis=1, keepdims=True), 1e-9)
    y = np.cross(z, ahead)
    y /= np.maximum(np.linalg.norm(y, axis=1, keepdims=True), 1e-9)
    matrices = np.stack([np.cross(y, z), y, z], axis=2)
    out = np.zeros((len(matrices), 4))
    for quaternion, matrix in zip(out, matrices, strict=True):
        mujoco.mju_mat2Quat(quaternion, matrix.ravel())
    return out
