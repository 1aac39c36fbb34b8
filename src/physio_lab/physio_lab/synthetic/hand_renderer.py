"""Renders a hand in its scene, frame by frame, with where every joint truly is in the image and in space."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from physio_core.motion.hand import HandFrames, HandMotion
from physio_core.types import ByteImage, FloatArray
from physio_lab.synthetic.hand_scenes import HandScene, occluder_mjcf, surroundings
from physio_sim.params import ClinicConfig
from physio_sim.world.hand import SolidHand
from physio_sim.world.hand_mesh import bone_places
from physio_sim.world.renderer import Renderer

# isort: split
# After the simulator, which says what MuJoCo draws with: MuJoCo reads it when it is first imported.
import mujoco

_HAND, _CAMERA = "hand", "eye"


@dataclass(frozen=True)
class HandPicture:
    """One image and the truth about it.

    Attributes:
        rgb: (H, W, 3), red first.
        points_px: (21, 2) of ``hand_21`` in the image [px].
        points_m: (21, 3) in the camera's optical frame [m].
    """

    rgb: ByteImage
    points_px: FloatArray
    points_m: FloatArray


class HandRenderer:
    """A scene that can be drawn; there can be one per process, see :class:`Renderer`."""

    def __init__(self, scene: HandScene) -> None:
        """Build the scene.

        Raises:
            SourceError: there is no GL to draw with, or another one draws in this process.
            ConfigError: the scene's look is not known.
        """
        self._scene = scene
        self._hand = SolidHand(_HAND, scene.shape, scene.look, scene.side)
        self._model = mujoco.MjModel.from_xml_string(_mjcf(scene, self._hand))
        self._data = mujoco.MjData(self._model)
        self._hand.attach(self._model, self._data)
        width_px, height_px = scene.size_px
        self._renderer = Renderer(self._model, ClinicConfig(width_px=width_px, height_px=height_px))

    def pictures(self, motion: HandMotion, held: HandScene | None = None) -> Iterator[HandPicture]:
        """Every frame of a motion of the fingers, in order; the hand is held as the scene, or another of the same hand, says."""
        frames = (held or self._scene).frames(motion)
        image = self._scene.project(frames.points_m)
        for number in range(len(motion)):
            self._hand.move(frames, number)
            self._hold(frames, number)
            mujoco.mj_kinematics(self._model, self._data)
            mujoco.mj_camlight(self._model, self._data)
            yield HandPicture(self._renderer.image(self._data, _CAMERA), image[number], frames.points_m[number])

    def close(self) -> None:
        """Free the drawing surface."""
        self._renderer.close()

    @cached_property
    def _held(self) -> int | None:
        return None if self._scene.occluder == "none" else int(self._model.body("occluder").mocapid[0])

    def _hold(self, frames: HandFrames, number: int) -> None:
        if self._held is not None:
            places, turns = bone_places(frames, self._scene.side)
            self._data.mocap_pos[self._held] = places[number, 1]
            mujoco.mju_mat2Quat(self._data.mocap_quat[self._held], np.ascontiguousarray(turns[number, 1]).ravel())


def _mjcf(scene: HandScene, hand: SolidHand) -> str:
    width_px, height_px = scene.size_px
    fovy = np.degrees(2 * np.arctan(np.tan(np.radians(scene.fov_deg) / 2) * height_px / width_px))
    ambient = f"{0.34 * scene.light:.3f} " * 3
    return f"""
<mujoco model="hand">
  <compiler angle="radian"/>
  <statistic extent="1" center="0 0 0.5"/>
  <visual>
    <global offwidth="{width_px}" offheight="{height_px}"/>
    <map znear="0.02" zfar="20"/>
    <quality offsamples="0" shadowsize="1024" numslices="20" numstacks="12"/>
    <headlight ambient="{ambient}" diffuse="0.2 0.2 0.2" specular="0 0 0"/>
  </visual>
  <asset>{hand.assets}</asset>
  <worldbody>
    {surroundings(scene)}{hand.bodies}{occluder_mjcf(scene)}
    <camera name="{_CAMERA}" pos="0 0 0" xyaxes="1 0 0 0 -1 0" fovy="{fovy:.4f}"/>
  </worldbody>
  <deformable>{hand.skin}</deformable>
</mujoco>"""
