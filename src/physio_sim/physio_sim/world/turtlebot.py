"""A TurtleBot 3 waffle_pi made of primitives, with the coach's screen and camera on a mast, as MJCF.

Sizes are those of ROBOTIS' description (turtlebot3_waffle_pi.urdf). The root body is ``base_footprint``: on the floor, between
the wheels, x forward, y left, z up (REP-103).
"""

from __future__ import annotations

import math

from physio_core.robot.description import CAMERA_FORWARD_M, WHEEL_RADIUS_M, WHEEL_SEPARATION_M
from physio_core.robot.mount import HFOV_RAD
from physio_sim.params import ClinicConfig

MAX_LINEAR_M_S = 0.26
MAX_ANGULAR_RAD_S = 1.82
SCAN_RAYS = 360
SCAN_MIN_M, SCAN_MAX_M = 0.12, 3.5

ROBOT_GROUP = 2
"""Geom group of the robot; the lidar does not see its own robot."""

# Friction comes from the floor (1.0). The casters slide, the wheels roll; armature and damping stand for the gear motors.
DEFAULTS = f"""
<default class="robot">
  <geom group="{ROBOT_GROUP}" contype="1" conaffinity="2" condim="3" rgba="0.16 0.16 0.18 1"/>
  <default class="wheel">
    <geom type="cylinder" size="{WHEEL_RADIUS_M} 0.009" euler="1.5708 0 0" mass="0.0285" friction="1 0.005 0.0001"
      rgba="0.05 0.05 0.05 1"/>
    <joint type="hinge" axis="0 1 0" armature="0.002" damping="0.0005"/>
  </default>
  <default class="caster">
    <geom type="sphere" size="0.01" mass="0.005" condim="1" priority="1"/>
  </default>
  <default class="fitting"><geom type="box" mass="0.02"/></default>
  <default class="shown"><geom type="box" mass="0" contype="0" conaffinity="0"/></default>
</default>"""

ACTUATORS = """
<velocity name="wheel_left" joint="wheel_left_joint" kv="0.3" forcerange="-0.5 0.5"/>
<velocity name="wheel_right" joint="wheel_right_joint" kv="0.3" forcerange="-0.5 0.5"/>"""


def robot_mjcf(config: ClinicConfig) -> str:
    """The robot's body at the origin, facing +x: 1.8 kg, 0.281 x 0.306 x 0.141 m without the mast."""
    half = WHEEL_SEPARATION_M / 2
    height, tilt = config.camera_height_m, math.radians(config.camera_tilt_deg)
    mast = f"0.005 0.005 {(height - 0.11) / 2:.4f}"
    up = f"{-math.sin(tilt):.5f} 0 {math.cos(tilt):.5f}"
    return f"""
<body name="base_footprint" childclass="robot">
  <freejoint name="base"/>
  <geom name="lower_plate" type="box" size="0.133 0.133 0.012" pos="-0.064 0 0.035" mass="0.75"/>
  <geom name="upper_plate" type="box" size="0.133 0.133 0.006" pos="-0.064 0 0.104" mass="0.35" rgba="0.2 0.2 0.22 1"/>
  <geom name="battery_and_board" type="box" size="0.10 0.07 0.028" pos="-0.064 0 0.072" mass="0.30" rgba="0.1 0.35 0.25 1"/>
  <geom name="lidar" type="cylinder" size="0.035 0.0155" pos="-0.064 0 0.1255" mass="0.11" rgba="0.08 0.08 0.08 1"/>
  <geom name="caster_left" class="caster" pos="-0.177 0.064 0.0102"/>
  <geom name="caster_right" class="caster" pos="-0.177 -0.064 0.0102"/>
  <geom name="mast_left" class="fitting" size="{mast}" pos="0.03 0.06 {(height + 0.11) / 2:.4f}"/>
  <geom name="mast_right" class="fitting" size="{mast}" pos="0.03 -0.06 {(height + 0.11) / 2:.4f}"/>
  <geom name="screen_case" class="fitting" size="0.006 0.0965 0.0565" pos="0.042 0 {height - 0.075:.4f}" mass="0.12"/>
  <geom name="screen" class="shown" size="0.001 0.077 0.043" pos="0.049 0 {height - 0.075:.4f}"
    rgba="0.25 0.55 0.85 1"/>
  <geom name="camera_case" class="fitting" size="0.012 0.03 0.012" pos="0.045 0 {height:.4f}" mass="0.03"/>
  <geom name="lens" class="shown" type="cylinder" size="0.008 0.001" euler="0 1.5708 0" pos="0.058 0 {height:.4f}"
    rgba="0.3 0.3 0.45 1"/>
  <camera name="camera" pos="{CAMERA_FORWARD_M} 0 {height:.4f}" xyaxes="0 -1 0 {up}" fovy="{vertical_fov_deg(config):.4f}"/>
  <site name="base_scan" pos="-0.064 0 0.132"/>
  <body name="wheel_left_link" pos="0 {half} {WHEEL_RADIUS_M}">
    <joint name="wheel_left_joint" class="wheel"/><geom name="wheel_left" class="wheel"/>
    <geom class="shown" size="0.02 0.0095 0.004" rgba="0.6 0.6 0.6 1"/>
  </body>
  <body name="wheel_right_link" pos="0 {-half} {WHEEL_RADIUS_M}">
    <joint name="wheel_right_joint" class="wheel"/><geom name="wheel_right" class="wheel"/>
    <geom class="shown" size="0.02 0.0095 0.004" rgba="0.6 0.6 0.6 1"/>
  </body>
</body>"""


def vertical_fov_deg(config: ClinicConfig) -> float:
    """Vertical field of view that belongs to :data:`HFOV_RAD` at the image's proportions [deg]."""
    return math.degrees(2 * math.atan(math.tan(HFOV_RAD / 2) * config.height_px / config.width_px))


def focal_length_px(config: ClinicConfig) -> float:
    """Focal length in pixels; the pixels are square and nothing is distorted."""
    return config.width_px / 2 / math.tan(HFOV_RAD / 2)
