"""Any set into any other form by one command, told apart by looking, and clear about what cannot be done."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

pytest.importorskip("pyarrow", reason="the laboratory is not installed: scripts/setup --training")

from physio_core import cli
from physio_core.errors import ConfigError, InputError
from physio_lab.datasets.formats import FORMATS, open_set, write_set

NAMES = {"columns": "set.parquet", "kinetics": "set", "npy": "set_data.npy", "pyskl": "set.pkl"}
LABELS = ("squat", "lunge", "push up")


@pytest.fixture(name="clips")
def clips_fixture(make):
    clips = [make(0, label="squat"), make(1, label="lunge", frames=4), make(2, label="")]
    for clip in clips:
        clip.confidence[:, -1, 0] = 0.5  # the last frame is not empty
        clip.points[clip.confidence == 0] = 0
    return [type(clip)(**{**vars(clip), "source": clip.name}) for clip in clips]


def physio(*words: object) -> int:
    return cli.main(["dataset", *map(str, words)])


def test_every_form_to_be_written_is_tried_here():
    assert set(NAMES) == {one.name for one in FORMATS.values() if one.write}


@pytest.mark.parametrize(("one", "other"), list(itertools.permutations(NAMES, 2)))
def test_every_form_becomes_every_other_without_loss(tmp_path, clips, same, one, other):
    for place in ("a", "b", "c"):
        (tmp_path / place).mkdir()
    write_set(tmp_path / "a" / NAMES[one], clips, LABELS)
    assert physio("convert", tmp_path / "a" / NAMES[one], tmp_path / "b" / NAMES[other]) == 0
    assert physio("convert", tmp_path / "b" / NAMES[other], tmp_path / "c" / NAMES[one]) == 0
    back = open_set(tmp_path / "c" / NAMES[one])
    assert (back.format.name, back.labels) == (one, LABELS)
    for clip, again in zip(clips, back, strict=True):
        same(clip, again, tolerance=5e-7)


@pytest.mark.parametrize(
    ("words", "lost"),
    [
        ("convert a.pkl a.pkl", "a.pkl"),
        ("convert a_data.npy a_data.npy", "a_data.npy"),
        ("subset a_data.npy a.pkl --classes squat", "a_label_name.txt"),
        ("subset a.pkl other.pkl --like other.pkl", "other.pkl"),
        ("merge a.pkl other.pkl --out other.pkl", "other.pkl"),
        ("augment pyskl:a.pkl a.pkl --transform mirror", "a.pkl"),
    ],
)
def test_a_set_is_never_written_over_one_that_is_read(tmp_path, clips, monkeypatch, capsys, words, lost):
    monkeypatch.chdir(tmp_path)
    for name in ("a.pkl", "a_data.npy", "other.pkl"):
        write_set(tmp_path / name, clips, LABELS)
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    assert physio(*words.split()) == 2
    assert f"{lost} is what is read" in capsys.readouterr().err
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_two_forms_of_a_set_share_its_label_file(tmp_path, clips):
    write_set(tmp_path / "a_data.npy", clips, LABELS)
    assert physio("convert", tmp_path / "a_data.npy", tmp_path / "a.pkl") == 0
    assert open_set(tmp_path / "a.pkl").labels == open_set(tmp_path / "a_data.npy").labels == LABELS


def test_a_set_may_be_gone_through_twice(tmp_path, clips):
    write_set(tmp_path / "set.parquet", clips)
    opened = open_set(tmp_path / "set.parquet")
    assert [one.name for one in opened] == [one.name for one in opened] == ["clip_0", "clip_1", "clip_2"]
    assert opened.labels == ("lunge", "squat")


def test_joints_become_those_of_the_layout_asked_for(tmp_path, clips):
    write_set(tmp_path / "set.parquet", clips)
    assert physio("convert", tmp_path / "set.parquet", tmp_path / "coco.parquet", "--layout", "coco_17") == 0
    assert {one.layout for one in open_set(tmp_path / "coco.parquet")} == {"coco_17"}
    (nose,) = {float(next(iter(open_set(tmp_path / name))).points[0, 0, 0, 0]) for name in ("set.parquet", "coco.parquet")}
    assert nose == clips[0].points[0, 0, 0, 0]


def test_a_label_file_sets_the_order_and_refuses_others(tmp_path, clips, capsys):
    write_set(tmp_path / "set.parquet", clips)
    names = tmp_path / "names.txt"
    names.write_text("squat\nlunge\ncrunch\n")
    assert physio("convert", tmp_path / "set.parquet", tmp_path / "set.pkl", "--labels", names) == 0
    assert open_set(tmp_path / "set.pkl").labels == ("squat", "lunge", "crunch")
    names.write_text("lunge\ncrunch\n")
    assert physio("convert", tmp_path / "set.parquet", tmp_path / "other.pkl", "--labels", names) == 2
    assert "clip_0 has label 'squat', which is not in the list of labels: lunge, crunch" in capsys.readouterr().err
    assert not (tmp_path / "other.pkl").exists()


@pytest.mark.parametrize(
    ("source", "target", "says"),
    [
        ("nothing", "b.parquet", "nothing does not exist"),
        ("empty", "b.parquet", "looks like no format"),
        ("penn:empty", "b.parquet", "holds no *.mat"),
        ("set.parquet", "b.csv", "ending '.csv'; need: .parquet (columns), none (kinetics), .npy (npy), .pkl (pyskl)"),
        ("set.parquet", "b.parquet --format npy", "ending '.parquet'; need: .npy (npy)"),
        ("set.parquet", "b.parquet --format penn", "'penn' cannot be written; those that can: columns"),
        ("set.parquet", "set.parquet/b.parquet", "cannot write"),
        ("hand.parquet", "b.parquet --layout kinect_25", "hand_21 cannot become kinect_25"),
        ("cut.parquet", "b.parquet", "cut.parquet cannot be read"),
        ("twice.txt", "b.parquet", "looks like no format"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_line(tmp_path, monkeypatch, make, clips, capsys, source, target, says):
    monkeypatch.chdir(tmp_path)
    write_set(tmp_path / "set.parquet", clips)
    write_set(tmp_path / "hand.parquet", [make(layout="hand_21")])
    (tmp_path / "cut.parquet").write_bytes((tmp_path / "set.parquet").read_bytes()[:500])
    (tmp_path / "twice.txt").touch()
    (tmp_path / "empty").mkdir()
    assert physio("convert", source, *target.split()) == 2
    said = capsys.readouterr().err
    assert said.startswith("physio: ")
    assert says in said
    assert said.count("\n") == 1
    assert not (tmp_path / "b.parquet").exists()


def test_an_unknown_layout_is_refused_with_those_that_exist(tmp_path, capsys):
    with pytest.raises(SystemExit):
        physio("convert", tmp_path, tmp_path / "b.parquet", "--layout", "coco_18")
    assert "coco_17" in capsys.readouterr().err


def test_formats_and_layouts_are_listed(capsys):
    assert physio("formats") == 0
    said = capsys.readouterr().out
    assert all(name in said for name in (*FORMATS, "openpose_18", "hand_21"))


@pytest.mark.parametrize(("folder", "name"), [("penn_action", "penn"), ("ui_prmd", "ui_prmd"), ("irds", "irds"),
                                              ("wmft_jbhi", "wmft"), ("utd_mhad", "utd_mhad")])  # fmt: skip
def test_public_sets_are_told_apart_by_looking(data, folder, name):
    opened = open_set(data / folder)
    assert opened.format.name == name
    assert np.isfinite(next(iter(opened)).points).all()


def test_a_public_set_becomes_a_file(data, tmp_path):
    assert physio("convert", f"utd_mhad:{data / 'utd_mhad'}", tmp_path / "utd.parquet", "--layout", "openpose_18") == 0
    opened = open_set(tmp_path / "utd.parquet")
    assert (len(list(opened)), len(opened.labels)) == (431, 27)


def test_an_empty_set_and_an_unknown_form_are_refused(tmp_path):
    with pytest.raises(InputError, match="the set is empty"):
        write_set(tmp_path / "set.pkl", iter([]))
    with pytest.raises(ConfigError, match=r"'hdf5' cannot be written"):
        write_set(tmp_path / "set.h5", [], name="hdf5")
