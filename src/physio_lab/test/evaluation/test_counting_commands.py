"""`physio reps evaluate`: what is counted is written and printed, and the exit code says whether clips could be used."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from physio_core.cli import main
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
