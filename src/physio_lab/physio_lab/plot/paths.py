"""Figures of paths in space and of the joints that draw them: the patient's, the ideal one and the next."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from physio_core.trajectories.arm import JOINTS
from physio_core.trajectories.trajectory import Trajectory
from physio_lab.plot.figures import DPI, GRID, _png

STYLES = (("#D55E00", "-"), ("#0072B2", "--"), ("#009E73", "-."))
"""Colour and line of each path, so that colour alone says nothing."""
START, END = ("o", "#B00000"), ("s", "#C8A000")


def paths_figure(paths: Mapping[str, Trajectory], title: str = "") -> bytes:
    """PNG of paths by name: once in space, with start (red circle) and end (yellow square), and each joint over its time."""
    figure = Figure(figsize=(11.0, 5.2), dpi=DPI, layout="constrained")
    FigureCanvasAgg(figure)
    grid = figure.add_gridspec(2, 4)
    space = figure.add_subplot(grid[:, :2], projection="3d")
    joints = [figure.add_subplot(grid[place // 2, 2 + place % 2]) for place in range(4)]
    for (name, path), (colour, line) in zip(paths.items(), STYLES, strict=False):
        x, y, z = path.positions_m.T
        space.plot(x, y, z, line, color=colour, label=name)
        for place, (marker, fill) in ((0, START), (-1, END)):
            space.scatter(x[place], y[place], z[place], marker=marker, color=fill, s=28)
        if path.angles_rad is not None:
            share = (path.stamps_s - path.stamps_s[0]) / path.duration_s
            for axes, angle in zip(joints, path.angles_rad.T, strict=True):
                axes.plot(100.0 * share, np.degrees(angle), line, color=colour)
    space.set(xlabel="forward [m]", ylabel="left [m]", zlabel="up [m]", title=title)
    extent = np.ptp(np.concatenate([path.positions_m for path in paths.values()]), axis=0)
    space.set_box_aspect(np.maximum(extent, 0.4 * extent.max()))
    for axis in (space.xaxis, space.yaxis, space.zaxis):
        axis.set_major_locator(MaxNLocator(4))
    space.tick_params(pad=5)
    space.legend(loc="upper left")
    for axes, joint in zip(joints, JOINTS, strict=True):
        axes.set(title=f"{joint.replace('_', ' ')} [deg]", xlabel="time [%]")
        axes.grid(color=GRID)
    return _png(figure)
