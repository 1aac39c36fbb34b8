"""The store: what is written is read, once; nobody is recorded without consent; older and newer records."""

from __future__ import annotations

import math
import sqlite3
import threading
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import select

from physio_core.assessment.repetition import Outcome
from physio_core.errors import ConfigError, InputError, OutputError
from physio_records import entries as e
from physio_records.made_up import made_up_entries
from physio_records.store.database import VERSION_TABLE
from physio_records.store.history import read_programmes, read_sessions
from physio_records.store.store import Store
from physio_records.store.tables import METADATA, TABLES


def counts(store: Store) -> dict[str, int]:
    return {name: len(store.rows(select(table))) for name, table in TABLES.items()}


def same(one: object, other: object) -> bool:
    """Whether two are equal, with numbers that are not known equal to each other."""
    return str(one) == str(other)


def test_what_is_written_is_read(place):
    entries = list(made_up_entries(sessions=2, repetitions=3))
    with Store(place) as store:
        store.write(entries)
        sessions = read_sessions(store, patient="p01")
        assert [programme.weekdays for programme in read_programmes(store, "p01")] == [(0, 2, 4)]
    begun = [entry for entry in entries if isinstance(entry, e.SessionBegun)]
    assert [(one.session, one.begun_at, one.planned, one.model) for one in sessions] == [
        (one.session, one.at, one.planned, one.model) for one in begun
    ]
    written = [entry.repetition for entry in entries if isinstance(entry, e.RepetitionDone)]
    read = [done.repetition for session in sessions for made in session.sets for done in made.done]
    rounded = [replace(one, trace=tuple(round(value, 3) for value in one.trace)) for one in written]
    assert same(read, rounded)
    rated = [entry.value for entry in entries if isinstance(entry, e.Rated) and entry.kind is e.RatingKind.PAIN]
    assert [value for session in sessions for value in session.rated(e.RatingKind.PAIN)] == rated
    assert [session.reason for session in sessions] == [entry.reason for entry in entries if isinstance(entry, e.SessionEnded)]


def test_writing_twice_is_writing_once(place):
    entries = list(made_up_entries(sessions=1, repetitions=2))
    with Store(place) as store:
        store.write(entries)
        before = counts(store)
        store.write(entries)
        assert counts(store) == before


def test_nobody_is_recorded_without_consent(place):
    with Store(place) as store:
        with pytest.raises(InputError, match="physio records consent p01"):
            store.write([e.SessionBegun("s1", "p01")])
        store.write([e.ConsentGiven("p01", e.Scope.RECORD), e.ConsentWithdrawn("p01", e.Scope.RECORD)])
        with pytest.raises(InputError, match="has not agreed"):
            store.write([e.SessionBegun("s1", "p01")])
        store.write([e.ConsentGiven("p01", e.Scope.RECORD), e.SessionBegun("s1", "p01")])


def test_a_name_is_no_code(store):
    with pytest.raises(InputError, match="never a name"):
        store.write([e.ConsentGiven("Anna Berg", e.Scope.RECORD)])


def test_pain_out_of_range_is_refused():
    with pytest.raises(InputError, match="pain 11: give 0 to 10"):
        e.Rated("s1", 1, 1, e.RatingKind.PAIN, 11)


def test_an_entry_without_its_session_is_refused_and_the_others_of_its_transaction_with_it(place):
    with Store(place) as store:
        with pytest.raises(InputError, match="what it belongs to"):
            store.write([e.ConsentGiven("p01", e.Scope.RECORD), e.SetBegun("nowhere", 1, 1, "squat")])
        assert not store.agreed("p01", e.Scope.RECORD)


def test_sessions_stay_in_order_when_the_clock_is_set_back(place):
    at = e.now()
    with Store(place) as store:
        store.write([e.ConsentGiven("p01", e.Scope.RECORD), e.SessionBegun("first", "p01", at=at)])
        store.write([e.SessionBegun("second", "p01", at=at - timedelta(days=900)), e.SetBegun("second", 1, 1, "squat", at=at)])
        assert [one.session for one in read_sessions(store, patient="p01")] == ["first", "second"]


def test_two_robots_write_at_once(place):
    with Store(place) as store:
        store.write([e.ConsentGiven("p01", e.Scope.RECORD)])
    entries = [[one for one in made_up_entries("p01", 2, 4, seed) if hasattr(one, "session")] for seed in (1, 2)]

    def robot(own: list[e.Entry]) -> None:
        with Store(place, wait_s=20.0) as store:
            for entry in own:
                store.write([entry])

    robots = [threading.Thread(target=robot, args=(own,)) for own in entries]
    for one in robots:
        one.start()
    for one in robots:
        one.join()
    with Store(place) as store:
        assert counts(store)["repetition"] == sum(isinstance(one, e.RepetitionDone) for own in entries for one in own)


