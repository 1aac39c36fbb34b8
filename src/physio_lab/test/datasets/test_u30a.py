"""Recordings of the teaching device: what stands against whoever reads them is undone, and what cannot be read is told."""

from __future__ import annotations

import numpy as np
import pytest

from physio_core.errors import InputError
from physio_core.trajectories.arm import load_arm, residual_m
from physio_core.trajectories.interpolation import closes
from physio_core.trajectories.types import ideal
from physio_lab.datasets import u30a
from physio_testing.teaching_device import told, write_packed


def text_of(deg, place, tag="#l_ab", start_ms=5000, step_ms=100):
    rows = [",".join(u30a.HEADER)]
    for row, (angles, places) in enumerate(zip(deg.tolist(), place.tolist(), strict=True)):
        joints, end = ("/".join(map(str, one)) for one in (angles, places))
        rows.append(f"r,{row},{start_ms + row * step_ms},{joints},0/0/0/0,0/0/0/0,{end},0/0,0/0/0,0/0/0,0/0/0,{tag}")
    return rows


def write(path, *rows):
    path.write_text("\n".join(line for part in rows for line in part) + "\n")
    return path


def test_a_text_file_is_read_in_metres_radians_and_its_own_time(tmp_path):
    deg, place = told()
    (one,) = u30a.read_text(write(tmp_path / "clock_b_7.txt", text_of(deg, place)[:31], ["s,0,#"], text_of(deg, place)[31:]))
    assert (one.kind, one.participant, one.path.side) == ("clock_b", "#l_ab".lstrip("#"), "left")
    assert one.path.duration_s == pytest.approx(5.9) and np.allclose(one.path.positions_m * 1000.0, place)
    assert np.median(residual_m(one.path, load_arm("device", "left"))) < 0.01


def test_a_header_repeated_inside_begins_another_repetition(tmp_path):
    rows = text_of(*told("d_l"))
    found = u30a.read_text(write(tmp_path / "d_l_1.txt", rows, rows))
    assert [one.name for one in found] == ["d_l_1.txt 1", "d_l_1.txt 2"] and len(found[0].path) == 60


def test_a_long_recording_is_cut_where_the_hand_is_back(tmp_path):
    deg, place = told("v_90", count=50)
    rows = text_of(np.tile(deg, (4, 1)), np.tile(place, (4, 1)), step_ms=160)
    found = u30a.read_text(write(tmp_path / "v_90_1.txt", rows))
    assert len(found) == 4 and all(closes(one.path) and 6.0 < one.path.duration_s < 10.0 for one in found)


def test_positions_turned_against_the_joints_are_turned_back_and_named_as_seen(tmp_path):
    deg, place = told("clock_m", "right")
    turn = np.radians(50.0)
    turned = place @ np.array([[np.cos(turn), -np.sin(turn), 0.0], [np.sin(turn), np.cos(turn), 0.0], [0.0, 0.0, 1.0]]).T
    (one,) = u30a.read_text(write(tmp_path / "clock_m_9.txt", text_of(deg, np.round(turned).astype(int), tag="#")), side="right")
    assert one.yaw_deg == pytest.approx(50.0, abs=2.0) and one.group == "unknown, turned"
    assert np.abs(one.path.positions_m * 1000.0 - place).max() < 20.0 and np.array_equal(one.outward_m, one.path.positions_m)
    (straight,) = u30a.read_text(write(tmp_path / "clock_m_8.txt", text_of(deg, place, tag="#")), side="right")
    assert straight.yaw_deg == 0.0 and np.allclose(straight.outward_m, straight.path.positions_m * [1.0, -1.0, 1.0])


def test_the_arm_is_what_the_tag_says_or_must_be_said(tmp_path):
    deg, place = told("clock_m", "right")
    tagged, plain = (write(tmp_path / f"clock_m_{n}.txt", text_of(deg, place, tag=tag)) for n, tag in enumerate(("#ab", "#")))
    assert u30a.read_paths(tagged)[0].path.side == u30a.read_paths(plain, "right")[0].path.side == "right"
    with pytest.raises(InputError, match="'' does not say which arm drew; say it: --side left or --side right"):
        u30a.read_paths(plain)
    with pytest.raises(InputError, match="'ab' says the right arm; leave --side out"):
        u30a.read_paths(tagged, "left")


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda rows: [rows[0].replace("deg,deg/sec", "deg/sec,deg"), *rows[1:]], "line 1: columns"),
        (lambda rows: [*rows[:5], rows[5].replace("/", ";"), *rows[6:]], "line 6"),
        (lambda rows: rows[1:], "begins with the header"),
        (lambda rows: rows[:1], "no rows"),
        (lambda rows: [rows[0], *rows[:0:-1]], "time does not rise"),
    ],
)
def test_what_cannot_be_read_is_told_with_the_file(tmp_path, change, says):
    path = write(tmp_path / "clock_b_1.txt", change(text_of(*told())))
    with pytest.raises(InputError, match=rf"clock_b_1\.txt.*{says}"):
        u30a.read_text(path)


def test_the_packed_set_is_read_and_what_stands_still_is_left_out_with_its_reason(tmp_path):
    write_packed(tmp_path, "some", ["l_ab"], ["clock_b", "d_l"], standing=True)
    found, left_out = u30a.read_packed(tmp_path)
    assert [(one.kind, one.participant) for one in found] == [("d_l", "l_ab")]
    assert len(left_out) == 1 and "clock_b_some_0.txt" in left_out[0] and "mm" in left_out[0]
    (tmp_path / "index_some.csv").write_text("file,type\n")
    with pytest.raises(InputError, match="describes 0 recordings"):
        u30a.read_packed(tmp_path)


@pytest.mark.parametrize(
    ("heading", "factor", "says"),
    [("time_s,x_m,y_m", 1.0, "no column z_m"), ("time_s,x_m,y_m,z_m", 1000.0, "milliseconds|millimetres")],
)
def test_a_table_in_other_units_or_without_a_column_is_told(tmp_path, heading, factor, says):
    path = ideal("clock_b", 0.6)
    rows = np.column_stack([path.stamps_s, path.positions_m])[:, : heading.count(",") + 1] * factor
    file = write(tmp_path / "mine.csv", [heading], [",".join(f"{one:.4f}" for one in row) for row in rows])
    with pytest.raises(InputError, match=rf"mine\.csv.*({says})"):
        u30a.read_csv(file)


def test_the_order_of_a_tables_columns_is_free(tmp_path):
    path = ideal("clock_b", 0.6)
    rows = np.column_stack([path.positions_m[:, ::-1], path.stamps_s])
    file = write(tmp_path / "mine.csv", ["z_m,y_m,x_m,time_s"], [",".join(f"{one:.6f}" for one in row) for row in rows])
    (one,) = u30a.read_paths(file, "left")
    assert np.allclose(one.path.positions_m, path.positions_m, atol=1e-5)


def test_the_real_recordings_agree_with_the_devices_kinematics(data):
    found, left_out = u30a.read_packed(data / "u30a_trajectories")
    assert len(found) > 900 and len(left_out) == 1
    for side in ("left", "right"):
        rows = [one for one in found if one.path.side == side and not one.yaw_deg][::10]
        assert np.median([np.median(residual_m(one.path, load_arm("device", side))) for one in rows]) < 0.015
    (sample,) = u30a.read_text(data / "u30a_trajectories/sample_original_clock_b_1.txt")
    assert np.array_equal(sample.path.positions_m, found[0].path.positions_m)
