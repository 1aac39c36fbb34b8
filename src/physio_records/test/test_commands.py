"""The commands: what they print and write, what they ask, how they end."""

from __future__ import annotations

import json
import os
import sqlite3
import time
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from physio_core import cli
from physio_core.exercises.catalogue import load_exercises
from physio_core.personal.adjustments import IGNORED, TOLD, Adjustment, Personal, Why
from physio_core.personal.learning import learnt
from physio_core.session.prescription import Limits
from physio_records import entries as e
from physio_records.made_up import made_up_entries
from physio_records.personal_command import summaries
from physio_records.store.contents import read_rows
from physio_records.store.database import VERSION_TABLE
from physio_records.store.history import read_sessions
from physio_records.store.place import skeleton_folder
from physio_records.store.store import Store


@pytest.fixture
def run(store, monkeypatch, capsys):
    """Runs a command on the made-up record; gives its exit code and what it printed."""
    monkeypatch.setenv("PHYSIO_DATABASE", store.place)

    def command(*words: str) -> tuple[int, str]:
        code = cli.main(["records", *words])
        shown = capsys.readouterr()
        return code, shown.out + shown.err

    return command


@pytest.fixture
def session(store):
    return read_sessions(store, patient="p01")[0]


def test_list_shows_patients_and_sessions(run, tmp_path):
    code, shown = run("list", "--json", str(tmp_path / "out.json"))
    (person,) = json.loads((tmp_path / "out.json").read_text())
    assert code == cli.DONE
    assert "p01" in shown
    assert (person["sessions"], person["consent"]) == (3, ["record", "skeletons"])
    code, _ = run("list", "p01", "--json", str(tmp_path / "out.json"))
    assert code == cli.DONE
    assert [row["number"] for row in json.loads((tmp_path / "out.json").read_text())] == [1, 2, 3]


def test_an_empty_record_is_told(run, tmp_path):
    code, shown = run("list", "--database", str(tmp_path / "empty.sqlite3"))
    assert code == cli.DONE
    assert "nothing is recorded at" in shown


def test_show_tells_each_set(run, session):
    code, shown = run("show", session.session[:14] + session.session[14:], "--repetitions")
    assert code == cli.DONE
    for made in session.sets:
        assert made.exercise in shown
    assert "pain" in shown


@pytest.mark.parametrize(
    "words", [("show", "nobody"), ("list", "p77"), ("delete", "p77", "--yes"), ("export", "out.json", "--of", "x")]
)
def test_what_is_not_there_is_refused(run, words):
    code, shown = run(*words)
    assert code == cli.REFUSED
    assert "physio records list" in shown


def test_the_beginning_of_an_id_that_fits_several_is_refused(run):
    code, shown = run("show", "p010000")
    assert code == cli.REFUSED
    assert "fits 3 sessions" in shown


@pytest.mark.parametrize(
    "words",
    [
        ("delete", "", "--yes"),
        ("delete", " ", "--yes"),
        ("list", ""),
        ("show", ""),
        ("report", ""),
        ("correct", "", "ignore", "--set", "1"),
        ("export", "out.json", "--of", ""),
    ],
)
def test_nothing_means_nobody_and_never_everybody(run, store, words):
    before = read_rows(store)
    code, shown = run(*words)
    assert code == cli.REFUSED
    assert "names nobody: give a patient's code or a session's id" in shown
    assert read_rows(store) == before


def test_a_code_never_means_the_session_of_another_patient(run, store):
    sessions = ("a1b2c3d4e5f6", "a1ffffffffff")
    store.write([e.ConsentGiven("p02", e.Scope.RECORD), *(e.SessionBegun(one, "p02") for one in sessions)])
    for name, why in (("a1", "no patient a1 is recorded"), ("a1b2", "give 8 characters"), ("%", "no session of '%'")):
        code, shown = run("delete", name, "--yes")
        assert code == cli.REFUSED and why in shown
    assert {one.session for one in read_sessions(store, patient="p02")} == set(sessions)
    assert run("delete", "a1b2c3d4")[1] == "physio: forget session a1b2c3d4 of p02 for ever? add --yes\n"
    assert run("delete", "a1b2c3d4", "--yes")[0] == cli.DONE
    assert [one.session for one in read_sessions(store, patient="p02")] == ["a1ffffffffff"]


