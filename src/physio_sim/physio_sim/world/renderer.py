"""Renders the clinic off-screen."""

from __future__ import annotations

import os
from collections.abc import Iterable

import mujoco

from physio_core.errors import SourceError
from physio_core.types import ByteImage
from physio_sim.params import ClinicConfig


class Renderer:
    """Renders what a camera of the model sees.

    Software GL draws garbage in a second surface while a first one is open, so there may only be one per process.
    """

    _open: Renderer | None = None

    def __init__(self, model: mujoco.MjModel, config: ClinicConfig) -> None:
        """Open the drawing surface.

        Raises:
            SourceError: another one is open in this process, or there is no GL to draw with.
        """
        if Renderer._open is not None:
            raise SourceError("another clinic draws in this process already; close() it first")
        try:
            self._renderer = mujoco.Renderer(model, config.height_px, config.width_px)
        except (mujoco.FatalError, RuntimeError) as error:
            way = os.environ["MUJOCO_GL"]
            raise SourceError(f"cannot draw with MUJOCO_GL={way}: {error}; try MUJOCO_GL=osmesa (or egl)") from error
        flag = mujoco.mjtRndFlag
        for which, on in ((flag.mjRND_SHADOW, config.shadows), (flag.mjRND_REFLECTION, False), (flag.mjRND_HAZE, False)):
            self._renderer.scene.flags[which] = on
        self._option = mujoco.MjvOption()
        Renderer._open = self

    def image(self, data: mujoco.MjData, camera: str, hidden_groups: Iterable[int] = ()) -> ByteImage:
        """What a camera sees now (H, W, 3), red first; the array belongs to the caller.

        Args:
            data: the state to draw.
            camera: its name.
            hidden_groups: groups of geoms and skins to leave out, which saves their time.
        """
        self._option.geomgroup[:] = 1
        self._option.geomgroup[list(hidden_groups)] = 0
        self._option.skingroup[:] = self._option.geomgroup
        self._renderer.update_scene(data, camera, self._option)
        rgb: ByteImage = self._renderer.render()
        return rgb

    def close(self) -> None:
        """Free the drawing surface."""
        if Renderer._open is self:
            self._renderer.close()
            Renderer._open = None
