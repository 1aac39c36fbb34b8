"""How often an estimator of hands sees rendered ones, and how far off it is, by what is different from hand to hand.

Each hand does one movement in several scenes: bare from three sides, in each kind of glove, and with each thing in it. Images
stay in memory; a scene of a seed is always the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from physio_core.errors import InputError
from physio_core.motion.hand_movements import HAND_MOVEMENTS
from physio_core.skeleton.layouts import HAND_21
from physio_core.types import FloatArray, Frame, Hand
from physio_lab.datasets.parallel import Lost, in_processes
from physio_lab.reports.intervals import DRAWS, LEVEL, Interval, wilson
from physio_lab.synthetic.hand_noise import bent
from physio_lab.synthetic.hand_renderer import HandPicture, HandRenderer
from physio_lab.synthetic.hand_scenes import OCCLUDERS, HandScene
from physio_sim.world.hand_paint import GLOVES, SKIN_TONES

VIEWS = ("palm", "back", "thumb")
MOVEMENTS = ("fist", "hook", "pinch", "cylinder", "hand_spread", "thumb_to_pinky", "tabletop", "sphere")
IMAGES = 8
"""Of one scene: there and half way back, as far apart as a slow camera has them."""
FPS = 10.0
RIGHT_WITHIN = 0.1
"""Mean error of the landmarks, as a share of the hand's length, up to which it is the right hand that is seen."""
BENT_BANDS = {"straight": (0.0, 0.25), "a little bent": (0.25, 0.5), "bent": (0.5, 0.75), "closed": (0.75, 1.01)}
_TONES = tuple(SKIN_TONES)


@dataclass(frozen=True)
class SeenScene:
    """One scene as an estimator saw it; T images. Errors are shares of the hand's length, NaN where no hand is seen.

    Attributes:
        hand: number of the person.
        what: tone, view, glove, occluder and movement by these names.
        bent: (T,) how far the hand is closed 0..1.
        seen: (T,) whether there was a hand.
        error: (T,) mean distance of the landmarks in the image.
        error_3d: (T,) the same in space after the best rigid motion and scale (Procrustes).
        side: (T,) whether it was told to be the hand that it is; False where none is seen.
    """

    hand: int
    what: dict[str, str]
    bent: FloatArray
    seen: npt.NDArray[np.bool_]
    error: FloatArray
    error_3d: FloatArray
    side: npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Row:
    """One line of the table: images that have something in common.

    Attributes:
        factor: what kind of thing.
        value: which of them.
        images: how many.
        seen: share with a hand, with its interval over hands, as all that follows.
        right: share with a hand whose error is at most :data:`RIGHT_WITHIN`.
        error: median of the error in the image where a hand is seen.
        error_3d: median of the error in space.
        side: share of the hands seen that were told to be of the right side.
    """

    factor: str
    value: str
    images: int
    seen: tuple[float, Interval]
    right: tuple[float, Interval]
    error: tuple[float, Interval]
    error_3d: float
    side: float


def scenes_of(hand: int, seed: int = 0) -> Iterator[tuple[HandScene, str]]:
    """The scenes of one person, with the name of the movement."""
    tone = _TONES[hand % len(_TONES)]
    kinds: list[dict[str, str]] = [{"view": view} for view in VIEWS]
    kinds += [{"glove": glove} for glove in GLOVES if glove != "none"]
    kinds += [{"occluder": thing} for thing in OCCLUDERS if thing != "none"]
    for number, kind in enumerate(kinds):
        rng = np.random.default_rng((seed, hand, number, 53))
        fixed = {"view": VIEWS[int(rng.integers(2))], **kind, "tone": tone}
        movement = "cylinder" if "occluder" in kind else MOVEMENTS[int(rng.integers(len(MOVEMENTS)))]
        yield HandScene.random(rng, **fixed), movement


def see(hands: int, seed: int = 0, workers: int = 1) -> Iterator[list[SeenScene]]:
    """Render and look, hand by hand as they come.

    Raises:
        InputError: a hand could not be rendered or looked at.
    """
    for _, result in in_processes(_see_one, [(hand, seed) for hand in range(hands)], workers):
        if isinstance(result, Lost):
            raise InputError(f"a hand failed: {result.reason}")
        yield result


def _see_one(job: tuple[int, int]) -> list[SeenScene]:
    """In a worker process: all scenes of one hand."""
    from physio_core.pose.choice import REFERENCE
    from physio_core.pose.hand_estimator import HandConfig, make_hand_estimator

    hand, seed = job
    estimator = make_hand_estimator(HandConfig(hand_estimator=REFERENCE))
    try:
        return [look(hand, scene, name, estimator.estimate) for scene, name in scenes_of(hand, seed)]
    finally:
        estimator.close()


def look(hand: int, scene: HandScene, movement: str, estimate: Callable[[Frame], Sequence[Hand]]) -> SeenScene:
    """One scene as an estimator sees it, that has seen nothing yet."""
    motion = HAND_MOVEMENTS[movement].motion(np.linspace(0.0, 0.85, IMAGES), scene.side)
    width_px, height_px = scene.size_px
    estimate(Frame(-1.0, np.zeros((height_px, width_px, 3), np.uint8)))  # A hand of the scene before is forgotten.
    renderer = HandRenderer(scene)
    try:
        pictures = list(renderer.pictures(motion))
    finally:
        renderer.close()
    found = [_nearest(picture, estimate(Frame(n / FPS, picture.rgb))) for n, picture in enumerate(pictures)]
    flat, space = (
        np.array(values) for values in zip(*(_errors(*pair, scene) for pair in zip(pictures, found, strict=True)), strict=True)
    )
    what = {
        "tone": scene.look.tone, "view": scene.view, "glove": scene.look.glove, "occluder": scene.occluder, "movement": movement,
    }  # fmt: skip
    points = np.stack([picture.points_m for picture in pictures])
    sides = np.array([one is not None and one.side == scene.side for one in found])
    return SeenScene(hand, what, bent(points), np.array([one is not None for one in found]), flat, space, sides)


