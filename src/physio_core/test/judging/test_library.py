"""Exercises from three places; what an exercise lacks is said in a line, and what nobody can judge is never asked for."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from physio_core.action.card import CARD, model_folder
from physio_core.cli import main
from physio_core.errors import ConfigError, ModelError
from physio_core.exercises.catalogue import askable, load_exercises, require
from physio_core.judging.library import LibraryConfig, load_library
from physio_core.languages.texts import languages
from physio_core.session.machine import Session, SessionConfig

NOD = "kind: body\nview: side\nneeds: [hip]\nwording: {en: {title: Nod, instruction: Nod.}}\n"
BARRED = [f"{name}: {one.barred}" for name, one in load_exercises().items() if one.barred]
"""What the shipped files say themselves."""
FIGURE = "period_s: 2\nangles_deg: {neck_flexion: [0, 30]}\n"


@pytest.fixture
def model(tmp_path: Path) -> Path:
    """A model that was taught to nod, as far as the coach looks at it."""
    card = json.loads((model_folder() / CARD).read_text())
    write(tmp_path / "mine" / CARD, json.dumps(card | {"labels": [*card["labels"], "nod"]}))
    return tmp_path / "mine"


def write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


def test_what_a_model_was_taught_comes_with_it(model: Path) -> None:
    write(model / "exercises" / "nod.yaml", NOD)
    write(model / "exercises" / "figures" / "nod.yaml", FIGURE)
    library = load_library(LibraryConfig(model=str(model)))
    assert library.lacks() == BARRED and library.exercises["nod"].figure is not None
    assert require("nod", library.exercises).words("en").title == "Nod" and "nod" in askable(library.exercises)
    assert library.lacks("de")[len(BARRED) :] == ["nod: no wording in 'de', shown in 'en'"]


def test_an_exercise_that_the_model_does_not_know_is_named_and_never_asked_for(tmp_path: Path) -> None:
    write(tmp_path / "own" / "nod.yaml", NOD)
    library = load_library(LibraryConfig(exercise_dir=str(tmp_path / "own")))
    barred, no_figure = (line for line in library.lacks() if line not in BARRED)
    assert barred.startswith("nod: the model does not know it, only squat, lunge") and "action learn CLIPS --name nod" in barred
    assert no_figure.startswith("nod: no figure")
    with pytest.raises(ConfigError, match="cannot ask for nod: the model does not know it"):
        require("nod", library.exercises)
    assert "nod" not in askable(library.exercises) and {"squat", "sit_to_stand"} <= set(askable(library.exercises))


@pytest.mark.parametrize("name", load_exercises())
def test_each_exercise_that_ships_has_a_figure_every_language_and_a_judge_or_says_why_not(name: str) -> None:
    in_file, one = load_exercises()[name], load_library(LibraryConfig()).exercises[name]
    assert one.figure is not None and set(one.wording) >= set(languages())
    texts = [*(fault.cue for fault in one.faults.values()), one.safety.notes, one.safety.contraindications]
    assert all(set(by_language) >= set(languages()) for by_language in texts if by_language)
    assert one.barred == in_file.barred
    if one.barred:
        with pytest.raises(ConfigError, match=re.escape(f"cannot ask for {name}: {in_file.barred}")):
            require(name, {name: one})


def test_a_file_may_say_why_it_is_not_asked_for_yet(tmp_path: Path) -> None:
    write(tmp_path / "nod.yaml", NOD + "barred: a physiotherapist has not looked at it yet\n")
    library = load_library(LibraryConfig(exercise_dir=str(tmp_path)))
    assert "nod: a physiotherapist has not looked at it yet" in library.lacks()
    with pytest.raises(ConfigError, match="cannot ask for nod: a physiotherapist"):
        Session(library.exercises, SessionConfig(mode="list", exercises=("nod",)))
    refused = Session(library.exercises, SessionConfig(mode="request")).command("nod", 0.0)
    assert not refused.accepted and "a physiotherapist has not looked" in refused.reason


def test_a_label_without_an_exercise_file_is_named(model: Path) -> None:
    (line,) = load_library(LibraryConfig(model=str(model))).lacks()[len(BARRED) :]
    assert line.startswith("nod: the model knows it, but no exercise file describes it") and "exercise_dir" in line


def test_a_users_file_takes_the_place_of_one_that_ships_and_keeps_its_figure(tmp_path: Path) -> None:
    write(tmp_path / "squat.yaml", NOD)
    squat = load_library(LibraryConfig(exercise_dir=str(tmp_path))).exercises["squat"]
    assert squat.words("en").title == "Nod" and squat.figure is not None


def test_a_folder_or_model_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=f"exercise_dir {tmp_path}/gone is no folder"):
        load_library(LibraryConfig(exercise_dir=str(tmp_path / "gone")))
    with pytest.raises(ModelError, match=f"no model at {tmp_path}/gone"):
        load_library(LibraryConfig(model=str(tmp_path / "gone")))


def test_the_list_shows_what_each_has_and_ends_with_1_where_something_is_missing(
    model: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["exercise", "list"]) == bool(BARRED)
    write(model / "exercises" / "nod.yaml", NOD)
    assert main(["exercise", "list", "--model", str(model)]) == 1
    printed = capsys.readouterr().out
    assert printed.count("jumping_jack") == 2 and "nod: no figure beside its file" in printed
