"""A broken exercise file is refused with its name and what is wrong in it."""

from __future__ import annotations

import pytest

from physio_core.errors import ConfigError
from physio_core.exercises.catalogue import load_exercises
from physio_testing.installed import install_share

GOOD = "kind: body\nview: side\nneeds: [hip]\nwording: {en: {title: Nod, instruction: Nod.}}\n"

HAND = GOOD.replace("body", "hand").replace("[hip]", "[wrist]") + (
    "hand:\n  good: {fingers_pip_flexion: {low: 60}}\n"
    "  wrong: {half: {bands: {fingers_pip_flexion: {low: 20}}, cue: {en: More.}}}\n"
)


def test_a_new_file_is_a_new_exercise(tmp_path):
    (tmp_path / "nod.yaml").write_text(GOOD)
    assert load_exercises(tmp_path)["nod"].words("en").title == "Nod"


def test_each_kind_may_need_the_joints_that_it_is_sensed_by(tmp_path):
    (tmp_path / "pinch.yaml").write_text(GOOD.replace("body", "hand").replace("[hip]", "[wrist, thumb_tip]"))
    (tmp_path / "circle.yaml").write_text(GOOD.replace("body", "trajectory").replace("[hip]", "[wrist]"))
    assert {one.kind for one in load_exercises(tmp_path).values()} == {"hand", "trajectory"}


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        (GOOD.replace("view: side", "view: top"), ":2: view: should be 'front', 'side' or 'oblique', got 'top'"),
        (GOOD.replace("kind: body\n", ""), "kind: is missing"),
        (GOOD.replace("kind: body", "kind: foot"), ":1: kind: should be 'body', 'hand' or 'trajectory', got 'foot'"),
        (GOOD.replace("[hip]", "[hip, tail]"), "needs 'tail'.*shoulder.*ankle"),
        (GOOD.replace("[hip]", "[thumb_tip]"), "needs 'thumb_tip'"),
        (GOOD + "veiw: side\n", ":5: 'veiw' is not one of: kind, view"),
        (GOOD + "view: side\n", ":5: 'view' stands twice"),
        (GOOD + "barred: true\n", ":5: barred: should be a valid string"),
        (GOOD.replace("title", "name"), "wording.en.title: is missing"),
        (GOOD.replace("title: Nod", "title: 3"), "wording.en.title: should be a valid string, got 3"),
        (GOOD.replace("instruction: Nod.", "instruction: null"), "wording.en.instruction: .* got nothing"),
        (GOOD.replace("en:", "1:"), ":4: key '1' is read as something else than text; put it in quotes"),
        (GOOD.replace("{en: {title: Nod, instruction: Nod.}}", "{}"), "wording: is empty"),
        (GOOD + "faults: {depht: {low: 1}}\n", "faults: 'depht' is not one of: depth"),
        (GOOD + "faults: {depth: {lowest: 1}}\n", "faults.depth: 'lowest' is not one of: angle"),
        (GOOD + "faults: {depth: {low: 2, high: 1}}\n", "faults.depth: low = 2 is above high = 1"),
        (GOOD + "faults: {nodding: {angle: neck_flexion, margin: 5}}\n", "faults.nodding: give low, high or both"),
        (GOOD + "repetition: {signals: [{rest: 1, target: 2}]}\n", "repetition.signals.0: give one of angle and measure"),
        (GOOD + "repetition: {signals: [{angle: neck_flexion, rest: 1, target: 1}]}\n", "rest and target are the same"),
        (
            GOOD + "faults: {bent: {angle: knee_flexon, high: 1, margin: 1}}\n",
            "faults.bent: angle 'knee_flexon' is not one of: .*knee_flexion",
        ),
        (
            GOOD + "repetition: {signals: [{measure: hip_heigth, rest: 1, target: 2}]}\n",
            "measure 'hip_heigth' is not one of: .*hip_height",
        ),
        (GOOD + "hand: {good: {index_pip_flexion: {low: 1}}}\n", "section `hand` is of exercises of kind hand"),
        (HAND.replace("fingers_pip_flexion", "fingers_pip"), ":5: hand: good: 'index_pip' is not one of: .*thumb_to_index"),
        (HAND.replace("low: 60", "low: 60, high: 1"), "low = 60 is above high = 1"),
        (HAND.replace("{low: 60}", "{}"), "give low, high or both"),
        (HAND.replace("half", "good"), "'good' is the posture that is asked for"),
        (HAND.replace("half", "Half closed"), "name 'Half closed': use small letters"),
        (HAND.replace("{low: 60}", "{low: 900}"), "good: fingers_pip_flexion: low = 900; it goes from -90 to 180"),
        (HAND.replace("{low: 20}", "{low: 60}"), "half has the bands of the posture that is asked for"),
        (HAND.replace("More.", "''"), "wrong.half.cue.en: "),
        (HAND + "  states: none.yaml\n", "hand.states: .*none.yaml"),
        (HAND + "  states: ../none.yaml\n", "name a file in the folder hand_states"),
        ("a: [", "is not valid YAML"),
        ("", "needs keys with values"),
    ],
)
def test_a_broken_file_is_named(tmp_path, text, complaint):
    (tmp_path / "nod.yaml").write_text(text)
    with pytest.raises(ConfigError, match=f"nod.yaml.*{complaint}"):
        load_exercises(tmp_path)


