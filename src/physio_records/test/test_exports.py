"""The record as files, and back: nothing is lost on the way, and nothing comes in that does not fit."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from physio_core.assessment.repetition import AngleRange, Fault, Outcome, Repetition, ScoreTerm
from physio_core.errors import ConfigError, InputError
from physio_core.types import Side
from physio_records import entries as e
from physio_records.exports.flat import write_csv
from physio_records.exports.parquet import write_parquet
from physio_records.exports.tables import read_tables, write_tables
from physio_records.store.contents import read_rows
from physio_records.store.history import read_sessions
from physio_records.store.store import Store

NOON = "2026-01-31T12:00:00+00:00"
TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20)
NUMBER = st.floats(-1e6, 1e6, allow_nan=False) | st.just(float("nan"))
SIDE = st.sampled_from(Side)
REPETITION = st.builds(
    Repetition,
    number=st.integers(1, 99),
    outcome=st.sampled_from(Outcome),
    side=SIDE,
    start_s=NUMBER,
    turn_s=NUMBER,
    end_s=NUMBER,
    extent=NUMBER,
    asymmetry=NUMBER,
    ranges=st.lists(st.builds(AngleRange, TEXT, SIDE, NUMBER, NUMBER, NUMBER), max_size=3).map(tuple),
    terms=st.lists(st.builds(ScoreTerm, TEXT, st.floats(0, 1), st.floats(0.1, 3)), max_size=3).map(tuple),
    faults=st.lists(
        st.builds(Fault, TEXT, NUMBER, TEXT, SIDE, TEXT, TEXT, NUMBER, NUMBER, NUMBER, st.booleans()), max_size=3
    ).map(tuple),
    trace=st.lists(st.floats(-1, 2), max_size=32).map(tuple),
)


@st.composite
def records(draw: st.DrawFn) -> list[e.Entry]:
    """A patient with a session of any content, as it may be left at any moment."""
    entries: list[e.Entry] = [
        e.ConsentGiven("p01", e.Scope.RECORD),
        e.ProgrammeGiven("plan", "p01", draw(TEXT), (0, 6), draw(TEXT)),
    ]
    entries.append(e.SessionBegun("s1", "p01", (e.PlannedSet(draw(TEXT), draw(SIDE), 3),), "plan", draw(TEXT)))
    entries.append(e.SetBegun("s1", 1, 1, draw(TEXT), draw(SIDE), draw(st.integers(0, 20)), draw(st.floats(0, 60))))
    made = draw(st.lists(REPETITION, max_size=4))
    entries += [e.RepetitionDone("s1", ordinal + 1, 1, ordinal, one) for ordinal, one in enumerate(made, 1)]
    entries.append(e.AdviceGiven("s1", 50, 1, draw(TEXT), draw(TEXT)))
    entries.append(e.Rated("s1", 51, 1, draw(st.sampled_from(e.RatingKind)), draw(st.integers(0, 10)), draw(TEXT), draw(SIDE)))
    entries.append(e.Changed("s1", 52, 1, draw(TEXT), draw(TEXT), draw(TEXT), draw(TEXT)))
    entries.append(e.Corrected("c1", "s1", 1, 1, draw(st.sampled_from(e.Action)), draw(TEXT), "", draw(TEXT)))
    return entries + [e.SessionEnded("s1", 60, draw(TEXT))] * draw(st.integers(0, 1))


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(entries=records())
def test_what_is_exported_and_imported_is_the_same(tmp_path, entries):
    for file in tmp_path.glob("*.sqlite3*"):
        file.unlink()
    with Store(str(tmp_path / "one.sqlite3")) as one, Store(str(tmp_path / "other.sqlite3")) as other:
        one.write(entries)
        write_tables(tmp_path / "out.json", one)
        read_tables(tmp_path / "out.json", other)
        assert read_rows(other) == read_rows(one)
        assert str(read_sessions(other, patient="p01")) == str(read_sessions(one, patient="p01"))


def test_an_import_goes_into_the_other_kind_of_database(store, server, tmp_path):
    write_tables(tmp_path / "out.json", store)
    with Store(server.new_database()) as other:
        read_tables(tmp_path / "out.json", other)
        assert read_rows(other) == read_rows(store)


def test_importing_twice_changes_nothing(store, tmp_path):
    write_tables(tmp_path / "out.json", store)
    before = read_rows(store)
    read_tables(tmp_path / "out.json", store)
    assert read_rows(store) == before


def test_one_patient_is_exported_without_the_others(store, tmp_path):
    store.write([e.ConsentGiven("p02", e.Scope.RECORD), e.SessionBegun("other", "p02")])
    write_tables(tmp_path / "out.json", store, patient="p02")
    tables = json.loads((tmp_path / "out.json").read_text())["tables"]
    assert {row["session"] for row in tables["session"]} == {"other"}
    assert {row["patient"] for name in ("patient", "consent", "programme") for row in tables[name]} == {"p02"}
    assert tables["repetition"] == []


def broken(content: object, tmp_path: Path) -> Path:
    file = tmp_path / "in.json"
    file.write_text(content if isinstance(content, str) else json.dumps(content))
    return file


def test_an_export_of_an_earlier_version_is_read_and_what_it_did_not_know_is_empty(store, tmp_path):
    write_tables(tmp_path / "now.json", store)
    content = json.loads((tmp_path / "now.json").read_text())
    for row in content["tables"]["exercise_set"]:
        del row["seen"]
    with Store(str(tmp_path / "other.sqlite3")) as other:
        with pytest.raises(InputError, match="'seen' is missing"):
            read_tables(broken(content, tmp_path), other)
        read_tables(broken(content | {"version": "0002"}, tmp_path), other)
        assert {one.seen for session in read_sessions(other) for one in session.sets} == {""}


@pytest.mark.parametrize(
    ("content", "why"),
    [
        ("{", "cannot be read as JSON"),
        ([1], "JSON of something else"),
        ({"format": "physio-records", "version": "0001", "tables": {"songs": []}}, "table 'songs' is not one of"),
        (
            {"format": "physio-records", "version": "0001", "tables": {"patient": [{"patient": "p01"}]}},
            "'at' is missing or unknown",
        ),
        (
            {"format": "physio-records", "version": "0001", "tables": {"patient": [{"patient": 1, "at": ""}]}},
            "row 0: patient = 1 is not str",
        ),
        (
            {
                "format": "physio-records",
                "version": "0001",
                "tables": {"consent": [{"patient": "p99", "scope": "record", "given_at": NOON, "withdrawn_at": None}]},
            },
            "without what it belongs to",
        ),
    ],
)
def test_what_does_not_fit_is_refused_and_nothing_is_added(store, tmp_path, content, why):
    before = read_rows(store)
    with pytest.raises(InputError, match=why):
        read_tables(broken(content, tmp_path), store)
    assert read_rows(store) == before


def with_cell(table: str, column: str, value: object, store: Store, tmp_path: Path) -> Path:
    """A whole export in which one cell of the first row is another."""
    write_tables(tmp_path / "whole.json", store)
    content = json.loads((tmp_path / "whole.json").read_text())
    content["tables"][table][0][column] = value
    return broken(content, tmp_path)


@pytest.mark.parametrize(
    ("table", "column", "value", "why"),
    [
        ("patient", "patient", "Anna Berg", "a code: .*never a name"),
        ("patient", "at", "yesterday", "a time with its zone"),
        ("session", "begun_at", "2026-01-31T09:30:00", "a time with its zone"),
        ("session", "session", "../../etc", "an id"),
        ("session", "robot", "\ud800", "a text that can be written as UTF-8"),
        ("repetition", "ordinal", 10**30, "a whole number from 0 to 2147483647"),
        ("repetition", "extent", float("nan"), "a number that is known"),
        ("repetition", "score", 10**400, "a number that is known"),
        ("repetition", "outcome", "excellent", "one of: complete, partial"),
        ("repetition", "trace", "0.1 x", "numbers with spaces between"),
        ("rating", "value", 11, "a whole number from 0 to 10"),
        ("programme", "weekdays", "monday", "days from 0"),
        ("consent", "scope", "everything", "one of: record, skeletons"),
    ],
)
def test_a_cell_that_could_not_be_read_again_is_refused(store, tmp_path, table, column, value, why):
    before = read_rows(store)
    with pytest.raises(InputError, match=rf"table {table}, row 0: {column} = .{{1,60}} is not {why}"):
        read_tables(with_cell(table, column, value, store, tmp_path), store)
    assert read_rows(store) == before


def test_a_time_of_another_zone_is_kept_as_the_same_moment(store, tmp_path):
    file = with_cell("session", "begun_at", "2026-01-05T01:30:00+02:00", store, tmp_path)
    with Store(str(tmp_path / "other.sqlite3")) as other:
        read_tables(file, other)
        first = read_rows(other)["session"][0]
    assert first["begun_at"] == "2026-01-04T23:30:00.000000+00:00"


@pytest.mark.parametrize("content", ["[" * 20_000 + "]" * 20_000, '{"a":' * 20_000 + "1" + "}" * 20_000])
def test_a_file_that_is_nested_without_end_is_refused(store, tmp_path, content):
    with pytest.raises(InputError, match="nested too deeply"):
        read_tables(broken(content, tmp_path), store)


def test_a_file_of_a_newer_version_is_refused(store, tmp_path):
    with pytest.raises(ConfigError, match="newer version"):
        read_tables(broken({"format": "physio-records", "version": "9999", "tables": {}}, tmp_path), store)


def test_a_spreadsheet_has_a_row_for_each_repetition(store, tmp_path):
    sessions = read_sessions(store, patient="p01")
    count = write_csv(tmp_path / "out.csv", sessions)
    with (tmp_path / "out.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == count == sum(len(made.done) for session in sessions for made in session.sets)
    first = sessions[0].sets[0].done[0].repetition
    assert float(rows[0]["score"]) == pytest.approx(first.score, rel=1e-4)
    assert float(rows[0]["knee_flexion_left_high_deg"]) == pytest.approx(first.ranges[0].high_deg, rel=1e-4)
    assert rows[0]["shoulder_abduction_left_high_deg"] == ""


def test_parquet_has_the_same_rows(store, tmp_path):
    parquet = pytest.importorskip("pyarrow.parquet", reason="pyarrow comes with the laboratory")
    sessions = read_sessions(store, patient="p01")
    count = write_parquet(tmp_path / "out.parquet", sessions)
    table = parquet.read_table(tmp_path / "out.parquet")
    assert table.num_rows == count
    assert table.column("score").to_pylist()[0] == pytest.approx(sessions[0].sets[0].done[0].repetition.score)
