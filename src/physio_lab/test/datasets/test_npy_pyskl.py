"""ST-GCN's arrays and PYSKL's pickle: laid out as published, back again, and pickles cannot do harm."""

from __future__ import annotations

import pickle
from collections import OrderedDict
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from physio_core.errors import ConfigError, InputError
from physio_lab.datasets.npy import read_npy, write_npy
from physio_lab.datasets.pickles import load_pickle
from physio_lab.datasets.pyskl import read_pyskl, write_pyskl

LABELS = ("lunge", "squat")
KINDS = st.lists(
    st.tuples(st.integers(1, 2), st.integers(1, 9), st.sampled_from(["", *LABELS])), min_size=1, max_size=3
)  # fmt: skip
QUICK = settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def sequences(make, kinds, **more):
    made = [make(i, people=m, frames=t, label=label, source=f"clip_{i}", **more) for i, (m, t, label) in enumerate(kinds)]
    for one in made:
        # The surer person first, as the arrays have it, and everybody there all the time.
        one.confidence[1:] *= 0.1
        one.points[:, :, 0] += 2
        one.confidence[:, :, 0] = np.where(one.confidence[:, :, 0] > 0, one.confidence[:, :, 0], 0.01)
    return made


@QUICK
@given(KINDS, st.sampled_from(["openpose_18", "coco_17"]))
def test_arrays_come_back(tmp_path, make, same, kinds, layout):
    written = sequences(make, kinds, layout=layout)
    assert write_npy(tmp_path / "set_data.npy", iter(written), LABELS) == len(written)
    for one, other in zip(written, read_npy(tmp_path / "set_data.npy"), strict=True):
        one.points[one.confidence == 0] = 0
        same(one, other, tolerance=1.2e-7)
        np.testing.assert_array_equal(one.confidence, other.confidence)


def test_arrays_are_laid_out_as_published(tmp_path, make):
    one, two = make(0, people=3, frames=4, label="squat"), make(1, label="")
    one.confidence[:] = 0.5
    one.confidence[0] = 0.6
    one.confidence[2] = 0.9
    one.confidence[0, :, 5] = 0
    write_npy(tmp_path / "set_data.npy", [one, two], LABELS)
    data = np.load(tmp_path / "set_data.npy")
    assert (data.shape, data.dtype) == ((2, 3, 300, 18, 2), np.float32)
    np.testing.assert_array_equal(data[0, :2, :4, :, 0], one.points[2].transpose(2, 0, 1) - np.float32(0.5))
    np.testing.assert_array_equal(data[0, 2, :4, :, 1], one.confidence[0])
    assert not data[0, :, :, 5, 1].any()
    assert not data[0, :, 4:].any()
    names, labels = pickle.loads((tmp_path / "set_label.pkl").read_bytes())
    assert (names, labels) == (["clip_0.json", "clip_1.json"], [1, -1])
    assert (tmp_path / "set_label_name.txt").read_text() == "lunge\nsquat\n"


def test_a_clip_longer_than_the_usual_is_not_cut(tmp_path, make):
    write_npy(tmp_path / "set_data.npy", [make(frames=301)], ["squat"])
    assert next(read_npy(tmp_path / "set_data.npy")).points.shape[1] == 301


@pytest.mark.parametrize("share", [0.0, 0.1, 0.9])
def test_truncated_arrays_are_named(tmp_path, make, share):
    path = tmp_path / "set_data.npy"
    write_npy(path, [make()], ["squat"])
    path.write_bytes(path.read_bytes()[: int(path.stat().st_size * share)])
    with pytest.raises(InputError, match=r"set_data\.npy cannot be read"):
        list(read_npy(path))


@pytest.mark.parametrize(
    ("labels", "names", "says"),
    [
        ((["a"], [0]), "squat\n", None),
        ((["a", "b"], [0, 0]), "squat\n", "2 names and 2 labels for 1 samples"),
        ((["a"], [7]), "squat\n", "label index 7, but the label file has only 1"),
        ((["a"], [0]), "\n", "0 labels"),
        ((["a"], [0]), "squat\nsquat\n", "2 labels, 1 different"),
        ("nonsense", "squat\n", r"does not hold \(names, labels\)"),
    ],
)
def test_labels_that_do_not_fit_the_arrays_are_refused(tmp_path, make, labels, names, says):
    path = tmp_path / "set_data.npy"
    write_npy(path, [make()], ["squat"])
    (tmp_path / "set_label.pkl").write_bytes(pickle.dumps(labels))
    (tmp_path / "set_label_name.txt").write_text(names)
    if says is None:
        assert [one.label for one in read_npy(path)] == ["squat"]
    else:
        with pytest.raises(InputError, match=says):
            list(read_npy(path))


@pytest.mark.parametrize(
    ("array", "says"), [(np.zeros((2, 3, 4)), r"shape \(2, 3, 4\)"), (np.zeros((1, 3, 4, 19, 2)), "19 joints"),
                        (np.full((1, 3, 4, 18, 2), np.nan, np.float32), "NaN")],
)  # fmt: skip
def test_arrays_of_another_shape_or_with_nan_are_refused(tmp_path, make, array, says):
    path = tmp_path / "set_data.npy"
    write_npy(path, [make()], ["squat"])
    np.save(path, array)
    with pytest.raises(InputError, match=says):
        list(read_npy(path))


def test_arrays_of_one_layout_only(tmp_path, make):
    with pytest.raises(InputError, match=r"\[17, 18\] joints.*--layout"):
        write_npy(tmp_path / "set_data.npy", [make(0), make(1, layout="coco_17")], LABELS)
    assert not list(tmp_path.iterdir())


