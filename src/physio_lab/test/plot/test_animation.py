"""Moving skeletons as pictures: their own tempo, both sides told apart, nobody said so, bad wishes refused."""

from __future__ import annotations

import itertools
from dataclasses import replace

import numpy as np
import pytest

from physio_core.errors import ConfigError, OutputError, SkeletonError
from physio_core.skeleton.colours import LEFT_RGB, RIGHT_RGB
from physio_core.skeleton.layouts import OPENPOSE_18
from physio_lab.datasets.sequence import SkeletonSequence

Image = pytest.importorskip("PIL.Image", reason="pillow comes with scripts/setup --training")
animation = pytest.importorskip("physio_lab.plot.animation", reason="pillow comes with scripts/setup --training")

HEIGHTS = {"nose": 0.1, "eye": 0.08, "ear": 0.1, "neck": 0.2, "shoulder": 0.2, "elbow": 0.35, "wrist": 0.5, "hip": 0.5,
           "knee": 0.7, "ankle": 0.9}  # fmt: skip


def person(frames=20, rate_hz=10.0, sure=1.0):
    """A person who raises the left wrist; the person's left is on the right of the picture."""
    points = np.zeros((1, frames, 18, 2))
    for joint, name in enumerate(OPENPOSE_18.joints):
        side = {"left": 0.1, "right": -0.1}.get(name.split("_")[0], 0.0)
        points[0, :, joint] = 0.5 + side, HEIGHTS[name.split("_")[-1]]
    points[0, :, OPENPOSE_18.index("left_wrist"), 1] = np.linspace(0.5, 0.1, frames)
    confidence = np.full((1, frames, 18), sure)
    return SkeletonSequence(points, confidence, np.arange(frames) / rate_hz, "openpose_18", width_px=340, height_px=256)


def test_a_gif_plays_at_the_tempo_of_the_movement(tmp_path):
    animation.skeleton_gif(tmp_path / "one.gif", person(frames=31), size_px=120, fps=12.0, title="raise")
    with Image.open(tmp_path / "one.gif") as gif:
        total_ms = 0
        for index in range(gif.n_frames):
            gif.seek(index)
            total_ms += gif.info["duration"]
        assert (gif.height, total_ms) == (120, 3000)


def test_left_and_right_have_their_colours_and_their_places():
    picture = next(animation.skeleton_pictures(person(), size_px=240))
    left = np.argwhere((picture == LEFT_RGB).all(-1))[:, 1]
    right = np.argwhere((picture == RIGHT_RGB).all(-1))[:, 1]
    assert len(left) > 100 and len(right) > 100 and right.mean() < picture.shape[1] / 2 < left.mean()


def test_the_picture_moves_with_the_movement():
    pictures = list(animation.skeleton_pictures(person(), size_px=96, fps=5.0))
    assert len(pictures) == 10
    assert all((a != b).any() for a, b in itertools.pairwise(pictures))


def test_nobody_is_said_to_be_nobody():
    pictures = list(animation.skeleton_pictures(person(sure=0.0), size_px=96))
    assert not (pictures[0] == LEFT_RGB).all(-1).any() and (pictures[0] < 255).any()


def test_metres_lie_as_in_a_picture_with_the_head_above_the_legs():
    upright = person()
    upright.confidence[..., [OPENPOSE_18.index(name) for name in ("left_elbow", "left_wrist", "left_eye", "left_ear")]] = 0.0
    points_m = np.concatenate([upright.points, np.full((1, 20, 18, 1), 2.5)], -1)
    for sequence in (upright, replace(upright, points=points_m, width_px=0, height_px=0)):
        picture = next(animation.skeleton_pictures(sequence))
        head, leg = (np.argwhere((picture == colour).all(-1))[:, 0].mean() for colour in (animation.INK_RGB, LEFT_RGB))
        assert head < picture.shape[0] / 3 < leg


@pytest.mark.parametrize("wish", [{"size_px": 10}, {"fps": 0.0}, {"fps": float("nan")}, {"fps": 90.0}])
def test_a_size_or_rate_that_makes_no_sense_is_refused(tmp_path, wish):
    with pytest.raises(ConfigError, match="pictures a second"):
        animation.skeleton_gif(tmp_path / "one.gif", person(), **wish)


def test_a_file_that_cannot_be_written_and_an_empty_sequence_are_refused(tmp_path):
    (tmp_path / "no").touch()
    with pytest.raises(OutputError, match="cannot write"):
        animation.skeleton_gif(tmp_path / "no" / "one.gif", person(), size_px=48)
    with pytest.raises(SkeletonError, match="without frames"):
        animation.skeleton_gif(tmp_path / "one.gif", person(frames=0), size_px=48)
