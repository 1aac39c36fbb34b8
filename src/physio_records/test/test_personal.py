"""What is learnt of a patient's record by command: shown, kept beside the record, rolled back, and forgotten with the patient."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from physio_core import cli
from physio_core.assessment.repetition import Outcome, Repetition, ScoreTerm
from physio_core.exercises.catalogue import load_exercises
from physio_core.personal.adjustments import Personal, target
from physio_core.personal.files import read_personal
from physio_core.trajectories.drawing import Drawing
from physio_core.types import Side
from physio_records import entries as e
from physio_records.store.store import Store

CATALOGUE = load_exercises()
DRAWN = Drawing("h_u", "left", 0.6, trail=((0.4, 0.0, 0.0), (0.4, 0.1, 0.0)), grade=3)
BEGIN = e.now() - timedelta(days=9)


def session(number: int, extent: float) -> list[e.Entry]:
    name, at = f"s{number}", BEGIN + timedelta(days=number)
    done = [
        e.RepetitionDone(name, 1 + n, 1, n, Repetition(n, Outcome.COMPLETE, Side.LEFT, n, n + 0.5, n + 1.0, extent=extent), at)
        for n in (1, 2, 3)
    ]
    return [
        e.SessionBegun(name, "p07", at=at),
        e.SetBegun(name, 1, 1, "shoulder_abduction", Side.LEFT, 3, at=at),
        *done,
        e.SetEnded(name, 9, 1, at=at),
    ]


@pytest.fixture
def place(tmp_path: Path) -> str:
    """A record of a patient who raises the left arm seven tenths of the way."""
    database = str(tmp_path / "records.sqlite3")
    with Store(database) as store:
        store.write([e.ConsentGiven("p07", e.Scope.RECORD, BEGIN), *(one for n in (1, 2, 3) for one in session(n, 0.7))])
    return database


@pytest.fixture
def run(place, capsys):
    """Runs `physio records`; gives its exit code and what it printed."""

    def command(*words: str) -> tuple[int, str]:
        code = cli.main(["records", *words, "--database", place])
        shown = capsys.readouterr()
        return code, shown.out + shown.err

    return command


def arm(place: str) -> Personal:
    return read_personal(Path(place).parent / "personal", "p07", CATALOGUE).get("shoulder_abduction", Personal())


def test_it_is_learnt_shown_and_rolled_back(run, place):
    assert "nothing is different for p07" in run("personal", "show", "p07")[1]
    code, shown = run("personal", "learn", "p07")
    assert code == cli.DONE and "shoulder_abduction: " in shown and "target left: 1 -> 0.7, own_sessions" in shown
    assert target(arm(place), Side.LEFT) == 0.7
    assert run("personal", "learn", "p07") == (cli.DONE, "nothing new to learn of p07\n")
    assert run("personal", "rollback", "p07")[0] == cli.DONE
    assert target(arm(place), Side.LEFT) == 1.0
    assert "rolled back" in run("personal", "show", "p07")[1]
    assert run("personal", "learn", "p07") == (cli.DONE, "nothing new to learn of p07\n")


def test_drawings_that_got_ever_worse_make_the_next_session_easier(run, place):
    def drawn(number: int, value: float) -> list[e.Entry]:
        name, at = f"d{number}", BEGIN + timedelta(days=number)
        one = Repetition(1, Outcome.PARTIAL, Side.LEFT, 0.0, 1.0, 2.0, terms=(ScoreTerm("shape", value),), drawing=DRAWN)
        done = [e.RepetitionDone(name, 1 + n, 1, n, replace(one, number=n), at) for n in (1, 2, 3)]
        return [e.SessionBegun(name, "p07", at=at), e.SetBegun(name, 1, 1, "draw_arc_level", Side.LEFT, 3, at=at), *done]

    with Store(place) as store:
        store.write(entry for number, value in enumerate((0.7, 0.5, 0.3), 4) for entry in drawn(number, value))
    shown = run("personal", "learn", "p07", "--exercise", "draw_arc_level")[1]
    assert "target left: 1 -> 0.9, own_sessions (sessions 3, expected_score 38.6)" in shown


def test_it_stays_within_the_limits_of_the_programme(run, place, tmp_path):
    plan = tmp_path / "plan.yaml"
    plan.write_text("patient: p07\ndays: [{exercises: [{exercise: shoulder_abduction, limits: {least_extent: 0.85}}]}]\n")
    assert run("personal", "learn", "p07", "--programme", str(plan))[0] == cli.DONE
    assert target(arm(place), Side.LEFT) == 0.85
    plan.write_text(plan.read_text().replace("p07", "p08"))
    code, shown = run("personal", "learn", "p07", "--programme", str(plan))
    assert code == cli.REFUSED and "is for patient p08, not p07" in shown


def test_a_therapists_corrections_are_learnt(run, place):
    assert run("correct", "s3", "correct", "--set", "1", "--repetition", "2", "--outcome", "partial")[0] == cli.DONE
    with Store(place) as store:
        store.write([e.Corrected("c1", "s1", 1, 0, e.Action.IGNORE, "elbow_bent")])
    run("personal", "learn", "p07")
    found = {one.what: (one.before, one.after) for one in arm(place).adjustments}
    assert found["elbow_bent"] == (1.0, 0.0) and found["complete_from"] == (0.55, 0.6)


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("learn", "p99"), "no session of p99 is recorded"),
        (("learn", "Anna"), "never a name"),
        (("rollback", "p07"), "something is different for p07 in: none"),
        (("rollback", "p07", "--exercise", "squat"), "something is different for p07 in: none"),
    ],
)
def test_what_is_not_there_is_refused(run, words, why):
    code, shown = run("personal", *words)
    assert code == cli.REFUSED and why in shown


def test_nothing_is_learnt_of_who_no_longer_agrees(run, place):
    run("consent", "p07", "--withdraw")
    code, shown = run("personal", "learn", "p07")
    assert code == cli.REFUSED and "p07 does not agree to a record" in shown
    assert not arm(place).adjustments


def test_a_patient_who_is_forgotten_leaves_no_file(run, place):
    run("personal", "learn", "p07")
    assert run("delete", "p07", "--yes")[0] == cli.DONE
    assert not (Path(place).parent / "personal").exists()
