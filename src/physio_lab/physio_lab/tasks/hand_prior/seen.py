"""What was seen of one hand, on an even clock and as of a right hand; what a search begins with."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from physio_core.errors import InputError
from physio_core.hands.canonical import JOINTS, KNUCKLES, PARENTS, STANDARD_BONES, WRIST, on_standard_bones, to_canonical
from physio_core.motion.hand import HandShape
from physio_core.types import BoolArray, FloatArray, Skeleton
from physio_lab.tasks.hand_prior.config import INPUTS, RATE_HZ

FOCAL_WIDTHS = 0.83
"""Focal length of a usual camera, in image widths."""
FEWEST = 10
"""Images with a hand below which nothing is filled in."""
_MIRROR = np.array([-1.0, 1.0, 1.0])
_ROUND = 1e-6


@dataclass(frozen=True, eq=False)
class SeenHand:
    """One hand over time. T frames at :data:`RATE_HZ`.

    Attributes:
        stamps_s: (T,) [s].
        points_m: (T, 21, 3) from the wrist, camera's axes, as an estimator guesses them in space; interpolated where there was no
            hand [m].
        rays: (T, 21, 2) x/z and y/z of where joints were seen; likewise.
        there: (T,) whether there was a hand.
        left: of a left hand, which is mirrored here.
    """

    stamps_s: FloatArray
    points_m: FloatArray
    rays: FloatArray
    there: BoolArray
    left: bool = False

    @staticmethod
    def of(skeletons: Iterable[Skeleton], left: bool = False, focal_widths: float = FOCAL_WIDTHS) -> SeenHand:
        """From what an estimator said of each image.

        Args:
            skeletons: of ``hand_21``; a hand without positions in space, or with numbers that are not finite, counts as not seen.
            left: of a person's left hand.
            focal_widths: of the camera, in image widths.

        Raises:
            InputError: fewer than :data:`FEWEST` images with a hand.
        """
        stamps: list[float] = []
        kept: list[tuple[FloatArray, FloatArray]] = []
        for one in skeletons:
            if not stamps or one.stamp_s > stamps[-1]:
                stamps.append(one.stamp_s)
                kept.append(_of(one, focal_widths))
        points = np.array([one for one, _ in kept], float).reshape(-1, JOINTS, 3)
        rays = np.array([one for _, one in kept], float).reshape(-1, JOINTS, 2)
        there = np.isfinite(points).all((1, 2)) & np.isfinite(rays).all((1, 2))
        if int(there.sum()) < FEWEST:
            raise InputError(f"a hand in {int(there.sum())} of {len(there)} images; to fill in the others takes {FEWEST} or more")
        if left:
            points, rays = points * _MIRROR, rays * _MIRROR[:2]
        return _even(np.array(stamps), points, rays, there, left)

    @property
    def length_m(self) -> float:
        """Of the hand, from all its bones as they were seen, in the usual proportions [m]."""
        seen = self.points_m[self.there]
        bones = np.linalg.norm(seen - seen[:, PARENTS], axis=-1).sum(1)
        middle = STANDARD_BONES[KNUCKLES[1]]
        mean_m = HandShape()
        usual = STANDARD_BONES.sum() / middle * float(np.linalg.norm(mean_m.bones_m("middle")[0]))
        return float(np.median(bones) / usual * mean_m.length_m)

    @property
    def wrists_m(self) -> FloatArray:
        """Where the wrist is (T, 3): so far away that the hand looks as large as it was seen [m]."""
        flat = self.points_m[..., :2]
        spread = self.rays - self.rays[:, [WRIST]]
        away_m = (flat**2).sum((1, 2)) / np.maximum((flat * spread).sum((1, 2)), _ROUND)
        away_m = np.where(self.there, away_m, np.nan)
        usual = float(np.nanmedian(away_m))
        away_m = _filled(self.stamps_s, np.clip(away_m, 0.5 * usual, 2.0 * usual)[:, None], self.there)
        return np.concatenate([self.rays[:, WRIST] * away_m, away_m], axis=1)

    @property
    def inputs(self) -> FloatArray:
        """What an encoder is given (T, I)."""
        return inputs_of(self.stamps_s, self.points_m, self.there)

    def from_clock(self, points: FloatArray, stamps_s: FloatArray) -> FloatArray:
        """Something (T, 21, 3) on this clock at other stamps, of the hand as it is: a left one is mirrored back."""
        found = np.stack([np.interp(stamps_s, self.stamps_s, column) for column in points.reshape(len(points), -1).T], axis=1)
        return np.asarray(found.reshape(-1, *points.shape[1:]) * (_MIRROR if self.left else 1.0))


def inputs_of(stamps_s: FloatArray, points_m: FloatArray, there: BoolArray) -> FloatArray:
    """What an encoder is given (T, I) of right hands (T, 21, 3): the posture on standard bones, and whether there is a hand."""
    canonical = on_standard_bones(to_canonical(points_m))
    known = there & np.isfinite(canonical).all((1, 2))
    flat = canonical.reshape(len(canonical), -1)
    if known.any():
        flat = _filled(stamps_s, flat, known)
    found = np.concatenate([np.nan_to_num(flat), known[:, None]], axis=1)
    assert found.shape[1] == INPUTS
    return np.asarray(found, np.float32)


def _of(one: Skeleton, focal_widths: float) -> tuple[FloatArray, FloatArray]:
    if not one.tracked or len(one.world_m) != JOINTS:
        return np.full((JOINTS, 3), np.nan), np.full((JOINTS, 2), np.nan)
    across = (one.points[:, :2] - 0.5) * [1.0, one.height_px / max(one.width_px, 1)]
    return np.asarray(one.world_m - one.world_m[WRIST]), np.asarray(across / focal_widths)


def _even(stamps_s: FloatArray, points: FloatArray, rays: FloatArray, there: BoolArray, left: bool) -> SeenHand:
    clock = stamps_s[0] + np.arange(int(np.floor((stamps_s[-1] - stamps_s[0]) * RATE_HZ + 0.5)) + 1) / RATE_HZ
    near = np.abs(clock[:, None] - stamps_s[None]).argmin(1)
    whole = [_filled(stamps_s, one.reshape(len(one), -1), there, clock).reshape(len(clock), JOINTS, -1) for one in (points, rays)]
    seen = there[near] & (np.abs(clock - stamps_s[near]) < 1.0 / RATE_HZ)
    return SeenHand(clock, whole[0], whole[1], seen, left)


def _filled(stamps_s: FloatArray, values: FloatArray, known: BoolArray, at: FloatArray | None = None) -> FloatArray:
    """Values (T, C), or at other stamps, interpolated linearly where they are not known."""
    at = stamps_s if at is None else at
    return np.stack([np.interp(at, stamps_s[known], column[known]) for column in values.T], axis=1)
