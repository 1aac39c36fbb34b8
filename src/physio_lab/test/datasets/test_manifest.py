"""The list of recordings: every line is a row or says why not; a list that is none is refused."""

from __future__ import annotations

import math

import pytest

from physio_core.errors import InputError
from physio_lab.datasets.annotations import Annotations, Sides
from physio_lab.datasets.manifest import read_manifest


@pytest.fixture
def listed(tmp_path):
    """Reads a list from text; ``one.mp4`` lies beside it."""
    (tmp_path / "one.mp4").write_bytes(b"x")

    def read(text, **options):
        (tmp_path / "list.csv").write_text(text, encoding="utf-8")
        return read_manifest(tmp_path / "list.csv", **options)

    return read


def test_a_relative_source_lies_beside_the_list_and_empty_times_mean_all(listed, tmp_path):
    (row,) = listed("label,source,start_s,end_s,subject\nsquat,one.mp4,,,anna\n")
    assert (row.path, row.start_s, row.end_s, row.subject, row.problem) == (tmp_path / "one.mp4", 0.0, math.inf, "anna", "")


def test_columns_may_come_in_any_order_with_a_byte_order_mark_and_spaces(listed):
    (row,) = listed("\ufeffsource, label\none.mp4, squat\n")
    assert (row.label, row.source, row.line) == ("squat", "one.mp4", 2)


def test_what_the_list_knows_besides_the_label_is_read(listed):
    (row,) = listed("label,source,reps,correct,side\nsquat,one.mp4,5,no,left\n")
    assert (row.annotations, row.problem) == (Annotations(5, correct=False, side=Sides.LEFT), "")
    (row,) = listed("label,source,reps\nsquat,one.mp4,many\n")
    assert row.problem == "reps = 'many' is not a whole number"


@pytest.mark.parametrize(
    ("cells", "problem"),
    [
        ("squat,no.mp4,,,", "no such video or folder"),
        ("squat,~nouser/one.mp4,,,", "source '~nouser/one.mp4': there is no such user here"),
        (f"squat,{'x' * 300}.mp4,,,", "File name too long"),
        ("squat,one.mp4,5,3,", "end_s = 3 is not after start_s = 5"),
        ("squat,one.mp4,-1,3,", "lies before the recording"),
        ("squat,one.mp4,soon,3,", "start_s = 'soon' is not a time"),
        ("squat,one.mp4,nan,3,", "is not a time"),
        ("squat,one.mp4,inf,,", "is not a time"),
        (",one.mp4,,,", "no label"),
        ("squat,,,,", "no source"),
        ("squat,one.mp4,,,anna,and more", "more cells"),
        ("sqat,one.mp4,,,", "unknown label 'sqat'; the label file has: squat, lunge"),
    ],
)
def test_a_row_that_cannot_be_used_says_why_and_does_not_stop_the_others(listed, cells, problem):
    bad, good = listed(f"label,source,start_s,end_s,subject\n{cells}\nlunge,one.mp4,1,2,\n", labels=("squat", "lunge"))
    assert problem in bad.problem
    assert not good.problem


@pytest.mark.parametrize(
    "text", [",label,source\n0,squat,one.mp4\n", "label,source,,\nsquat,one.mp4,,\n", "label,source\nsquat,one.mp4,,\n"]
)
def test_a_nameless_column_and_empty_cells_beyond_the_last_are_ignored(listed, text):
    (row,) = listed(text)
    assert (row.label, row.source, row.problem) == ("squat", "one.mp4", "")


def test_a_folder_of_videos_is_unfolded_and_a_folder_of_images_is_one_row(listed, tmp_path):
    for name in ("videos/b.mp4", "videos/a.avi", "videos/notes.txt", "images/1.png", "images/2.png", "empty/readme"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(b"x")
    rows = listed("label,source\nsquat,videos\nlunge,images\njack,empty\n")
    assert [row.source for row in rows] == ["videos/a.avi", "videos/b.mp4", "images", "empty"]
    assert "neither videos nor images" in rows[-1].problem


def test_the_same_stretch_twice_is_found_whatever_its_label(listed):
    rows = listed("label,source,start_s,end_s\nsquat,one.mp4,1,2\nlunge,./one.mp4,1.0,2\nlunge,one.mp4,2,3\n")
    assert [row.problem for row in rows] == ["", "the same stretch as line 2", ""]


def test_the_same_stretch_twice_is_found_also_when_the_recording_is_gone(listed):
    one, two = listed("label,source\nsquat,gone.mp4\nlunge,gone.mp4\n")
    assert (one.absent, two.absent, two.problem) == (True, False, "the same stretch as line 2")


def test_names_are_unique_and_do_not_depend_on_label_or_line(listed):
    before = listed("label,source,start_s,end_s\nsquat,one.mp4,1,2\nsquat,one.mp4,2,3\n")
    after = listed("label,source,start_s,end_s\nlunge,one.mp4,2,3\nlunge,one.mp4,1,2\n")
    assert {row.name for row in before} == {row.name for row in after}
    assert len({row.name for row in before}) == 2


def test_an_url_is_kept_as_it_is(listed):
    (row,) = listed("label,source\nsquat,https://example.org/watch?v=1\n")
    assert row.is_url and not row.problem and row.source == "https://example.org/watch?v=1"


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "needs the columns label, source"),
        (b"label,source\n", "holds no rows"),
        (b"label,video\nsquat,one.mp4\n", "no column source"),
        (b"label,source\n\xff\xfe\x00,one.mp4\n", "not a CSV in UTF-8"),
        (b'label,source\n"' + b"x" * 200_000 + b"\n", "is not a CSV: field larger"),
    ],
)
def test_a_list_that_is_none_is_refused_by_name(tmp_path, content, reason):
    path = tmp_path / "broken.csv"
    path.write_bytes(content)
    with pytest.raises(InputError, match=reason) as refusal:
        read_manifest(path)
    assert "broken.csv" in str(refusal.value)


def test_a_missing_list_is_refused(tmp_path):
    with pytest.raises(InputError, match="cannot read .*none.csv: No such file"):
        read_manifest(tmp_path / "none.csv")


def test_kinetics_own_list_names_pages_or_the_clips_that_lie_beside_it(listed, tmp_path):
    cut = tmp_path / "jumping jacks/-abc_000010_000020.mp4"
    cut.parent.mkdir()
    cut.touch()
    heading = "label,youtube_id,time_start,time_end,split,is_cc\n"
    here, page, bad = listed(heading + "jumping jacks,-abc,10,20,train,0\nlunge,xyz,7,17,train,0\nlunge,,7,17,val,0\n")
    assert (here.path, here.start_s, here.end_s, here.label) == (cut, 0.0, math.inf, "jumping jacks")
    assert (page.source, page.start_s, page.end_s) == ("https://www.youtube.com/watch?v=xyz", 7.0, 17.0)
    assert not here.problem and not page.problem
    assert bad.problem == "no source"


def test_a_list_with_semicolons_and_decimal_commas_is_read(listed):
    (row,) = listed("label;source;start_s;end_s\nsquat;one.mp4;0,5;1,25\n")
    assert (row.start_s, row.end_s, row.problem) == (0.5, 1.25, "")
