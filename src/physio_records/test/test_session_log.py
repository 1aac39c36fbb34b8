"""A session as it is told while it runs, and its skeletons, by consent."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from mcap.reader import make_reader
from mcap_ros2.decoder import DecoderFactory

from physio_core.assessment.repetition import Outcome, Repetition, Side
from physio_core.errors import InputError, OutputError
from physio_records import entries as e
from physio_records.recorder import Recorder
from physio_records.session_log import SessionLog
from physio_records.skeletons import TOPIC, SkeletonFile
from physio_records.store.history import read_sessions
from physio_records.store.store import Store


def repetition(number: int) -> Repetition:
    return Repetition(number, Outcome.COMPLETE, Side.LEFT, 0.0, 1.0, 2.0)


def test_what_is_told_is_what_is_read(store):
    recorder = Recorder(print, store.place)
    log = SessionLog(recorder, "p01", [e.PlannedSet("squat", repetitions=2), e.PlannedSet("lunge", Side.LEFT, 1)], language="de")
    for exercise, count in (("squat", 2), ("lunge", 1)):
        log.begin_set(exercise, Side.LEFT, repetitions=count)
        for number in range(count):
            log.repetition(repetition(number + 1))
        log.advise("cue.depth.low.1", "Etwas tiefer.")
        log.end_set(verdict="right")
        log.rate(e.RatingKind.PAIN, 5, "knee")
    log.change("repetitions", "2", "1", "pain above 4")
    log.end("pain")
    recorder.close()
    session = read_sessions(store, session=log.session)[0]
    assert [(made.number, made.exercise, len(made.done), made.verdict) for made in session.sets] == [
        (1, "squat", 2, "right"),
        (2, "lunge", 1, "right"),
    ]
    assert [done.ordinal for done in session.sets[0].done] == [1, 2]
    assert (session.rated(e.RatingKind.PAIN), len(session.advice), session.changes[0].reason) == ((5, 5), 2, "pain above 4")
    assert (session.reason, session.language, session.number) == ("pain", "de", 4)


def read(path: Path) -> list[Any]:
    """Schema, channel, message as stored, and message of ROS 2, of each."""
    with path.open("rb") as file:
        return list(make_reader(file, decoder_factories=[DecoderFactory()]).iter_decoded_messages())


def skeleton(second: int) -> dict[str, object]:
    joints = [0.1, 0.2]
    return {
        "header": {"stamp": {"sec": second, "nanosec": 5}, "frame_id": "camera"},
        "status": 0,
        "layout": "body_25",
        "body_id": "a",
        "image_width": 640,
        "image_height": 480,
        **dict.fromkeys(("x", "y", "z", "confidence"), joints),
        **dict.fromkeys(("world_x", "world_y", "world_z"), ()),
    }


def test_skeletons_are_recorded_as_ros_2_reads_them(store):
    file = SkeletonFile(store, "p01", "s1")
    for second in range(3):
        file.write(skeleton(second), second * 10**9)
    file.close()
    schemas, channels, _, messages = zip(*read(file.path), strict=True)
    assert [channel.topic for channel in channels] == [TOPIC] * 3
    assert [message.header.stamp.sec for message in messages] == [0, 1, 2]
    assert schemas[0].name == "physio_msgs/msg/Skeleton"
    assert messages[0].x == pytest.approx([0.1, 0.2])
    assert file.path.stat().st_mode & 0o077 == 0


def test_messages_of_ros_are_taken_as_they_are(store):
    message = skeleton(1)
    header = SimpleNamespace(stamp=SimpleNamespace(sec=1, nanosec=5), frame_id="camera")
    file = SkeletonFile(store, "p01", "s1")
    file.write(SimpleNamespace(**message | {"header": header}), 10**9)
    file.close()
    assert read(file.path)[0][3].layout == "body_25"


def test_nobodys_skeleton_is_recorded_without_consent(tmp_path):
    with Store(str(tmp_path / "records.sqlite3")) as store:
        store.write([e.ConsentGiven("p01", e.Scope.RECORD)])
        with pytest.raises(InputError, match="--scope skeletons"):
            SkeletonFile(store, "p01", "s1")
        assert not list(Path(tmp_path).rglob("*.mcap"))


def test_a_recording_without_a_skeleton_leaves_no_file_and_one_that_is_there_stays(store):
    file = SkeletonFile(store, "p01", "s1")
    with pytest.raises(OutputError, match=r"s1\.mcap"):
        SkeletonFile(store, "p01", "s1")
    file.close()
    assert not file.path.exists()


def test_a_full_disk_is_told(store, small_files):
    file = SkeletonFile(store, "p01", "s1")
    with small_files(0), pytest.raises(OutputError, match="make room"):
        for second in range(2000):
            file.write(skeleton(second) | {"frame": "x" * 100, "x": [float(second)] * 1000}, second)
