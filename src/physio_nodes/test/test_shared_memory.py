"""What killed processes left in shared memory is removed; what a living one uses is not."""

from __future__ import annotations

import fcntl
import os

import pytest

from physio_nodes.shared_memory import sweep


@pytest.fixture
def segment(tmp_path):
    made = tmp_path / "fastrtps_00249f937ce7ce11"
    made.write_bytes(bytes(100))
    lock = tmp_path / f"{made.name}_el"
    lock.touch()
    os.utime(lock, (0.0, 0.0))
    return made


def test_the_segment_of_a_killed_process_is_removed_with_its_lock(segment):
    assert sweep(segment.parent) == 100
    assert list(segment.parent.iterdir()) == []
    assert sweep(segment.parent) == 0


def test_the_segment_of_a_living_process_stays(segment):
    with segment.with_name(f"{segment.name}_el").open("rb") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        assert sweep(segment.parent) == 0
    assert segment.exists()


def test_a_segment_that_may_still_be_in_the_making_stays(segment):
    os.utime(segment.with_name(f"{segment.name}_el"))
    assert sweep(segment.parent) == 0


@pytest.mark.parametrize("name", ["fastrtps_port7000", "something_else"])
def test_what_is_no_segment_stays(tmp_path, name):
    (tmp_path / name).write_bytes(bytes(100))
    (tmp_path / f"{name}_el").touch()
    os.utime(tmp_path / f"{name}_el", (0.0, 0.0))
    assert sweep(tmp_path) == 0
    assert (tmp_path / name).exists()


def test_a_machine_without_shared_memory_has_nothing_to_remove(tmp_path):
    assert sweep(tmp_path / "none") == 0
