"""`physio sim dataset` renders people through the real estimator, and `physio sim noise` compares what it says with training."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from physio_core import cli
from physio_core.errors import ConfigError, InputError
from physio_core.motion.movements import RECOGNISED
from physio_core.motion.projection import project
from physio_core.skeleton.layouts import OPENPOSE_18
from physio_lab.datasets.files import npz_bytes
from physio_lab.datasets.parquet import read_parquet
from physio_lab.synthetic.estimator_noise import JOINTS, body_length, compare
from physio_lab.synthetic.negatives import UNKNOWN
from physio_lab.synthetic.noise import NoiseConfig
from physio_lab.synthetic.rendered_set import Recording, read_recordings, record
from physio_lab.synthetic.shot_renderer import ShotRenderer, shot_mjcf
from physio_lab.synthetic.shots import FAULTY, ShotConfig, draw_shot

CLEAR = ShotConfig(seconds=0.4, fps=10.0, cut_off=0.0, occluded=0.0)


def run(*arguments: object) -> int:
    options = cli.parse(["sim", *map(str, arguments)])
    return int(options.run(options))


@pytest.fixture(scope="module")
def rendered(tmp_path_factory: pytest.TempPathFactory) -> Path:
    pytest.importorskip("pyarrow", reason="Parquet belongs to scripts/setup --training")
    folder = tmp_path_factory.mktemp("set")
    assert run("dataset", folder, "--clips", 2, "--seed", 5, "--seconds", 0.4, "--fps", 10, "--cut-off", 0, "--occluded", 0) == 0
    return folder


def test_a_take_is_the_same_whenever_it_is_drawn() -> None:
    first, again, second = draw_shot(1, 7, CLEAR), draw_shot(1, 7, CLEAR), draw_shot(1, 8, CLEAR)
    assert np.array_equal(first.points, again.points) and first.camera == again.camera and shot_mjcf(first) == shot_mjcf(again)
    assert first.name != second.name and first.camera != second.camera


def test_takes_show_every_kind_of_movement_from_all_round() -> None:
    shots = [draw_shot(2, number, CLEAR) for number in range(300)]
    assert {shot.movement.name for shot in shots} >= set(RECOGNISED)
    assert len({shot.movement.name for shot in shots} & set(UNKNOWN)) > 30
    assert {shot.persona for shot in shots} == {"", *FAULTY}
    quarters = {(shot.camera.x_m > 0, shot.camera.y_m > 0) for shot in shots}
    heights_m = [shot.camera.height_m for shot in shots]
    assert len(quarters) == 4 and min(heights_m) < 0.4 and max(heights_m) > 1.9
    assert len({shot.size_px for shot in shots}) == 5


def test_a_body_that_is_not_cut_off_lies_in_the_image() -> None:
    for number in range(60):
        shot = draw_shot(3, number, CLEAR)
        points, depth_m = project(shot.points, shot.camera)
        assert depth_m.min() > 0.3 and points.min() >= 0.0 and points.max() <= 1.0, shot.name


def test_the_camera_of_the_image_is_the_camera_of_the_truth() -> None:
    shot = draw_shot(4, 0, CLEAR)
    buried = shot.points[:1] - [0.0, 0.0, 9.0]
    renderer = ShotRenderer(replace(shot, points=np.concatenate([shot.points[:1], buried]), barbell=False))
    try:
        shown, empty = (image.astype(int) for image in renderer.images())
    finally:
        renderer.close()
    changed = np.argwhere(np.abs(shown - empty).sum(-1) > 30)
    low, high = np.quantile(changed, [0.01, 0.99], axis=0)[:, ::-1] / shot.size_px
    points, _ = project(shot.points[0], shot.camera)
    assert np.allclose(points.min(0), low, atol=0.06) and np.allclose(points.max(0), high, atol=0.06)


def test_the_estimator_finds_the_body_where_it_is() -> None:
    recording = record(draw_shot(1, 5, CLEAR))
    aspect = [recording.width_px / recording.height_px, 1.0]
    off = np.linalg.norm((recording.found[..., :2] - recording.true) * aspect, axis=-1) / body_length(recording.true * aspect)
    assert np.median(off[recording.confidence > 0.5]) < 0.2


def test_truth_and_estimate_are_kept_under_the_same_names(rendered: Path) -> None:
    true, estimated = (list(read_parquet(rendered / f"{name}.parquet")) for name in ("true", "estimated"))
    assert [sequence.name for sequence in true] == [sequence.name for sequence in estimated] and len(true) == 2
    for first, second in zip(true, estimated, strict=True):
        assert (first.label, first.source, first.width_px) == (second.label, second.source, second.width_px)
        assert first.points.shape == second.points.shape == (1, 4, 18, 3) and first.confidence.min() == 1.0
        hips = [OPENPOSE_18.index("left_hip"), OPENPOSE_18.index("right_hip")]
        assert np.allclose(first.points[..., hips, 2].mean(-1), 0.0, atol=1e-6)


def test_each_clip_is_a_recording_of_its_own_whose_name_says_what_is_done() -> None:
    for kind, name in (("squat/sumo/trembling", "squat_sumo_trembling_000012"), ("squat//", "squat_000012")):
        recording = replace(made_up(0.0, 1.0), name="squat_000012", source=kind)
        for sequence in (recording.true_sequence(), recording.estimated_sequence()):
            assert sequence.name == sequence.subject == sequence.source == name


def test_a_set_is_gone_on_with_and_only_with_the_same_settings(rendered: Path, capsys: pytest.CaptureFixture[str]) -> None:
    options = "--seed", 5, "--seconds", 0.4, "--fps", 10, "--cut-off", 0, "--occluded", 0
    kept = (rendered / "takes" / "000000.npz").stat().st_mtime_ns
    (rendered / "takes" / "000001.npz").unlink()
    assert run("dataset", rendered, "--clips", 2, *options) == 0
    assert (rendered / "takes" / "000000.npz").stat().st_mtime_ns == kept
    assert "2 clips, 1 of them new" in capsys.readouterr().out
    assert run("dataset", rendered, "--clips", 1, *options) == 0
    assert len(list(read_parquet(rendered / "true.parquet"))) == 1
    assert run("dataset", rendered, "--clips", 2, *options) == 0
    with pytest.raises(ConfigError, match="another folder"):
        run("dataset", rendered, "--clips", 2, "--seed", 6)


def test_noise_is_printed_and_written_for_every_joint(rendered: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run("noise", rendered, "--json", rendered / "noise.json")
    figures = json.loads((rendered / "noise.json").read_text())
    assert [row["joint"] for row in figures["real"]] == [row["joint"] for row in figures["made"]] == list(JOINTS)
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines[2 : 2 + len(JOINTS)]] == list(JOINTS)


def made_up(off: float, confidence: float) -> Recording:
    """A still body whose estimate is off by a share of the image's height, always in the same way."""
    true = np.tile(np.random.default_rng(0).uniform(0.3, 0.7, (1, 18, 2)), (20, 1, 1))
    found = np.concatenate([true + [0.0, off], np.zeros((20, 18, 1))], axis=-1)
    sure = np.full((20, 18), confidence)
    found[5], sure[5] = 0.0, 0.0
    return Recording("one", "squat", "squat//", np.arange(20) / 10, true, np.ones((20, 18)), found, sure, 1.0, 480, 480)


