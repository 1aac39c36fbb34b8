"""`physio reps evaluate`: what is counted is written and printed, and the exit code says whether clips could be used."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from physio_core.cli import main
from physio_lab.datasets.parallel import Lost
from physio_lab.evaluation import counting_commands
from physio_lab.evaluation.counting import ClipCount
from physio_lab.evaluation.index import read_index


@pytest.mark.parametrize(("broken", "code"), [(0, 0), (1, 1), (2, 2)])
def test_the_exit_code_says_whether_clips_could_be_used(tmp_path: Path, broken, code, capsys, monkeypatch):
    (tmp_path / "INDEX.csv").write_text("file,label,reps\na.mp4,squat,3\nb.mp4,squat,4\n")
    good = [ClipCount(clip, ("squat",), (3,), (1,)) for clip in read_index(tmp_path)]
    counts = [replace(one, counted=(), partial=(), error="no video") for one in good[:broken]] + good[broken:]
    monkeypatch.setattr(counting_commands, "watch_all", lambda *_: [])
    monkeypatch.setattr(counting_commands, "count_all", lambda *_: counts)
    assert main(["reps", "evaluate", str(tmp_path), "--json", str(tmp_path / "f.json")]) == code
    said, found = capsys.readouterr(), json.loads((tmp_path / "f.json").read_text())
    assert ("none of 2 clips could be used, so nothing was measured; the first: a.mp4: no video" in said.err) is (code == 2)
    assert (found["n"], len(found["failed"])) == (2, broken)
    assert found["exact_fraction"] == (0.5 if broken == 0 else 0.0)


def test_packed_landmarks_are_told_by_movement_and_without_a_number_not_at_all(tmp_path: Path, capsys, monkeypatch):
    packed, index, told = tmp_path / "set.npz", tmp_path / "index.csv", tmp_path / "told.json"
    np.savez(packed, frames=np.ones((6, 33, 3), np.uint16), offsets=[0, 2, 4, 6], scale=1 / 4000)
    index.write_text("file,reps,label\na.mp4,5,swing\nb.mp4,9,wave\nc.mp4,,wave\n")
    monkeypatch.setattr(counting_commands, "spread", lambda _count, clips, *_: [len(clips) + 3, Lost("killed")])
    words = ["reps", "evaluate-landmarks", str(packed), str(index), "--json", str(told)]
    assert main(words) == 0
    found = json.loads(told.read_text())
    assert (found["n"], found["obo"], found["exact_fraction"]) == (2, 0.5, 0.5) and found["mae"] == pytest.approx(9 / 9.1 / 2)
    rows = [line.replace("│", " ").split() for line in capsys.readouterr().out.splitlines()]
    assert ["swing", "1", "1.000", "0.000", "1.000"] in rows and ["wave", "1", "0.000", "0.989", "0.000"] in rows
    index.write_text("file,reps\na.mp4,\nb.mp4,\nc.mp4,many\n")
    assert main(words) == 2
    assert "gives no number of repetitions (column reps)" in capsys.readouterr().err
