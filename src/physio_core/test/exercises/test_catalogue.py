"""A broken exercise file is refused with its name and what is wrong in it."""

from __future__ import annotations

import pytest

from physio_core.errors import ConfigError
from physio_core.exercises.catalogue import load_exercises
from physio_testing.installed import install_share

GOOD = "kind: body\nview: side\nneeds: [hip]\nwording: {en: {title: Nod, instruction: Nod.}}\n"


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
        (GOOD.replace("view: side", "view: top"), "view = 'top'.*front, side, oblique"),
        (GOOD.replace("kind: body\n", ""), "kind"),
        (GOOD.replace("kind: body", "kind: foot"), "kind = 'foot'.*body, hand, trajectory"),
        (GOOD.replace("[hip]", "[hip, tail]"), "needs 'tail'.*shoulder.*ankle"),
        (GOOD.replace("[hip]", "[thumb_tip]"), "needs 'thumb_tip'"),
        (GOOD + "veiw: side\n", "'veiw' is not one of: kind, view"),
        (GOOD.replace("title", "name"), "title"),
        (GOOD.replace("{en: {title: Nod, instruction: Nod.}}", "{}"), "wording is empty"),
        ("a: [", "cannot be read"),
        ("", "needs kind"),
    ],
)
def test_a_broken_file_is_named(tmp_path, text, complaint):
    (tmp_path / "nod.yaml").write_text(text)
    with pytest.raises(ConfigError, match=f"nod.yaml.*{complaint}"):
        load_exercises(tmp_path)


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