def test_an_error_that_stays_is_bias_and_no_jitter() -> None:
    recording = made_up(0.1, 0.4)
    found = compare([recording], NoiseConfig())
    size = body_length(recording.true)
    for noise in found.real:
        assert noise.error == pytest.approx(0.1 / size) == noise.bias and noise.jitter == pytest.approx(0.0)
        assert noise.confidence == pytest.approx((0.4, 0.4, 0.4)) and noise.unsure == 1.0 and noise.missing == 0.0
    assert found.nobody == pytest.approx(0.05)
    assert [real for real, _ in found.spread] == [None, pytest.approx(0.1 / size), None, None]


def test_exchanged_sides_are_counted() -> None:
    recording = made_up(0.0, 1.0)
    swapped = replace(recording, found=recording.found[:, OPENPOSE_18.mirror])
    assert all(noise.swapped == 0.0 for noise in compare([recording], NoiseConfig()).real)
    found = compare([swapped], NoiseConfig())
    told = [noise.swapped for noise in found.real if noise.joint not in ("nose", "neck")]
    assert max(told) == 1.0 and set(told) <= {0.0, 1.0}
    assert 1.0 in (found.swapped_front, found.swapped_behind)


def test_a_folder_without_a_set_or_with_a_damaged_one_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="physio sim dataset"):
        list(read_recordings(tmp_path))
    (tmp_path / "takes").mkdir()
    whole = npz_bytes(**vars(made_up(0.0, 1.0)))
    for content in (b"not a zip", whole[:600] + b"\xff" * 20 + whole[620:], npz_bytes(name="one")):
        (tmp_path / "takes" / "000000.npz").write_bytes(content)
        with pytest.raises(InputError, match=r"000000\.npz is damaged .*delete it"):
            list(read_recordings(tmp_path))


@pytest.mark.parametrize(("option", "message"), [("--clips", "at least 1"), ("--workers", "at least 1")])
def test_numbers_that_make_no_sense_are_refused(tmp_path: Path, option: str, message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        run("dataset", tmp_path, option, 0)


def test_confidence_of_real_recordings_is_printed_beside(rendered: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run("noise", rendered, "--beside", rendered / "true.parquet")
    text = capsys.readouterr().out.split("where the truth is not known.")[1]
    assert all(line.split()[1:] == ["1.000", "1.000", "0.000"] for line in text.splitlines()[2:])
