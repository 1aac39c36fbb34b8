"""Building a set: nothing done twice or half written, each row accounted for; with an estimator that takes light for a person."""

from __future__ import annotations

import csv
import errno
import os
import shutil

import numpy as np
import pytest

from physio_core.camera.writer import VideoWriter
from physio_core.errors import ConfigError, EstimatorError, OutputError
from physio_core.types import Skeleton, Tracking
from physio_lab.datasets import build as build_module
from physio_lab.datasets import extract as extract_module
from physio_lab.datasets.build import Builder, totals
from physio_lab.datasets.clean import CleanConfig
from physio_lab.datasets.extract import ExtractConfig, padded
from physio_lab.datasets.manifest import read_manifest
from physio_lab.datasets.parallel import Lost
from physio_lab.datasets.shards import read_shard

POSE = np.array([
    [0.5, 0.2], [0.5, 0.28], [0.44, 0.28], [0.43, 0.41], [0.43, 0.52], [0.56, 0.28], [0.57, 0.41], [0.57, 0.52],
    [0.47, 0.5], [0.47, 0.68], [0.47, 0.86], [0.53, 0.5], [0.53, 0.68], [0.53, 0.86],
    [0.49, 0.18], [0.51, 0.18], [0.48, 0.19], [0.52, 0.19],
])  # fmt: skip
DARK, LIGHT, RED = (0, 0, 0), (200, 200, 200), (200, 0, 0)


