"""Verdicts stay apart for people who see two kinds of cones only."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest

from physio_core.screen.pages.patient import SYMBOLS
from physio_core.screen.palette import VERDICT_COLOURS, luminance
from physio_core.types import Verdict

# Machado, Oliveira and Fernandes (2009), severity 1.0, on linear RGB.
SEEN_BY = {
    "protanopia": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
    "deuteranopia": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]],
    "tritanopia": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]],
}
JUDGED = (Verdict.RIGHT, Verdict.WRONG, Verdict.UNSURE)


def lab(linear: np.ndarray) -> np.ndarray:
    """CIE L*a*b* (D65) of linear RGB."""
    to_xyz = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
    x, y, z = np.cbrt(to_xyz @ linear / [0.9505, 1.0, 1.089])
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


def linear(colour: tuple[int, int, int]) -> np.ndarray:
    part = np.array(colour) / 255
    return np.where(part <= 0.04045, part / 12.92, ((part + 0.055) / 1.055) ** 2.4)


@pytest.mark.parametrize(("sight", "least"), [("protanopia", 40.0), ("deuteranopia", 40.0), ("tritanopia", 15.0)])
def test_verdict_colours_differ_for_every_sight(sight, least):
    """Tritanopia is a thousand times rarer; green and blue come nearer there, and the symbol tells."""
    seen = {verdict: lab(np.clip(SEEN_BY[sight] @ linear(VERDICT_COLOURS[verdict]), 0, 1)) for verdict in JUDGED}
    for first, second in combinations(JUDGED, 2):
        assert np.linalg.norm(seen[first] - seen[second]) >= least, (first, second)


def test_the_measure_tells_apart_what_dichromats_confuse():
    """Traffic-light red and green would fail the test above."""
    red, green = (lab(np.clip(SEEN_BY["deuteranopia"] @ linear(colour), 0, 1)) for colour in ((200, 80, 50), (135, 120, 40)))
    assert np.linalg.norm(red - green) < 40.0


def test_verdicts_differ_by_symbol_and_word_too(words):
    for live in ("", "live_"):
        keys = [f"{live}right", f"{live}wrong", "unsure"]
        assert len({SYMBOLS[key] for key in keys}) == 3
        assert len({words[key] for key in keys}) == 3


def test_right_is_darker_than_wrong_and_unsure():
    dark, *light = (luminance(VERDICT_COLOURS[verdict]) for verdict in JUDGED)
    assert all(bright > 1.3 * dark for bright in light)
