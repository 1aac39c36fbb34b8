"""Movements as rows of figures, small files."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from physio_core.errors import ConfigError, InputError
from physio_core.skeleton.colours import LEFT_RGB, RIGHT_RGB

pytest.importorskip("PIL", reason="pictures belong to scripts/setup --training")
from physio_core.skeleton.layouts import OPENPOSE_18
from physio_lab.plot.motion import Strip, sheet, strips, write_png

FLOOR = 112
"""Row of the floor in a strip of cells of 100 px."""


def standing(lift=0.0, figures=3):
    """Upright figures, the left side at the right of the picture, feet ``lift`` above the floor."""
    x = np.array([0.1 * (joint.startswith("left_") - joint.startswith("right_")) for joint in OPENPOSE_18.joints])
    y = np.array([0.0 if "ankle" in joint else -1.0 for joint in OPENPOSE_18.joints]) - lift
    return np.tile(np.stack([x, y], axis=-1), (figures, 1, 1))


def rows_of(picture, rgb):
    return np.flatnonzero((picture == rgb).all(-1).any(1))


def columns_of(picture, rgb):
    return np.flatnonzero((picture == rgb).all(-1).any(0))


def test_each_figure_stands_in_its_cell_on_the_floor():
    picture = strips([Strip("stand", standing(), 0.0)], OPENPOSE_18, cell_px=100)
    assert picture.shape == (118, 300, 3)
    left, right = columns_of(picture, LEFT_RGB), columns_of(picture, RIGHT_RGB)
    for cell in range(3):
        inside = [columns[(columns >= 100 * cell) & (columns < 100 * (cell + 1))] for columns in (left, right)]
        assert inside[0].min() > inside[1].max() - 5 and abs(np.concatenate(inside).mean() - 100 * cell - 50) < 4
    assert abs(rows_of(picture, LEFT_RGB).max() - FLOOR) <= 3


def test_who_jumps_is_above_the_floor_and_nothing_leaves_the_cell():
    picture = strips([Strip("jump", standing(lift=0.5), 0.0)], OPENPOSE_18, cell_px=100)
    assert rows_of(picture, LEFT_RGB).max() < FLOOR - 20
    assert rows_of(picture, LEFT_RGB).min() > 18


def test_a_small_movement_is_drawn_as_small_as_it_is_or_fills_its_cell():
    small = standing() * [1.0, 0.5]
    for alike, height_px in ((True, 44), (False, 88)):
        picture = strips([Strip("high", standing(), 0.0), Strip("low", small, 0.0)], OPENPOSE_18, cell_px=100, alike=alike)
        rows = rows_of(picture[118:], LEFT_RGB)
        assert np.ptp(rows) == pytest.approx(height_px, abs=4)


def test_strips_must_have_the_same_number_of_figures():
    with pytest.raises(InputError, match="same shape"):
        strips([Strip("a", standing(), 0.0), Strip("b", standing(figures=4), 0.0)], OPENPOSE_18)
    with pytest.raises(InputError, match="at least one"):
        strips([], OPENPOSE_18)


def test_pictures_of_any_size_fit_their_cells():
    page = sheet([("wide", np.zeros((20, 80, 3), np.uint8)), ("tall", np.zeros((300, 100, 3), np.uint8))], columns=2, cell_px=64)
    assert page.shape == (64 + 18, 128, 3)
    assert (page[40, 20] == 0).all() or (page[25, 20] == 0).all()
    with pytest.raises(InputError, match="no pictures"):
        sheet([], columns=2)


def test_a_file_is_written_small_or_refused(tmp_path: Path):
    picture = strips([Strip("stand", standing(), 0.0)], OPENPOSE_18)
    write_png(tmp_path / "new" / "picture.png", picture)
    assert 0 < (tmp_path / "new" / "picture.png").stat().st_size < 10_000
    (tmp_path / "file").write_text("")
    with pytest.raises(ConfigError, match="cannot write"):
        write_png(tmp_path / "file" / "picture.png", picture)
