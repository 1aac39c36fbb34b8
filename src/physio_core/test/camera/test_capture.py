"""Live sources: their pace, and what happens when they are lost."""

from __future__ import annotations

import itertools
import threading
import time

import cv2
import numpy as np
import pytest

from physio_core.camera import sources
from physio_core.camera.capture import CaptureState, CaptureThread
from physio_core.camera.config import CameraConfig
from physio_core.camera.sources import DeviceSource, PlayedSource, open_source
from physio_core.errors import SourceError
from physio_core.types import Frame

IMAGE = np.zeros((48, 64, 3), np.uint8)


class Recording:
    """Images at given times."""

    period_s = 0.02

    def __init__(self, times_s):
        self._frames = iter([Frame(at_s, IMAGE) for at_s in times_s])
        self.notes = []

    def read(self):
        return next(self._frames, None)

    def close(self):
        pass


def played(times_s, **settings):
    config = CameraConfig(source="video", **settings)
    return PlayedSource(lambda: Recording(times_s), config, clock=lambda: 1000.0 + time.monotonic())


def test_uneven_times_are_kept_on_the_clock():
    source = played([0.0, 0.01, 0.05, 0.06])
    stamps = [source.read().stamp_s for _ in range(4)]
    assert np.diff(stamps) == pytest.approx([0.01, 0.04, 0.01])
    assert 0.0 <= 1000.0 + time.monotonic() - stamps[-1] < 0.2
    assert source.read() is None


def test_twice_the_speed_halves_the_times():
    source = played([0.0, 0.04, 0.08], speed=2.0)
    assert np.diff([source.read().stamp_s for _ in range(3)]) == pytest.approx([0.02, 0.02])


def test_a_loop_goes_on_with_rising_stamps():
    source = played([0.0, 0.02, 0.04], loop=True)
    assert np.diff([source.read().stamp_s for _ in range(7)]) == pytest.approx([0.02] * 6)


def test_a_player_that_was_stopped_goes_on_from_now(monkeypatch):
    source = played([0.0, 0.02, 0.04])
    first = source.read()
    real = time.monotonic
    monkeypatch.setattr(sources.time, "monotonic", lambda: real() + 60.0)
    assert source.read().stamp_s - first.stamp_s > 59.0


def test_a_pause_of_an_hour_is_shortened_and_said():
    source = played([0.0, 3600.0, 3600.04], speed=10.0)
    assert np.diff([source.read().stamp_s for _ in range(3)]) == pytest.approx([0.2, 0.004])
    assert source.notes == ["a pause of 3600.0 s in the images at 0.0 s is shortened to 2 s"]


def test_a_late_first_picture_is_shown_at_once():
    source = played([5.0, 5.04])
    begun_s = time.monotonic()
    source.read()
    assert time.monotonic() - begun_s < 1.0 and source.notes == []


def test_closing_does_not_wait_for_the_next_picture():
    capture = CaptureThread(lambda: played([0.0, 60.0]), lambda frame: shown.set())
    shown = threading.Event()
    capture.start()
    assert shown.wait(5.0)
    begun_s = time.monotonic()
    capture.close()
    assert time.monotonic() - begun_s < 1.0


class Flaky:
    """Gives two images, then is unplugged."""

    def __init__(self):
        self._left = 2
        self.notes = ["seen before"]

    def read(self):
        if not self._left:
            raise SourceError("camera gives no more images")
        self._left -= 1
        return Frame(0.0, IMAGE)

    def interrupt(self):
        pass

    def close(self):
        pass


def test_a_lost_camera_is_reported_and_opened_again():
    changes, enough = [], threading.Event()
    attempts = itertools.count()

    def open_flaky():
        if next(attempts) == 1:
            raise SourceError("camera cannot be opened")
        return Flaky()

    def on_change(state, why):
        changes.append((state, why))
        if len(changes) >= 4:
            enough.set()

    notes = []
    capture = CaptureThread(open_flaky, lambda frame: None, retry_s=0.1, on_change=on_change, on_note=notes.append)
    capture.start()
    assert enough.wait(10.0)
    capture.close()
    lost = CaptureState.LOST
    assert changes[:4] == [
        (CaptureState.RUNNING, ""),
        (lost, "camera gives no more images"),
        (lost, "camera cannot be opened"),
        (CaptureState.RUNNING, ""),
    ]
    assert capture.frames >= 3
    assert notes == capture.notes == ["seen before"], "said once, though the source was opened again"


def test_the_end_of_a_recording_is_no_loss():
    ended = threading.Event()
    capture = CaptureThread(
        lambda: played([0.0, 0.01]), lambda frame: None, on_change=lambda state, why: state is CaptureState.ENDED and ended.set()
    )
    capture.start()
    assert ended.wait(5.0)
    capture.close()
    assert (capture.frames, capture.losses) == (2, 0)


class FakeCapture:
    """Stands for cv2.VideoCapture of a real device."""

    age_s = 0.0

    def __init__(self):
        self.images = iter(())

    def open(self, *_):
        return True

    def set(self, *_):
        return True

    def read(self):
        image = next(self.images, None)
        return image is not None, image

    def get(self, _):
        return (time.monotonic() - self.age_s) * 1000.0

    def release(self):
        pass


@pytest.fixture
def device(tmp_path, monkeypatch):
    monkeypatch.setattr(cv2, "VideoCapture", FakeCapture)
    (tmp_path / "video0").touch()
    return DeviceSource(CameraConfig(path=str(tmp_path / "video0"), frozen_s=0.05), clock=lambda: 500.0)


def test_stamps_are_when_the_driver_took_the_picture(device):
    device._capture.images, device._capture.age_s = iter([IMAGE]), 0.03
    assert device.read().stamp_s == pytest.approx(499.97, abs=0.01)


def test_an_unplugged_device_is_lost(device):
    with pytest.raises(SourceError, match="unplugged"):
        device.read()


def test_a_device_that_repeats_one_picture_is_lost(device):
    device._capture.images = itertools.repeat(IMAGE)
    with pytest.raises(SourceError, match="same image"):
        for _ in range(10_000_000):
            device.read()


def test_a_device_that_is_not_there_is_named():
    with pytest.raises(SourceError, match="/dev/video63 cannot be opened"):
        open_source(CameraConfig(device=63))
