"""Sets of hand images are read as the field stores them: joints lie in the image, and no group is torn apart."""

import argparse
import json
from pathlib import Path

import numpy as np
import pytest

from physio_core.camera.image import read_image, write_image
from physio_core.errors import InputError, OutputError
from physio_lab.datasets.hand_sets import normalised, read_freihand, read_hanco, split_by
from physio_lab.synthetic.hand_set_commands import SIZE_PX, run

CAMERA = [[300.0, 0.0, 112.0], [0.0, 300.0, 112.0], [0.0, 0.0, 1.0]]


@pytest.fixture(scope="module")
def rendered(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("hands") / "set"
    run(argparse.Namespace(out=folder, hands=2, images=2, seed=3, gloves=True, views=False))
    return folder


def hanco(folder: Path) -> Path:
    """Two sequences of one frame and two cameras, the second turned half round about the vertical, 1 m away on the other side."""
    points = np.random.default_rng(0).normal(0, 0.05, (21, 3)) + [0, 0, 0.5]
    behind = [[-1, 0, 0, 0], [0, 1, 0, 0], [0, 0, -1, 1.0], [0, 0, 0, 1]]
    for sequence in ("0000", "0001"):
        for part, content in (("xyz", points.tolist()), ("calib", {"K": [CAMERA, CAMERA], "M": [np.eye(4).tolist(), behind]})):
            (folder / part / sequence).mkdir(parents=True)
            (folder / part / sequence / "00000007.json").write_text(json.dumps(content))
        for camera in ("cam0", "cam1"):
            write_image(folder / "rgb" / sequence / camera / "00000007.jpg", np.zeros((16, 16, 3), np.uint8))
    return folder


def test_a_rendered_set_is_read_back_with_joints_on_the_hand(rendered: Path) -> None:
    samples = list(read_freihand(rendered))
    assert [sample.group for sample in samples] == ["hand00000"] * 2 + ["hand00001"] * 2
    for sample in samples:
        rgb = read_image(sample.image)
        assert rgb.shape == (SIZE_PX, SIZE_PX, 3)
        assert (sample.points_px > 0).all() and (sample.points_px < SIZE_PX).all()
        assert np.linalg.norm(sample.target[9]) == pytest.approx(1.0) and not sample.target[0].any()
    with pytest.raises(OutputError, match="exists"):
        run(argparse.Namespace(out=rendered, hands=1, images=1, seed=0, gloves=False))


def test_hanco_is_brought_into_each_camera_and_its_sequences_stay_whole(tmp_path: Path) -> None:
    (tmp_path / "rgb").mkdir()
    for sequence in ("0000", "0001"):
        for camera in ("cam0", "cam1"):
            (tmp_path / "rgb" / sequence / camera).mkdir(parents=True)
    samples = list(read_hanco(hanco(tmp_path)))
    assert [(sample.group, sample.view) for sample in samples] == [(s, c) for s in ("0000", "0001") for c in ("cam0", "cam1")]
    front, back = samples[0].points_m, samples[1].points_m
    assert np.allclose(back, front * [-1, 1, -1] + [0, 0, 1.0])
    learn, apart = split_by(samples, 0.5)
    assert {one.group for one in learn}.isdisjoint(one.group for one in apart) and len(learn) == len(apart) == 2


def test_normalising_takes_place_and_size_away() -> None:
    points = np.random.default_rng(1).normal(size=(4, 21, 3))
    assert np.allclose(normalised(3.0 * points + 2.0), normalised(points))


def test_damaged_sets_are_refused_by_name(tmp_path: Path, rendered: Path) -> None:
    with pytest.raises(InputError, match=r"training_xyz.json cannot be read"):
        list(read_freihand(tmp_path))
    with pytest.raises(InputError, match="is not HanCo"):
        list(read_hanco(tmp_path))
    (tmp_path / "training_xyz.json").write_text("[[[0, 0, 0]]]")
    (tmp_path / "training_K.json").write_text(json.dumps([CAMERA]))
    with pytest.raises(InputError, match=r"need \(N, 21, 3\)"):
        list(read_freihand(tmp_path))
    with pytest.raises(InputError, match="1 group"):
        split_by([one for one in read_freihand(rendered) if one.group == "hand00000"], 0.5)
