"""`physio screen`: pictures of every state that can happen, and the table of legibility that stands in the documents."""

from __future__ import annotations

from pathlib import Path

import pytest

from physio_core.cli import main
from physio_core.screen.wording import headline_key
from physio_core.session.status import State
from physio_core.types import HoldReason
from physio_tools.screen.commands import legibility_table
from physio_tools.screen.gallery import samples

PAGE = Path(__file__).resolve().parents[3] / "docs/screen.md"


def test_the_gallery_writes_a_picture_of_each_state(tmp_path, words):
    arguments = ["screen", "gallery", str(tmp_path), "--language", words.language, "--only", "watch", "paused"]
    assert main([*arguments, "--size", "800x480"]) == 0
    suffix = "" if words.language == "en" else f"_{words.language}"
    assert sorted(path.name for path in tmp_path.iterdir()) == [f"screen_paused{suffix}.png", f"screen_watch{suffix}.png"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--size", "wide"], "size 'wide' is not WIDTHxHEIGHT"),
        (["--size", "99x99"], "size '99x99'"),
        (["--only", "nothing"], "no state 'nothing' of the screen; there are: show"),
        (["--language", "xx"], "no wording in language 'xx'"),
    ],
)
def test_what_the_gallery_cannot_draw_is_refused_in_one_line(tmp_path, capsys, arguments, said):
    assert main(["screen", "gallery", str(tmp_path), *arguments]) == 2
    assert said in capsys.readouterr().err


def test_the_gallery_shows_every_state_and_every_headline(english):
    states = samples(english)
    assert {state.status.state for state in states.values() if state.status} == set(State)
    for name, state in states.items():
        headline = name.removeprefix("watch_").removeprefix("verdict_")
        if name.startswith(("watch_", "verdict_")):
            assert headline_key(state.status).removeprefix("live_") == headline, name


def test_the_gallery_holds_the_robot_as_a_stop_guard_does(english):
    held = {name: state.guard_reason for name, state in samples(english).items() if state.held}
    assert held == {"guard_held": HoldReason.CONTROLLER_LOST, "therapist_held": HoldReason.GUARD_RESTARTED}


def test_the_page_on_the_screen_holds_the_table_that_the_command_prints():
    table, least_arc_min = legibility_table()
    assert least_arc_min >= 10.0
    assert table in PAGE.read_text(encoding="utf-8")


def test_a_screen_too_small_for_its_texts_is_told_by_the_exit_code(capsys):
    assert main(["screen", "legibility", "--sizes", "1024x600", "--diagonal", "5"]) == 1
    assert "headline" in capsys.readouterr().out