def test_a_patient_is_no_session_to_correct(run):
    code, shown = run("correct", "p01", "ignore", "--set", "1")
    assert code == cli.REFUSED and "p01 is a patient; name a session" in shown


@pytest.mark.parametrize("ending", ["", "-wal", "-shm", "-journal"])
@pytest.mark.parametrize(
    "words", [("export", "{}", "--format", "csv"), ("list", "--json", "{}"), ("show", "p01", "--json", "{}"), ("backup", "{}")]
)
def test_no_output_takes_the_place_of_the_record(run, store, words, ending):
    code, shown = run(*(word.format(store.place + ending) for word in words))
    assert code == cli.REFUSED and "would be lost; name another file" in shown
    assert len(read_sessions(store, patient="p01")) == 3


def test_consent_is_noted_and_withdrawn(run, store):
    assert run("consent", "p02", "--scope", "record", "skeletons")[0] == cli.DONE
    assert store.agreed("p02", e.Scope.SKELETONS)
    code, shown = run("consent", "p02", "--scope", "skeletons", "--withdraw")
    assert code == cli.DONE
    assert "p02 agrees to: record" in shown
    assert run("consent", "Anna")[0] == cli.REFUSED


@pytest.mark.parametrize("name", ["out.json", "out.csv", "out.parquet"])
def test_export_goes_by_the_ending(run, tmp_path, name):
    pytest.importorskip("pyarrow", reason="pyarrow comes with the laboratory")
    code, shown = run("export", str(tmp_path / name), "--of", "p01")
    assert code == cli.DONE
    assert (tmp_path / name).stat().st_size
    assert "rows" in shown


def test_an_unknown_ending_is_refused(run, tmp_path):
    code, shown = run("export", str(tmp_path / "out.doc"))
    assert code == cli.REFUSED
    assert "--format: json, csv, parquet, fhir" in shown


def test_import_takes_what_export_wrote(run, tmp_path):
    run("export", str(tmp_path / "out.json"))
    other = str(tmp_path / "other.sqlite3")
    assert run("import", str(tmp_path / "out.json"), "--database", other)[0] == cli.DONE
    with Store(other) as copy:
        assert len(read_sessions(copy, patient="p01")) == 3


def test_a_therapist_corrects_by_command(run, store, session):
    words = (
        "correct",
        session.session,
        "ignore",
        "--set",
        "1",
        "--repetition",
        "2",
        "--reason",
        "no exercise",
        "--therapist",
        "t1",
    )
    assert run(*words) == (cli.DONE, "noted: ignore repetition 2 of set 1\n")
    assert run("correct", session.session, "correct", "--set", "1", "--repetition", "1", "--outcome", "partial")[0] == cli.DONE
    made = read_sessions(store, patient="p01")[0].sets[0]
    assert [one.ordinal for one in made.done] == [1, 3, 4]
    assert made.done[0].repetition.outcome.value == "partial"
    first = made.corrections[0]
    assert (first.action, first.reason, first.therapist) == (e.Action.IGNORE, "no exercise", "t1")


def test_a_therapists_score_is_kept_as_a_label_and_changes_no_repetition(run, store, session):
    before = read_sessions(store, patient="p01")[0].sets[0].done
    assert run("correct", session.session, "correct", "--set", "1", "--score", "1", "--therapist", "t1") == (
        cli.DONE, "noted: correct set 1 as 1\n",
    )  # fmt: skip
    made = read_sessions(store, patient="p01")[0].sets[0]
    kept = made.corrections[-1]
    assert (kept.fault, kept.outcome, kept.therapist) == (e.SCORE, "1", "t1") and made.done == before
    assert "say --score with `correct`" in run("correct", session.session, "ignore", "--set", "1", "--score", "1")[1]


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("ignore", "--set", "9"), "has no set 9; it has: 1, 2, 3, 4"),
        (("ignore", "--set", "1", "--repetition", "9"), "has no repetition 9; it has: 1, 2, 3, 4"),
        (("ignore", "--set", "1", "--fault", "nonsense"), "no fault 'nonsense' there; there is:"),
        (("correct", "--set", "1", "--repetition", "1"), "say --outcome with `correct`"),
        (("ignore", "--set", "1", "--outcome", "partial"), "say --outcome with `correct`"),
    ],
)
def test_a_correction_of_what_is_not_there_is_refused(run, session, words, why):
    code, shown = run("correct", session.session, *words)
    assert code == cli.REFUSED
    assert why in shown


