"""The pictures of ``docs/laboratory/synthetic.md``: synthetic motion as it looks, drawn by the very code that training uses."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from physio_core.camera.image import draw_skeleton
from physio_core.motion.kinematics import BodyShape, positions
from physio_core.motion.movements import RECOGNISED
from physio_core.motion.projection import to_openpose_18
from physio_core.motion.style import Movement, Style
from physio_core.skeleton.layouts import OPENPOSE_18
from physio_core.types import ByteImage, Frame
from physio_lab.plot.motion import Strip, sheet, strips, write_png
from physio_lab.synthetic.negatives import UNKNOWN
from physio_lab.synthetic.shots import ShotConfig, ShotSpec, draw_shot

EXERCISE_PHASES, UNKNOWN_PHASES = (0.0, 0.25, 0.5, 0.75, 1.0), (0.0, 0.25, 0.5)
RENDERED, _SEED = 18, 4
_TURNS_RAD = 0.6, 1.2
"""Views between front, where what comes forwards is not seen, and side, where one arm and leg hide the other."""


def draw_pictures(folder: Path) -> Iterator[Path]:
    """Write every picture; gives the path of each.

    Raises:
        ConfigError: a file cannot be written.
        SourceError: there is no GL to draw rendered frames with.
    """
    for movement in RECOGNISED.values():
        rows = [strip(movement, variant, variant or "regular", EXERCISE_PHASES) for variant in movement.variants]
        yield _written(folder / f"synthetic_{movement.name}.png", strips(rows, OPENPOSE_18, columns=2 if len(rows) > 1 else 1))
    rows = [strip(movement, movement.variants[-1], movement.name, UNKNOWN_PHASES) for movement in UNKNOWN.values()]
    yield _written(folder / "synthetic_unknown.png", strips(rows, OPENPOSE_18, columns=3, cell_px=100, alike=False))
    frames = [(shot.movement.name, _seen(shot)) for shot in _shots()]
    yield _written(folder / "synthetic_rendered.png", sheet(frames, columns=6, cell_px=170), colours=128)


def strip(movement: Movement, variant: str, title: str, phases: tuple[float, ...]) -> Strip:
    """Moments of one repetition of a movement, seen from about where it shows most."""
    shape = BodyShape()
    motion = movement.motion(np.array(phases), Style(variant=variant, depth=0.95, sway=0.0), shape)
    body = to_openpose_18(positions(shape, motion))
    turn = np.clip(abs(movement.headings_rad[0]), *_TURNS_RAD)
    aside = body[..., 1] * np.cos(turn) - body[..., 0] * np.sin(turn)
    return Strip(title, np.stack([-aside, -body[..., 2]], axis=-1), 0.0)


def _shots() -> Iterator[ShotSpec]:
    config = ShotConfig(seconds=1.0, fps=10.0, exercises=0.5)
    yield from (draw_shot(_SEED, number, config) for number in range(RENDERED))


def _seen(shot: ShotSpec) -> ByteImage:
    """The last image of a shot with what the estimator finds in it; it has followed the body until then, as it does live."""
    from physio_core.pose.choice import MEDIAPIPE
    from physio_core.pose.estimator import PoseConfig, make_estimator
    from physio_lab.synthetic.shot_renderer import ShotRenderer

    renderer, estimator = ShotRenderer(shot), make_estimator(PoseConfig(estimator=MEDIAPIPE))
    try:
        for index, rgb in enumerate(renderer.images()):
            skeleton = estimator.estimate(Frame(index / shot.fps, rgb))
    finally:
        renderer.close()
        estimator.close()
    return draw_skeleton(rgb, skeleton, 0.1)


def _written(path: Path, rgb: ByteImage, colours: int = 32) -> Path:
    write_png(path, rgb, colours)
    return path
