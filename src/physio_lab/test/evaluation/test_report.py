"""The page stands alone and tells the truth; tables find their place in a page or say that there is none."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from physio_core.errors import ConfigError
from physio_core.types import UNKNOWN
from physio_lab.datasets.sequence import back_and_forth
from physio_lab.evaluation.clip_label import ClipConfig
from physio_lab.evaluation.evaluate import Case, Outcome
from physio_lab.evaluation.measures import measures
from physio_lab.evaluation.report import html, markdown_tables, telling_picture
from physio_lab.evaluation.sections import Material, sections
from physio_lab.evaluation.tables import write_block, write_blocks
from physio_lab.evaluation.worst import SHOWN_S, wrong_part

pytest.importorskip("matplotlib", reason="pictures need matplotlib: scripts/setup --training")
pytest.importorskip("jinja2", reason="the page needs Jinja: scripts/setup --training")

LABELS = ("squat", "lunge", UNKNOWN)


@pytest.fixture
def material(squat: Case, outcome: Callable[..., Outcome]) -> Material:
    outcomes = [outcome("squat", [("squat", 0.9)] * 30), outcome("squat", [("lunge", 0.7)] * 30)]
    outcomes[1] = replace(outcomes[1], clip=replace(outcomes[1].clip, path=Path("a<b>.mp4")), note="cut off")
    result = measures(outcomes, LABELS, ClipConfig(), 1.0)
    result["rates"] = [{"rate": "9", "with_stamps": 0.5, "without_stamps": 0.25, "thesis": None}]
    return Material([squat, squat], outcomes, result, LABELS, "physio action evaluate DIR", "Nobody was filmed.")


def test_the_page_needs_no_other_file_and_shows_the_worst_clips(material: Material) -> None:
    page = html(material, sections(material), "Recognition by test")
    assert not re.search(r'(src|href)="(?!data:)', page) and "<script" not in page
    assert page.count("data:image/gif") == 1 and "Nobody was filmed." in page and "a&lt;b&gt;.mp4: squat, named lunge" in page
    for title in (
        "Confusion",
        "Calibration",
        "Coverage",
        "Seconds seen",
        "Frame rate",
        "By view",
        "By grade",
        "Odd files",
        "Files",
    ):
        assert f"<h2>{title}</h2>" in page


def test_the_tables_hold_the_figures(material: Material) -> None:
    page = markdown_tables(sections(material), "physio action evaluate DIR")
    assert "| accuracy | 0.500 (" in page and "| 9 | 0.500 | 0.250 | - |" in page
    assert "| squat | 2 | 0.500 | 1.000 | 0.667 |" in page and "**Files.**" not in page and "| a\\<b\\>.mp4 | cut off |" in page


def test_the_short_tables_are_those_of_a_card(material: Material) -> None:
    page = markdown_tables(sections(material), "physio action evaluate DIR", short=True)
    assert [line.split("**")[1] for line in page.splitlines() if line.startswith("**")] == [
        "Score summary.", "Confusion.", "Calibration.",
    ]  # fmt: skip


def test_grades_are_not_explained_because_every_index_has_its_own(material: Material) -> None:
    assert "one shot" not in markdown_tables(sections(material), "")


def test_a_worst_clip_is_shown_where_it_was_called_wrongly(squat: Case, outcome: Callable[..., Outcome]) -> None:
    assert squat.sequence
    late = [("squat", 0.9)] * 150 + [("lunge", 0.9)] * 20 + [("squat", 0.9)] * 30 + [("lunge", 0.9)] * 30
    one = replace(outcome("squat", late), summary=replace(outcome("squat", late).summary, label="lunge"))
    whole = back_and_forth(squat.sequence, 30.0)
    part = wrong_part(whole, one)
    assert part.stamps_s[[0, -1]] == pytest.approx([21.5 - SHOWN_S / 2, 21.5 + SHOWN_S / 2], abs=0.1)
    assert len(wrong_part(squat.sequence, one).stamps_s) == len(squat.sequence.stamps_s)  # shorter than what is shown


def test_the_small_picture_is_a_png(material: Material) -> None:
    assert telling_picture(sections(material)).startswith(b"\x89PNG")


def test_nothing_said_still_gives_a_page(material: Material, outcome: Callable[..., Outcome], squat: Case) -> None:
    silent = [outcome("squat", [])]
    empty = replace(material, cases=[squat], outcomes=silent, result=measures(silent, LABELS, ClipConfig(), 1.0))
    assert "Nothing was said" in html(empty, sections(empty), "silent")


def test_tables_replace_what_stood_between_the_marks(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    write_block(page, "profile", "old")
    page.write_text("before\n" + page.read_text() + "after\n")
    write_block(page, "profile", "new")
    assert page.read_text() == "before\n<!-- physio: profile -->\nnew\n<!-- /physio: profile -->\nafter\n"
    with pytest.raises(ConfigError, match="physio: evaluate"):
        write_block(page, "evaluate", "new")


def test_a_new_page_gets_all_the_marks_and_one_that_lacks_some_is_left_as_it_was(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    write_blocks(page, {"one": "first", "two": "second"})
    write_blocks(page, {"two": "2nd"})
    assert page.read_text() == (
        "<!-- physio: one -->\nfirst\n<!-- /physio: one -->\n\n<!-- physio: two -->\n2nd\n<!-- /physio: two -->\n"
    )
    before = page.read_text()
    with pytest.raises(ConfigError, match="page.md has no place for this"):
        write_blocks(page, {"one": "1st", "three": "third"})
    assert page.read_text() == before
