"""Regions of hand images with what is true in them, from sets in FreiHAND's or HanCo's form, people or sequences kept apart."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

import numpy as np

from physio_core.camera.crop import crop
from physio_core.camera.image import read_image
from physio_core.errors import InputError
from physio_core.types import ByteImage, FloatArray
from physio_lab.datasets.hand_sets import HandSample, read_freihand, read_hanco, split_by
from physio_lab.engine.dealt import Rows, in_order, shuffled
from physio_lab.engine.task import Batch
from physio_lab.landmarks.regions import shaken, truth
from physio_lab.tasks.hand_landmarks.config import HEAD, LandmarkRecipe

SIZE_PX = 224
MIRRORED = 0.5
"""Share of regions that are shown mirrored: the runtime does not know the side before it has looked."""
LIGHT, CONTRAST, NOISE, COARSE = 0.25, 0.15, 0.03, 0.3
"""Spread of the logarithms of brightness and contrast, largest noise, and share of regions that a distant camera saw."""

Prepare = Callable[[ByteImage], FloatArray]


@dataclass(eq=False)
class Regions:
    """Regions by number; the same each time they are asked for.

    Attributes:
        samples: images.
        crops: regions of each.
        seed: of how far they are astray.
        prepare: what the network is given of a region (224, 224, 3).
        kept: made so far, where the network's beginning need not be run again.
    """

    samples: Sequence[HandSample]
    crops: int
    seed: int
    prepare: Prepare
    kept: dict[int, tuple[FloatArray, FloatArray]] | None = field(default_factory=dict)

    def __len__(self) -> int:
        return self.crops * len(self.samples)

    def __getitem__(self, number: int) -> tuple[FloatArray, FloatArray]:
        """Region ``number``: what the network is given, and marks and joints (2, 21, 3)."""
        if self.kept is None:
            return self._made(number)
        if number not in self.kept:
            self.kept[number] = self._made(number)
        return self.kept[number]

    def _made(self, number: int) -> tuple[FloatArray, FloatArray]:
        sample = self.samples[number // self.crops]
        rng = np.random.default_rng((self.seed, number))
        region = shaken(sample.points_px, rng)
        told = truth(region, sample.points_m, sample.points_px, float(sample.camera[0, 0]))
        rgb = crop(read_image(sample.image), region.to_image(SIZE_PX), SIZE_PX, black_outside=False)
        if rng.random() < MIRRORED:
            rgb, told = np.ascontiguousarray(rgb[:, ::-1]), told.mirrored
        return self.prepare(lit(rgb, rng)), np.stack([told.marks, told.joints]).astype(np.float32)


@dataclass(frozen=True, eq=False)
class LandmarkData:
    """See :class:`~physio_lab.engine.task.Data`.

    Attributes:
        train: learnt from.
        held: of other people or sequences.
        batch: regions in a batch.
        seed: of the order.
    """

    train: Regions
    held: Regions
    batch: int
    seed: int

    @property
    def learn(self) -> LandmarkData:
        """Batches to learn from."""
        return self

    @property
    def val(self) -> list[Batch]:
        """All of ``held``."""
        return list(_each(self.held, self.batch))

    def once(self) -> Iterator[Batch]:
        """All that is learnt from, in order."""
        return _each(self.train, self.batch)

    def __getitem__(self, index: int) -> Batch:
        """Batch ``index``: each region once in an epoch, in an order of the epoch's own."""
        return _batch(self.train, shuffled(len(self.train), self.batch, self.seed, index))


def _each(regions: Regions, batch: int) -> Iterator[Batch]:
    return (_batch(regions, rows) for rows in in_order(len(regions), batch))


def _batch(regions: Regions, rows: Rows) -> Batch:
    shown, told = zip(*(regions[number] for number in rows.tolist()), strict=True)
    return np.stack(shown).astype(np.float32), np.stack(told)


def lit(rgb: ByteImage, rng: np.random.Generator) -> ByteImage:
    """In another light, of another camera; the joints stay where they are."""
    if rng.random() < COARSE:
        small = int(rng.uniform(0.3, 0.8) * SIZE_PX)
        scale = SIZE_PX / small
        shrunk = crop(rgb, np.array([[scale, 0.0, 0.0], [0.0, scale, 0.0]]), small, black_outside=False)
        rgb = crop(shrunk, np.array([[1.0 / scale, 0.0, 0.0], [0.0, 1.0 / scale, 0.0]]), SIZE_PX, black_outside=False)
    values = rgb.astype(np.float32) / np.float32(255.0)
    gain = np.exp(LIGHT * rng.normal() + 0.05 * rng.normal(size=3)).astype(np.float32)
    values = (values * gain - 0.5) * np.float32(np.exp(CONTRAST * rng.normal())) + np.float32(0.5)
    values += rng.normal(size=values.shape).astype(np.float32) * np.float32(rng.uniform(0.0, NOISE))
    return np.asarray(np.clip(values * 255.0, 0, 255), np.uint8)


@lru_cache(maxsize=1)
def load_data(recipe: LandmarkRecipe) -> LandmarkData:
    """The sets of a recipe, split by whose hands they are.

    Raises:
        InputError: there is no set, or one is damaged.
        ModelError: MediaPipe's network is missing.
    """
    plan = recipe.samples
    samples = list(_samples(Path(os.path.expandvars(plan.folder)).expanduser()))
    parts = split_by(samples, plan.held, recipe.seed)
    known = recipe.network.kind == HEAD
    train, held = (Regions(part, plan.crops, recipe.seed + number, _prepare(known), {} if known else None)
                   for number, part in enumerate(parts))  # fmt: skip
    return LandmarkData(train, held, recipe.optimiser.batch, recipe.seed)


def _prepare(known: bool) -> Prepare:
    if not known:
        return lambda rgb: np.ascontiguousarray(rgb.transpose(2, 0, 1))
    from physio_lab.tasks.hand_landmarks.head import mediapipe

    opened = mediapipe()
    return lambda rgb: opened.known(rgb).astype(np.float16)


def _samples(folder: Path) -> Iterator[HandSample]:
    """Of a set, or of every set in a folder, each person named after the set."""
    from dataclasses import replace

    if (folder / "xyz").is_dir():
        yield from read_hanco(folder)
        return
    if (folder / "training_xyz.json").is_file():
        yield from read_freihand(folder)
        return
    parts = sorted(one for one in folder.glob("*") if (one / "training_xyz.json").is_file() or (one / "xyz").is_dir())
    if not parts:
        raise InputError(f"{folder} holds no set of hands; `physio hand render --out {folder}/1 --hands 20 --views` makes one")
    for part in parts:
        yield from (replace(one, group=f"{part.name}/{one.group}") for one in _samples(part))
