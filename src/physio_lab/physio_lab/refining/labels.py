"""The pseudo-set: what believed hands teach, looked at again from several sides, and their images in other colours.

Several looks at one hand (turned, larger, smaller, mirrored) err differently, so their mean is nearer to the truth than one look
(data distillation, Radosavovic et al. 2018), and how far they lie apart says how sure the mean is.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from physio_core.hands.angles import BONES
from physio_core.params import Parameters, param
from physio_core.pose.blaze.hands import DEPTH_SCALE, hand_region
from physio_core.pose.blaze.regions import Region, overlap, whole
from physio_core.types import BoolArray, ByteImage, FloatArray, Frame
from physio_lab.refining.filters import Filtered, hand_length
from physio_lab.refining.heads import FAR, NEAR, Rows, place_of, with_neighbours
from physio_lab.refining.networks import in_image, in_region
from physio_lab.refining.seeing import HandSeer


@dataclass(frozen=True)
class LabelConfig(Parameters):
    """How a pseudo-set is made."""

    every_s: float = param(0.12, "Images nearer in time are too alike to learn from both.", unit="s", low=0.0, high=10.0)
    looks: int = param(5, "Looks at each hand.", low=1, high=32)
    max_spread: float = param(0.05, "Farthest that these may lie apart, on the mean, in hand lengths.", low=0.001, high=1.0)
    recoloured: int = param(1, "Copies of each image in other colours, hand and room.", low=0, high=8)
    empty: int = param(10, "Places without a hand that are taught for each image.", low=1, high=140)


@dataclass(frozen=True)
class Labelled:
    """What one video teaches, and how much of it was refused.

    Attributes:
        rows: what is learnt.
        hands: believed hands that were looked at.
        unsure: of these, whose looks lay too far apart.
        spread: (hands,) how far [hand lengths].
    """

    rows: Rows
    hands: int
    unsure: int
    spread: FloatArray


def label(frames: Iterable[Frame], believed: Filtered, seer: HandSeer, config: LabelConfig, seed: int = 0) -> Labelled:
    """What one video teaches.

    Args:
        frames: its images.
        believed: of the same images.
        seer: networks and the last layers so far.
        config: of the set.
        seed: of all chance in it.
    """
    rng = np.random.default_rng((seed, 83))
    parts: list[Rows] = []
    spreads: list[float] = []
    unsure, last_s = 0, -np.inf
    for frame, points, kept, filled in zip(frames, believed.points, believed.kept, believed.filled, strict=True):
        there = np.flatnonzero(kept | filled)
        if not len(there) or frame.stamp_s - last_s < config.every_s:
            continue
        last_s = frame.stamp_s
        regions: list[Region] = []
        hands: list[Rows] = []
        for column in there:
            taught, spread = _hand(frame.rgb, points[column], bool(filled[column]), seer, config, rng)
            spreads.append(spread)
            if taught is None:
                unsure += 1
                regions = []
                break  # an image that teaches where hands are must say where all of them are
            regions.append(hand_region(points[column, :, :2]))
            hands.append(taught)
        if regions:
            parts += [*hands, *_image(frame.rgb, regions, points[there], seer, config, rng)]
    return Labelled(Rows.joined(parts) if parts else Rows(), len(spreads), unsure, np.array(spreads))


def _hand(
    rgb: ByteImage, points: FloatArray, filled: bool, seer: HandSeer, config: LabelConfig, rng: np.random.Generator
) -> tuple[Rows | None, float]:
    """What one hand teaches, and how far the looks at it lie apart; None: too far."""
    base, length = hand_region(points[:, :2]), float(hand_length(points))
    regions = [_jittered(base, rng) if number else base for number in range(config.looks)]
    looks = [seer.heads.look(seer.networks, rgb, region, number % 2 == 1) for number, region in enumerate(regions)]
    told = np.stack([in_image(region, look.marks) for region, look in zip(regions, looks, strict=True)])
    mean = np.median(told, axis=0)
    spread = float(np.linalg.norm((told - mean)[..., :2], axis=-1).mean()) / length
    away = float(np.linalg.norm((mean - points)[:, :2], axis=-1).mean()) / length
    features = np.stack([look.features for look in looks]).astype(np.float16)
    if spread > config.max_spread or away > 3.0 * config.max_spread:
        # Of a hand that was filled in, the place is known and the landmarks are not.
        return (Rows(hands=features[:1], marks=np.full((1, 63), np.nan, np.float16)) if filled else None), spread
    more = []
    for number, (region, look) in enumerate(zip(regions, looks, strict=True)):
        off = (in_region(region, mean) - look.marks) * [1.0, 1.0, DEPTH_SCALE] * 224.0
        more.append((off * [-1.0, 1.0, 1.0] if number % 2 else off).ravel() + _so_far(seer, look.features))
    return Rows(hands=features, marks=np.array(more, np.float16)), spread


def _so_far(seer: HandSeer, features: FloatArray) -> FloatArray:
    mark = seer.heads.mark
    return features @ mark[:-1] + mark[-1] if len(mark) else np.zeros(63)


def _jittered(region: Region, rng: np.random.Generator) -> Region:
    move = 0.06 * region.side_px * rng.normal(size=2)
    return Region(
        region.x_px + float(move[0]), region.y_px + float(move[1]), region.side_px * float(np.exp(0.1 * rng.normal())),
        region.rotation_rad + float(0.25 * rng.normal()),
    )  # fmt: skip


def _image(
    rgb: ByteImage, regions: list[Region], points: FloatArray, seer: HandSeer, config: LabelConfig, rng: np.random.Generator
) -> Iterable[Rows]:
    """Where hands are and where none is, in the image and in its recoloured copies."""
    square = whole(rgb.shape[1], rgb.shape[0])
    placed = [place_of(region, square) for region in regions]
    apart = np.min([away for away, _ in placed], axis=0)
    nearest = np.argmin([away for away, _ in placed], axis=0)
    here = np.argwhere(apart <= NEAR)
    places = np.array([placed[nearest[y, x]][1][y, x] for y, x in here])
    free = np.argwhere(apart >= FAR)
    for image in [rgb, *(recoloured(rgb, points, rng) for _ in range(config.recoloured))]:
        cells = with_neighbours(seer.networks.cells(image))
        none = free[rng.permutation(len(free))[: config.empty]]
        yield Rows(
            palms=cells[here[:, 0], here[:, 1]].astype(np.float16), places=places.astype(np.float16).reshape(-1, 5),
            empty=cells[none[:, 0], none[:, 1]].astype(np.float16), nothing=_nothing(image, regions, seer, rng),
        )  # fmt: skip


def _nothing(rgb: ByteImage, regions: list[Region], seer: HandSeer, rng: np.random.Generator) -> FloatArray:
    """(1, 1152) of a region without a hand, or none where hands fill the image."""
    for _ in range(10):
        x, y = rng.uniform([0.0, 0.0], [rgb.shape[1], rgb.shape[0]])
        region = Region(float(x), float(y), regions[0].side_px * float(rng.uniform(0.5, 1.3)), float(rng.uniform(-np.pi, np.pi)))
        if all(overlap(region, other) < 0.12 for other in regions):
            return seer.networks.look(rgb, region).features[None].astype(np.float16)
    return Rows().nothing


def recoloured(rgb: ByteImage, points: FloatArray, rng: np.random.Generator) -> ByteImage:
    """An image with other colours: the room's shifted, the hand's painted over with a plain or patterned cloth of the same shade.

    Args:
        rgb: (H, W, 3).
        points: (N, 21, 3) of its hands [px]; what lies about their bones is painted.
        rng: source of chance.
    """
    shade = rgb.astype(np.float32)
    grey = shade.mean(-1, keepdims=True)
    out = np.clip(grey + (shade - grey)[..., rng.permutation(3)] * rng.uniform(0.4, 1.5), 0, 255) * rng.uniform(0.75, 1.2)
    for hand in points:
        thick = 0.055 * float(hand_length(hand))
        low = np.clip(np.floor(hand[:, :2].min(0) - thick), 0, rgb.shape[1::-1]).astype(int)
        high = np.clip(np.ceil(hand[:, :2].max(0) + thick), low, rgb.shape[1::-1]).astype(int)
        part = np.s_[low[1] : high[1], low[0] : high[0]]
        rows, columns = (grid.astype(np.float32) for grid in np.mgrid[part])
        near = _covered(rows, columns, hand[:, :2], thick)
        if near.any():
            own = grey[part] / max(float(np.median(grey[part][near])), 1.0)
            out[part] = np.where(near[..., None], np.clip(own * _cloth(rows, columns, thick, rng), 0, 255), out[part])
    return np.asarray(np.clip(out, 0, 255).astype(np.uint8))


def _covered(rows: FloatArray, columns: FloatArray, hand: FloatArray, thick: float) -> BoolArray:
    """(H, W) pixels that lie about the bones of a hand (21, 2)."""
    near = np.zeros(rows.shape, bool)
    for a, b in BONES:
        (x, y), way = hand[a], hand[b] - hand[a]
        t = np.clip(((columns - x) * way[0] + (rows - y) * way[1]) / max(float(way @ way), 1e-6), 0.0, 1.0)
        near |= (columns - x - t * way[0]) ** 2 + (rows - y - t * way[1]) ** 2 < thick**2
    return near


def _cloth(rows: FloatArray, columns: FloatArray, thick: float, rng: np.random.Generator) -> FloatArray:
    """(H, W, 3) a plain colour, or two in stripes or patches."""
    one, other = rng.uniform(25, 235, (2, 3))
    if rng.random() < 0.4:
        return np.broadcast_to(one, (*rows.shape, 3))
    angle, period = rng.uniform(0, np.pi), thick * rng.uniform(2.0, 7.0)
    along = np.sin(2 * np.pi * (np.cos(angle) * columns + np.sin(angle) * rows) / period)
    if rng.random() < 0.4:
        along = along * np.sin(2 * np.pi * (np.cos(angle) * rows - np.sin(angle) * columns) / period)
    return np.where((along > rng.uniform(-0.3, 0.3))[..., None], one, other)
