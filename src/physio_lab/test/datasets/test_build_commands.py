"""`physio dataset build` with lists and wishes that cannot be used: one line, nothing begun; and a list that nothing comes of."""

from __future__ import annotations

import csv

import pytest

from physio_core.cli import main
from physio_core.errors import InputError
from physio_lab.datasets import build_commands, parquet
from physio_lab.datasets.formats import open_set
from physio_lab.datasets.manifest import ManifestRow
from physio_lab.datasets.shards import write_shard


@pytest.fixture
def build(tmp_path):
    """Builds from a list of that text."""
    listed = tmp_path / "list.csv"

    def run(text, *more):
        listed.write_text(text)
        return main(["dataset", "build", str(listed), "--out", str(tmp_path / "out"), "--workers", "1", *more])

    return run


@pytest.mark.parametrize(
    ("text", "options", "reason"),
    [
        ("", (), "needs the columns label, source"),
        ("label,source\n", (), "holds no rows"),
        ("label,source\nsquat,one.mp4\n", ("--size", "large"), "--size 'large' is not WIDTHxHEIGHT"),
        ("label,source\nsquat,one.mp4\n", ("--size", "5x5"), "width = 5 is outside 16 .. 4096 px"),
        ("label,source\nsquat,one.mp4\n", ("--fps", "0"), "fps = 0.0 is outside"),
        ("label,source\nsquat,one.mp4\n", ("--workers", "0"), "--workers 0 must be 1 or more"),
        ("label,source\nsquat,one.mp4\n", ("--pad", "-1"), "--pad -1"),
        ("label,source\nsquat,one.mp4\n", ("--labels", "/no/labels.txt"), "/no/labels.txt cannot be read"),
        ("label,source\nsquat,one.mp4\n", ("--least-seen", "2"), "least_seen = 2.0 is outside"),
    ],
)
def test_what_cannot_be_used_is_refused_in_one_line(build, tmp_path, capsys, text, options, reason):
    assert build(text, *options) == 2
    said = capsys.readouterr().err
    assert reason in said and said.count("\n") == 1
    assert not (tmp_path / "out").exists()


def test_a_library_that_writing_needs_is_missed_before_the_work(build, tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(parquet, "pa", None)
    assert build("label,source\nsquat,one.mp4\n") == 2
    assert "set.parquet: Parquet needs pyarrow" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_a_list_of_which_nothing_comes_is_a_failure_with_a_report(build, tmp_path, capsys):
    (tmp_path / "labels.txt").write_text("squat\n")
    assert build("label,source\nsquat,gone.mp4\njump,gone.mp4\n", "--labels", str(tmp_path / "labels.txt")) == 1
    assert "2 rows: 2 failed" in capsys.readouterr().out
    with (tmp_path / "out/report.csv").open(newline="") as file:
        reasons = [row["reason"] for row in csv.DictReader(file)]
    assert "no such video" in reasons[0] and "unknown label 'jump'" in reasons[1]
    assert not (tmp_path / "out/set.parquet").exists()


@pytest.fixture
def build_kinetics(build, tmp_path, make):
    """Builds a folder of clips from one finished row."""
    (tmp_path / "out/parts").mkdir(parents=True)
    write_shard(tmp_path / "out/parts" / f"{ManifestRow(2, 'squat', 'gone.mp4').name}.npz", make(), state="", note="")
    return lambda: build("label,source\nsquat,gone.mp4\n", "--format", "kinetics")


@pytest.mark.parametrize("name", ["notes.txt", "clip.json"])
def test_a_folder_that_no_build_wrote_is_not_replaced(build_kinetics, tmp_path, capsys, name):
    (tmp_path / "out/set").mkdir()
    (tmp_path / "out/set" / name).write_text("mine")
    assert build_kinetics() == 2
    assert "is where the set goes, but no build wrote it" in capsys.readouterr().err
    assert (tmp_path / "out/set" / name).read_text() == "mine"


def test_a_folder_of_an_earlier_build_is_replaced_only_by_a_whole_one(build_kinetics, tmp_path, monkeypatch):
    def full(*_arguments):
        raise InputError("no space")

    assert build_kinetics() == 0
    held = sorted(path.name for path in (tmp_path / "out").iterdir())
    with monkeypatch.context() as patch:
        patch.setattr(build_commands, "write_set", full)
        assert build_kinetics() == 2
    assert len(list(open_set(tmp_path / "out/set"))) == 1
    assert build_kinetics() == 0
    assert len(list(open_set(tmp_path / "out/set"))) == 1
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == held
