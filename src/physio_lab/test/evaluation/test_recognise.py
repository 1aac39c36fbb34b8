"""`physio action recognise`: stretches of time with their label, by the same path as live."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from physio_core.camera.video import read_video
from physio_core.camera.writer import VideoWriter
from physio_core.cli import main
from physio_core.types import UNKNOWN, Abstain, Prediction
from physio_lab.evaluation import recognise_commands
from physio_lab.evaluation.evaluate import Case
from physio_lab.evaluation.index import Clip
from physio_lab.evaluation.recognise import Segment, segments_of


def said(*parts: tuple[str, int]) -> list[Prediction]:
    """Ten predictions a second; an empty label is silence."""
    labels = [label for label, count in parts for _ in range(count)]
    silent = {True: Abstain.NOBODY, False: Abstain.NONE}
    return [Prediction(5.0 + at / 10, label, 0.8 * bool(label), abstain=silent[not label]) for at, label in enumerate(labels)]


def test_a_segment_lasts_as_long_as_its_label_and_bridges_short_silence() -> None:
    found = segments_of(said((UNKNOWN, 10), ("squat", 20), ("", 4), ("squat", 6), ("", 20), ("squat", 5), ("lunge", 10)))
    assert [one.label for one in found] == [UNKNOWN, "squat", "squat", "lunge"]
    assert found[1] == Segment("squat", pytest.approx(6.0), pytest.approx(9.0), pytest.approx(0.8))
    assert (found[2].start_s, found[3].end_s) == (pytest.approx(11.0), pytest.approx(12.5))
    assert segments_of(said(("", 10))) == ()


@pytest.fixture
def video(tmp_path: Path, squat: Case, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A video as long as a squat whose joints are known already; other files cannot be used."""
    path = tmp_path / "squat.mp4"
    assert squat.sequence
    with VideoWriter(path, 30.0, 320, 240) as writer:
        for _ in squat.sequence.stamps_s:
            writer.add(np.full((240, 320, 3), 90, np.uint8))

    def watch_all(clips: list[Clip], workers: int) -> list[Case]:
        good = replace(squat, note="the file is cut off")
        return [replace(good, clip=clip) if clip.path == path else Case(clip, None, f"{clip.path} is odd") for clip in clips]

    monkeypatch.setattr(recognise_commands, "watch_all", watch_all)
    return path


def test_one_video_gives_table_json_and_an_annotated_copy(
    video: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out, copy = tmp_path / "f.json", tmp_path / "copy.mp4"
    assert main(["action", "recognise", str(video), "--json", str(out), "--video", str(copy)]) == 0
    found = json.loads(out.read_text())
    assert found["dominant"] == "squat" and found["note"] == "the file is cut off"
    last = found["segments"][-1]
    assert set(last) == {"label", "start_s", "end_s", "confidence"} and last["label"] == "squat" and last["confidence"] > 0.6
    assert 5.5 < last["end_s"] <= 6.1 and last["end_s"] - last["start_s"] > 3.0
    pictures = [frame.rgb for frame in read_video(copy)]
    assert len(pictures) == 180 and pictures[150].max() > 200, "a skeleton and words are drawn"
    printed = capsys.readouterr().out
    assert "from [s]" in printed and "mostly squat; the file is cut off" in printed


def test_of_several_videos_a_bad_one_is_said_and_the_others_go_on(
    video: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "f.json"
    assert main(["action", "recognise", "bad.mp4", str(video), "--json", str(out), "--video", str(tmp_path / "new")]) == 1
    bad, good = json.loads(out.read_text())["videos"]
    assert bad == {"file": "bad.mp4", "error": "bad.mp4 is odd"} and good["dominant"] == "squat"
    assert capsys.readouterr().err == "physio: bad.mp4 is odd\n"
    assert (tmp_path / "new" / "squat_recognised.mp4").is_file()


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["bad.mp4"], "bad.mp4 is odd"),
        (["VIDEO", "--video", "VIDEO"], "written over another"),
        (["VIDEO", "--video", "copy.txt"], "has the ending"),
        (["VIDEO", "--model", "/no/model"], "/no/model"),
    ],
)
def test_what_cannot_be_done_is_one_line(
    video: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], reason: str
) -> None:
    assert main(["action", "recognise", *(str(video) if word == "VIDEO" else word for word in arguments)]) == 2
    error = capsys.readouterr().err
    assert reason in error and error.count("\n") == 1
