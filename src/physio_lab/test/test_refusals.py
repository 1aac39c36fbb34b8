"""What the commands of the laboratory cannot do is refused in one line before the work, and nothing is written."""

from __future__ import annotations

from pathlib import Path

import pytest

from physio_core import cli


def refused(words: str, folder: Path, capsys: pytest.CaptureFixture[str]) -> str:
    """The one line that a command says, which leaves the folder as it was."""
    before = {file: file.read_bytes() for file in folder.rglob("*") if file.is_file()}
    assert cli.carry_out(cli.parse(words.split())) == cli.REFUSED
    assert {file: file.read_bytes() for file in folder.rglob("*") if file.is_file()} == before
    said = capsys.readouterr().err.splitlines()
    assert len(said) == 1, said
    return said[0]


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a clip, its indices and a page without marks."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "empty").mkdir()
    held = {
        "clip.mp4": "frames", "page.md": "# A page\n", "INDEX.csv": "file,label,grade\nclip.mp4,squat,A\n",
        "index.csv": "file,person,recording,frame,state\nclip.mp4,p,r,1,open\n",
    }  # fmt: skip
    for name, text in held.items():
        (tmp_path / name).write_text(text)
    return tmp_path


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ("hand fma evaluate --patients 4", "--patients 4 must be 5 or more"),
        ("hand fma-compare --patients 19", "give 20 patients and one epoch, or more"),
        ("hand fma-compare --epochs 0", "give 20 patients and one epoch, or more"),
        ("hand wmft-network --data . --epochs 0", "--epochs 0 must be 1 or more"),
        ("hand evaluate --only velvet", "--only velvet: known are"),
        ("hand evaluate --only ,", "names nothing"),
        ("hand refine-evaluate --only velvet", "--only velvet: known are iterations, activities"),
        ("hand states evaluate --simulated juggling", "no positions of 'juggling'; there are: hand_stretch"),
        ("hand states evaluate --simulated hand_stretch --called closed", "give STATE=NAME"),
        ("hand states learn . --out a.yaml --pictures", "give --page FILE, too"),
        ("hand states learn empty --out a.yaml", "empty/index.csv"),
        ("hand assembly --out new --gloves velvet", "no glove 'velvet'; choose from: none, thin"),
        ("hand assembly --out empty", "empty exists; choose another folder"),
        ("hand refine empty --out run", "empty holds no videos; endings that are known: .mp4"),
        ("hand refine clip.mp4 --out run --iterations -1", "iterations = -1 is outside"),
        ("hand score none.mp4 --item hook", "no such video: none.mp4"),
        ("hand score none.mp4 --item hook --level 2", "name one with --scores CSV"),
        ("hand score none.mp4 --item hook --scores s.csv --patient Anna.Muster", "Anna.Muster"),
        ("hand landmarks evaluate --real empty", "empty/index.csv"),
        ("hand cycles . --label juggling --grades=", "no clip of label 'juggling'; it has squat"),
        ("reps evaluate . --workers 0", "--workers 0 must be 1 or more"),
        ("reps evaluate . --grades C", "no clip of grade C has a number of repetitions"),
        ("reps evaluate-landmarks none.npz INDEX.csv --workers 0", "--workers 0 must be 1 or more"),
        ("reps evaluate-landmarks none.npz INDEX.csv", "INDEX.csv has no column reps"),
        ("reps evaluate-simulated --sets 0", "--sets 0 must be 1 or more"),
        ("reps evaluate-simulated --workers 0", "--workers 0 must be 1 or more"),
        ("reps evaluate-simulated --exercises juggling", "unknown exercise 'juggling'"),
        ("reps evaluate-simulated --exercises squat,hand_fist", "the file of hand_fist does not say what a repetition is"),
        ("pose compare . --label plank", "no clips of the grades asked for and that label"),
        ("pose compare empty", "empty/INDEX.csv"),
        ("angles evaluate --people 0", "--people 0; need at least 1"),
        ("angles evaluate --workers 0", "--workers 0; need at least 1"),
        ("quality evaluate --data empty --methods velvet", "--methods velvet: known are usual"),
        ("sim dataset set --clips 0", "--clips 0; need at least 1"),
        ("sim dataset set --daily-life -1", "--daily-life -1; need at least 0"),
        ("sim dataset set.txt --daily-life 2", ".parquet"),
        ("sim noise empty", "empty holds no rendered clips; make them: physio sim dataset"),
        ("sim arm --type squiggle", "unknown type of path 'squiggle'; known: h_d"),
        ("sim picture --exercise juggling --out a.png", "unknown exercise 'juggling'"),
        ("sim picture --out a.txt", ".png"),
        ("trajectory generate none.csv --out next.txt", ".csv"),
        ("trajectory plot none.csv --out next.jpg", ".png"),
        ("trajectory generate none.csv --out next.csv --weight 2", "--weight 2; need 0 (the ideal path) .. 1"),
        ("trajectory score none.csv", "cannot read none.csv"),
    ],
)
def test_what_cannot_be_done_is_refused_in_one_line(here, capsys, words, says):
    assert says in refused(words, here, capsys)


@pytest.mark.parametrize(
    "words",
    [
        "hand fma evaluate", "hand fma-compare", "hand wmft-network --data .", "hand landmarks evaluate",
        "hand landmarks evaluate --real .", "hand see", "hand refine-evaluate --only speed,gloves", "angles evaluate",
    ],
)  # fmt: skip
def test_a_page_without_a_place_for_the_tables_is_refused_before_the_work(here, capsys, words):
    assert "page.md has no place for this: put the lines <!-- physio: " in refused(f"{words} --tables page.md", here, capsys)


@pytest.mark.parametrize(
    "words",
    [
        "hand fma evaluate", "hand fma-compare", "hand evaluate", "hand angles", "hand see", "hand landmarks evaluate",
        "hand states evaluate --simulated hand_stretch", "faults evaluate", "angles evaluate", "reps evaluate-simulated",
        "sim arm", "sim benchmark", "coach evaluate .", "pose compare .", "hand cycles . --grades= --label squat",
    ],
)  # fmt: skip
def test_a_place_that_cannot_be_written_is_refused_before_the_work(here, capsys, words):
    (here / "empty" / "kept").touch()
    assert "cannot write empty" in refused(f"{words} --json empty", here, capsys)
