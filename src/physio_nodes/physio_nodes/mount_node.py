"""Publishes where the coach's camera and screen are on a real base, whose own frames its bring-up publishes.

In simulation the clinic does this.
"""

from __future__ import annotations

from physio_core.robot.description import MOUNT_FRAMES, fixed_transforms, robot_urdf
from physio_core.robot.mount import MountConfig
from physio_nodes.diagnostics import OK, Health
from physio_nodes.params import declare
from physio_nodes.run import main_of
from physio_nodes.shell import Shell
from physio_nodes.transforms import Transforms


class MountNode(Shell):
    """Publishes `tf_static` from base_link to mast, screen and camera."""

    def __init__(self) -> None:
        super().__init__("mount")
        self._config = declare(self, MountConfig)
        places = fixed_transforms(robot_urdf(self._config))
        self._transforms = Transforms(self, moving=False)
        self._transforms.fix(place for place in places if place.child in MOUNT_FRAMES)

    def _health(self) -> Health:
        height_m, tilt_deg = self._config.camera_height_m, self._config.camera_tilt_deg
        return OK, f"camera {height_m:g} m above the floor, {tilt_deg:g} degrees up", {}


main = main_of(MountNode)

if __name__ == "__main__":
    main()
