"""The page stands alone and tells the truth; tables find their place in a page or say that there is none."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from physio_core.errors import ConfigError
from physio_core.evaluation.evaluate import Case, Outcome, Setup, figures
from physio_core.evaluation.report import Material, html, markdown_tables, sections, telling_picture
from physio_core.evaluation.tables import write_block
from physio_core.types import UNKNOWN

pytest.importorskip("matplotlib", reason="pictures need matplotlib: scripts/setup --training")
pytest.importorskip("jinja2", reason="the page needs Jinja: scripts/setup --training")

LABELS = ("squat", "lunge", UNKNOWN)


@pytest.fixture
def material(squat: Case, outcome: Callable[..., Outcome]) -> Material:
    outcomes = [outcome("squat", [("squat", 0.9)] * 30), outcome("squat", [("lunge", 0.7)] * 30)]
    outcomes[1] = replace(outcomes[1], clip=replace(outcomes[1].clip, path=Path("a<b>.mp4")))
    result = figures(outcomes, LABELS)
    result["rates"] = [{"rate": "9", "with_stamps": 0.5, "without_stamps": 0.25, "thesis": None}]
    return Material(Setup(), [squat, squat], outcomes, result, LABELS, 1.0, "physio action evaluate DIR")


def test_the_page_needs_no_other_file_and_shows_the_worst_clips(material: Material) -> None:
    page = html(material, sections(material), "Recognition by test")
    assert not re.search(r'(src|href)="(?!data:)', page) and "<script" not in page
    assert page.count("data:image/gif") == 1 and "a&lt;b&gt;.mp4: squat, named lunge" in page
    for title in ("Confusion", "Calibration", "Coverage", "Seconds seen", "Frame rate", "By view", "By grade", "Files"):
        assert f"<h2>{title}</h2>" in page


def test_the_tables_hold_the_figures(material: Material) -> None:
    page = markdown_tables(sections(material), "physio action evaluate DIR")
    assert "| accuracy | 0.500 |" in page and "| 9 | 0.500 | 0.250 | - |" in page
    assert "| squat | 2 | 0.500 | 1.000 | 0.667 |" in page and "**Files.**" not in page


def test_the_small_picture_is_a_png(material: Material) -> None:
    assert telling_picture(sections(material)).startswith(b"\x89PNG")


def test_nothing_said_still_gives_a_page(material: Material, outcome: Callable[..., Outcome], squat: Case) -> None:
    silent = [outcome("squat", [])]
    empty = replace(material, cases=[squat], outcomes=silent, result=figures(silent, LABELS))
    assert "nothing was said" in html(empty, sections(empty), "silent")


def test_tables_replace_what_stood_between_the_marks(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    write_block(page, "profile", "old")
    page.write_text("before\n" + page.read_text() + "after\n")
    write_block(page, "profile", "new")
    assert page.read_text() == "before\n<!-- physio: profile -->\nnew\n<!-- /physio: profile -->\nafter\n"
    with pytest.raises(ConfigError, match="physio: evaluate"):
        write_block(page, "evaluate", "new")
