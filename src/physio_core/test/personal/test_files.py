"""What is different for a patient is one readable file, and a session of that patient goes by it."""

from __future__ import annotations

from datetime import datetime, timezone

import pytest

from physio_core.errors import ConfigError, InputError
from physio_core.exercises.catalogue import load_exercises
from physio_core.judging.assessed import begin
from physio_core.judging.panel import Seat
from physio_core.personal.adjustments import Adjustment, Personal, Why
from physio_core.personal.files import PersonalConfig, adapt_from, read_personal, write_personal
from physio_core.session.machine import Session, SessionConfig

CATALOGUE = load_exercises()
AT = datetime(2026, 11, 27, 10, tzinfo=timezone.utc)
OWN = {"repetitions": 9.0, "median_extent": 0.71}
PERSONAL = {
    "squat": Personal(
        (
            Adjustment(at=AT, what="target", before=1.0, after=0.7, why=Why.OWN_SESSIONS, evidence=OWN),
            Adjustment(at=AT, what="heel_lift", before=1.0, after=0.0, why=Why.CORRECTION),
            Adjustment(at=AT, what="target", before=0.7, after=0.8, why=Why.OWN_SESSIONS, rolled_back=True),
        )
    )
}


@pytest.fixture
def folder(tmp_path):
    write_personal(tmp_path, "p07", PERSONAL)
    return tmp_path


def test_what_was_written_is_read(folder):
    assert read_personal(folder, "p07", CATALOGUE) == PERSONAL
    assert read_personal(folder, "p08", CATALOGUE) == {}


def test_it_is_for_its_owner_alone(folder):
    assert (folder / "p07.yaml").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("version: 1", "version: 2", r"p07.yaml:1: version: should be 1, got 2"),
        ("patient: p07", "patient: Anna", r"p07.yaml:2: patient: string should match"),
        ("patient: p07", "patient: p08", r"p07.yaml: is of patient p08; name it p08.yaml"),
        ("after: 0.7", "after: 9", r"p07.yaml:8: exercises.squat.0.after: should be less than or equal to 1.5"),
        ("why: correction", "why: mood", r"p07.yaml:17: exercises.squat.1.why: should be 'own_sessions' or 'correction'"),
        ("  squat:", "  sqat:", r"p07.yaml:4: exercises.sqat: is not one of: .*squat"),
        (
            "what: target",
            "what: tarqet",
            r"p07.yaml:6: exercises.squat.0.what: 'tarqet' is not one of: target, complete_from, .*depth",
        ),
        ("what: heel_lift", "what: elbow_bent", r"p07.yaml:14: exercises.squat.1.what: 'elbow_bent' is not one of: target"),
        ("after: 0.0", "after: 0.5", r"p07.yaml:16: exercises.squat.1.after: of a fault 1 .* or 0 .* got 0.5"),
        (
            "what: heel_lift",
            "what: heel_lift\n    side: left",
            r"p07.yaml:15: exercises.squat.1.side: squat is done with both sides",
        ),
        (
            "what: heel_lift",
            "what: heel_lift\n    sides: left",
            r"p07.yaml:15: exercises.squat.1: 'sides' is not one of: at, what, side",
        ),
    ],
)
def test_a_mistake_is_told_with_its_line_before_anything_runs(folder, old, new, complaint):
    path = folder / "p07.yaml"
    path.write_text(path.read_text().replace(old, new, 1))
    with pytest.raises(ConfigError, match=complaint):
        adapt_from(PersonalConfig(str(folder)), CATALOGUE, pytest.fail)


def test_a_folder_that_is_not_there_and_a_name_for_a_code_are_refused(folder):
    with pytest.raises(ConfigError, match="personal_dir .*gone is no folder"):
        adapt_from(PersonalConfig(str(folder / "gone")), CATALOGUE, pytest.fail)
    with pytest.raises(InputError, match="never a name"):
        write_personal(folder, "../anna", PERSONAL)


def ask(folder, seats, warn=pytest.fail, **config):
    session = Session(
        CATALOGUE, SessionConfig(mode="request", **config), seats, adapt=adapt_from(PersonalConfig(str(folder)), CATALOGUE, warn)
    )
    session.tick(0.0)
    return session.command("squat", 1.0)


@pytest.fixture
def seen():
    """What the judge of bodies is given."""
    given = []

    def note(exercise, config, after_stamp_s, goal):
        given.append((exercise, goal))
        return begin(exercise, config, after_stamp_s, goal)

    return {"body": Seat(note)}, given


def test_a_session_of_that_patient_is_judged_by_it_and_nobody_elses(folder, seen):
    seats, given = seen
    assert ask(folder, seats, patient="p07").status.current_set.extent == 0.7
    ask(folder, seats, patient="p08")
    ask(folder, seats)
    (own, own_goal), *others = given
    assert own_goal.extent == 0.7 and "heel_lift" not in own.faults and "knees_in" in own.faults
    assert all(exercise == CATALOGUE["squat"] and goal.extent == 1.0 for exercise, goal in others)


def test_a_file_that_breaks_while_it_runs_is_told_and_the_exercise_is_as_written(folder, seen):
    seats, given = seen
    said: list[str] = []
    adapt = adapt_from(PersonalConfig(str(folder)), CATALOGUE, said.append)
    (folder / "p07.yaml").write_text("patient: [")
    session = Session(CATALOGUE, SessionConfig(mode="request", patient="p07"), seats, adapt=adapt)
    session.tick(0.0)
    assert session.command("squat", 1.0).accepted
    assert given[0][0] == CATALOGUE["squat"] and "squat is as its file says" in said[0]
