"""`physio hand render`: a set of rendered hands in FreiHAND's form, with exact joints, to learn landmarks from."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from physio_core.cli import whole_number
from physio_core.errors import OutputError
from physio_core.types import ByteImage, FloatArray

SIZE_PX = 224
AROUND = 1.5
"""Side of the cut-out, as a share of the longer side of the hand."""


def add_render(commands: Any, name: str) -> None:
    """Add ``physio hand render``."""
    parser = commands.add_parser(name, help="a set of rendered hands in FreiHAND's form", description=__doc__)
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="folder to make")
    parser.add_argument("--hands", type=whole_number(1), default=20, metavar="N", help="people (default: 20)")
    parser.add_argument("--images", type=whole_number(1), default=16, metavar="N", help="of each (default: 16)")
    parser.add_argument("--seed", type=whole_number(0), default=0, metavar="N", help="of the people (default: 0)")
    parser.add_argument("--gloves", action="store_true", help="every other hand in a glove")
    parser.add_argument("--views", action="store_true", help="each image from another side, turned and placed otherwise")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Render the set.

    Raises:
        ConfigError: a number that cannot be used.
        OutputError: the folder is there already, or cannot be written.
    """
    from rich.progress import track

    from physio_core.camera.image import write_image
    from physio_lab.datasets.hand_sets import write_freihand

    if options.out.exists():
        raise OutputError(f"{options.out} exists; choose another folder")
    pictures = options.out / "training" / "rgb"
    pictures.mkdir(parents=True)
    points: list[FloatArray] = []
    cameras: list[FloatArray] = []
    groups: list[str] = []
    for hand in track(range(options.hands), "hands"):
        for rgb, points_m, camera in rendered(hand, options.images, options.seed, options.gloves, options.views):
            write_image(pictures / f"{len(points):08d}.jpg", rgb)
            points.append(points_m)
            cameras.append(camera)
            groups.append(f"hand{hand:05d}")
    write_freihand(options.out, points, cameras, groups)
    print(f"{options.out}: {len(points)} images of {options.hands} hands")
    return 0


def rendered(
    hand: int, images: int, seed: int, gloves: bool = False, views: bool = False
) -> Iterator[tuple[ByteImage, FloatArray, FloatArray]]:
    """Cut-outs of one person's hand in random postures: image, joints (21, 3) [m], camera (3, 3) [px].

    Args:
        hand: whose.
        images: how many.
        seed: of the people.
        gloves: every other hand in a glove.
        views: each image from another side, turned and placed otherwise; else all as the scene has it.
    """
    from dataclasses import replace

    import numpy as np

    from physio_lab.synthetic.hand_renderer import HandRenderer
    from physio_lab.synthetic.hand_scenes import HandScene
    from physio_sim.world.hand_paint import GLOVES

    rng = np.random.default_rng((seed, hand, 61))
    kinds = [kind for kind in GLOVES if kind != "none"]
    fixed = {"glove": kinds[hand // 2 % len(kinds)]} if gloves and hand % 2 else {}
    scene = HandScene.random(rng, **fixed)
    renderer = HandRenderer(scene)
    try:
        postures = random_postures(images, scene.side, rng)
        for number in range(images):
            held = scene
            if views:
                other = HandScene.random(rng)
                away_m = other.at_m[2] * scene.shape.length_m / other.shape.length_m
                held = replace(scene, view=other.view, turn_deg=other.turn_deg, at_m=(*other.at_m[:2], away_m))
            for picture in renderer.pictures(postures[number : number + 1], held):
                yield cut_out(picture.rgb, picture.points_px, picture.points_m, scene.camera, rng)
    finally:
        renderer.close()


def random_postures(count: int, side: str, rng: Any) -> Any:
    """Between two postures of the library each, with every joint a little astray."""
    import numpy as np

    from physio_core.motion.hand import HandMotion, within_limits
    from physio_core.motion.hand_postures import POSTURES_DEG, hand_posture_rad

    names = list(POSTURES_DEG)
    angles = []
    for _ in range(count):
        one, other = (hand_posture_rad(str(name)) for name in rng.choice(names, 2))
        angles.append(one + rng.uniform(0.0, 1.0) * (other - one) + np.radians(6.0) * rng.normal(size=len(one)))
    still = np.zeros((count, 3))
    return HandMotion(within_limits(np.array(angles)), still, still.copy(), side)


def cut_out(
    rgb: ByteImage, points_px: FloatArray, points_m: FloatArray, camera: FloatArray, rng: Any
) -> tuple[ByteImage, FloatArray, FloatArray]:
    """A square about the hand, :data:`SIZE_PX` wide, with the camera that would have taken it."""
    import numpy as np

    from physio_core.camera.image import stretch

    low, high = points_px.min(0), points_px.max(0)
    side = max(int(AROUND * rng.uniform(0.85, 1.2) * float((high - low).max())), 16)
    x, y = np.round((low + high) / 2 - side / 2 + 0.06 * side * rng.normal(size=2)).astype(int)
    pad = max(0, -x, -y, x + side - rgb.shape[1], y + side - rgb.shape[0])
    padded = np.pad(rgb, ((pad, pad), (pad, pad), (0, 0)), mode="edge")
    square = padded[y + pad : y + pad + side, x + pad : x + pad + side]
    scale = SIZE_PX / side
    moved = np.diag([scale, scale, 1.0]) @ (camera - np.array([[0, 0, x], [0, 0, y], [0, 0, 0]]))
    return stretch(np.ascontiguousarray(square), SIZE_PX, SIZE_PX), points_m, moved
