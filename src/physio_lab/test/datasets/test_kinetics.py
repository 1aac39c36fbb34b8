"""Kinetics-skeleton: a published file is read and written as it is, ours come back, and damage is named."""

from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from physio_core.errors import InputError, OutputError
from physio_lab.datasets.kinetics import read_clip, read_kinetics, write_clip, write_kinetics

POSE = [0.0, 0.0, *(round(0.1 + 0.02 * index, 3) for index in range(34))]
SCORE = [0.0, *(round(0.5 + 0.01 * index, 3) for index in range(17))]
PUBLISHED = {
    "data": [
        {"frame_index": 1, "skeleton": [{"pose": POSE, "score": SCORE}, {"pose": POSE[::-1], "score": SCORE[::-1]}]},
        {"frame_index": 2, "skeleton": []},
        {"frame_index": 3, "skeleton": [{"pose": POSE, "score": SCORE}]},
    ],
    "label": "jumping jacks",
    "label_index": 1,
}
LABELS = ("squat", "jumping jacks")


@pytest.fixture(name="folder")
def folder_fixture(tmp_path):
    (tmp_path / "set").mkdir()
    (tmp_path / "set" / "clip.json").write_text(json.dumps(PUBLISHED))
    (tmp_path / "set_label.json").write_text(
        json.dumps({"clip": {"has_skeleton": True, "label": "jumping jacks", "label_index": 1}})
    )
    (tmp_path / "set_label_name.txt").write_text("squat\njumping jacks\n")
    return tmp_path / "set"


def test_a_published_clip_is_understood(folder):
    (clip,) = read_kinetics(folder)
    assert (clip.layout, clip.label, clip.name, clip.width_px, clip.height_px) == (
        "openpose_18",
        "jumping jacks",
        "clip",
        340,
        256,
    )
    assert clip.points.shape == (2, 3, 18, 2)
    np.testing.assert_allclose(clip.points[0, 2, 1], POSE[2:4])
    np.testing.assert_allclose(clip.confidence[0, 0], SCORE)
    assert not clip.confidence[:, 1].any()  # nobody
    assert not clip.confidence[1, 2].any()  # the second person has left
    np.testing.assert_allclose(clip.stamps_s, np.arange(3) / 30)


def test_a_published_folder_is_written_as_it_was(folder, tmp_path):
    write_kinetics(tmp_path / "again", read_kinetics(folder), LABELS)
    assert json.loads((tmp_path / "again" / "clip.json").read_text()) == PUBLISHED
    for ending in ("_label.json", "_label_name.txt"):
        one, other = ((tmp_path / f"{name}{ending}").read_text() for name in ("set", "again"))
        assert (json.loads(one) == json.loads(other)) if ending.endswith("json") else one == other


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.sampled_from(["openpose_18", "coco_17", "blazepose_33"]), st.integers(1, 3), st.integers(1, 9),
    st.sampled_from([30.0, 15.0, 29.97]), st.sampled_from([(340, 256), (640, 480)]), st.sampled_from(["", "squat"]),
)  # fmt: skip
def test_clips_come_back_bit_by_bit(tmp_path, make, same, layout, people, frames, rate_hz, size, label):
    one = make(3, layout=layout, people=people, frames=frames, label=label, width_px=size[0], height_px=size[1], source="clip_3")
    one = type(one)(**{**vars(one), "stamps_s": np.arange(frames) / rate_hz})
    write_clip(tmp_path / "clip_3.json", one, 0 if label else -1)
    # The rate of a single frame is not known.
    same(one, read_clip(tmp_path / "clip_3.json"), but=() if frames > 1 else ("stamps_s",), tolerance=1e-9)
    np.testing.assert_array_equal(one.points, read_clip(tmp_path / "clip_3.json").points)


def test_clips_without_a_skeleton_are_marked_and_left_out(tmp_path, make):
    empty = make(1)
    empty.confidence[:] = 0
    write_kinetics(tmp_path / "set", [make(0), empty], ["squat"])
    assert json.loads((tmp_path / "set_label.json").read_text())["clip_1"]["has_skeleton"] is False
    assert [clip.name for clip in read_kinetics(tmp_path / "set")] == ["clip_0"]


def test_a_clip_that_the_summary_names_but_is_not_there_is_missed(tmp_path, make):
    write_kinetics(tmp_path / "set", [make(0), make(1)], ["squat"])
    (tmp_path / "set" / "clip_1.json").unlink()
    with pytest.raises(InputError, match=r"set lacks clips that .*set_label\.json names: clip_1; add them"):
        next(read_kinetics(tmp_path / "set"))