def test_an_exercise_gives_its_own_numbers_to_a_fault_that_others_share(tmp_path):
    (tmp_path / "nod.yaml").write_text(
        GOOD + "faults: {depth: {low: 0.5}, too_fast: , nodding: {angle: neck_flexion, high: 20, margin: 5}}\n"
    )
    faults = load_exercises(tmp_path)["nod"].faults
    assert (faults["depth"].low, faults["depth"].timing, faults["too_fast"].low) == (0.5, "extent", 1.0)
    assert faults["nodding"].angle == "neck_flexion"


def test_an_empty_folder_is_refused(tmp_path):
    with pytest.raises(ConfigError, match="no exercise files"):
        load_exercises(tmp_path)


def test_a_language_that_is_missing_falls_back_to_english_or_to_what_there_is(tmp_path):
    (tmp_path / "nod.yaml").write_text(GOOD)
    (tmp_path / "nicken.yaml").write_text(GOOD.replace("en: {title: Nod", "de: {title: Nicken"))
    found = load_exercises(tmp_path)
    assert [found[name].words("fr").title for name in ("nod", "nicken")] == ["Nod", "Nicken"]


def test_a_file_that_is_added_after_the_installation_counts(tmp_path, monkeypatch):
    home, installed = tmp_path / "config" / "exercises", install_share(tmp_path) / "config" / "exercises"
    for folder in (home, installed):
        folder.mkdir(parents=True)
    (home / "nod.yaml").write_text(GOOD)
    (installed / "nod.yaml").symlink_to(home / "nod.yaml")
    (home / "bow.yaml").write_text(GOOD)
    monkeypatch.setenv("AMENT_PREFIX_PATH", str(tmp_path))
    assert set(load_exercises()) == {"nod", "bow"}


def test_every_exercise_of_the_body_that_ships_says_once_how_far_is_far_enough():
    for exercise in (one for one in load_exercises().values() if one.repetition):
        assert len([name for name, fault in exercise.faults.items() if fault.far_enough]) == 1, exercise.name


@pytest.mark.parametrize("name", ["stop", "pain_4", "left", "Nod", "mit leer", "a,b", "nod_", "-x"])
def test_a_name_that_could_not_be_asked_for_is_refused(tmp_path, name):
    (tmp_path / f"{name}.yaml").write_text(GOOD)
    with pytest.raises(ConfigError, match=f"{name}.yaml: name '{name}'"):
        load_exercises(tmp_path)
