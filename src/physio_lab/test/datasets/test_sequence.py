"""A recorded movement checks itself; what every format shares, by value: labels, times, names, and refusals."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from physio_core.errors import ConfigError, InputError, SkeletonError
from physio_lab.datasets.files import (
    beside,
    checked,
    in_picture,
    index_of,
    label_of,
    labels_beside,
    labels_in,
    npz_bytes,
    rate_of,
    read_labels,
    read_npz,
    read_text,
    stamps,
    write_labels,
)
from physio_lab.datasets.sequence import SkeletonSequence, back_and_forth, in_layout

HERE = Path("set.npy")


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"points": np.zeros((7, 18, 2))}, r"points \(7, 18, 2\), confidence \(1, 7, 18\); need \(M, T, V, 2 or 3\)"),
        ({"points": np.zeros((1, 7, 18, 4))}, r"points \(1, 7, 18, 4\)"),
        ({"confidence": np.zeros((1, 7, 17))}, r"confidence \(1, 7, 17\)"),
        ({"points": np.zeros((1, 7, 25, 2)), "confidence": np.zeros((1, 7, 25))}, "25 joints over 7 frames .*openpose_18 has 18"),
        ({"stamps_s": np.arange(6.0)}, "18 joints over 7 frames with 6 stamps"),
        ({"points": np.full((1, 7, 18, 2), np.nan)}, "NaN or infinite numbers; mark a missing joint by confidence 0"),
        ({"confidence": np.full((1, 7, 18), np.inf)}, "NaN or infinite numbers"),
        ({"stamps_s": np.array([0, 1, 2, 3, 4, 5, np.nan])}, "NaN or infinite numbers"),
        ({"stamps_s": np.array([0.0, 1, 2, 2, 4, 5, 6])}, "stamps must increase; sort the frames"),
        ({"stamps_s": np.arange(7.0)[::-1]}, "stamps must increase"),
    ],
)
def test_arrays_that_disagree_are_refused_under_the_name_of_the_clip(make, change, complaint):
    with pytest.raises(SkeletonError, match=f"clip_0: .*{complaint}"):
        replace(make(), **change)


def test_an_unknown_order_of_joints_is_refused_with_those_that_exist(make):
    with pytest.raises(ConfigError, match=r"centaur_24.*openpose_18"):
        replace(make(), layout="centaur_24")


def test_joints_of_the_same_order_are_left_alone_and_others_converted(make):
    clip = make(layout="blazepose_33")
    assert in_layout(clip, "blazepose_33") is clip
    other = in_layout(clip, "openpose_18")
    assert (other.layout, other.points.shape) == ("openpose_18", (1, 7, 18, 2))
    assert (other.label, other.name, other.width_px) == (clip.label, clip.name, clip.width_px)


def test_a_short_movement_is_played_back_and_forth_without_a_jump():
    points = np.zeros((1, 4, 18, 2))
    points[0, :, :, 0] = np.arange(4.0)[:, None]
    clip = SkeletonSequence(points, np.ones((1, 4, 18)), 5.0 + np.arange(4) / 10, "openpose_18")
    longer = back_and_forth(clip, 1.1)
    assert longer.points[0, :, 0, 0].tolist() == [0, 1, 2, 3, 2, 1, 0, 1, 2, 3, 2]
    assert longer.stamps_s == pytest.approx(5.0 + np.arange(11) / 10)
    assert back_and_forth(clip, 0.39) is clip
    one = replace(clip, points=points[:, :1], confidence=np.ones((1, 1, 18)), stamps_s=np.zeros(1))
    assert back_and_forth(one, 9.0) is one


def test_what_is_played_back_and_forth_keeps_the_time_between_its_images():
    stamps_s = np.array([0.0, 0.1, 0.4])
    clip = SkeletonSequence(np.zeros((1, 3, 18, 2)), np.ones((1, 3, 18)), stamps_s, "openpose_18")
    assert back_and_forth(clip, 1.0).stamps_s == pytest.approx([0.0, 0.1, 0.4, 0.7, 0.8])


def test_sequences_are_passed_on_as_they_come_and_a_bad_one_is_named(make):
    good = [make(0, label="squat"), make(1, label=""), make(2, label="lunge")]
    assert list(checked(good, None, HERE)) == good
    assert list(checked(good, ("squat", "lunge"), HERE)) == good
    assert labels_in(good) == ("lunge", "squat")
    for bad, complaint in (
        ([make(0), make(0)], "the name 'clip_0' is empty or used twice"),
        ([make(0, name="")], "the name '' is empty"),
        ([make(0, label="dance")], "clip_0 has label 'dance', which is not in the list of labels: squat, lunge"),
        ([], "the set is empty; nothing was written"),
    ):
        with pytest.raises(InputError, match=complaint):
            list(checked(bad, ("squat", "lunge"), HERE))


def test_labels_are_written_and_read_in_their_order(tmp_path):
    write_labels(tmp_path / "labels.txt", ["squat", "lunge"])
    assert (tmp_path / "labels.txt").read_bytes() == b"squat\nlunge\n"
    assert read_labels(tmp_path / "labels.txt") == ("squat", "lunge")
    (tmp_path / "labels.txt").write_bytes(b"\xef\xbb\xbfsquat\r\n\r\n lunge \r\n")
    assert read_labels(tmp_path / "labels.txt") == ("squat", "lunge")


@pytest.mark.parametrize(("text", "complaint"), [("", "holds 0 labels"), ("a\nb\na\n", "holds 3 labels, 2 different")])
def test_a_label_file_names_each_once(tmp_path, text, complaint):
    (tmp_path / "labels.txt").write_text(text)
    with pytest.raises(InputError, match=complaint):
        read_labels(tmp_path / "labels.txt")


def test_an_index_is_a_label_or_none_or_itself():
    assert [label_of(index, ("squat", "lunge"), HERE) for index in (0, 1, -1)] == ["squat", "lunge", ""]
    assert label_of(7, (), HERE) == "7"
    assert [index_of(label, ("squat", "lunge")) for label in ("lunge", "")] == [1, -1]
    with pytest.raises(InputError, match=r"set\.npy: label index 2, but the label file has only 2 labels"):
        label_of(2, ("squat", "lunge"), HERE)


@pytest.mark.parametrize("name", ["set", "set.pkl", "set_data.npy", "set.npy"])
def test_what_belongs_to_a_file_stands_beside_it_under_its_name(tmp_path, name):
    assert beside(tmp_path / name, "_label.pkl") == tmp_path / "set_label.pkl"


def test_the_label_file_is_its_own_or_that_of_the_folder_or_none(tmp_path):
    path = tmp_path / "set_data.npy"
    assert labels_beside(path) == ()
    write_labels(tmp_path / "label_name.txt", ["of the folder"])
    assert labels_beside(path) == ("of the folder",)
    write_labels(tmp_path / "set_label_name.txt", ["its own"])
    assert labels_beside(path) == ("its own",)


def test_text_that_cannot_be_read_is_named(tmp_path):
    (tmp_path / "latin.txt").write_bytes(b"\xfcber")
    for path in (tmp_path / "latin.txt", tmp_path / "gone.txt", tmp_path):
        with pytest.raises(InputError, match=f"{path.name} cannot be read"):
            read_text(path)


def test_arrays_come_back_and_a_damaged_file_is_named(tmp_path):
    path = tmp_path / "a.npz"
    path.write_bytes(npz_bytes(points=np.arange(5), label=["squat"]))
    assert read_npz(path)["points"].tolist() == [0, 1, 2, 3, 4]
    whole = path.read_bytes()
    for damaged in (b"", whole[:20], whole[: len(whole) // 2], bytes(100), whole.replace(b"numpy", b"numpx", 1)[:-30]):
        path.write_bytes(damaged)
        with pytest.raises(InputError, match=r"a\.npz cannot be read"):
            read_npz(path)


@pytest.mark.parametrize("rate_hz", [30.0, 29.97, 25.0, 7.5])
def test_the_rate_of_frames_comes_back_from_their_times(make, rate_hz):
    clip = replace(make(frames=300), stamps_s=5.0 + stamps(300, rate_hz))
    assert rate_of(clip) == rate_hz


def test_a_single_frame_has_the_rate_of_the_field(make):
    assert rate_of(make(frames=1)) == 30.0


@pytest.mark.parametrize("rate_hz", [0.0, -1.0, np.inf, np.nan])
def test_a_rate_that_is_none_is_refused(rate_hz):
    with pytest.raises(InputError, match="must be more than 0"):
        stamps(3, rate_hz)


def test_metres_are_refused_where_a_format_holds_pictures(make):
    clip = make()
    assert in_picture(clip, HERE) is clip
    with pytest.raises(InputError, match=r"clip_0 holds metres from a depth camera; .* Write \.parquet instead"):
        in_picture(replace(clip, width_px=0), HERE)
