"""A folder of videos becomes every product of the transforms, with its labels, again and again without doing anything twice."""

from __future__ import annotations

import os

import numpy as np
import pytest

from physio_core import cli
from physio_core.camera.video import read_video
from physio_core.camera.writer import VideoWriter
from physio_core.csv_table import read_table
from physio_lab.datasets.manifest import read_manifest
from physio_lab.evaluation.index import read_index

BOTH = ("--transform", "flip", "--transform", "zoom: {least: 1.1}")


@pytest.fixture
def folder(tmp_path):
    """Two videos, dark on the left, and an index with a column of its own."""
    place = tmp_path / "in"
    (place / "more").mkdir(parents=True)
    rgb = np.zeros((48, 64, 3), np.uint8)
    rgb[:, 32:] = 200
    for name in ("a.mp4", "more/b.mp4"):
        with VideoWriter(place / name, 10.0, 64, 48) as writer:
            for _ in range(4):
                writer.add(rgb)
    (place / "INDEX.csv").write_text("file;label;reps;grade;note\na.mp4;squat;2;A;mine\nmore/b.mp4;lunge;1;B;\n")
    return place


def augment(*words):
    return cli.main(["dataset", "augment", *map(str, words), "--workers", "1"])


def test_flip_and_zoom_make_four_of_each_with_label_and_all_cells(folder, tmp_path):
    assert augment(folder, tmp_path / "out", *BOTH) == 0
    clips = read_index(tmp_path / "out")
    assert [(clip.path.name, clip.label, clip.grade) for clip in clips] == [
        (f"{name}{more}.mp4", label, grade)
        for name, label, grade in (("a", "squat", "A"), ("b", "lunge", "B"))
        for more in ("", "_flip", "_zoom", "_flip_zoom")
    ]
    assert clips[0].path.resolve() == folder / "a.mp4"
    assert {row.cells["note"] for row in read_table(tmp_path / "out/INDEX.csv", ["file"]).rows[:4]} == {"mine"}
    flipped = list(read_video(tmp_path / "out/a_flip.mp4"))
    assert len(flipped) == 4
    assert flipped[2].rgb[:, :24].mean() > 150 > 50 > flipped[2].rgb[:, 40:].mean()


def test_a_flip_exchanges_the_sides_that_the_table_names(folder, tmp_path):
    (folder / "INDEX.csv").write_text("file,label,reps,grade,side,view\na.mp4,tap_left,2,A,left,front\n")
    assert augment(folder, tmp_path / "out", "--transform", "flip") == 0
    cells = [row.cells for row in read_table(tmp_path / "out/INDEX.csv", ["file"]).rows]
    assert [(row["label"], row["side"], row["view"]) for row in cells] == [
        ("tap_left", "left", "front"), ("tap_right", "right", "front"),
    ]  # fmt: skip


def test_what_is_made_is_kept_and_what_is_missing_or_older_made_again(folder, tmp_path):
    out = tmp_path / "out"
    augment(folder, out, *BOTH)
    kept, old, gone = (out / f"{name}.mp4" for name in ("a_flip", "b_flip", "a_zoom"))
    before = gone.read_bytes()
    gone.unlink()
    os.utime(kept, (2e9, 2e9))
    os.utime(old, (1.0, 1.0))
    assert augment(folder, out, *BOTH) == 0
    assert gone.read_bytes() == before  # the same seed gives the same copy, whatever else is made
    assert kept.stat().st_mtime == 2e9
    assert old.stat().st_mtime > 1e6
    assert augment(folder, out, "--transform", "flip") == 2


def test_of_a_list_recordings_stay_on_one_side_of_a_split(folder, tmp_path):
    (folder / "list.csv").write_text(
        "label,source,start_s,end_s\nsquat,a.mp4,0,0.2\njack,a.mp4,0.2,0.4\nlunge,more/b.mp4,,\nlunge,none.mp4,,\n"
    )
    assert augment(folder / "list.csv", tmp_path / "out", "--transform", "flip", "--only-copies") == 1
    rows = read_manifest(tmp_path / "out/list.csv")
    assert [(row.label, row.source, row.start_s, row.subject) for row in rows] == [
        ("squat", "a_flip.mp4", 0.0, "a.mp4"), ("jack", "a_flip.mp4", 0.2, "a.mp4"), ("lunge", "b_flip.mp4", 0.0, "more/b.mp4"),
    ]  # fmt: skip
    assert not any(row.problem for row in rows)


def test_a_damaged_video_is_named_and_the_others_are_made(folder, tmp_path, capsys):
    (folder / "a.mp4").write_bytes(b"no video")
    assert augment(folder, tmp_path / "out", "--transform", "flip") == 1
    assert "a_flip.mp4: " in capsys.readouterr().out.replace("\n", "")
    assert [clip.path.name for clip in read_index(tmp_path / "out")] == ["a.mp4", "b.mp4", "b_flip.mp4"]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--transform", "mirror"), "unknown transform 'mirror'; known: flip, zoom"),
        (("--transform", "flip", "--transform", "flip: {}"), "named twice"),
        (("--transform", "flip", "--copies", "2"), "is for sets"),
        (("--transform", "flip", "--input-units", "pixels"), "are for sets of skeletons"),
    ],
)
def test_what_cannot_be_done_is_refused_before_the_work(folder, tmp_path, words, message, capsys):
    assert augment(folder, tmp_path / "out", *words) == 2
    assert message in capsys.readouterr().err
    assert augment(folder, folder, "--transform", "flip") == 2
    assert not list(tmp_path.rglob("*_flip.mp4"))
