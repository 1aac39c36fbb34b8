"""Nothing that was taken is lost: processes killed at any moment, databases locked, gone, full, or put back."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import threading
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import select

from physio_core.errors import InputError
from physio_records import entries as e
from physio_records.journal import as_line, from_line
from physio_records.made_up import made_up_entries
from physio_records.recorder import Recorder
from physio_records.store.backup import backup, restore
from physio_records.store.store import Store
from physio_records.store.tables import REPETITION, SESSION

ENTRIES = list(made_up_entries(sessions=1, repetitions=3))
DONE = sum(isinstance(entry, e.RepetitionDone) for entry in ENTRIES)

CHILD = """
import sys
from physio_records.made_up import made_up_entries
from physio_records.recorder import Recorder
recorder = Recorder(print, sys.argv[1])
for entry in made_up_entries(sessions=50, repetitions=8):
    recorder.record(entry)
    if type(entry).__name__ == "RepetitionDone":
        print("done", flush=True)
"""


@pytest.fixture
def said() -> list[str]:
    return []


def recorder_of(place: str, said: list[str]) -> Recorder:
    return Recorder(said.append, place, retry_s=0.05)


def repetitions(place: str) -> int:
    with Store(place) as store:
        return len(store.rows(select(REPETITION)))


def caught_up(recorder: Recorder) -> None:
    waited = threading.Event()
    for _ in range(400):
        if not recorder.waiting:
            return
        waited.wait(0.05)
    pytest.fail(f"{recorder.waiting} entries still wait")


@pytest.mark.parametrize("after", [1, 7, 40])
def test_a_process_killed_at_any_moment_has_lost_no_finished_repetition(tmp_path, after):
    place = str(tmp_path / "records.sqlite3")
    with subprocess.Popen([sys.executable, "-c", CHILD, place], stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        told = sum(1 for _, line in zip(range(after), child.stdout, strict=False) if line == "done\n")
        os.kill(child.pid, signal.SIGKILL)
        told += child.stdout.read().count("done\n")
    assert told >= after
    assert told <= repetitions(place) <= told + 1
    with closing(sqlite3.connect(place)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_a_locked_database_is_waited_for_and_told_once(tmp_path, said):
    place = str(tmp_path / "records.sqlite3")
    recorder = recorder_of(place, said)
    with closing(sqlite3.connect(place, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        assert [recorder.record(entry) for entry in ENTRIES] == [False] * len(ENTRIES)
        assert len(said) == 1
        assert "coaching goes on" in said[0]
        other.execute("ROLLBACK")
    caught_up(recorder)
    recorder.close()
    assert said[1:] == ["the record is written again, nothing was lost"]
    assert repetitions(place) == DONE


def test_what_waits_at_the_end_is_written_by_the_next_process(tmp_path, said):
    place = str(tmp_path / "records.sqlite3")
    recorder = recorder_of(place, said)
    with closing(sqlite3.connect(place, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        for entry in ENTRIES:
            recorder.record(entry)
        recorder.close()
    assert "kept in" in said[-1]
    recorder_of(place, said).close()
    assert repetitions(place) == DONE
    assert not list((tmp_path / "data/physio/unsent").iterdir())


def test_a_process_killed_while_the_database_is_away_leaves_its_journal(tmp_path, said):
    place = str(tmp_path / "folder" / "records.sqlite3")
    (tmp_path / "folder").write_text("in the way")
    with subprocess.Popen([sys.executable, "-c", CHILD, place], stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        told = sum(1 for _, line in zip(range(20), child.stdout, strict=False) if line == "done\n")
        os.kill(child.pid, signal.SIGKILL)
        told += child.stdout.read().count("done\n")
    (tmp_path / "folder").unlink()
    recorder_of(place, said).close()
    assert told <= repetitions(place) <= told + 1


def test_a_deleted_database_is_made_again_with_the_whole_session(tmp_path, said):
    place = tmp_path / "records.sqlite3"
    recorder = recorder_of(str(place), said)
    for entry in ENTRIES[:-10]:
        recorder.record(entry)
    for file in tmp_path.glob("records.sqlite3*"):
        file.unlink()
    for entry in ENTRIES[-10:]:
        recorder.record(entry)
    caught_up(recorder)
    recorder.close()
    assert repetitions(str(place)) == DONE


def test_an_older_record_restored_during_a_session_gets_the_whole_session(tmp_path, said):
    place = str(tmp_path / "records.sqlite3")
    recorder = recorder_of(place, said)
    recorder.record(ENTRIES[0])
    with Store(place) as store:
        backup(store, tmp_path / "copy")
    for entry in ENTRIES[1:-10]:
        recorder.record(entry)
    restore(place, tmp_path / "copy")
    for entry in ENTRIES[-10:]:
        recorder.record(entry)
    caught_up(recorder)
    recorder.close()
    assert repetitions(place) == DONE


def test_on_a_full_disk_memory_holds_what_waits(tmp_path, said, small_files):
    place = str(tmp_path / "records.sqlite3")
    recorder = recorder_of(place, said)
    with small_files(0):
        for entry in ENTRIES:
            assert not recorder.record(entry)
    caught_up(recorder)
    recorder.close()
    assert repetitions(place) == DONE


def test_a_server_that_goes_and_comes_back_has_everything(server, said):
    place = server.new_database()
    recorder = recorder_of(place, said)
    for entry in ENTRIES[:10]:
        recorder.record(entry)
    server.stop()
    try:
        for entry in ENTRIES[10:]:
            recorder.record(entry)
        assert "cannot be used now" in said[0]
    finally:
        server.start()
    caught_up(recorder)
    recorder.close()
    assert repetitions(place) == DONE


def test_two_sessions_at_once(tmp_path, said):
    place = str(tmp_path / "records.sqlite3")
    two = [list(made_up_entries(f"p0{number}", 1, 3, number)) for number in (1, 2)]
    recorder = recorder_of(place, said)
    for pair in zip(*two, strict=False):
        for entry in pair:
            recorder.record(entry)
    recorder.close()
    with Store(place) as store:
        assert len(store.rows(select(SESSION))) == 2


def test_who_did_not_agree_is_refused_at_once(tmp_path, said):
    recorder = recorder_of(str(tmp_path / "records.sqlite3"), said)
    with pytest.raises(InputError, match="has not agreed"):
        recorder.record(e.SessionBegun("s1", "p01"))
    recorder.close()
    assert not said


def test_one_entry_that_can_never_be_written_does_not_hold_up_the_others(tmp_path, said):
    place = str(tmp_path / "records.sqlite3")
    recorder = recorder_of(place, said)
    with closing(sqlite3.connect(place, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        for entry in (ENTRIES[0], e.SetBegun("nowhere", 1, 1, "squat"), *ENTRIES[1:]):
            recorder.record(entry)
    caught_up(recorder)
    recorder.close()
    assert any(line.startswith("left out of the record") for line in said)
    assert repetitions(place) == DONE


@pytest.mark.parametrize("entry", ENTRIES[:12] + ENTRIES[-4:], ids=lambda entry: type(entry).__name__)
def test_a_line_of_the_journal_is_its_entry(entry):
    assert as_line(from_line(as_line(entry))) == as_line(entry)


def test_a_torn_last_line_is_left_out(tmp_path, said):
    folder = tmp_path / "data/physio/unsent"
    folder.mkdir(parents=True)
    lines = "\n".join(map(as_line, ENTRIES[:4]))
    (folder / "unsent_x.jsonl").write_text(f"{lines}\n{as_line(ENTRIES[4])[:40]}")
    place = str(tmp_path / "records.sqlite3")
    recorder_of(place, said).close()
    with Store(place) as store:
        assert len(store.rows(select(SESSION))) == 1


def test_the_journal_of_a_process_that_runs_is_left_alone(tmp_path, said):
    place = Path(tmp_path / "records.sqlite3")
    first = recorder_of(str(place), said)
    with closing(sqlite3.connect(place, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        first.record(ENTRIES[0])
        second = recorder_of(str(tmp_path / "elsewhere.sqlite3"), said)
        assert second.waiting == 0
        second.close()
    caught_up(first)
    first.close()
