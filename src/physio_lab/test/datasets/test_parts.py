"""Finished rows on the disk: whole or not at all, whatever happens to the file."""

from __future__ import annotations

import numpy as np
import pytest

from physio_core.errors import OutputError
from physio_lab.datasets.parts import read_part, source_state, write_part
from physio_lab.datasets.rows import Row


def test_no_damage_to_a_finished_row_is_more_than_a_row_to_do_again(tmp_path, make):
    path, row = tmp_path / "row.npz", make()
    write_part(path, row, state="", note="")
    whole = path.read_bytes()
    for place in range(0, len(whole), 3):
        path.write_bytes(whole[:place] + b"\xff" + whole[place + 1 :])
        found = read_part(path)
        assert found is None or np.array_equal(found[0].points, row.points)


def test_a_disk_that_fills_up_within_a_row_gives_one_error(tmp_path, make, small_files):
    with small_files(100), pytest.raises(OutputError, match="row.npz: File too large"):
        write_part(tmp_path / "row.npz", make())
    assert not list(tmp_path.iterdir())


def test_a_recording_that_cannot_be_reached_has_no_state(tmp_path):
    assert source_state(Row(2, "squat", "long.mp4", path=tmp_path / ("x" * 300))) == ""
