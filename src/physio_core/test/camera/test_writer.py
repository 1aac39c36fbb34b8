"""Simulated clips are written as video files that read back the same."""

from __future__ import annotations

import resource
from pathlib import Path

import numpy as np
import pytest

from physio_core.camera.video import read_video
from physio_core.camera.writer import VideoWriter
from physio_core.errors import OutputError, SourceError


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


def test_refuses_a_folder_that_cannot_be(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(OutputError, match=r"cannot write .*clip\.mp4: .*file is not a folder"):
        VideoWriter(tmp_path / "file" / "clip.mp4", 10.0, 64, 48)


def test_refuses_a_picture_of_another_size(tmp_path: Path) -> None:
    with VideoWriter(tmp_path / "clip.mp4", 10.0, 64, 48) as video:
        video.add(np.zeros((48, 64, 3), np.uint8))
        with pytest.raises(SourceError, match="32x32"):
            video.add(np.zeros((32, 32, 3), np.uint8))


def test_a_video_without_pictures_or_of_an_unknown_ending_is_refused(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="at least one image"), VideoWriter(tmp_path / "clip.mp4", 10.0, 64, 48):
        pass
    with pytest.raises(OutputError, match=r"ends in \.mp4"):
        VideoWriter(tmp_path / "clip.xyz", 10.0, 64, 48)
    assert not list(tmp_path.iterdir())


def test_a_full_disk_leaves_the_file_of_before(tmp_path: Path) -> None:
    path = tmp_path / "clip.mp4"
    path.write_bytes(b"before")
    noise = np.random.default_rng(0).integers(0, 255, (30, 240, 320, 3), np.uint8)
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, limits[1]))  # as if no more could be written
    try:
        with pytest.raises(OutputError, match="cannot write .*clip.mp4: .*"), VideoWriter(path, 10.0, 320, 240) as video:
            for rgb in noise:
                video.add(rgb)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert path.read_bytes() == b"before" and list(tmp_path.iterdir()) == [path]


def test_stamps_of_the_pictures_are_kept_and_a_symbolic_link_stays(tmp_path: Path) -> None:
    link = tmp_path / "link.mp4"
    link.symlink_to(tmp_path / "clip.mp4")
    times_s = [0.0, 0.03, 0.5, 0.51, 2.0]
    with VideoWriter(link, 10.0, 65, 49) as video:
        for at_s in times_s:
            video.add(np.full((49, 65, 3), 90, np.uint8), at_s)
    assert [frame.stamp_s for frame in read_video(tmp_path / "clip.mp4")] == pytest.approx(times_s, abs=1e-3)
    assert link.is_symlink()
