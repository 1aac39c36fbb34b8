"""The robot as a URDF document, and where its frames stand in each other (REP-103, REP-105).

Sizes are those of ROBOTIS' TurtleBot 3 waffle_pi. The frames of the base are called as in ROBOTIS' own description; what the
coach adds to it (mast, screen, camera) has names of its own, because that description has a ``camera_link`` elsewhere.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from xml.etree import ElementTree

from physio_core.robot.mount import MountConfig

WHEEL_SEPARATION_M = 0.287
WHEEL_RADIUS_M = 0.033
CAMERA_FORWARD_M = 0.06
"""From the middle between the wheels to the lens [m]."""

ODOM_FRAME, BASE_FRAME, SCAN_FRAME = "odom", "base_footprint", "base_scan"
CAMERA_FRAME = "coach_camera_optical_frame"
MOUNT_FRAMES = ("coach_mast", "coach_screen", "coach_camera_link", CAMERA_FRAME)
"""What the coach adds to the base, each after its parent."""

WHEEL_JOINTS = ("wheel_left_joint", "wheel_right_joint")
_BASE_LINK_M = 0.01
_LENS_TURN = f"{-math.pi / 2:.6f} 0 {-math.pi / 2:.6f}"
"""From x forward, z up to z forward, y down (REP-103)."""

Quaternion = tuple[float, float, float, float]
"""x, y, z, w."""


@dataclass(frozen=True)
class Transform:
    """Where a child frame stands in its parent: place [m] and turn."""

    parent: str
    child: str
    place_m: tuple[float, float, float]
    turn: Quaternion = (0.0, 0.0, 0.0, 1.0)


def robot_urdf(mount: MountConfig) -> str:
    """The waffle_pi with the coach's mast, screen and camera."""
    half, height_m = WHEEL_SEPARATION_M / 2, mount.camera_height_m - _BASE_LINK_M
    tilt = f"0 {-math.radians(mount.camera_tilt_deg):.6f} 0"
    plates = (_visual("box", "0.266 0.266 0.024", "-0.064 0 0.025"), _visual("box", "0.266 0.266 0.012", "-0.064 0 0.094"))
    mast_m = height_m - 0.1
    posts = [_visual("box", f"0.01 0.01 {mast_m:.4f}", f"0 {side} {mast_m / 2:.4f}") for side in (0.06, -0.06)]
    parts = [
        _link(BASE_FRAME),
        _link("base_link", *plates),
        _joint("base_joint", BASE_FRAME, "base_link", f"0 0 {_BASE_LINK_M}"),
        _link(SCAN_FRAME, _visual("cylinder", "0.035 0.031", "0 0 -0.006")),
        _joint("scan_joint", "base_link", SCAN_FRAME, "-0.064 0 0.122"),
        *_wheel("left", half),
        *_wheel("right", -half),
        _link("coach_mast", *posts),
        _joint("coach_mast_joint", "base_link", "coach_mast", "0.03 0 0.1"),
        _link(
            "coach_screen", _visual("box", "0.012 0.193 0.113", "0 0 0"), _visual("box", "0.002 0.154 0.086", "0.006 0 0", "blue")
        ),
        _joint("coach_screen_joint", "coach_mast", "coach_screen", f"0.012 0 {mast_m - 0.075:.4f}"),
        _link("coach_camera_link", _visual("box", "0.024 0.06 0.024", "-0.012 0 0")),
        _joint("coach_camera_joint", "base_link", "coach_camera_link", f"{CAMERA_FORWARD_M} 0 {height_m:.4f}", tilt),
        _link(CAMERA_FRAME),
        _joint("coach_camera_optical_joint", "coach_camera_link", CAMERA_FRAME, "0 0 0", _LENS_TURN),
    ]
    return f"""<?xml version="1.0"?>
<robot name="physio_coach">
  <material name="dark"><color rgba="0.16 0.16 0.18 1"/></material>
  <material name="blue"><color rgba="0.25 0.55 0.85 1"/></material>
  {chr(10).join(parts)}
</robot>
"""


def fixed_transforms(urdf: str) -> list[Transform]:
    """What every fixed joint of a description says."""
    return [_transform(joint) for joint in ElementTree.fromstring(urdf).iter("joint") if joint.get("type") == "fixed"]


def wheel_transform(joint: str, angle_rad: float) -> Transform:
    """Where a wheel of ``WHEEL_JOINTS`` stands, turned by an angle about its axle."""
    side = 1 if joint == WHEEL_JOINTS[0] else -1
    place_m = (0.0, side * WHEEL_SEPARATION_M / 2, WHEEL_RADIUS_M - _BASE_LINK_M)
    return Transform("base_link", joint.replace("_joint", "_link"), place_m, quaternion(0.0, angle_rad, 0.0))


def quaternion(roll_rad: float, pitch_rad: float, yaw_rad: float) -> Quaternion:
    """The turn by roll, then pitch, then yaw about the parent's axes, as URDF's ``rpy`` means it."""
    (sr, cr), (sp, cp), (sy, cy) = ((math.sin(angle / 2), math.cos(angle / 2)) for angle in (roll_rad, pitch_rad, yaw_rad))
    return (
        sr * cp * cy - cr * sp * sy,
        cr * sp * cy + sr * cp * sy,
        cr * cp * sy - sr * sp * cy,
        cr * cp * cy + sr * sp * sy,
    )


def _transform(joint: ElementTree.Element) -> Transform:
    parent, child, origin = joint.find("parent"), joint.find("child"), joint.find("origin")
    assert parent is not None and child is not None and origin is not None
    x_m, y_m, z_m = (float(word) for word in origin.get("xyz", "").split())
    turn = quaternion(*(float(word) for word in origin.get("rpy", "").split()))
    return Transform(parent.get("link", ""), child.get("link", ""), (x_m, y_m, z_m), turn)


def _link(name: str, *visuals: str) -> str:
    return f'<link name="{name}">{"".join(visuals)}</link>'


def _visual(shape: str, size: str, xyz: str, material: str = "dark", rpy: str = "0 0 0") -> str:
    radius, _, length = size.partition(" ")
    form = f'<box size="{size}"/>' if shape == "box" else f'<cylinder radius="{radius}" length="{length}"/>'
    return f'<visual><origin xyz="{xyz}" rpy="{rpy}"/><geometry>{form}</geometry><material name="{material}"/></visual>'


def _joint(name: str, parent: str, child: str, xyz: str, rpy: str = "0 0 0", kind: str = "fixed", axis: str = "") -> str:
    ends = f'<parent link="{parent}"/><child link="{child}"/><origin xyz="{xyz}" rpy="{rpy}"/>'
    return f'<joint name="{name}" type="{kind}">{ends}{axis}</joint>'


def _wheel(side: str, y_m: float) -> tuple[str, str]:
    link, axis = f"wheel_{side}_link", '<axis xyz="0 1 0"/>'
    shape = _visual("cylinder", f"{WHEEL_RADIUS_M} 0.018", "0 0 0", rpy=f"{math.pi / 2:.6f} 0 0")
    place = f"0 {y_m} {WHEEL_RADIUS_M - _BASE_LINK_M:.4f}"
    return _link(link, shape), _joint(f"wheel_{side}_joint", "base_link", link, place, kind="continuous", axis=axis)
