"""What refinement teaches: the last layers of palm detector and landmark network, fitted to a set of believed hands.

All are linear in what the networks know before those layers, so a fit has one optimum and takes seconds.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields, replace
from pathlib import Path

import numpy as np

from physio_core.errors import ConfigError, ModelError
from physio_core.files import writing
from physio_core.pose.blaze.hands import DEPTH_SCALE
from physio_core.pose.blaze.regions import Region, overlap, whole
from physio_core.pose.network import sigmoid
from physio_core.types import ByteImage, FloatArray
from physio_lab.refining.networks import CELLS, HAND_FEATURES, PALM_FEATURES, HandNetworks, Look

SHRINK_PALMS, SHRINK_PLACES, SHRINK_MARKS, SHRINK_PRESENCE = 0.003, 300.0, 300.0, 0.01
"""How far weights are drawn to 0: C of the two logistic regressions, alpha of the two ridge regressions."""
NEAR, FAR = 0.75, 1.6
"""Cells from the middle of a hand within which it is there, and beyond which it is not."""


@dataclass(frozen=True)
class Rows:
    """What one set of believed hands teaches; all float16 on disk.

    Attributes:
        palms: (P, 2 * 384) cells with a hand.
        places: (P, 5) where in the cell, how large, how turned.
        empty: (N, 2 * 384) cells without one.
        hands: (M, 1152) regions with a hand.
        marks: (M, 63) what the landmark network's last layer should have said more [px of 224]; NaN: only that it is a hand.
        nothing: (Q, 1152) regions without one.
    """

    palms: FloatArray = field(default_factory=lambda: np.zeros((0, 2 * PALM_FEATURES), np.float16))
    places: FloatArray = field(default_factory=lambda: np.zeros((0, 5), np.float16))
    empty: FloatArray = field(default_factory=lambda: np.zeros((0, 2 * PALM_FEATURES), np.float16))
    hands: FloatArray = field(default_factory=lambda: np.zeros((0, HAND_FEATURES), np.float16))
    marks: FloatArray = field(default_factory=lambda: np.zeros((0, 63), np.float16))
    nothing: FloatArray = field(default_factory=lambda: np.zeros((0, HAND_FEATURES), np.float16))

    @staticmethod
    def joined(parts: list[Rows]) -> Rows:
        """Of several videos."""
        return Rows(*(np.concatenate([getattr(part, one.name) for part in parts]) for one in fields(Rows)))


@dataclass(frozen=True)
class Heads:
    """The last layers; those that are empty are the networks' own.

    Attributes:
        spread: (2, 768) mean and deviation by which cells are scaled.
        palm: (769,) weights, and what is added, of "the middle of a hand is here".
        place: (769, 5).
        mark: (1153, 63) added to what the landmark network says [px of 224].
        presence: (1153,) of "this is a hand".
    """

    spread: FloatArray = field(default_factory=lambda: np.zeros((2, 0)))
    palm: FloatArray = field(default_factory=lambda: np.zeros(0))
    place: FloatArray = field(default_factory=lambda: np.zeros((0, 5)))
    mark: FloatArray = field(default_factory=lambda: np.zeros((0, 63)))
    presence: FloatArray = field(default_factory=lambda: np.zeros(0))

    def regions(self, networks: HandNetworks, rgb: ByteImage, most: int, least: float) -> list[Region]:
        """Where hands are, the best first."""
        if not len(self.palm):
            return networks.palms(rgb, most)
        rows = (with_neighbours(networks.cells(rgb)).reshape(CELLS * CELLS, -1) - self.spread[0]) / self.spread[1]
        scores = sigmoid(rows @ self.palm[:-1] + self.palm[-1])
        square = whole(rgb.shape[1], rgb.shape[0])
        found: list[Region] = []
        for cell in np.argsort(-scores)[: 6 * most]:
            if scores[cell] < least or len(found) == most:
                break
            region = _region(square, int(cell), rows[cell] @ self.place[:-1] + self.place[-1])
            if region.usable and all(overlap(region, other) < 0.3 for other in found):
                found.append(region)
        return found

    def look(self, networks: HandNetworks, rgb: ByteImage, region: Region, mirrored: bool = False) -> Look:
        """As :meth:`HandNetworks.look`, by these last layers."""
        look = networks.look(rgb, region, mirrored)
        if len(self.presence):
            look = replace(look, presence=float(sigmoid(np.array(look.features @ self.presence[:-1] + self.presence[-1]))))
        if len(self.mark):
            more = (look.features @ self.mark[:-1] + self.mark[-1]).reshape(21, 3) / 224.0 / [1.0, 1.0, DEPTH_SCALE]
            look = replace(look, marks=look.marks + (more * [-1.0, 1.0, 1.0] if mirrored else more))
        return look

    def save(self, path: Path) -> None:
        """Write them, whole or not at all.

        Raises:
            OutputError: it cannot be written.
        """
        with writing(path) as part, part.open("wb") as file:
            np.savez(file, **{one.name: getattr(self, one.name) for one in fields(Heads)})

    @staticmethod
    def load(path: Path) -> Heads:
        """What :meth:`save` wrote.

        Raises:
            ModelError: the file is missing, damaged or holds something else.
        """
        try:
            with np.load(path, allow_pickle=False) as file:
                made = Heads(**{one.name: file[one.name] for one in fields(Heads)})
        except (OSError, ValueError, KeyError) as error:
            raise ModelError(f"{path} holds no refined model: {error}; refine again") from error
        if len(made.mark) not in (0, HAND_FEATURES + 1) or len(made.palm) not in (0, 2 * PALM_FEATURES + 1):
            raise ModelError(f"{path} is of another version; refine again")
        return made


def with_neighbours(cells: FloatArray) -> FloatArray:
    """Cells (H, W, C) beside the mean of each and the eight around it (H, W, 2 C)."""
    height, width = cells.shape[:2]
    wide = np.pad(cells, ((1, 1), (1, 1), (0, 0)), mode="edge")
    around = sum(wide[y : y + height, x : x + width] for y in range(3) for x in range(3)) / 9.0
    return np.concatenate([cells, around], axis=-1)


def place_of(region: Region, square: Region) -> tuple[FloatArray, FloatArray]:
    """Which cells (H, W) hold the middle of a region, and how far each is from it [cells]; its place (H, W, 5) from each."""
    x, y = (np.array([region.x_px - square.x_px, region.y_px - square.y_px]) / square.side_px + 0.5) * CELLS
    rows, columns = np.mgrid[:CELLS, :CELLS] + 0.5
    size = np.full_like(rows, np.log(region.side_px / square.side_px))
    turn = [np.full_like(rows, np.cos(region.rotation_rad)), np.full_like(rows, np.sin(region.rotation_rad))]
    return np.hypot(columns - x, rows - y), np.stack([x - columns, y - rows, size, *turn], axis=-1)


def _region(square: Region, cell: int, place: FloatArray) -> Region:
    row, column = divmod(cell, CELLS)
    x, y = (np.array([column, row]) + 0.5 + place[:2]) / CELLS - 0.5
    side_px = square.side_px * float(np.exp(np.clip(place[2], -5.0, 1.0)))
    turned = float(np.arctan2(place[4], place[3]))
    return Region(square.x_px + x * square.side_px, square.y_px + y * square.side_px, side_px, turned)


def fit(rows: Rows) -> Heads:
    """The last layers that a set of believed hands teaches.

    Raises:
        ConfigError: scikit-learn is not installed, or the set is empty.
    """
    try:
        from sklearn.linear_model import LogisticRegression, Ridge
    except ModuleNotFoundError:
        raise ConfigError("refinement needs scikit-learn, which comes with the laboratory: scripts/setup --training") from None
    if not min(map(len, (rows.palms, rows.empty, rows.hands, rows.nothing))):
        raise ConfigError("no believed hand, or no image of one with anything round it; nothing can be taught")
    palms, empty, hands, nothing = (part.astype(np.float32) for part in (rows.palms, rows.empty, rows.hands, rows.nothing))
    every = np.concatenate([palms, empty])
    spread = np.stack([every.mean(0), every.std(0) + 1e-3])
    here = LogisticRegression(C=SHRINK_PALMS, solver="newton-cholesky").fit(
        (every - spread[0]) / spread[1], np.arange(len(every)) < len(palms)
    )
    places = Ridge(SHRINK_PLACES).fit((palms - spread[0]) / spread[1], rows.places.astype(np.float32))
    told = np.isfinite(rows.marks).all(1)
    looked = np.concatenate([hands, nothing])
    presence = LogisticRegression(C=SHRINK_PRESENCE, solver="newton-cholesky").fit(looked, np.arange(len(looked)) < len(hands))
    mark = np.zeros((0, 63))
    if told.any():
        marks = Ridge(SHRINK_MARKS).fit(hands[told], rows.marks[told].astype(np.float32))
        mark = np.vstack([marks.coef_.T, marks.intercept_])
    return Heads(
        spread, np.append(here.coef_[0], here.intercept_), np.vstack([places.coef_.T, places.intercept_]), mark,
        np.append(presence.coef_[0], presence.intercept_),
    )  # fmt: skip
