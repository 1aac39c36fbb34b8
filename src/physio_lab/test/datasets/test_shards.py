"""Finished rows on the disk: whole or not at all, whatever happens to the file."""

from __future__ import annotations

import numpy as np
import pytest

from physio_core.errors import OutputError
from physio_lab.datasets.manifest import ManifestRow
from physio_lab.datasets.shards import read_shard, source_state, write_shard


def test_no_damage_to_a_finished_row_is_more_than_a_row_to_do_again(tmp_path, make):
    path, row = tmp_path / "row.npz", make()
    write_shard(path, row, state="", note="")
    whole = path.read_bytes()
    for place in range(0, len(whole), 3):
        path.write_bytes(whole[:place] + b"\xff" + whole[place + 1 :])
        found = read_shard(path)
        assert found is None or np.array_equal(found[0].points, row.points)


def test_a_disk_that_fills_up_within_a_row_gives_one_error(tmp_path, make, small_files):
    with small_files(100), pytest.raises(OutputError, match="row.npz: File too large"):
        write_shard(tmp_path / "row.npz", make())
    assert not list(tmp_path.iterdir())


def test_a_recording_that_cannot_be_reached_has_no_state(tmp_path):
    assert source_state(ManifestRow(2, "squat", "long.mp4", path=tmp_path / ("x" * 300))) == ""