def test_a_therapist_corrects_and_ignores(store):
    session = read_sessions(store, patient="p01")[0]
    made = session.sets[0]
    first, second, third = (done.ordinal for done in made.done[:3])
    faulty = next(one for one in session.sets for one in [one] if any(done.repetition.faults for done in one.done))
    spot = next(done for done in faulty.done if done.repetition.faults)
    fault = spot.repetition.faults[0].name
    store.write(
        [
            e.Corrected("c1", session.session, made.number, first, e.Action.IGNORE),
            e.Corrected("c2", session.session, made.number, second, e.Action.CORRECT, outcome="partial"),
            e.Corrected("c3", session.session, made.number, third, e.Action.ACCEPT),
            e.Corrected("c4", session.session, faulty.number, spot.ordinal, e.Action.IGNORE, fault=fault),
        ]
    )
    after = read_sessions(store, patient="p01")[0]
    done = {one.ordinal: one.repetition for one in after.sets[0].done}
    assert first not in done
    assert done[second].outcome is Outcome.PARTIAL
    same_set = next(one for one in after.sets if one.number == faulty.number)
    left = [one for one in same_set.done if one.ordinal == spot.ordinal]
    assert not any(fault == one.name for kept in left for one in kept.repetition.faults)


def test_the_last_word_of_a_therapist_counts(store):
    session = read_sessions(store, patient="p01")[0]
    faulty = next(one for one in session.sets if any(done.repetition.faults for done in one.done))
    spot = next(done for done in faulty.done if done.repetition.faults)
    other = next(done.ordinal for done in faulty.done if done is not spot)
    words = [(spot.ordinal, spot.repetition.faults[0].name), (other, "")]
    for action in (e.Action.IGNORE, e.Action.ACCEPT):
        for ordinal, fault in words:
            store.write([e.Corrected(e.new_id(), session.session, faulty.number, ordinal, action, fault)])
    after = next(one for one in read_sessions(store, patient="p01")[0].sets if one.number == faulty.number)
    assert after.done == after.judged == faulty.done


def test_nothing_more_is_written_of_who_no_longer_agrees(store):
    store.write([e.ConsentWithdrawn("p01", e.Scope.RECORD)])
    with pytest.raises(InputError, match="physio records consent p01"):
        store.write([e.ProgrammeGiven("new", "p01", "Third weeks")])


def test_the_steps_make_the_tables_that_the_program_expects(place):
    with Store(place) as store, store.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"version_table": VERSION_TABLE})
        assert compare_metadata(context, METADATA) == []


def test_a_newer_record_is_refused_and_stays_as_it_is(store, tmp_path):
    file = Path(store.place)
    store.close()
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute(f"UPDATE {VERSION_TABLE} SET version_num = '9999'")
    before = file.read_bytes()
    with pytest.raises(ConfigError, match=r"newer version of the coach \(9999"):
        Store(str(file))
    assert file.read_bytes() == before


@pytest.mark.parametrize("content", [b"not a database at all, " * 50, b"SQLite format 3\0" + b"\1" * 5000])
def test_a_file_of_something_else_is_refused_and_stays_as_it_is(tmp_path, content):
    file = tmp_path / "notes.txt"
    file.write_bytes(content)
    with pytest.raises(InputError, match=r"no record of the coach"):
        Store(str(file))
    assert file.read_bytes() == content


def test_a_database_of_another_program_is_refused(tmp_path):
    with closing(sqlite3.connect(tmp_path / "other.db")) as connection, connection:
        connection.execute("CREATE TABLE songs (name TEXT)")
    with pytest.raises(InputError, match="a database of something else"):
        Store(str(tmp_path / "other.db"))


@pytest.mark.parametrize(("place", "why"), [("mysql://host/name", "give a file, or a URL"), ("://", "neither a file nor")])
def test_a_place_that_cannot_be_is_refused(place, why):
    with pytest.raises(ConfigError, match=why):
        Store(place)


def test_a_server_that_is_not_there_is_told_without_the_password():
    with pytest.raises(OutputError, match="cannot be used now") as refusal:
        Store("postgresql://physio:secret@127.0.0.1:1/records")
    assert "secret" not in str(refusal.value)


def test_the_record_is_its_owners_alone(store):
    assert Path(store.place).stat().st_mode & 0o077 == 0


def test_what_is_not_known_stays_not_known(store):
    sessions = read_sessions(store, patient="p01")
    one_sided = [done.repetition for made in sessions[0].sets if made.side for done in made.done]
    assert one_sided
    assert all(math.isnan(one.asymmetry) for one in one_sided)
