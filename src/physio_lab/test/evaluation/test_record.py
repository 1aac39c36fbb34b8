"""`physio record`: with consent, a clip and its row; else nothing at all."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from physio_core.camera.video import read_video
from physio_core.camera.writer import VideoWriter
from physio_core.cli import main
from physio_core.csv_table import read_table
from physio_core.errors import InputError, PhysioError, SourceError
from physio_core.types import Frame
from physio_lab.evaluation.index import COLUMNS, read_index
from physio_lab.evaluation.record import Recording, Request, record


class Pictures:
    """Ten pictures a second, without waiting; lost after some of them where asked."""

    def __init__(self, count: int, lost: bool = False) -> None:
        self.notes: list[str] = []
        self.given, self._lost = 0, lost
        self._frames: Iterator[Frame] = (Frame(5.0 + at / 10, np.full((48, 64, 3), at, np.uint8)) for at in range(count))

    def read(self) -> Frame | None:
        self.given += 1
        frame = next(self._frames, None)
        if frame is None and self._lost:
            raise SourceError("unplugged")
        return frame

    def interrupt(self) -> None: ...

    def close(self) -> None: ...


def asked(folder: Path, seconds: float = 2.0) -> Request:
    return Request("squat", "p01", folder, seconds, consent=True)


def test_a_clip_begins_after_the_countdown_and_its_row_goes_into_the_index_that_is_there(tmp_path: Path) -> None:
    mine = "label;file;reps;grade;note\nlunge;a.mp4;3;A;my own\n"
    (tmp_path / "INDEX.csv").write_text(mine)
    said: list[str] = []
    one, other = (record(asked(tmp_path), Pictures(90), said.append) for _ in range(2))
    assert one and other and said[:4] == ["3 ...", "2 ...", "1 ...", "recording"]
    assert (one.path.name, other.path.name) == ("squat_p01_01.mp4", "squat_p01_02.mp4")
    assert one == Recording(one.path, 20, pytest.approx(1.9))
    pictures = list(read_video(one.path))
    assert len(pictures) == 20 and abs(int(pictures[0].rgb.mean()) - 30) < 4
    assert (tmp_path / "INDEX.csv").read_text().startswith(mine)
    assert [clip.label for clip in read_index(tmp_path)] == ["lunge", "squat", "squat"]


def test_stopping_keeps_what_is_whole_or_nothing(tmp_path: Path) -> None:
    source = Pictures(90)
    made = record(asked(tmp_path / "late"), source, lambda _: None, lambda: source.given > 40)
    assert made and made.frames == len(list(read_video(made.path))) == 11
    (row,) = read_table(tmp_path / "late" / "INDEX.csv", COLUMNS).rows
    assert (row.cells["subject"], row.cells["fps"], row.cells["frames"]) == ("p01", "10.0", "11")
    assert record(asked(tmp_path / "early"), Pictures(90), lambda _: None, lambda: True) is None
    assert not (tmp_path / "early").exists()


@pytest.mark.parametrize("count", [0, 20, 40])
def test_a_camera_that_is_lost_leaves_nothing(tmp_path: Path, count: int) -> None:
    with pytest.raises(SourceError):
        record(asked(tmp_path), Pictures(count, lost=True), lambda _: None)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"consent": False}, "--consent"),
        ({"subject": "anna"}, "never a name"),
        ({"label": "../squat"}, "small letters"),
        ({"seconds": 0.0}, "0.5 to 600"),
    ],
)
def test_what_may_not_be_recorded_is_refused(tmp_path: Path, change: dict[str, object], why: str) -> None:
    given: dict[str, object] = {"label": "squat", "subject": "p01", "folder": tmp_path, "seconds": 2.0, "consent": True}
    with pytest.raises(InputError, match=why):
        Request(**(given | change)).check()  # type: ignore[arg-type]


def test_a_row_that_cannot_be_written_takes_its_clip_along(tmp_path: Path) -> None:
    (tmp_path / "INDEX.csv").write_text("neither\n")
    with pytest.raises(PhysioError, match="no column"):
        record(asked(tmp_path), Pictures(90), lambda _: None)
    assert [path.name for path in tmp_path.iterdir()] == ["INDEX.csv"]


def test_the_command_records_from_a_video_only_with_consent(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    video, out = tmp_path / "camera.mp4", tmp_path / "clips"
    with VideoWriter(video, 10.0, 64, 48) as writer:
        for at in range(40):
            writer.add(np.full((48, 64, 3), at, np.uint8))
    command = ["record", "--label", "squat", "--subject", "p01", "--out", str(out), "--video", str(video), "--seconds", "0.5"]
    assert main(command) == 2 and not out.exists()
    assert main([*command, "--consent"]) == 0
    assert "squat_p01_01.mp4" in capsys.readouterr().out and [clip.label for clip in read_index(out)] == ["squat"]


def test_a_folder_that_was_made_for_nothing_goes_again(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    kept = tmp_path / "kept"
    kept.mkdir()
    for out in (tmp_path / "new" / "clips", kept):
        line = ["record", "--label", "squat", "--subject", "p01", "--out", str(out), "--video", str(tmp_path / "none.mp4")]
        assert main([*line, "--consent"]) == 2
        assert "none.mp4" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == [kept]
