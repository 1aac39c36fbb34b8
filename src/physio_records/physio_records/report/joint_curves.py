"""The joints of the arm over the time of a path that was drawn: hers, of the ideal and of the one that came next.

One camera sees where the hand is, not how the arm is turned: the angles are those by which an arm of the patient's length comes
to these places (:meth:`physio_core.trajectories.arm.Arm.nearest`).
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import numpy as np

from physio_core.errors import InputError
from physio_core.trajectories.arm import human_arm
from physio_core.trajectories.drawing import Drawing, Places
from physio_core.types import FloatArray
from physio_records.report.charts import FAINT, SMALL
from physio_records.report.path_picture import HEIGHT, LINES, WIDTH

LEAST_DEG = 20.0
"""That an axis spans at least."""
ACROSS, UP = 76.0, 28.0
"""Of each of the four charts."""
PLACES = ((16.0, 14.0), (110.0, 14.0), (16.0, 60.0), (110.0, 60.0))
"""Left and top of each."""

_TINY = SMALL.replace("8.5", "6.5")


def joint_curves(drawing: Drawing, names: Sequence[str], caption: str) -> str:
    """One chart for each joint, by the share of each path's own time; empty where the arm's length is not known.

    Args:
        drawing: of one attempt.
        names: of the joints, as :data:`~physio_core.trajectories.arm.JOINTS`.
        caption: below.
    """
    curves = [_angles_deg(drawing, path) for path in (drawing.trail, drawing.ideal, drawing.following)]
    known = [one for one in curves if one is not None]
    if not known:
        return ""
    every, parts = np.concatenate(known), []
    for joint, (name, (left, top)) in enumerate(zip(names, PLACES, strict=True)):
        low, high = float(every[:, joint].min()), float(every[:, joint].max())
        middle, half = (low + high) / 2.0, max(high - low, LEAST_DEG) / 2.0
        parts.append(
            f'<rect x="{left}" y="{top}" width="{ACROSS}" height="{UP}" fill="none" stroke="{FAINT}" stroke-width="0.6"/>'
        )
        parts.append(f'<text x="{left}" y="{top - 3.5}" {_TINY}>{escape(name)}</text>')
        for value, y in ((middle + half, top + 6.0), (middle - half, top + UP)):
            parts.append(f'<text x="{left - 2}" y="{y}" text-anchor="end" {_TINY}>{value:.0f}</text>')
        for curve, (colour, dashes) in zip(curves, LINES, strict=True):
            if curve is not None:
                line = _line(left, top + UP * (0.5 - (curve[:, joint] - middle) / (2.2 * half)))
                dashed = f' stroke-dasharray="{dashes}"' if dashes else ""
                parts.append(f'<path d="{line}" fill="none" stroke="{colour}" stroke-width="1.1"{dashed}/>')
    parts.append(f'<text x="16" y="{HEIGHT - 4:.0f}" {_TINY}>{escape(caption)}</text>')
    return f'<svg viewBox="0 0 {WIDTH:g} {HEIGHT:g}" class="joints" role="img">{"".join(parts)}</svg>'


def _angles_deg(drawing: Drawing, path: Places) -> FloatArray | None:
    """(n, 4) [deg]; None: there is no path, or no arm of that length."""
    if len(path) < 2 or drawing.side not in ("left", "right"):
        return None
    try:
        arm = human_arm(drawing.reach_m, "left" if drawing.side == "left" else "right")
        return np.asarray(np.degrees(arm.nearest(np.array(path))[0]))
    except InputError:
        return None


def _line(left: float, y: FloatArray) -> str:
    x = np.linspace(left, left + ACROSS, len(y))
    return " ".join(f"{'L' if number else 'M'}{x[number]:.1f} {y[number]:.1f}" for number in range(len(y)))
