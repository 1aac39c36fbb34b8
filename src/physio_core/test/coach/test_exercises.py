"""A broken exercise file is refused with its name and what is wrong in it."""

from __future__ import annotations

import pytest

from physio_core.coach.exercises import load_exercises
from physio_core.errors import ConfigError

GOOD = "kind: body\nview: side\nneeds: [hip]\nwording: {en: {title: Nod, instruction: Nod.}}\n"


def test_a_new_file_is_a_new_exercise(tmp_path):
    (tmp_path / "nod.yaml").write_text(GOOD)
    assert load_exercises(tmp_path)["nod"].words("en").title == "Nod"


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        (GOOD.replace("view: side", "view: top"), "view = 'top'.*front, side, oblique"),
        (GOOD.replace("kind: body\n", ""), "kind"),
        (GOOD.replace("title", "name"), "title"),
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


def test_a_missing_language_is_refused(tmp_path):
    (tmp_path / "nod.yaml").write_text(GOOD)
    with pytest.raises(ConfigError, match="'de'.*en"):
        load_exercises(tmp_path)["nod"].words("de")
