"""Renders a shot: one person in a plain large room with what the movement needs, seen by a camera that may stand anywhere."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from physio_core.motion.kinematics import BODY_JOINTS
from physio_core.types import ByteImage, FloatArray
from physio_lab.synthetic.shots import ShotSpec
from physio_sim.params import ClinicConfig
from physio_sim.world import room
from physio_sim.world.person import Clothes, MocapBody, person_mjcf
from physio_sim.world.renderer import Renderer

# isort: split
# After the simulator, which says what MuJoCo draws with: MuJoCo reads it when it is first imported.
import mujoco

_PERSON, _BARBELL, _CAMERA = "patient", "barbell", "eye"
_WALL_M = 7.0
_STEEL = 'rgba="0.30 0.31 0.33 1"'
_HANDS, _TOES = ([BODY_JOINTS.index(f"{side}_{part}") for side in ("left", "right")] for part in ("hand", "toe"))
_PELVIS = BODY_JOINTS.index("pelvis")
_RAISED_M = 0.15
"""Hands or toes that never come lower than this rest on something."""


class ShotRenderer:
    """The room of one shot; there can be one per process, see :class:`Renderer`."""

    def __init__(self, shot: ShotSpec) -> None:
        """Build the room.

        Raises:
            SourceError: there is no GL to draw with, or another one draws in this process.
        """
        self._shot = shot
        self._model = mujoco.MjModel.from_xml_string(shot_mjcf(shot))
        self._data = mujoco.MjData(self._model)
        self._body = MocapBody(self._model, self._data, _PERSON)
        self._aim()
        width_px, height_px = shot.size_px
        self._renderer = Renderer(self._model, ClinicConfig(width_px=width_px, height_px=height_px))

    def images(self) -> Iterator[ByteImage]:
        """Every image of the shot (H, W, 3), red first, in order."""
        for points in self._shot.points:
            self._body.move(points)
            if self._shot.barbell:
                self._hold(points)
            mujoco.mj_kinematics(self._model, self._data)
            mujoco.mj_camlight(self._model, self._data)
            yield self._renderer.image(self._data, _CAMERA)

    def close(self) -> None:
        """Free the drawing surface."""
        self._renderer.close()

    def _aim(self) -> None:
        camera = self._shot.camera
        right, down, forward = camera.axes
        index = self._model.camera(_CAMERA).id
        self._model.cam_pos[index] = camera.x_m, camera.y_m, camera.height_m
        # MuJoCo's cameras have y up and look along -z.
        mujoco.mju_mat2Quat(self._model.cam_quat[index], np.stack([right, -down, -forward], axis=1).ravel())
        self._model.cam_fovy[index] = np.degrees(2 * np.arctan(np.tan(np.radians(camera.fov_deg) / 2) / camera.aspect))

    def _hold(self, points: FloatArray) -> None:
        """A bar through both hands; its own axis is y."""
        left, right = points[_HANDS]
        y = (left - right) / max(float(np.linalg.norm(left - right)), 1e-6)
        x = np.cross(y, [0.0, 0.0, 1.0])
        x /= max(float(np.linalg.norm(x)), 1e-6)
        body = self._model.body(_BARBELL).mocapid[0]
        self._data.mocap_pos[body] = (left + right) / 2
        mujoco.mju_mat2Quat(self._data.mocap_quat[body], np.stack([x, y, np.cross(x, y)], axis=1).ravel())


def shot_mjcf(shot: ShotSpec) -> str:
    """The room of a shot as an MJCF document; colours, light and furniture are drawn from its seed."""
    rng = np.random.default_rng((*shot.seed, 1))
    light = rng.uniform(0.6, 1.3)
    bodies = [person_mjcf(_PERSON, 1, shot.shape, Clothes.random(rng)), *_furniture(rng), *_props(shot)]
    if shot.occluded:
        bodies.append(_occluder(shot, rng))
    ambient = f"{0.42 * light:.3f} " * 3
    width_px, height_px = shot.size_px
    return f"""
<mujoco model="studio">
  <compiler angle="radian"/>
  <statistic extent="4" center="0 0 1"/>
  <visual>
    <global offwidth="{width_px}" offheight="{height_px}"/>
    <map znear="0.02"/>
    <quality offsamples="0" numslices="16" numstacks="10"/>
    <headlight ambient="{ambient}" diffuse="0.12 0.12 0.12" specular="0 0 0"/>
  </visual>
  <asset>{room.assets()}</asset>
  <worldbody>
    <geom name="floor" type="plane" size="9 9 0.1" material="boards"/>
    {_walls(rng)}{"".join(bodies)}
    {room.lights(light)}
    <camera name="{_CAMERA}" pos="3 0 1"/>
  </worldbody>