def _nearest(picture: HandPicture, hands: Sequence[Hand]) -> Hand | None:
    """Of several hands the one that is nearest to the true one."""
    return min(hands, key=lambda hand: float(np.abs(_pixels(hand, picture) - picture.points_px).mean()), default=None)


def _pixels(hand: Hand, picture: HandPicture) -> FloatArray:
    height_px, width_px = picture.rgb.shape[:2]
    pixels: FloatArray = hand.skeleton.points[:, :2] * [width_px, height_px]
    return pixels


def _errors(picture: HandPicture, hand: Hand | None, scene: HandScene) -> tuple[float, float]:
    """In the image and in space, as shares of the hand's length."""
    if hand is None:
        return np.nan, np.nan
    wrist = picture.points_m[HAND_21.index("wrist")]
    ends = scene.project(np.stack([wrist, wrist + [scene.shape.length_m, 0.0, 0.0]]))
    length_px = float(np.linalg.norm(ends[1] - ends[0]))
    flat = float(np.linalg.norm(_pixels(hand, picture) - picture.points_px, axis=1).mean()) / length_px
    return flat, procrustes_error(hand.skeleton.world_m.astype(float), picture.points_m) / scene.shape.length_m


def procrustes_error(found: FloatArray, true: FloatArray) -> float:
    """Mean distance of points (V, 3) from true ones after the best rotation, shift and scale (Gower 1975)."""
    one, other = found - found.mean(0), true - true.mean(0)
    left, values, right = np.linalg.svd(one.T @ other)
    flip = np.array([1.0, 1.0, np.sign(np.linalg.det(left @ right))])
    turned = one @ (left * flip) @ right
    scale = float((values * flip).sum()) / max(float((one**2).sum()), 1e-12)
    return float(np.linalg.norm(scale * turned - other, axis=1).mean())


def rows(scenes: Sequence[SeenScene]) -> list[Row]:
    """Every line of the table: all, then by view, tone, how far bent (bare and free hands), glove and thing in the hand."""
    bare = [one for one in scenes if one.what["glove"] == one.what["occluder"] == "none"]
    found = [_row("bare hands", "all", [(one, np.ones(len(one.seen), bool)) for one in bare])]
    for factor, among in (("view", bare), ("tone", bare)):
        for value in VIEWS if factor == "view" else _TONES:
            found.append(_row(factor, value, [(one, _all(one)) for one in among if one.what[factor] == value]))
    for name, (low, high) in BENT_BANDS.items():
        found.append(_row("bent", name, [(one, (one.bent >= low) & (one.bent < high)) for one in bare]))
    for factor, values in (("glove", GLOVES), ("occluder", OCCLUDERS)):
        chosen = [one for one in scenes if one.what[factor] != "none"]
        found += [
            _row(factor, value, [(one, _all(one)) for one in chosen if one.what[factor] == value])
            for value in values
            if value != "none"
        ]
    return [row for row in found if row.images]


def _all(scene: SeenScene) -> npt.NDArray[np.bool_]:
    return np.ones(len(scene.seen), bool)


def _row(factor: str, value: str, parts: Sequence[tuple[SeenScene, npt.NDArray[np.bool_]]]) -> Row:
    hands: dict[int, list[FloatArray]] = {}
    for scene, chosen in parts:
        columns = np.stack([scene.seen, scene.error, scene.error_3d, scene.side], axis=1).astype(float)[chosen]
        hands.setdefault(scene.hand, []).append(columns)
    groups = [np.concatenate(columns) for columns in hands.values()]
    every = np.concatenate(groups) if groups else np.zeros((0, 4))
    if not len(every):
        nothing = (np.nan, Interval(0.0, 1.0))
        return Row(factor, value, 0, nothing, nothing, nothing, np.nan, np.nan)
    there = every[every[:, 0] > 0]
    return Row(
        factor, value, len(every), _share(groups, lambda all_: float(all_[:, 0].mean())),
        _share(groups, lambda all_: float((all_[:, 1] <= RIGHT_WITHIN).mean())), _drawn(groups, _median),
        float(np.median(there[:, 2])) if len(there) else np.nan, float(there[:, 3].mean()) if len(there) else np.nan,
    )  # fmt: skip


def _median(every: FloatArray) -> float:
    known = every[np.isfinite(every[:, 1]), 1]
    return float(np.median(known)) if len(known) else np.nan


def _share(groups: list[FloatArray], figure: Callable[[FloatArray], float]) -> tuple[float, Interval]:
    share, interval = _drawn(groups, figure)
    return share, interval if 0.0 < share < 1.0 else wilson(share * len(groups), len(groups))


def _drawn(groups: list[FloatArray], figure: Callable[[FloatArray], float]) -> tuple[float, Interval]:
    """A figure of all images, and its bootstrap interval over hands."""
    rng = np.random.default_rng(0)
    count = len(groups)
    drawn = [figure(np.concatenate([groups[n] for n in rng.integers(count, size=count)])) for _ in range(DRAWS // 4)]
    known = np.array(drawn)[np.isfinite(drawn)]
    ends: Any = np.quantile(known, [0.5 - LEVEL / 2, 0.5 + LEVEL / 2]) if len(known) else (np.nan, np.nan)
    return figure(np.concatenate(groups)), Interval(float(ends[0]), float(ends[1]))
