"""`physio hand draw`: rendered hands side by side, to be looked at: bare, in gloves, with things in them, with their joints."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from physio_core.cli import whole_number
from physio_core.files import check_writable
from physio_core.types import ByteImage

POSTURES = ("open", "fist", "pinch", "thumb_to_ring", "hook")
HALF = 2
"""Every so manieth pixel is shown."""
_JOINT = (40, 230, 60)


def add_draw(commands: Any, name: str) -> None:
    """Add ``physio hand draw``."""
    parser = commands.add_parser(name, help="a sheet of rendered hands", description=__doc__)
    parser.add_argument("--seed", type=whole_number(0), default=1, metavar="N", help="of the hands (default: 1)")
    parser.add_argument("--out", type=Path, required=True, metavar="FILE", help="picture to write")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Draw the sheet.

    Raises:
        ConfigError: a file that cannot be written.
        SourceError: there is no GL to draw with.
    """
    import numpy as np

    from physio_core.camera.image import ENDINGS, write_image

    check_writable(options.out, endings=ENDINGS)
    rows = [np.concatenate(list(row), axis=1) for row in _sheet(options.seed)]
    write_image(options.out, np.concatenate(rows))
    print(f"wrote {options.out}")
    return 0


def _sheet(seed: int) -> Iterator[Iterator[ByteImage]]:
    import numpy as np

    from physio_lab.synthetic.hand_scenes import OCCLUDERS
    from physio_sim.world.hand_paint import GLOVES, SKIN_TONES

    rng = np.random.default_rng(seed)
    gloves, things = list(GLOVES)[1:], [OCCLUDERS[1 + n % 3] for n in range(len(POSTURES))]
    pairs = list(zip(SKIN_TONES, POSTURES, strict=True))
    yield (_one(rng, posture, False, tone=tone) for tone, posture in pairs)
    yield (_one(rng, posture, False, glove=glove) for glove, posture in zip(gloves, POSTURES, strict=True))
    yield (_one(rng, "cylinder", False, occluder=thing) for thing in things)
    yield (_one(rng, posture, True, tone=tone, view="palm") for tone, posture in pairs)


def _one(rng: Any, posture: str, joints: bool, **fixed: str) -> ByteImage:
    from physio_core.motion.hand import hand_still
    from physio_core.motion.hand_postures import POSTURES_DEG
    from physio_lab.synthetic.hand_renderer import HandRenderer
    from physio_lab.synthetic.hand_scenes import HandScene

    renderer = HandRenderer(HandScene.random(rng, **fixed))
    try:
        picture = next(renderer.pictures(hand_still(POSTURES_DEG[posture])))
    finally:
        renderer.close()
    for x, y in picture.points_px.astype(int) if joints else ():
        picture.rgb[max(y - 3, 0) : y + 3, max(x - 3, 0) : x + 3] = _JOINT
    return picture.rgb[::HALF, ::HALF]