def test_a_fault_that_was_not_told_is_accepted_and_told_again(run, store, session):
    squat = next(made for made in session.sets if made.exercise == "squat")
    assert "too_slow" not in {fault.name for done in squat.judged for fault in done.repetition.faults}
    words = ("correct", session.session, "accept", "--set", str(squat.number), "--fault")
    assert run(*words, "too_slow") == (cli.DONE, "noted: accept too_slow\n")
    before = Personal((Adjustment(at=session.begun_at, what="too_slow", before=TOLD, after=IGNORED, why=Why.CORRECTION),))
    found = learnt(summaries(read_sessions(store, patient="p01"), "squat"), load_exercises()["squat"], Limits(), before)
    assert ("too_slow", TOLD) in [(one.what, one.after) for one in found]
    code, shown = run(*words, "nonsense")
    assert code == cli.REFUSED
    assert "no fault 'nonsense' there; there is:" in shown and "too_slow" in shown


def test_what_was_ignored_is_ignored_once(run, session):
    faulty = next(made for made in session.sets if any(done.repetition.faults for done in made.done))
    spot = next(done for done in faulty.done if done.repetition.faults)
    words = ("--set", str(faulty.number), "--repetition", str(spot.ordinal), "--fault", spot.repetition.faults[0].name)
    codes = [run("correct", session.session, action, *words)[0] for action in ("ignore", "ignore", "accept", "ignore")]
    assert codes == [cli.DONE, cli.REFUSED, cli.DONE, cli.DONE]


def test_nothing_is_deleted_without_a_yes(run, store):
    code, shown = run("delete", "p01")
    assert code == cli.REFUSED
    assert "forget 3 sessions, 1 patient for ever? add --yes" in shown
    assert len(read_sessions(store, patient="p01")) == 3


def test_no_is_no(run, store, monkeypatch):
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr("builtins.input", lambda _question: "n")
    assert run("delete", "p01")[0] == cli.AMISS
    assert len(read_sessions(store, patient="p01")) == 3


def test_a_deleted_patient_leaves_nothing_behind(run, store, session):
    recorded = skeleton_folder(store.url) / "p01" / f"{session.session}.mcap"
    recorded.parent.mkdir(parents=True)
    recorded.write_bytes(b"x")
    store.write([e.AdviceGiven(session.session, 999, 1, "cue", "a sentence that nobody else says")])
    assert run("delete", "p01", "--yes")[0] == cli.DONE
    assert run("list", "p01")[0] == cli.REFUSED
    assert not recorded.exists()
    files = list(Path(store.place).parent.glob(f"{Path(store.place).name}*"))
    assert not any(b"a sentence that nobody else says" in file.read_bytes() for file in files)


def test_purge_forgets_what_is_old_and_its_recordings(run, store, tmp_path):
    young = [one for one in made_up_entries("p02", 1) if not isinstance(one, e.SessionBegun | e.ConsentGiven)]
    begun = e.SessionBegun(young[1].session, "p02")
    store.write([e.ConsentGiven("p02", e.Scope.RECORD), begun])
    folder = skeleton_folder(store.url)
    for patient, stem in (("p01", "gone"), ("p02", begun.session), ("p02", "new")):
        (folder / patient).mkdir(parents=True, exist_ok=True)
        (folder / patient / f"{stem}.mcap").write_bytes(b"x")
    long_ago = time.time() - timedelta(days=400).total_seconds()
    os.utime(folder / "p01" / "gone.mcap", (long_ago, long_ago))
    os.utime(folder / "p02" / f"{begun.session}.mcap", (long_ago, long_ago))
    code, shown = run("purge", "--older-than", "30d", "--yes")
    assert code == cli.DONE
    assert "3 sessions, 1 patient, 1 recording" in shown
    assert [session.session for session in read_sessions(store, patient="p02")] == [begun.session]
    assert sorted(file.stem for file in folder.rglob("*.mcap")) == sorted([begun.session, "new"])
    assert run("purge", "--older-than", "30d", "--yes")[1] == "nothing to forget\n"


