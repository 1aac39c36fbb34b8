"""A therapist's file says what is due on which day; a mistake in it is told with its line before anything runs."""

from __future__ import annotations

from datetime import date

import pytest

from physio_core.errors import ConfigError
from physio_core.exercises.catalogue import load_exercises
from physio_core.programme.programme import ProgrammeConfig, due_from, due_today, load_programmes
from physio_core.session.machine import Session, SessionConfig
from physio_core.session.prescription import Limits, Prescription
from physio_core.session.status import State
from physio_core.share import shared_path
from physio_core.types import Side

CATALOGUE = load_exercises()
FILE = """\
patient: p07
title: Shoulder
starts: 2026-11-02
ends: 2026-12-31
limits: {pain_stop: 6, most_repetitions: 12}
days:
  - weekdays: [monday, friday]
    exercises:
      - {exercise: shoulder_abduction, side: left, sets: 2, repetitions: 8, rest_s: 60}
      - {exercise: sit_to_stand, seconds: 30, limits: {least_extent: 0.8}}
  - weekdays: [sunday]
    exercises: [{exercise: squat}]
"""
FRIDAY, TUESDAY = date(2026, 11, 27), date(2026, 11, 24)


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "shoulder.yaml").write_text(FILE)
    return tmp_path


def test_what_is_due_is_what_the_therapist_wrote_for_that_day(folder):
    programmes = load_programmes(folder, CATALOGUE)
    first, second = due_today(programmes, "p07", FRIDAY).exercises
    assert first == Prescription(
        "shoulder_abduction", 2, 8, side=Side.LEFT, rest_s=60.0, limits=Limits(pain_stop=6, most_repetitions=12)
    )
    assert (second.seconds, second.limits.least_extent, second.limits.pain_stop) == (30.0, 0.8, 6)
    assert due_today(programmes, "p07", TUESDAY).exercises == ()


def test_the_programme_that_ships_to_be_copied_has_something_due_on_every_day():
    programmes = load_programmes(shared_path("config", "programmes"), CATALOGUE)
    assert all(due_today(programmes, "p07", date(2026, 11, day)).exercises for day in range(1, 8))


@pytest.mark.parametrize("day", [date(2026, 10, 30), date(2027, 1, 1)])
def test_outside_of_its_time_nothing_is_due(folder, day):
    assert due_today(load_programmes(folder, CATALOGUE), "p07", day).exercises == ()


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        (FILE.replace("p07", "Anna"), ":1: patient: string should match pattern"),
        (FILE.replace("friday", "fryday"), ":7: days.0.weekdays.1: should be 'monday', .* got 'fryday'"),
        (FILE.replace("sunday", "friday"), ":6: days: friday stands twice"),
        (FILE.replace("2026-12-31", "2026-10-31"), "ends = 2026-10-31 is before starts"),
        (
            FILE.replace("repetitions: 8", "repetitions: 800"),
            ":9: days.0.exercises.0: shoulder_abduction: repetitions = 800 is outside",
        ),
        (FILE.replace("pain_stop: 6", "pain_stop: 11"), ":5: limits: pain_stop = 11 is outside 1 .. 10"),
        (FILE.replace("pain_stop", "pain_stopp"), ":5: limits: 'pain_stopp' is not one of: least_extent"),
        (FILE.replace("side: left", "side: up"), "days.0.exercises.0.side: should be '', 'left' or 'right'"),
        (FILE.replace("exercise: squat", "exercise: headstand"), ":12: days.1.exercises.0: unknown exercise 'headstand'"),
        (
            FILE.replace("exercise: squat", "exercise: squat, side: left"),
            ":12: days.1.exercises.0: squat is done with both sides",
        ),
        (FILE.replace("repetitions: 8", "repetitions: '8'"), ":9: days.0.exercises.0: repetitions should be a number, got '8'"),
        (FILE.replace("repetitions: 8", "repetitions: true"), "repetitions should be a number, got True"),
        (FILE.replace("repetitions: 8", "repetitions: 13"), "repetitions = 13 is above most_repetitions = 12"),
        (FILE.replace("weekdays", "on"), ":7: key 'on' is read as something else than text"),
        ("patient: p07\n", "days: is missing"),
        ("", "needs keys with values"),
    ],
)
def test_a_mistake_is_told_with_the_file_and_what_is_valid(folder, text, complaint):
    (folder / "shoulder.yaml").write_text(text)
    with pytest.raises(ConfigError, match=f"shoulder.yaml.*{complaint}"):
        load_programmes(folder, CATALOGUE)


