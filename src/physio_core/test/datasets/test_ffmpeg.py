"""Cutting and cleaning: one size, one rate, the right stretch, the person's shape, and clear reasons."""

from __future__ import annotations

import numpy as np
import pytest

from physio_core.camera.picture import write_picture
from physio_core.camera.writer import VideoWriter
from physio_core.datasets.ffmpeg import CleanConfig, clean_pictures, find_ffmpeg
from physio_core.errors import ConfigError, SourceError

END = float("inf")


@pytest.fixture(scope="module")
def ffmpeg():
    try:
        return find_ffmpeg()
    except ConfigError as error:
        pytest.skip(str(error))


@pytest.fixture
def clip(tmp_path):
    """Two seconds, 10 pictures a second, 160x120, brighter by 10 from picture to picture."""
    with VideoWriter(tmp_path / "a clip's.mp4", 10.0, 160, 120) as writer:
        for index in range(20):
            writer.add(np.full((120, 160, 3), 10 * index, np.uint8))
    return tmp_path / "a clip's.mp4"


def brightness(frames, config):
    middle = slice(config.height // 2 - 5, config.height // 2 + 5)
    return [float(frame.rgb[middle, config.width // 2].mean()) for frame in frames]


def test_pictures_have_the_size_and_rate_asked_for(clip, ffmpeg):
    config = CleanConfig(fps=30.0)
    frames = list(clean_pictures(clip, 0.0, END, config, ffmpeg))
    assert {frame.rgb.shape for frame in frames} == {(256, 340, 3)}
    assert [frame.stamp_s for frame in frames] == pytest.approx(np.arange(60) / 30.0)
    assert brightness(frames, config)[::3] == pytest.approx(np.arange(0, 200, 10), abs=6)


def test_only_the_stretch_comes_out_and_its_time_begins_at_zero(clip, ffmpeg):
    config = CleanConfig(fps=10.0)
    frames = list(clean_pictures(clip, 0.5, 1.2, config, ffmpeg))
    assert brightness(frames, config) == pytest.approx(np.arange(50, 120, 10), abs=6)
    assert frames[0].stamp_s == 0.0


def test_padding_keeps_the_shape_and_stretching_fills(clip, ffmpeg):
    size = {"width": 320, "height": 120, "fps": 10.0}
    padded = next(iter(clean_pictures(clip, 1.5, END, CleanConfig(**size), ffmpeg))).rgb
    stretched = next(iter(clean_pictures(clip, 1.5, END, CleanConfig(fit="stretch", **size), ffmpeg))).rgb
    assert padded[:, :75].max() < 20 and padded[:, 85:235].min() > 100 and padded[:, 245:].max() < 20
    assert stretched.min() > 100


def test_a_folder_of_images_plays_in_the_order_of_its_names(tmp_path, ffmpeg):
    folder = tmp_path / "it's a folder"
    folder.mkdir()
    for index in range(6):
        write_picture(folder / f"{index:02}.png", np.full((64, 64, 3), 40 * index, np.uint8))
    (folder / "notes.txt").write_text("no picture")
    config = CleanConfig(fps=10.0)
    assert brightness(clean_pictures(folder, 0.0, END, config, ffmpeg), config) == pytest.approx(np.arange(0, 240, 40), abs=6)
    assert brightness(clean_pictures(folder, 0.2, 0.4, config, ffmpeg), config) == pytest.approx([80, 120], abs=6)


def test_images_of_several_kinds_are_refused_and_two_spellings_are_one_kind(tmp_path, ffmpeg):
    config = CleanConfig(fps=10.0)
    for name in ("1.jpg", "2.JPEG"):
        write_picture(tmp_path / name, np.full((64, 64, 3), 90, np.uint8))
    assert brightness(clean_pictures(tmp_path, 0.0, END, config, ffmpeg), config) == pytest.approx([90, 90], abs=6)
    write_picture(tmp_path / "3.png", np.full((64, 64, 3), 90, np.uint8))
    with pytest.raises(SourceError, match=r"images of several kinds \(\.jpg, \.png\); need one kind"):
        next(clean_pictures(tmp_path, 0.0, END, config, ffmpeg))


def test_a_cut_off_video_gives_what_it_has_and_a_note(tmp_path, ffmpeg):
    with VideoWriter(tmp_path / "whole.avi", 10.0, 160, 120) as writer:
        for seed in range(20):
            writer.add(np.random.default_rng(seed).integers(0, 255, (120, 160, 3), dtype=np.uint8))
    data = (tmp_path / "whole.avi").read_bytes()
    (tmp_path / "half.avi").write_bytes(data[: len(data) // 2])
    notes = []
    frames = list(clean_pictures(tmp_path / "half.avi", 0.0, END, CleanConfig(fps=10.0), ffmpeg, notes))
    assert 2 < len(frames) < 15
    assert notes and notes[0].startswith("FFmpeg: ")


@pytest.mark.parametrize("content", [b"", b"this is text\n" * 500])
def test_what_is_no_video_is_refused_with_ffmpegs_reason(tmp_path, ffmpeg, content):
    path = tmp_path / "wrong.mp4"
    path.write_bytes(content)
    with pytest.raises(SourceError, match=r"cannot decode .*wrong\.mp4: \w+"):
        list(clean_pictures(path, 0.0, END, CleanConfig(), ffmpeg))


def test_leaving_early_ends_ffmpeg(clip, ffmpeg):
    stream = clean_pictures(clip, 0.0, END, CleanConfig(fps=240.0), ffmpeg)
    next(stream)
    stream.close()  # would hang or warn of a running child


def test_a_missing_ffmpeg_is_refused_with_what_to_do(monkeypatch):
    with pytest.raises(ConfigError, match="no program at --ffmpeg /no/ffmpeg"):
        find_ffmpeg("/no/ffmpeg")
    monkeypatch.setitem(__import__("sys").modules, "imageio_ffmpeg", None)  # as if not installed
    monkeypatch.setenv("PATH", "")
    with pytest.raises(ConfigError, match="scripts/setup --training"):
        find_ffmpeg()


@pytest.mark.parametrize("wrong", [{"width": 0}, {"fps": 0.0}, {"fit": "crop"}, {"fps": float("nan")}])
def test_sizes_and_rates_that_make_no_sense_are_refused(wrong):
    with pytest.raises(ConfigError, match=next(iter(wrong))):
        CleanConfig(**wrong)
