"""Simulated clips are written as video files that read back the same."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from physio_core.camera.video import read_video
from physio_core.camera.writer import VideoWriter
from physio_core.errors import SourceError


def test_a_video_reads_back_with_its_pictures_colours_and_times(tmp_path: Path) -> None:
    shades = (40, 120, 200)
    with VideoWriter(tmp_path / "clip.mp4", 10.0, 64, 48) as video:
        for shade in shades:
            rgb = np.zeros((48, 64, 3), np.uint8)
            rgb[..., 0] = shade
            video.add(rgb)
    frames = list(read_video(tmp_path / "clip.mp4"))
    assert [frame.stamp_s - frames[0].stamp_s for frame in frames] == pytest.approx([0.0, 0.1, 0.2], abs=0.01)
    for frame, shade in zip(frames, shades, strict=True):
        red, green, blue = frame.rgb.reshape(-1, 3).mean(axis=0)
        assert red == pytest.approx(shade, abs=12) and max(green, blue) < 15


def test_refuses_a_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="cannot write the video"):
        VideoWriter(tmp_path / "nowhere" / "clip.mp4", 10.0, 64, 48)


def test_refuses_a_picture_of_another_size(tmp_path: Path) -> None:
    with VideoWriter(tmp_path / "clip.mp4", 10.0, 64, 48) as video, pytest.raises(SourceError, match="32x32"):
        video.add(np.zeros((32, 32, 3), np.uint8))