def test_two_programmes_for_one_patient_are_refused(folder):
    (folder / "again.yaml").write_text(FILE)
    with pytest.raises(ConfigError, match=r"shoulder.yaml: again.yaml is for patient p07 too"):
        load_programmes(folder, CATALOGUE)


def test_a_folder_that_is_not_there_is_named(tmp_path):
    with pytest.raises(ConfigError, match="programme_dir .*gone is no folder"):
        due_from(ProgrammeConfig(str(tmp_path / "gone")), CATALOGUE)


def test_the_narrower_limits_hold_for_an_exercise_that_stands_twice(folder):
    path = folder / "shoulder.yaml"
    path.write_text(FILE.replace("{exercise: squat}", "{exercise: sit_to_stand, limits: {least_extent: 0.7, most_extent: 0.9}}"))
    (programme,) = load_programmes(folder, CATALOGUE).values()
    limits = programme.limits_of("sit_to_stand")
    assert (limits.least_extent, limits.most_extent, limits.pain_stop) == (0.8, 0.9, 6)
    assert programme.limits_of("squat") is None


class Clinic:
    """A session with the programme of p07."""

    def __init__(self, folder, day: date, **config: object) -> None:
        programmes = load_programmes(folder, CATALOGUE)
        self.session = Session(
            CATALOGUE, SessionConfig(start_delay_s=0.5, **config), due=lambda patient: due_today(programmes, patient, day)
        )


def test_a_session_does_a_patients_programme_by_itself(folder):
    session = Clinic(folder, FRIDAY, mode="programme", patient="p07").session
    session.tick(0.0)
    status = session.tick(1.0)
    assert (status.asked, status.patient, status.rounds, status.current_set.sets) == ("shoulder_abduction", "p07", 2, 2)


def test_on_a_day_of_rest_it_waits(folder):
    session = Clinic(folder, TUESDAY, mode="programme", patient="p07").session
    session.tick(0.0)
    assert session.tick(99.0).asked == ""


def test_two_people_use_one_robot(folder):
    (folder / "other.yaml").write_text(FILE.replace("p07", "p08").replace("shoulder_abduction, side: left", "march_in_place"))
    session = Clinic(folder, FRIDAY, mode="request").session
    session.tick(0.0)
    for code, asked in (("p07", "shoulder_abduction"), ("P08", "march_in_place")):
        answer = session.command(f"patient {code}", 1.0)
        assert (answer.accepted, answer.status.patient, answer.status.asked) == (True, code.lower(), asked)
    assert {event.status.patient for event in session.take_events()} == {"p07", "p08"}


@pytest.mark.parametrize(
    ("words", "why"), [("patient p99", "no programme for patient 'p99'; there is one for: p07"), ("patient anna", "never a name")]
)
def test_a_patient_without_a_programme_changes_nothing(folder, words, why):
    session = Clinic(folder, FRIDAY, mode="request").session
    session.tick(0.0)
    answer = session.command(words, 1.0)
    assert not answer.accepted and why in answer.reason and answer.status.patient == ""


def test_without_programmes_a_start_in_that_mode_is_refused():
    with pytest.raises(ConfigError, match="no programme for patient 'p07'"):
        Session(CATALOGUE, SessionConfig(mode="programme", patient="p07"), due=due_from(ProgrammeConfig(), CATALOGUE))


def test_what_the_therapist_allows_holds_for_whatever_is_done_in_that_patients_session(folder):
    (folder / "shoulder.yaml").write_text(FILE.replace("most_repetitions: 12", "most_repetitions: 8"))
    session = Clinic(folder, FRIDAY, mode="request").session
    session.tick(0.0)
    session.command("patient p07", 1.0)
    assert not session.command("squat 9", 2.0).accepted
    assert session.command("squat 8", 3.0).accepted
    assert session.command("pain 6", 4.0).status.state is State.STOPPED


def test_pain_before_the_first_exercise_stops_as_the_programme_says(folder):
    session = Clinic(folder, FRIDAY, mode="programme", patient="p07").session
    session.tick(0.0)
    assert session.command("pain 6", 0.1).status.state is State.STOPPED
    assert session.tick(99.0).asked == ""
