"""Cutting and cleaning: one size, one rate, the right stretch, the person's shape, and clear reasons."""

from __future__ import annotations

import threading
from fractions import Fraction

import av
import numpy as np
import pytest

from physio_core.camera.image import write_image
from physio_core.camera.writer import VideoWriter
from physio_core.errors import ConfigError, SourceError
from physio_lab.datasets.clean import CleanConfig, clean_pictures

END = float("inf")


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


def test_pictures_have_the_size_and_rate_asked_for(clip):
    config = CleanConfig(fps=30.0)
    frames = list(clean_pictures(clip, 0.0, END, config))
    assert {frame.rgb.shape for frame in frames} == {(256, 340, 3)}
    assert [frame.stamp_s for frame in frames] == pytest.approx(np.arange(60) / 30.0)
    assert brightness(frames, config)[::3] == pytest.approx(np.arange(0, 200, 10), abs=6)


def test_only_the_stretch_comes_out_and_its_time_begins_at_zero(clip):
    config = CleanConfig(fps=10.0)
    frames = list(clean_pictures(clip, 0.5, 1.2, config))
    assert brightness(frames, config) == pytest.approx(np.arange(50, 120, 10), abs=6)
    assert frames[0].stamp_s == 0.0


def test_padding_keeps_the_shape_and_stretching_fills(clip):
    size = {"width": 320, "height": 120, "fps": 10.0}
    padded = next(iter(clean_pictures(clip, 1.5, END, CleanConfig(**size)))).rgb
    stretched = next(iter(clean_pictures(clip, 1.5, END, CleanConfig(fit="stretch", **size)))).rgb
    assert padded[:, :75].max() < 20 and padded[:, 85:235].min() > 100 and padded[:, 245:].max() < 20
    assert stretched.min() > 100


def test_a_folder_of_images_plays_in_the_order_of_its_names(tmp_path):
    folder = tmp_path / "it's a folder"
    folder.mkdir()
    for index in range(6):
        write_image(folder / f"{index:02}.png", np.full((64, 64, 3), 40 * index, np.uint8))
    (folder / "notes.txt").write_text("no picture")
    config = CleanConfig(fps=10.0)
    assert brightness(clean_pictures(folder, 0.0, END, config), config) == pytest.approx(np.arange(0, 240, 40), abs=6)
    assert brightness(clean_pictures(folder, 0.2, 0.4, config), config) == pytest.approx([80, 120], abs=6)


def test_a_folder_may_hold_images_of_several_kinds_and_sizes(tmp_path):
    config = CleanConfig(fps=10.0)
    for name, size in (("1.jpg", 64), ("2.JPEG", 32), ("3.png", 128)):
        write_image(tmp_path / name, np.full((size, size, 3), 90, np.uint8))
    assert brightness(clean_pictures(tmp_path, 0.0, END, config), config) == pytest.approx([90, 90, 90], abs=6)


def test_a_cut_off_video_gives_what_it_has_and_a_note(tmp_path):
    with VideoWriter(tmp_path / "whole.avi", 10.0, 160, 120) as writer:
        for seed in range(20):
            writer.add(np.random.default_rng(seed).integers(0, 255, (120, 160, 3), dtype=np.uint8))
    data = (tmp_path / "whole.avi").read_bytes()
    (tmp_path / "half.avi").write_bytes(data[: len(data) // 2])
    notes = []
    frames = list(clean_pictures(tmp_path / "half.avi", 0.0, END, CleanConfig(fps=10.0), notes))
    assert 2 < len(frames) < 15
    assert any("the file is cut off" in note for note in notes)


@pytest.mark.parametrize(
    ("content", "reason"), [(b"", "is an empty file"), (b"this is text\n" * 500, "cannot be read as a video")]
)
def test_what_is_no_video_is_refused_with_the_reason(tmp_path, content, reason):
    path = tmp_path / "wrong.mp4"
    path.write_bytes(content)
    with pytest.raises(SourceError, match=rf"wrong\.mp4 {reason}"):
        list(clean_pictures(path, 0.0, END, CleanConfig()))


def test_leaving_early_ends_the_thread_that_reads_ahead(clip):
    stream = clean_pictures(clip, 0.0, END, CleanConfig(fps=240.0))
    next(stream)
    before = threading.active_count()
    stream.close()
    assert threading.active_count() == before - 1


def stamped(path, stamps_s):
    """A video with pictures at these times, brighter by 20 from picture to picture."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=10, options={"bf": "0"})
        stream.width, stream.height, stream.pix_fmt = 160, 120, "yuv420p"
        stream.codec_context.time_base = Fraction(1, 1000)
        for index, stamp_s in enumerate(stamps_s):
            picture = av.VideoFrame.from_ndarray(np.full((120, 160, 3), 40 + 20 * index, np.uint8), "rgb24")
            picture.pts, picture.time_base = round(1000 * stamp_s), Fraction(1, 1000)
            container.mux(stream.encode(picture))
        container.mux(stream.encode())
    return path


def shown(path, start_s, end_s, fps=10.0, notes=None):
    """Number of the picture at each step, None where there is none."""
    config = CleanConfig(fps=fps)
    frames = list(clean_pictures(path, start_s, end_s, config, notes))
    return [None if one is None else round((brightness([one], config)[0] - 40) / 20) for one in frames]


def test_each_step_shows_the_picture_of_its_time_at_a_rate_that_varies(tmp_path):
    path = stamped(tmp_path / "v.mkv", [0.0, 0.1, 0.3, 0.33, 0.36, 0.8])
    assert shown(path, 0.0, END) == [0, 1, 1, 3, 4, 4, 4, 4, 5]
    assert shown(path, 0.2, 0.6) == [1, 3, 4, 4]


def test_before_a_late_first_picture_there_is_none(tmp_path):
    path = stamped(tmp_path / "v.mkv", [0.5, 0.6, 0.7])
    assert shown(path, 0.0, END) == [None] * 5 + [0, 1, 2]
    assert shown(path, 0.4, 0.7) == [None, 0, 1]


def test_a_pause_of_an_hour_is_a_short_gap_and_said(tmp_path):
    path, notes = stamped(tmp_path / "v.mkv", [0.0, 0.1, 3600.1, 3600.2]), []
    assert shown(path, 0.0, END, notes=notes) == [0, 1] + [None] * 20 + [2, 3]
    assert notes == ["3599.9 s without pictures from 0.20 s on, shortened to 2 s"]
    assert shown(path, 3600.0, 3600.3) == [None, 2, 3]


def test_a_stretch_that_goes_on_after_the_end_is_said(clip):
    notes = []
    assert len(list(clean_pictures(clip, 1.0, 9.0, CleanConfig(fps=10.0), notes))) == 10
    assert notes == ["the recording ends at 2.00 s, before end_s = 9"]


@pytest.mark.parametrize("wrong", [{"width": 0}, {"fps": 0.0}, {"fit": "crop"}, {"fps": float("nan")}])
def test_sizes_and_rates_that_make_no_sense_are_refused(wrong):
    with pytest.raises(ConfigError, match=next(iter(wrong))):
        CleanConfig(**wrong)
