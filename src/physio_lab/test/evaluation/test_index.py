"""An index as people write it: capitals, spaces and spreadsheets do not change what a clip is."""

from __future__ import annotations

from pathlib import Path

import pytest

from physio_core.errors import InputError
from physio_core.types import UNKNOWN
from physio_lab.evaluation.index import INDEX, Clip, known_as, read_index

ROW = "a.mp4,push_up,3,A"


def read(folder: Path, content: str, grades: str = "", encoding: str = "utf-8") -> list[Clip]:
    (folder / INDEX).write_bytes(content.encode(encoding))
    return read_index(folder, grades)


@pytest.mark.parametrize(
    "content",
    [
        f"File,Label,Reps,Grade\n{ROW}\n",
        f"file, label, reps, grade\n{ROW}\n,,,\n\n",
        "file,label,reps,grade\n a.mp4 , Push-Up ,3, a \n",
        "file,label,reps,grade\r\na.mp4,push up,3\tx,A\r\n",
    ],
)
def test_spelling_does_not_change_a_clip(tmp_path: Path, content: str) -> None:
    assert read(tmp_path, content, "a") == [Clip(tmp_path / "a.mp4", "push_up", "A")]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
def test_what_spreadsheets_save_is_read(tmp_path: Path, encoding: str) -> None:
    (clip,) = read(tmp_path, "file,label,reps,grade\nKn\u00e4beuge.mp4,squat,3,A\n", encoding=encoding)
    assert clip.path.name == "Kn\u00e4beuge.mp4"


def test_a_refused_row_is_named_by_its_line_in_the_file(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="row 5"):
        read(tmp_path, f"file,label,reps,grade\n\n{ROW}\n,,,\n,squat,3,A\n")


@pytest.mark.parametrize(
    ("content", "grades", "says"),
    [
        ("", "", "INDEX.csv is empty; a folder of labelled clips needs the columns file, label: write them into its first line"),
        ("file,label\n", "", "names its columns, but no clips; add a row for each: file,label"),
        ("file,label\na.mp4,squat\n", "Z", "grades no clip, so --grades Z leaves none; leave it out, or fill a column grade"),
        (f"file,label,reps,grade\n{ROW}\nb.mp4,squat,3,\n", "Z", "holds no clip of grade Z; it has A$"),
    ],
)
def test_an_index_without_clips_says_what_is_missing(tmp_path: Path, content: str, grades: str, says: str) -> None:
    with pytest.raises(InputError, match=says):
        read(tmp_path, content, grades)


def test_a_label_is_the_models_however_it_is_written() -> None:
    assert [known_as(label, ("push_up", "Side_Bend", UNKNOWN)) for label in ("Push-Up", "side bend", "plank")] == [
        "push_up", "Side_Bend", UNKNOWN,
    ]  # fmt: skip
