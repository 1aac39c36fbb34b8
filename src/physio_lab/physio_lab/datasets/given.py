"""What formats of the field do not store: which joints, in which units. Told by the numbers where these leave no doubt.

Wrong guesses would be silent: depth read as confidence, a nose as an elbow. So where there is doubt, a person must say it
(:class:`Given`), and what a person says goes before any guess.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from typing import Any

import numpy as np

from physio_core.errors import ConfigError, InputError
from physio_core.skeleton.layouts import LAYOUTS, Layout, layout_named, layout_with
from physio_core.types import BoolArray, FloatArray

PIXELS, FRACTIONS, METRES = UNITS = ("pixels", "fractions", "metres")
MOST_PX = 100_000
_HIGHEST_SCORE = 1.2
"""Peaks of heat maps give scores a little above 1; a person stands further from a depth camera than this [m]."""
_WIDEST = 2.0
"""Fractions of a picture: a joint outside lies seldom further than a picture away, one in pixels seldom nearer."""


@dataclass(frozen=True)
class Given:
    """What a person says about a file.

    Attributes:
        layout: joint order; empty: tell by the number of joints.
        units: one of :data:`UNITS`; empty: tell by the numbers.
        size_px: width and height of the picture; 0: as the file says, or the field's usual 340x256.
    """

    layout: str = ""
    units: str = ""
    size_px: tuple[int, int] = (0, 0)

    def layout_for(self, joints: int, picture: bool, what: object) -> Layout:
        """The joint order of a skeleton, in a picture or of a depth camera.

        Raises:
            SkeletonError: no layout has so many joints.
            InputError: the one that was given does not.
        """
        if not self.layout:
            return layout_with(joints, what, picture)
        layout = layout_named(self.layout)
        if len(layout.joints) != joints:
            raise InputError(f"{what} has {joints} joints, --input-layout {self.layout} has {len(layout.joints)}")
        return layout


NOTHING = Given()


def add_given_options(parser: argparse.ArgumentParser) -> None:
    """Options for what a set of the formats kinetics, npy or pyskl does not store."""
    parser.add_argument("--input-layout", default="", choices=("", *LAYOUTS), metavar="NAME",
                        help="joints of what is read, where not stored (default: by their number)")  # fmt: skip
    parser.add_argument("--input-units", default="", choices=("", *UNITS), metavar="NAME",
                        help=f"of what is read: {', '.join(UNITS)} (default: by the numbers)")  # fmt: skip
    parser.add_argument("--input-size", default="", metavar="WxH", help="of the pictures, for pixels (default: as the file says)")


def given(options: argparse.Namespace) -> Given:
    """What the options say.

    Raises:
        ConfigError: a size that is not WIDTHxHEIGHT.
    """
    size = (0, 0)
    if options.input_size:
        try:
            width, height = (int(part) for part in options.input_size.lower().split("x"))
        except ValueError:
            width = height = 0
        if not (0 < width <= MOST_PX and 0 < height <= MOST_PX):
            raise ConfigError(f"--input-size {options.input_size!r} is not WIDTHxHEIGHT in pixels, e.g. 340x256")
        size = width, height
    return Given(options.input_layout, options.input_units, size)


def is_score(values: FloatArray) -> bool:
    """Whether numbers can be scores of joints: from 0 to 1, or a little above."""
    return bool(values.size == 0 or not (values.min() < 0.0 or values.max() > _HIGHEST_SCORE))  # NaN is refused elsewhere


def in_pixels(points: FloatArray, seen: BoolArray) -> bool:
    """Whether places in a picture, (..., 2) where ``seen`` (...), are pixels rather than fractions of it."""
    return bool(seen.any() and np.median(np.abs(points[seen])) > _WIDEST)


def undecided(what: object, why: str, *choices: str) -> InputError:
    """A refusal that says how to say it."""
    return InputError(f"{what}: {why}; say what they are: {' or '.join(f'--input-units {one}' for one in choices)}")


def checked_size(width: Any, height: Any, what: object) -> tuple[int, int]:
    """A picture's size [px]; InputError where it is none."""
    try:
        size = int(width), int(height)
    except (TypeError, ValueError, OverflowError):
        size = 0, 0
    if not all(0 < one <= MOST_PX for one in size):
        raise InputError(f"{what}: width {width!r} and height {height!r} are no size of a picture")
    return size
