"""Figures are PNG pictures that show what they are given."""

from __future__ import annotations

import io

import numpy as np
import pytest

pytest.importorskip("matplotlib", reason="figures need matplotlib: scripts/setup --training")

from PIL import Image

from physio_lab.plot.figures import bar_figure, confusion_figure, curve_figure, reliability_figure, tiled


def picture(data: bytes) -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(data)).convert("RGB"))


def test_a_confusion_shows_its_counts_by_row() -> None:
    names = ["squat", "unknown"]
    all_right = picture(confusion_figure(np.array([[5, 0], [0, 5]]), names, names))
    all_wrong = picture(confusion_figure(np.array([[0, 5], [5, 0]]), names, names))
    assert all_right.shape == all_wrong.shape and (all_right != all_wrong).any()


def test_an_empty_row_is_no_division_by_zero() -> None:
    assert picture(confusion_figure(np.zeros((2, 2)), ["a", "b"], ["a", "b"])).std() > 0


def test_lines_bars_and_reliability_are_drawn_with_gaps() -> None:
    bins = np.array([0.2, 0.9])
    drawn = [
        curve_figure({"accuracy": ([1.0, 2.0], [0.5, 1.0]), "other": ([], [])}, "seconds", "accuracy"),
        bar_figure({"ours": {"30": 0.9, "9": None}, "thesis": {"30": 0.8, "9": 0.6}}, "accuracy"),
        reliability_figure({"before": (bins, bins, bins / 2)}),
    ]
    assert all(picture(data).std() > 5 for data in drawn)
    aspect = [picture(data).shape[1] / picture(data).shape[0] for data in drawn]
    page = picture(tiled(drawn, width_px=600, row_aspect=aspect[0] + aspect[1] - 0.1))
    assert page.shape[1] == 600 and page.shape[0] == pytest.approx(600 / (aspect[0] + aspect[1]) + 600 / aspect[2], abs=2)
