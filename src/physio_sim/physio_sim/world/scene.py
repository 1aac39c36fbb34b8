"""The whole clinic as one MuJoCo model: room, robot and two people."""

from __future__ import annotations

from dataclasses import dataclass

import mujoco
import numpy as np

from physio_core.motion.kinematics import BodyShape
from physio_sim.params import ClinicConfig
from physio_sim.world import room, turtlebot
from physio_sim.world.chair import chair_mjcf
from physio_sim.world.person import PERSON_GROUPS, Clothes, person_mjcf

TIMESTEP_S = 0.002


@dataclass(frozen=True)
class Appearance:
    """What a seed draws: shapes and clothes by ``PERSON_GROUPS``, colours of the room."""

    shapes: tuple[BodyShape, BodyShape]
    clothes: tuple[Clothes, Clothes]
    colours: room.Palette

    @staticmethod
    def random(seed: int) -> Appearance:
        """The same for the same seed."""
        rng = np.random.default_rng(seed)
        shapes = BodyShape.random(rng), BodyShape.random(rng)
        return Appearance(shapes, (Clothes.random(rng), Clothes.random(rng)), room.palette(rng))


def scene_mjcf(config: ClinicConfig, appearance: Appearance, rack: room.Rack) -> str:
    """The clinic as an MJCF document.

    Args:
        config: what it looks like.
        appearance: of people and room.
        rack: the pull-up bar.
    """
    people = "".join(
        person_mjcf(name, PERSON_GROUPS[name], shape, clothes)
        for name, shape, clothes in zip(PERSON_GROUPS, appearance.shapes, appearance.clothes, strict=True)
    )
    width, height = max(config.width_px, 1280), max(config.height_px, 960)
    ambient = f"{0.42 * config.light:.3f} " * 3
    return f"""
<mujoco model="clinic">
  <compiler angle="radian"/>
  <option timestep="{TIMESTEP_S}" integrator="implicitfast"/>
  <statistic extent="4" center="1.5 0 1"/>
  <visual>
    <global offwidth="{width}" offheight="{height}"/>
    <quality offsamples="{4 * config.shadows}" shadowsize="4096" numslices="16" numstacks="10"/>
    <headlight ambient="{ambient}" diffuse="0.12 0.12 0.12" specular="0 0 0"/>
  </visual>
  <default>{turtlebot.DEFAULTS}</default>
  <asset>{room.assets()}</asset>
  <worldbody>
    {room.room_mjcf(config, appearance.colours, rack)}
    {turtlebot.robot_mjcf(config)}
    {people}
    {chair_mjcf()}
    <camera name="room" pos="-1.25 -0.95 0.9" xyaxes="0.3552 -0.9348 0.0000 0.1315 0.0500 0.9901" fovy="56"/>
  </worldbody>
  <actuator>{turtlebot.ACTUATORS}</actuator>
</mujoco>"""


def build(config: ClinicConfig, appearance: Appearance, rack: room.Rack) -> mujoco.MjModel:
    """Compile the clinic."""
    return mujoco.MjModel.from_xml_string(scene_mjcf(config, appearance, rack))
