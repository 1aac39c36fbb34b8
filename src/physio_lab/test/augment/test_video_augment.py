"""Videos are flipped and zoomed as a whole, the same for the same seed."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from physio_core.camera.video import read_video
from physio_core.camera.writer import VideoWriter
from physio_core.errors import SourceError
from physio_core.types import Frame
from physio_lab.augment.video import VIDEO_TRANSFORMS, Flip, Zoom, augment_video, augmented

PICTURES = arrays(np.uint8, (16, 24, 3))
quick = settings(max_examples=20, deadline=None)


def changed(rgb, *transforms, seed=0):
    (frame,) = augmented([Frame(2.5, rgb)], transforms, np.random.default_rng(seed))
    return frame


@quick
@given(PICTURES)
def test_flip_twice_is_the_picture(rgb):
    assert np.array_equal(changed(rgb, Flip(), Flip()).rgb, rgb)
    assert np.array_equal(changed(rgb, Flip()).rgb, np.fliplr(rgb))


@pytest.mark.parametrize("name", VIDEO_TRANSFORMS)
@quick
@given(rgb=PICTURES, seed=st.integers(0, 2**32 - 1))
def test_size_type_and_stamp_stay_and_one_seed_gives_one_result(name, rgb, seed):
    frame, again = (changed(rgb, VIDEO_TRANSFORMS[name](), seed=seed) for _ in range(2))
    assert (frame.rgb.shape, frame.rgb.dtype, frame.stamp_s) == (rgb.shape, rgb.dtype, 2.5)
    assert np.array_equal(frame.rgb, again.rgb)
    assert np.array_equal(changed(rgb, VIDEO_TRANSFORMS[name](probability=0.0), seed=seed).rgb, rgb)


@pytest.mark.parametrize(("scale", "edge"), [(2.0, 4), (0.5, 16)])
def test_zoom_magnifies_about_the_middle(scale, edge):
    rgb = np.zeros((64, 64, 3), np.uint8)
    rgb[24:40, 24:40] = 255
    white = np.flatnonzero(changed(rgb, Zoom(least=scale, most=scale, off_middle=0.0)).rgb[32, :, 0] > 127)
    assert len(white) == pytest.approx(16 * scale, abs=1.5)
    assert white.mean() == pytest.approx(31.5, abs=1.0)


def test_all_pictures_of_a_video_are_changed_alike():
    rgb = np.random.default_rng(1).integers(0, 255, (32, 32, 3), np.uint8)
    frames = list(augmented([Frame(float(t), rgb) for t in range(4)], [Zoom()], np.random.default_rng(3)))
    assert all(np.array_equal(frame.rgb, frames[0].rgb) for frame in frames)


def test_a_video_file_is_written_changed(tmp_path):
    dark_left = np.zeros((48, 64, 3), np.uint8)
    dark_left[:, 32:] = 255
    with VideoWriter(tmp_path / "in.mp4", 10.0, 64, 48) as writer:
        for _ in range(7):
            writer.add(dark_left)
    assert augment_video(tmp_path / "in.mp4", tmp_path / "out.mp4", [Flip()], np.random.default_rng(0)) == 7
    frames = list(read_video(tmp_path / "out.mp4"))
    assert len(frames) == 7 and frames[-1].stamp_s == pytest.approx(0.6, abs=0.02)
    assert frames[3].rgb[:, :28].mean() > 200 > 50 > frames[3].rgb[:, 36:].mean()


def test_what_is_no_video_is_refused(tmp_path):
    with pytest.raises(SourceError, match="no such video"):
        augment_video(tmp_path / "none.mp4", tmp_path / "out.mp4", [Flip()], np.random.default_rng(0))
