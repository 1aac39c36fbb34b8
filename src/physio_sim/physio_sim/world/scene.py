"""The whole clinic as one MuJoCo model: room, robot and two people."""

from __future__ import annotations

from dataclasses import dataclass

import mujoco
import numpy as np

from physio_core.motion.hand import HandShape
from physio_core.motion.kinematics import BodyShape
from physio_sim.params import ClinicConfig
from physio_sim.world import room, turtlebot
from physio_sim.world.chair import chair_mjcf
from physio_sim.world.hand import HandLook, SolidHand, tone_like
from physio_sim.world.hand_mesh import COARSE_M
from physio_sim.world.person import PERSON_GROUPS, Clothes, person_mjcf

TIMESTEP_S = 0.002
HAND_PER_HEIGHT = 0.108
"""Length of a hand as a share of the height (Drillis and Contini 1966)."""


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


HAND_GROUPS = {"right": 4, "left": 5}
"""The patient's hands as they are shown closely, and the group of each, by which the renderer hides one that is not shown."""


def hand_shape(body: BodyShape) -> HandShape:
    """Hands that suit a body."""
    return HandShape(length_m=HAND_PER_HEIGHT * body.height_m, girth=float(np.clip(body.girth, 0.7, 1.4)))


def near_hands(appearance: Appearance) -> dict[str, SolidHand]:
    """The patient's hands by side, finer than a person's capsules."""
    shape, look = hand_shape(appearance.shapes[0]), HandLook(tone_like(appearance.clothes[0].skin), sleeve=None)
    return {side: SolidHand(f"near_{side}", shape, look, side, group, COARSE_M) for side, group in HAND_GROUPS.items()}


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
    hands = near_hands(appearance).values()
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
  <asset>{room.assets()}{"".join(hand.assets for hand in hands)}</asset>
  <worldbody>
    {room.room_mjcf(config, appearance.colours, rack)}
    {turtlebot.robot_mjcf(config)}
    {people}{"".join(hand.bodies for hand in hands)}
    {chair_mjcf()}
    <camera name="room" pos="-1.25 -0.95 0.9" xyaxes="0.3552 -0.9348 0.0000 0.1315 0.0500 0.9901" fovy="56"/>
  </worldbody>
  <deformable>{"".join(hand.skin for hand in hands)}</deformable>
  <actuator>{turtlebot.ACTUATORS}</actuator>
</mujoco>"""


def build(config: ClinicConfig, appearance: Appearance, rack: room.Rack) -> mujoco.MjModel:
    """Compile the clinic."""
    return mujoco.MjModel.from_xml_string(scene_mjcf(config, appearance, rack))