def test_nothing_is_older_than_the_calendar(run):
    assert run("purge", "--older-than", "9999y", "--yes") == (cli.DONE, "nothing to forget\n")


@pytest.mark.parametrize("age", ["soon", "3x", "-1d", ""])
def test_an_age_that_is_none_is_refused(run, age):
    code, shown = run("purge", f"--older-than={age}", "--yes")
    assert code == cli.REFUSED
    assert "90d, 12w, 6m, 2y" in shown


def test_a_backup_is_restored_and_what_was_there_is_kept(run, store, tmp_path):
    assert run("backup", str(tmp_path / "copy"))[0] == cli.DONE
    run("delete", "p01", "--yes")
    store.write([e.ConsentGiven("p05", e.Scope.RECORD)])
    code, shown = run("restore", str(tmp_path / "copy"), "--yes")
    assert code == cli.DONE
    assert len(read_sessions(store, patient="p01")) == 3
    kept = next(Path(store.place).parent.glob("*.before_restore_*"))
    assert str(kept) in shown
    with Store(str(kept)) as before:
        assert before.agreed("p05", e.Scope.RECORD)


def test_a_relative_path_and_a_record_of_a_newer_version_are_restored_over(run, store, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    run("backup", "copy")
    with closing(sqlite3.connect(store.place)) as connection, connection:
        connection.execute(f"UPDATE {VERSION_TABLE} SET version_num = '9999'")
    assert run("restore", "copy", "--yes")[0] == cli.DONE
    with Store(store.place) as restored:
        assert len(read_sessions(restored, patient="p01")) == 3
    kept = next(tmp_path.glob("*.before_restore_*"))
    with closing(sqlite3.connect(kept)) as connection:
        assert connection.execute(f"SELECT version_num FROM {VERSION_TABLE}").fetchone() == ("9999",)


def test_a_record_that_is_damaged_is_moved_aside_and_restored(run, store, tmp_path):
    run("backup", str(tmp_path / "copy"))
    store.close()
    Path(store.place).write_bytes(b"rubbish" * 1000)
    assert run("restore", str(tmp_path / "copy"), "--yes")[0] == cli.DONE
    with Store(store.place) as restored:
        assert len(read_sessions(restored, patient="p01")) == 3
    assert next(Path(store.place).parent.glob("*.before_restore_*")).read_bytes() == b"rubbish" * 1000


def test_what_is_no_backup_is_refused_and_the_record_stays(run, store, tmp_path):
    (tmp_path / "notes").write_text("no backup")
    for name in ("notes", "missing", store.place):
        assert run("restore", str(tmp_path / name), "--yes")[0] == cli.REFUSED
    assert len(read_sessions(store, patient="p01")) == 3
    assert not list(Path(store.place).parent.glob("*.before_restore_*"))


def test_a_servers_record_is_left_to_its_own_tools(run, server, tmp_path):
    code, shown = run("backup", str(tmp_path / "copy"), "--database", server.new_database())
    assert code == cli.REFUSED
    assert "pg_dump" in shown


def test_every_command_works_on_a_server(run, server, store, tmp_path):
    place = server.new_database()
    run("export", str(tmp_path / "out.json"))
    for words in (
        ("import", str(tmp_path / "out.json")),
        ("list",),
        ("list", "p01"),
        ("show", "p01"),
        ("delete", "p01", "--yes"),
    ):
        assert run(*words, "--database", place)[0] == cli.DONE, words
