"""`physio dataset augment` writes changed copies that belong to where they came from."""

from __future__ import annotations

import argparse
from dataclasses import replace

import numpy as np
import pytest

from physio_core.camera.video import read_video
from physio_core.camera.writer import VideoWriter
from physio_core.errors import ConfigError, InputError
from physio_core.skeleton.layouts import OPENPOSE_18
from physio_lab.augment.compose import Compose
from physio_lab.datasets.augment import augmented, augmented_set
from physio_lab.datasets.augment_commands import add_commands
from physio_lab.datasets.formats import open_set, write_set
from physio_lab.datasets.sequence import SkeletonSequence


def sequence(name="one", frames=12, width_px=640):
    rng = np.random.default_rng(3)
    points = rng.uniform(0.2, 0.8, (1, frames, 18, 2)).astype(np.float32)
    confidence = rng.uniform(0.1, 1.0, (1, frames, 18)).astype(np.float32)
    points[:, :, 3], confidence[:, :, 3] = 0.0, 0.0
    stamps_s = np.arange(frames) / 15
    return SkeletonSequence(points, confidence, stamps_s, "openpose_18", "squat", name, "anna", "clip.mp4", width_px, 480)


def rng():
    return np.random.default_rng(5)


def run(*arguments):
    parser = argparse.ArgumentParser()
    add_commands(parser.add_subparsers())
    options = parser.parse_args(["augment", *map(str, arguments)])
    return options.run(options)


def test_a_mirrored_copy_is_mirrored_in_the_picture():
    one = sequence()
    copy = augmented(one, Compose.from_recipe([{"mirror": {"probability": 1.0}}]), rng(), "copy")
    left, right = OPENPOSE_18.index("left_knee"), OPENPOSE_18.index("right_knee")
    assert np.allclose(copy.points[..., left, :], [1.0, 0.0] + one.points[..., right, :] * [-1.0, 1.0], atol=1e-6)
    assert (copy.name, copy.label, copy.subject, copy.source) == ("copy", "squat", "anna", "clip.mp4")
    assert not copy.points[..., OPENPOSE_18.mirror[3], :].any()


def test_a_turn_in_a_wide_picture_keeps_lengths_in_pixels():
    one = sequence()
    turn = Compose.from_recipe([{"random_move": {"angles_deg": [30.0], "scales": [1.0], "shifts": [0.0]}}])
    old, new = (each.points[..., 4:, :] * [640, 480] for each in (one, augmented(one, turn, rng(), "copy")))
    lengths = (np.linalg.norm(each[..., 1:, :] - each[..., :-1, :], axis=-1) for each in (old, new))
    assert np.allclose(*lengths, atol=1e-3)


def test_another_tempo_keeps_the_rate():
    copy = augmented(sequence(), Compose.from_recipe([{"tempo": {"slowest": 0.5, "fastest": 0.5}}]), rng(), "copy")
    assert len(copy.stamps_s) == 23 and np.allclose(np.diff(copy.stamps_s), 1 / 15)


def test_copies_differ_and_come_again_with_the_seed():
    compose = Compose.from_recipe(["joint_noise"])
    first, second = (list(augmented_set([sequence("a"), sequence("b")], compose, 1, copies=2)) for _ in range(2))
    assert [one.name for one in first] == ["a", "a_1", "a_2", "b", "b_1", "b_2"]
    assert all(np.array_equal(one.points, other.points) for one, other in zip(first, second, strict=True))
    assert not np.array_equal(first[1].points, first[2].points)


def test_copies_of_copies_take_names_that_are_free():
    compose, made = Compose.from_recipe(["mirror"]), [sequence("a")]
    for _ in range(2):
        made = list(augmented_set(made, compose, 1))
    assert sorted(one.name for one in made) == ["a", "a_1", "a_1_1", "a_2"]


def test_a_sequence_without_frames_is_named():
    empty = replace(sequence("nothing"), points=np.zeros((1, 0, 18, 2)), confidence=np.zeros((1, 0, 18)), stamps_s=np.zeros(0))
    with pytest.raises(InputError, match="nothing: no frames"):
        augmented(empty, Compose.from_recipe(["mirror"]), rng(), "copy")


def test_a_set_is_written_with_copies(tmp_path, capsys):
    pytest.importorskip("pyarrow", reason="Parquet belongs to scripts/setup --training")
    from physio_lab.datasets.parquet import read_parquet, read_parquet_labels, write_parquet

    write_parquet(tmp_path / "in.parquet", [sequence()], ["squat", "unknown"])
    transforms = "--transform", "mirror", "--transform", "tempo: {slowest: 0.8, fastest: 0.8}"
    assert run(tmp_path / "in.parquet", tmp_path / "out.parquet", *transforms, "--copies", 2) == 0
    assert "3 sequences" in capsys.readouterr().out
    assert [one.name for one in read_parquet(tmp_path / "out.parquet")] == ["one", "one_1", "one_2"]
    assert read_parquet_labels(tmp_path / "out.parquet") == ("squat", "unknown")


def test_a_set_of_another_format_is_read(tmp_path):
    write_set(tmp_path / "in.pkl", [sequence()], ["squat"])
    assert run(tmp_path / "in.pkl", tmp_path / "out.pkl", "--transform", "drop_limbs", "--only-copies") == 0
    assert [one.name for one in open_set(tmp_path / "out.pkl")] == ["one_1"]


def test_a_video_is_written_flipped(tmp_path):
    with VideoWriter(tmp_path / "in.mp4", 10.0, 64, 48) as writer:
        for _ in range(3):
            writer.add(np.full((48, 64, 3), 90, np.uint8))
    assert run(tmp_path / "in.mp4", tmp_path / "out.mp4", "--transform", "flip", "--transform", "zoom: {most: 1.1}") == 0
    assert len(list(read_video(tmp_path / "out.mp4"))) == 3


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("in.mp4", "out.mp4", "--transform", "mirror"), "unknown transform 'mirror'; known: flip, zoom"),
        (("in.parquet", "out.parquet", "--transform", "flip"), "unknown transform 'flip'; known: mirror"),
        (("in.mp4", "out.avi", "--transform", "flip"), "written as .mp4"),
        (("in.mp4", "in.mp4", "--transform", "flip"), "is what is read"),
        (("in.parquet", "out.parquet"), "give --transform NAME"),
        (("in.parquet", "out.parquet", "--transform", "tempo: {"), "cannot read the transforms"),
        (("in.parquet", "out.parquet", "--recipe", "none.yaml"), "cannot read the transforms"),
        (("in.parquet", "out.parquet", "--transform", "mirror", "--copies", "0"), "need at least 1"),
        (("in.mp4", "out.mp4", "--transform", "flip", "--copies", "3"), "are for sets"),
    ],
)
def test_what_cannot_be_done_is_refused(arguments, message):
    with pytest.raises(ConfigError, match=message):
        run(*arguments)


def test_a_recipe_file_must_hold_a_list(tmp_path):
    (tmp_path / "recipe.yaml").write_text("mirror: {}\n")
    with pytest.raises(ConfigError, match="holds no list"):
        run("in.parquet", "out.parquet", "--recipe", tmp_path / "recipe.yaml")