</mujoco>"""


def _walls(rng: np.random.Generator) -> str:
    colours, w, tall = room.palette(rng), _WALL_M, room.WALL_HEIGHT_M / 2
    look = f'rgba="{colours.wall} 1"'
    along_x = [("x1", (0.05, w, tall), (w, 0, tall)), ("x0", (0.05, w, tall), (-w, 0, tall))]
    along_y = [("y1", (w, 0.05, tall), (0, w, tall)), ("y0", (w, 0.05, tall), (0, -w, tall))]
    mat = room.box("mat", (1.05, 0.5, 0.004), (0, 0, 0.004), f'rgba="{colours.mat} 1"') if rng.random() < 0.6 else ""
    return mat + "".join(room.box(name, size, at, look) for name, size, at in (*along_x, *along_y))


def _furniture(rng: np.random.Generator) -> Iterator[str]:
    """Things along the walls, where they can be seen behind the body but not before it."""
    for number in range(int(rng.integers(3, 9))):
        size = rng.uniform(0.15, 0.6), rng.uniform(0.15, 0.6), rng.uniform(0.2, 1.0)
        along, side = rng.uniform(-_WALL_M + 1, _WALL_M - 1), (_WALL_M - 0.7) * rng.choice([-1.0, 1.0])
        place = (along, side) if rng.random() < 0.5 else (side, along)
        yield room.box(f"thing{number}", size, (*place, size[2]), f'rgba="{room.colour_text(rng.uniform(0.15, 0.9, 3))} 1"')


def _props(shot: ShotSpec) -> Iterator[str]:
    """What the movement needs: chair, bar, a box under hands or feet, a barbell."""
    hands, toes = shot.points[:, _HANDS], shot.points[:, _TOES]
    if shot.movement.place == "chair":
        lowest = shot.points[np.argmin(shot.points[:, _PELVIS, 2]), _PELVIS]
        yield from room.chair_boxes(*room.seat_of(lowest, shot.shape.height_m).tolist())
    elif shot.movement.place == "bar":
        x, _, z = hands[np.argmax(hands[..., 2].mean(1))].mean(0)
        yield f'<geom name="bar" type="capsule" size="0.016" fromto="{x} -1.1 {z} {x} 1.1 {z}" {_STEEL}/>'
        for number, y in enumerate((-1.1, 1.1)):
            yield room.box(f"post{number}", (0.025, 0.025, z / 2), (x, y, z / 2), _STEEL)
    elif shot.movement.place == "floor":
        for name, ends in (("hand_box", hands), ("foot_box", toes)):
            if (top := float(ends[..., 2].min()) - 0.03) > _RAISED_M:
                x, y = ends[0].mean(0)[:2]
                yield room.box(name, (0.18, 0.45, top / 2), (x, y, top / 2), 'rgba="0.5 0.42 0.34 1"')
    if shot.barbell:
        plate = f'type="cylinder" size="0.2 0.02" euler="1.5708 0 0" {_STEEL}'
        yield (
            f'<body name="{_BARBELL}" mocap="true"><geom type="capsule" size="0.014" fromto="0 -0.9 0 0 0.9 0" {_STEEL}/>'
            f'<geom pos="0 0.75 0" {plate}/><geom pos="0 -0.75 0" {plate}/></body>'
        )


def _occluder(shot: ShotSpec, rng: np.random.Generator) -> str:
    """A piece of furniture between camera and body that hides a part of it, mostly the legs."""
    middle = (shot.points.min((0, 1)) + shot.points.max((0, 1))) / 2
    camera = np.array([shot.camera.x_m, shot.camera.y_m])
    share = rng.uniform(0.3, 0.65)
    place = camera + share * (middle[:2] - camera)
    sight_z = shot.camera.height_m + share * (middle[2] - shot.camera.height_m)
    aside = rng.uniform(-0.3, 0.3) * shot.camera.axes[0][:2]
    size = rng.uniform(0.05, 0.3), rng.uniform(0.05, 0.3), max(0.05, sight_z * rng.uniform(0.35, 0.9)) / 2
    look = f'rgba="{room.colour_text(rng.uniform(0.15, 0.9, 3))} 1"'
    return room.box("before", size, (place[0] + aside[0], place[1] + aside[1], size[2]), look)
