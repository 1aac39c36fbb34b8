"""The commands: what cannot be used is refused before the work, broken clips are reported, what was asked for is written."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from physio_core.action.card import DEFAULT_MODEL
from physio_core.cli import main
from physio_core.errors import ConfigError
from physio_core.share import shared_path
from physio_lab.evaluation import commands, outputs
from physio_lab.evaluation.evaluate import Case

HEADER = "file,label,reps,grade\n"


@pytest.fixture
def folder(tmp_path: Path, squat: Case, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of one clip whose joints are known already."""
    (tmp_path / "INDEX.csv").write_text(HEADER + "squat.mp4,squat,3,A\n")
    monkeypatch.setattr(commands, "watch_all", lambda *_: [squat])
    return tmp_path


def test_the_command_reports_broken_files_and_goes_on(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "broken.mp4").write_bytes(b"no video")
    (tmp_path / "INDEX.csv").write_text(HEADER + "broken.mp4,squat,3,A\nmissing.mp4,lunge,3,A\n")
    page, found = tmp_path / "table.md", tmp_path / "found.json"
    assert main(["action", "evaluate", str(tmp_path), "--workers", "1", "--json", str(found), "--markdown", str(page)]) == 2
    result = json.loads(found.read_text())
    assert result["n"] == 2 and result["accuracy"] == 0.0 and sorted(result["failed"]) == ["broken.mp4", "missing.mp4"]
    assert result["notes"] == {}
    said = capsys.readouterr()
    assert "missing.mp4" in page.read_text() and "broken.mp4" in said.out and "none of 2 clips could be used" in said.err
    assert result["calibration"] is None and result["top_1"] == 0.0 and result["silent_because"] == {}


def test_what_is_odd_about_a_file_is_said_everywhere(folder: Path, squat: Case, monkeypatch, capsys) -> None:
    monkeypatch.setattr(commands, "watch_all", lambda *_: [replace(squat, note="the file is cut off")])
    files = [str(folder / name) for name in ("f.json", "f.csv", "f.md")]
    assert main(["action", "evaluate", str(folder), "--json", files[0], "--csv", files[1], "--markdown", files[2]]) == 0
    assert json.loads(Path(files[0]).read_text())["notes"] == {squat.clip.path.name: "the file is cut off"}
    assert all(
        "the file is cut off" in text
        for text in (Path(files[1]).read_text(), Path(files[2]).read_text(), capsys.readouterr().out)
    )


def test_files_are_written_before_the_table_whose_reader_may_be_gone(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(commands, "print_result", lambda *_: (_ for _ in ()).throw(BrokenPipeError))
    files = [folder / name for name in ("f.json", "f.csv", "f.md")]
    with pytest.raises(BrokenPipeError):
        main(["action", "evaluate", str(folder), "--json", str(files[0]), "--csv", str(files[1]), "--markdown", str(files[2])])
    assert all(path.stat().st_size for path in files)


def test_labels_that_the_model_does_not_have_are_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "INDEX.csv").write_text(HEADER + "a.mp4,Squat,,A\nb.mp4,Burpee,,A\nc.mp4,burpee,,A\nd.mp4,unknown,,A\n")
    assert main(["action", "evaluate", str(tmp_path), "--workers", "1"]) == 2
    assert "labels taken as unknown, because the model does not have them: burpee (2)" in capsys.readouterr().out


@pytest.mark.parametrize("command", ["evaluate", "calibrate"])
def test_a_clip_that_cannot_be_run_is_named_and_the_rest_is_measured(folder: Path, squat: Case, command, capsys, monkeypatch):
    monkeypatch.setattr(
        commands, "watch_all", lambda *_: [squat, Case(replace(squat.clip, path=Path("bad.mp4")), None, "no video")]
    )
    model = shutil.copytree(shared_path("models", DEFAULT_MODEL), folder / "model")
    assert main(["action", command, str(folder), "--workers", "1", "--model", str(model)]) == 1
    assert "bad.mp4" in capsys.readouterr().out


def test_the_command_refuses_an_empty_folder(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["action", "evaluate", str(tmp_path)]) == 2
    assert "INDEX.csv" in capsys.readouterr().err


def test_the_command_refuses_a_model_that_is_not_there(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "INDEX.csv").write_text(HEADER + "a.mp4,squat,3,A\n")
    assert main(["action", "evaluate", str(tmp_path), "--model", str(tmp_path)]) == 2
    assert "no model" in capsys.readouterr().err


BAD_FLAGS = (
    ["--fps", "-1"],
    ["--workers", "0"],
    ["--grades", "X"],
    ["--set", "name_above=2"],
    ["--json", "/proc/none/found.json"],
    ["--picture", "page.jpg"],
    ["--html", "found.json"],
    ["--csv", "same.csv", "--json", "same.csv"],
    ["--json", "."],
    ["--csv", "/dev/null/scores.csv"],
    ["--cache", "/dev/null/joints"],
    ["--fps", "nan"],
    ["--set", "needs=foo"],
)


