"""Skeletons are recorded by consent alone, beside the record, and never stop the coaching."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from physio_core.errors import InputError
from physio_records import entries as e
from physio_records.skeletons import SkeletonFile, Tape
from physio_records.store.place import skeleton_folder
from physio_records.store.retention import all_of, forget
from physio_records.store.store import Store
from physio_testing.recordings import recorded

SKELETON = {
    "header": {"stamp": {"sec": 1, "nanosec": 0}, "frame_id": "camera"},
    "status": 0, "layout": "openpose_18", "body_id": "b1", "image_width": 640, "image_height": 480,
    "x": [0.5], "y": [0.5], "z": [0.0], "confidence": [0.75], "world_x": [], "world_y": [], "world_z": [],
}  # fmt: skip


@pytest.fixture
def said() -> list[str]:
    return []


@pytest.fixture
def tape(said) -> Iterator[Tape]:
    opened = Tape(said.append)
    yield opened
    opened.close()


def stamps(file: Path) -> list[int]:
    """When the images of a finished recording were taken [ns]."""
    return [at_ns for _, at_ns, _ in recorded(file)]


def recordings(store: Store, patient: str = "p01") -> list[str]:
    return sorted(file.name for file in (skeleton_folder(store.url) / patient).glob("*"))


def test_a_recording_is_read_as_ros_2_reads_it(store):
    file = SkeletonFile(store, "p01", "s1")
    file.write(SKELETON, 7)
    file.close()
    ((topic, at_ns, message),) = recorded(file.path)
    assert (topic, at_ns, message.confidence[0]) == ("pose/skeleton", 7, 0.75)
    assert file.path.stat().st_mode & 0o777 == 0o600


def test_nobody_is_recorded_who_did_not_agree(store, tape, said):
    store.write([e.ConsentGiven("p02", e.Scope.RECORD)])
    with pytest.raises(InputError, match="physio records consent p02 --scope skeletons"):
        SkeletonFile(store, "p02", "s1")
    tape.follow(store, "p02", "s1")
    tape.write(SKELETON, 7)
    assert (tape.session, tape.kept, recordings(store, "p02"), said) == ("", 0, [], [])


def test_each_session_has_its_own_recording(store, tape):
    for number, session in enumerate(("s1", "s1", "", "s2", "")):
        tape.follow(store, "p01", session)
        tape.write(SKELETON, number)
    folder = skeleton_folder(store.url) / "p01"
    assert [stamps(folder / name) for name in ("s1.mcap", "s2.mcap")] == [[0, 1], [3]]


def test_a_consent_that_is_withdrawn_ends_the_recording(store, tape):
    tape.follow(store, "p01", "s1")
    tape.write(SKELETON, 1)
    store.write([e.ConsentWithdrawn("p01", e.Scope.SKELETONS)])
    tape.follow(store, "p01", "s1")
    tape.write(SKELETON, 2)
    assert stamps(skeleton_folder(store.url) / "p01" / "s1.mcap") == [1]


def test_a_new_start_within_a_session_records_on_and_both_parts_are_forgotten(store, said):
    session = all_of(store, patient="p01").sessions[0][1]
    for number in (1, 2):
        tape = Tape(said.append)
        tape.follow(store, "p01", session)
        tape.write(SKELETON, number)
        tape.close()
    assert (recordings(store), said) == ([f"{session}-2.mcap", f"{session}.mcap"], [])
    forget(store, all_of(store, session=session))
    assert recordings(store) == []


def test_what_cannot_be_recorded_is_said_once_for_a_session(store, tape, said):
    skeleton_folder(store.url).write_text("a file where the folder should be")
    for _ in range(2):
        tape.follow(store, "p01", "s1")
        tape.write(SKELETON, 1)
    (line,) = said
    assert "the skeletons of this session are not recorded" in line and tape.session == ""


def test_a_session_of_which_nothing_was_seen_leaves_no_file(store, tape):
    tape.follow(store, "p01", "s1")
    tape.follow(store, "p01", "")
    assert recordings(store) == []