@QUICK
@given(KINDS, st.sampled_from([(2, 340, 256), (2, 640, 480), (3, 0, 0)]), st.sampled_from([30.0, 15.0]))
def test_pyskl_pickles_come_back(tmp_path, make, same, kinds, form, rate_hz):
    dimensions, width, height = form
    written = sequences(make, kinds, layout="kinect_25", dimensions=dimensions, width_px=width, height_px=height)
    written = [type(one)(**{**vars(one), "stamps_s": np.arange(len(one.stamps_s)) / rate_hz}) for one in written]
    assert write_pyskl(tmp_path / "set.pkl", written, LABELS) == len(written)
    for one, other in zip(written, read_pyskl(tmp_path / "set.pkl"), strict=True):
        one.points[one.confidence == 0] = 0
        same(one, other, but=() if len(one.stamps_s) > 1 else ("stamps_s",), tolerance=3e-7)


def test_metres_have_no_keypoint_score_which_pyskl_would_refuse(tmp_path, make):
    write_pyskl(tmp_path / "set.pkl", [make(layout="kinect_25", dimensions=3, width_px=0, height_px=0)], LABELS)
    (one,) = load_pickle(tmp_path / "set.pkl")["annotations"]
    assert "keypoint_score" not in one and one["confidence"].shape == one["keypoint"].shape[:3]


def annotation(**change):
    rng = np.random.default_rng(0)
    return {
        "frame_dir": "v_1", "label": 1, "img_shape": (240, 320), "original_shape": (240, 320), "total_frames": 5,
        "keypoint": rng.uniform(0, 240, (1, 5, 17, 2)).astype(np.float16),
        "keypoint_score": rng.uniform(0, 1.1, (1, 5, 17)).astype(np.float16), **change,
    }  # fmt: skip


def save(path: Path, *annotations, split=None):
    path.write_bytes(
        pickle.dumps({"split": split or {"train": ["v_1"], "test": []}, "annotations": list(annotations)}, protocol=5)
    )


def test_a_published_pyskl_annotation_is_understood(tmp_path):
    one = annotation()
    save(tmp_path / "set.pkl", one)
    (read,) = read_pyskl(tmp_path / "set.pkl", "train")
    assert (read.name, read.label, read.layout, read.width_px, read.height_px) == ("v_1", "1", "coco_17", 320, 240)
    np.testing.assert_allclose(read.points * (320, 240), one["keypoint"], rtol=1e-6)
    np.testing.assert_array_equal(read.confidence, np.clip(one["keypoint_score"].astype(np.float32), 0, 1))
    assert not list(read_pyskl(tmp_path / "set.pkl", "test"))
    with pytest.raises(ConfigError, match="no split 'val'; valid: train, test"):
        list(read_pyskl(tmp_path / "set.pkl", "val"))


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"keypoint": np.zeros((5, 17, 2))}, r"keypoint \(5, 17, 2\)"),
        ({"keypoint": np.zeros((1, 5, 16, 2))}, "16 joints"),
        ({"keypoint_score": np.zeros((1, 4, 17))}, "confidence"),
        ({"keypoint": np.full((1, 5, 17, 2), np.inf)}, "NaN or infinite"),
        ({"img_shape": None}, "annotation 0 cannot be understood"),
        ({"label": None}, "annotation 0 cannot be understood"),
        ({"label": 2}, "label index 2"),
        ({"label": "squat"}, "annotation 0 cannot be understood"),
        ({"fps": 0}, "fps"),
    ],
)
def test_pyskl_annotations_that_do_not_fit_are_refused(tmp_path, change, says):
    save(tmp_path / "set.pkl", annotation(**change))
    (tmp_path / "set_label_name.txt").write_text("lunge\nsquat\n")
    with pytest.raises(InputError, match=says):
        list(read_pyskl(tmp_path / "set.pkl"))


@pytest.mark.parametrize("content", [[1], {"annotations": 3}, {"split": {}}, {"split": {}, "annotations": [{"frame_dir": "a"}]}])
def test_a_pickle_of_something_else_is_refused(tmp_path, content):
    (tmp_path / "set.pkl").write_bytes(pickle.dumps(content))
    with pytest.raises(InputError, match="annotation"):
        list(read_pyskl(tmp_path / "set.pkl"))


class Evil:
    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self):
        return Path.touch, (self.path,)


@pytest.mark.parametrize("protocol", range(2, 6))
def test_a_pickle_that_names_a_function_is_refused_before_it_runs(tmp_path, protocol):
    (tmp_path / "evil.pkl").write_bytes(pickle.dumps({"annotations": [Evil(tmp_path / "harm")]}, protocol=protocol))
    with pytest.raises(InputError, match=r"evil\.pkl is not read: it names .*which could do anything"):
        load_pickle(tmp_path / "evil.pkl")
    assert not (tmp_path / "harm").exists()


@pytest.mark.parametrize("protocol", range(6))
def test_plain_containers_and_arrays_are_read(tmp_path, protocol):
    value = OrderedDict(a=np.arange(6, dtype=np.float16).reshape(2, 3), b=[np.float32(1.5), ("x", None)], c=np.array("é"))
    (tmp_path / "a.pkl").write_bytes(pickle.dumps(value, protocol=protocol))
    read = load_pickle(tmp_path / "a.pkl")
    np.testing.assert_array_equal(read["a"], value["a"])
    assert (read["b"], str(read["c"])) == ([1.5, ("x", None)], "é")


@pytest.mark.parametrize("keep", [0, 1, 20, -1])
def test_a_truncated_pickle_is_named(tmp_path, keep):
    path = tmp_path / "a.pkl"
    path.write_bytes(pickle.dumps(annotation())[:keep])
    with pytest.raises(InputError, match=r"a\.pkl is not read"):
        load_pickle(path)
