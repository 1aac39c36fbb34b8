"""A hand in MuJoCo: one smooth skin over mocap bodies that go where the motion says, as a person's do, and a sleeve."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import mujoco
import numpy as np
import numpy.typing as npt

from physio_core.motion.hand import HandFrames, HandShape
from physio_core.types import FloatArray
from physio_sim.world.hand_mesh import BONES, FINE_M, FOREARM_M, HandMesh, bone_places, hand_mesh
from physio_sim.world.hand_paint import SIZE, SKIN_TONES, glove_named, painted
from physio_sim.world.person import HIDDEN_Z_M
from physio_sim.world.room import colour_text

_SHOWN = 'contype="0" conaffinity="0"'
_SLEEVE_M, _SLEEVE_RADIUS_M = 0.16, 0.040


@dataclass(frozen=True)
class HandLook:
    """How a hand looks.

    Attributes:
        tone: one of ``SKIN_TONES``.
        glove: one of ``GLOVES``.
        sleeve: colour, red, green, blue; None: a bare forearm.
        seed: of what differs from hand to hand besides.
    """

    tone: str = "light"
    glove: str = "none"
    sleeve: tuple[float, float, float] | None = (0.25, 0.35, 0.55)
    seed: int = 0


class SolidHand:
    """One hand of a model: what to write into its MJCF, and how to move it.

    ``assets`` belongs into ``<asset>``, ``bodies`` into ``<worldbody>`` and ``skin`` into ``<deformable>``; after compiling,
    :meth:`attach` comes before the first picture.
    """

    def __init__(
        self, name: str, shape: HandShape, look: HandLook, side: str = "right", group: int = 0, cell_m: float = FINE_M
    ) -> None:
        """Form the skin.

        Args:
            name: unique in the model.
            shape: lengths of the hand.
            look: how it looks.
            side: ``right`` or ``left``.
            group: of the skin, by which a renderer hides it.
            cell_m: about how far vertices of the skin lie apart [m].

        Raises:
            ConfigError: no such tone or glove.
            InputError: no such side.
        """
        self._name, self._side = name, side
        self._paint = painted(look.tone, look.glove, np.random.default_rng((look.seed, 3)))
        self._mesh = hand_mesh(shape, side, glove_named(look.glove).thicker_m, cell_m)
        self.assets = (
            f'<texture name="{name}/paint" type="2d" builtin="flat" width="{SIZE[1]}" height="{SIZE[0]}" rgb1="1 1 1"/>'
            f'<material name="{name}/look" texture="{name}/paint" specular="0.15" shininess="0.2"/>'
        )
        self.bodies = "".join(
            f'<body name="{name}/{bone}" mocap="true" pos="0 0 {HIDDEN_Z_M}">{self._inside(bone, shape, look)}</body>'
            for bone in BONES
        )
        self._group = group

    @cached_property
    def skin(self) -> str:
        """For ``<deformable>``."""
        return _skin_mjcf(self._name, self._mesh, self._group)

    def attach(self, model: mujoco.MjModel, data: mujoco.MjData) -> None:
        """Find the hand in the compiled model and paint it."""
        self._data = data
        self._mocap = [int(model.body(f"{self._name}/{bone}").mocapid[0]) for bone in BONES]
        texture = model.texture(f"{self._name}/paint")
        start = int(texture.adr[0])
        model.tex_data[start : start + self._paint.size] = self._paint.ravel()

    def move(self, frames: HandFrames, image: int, place_m: FloatArray | None = None, turn: FloatArray | None = None) -> None:
        """Put the hand where it is in one frame of a motion.

        Args:
            frames: of the motion.
            image: which frame.
            place_m: (3,) of the axes that the motion is in, in the world [m]; None: the world's.
            turn: (3, 3) of these axes.
        """
        points, turns = bone_places(frames, self._side)
        place, turned = points[image], turns[image]
        if turn is not None:
            place, turned = place @ turn.T, turn @ turned
        self._data.mocap_pos[self._mocap] = place if place_m is None else place + place_m
        for mocap, matrix in zip(self._mocap, turned, strict=True):
            mujoco.mju_mat2Quat(self._data.mocap_quat[mocap], np.ascontiguousarray(matrix).ravel())

    def hide(self) -> None:
        """Take the hand out of the room."""
        self._data.mocap_pos[self._mocap] = [0.0, 0.0, HIDDEN_Z_M]

    def _inside(self, bone: str, shape: HandShape, look: HandLook) -> str:
        """What is rigid besides the skin: the sleeve."""
        if bone != "forearm" or look.sleeve is None:
            return ""
        girth = shape.length_m / 0.182 * shape.girth
        near, far = 0.72 * FOREARM_M + 0.02, 0.72 * FOREARM_M + _SLEEVE_M
        return (
            f'<geom type="capsule" size="{_SLEEVE_RADIUS_M * girth:.4f}" fromto="{-near:.4f} 0 0 {-far:.4f} 0 0" '
            f'rgba="{colour_text(look.sleeve)} 1" {_SHOWN}/>'
        )


def tone_like(colour: str) -> str:
    """The skin tone that is nearest to a colour, an MJCF ``rgb`` text."""
    wanted = np.array(colour.split(), float)
    return min(SKIN_TONES, key=lambda tone: float(np.abs(np.array(SKIN_TONES[tone]) - wanted).sum()))


def _skin_mjcf(name: str, mesh: HandMesh, group: int) -> str:
    def text(values: npt.NDArray[Any], form: str = "%.5f") -> str:
        return " ".join(form % value for value in np.asarray(values).ravel())

    bones = []
    for n, bone in enumerate(BONES):
        held = np.flatnonzero(mesh.weights[:, n] > 0)
        turn = np.zeros(4)
        mujoco.mju_mat2Quat(turn, np.ascontiguousarray(mesh.turns[n]).ravel())
        bones.append(
            f'<bone body="{name}/{bone}" bindpos="{text(mesh.places_m[n])}" bindquat="{text(turn, "%.6f")}" '
            f'vertid="{text(held, "%d")}" vertweight="{text(mesh.weights[held, n], "%.4f")}"/>'
        )
    return (
        f'<skin name="{name}/skin" group="{group}" material="{name}/look" vertex="{text(mesh.vertices_m)}" '
        f'texcoord="{text(mesh.paint, "%.4f")}" face="{text(mesh.faces, "%d")}">{"".join(bones)}</skin>'
    )
