"""Files as cameras, phones, browsers and broken downloads make them: true times, right images, and what is odd is said."""

from __future__ import annotations

import os
from fractions import Fraction

import av
import numpy as np
import pytest

from physio_core.camera import video
from physio_core.camera.video import VideoReader, read_video
from physio_core.errors import SourceError

TICK = Fraction(1, 1000)
STEADY = np.arange(15) / 25.0
WIDTH_PX, HEIGHT_PX = 160, 120


def image(index, size=(WIDTH_PX, HEIGHT_PX)):
    """Redder from image to image, with a green corner at the upper left."""
    rgb = np.full((size[1], size[0], 3), (40 + 10 * index, 10, 10), np.uint8)
    rgb[: size[1] // 4, : size[0] // 4] = (0, 255, 0)
    return rgb


def film(path, times_s=STEADY, codec="libx264", fmt="yuv420p", *, sound_s=0.0, turned=0, pixel_ratio=None, sizes=None, tick=TICK):
    """A video whose images have these times, as one encoder or several (one for each size) make it."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream(codec, rate=25)
        stream.width, stream.height, stream.pix_fmt = sizes[0] if sizes else WIDTH_PX, sizes[1] if sizes else HEIGHT_PX, fmt
        stream.codec_context.time_base, stream.codec_context.thread_count = tick, 1
        if pixel_ratio:
            stream.codec_context.sample_aspect_ratio = pixel_ratio
        if turned:
            stream.set_display_rotation(turned)
        sound = container.add_stream("aac", rate=16000) if sound_s else None
        for index, at_s in enumerate(times_s):
            frame = av.VideoFrame.from_ndarray(image(index), "rgb24").reformat(format=fmt)
            frame.pts, frame.time_base = round(at_s / tick), tick
            container.mux(stream.encode(frame))
        container.mux(stream.encode())
        for begin in range(0, round(sound_s * 16000), 1024) if sound else ():
            silence = av.AudioFrame.from_ndarray(np.zeros((1, 1024), np.float32), "fltp", "mono")
            silence.sample_rate, silence.pts, silence.time_base = 16000, begin, Fraction(1, 16000)
            container.mux(sound.encode(silence))
        container.mux(sound.encode() if sound else [])
    return path


def read(path):
    """Times, images and notes of a file."""
    notes = []
    frames = list(read_video(path, notes))
    return [frame.stamp_s for frame in frames], [frame.rgb for frame in frames], notes


def is_green(rgb, where):
    row, column = {"upper left": (4, 4), "lower left": (-5, 4), "lower right": (-5, -5), "upper right": (4, -5)}[where]
    return rgb[row, column, 1] > 120 > rgb[row, column, 0]


@pytest.mark.parametrize(
    ("name", "codec", "fmt"),
    [
        ("h264.mp4", "libx264", "yuv420p"),
        ("full_range.mp4", "libx264", "yuvj420p"),
        ("ten_bits.mp4", "libx264", "yuv420p10le"),
        ("gray.mkv", "ffv1", "gray"),
        ("gray16.mkv", "ffv1", "gray16le"),
        ("rgba.mov", "png", "rgba"),
        ("vp8.webm", "libvpx", "yuv420p"),
        ("av1.mp4", "libsvtav1", "yuv420p"),
        ("av1.webm", "libsvtav1", "yuv420p"),
        ("mjpeg.avi", "mjpeg", "yuvj422p"),
        ("coding_order.avi", "libx264", "yuv420p"),
        ("no_times.h264", "libx264", "yuv420p"),
        ("colours.gif", "gif", "rgb8"),
    ],
)
def test_each_codec_and_colour_format_gives_its_pictures_and_times(tmp_path, name, codec, fmt):
    stamps_s, images, notes = read(film(tmp_path / name, codec=codec, fmt=fmt, tick=Fraction(1, 25)))
    assert np.diff(stamps_s) == pytest.approx(np.diff(STEADY), abs=1e-3) and len(stamps_s) == len(STEADY)
    middle = images[10][60, 80]
    expected = (140, 10, 10) if not fmt.startswith("gray") else (49, 49, 49)
    assert middle.astype(float) == pytest.approx(expected, abs=30 if name.endswith("gif") else 14)
    assert notes == []


@pytest.mark.parametrize(
    ("turned", "where", "shape"),
    [(90, "lower left", (160, 120, 3)), (180, "lower right", (120, 160, 3)), (-90, "upper right", (160, 120, 3))],
)
def test_what_a_phone_filmed_sideways_stands_upright(tmp_path, turned, where, shape):
    _, images, _ = read(film(tmp_path / "phone.mp4", turned=turned))
    assert images[3].shape == shape and is_green(images[3], where)


def test_pixels_that_are_not_square_are_made_so(tmp_path):
    assert read(film(tmp_path / "wide.mp4", pixel_ratio=Fraction(2, 1)))[1][0].shape == (120, 320, 3)


def test_a_late_first_picture_and_a_pause_beside_sound_keep_their_true_times(tmp_path):
    times_s = np.concatenate([5.0 + STEADY, 200.0 + STEADY])
    stamps_s, _, notes = read(film(tmp_path / "pause.mp4", times_s, sound_s=202.0))
    assert stamps_s == pytest.approx(times_s, abs=2e-3)
    assert notes == []


def test_uneven_times_are_kept_and_a_jump_back_continues(tmp_path):
    uneven = np.cumsum(np.random.default_rng(0).uniform(0.01, 0.2, 20))
    stamps_s, _, _ = read(film(tmp_path / "uneven.mp4", uneven))
    assert np.diff(stamps_s) == pytest.approx(np.diff(uneven), abs=2e-3)
    long = film(tmp_path / "long.ts", np.arange(60) / 25.0)
    joined = tmp_path / "joined.ts"
    joined.write_bytes(long.read_bytes() * 2)
    assert np.diff(read(joined)[0]) == pytest.approx(np.full(119, 0.04), abs=1e-3)


def test_a_size_that_changes_is_shown_at_the_first_size_not_frozen(tmp_path):
    path = tmp_path / "grows.ts"
    small, large = (film(tmp_path / f"{n}.ts", STEADY) for n in ("a", "b"))
    with av.open(str(large), "w") as container:
        stream = container.add_stream("libx264", rate=25)
        stream.width, stream.height, stream.pix_fmt = 400, 200, "yuv420p"
        for index in range(10):
            container.mux(stream.encode(av.VideoFrame.from_ndarray(image(index, (400, 200)), "rgb24")))
        container.mux(stream.encode())
    path.write_bytes(small.read_bytes() + large.read_bytes())
    stamps_s, images, notes = read(path)
    assert {rgb.shape for rgb in images} == {(120, 160, 3)}
    late = images[-10:]
    assert [float(rgb[60, 80, 0]) for rgb in late] == pytest.approx(40 + 10 * np.arange(10), abs=12)
    assert is_green(late[0][20:100], "upper left") and late[0][:18].max() < 20, "its shape is kept, with bars above and below"
    assert "400x200, before 160x120" in notes[0] and (np.diff(stamps_s) > 0).all()


def test_a_cut_off_file_gives_what_it_has_and_says_so(tmp_path):
    for name, codec, least in (("cut.mkv", "libx264", 15), ("cut.avi", "mjpeg", 15)):
        path = film(
            tmp_path / name, np.arange(75) / 25.0, codec, "yuv420p" if codec == "libx264" else "yuvj422p", tick=Fraction(1, 25)
        )
        path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
        stamps_s, _, notes = read(path)
        assert least < len(stamps_s) < 60
        assert any("cut off" in note and "of 3.00 s" in note for note in notes), notes


def test_damage_in_the_middle_is_passed_over_and_said(tmp_path):
    path = film(tmp_path / "damaged.mp4", np.arange(75) / 25.0)
    data = bytearray(path.read_bytes())
    with av.open(str(path)) as container:
        for packet in [*container.demux(video=0)][20:60:10]:
            data[packet.pos : packet.pos + packet.size] = bytes([255]) * packet.size
    path.write_bytes(bytes(data))
    stamps_s, _, notes = read(path)
    assert stamps_s[-1] == pytest.approx(74 / 25.0, abs=0.05) and len(stamps_s) >= 60
    assert "damaged part" in notes[0]


def test_a_cover_picture_is_not_the_video(tmp_path):
    plain, path = film(tmp_path / "plain.mp4"), tmp_path / "cover.mp4"
    with av.open(str(path), "w") as container, av.open(str(plain)) as source:
        cover = container.add_stream("mjpeg", rate=25)
        cover.width, cover.height, cover.pix_fmt = 640, 480, "yuvj420p"
        cover.disposition = av.stream.Disposition.attached_pic
        copied = container.add_stream_from_template(source.streams.video[0])
        frame = av.VideoFrame.from_ndarray(image(0, (640, 480)), "rgb24").reformat(format="yuvj420p")
        frame.pts = 0
        container.mux([*cover.encode(frame), *cover.encode()])
        for packet in source.demux(video=0):
            if packet.dts is not None:
                packet.stream = copied
                container.mux(packet)
    stamps_s, images, _ = read(path)
    assert len(stamps_s) == len(STEADY) and images[0].shape == (120, 160, 3)


def test_a_file_without_pictures_says_what_it_has(tmp_path):
    with av.open(str(tmp_path / "sound.mp4"), "w") as container:
        sound = container.add_stream("aac", rate=16000)
        silence = av.AudioFrame.from_ndarray(np.zeros((1, 1024), np.float32), "fltp", "mono")
        silence.sample_rate, silence.pts = 16000, 0
        container.mux([*sound.encode(silence), *sound.encode()])
    with pytest.raises(SourceError, match=r"sound\.mp4 holds no images; it has audio \(aac\)"):
        VideoReader(tmp_path / "sound.mp4")


def test_reading_may_begin_later(tmp_path):
    path = film(tmp_path / "long.mp4", np.arange(75) / 25.0)
    frames = list(read_video(path, start_s=1.0))
    assert (frames[0].stamp_s, len(frames)) == (pytest.approx(1.0), 50)
    assert float(frames[0].rgb[60, 80, 0]) == pytest.approx(40 + 250 - 256, abs=20)


@pytest.mark.parametrize(
    "name", ["squat \U0001f4aa.mp4", os.fsdecode(b"latin_\xfc.mp4"), "a:b.mp4", "%03d.mp4", "-i.mp4", "it's #1?.mp4"]
)
def test_any_file_name_is_read(tmp_path, name):
    assert len(read(film(tmp_path / "plain.mp4").rename(tmp_path / name))[0]) == len(STEADY)


def test_a_playlist_reaches_nothing_beyond_its_file(tmp_path):
    path = tmp_path / "list.m3u8"
    path.write_text("#EXTM3U\n#EXT-X-TARGETDURATION:5\n#EXTINF:5,\nhttp://127.0.0.1:9/x.ts\n#EXT-X-ENDLIST\n")
    with pytest.raises(SourceError, match="cannot be read as a video"):
        VideoReader(path)


def test_a_picture_too_large_for_the_memory_is_refused_by_name(tmp_path, monkeypatch):
    frames = read_video(film(tmp_path / "clip.mp4"))
    next(frames)

    def fail(*_):
        raise MemoryError

    monkeypatch.setattr(video.np, "rot90", fail)
    with pytest.raises(SourceError, match=r"clip\.mp4: the image at 0\.08 s cannot be decoded: not enough memory"):
        list(frames)