@pytest.mark.parametrize("flags", BAD_FLAGS)
def test_flags_that_cannot_be_used_are_refused_before_the_work(
    tmp_path: Path, flags: list[str], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "INDEX.csv").write_text(HEADER + "gone.mp4,squat,3,A\n")
    monkeypatch.setattr(commands, "watch_all", lambda *_: pytest.fail("the clips were looked at"))
    assert main(["action", "evaluate", str(tmp_path), "--workers", "1", *flags]) == 2
    assert capsys.readouterr().err.startswith("physio: ")


def test_calibrating_needs_a_model_and_clips_with_people(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "INDEX.csv").write_text(HEADER + "gone.mp4,squat,3,A\n")
    assert main(["action", "calibrate", str(tmp_path)]) == 2
    assert "--model" in capsys.readouterr().err
    folder = shutil.copytree(shared_path("models", DEFAULT_MODEL), tmp_path / "model")
    assert main(["action", "calibrate", str(tmp_path), "--model", str(folder), "--workers", "1"]) == 2
    assert "nothing was said" in capsys.readouterr().err


def test_a_page_without_a_place_for_the_tables_is_refused_before_the_work(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip("matplotlib", reason="pictures need matplotlib: scripts/setup --training")
    (tmp_path / "INDEX.csv").write_text(HEADER + "gone.mp4,squat,3,A\n")
    page = tmp_path / "page.md"
    page.write_text("no marks\n")
    assert main(["action", "evaluate", str(tmp_path), "--workers", "1", "--tables", str(page)]) == 2
    said = capsys.readouterr()
    assert "<!-- physio: evaluate -->" in said.err and "accuracy" not in said.out and page.read_text() == "no marks\n"


def test_the_figures_hold_everything_that_the_page_shows(folder: Path) -> None:
    assert main(["action", "evaluate", str(folder), "--workers", "1", "--json", str(folder / "found.json")]) == 0
    found = json.loads((folder / "found.json").read_text())
    assert found["top_1"] == found["top_5"] == 1.0 and found["silent_because"].keys() == {"too_few_frames", "nobody"}
    assert found["coverage_curve"][-1]["coverage"] == pytest.approx(found["coverage"])
    assert found["seconds_curve"][-1] == {"seconds": 20.0, "accuracy": found["accuracy"]}
    assert {"temperature_card", "temperature_fitted", "ece_card", "ece_fitted", "ece_held_out"} <= found["calibration"].keys()


def test_figures_are_written_although_a_page_fails(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> str:
        raise ConfigError("no page")

    monkeypatch.setattr(outputs, "check_libraries", lambda: None)
    monkeypatch.setattr(outputs, "sections", fail)
    monkeypatch.setattr(commands, "rate_table", lambda *_: [])
    files = ["--json", str(folder / "found.json"), "--html", str(folder / "found.html")]
    assert main(["action", "evaluate", str(folder), "--workers", "1", *files]) == 2
    assert json.loads((folder / "found.json").read_text())["n"] == 1 and not (folder / "found.html").exists()


def test_frame_rates_are_measured_only_where_they_are_asked_for(folder: Path, monkeypatch, capsys) -> None:
    pytest.importorskip("matplotlib", reason="pictures need matplotlib: scripts/setup --training")
    row = {"rate": "9", "with_stamps": 1.0, "without_stamps": 0.5, "thesis": None}
    monkeypatch.setattr(commands, "rate_table", lambda *_: [row])
    line = ["action", "evaluate", str(folder), "--workers", "1", "--html", str(folder / "page.html")]
    for flags, told in (([], False), (["--rates"], True)):
        assert main([*line, *flags]) == 0
        assert ("every image 1/30 s later" in capsys.readouterr().out) is told
        assert ("Frame rate" in (folder / "page.html").read_text()) is told


def test_any_page_takes_the_tables_and_a_card_the_short_ones(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("matplotlib", reason="pictures need matplotlib: scripts/setup --training")
    monkeypatch.setattr(commands, "rate_table", lambda *_: [])
    card = folder / "README.md"
    card.write_text("# mine\n<!-- physio: evaluate-short -->\n<!-- /physio: evaluate-short -->\n## Limits\n")
    pages = ["--tables", str(card), "--tables", str(folder / "page.md")]
    assert main(["action", "evaluate", str(folder), "--workers", "1", *pages, "--note", "Mine."]) == 0
    assert "**Coverage.**" in (folder / "page.md").read_text()
    text = card.read_text()
    assert "| true \\\\ named |" in text and "Mine." in text and "**Coverage.**" not in text and text.endswith("## Limits\n")