class SeesLight:
    """A light picture holds a person, a dark one nobody, a red one breaks it."""

    def __init__(self, _config=None):
        pass

    def estimate(self, frame):
        middle = frame.rgb[frame.rgb.shape[0] // 2, frame.rgb.shape[1] // 2]
        height_px, width_px = frame.rgb.shape[:2]
        if middle[0] > 100 and middle[1] < 100:
            raise EstimatorError("red")
        if middle[1] < 100:
            return Skeleton(frame.stamp_s, Tracking.NOBODY, width_px=width_px, height_px=height_px)
        points = np.column_stack([POSE, np.zeros(18)]).astype(np.float32)
        return Skeleton(frame.stamp_s, Tracking.TRACKED, "openpose_18", points, np.full(18, 0.9), "", width_px, height_px)

    def close(self):
        pass


@pytest.fixture(autouse=True)
def here(monkeypatch):
    """Rows are done in this process, so that what they call can be exchanged."""
    monkeypatch.setattr(extract_module, "make_estimator", SeesLight)
    monkeypatch.setattr(build_module, "in_processes", lambda do, jobs, _workers: ((i, do(job)) for i, job in enumerate(jobs)))


@pytest.fixture
def listed(tmp_path):
    """Three clips of a second each: a person, nobody, a broken estimator; and a list of them and of a missing one."""
    for name, colour in {"light": LIGHT, "dark": DARK, "red": RED}.items():
        with VideoWriter(tmp_path / f"{name}.mp4", 30.0, 340, 256) as writer:
            for _ in range(30):
                writer.add(np.full((256, 340, 3), colour, np.uint8))
    path = tmp_path / "list.csv"
    path.write_text("label,source,start_s,end_s,subject\nsquat,light.mp4,,,anna\nsquat,light.mp4,0.5,1,anna\nlunge,dark.mp4,,,\n"
                    "lunge,red.mp4,,,\njack,none.mp4,,,bob\n")  # fmt: skip
    return path


def builder(listed, config=None, **clean):
    return Builder(listed.parent / "out", read_manifest(listed), CleanConfig(**clean), config or ExtractConfig())


def report(listed):
    with (listed.parent / "out" / "report.csv").open(newline="") as file:
        return list(csv.DictReader(file))


def test_every_row_is_a_sequence_or_has_a_reason(listed):
    building = builder(listed)
    entries = building.run()
    assert [entry.status for entry in entries] == ["done", "done", "failed", "failed", "failed"]
    reasons = [row["reason"] for row in report(listed)]
    assert reasons[0] == ""
    assert "nobody found: a person in 0 of 30" in reasons[2]
    assert "the pose estimator failed on 30 of 30 pictures: red" in reasons[3]
    assert "no such video" in reasons[4]
    whole, half = building.sequences()
    assert (whole.label, whole.subject, whole.source, whole.width_px) == ("squat", "anna", "light.mp4", 340)
    assert (whole.points.shape, half.points.shape) == ((1, 30, 18, 2), (1, 15, 18, 2))
    assert whole.points[0, -1] == pytest.approx(POSE, abs=1e-3)


def test_finished_rows_are_not_done_again_and_failed_ones_are_tried_again(listed):
    builder(listed).run()
    listed.with_name("none.mp4").write_bytes(listed.with_name("light.mp4").read_bytes())
    told = []
    entries = builder(listed).run(tell=lambda entry: told.append(entry.row.source))
    assert totals(entries) == {"kept": 2, "failed": 2, "done": 1}
    assert told == ["dark.mp4", "red.mp4", "none.mp4"]
    assert [row["frames"] for row in report(listed)] == ["30", "15", "0", "0", "30"]


def test_an_interrupted_run_keeps_what_it_has_and_reports_what_is_missing(listed):
    def stop(_entry):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        builder(listed).run(tell=stop)
    assert [row["status"] for row in report(listed)] == ["done", "not done", "not done", "not done", "failed"]
    assert totals(builder(listed).run()) == {"kept": 1, "done": 1, "failed": 3}


def test_a_damaged_or_half_written_file_is_not_taken_for_whole(listed):
    building = builder(listed)
    building.run()
    first, second = (building.parts / f"{building.entries[index].row.name}.npz" for index in (0, 1))
    first.write_bytes(first.read_bytes()[:200])
    (second.parent / ".part_0").mkdir()
    second.rename(second.parent / ".part_0" / second.name)
    again = builder(listed)
    assert again.waiting == [0, 1, 2, 3]
    assert not list(again.parts.glob(".*"))
    assert totals(again.run())["done"] == 2


def test_what_is_finished_stays_when_its_recording_goes(listed):
    builder(listed).run()
    listed.with_name("light.mp4").unlink()
    building = builder(listed)
    assert totals(building.run()) == {"kept": 2, "failed": 3}
    assert len(list(building.sequences())) == 2
    assert "light.mp4; what an earlier run made of it is kept" in report(listed)[0]["reason"]


def test_the_videos_of_a_folder_stay_when_the_whole_folder_goes(listed):
    videos = listed.with_name("videos")
    videos.mkdir()
    for name in ("a.mp4", "b.mp4"):
        shutil.copy(listed.with_name("light.mp4"), videos / name)
    listed.write_text("label,source,start_s,end_s\nsquat,videos,0,0.5\nlunge,videos/b.mp4,0,0.5\n")
    builder(listed).run()
    shutil.rmtree(videos)
    for _ in range(2):
        assert [(entry.row.source, entry.status) for entry in builder(listed).run()] == [
            ("videos/a.mp4", "kept"), ("videos/b.mp4", "kept"), ("videos/b.mp4", "failed")
        ]  # fmt: skip
    (listed.parent / "out" / "report.csv").write_bytes(b"\xff")
    assert builder(listed).entries[0].status == "failed"


def test_the_least_share_of_pictures_with_a_person_holds_for_finished_rows_too(listed):
    builder(listed).run()
    strict = builder(listed, ExtractConfig(least_seen=1.0))
    assert [strict.entries[index].status for index in (0, 1)] == ["failed", "failed"]
    assert "of 30 pictures, least_seen = 1" in strict.entries[0].reason
    assert builder(listed).entries[0].status == "kept"


def test_a_recording_that_changed_is_done_again(listed):
    builder(listed).run()
    os.utime(listed.with_name("light.mp4"), ns=(1, 1))
    assert totals(builder(listed).run())["done"] == 2


def test_a_corrected_label_needs_no_new_estimate(listed):
    builder(listed).run()
    listed.write_text(listed.read_text().replace("squat", "lunge"))
    building = builder(listed)
    assert building.waiting == [2, 3]
    assert {sequence.label for sequence in building.sequences()} == {"lunge"}


def test_other_settings_in_the_same_folder_are_refused(listed):
    builder(listed).run()
    with pytest.raises(ConfigError, match=r"fps 30.0, now 15.0: give another folder"):
        builder(listed, fps=15.0)


@pytest.mark.parametrize("content", [b"[]", b"\xff", b"{"])
def test_settings_that_cannot_be_read_are_written_anew(listed, content):
    builder(listed).run()
    settings = listed.parent / "out" / "build.json"
    before = settings.read_bytes()
    settings.write_bytes(content)
    assert builder(listed).entries[0].status == "kept"
    assert settings.read_bytes() == before


def test_a_full_disk_stops_the_run_and_loses_nothing(listed, monkeypatch):
    def full(*_arguments, **_options):
        raise OSError(errno.ENOSPC, "No space left on device")

    first = builder(listed)
    with pytest.raises(OutputError, match=r"No space left on device; .*; what is finished is kept"):
        first.run(tell=lambda _entry: monkeypatch.setattr(os, "fsync", full))
    monkeypatch.undo()
    assert len(list(first.parts.iterdir())) == 1
    assert read_shard(next(first.parts.iterdir())) is not None


def test_a_lost_worker_is_a_failed_row(listed, monkeypatch):
    monkeypatch.setattr(build_module, "in_processes", lambda _do, jobs, _workers: ((i, Lost("died")) for i in range(len(jobs))))
    assert {entry.reason for entry in builder(listed).run()[:4]} == {"died"}


def test_all_rows_of_one_page_share_one_download_which_does_not_stay(listed, monkeypatch):
    fetched = []

    def fetch(url, folder):
        fetched.append(folder / "page.mp4")
        fetched[-1].write_bytes(listed.with_name("light.mp4").read_bytes())
        return fetched[-1]

    monkeypatch.setattr(extract_module, "fetch", fetch)
    page = "https://example.org/watch"
    listed.write_text(f"label,source,start_s,end_s\nsquat,{page},0,0.5\nlunge,light.mp4,,\njack,{page},0.5,1\n")
    assert [(entry.status, entry.frames) for entry in builder(listed).run()] == [("done", 15), ("done", 30), ("done", 15)]
    assert len(fetched) == 1 and not fetched[0].exists()


def test_two_builds_in_one_folder_are_refused(listed):
    first, second = builder(listed), builder(listed)
    with pytest.raises(ConfigError, match="another build is at work"):
        first.run(tell=lambda _entry: second.run())


def test_the_settings_kept_are_those_of_the_build_that_ran(listed):
    first, _idle = builder(listed), builder(listed, fps=15.0)
    first.run()
    assert totals(builder(listed).entries.values())["kept"] == 2


def test_a_second_build_touches_nothing_of_the_first(listed):
    first = builder(listed)
    half = first.parts / ".part_half"

    def second(_entry):
        half.mkdir(exist_ok=True)
        with pytest.raises(ConfigError, match="another build is at work"):
            builder(listed, fps=15.0)

    first.run(tell=second)
    assert half.exists()
    assert totals(builder(listed).entries.values())["kept"] == 2


def test_a_folder_that_cannot_be_made_is_refused_before_anything_is_done(listed):
    listed.with_name("out").write_text("a file")
    with pytest.raises(OutputError, match="out is not a folder"):
        builder(listed)
    listed.with_name("out").unlink()
    (listed.parent / "out" / ".lock").mkdir(parents=True)
    with pytest.raises(OutputError, match=r"cannot write .*out: Is a directory"):
        builder(listed)


def test_padding_repeats_the_first_frames_until_long_enough(listed):
    building = builder(listed)
    building.run()
    whole = next(building.sequences())
    longer = padded(whole, 70)
    assert longer.points.shape[1] == 70
    first = int(np.flatnonzero((whole.confidence > 0).any(axis=(0, 2)))[0])
    assert np.array_equal(longer.points[:, 60:], whole.points[:, first : first + 10])
    assert np.diff(longer.stamps_s) == pytest.approx(1 / 30)
    assert padded(whole, 20) is whole


def test_frames_before_somebody_is_seen_are_not_repeated_by_padding(make):
    clip = make(frames=6)
    clip.confidence[:, :2] = 0
    longer = padded(clip, 12)
    assert np.array_equal(longer.confidence[0, :, 0] > 0, [False] * 2 + [True] * 10)
    assert np.array_equal(longer.points[:, 6:10], clip.points[:, 2:6])
    assert np.diff(longer.stamps_s) == pytest.approx(1 / 30)