def change(folder, **values):
    (folder / "clip.json").write_text(json.dumps({**PUBLISHED, **values}))


def frames(pose=POSE, score=SCORE, number=1):
    return {"data": [{"frame_index": number, "skeleton": [{"pose": pose, "score": score}]}]}


@pytest.mark.parametrize(
    ("values", "says"),
    [
        (frames(POSE[:-2], SCORE[:-1]) | {}, None),
        (frames(POSE[:-4], SCORE[:-2]), "no skeleton layout has 16 joints"),
        (frames(POSE[:-1]), "no Kinetics-skeleton clip"),
        (frames([float("nan")] * 36), "NaN"),
        (frames(number=-1), "each once"),
        (frames(number=10**9), "each once"),
        ({"data": PUBLISHED["data"] * 2}, "each once"),
        ({"data": []}, "0 frames"),
        ({"data": [{"frame_index": 1}]}, "it lacks 'skeleton'"),
        ({"data": frames()["data"] + frames(POSE[:34], SCORE[:17], 2)["data"]}, r"people of \[17, 18\] joints"),
        ({"fps": 0}, "0 fps"),
        ({"width": "wide"}, "width 'wide' and height 256 are no size of a picture"),
        ({"label": "lunge"}, "_label.json says"),
        ({"label_index": 0}, "_label.json says"),
    ],
)
def test_clips_that_do_not_fit_are_refused_by_name(folder, values, says):
    change(folder, **values)
    if says is None:
        assert next(read_kinetics(folder)).layout == "coco_17"
    else:
        with pytest.raises(InputError, match=says) as caught:
            list(read_kinetics(folder))
        assert "clip" in str(caught.value) or "fps" in values


def test_a_label_that_is_not_in_the_label_file_is_refused(folder):
    (folder.parent / "set_label.json").unlink()
    change(folder, label="lunge")
    with pytest.raises(InputError, match=r"clip\.json: label 'lunge' \(1\) is not that of the label file: squat, jumping jacks"):
        list(read_kinetics(folder))


@pytest.mark.parametrize("keep", [0, 1, 40, -1])
def test_truncated_json_is_named(folder, keep):
    path = folder / "clip.json"
    path.write_text(path.read_text()[:keep])
    with pytest.raises(InputError, match=r"clip\.json is not whole JSON"):
        list(read_kinetics(folder))


@pytest.mark.parametrize("content", ["[1]", '{"clip": 3}'])
def test_a_summary_of_something_else_is_refused(folder, content):
    (folder.parent / "set_label.json").write_text(content)
    with pytest.raises(InputError, match=r"set_label\.json is no summary"):
        list(read_kinetics(folder))


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("[1, 2]", "list indices"),
        ('{"label": "squat", "label_index": 0}', "it lacks 'data'"),
        ('{"data": [], "label": "squat", "label_index": 1e999}', "one of its whole numbers is infinite"),
    ],
)
def test_what_is_no_clip_is_told_what_it_needs(folder, content, says):
    (folder / "clip.json").write_text(content)
    with pytest.raises(InputError, match=rf"clip\.json is no Kinetics-skeleton clip: {says}.*; need {{data: \[{{frame_index"):
        list(read_kinetics(folder))


@pytest.mark.parametrize(
    ("bad", "says"),
    [({"width_px": 0}, "metres from a depth camera"), ({"name": "../out"}, "cannot be the name of a file"),
     ({"label": "lunge"}, "not in the list")],
)  # fmt: skip
def test_what_the_form_cannot_hold_is_refused_and_leaves_nothing(tmp_path, make, bad, says):
    with pytest.raises(InputError, match=says):
        write_kinetics(tmp_path / "set", [make(0), make(1, **bad)], ["squat"])
    assert not list(tmp_path.iterdir())


def test_a_folder_that_holds_something_is_not_replaced(folder, make):
    with pytest.raises(OutputError, match="holds something"):
        write_kinetics(folder, [make(0)], ["squat"])
    assert [path.name for path in folder.iterdir()] == ["clip.json"]


def test_a_full_disk_leaves_the_old_set_as_it_was(tmp_path, make, monkeypatch):
    write_kinetics(tmp_path / "set", [make(0)], ["squat"])
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir() if path.is_file()}

    def full(_path, _text, **_options):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("pathlib.Path.write_text", full)
    with pytest.raises(OutputError, match="more_label_name.txt: No space left on device"):
        write_kinetics(tmp_path / "more", [make(0)], ["squat", "lunge"])
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir() if path.is_file()} == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["set", "set_label.json", "set_label_name.txt"]
