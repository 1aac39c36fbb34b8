"""The picture of a set: larger with more classes, and mostly empty sequences seen."""

from __future__ import annotations

import io

import numpy as np
from PIL import Image

from physio_lab.plot.dataset import beside_figure, dataset_figure

PALE_RGB = (0x56, 0xB4, 0xE9)


def pixels(non_empty):
    return np.asarray(Image.open(io.BytesIO(dataset_figure(non_empty, "a set"))).convert("RGB"))


def test_mostly_empty_sequences_are_pale():
    good = pixels({"squat": [1.0] * 9, "": [0.9]})
    bad = pixels({"squat": [1.0] * 6 + [0.1] * 3, "": [0.9]})
    assert not (good == PALE_RGB).all(-1).any()
    assert (bad == PALE_RGB).all(-1).sum() > 500


def test_many_classes_have_room():
    assert len(pixels({f"class {n}": [1.0] * (n + 1) for n in range(40)})) > len(pixels({"one": [1.0]})) + 500


def test_two_sets_lie_over_each_other_in_colours_of_their_own():
    page = Image.open(io.BytesIO(beside_figure({"one.parquet": [1.0, 0.9, 0.2], "x" * 200: [0.4] * 7}, "two")))
    found = np.asarray(page.convert("RGB")).astype(int)
    for colour in ((0x00, 0x72, 0xB2), (0xD5, 0x5E, 0x00)):
        assert (abs(found - colour).max(-1) < 8).sum() > 200
