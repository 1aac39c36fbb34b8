"""`physio trajectory classify|score|generate|plot`: what is told and written of the path in a file."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from physio_core.cli import AMISS, DONE, REFUSED, main
from physio_core.trajectories.trajectory import Trajectory
from physio_core.trajectories.types import ideal
from physio_lab.datasets.u30a import read_paths

REACH_M = 0.69


def written(file: Path, path: Trajectory) -> Path:
    """A path as CSV."""
    rows = np.column_stack([path.stamps_s, path.positions_m]).tolist()
    file.write_text("time_s,x_m,y_m,z_m\n" + "\n".join(",".join(map(str, row)) for row in rows))
    return file


@pytest.fixture
def circle(tmp_path: Path) -> Path:
    """The path itself that is asked for."""
    return written(tmp_path / "circle.csv", ideal("clock_m", REACH_M))


def knot() -> Trajectory:
    """Like none of the types."""
    time_s = np.linspace(0.0, 4.0, 80)
    places = [0.4 + 0.05 * np.sin(5 * time_s), 0.1 * np.sin(9 * time_s), 0.1 * np.cos(7 * time_s)]
    return Trajectory(time_s, np.column_stack(places))


def physio(*words: object) -> int:
    return main(["trajectory", *map(str, words)])


def test_a_path_is_named_and_one_that_is_like_none_is_amiss(circle: Path, tmp_path: Path, capsys):
    told = tmp_path / "told.json"
    assert physio("classify", circle, "--json", told) == DONE
    (found,) = json.loads(told.read_text()).values()
    assert found["type"] == "clock_m" and found["probability"] > 0.5 and not found["why"]
    assert physio("classify", written(tmp_path / "knot.csv", knot())) == AMISS
    assert "unknown" in capsys.readouterr().out


def test_what_is_asked_for_scores_full_and_something_else_far_less(circle: Path, tmp_path: Path):
    scores = {}
    for kind in ("clock_m", "h_u"):
        assert physio("score", circle, "--type", kind, "--json", tmp_path / "told.json") == DONE
        (found,) = json.loads((tmp_path / "told.json").read_text()).values()
        assert found["type"] == kind and found["terms"]
        scores[kind] = found["score"]
    assert scores["clock_m"] > 95.0 and scores["h_u"] < scores["clock_m"] - 30.0


def test_the_next_path_is_a_file_that_is_read_again_and_the_ideal_at_weight_0(circle: Path, tmp_path: Path, capsys):
    small = written(tmp_path / "small.csv", ideal("clock_m", 0.6 * REACH_M))
    lengths = {}
    for weight in (0, 1):
        out = tmp_path / f"next_{weight}.csv"
        assert physio("generate", small, "--type", "clock_m", "--weight", weight, "--out", out) == DONE
        (made,) = read_paths(out, "left")
        lengths[weight] = float(np.linalg.norm(np.diff(made.path.positions_m, axis=0), axis=1).sum())
    (wanted,) = read_paths(circle, "left")
    whole = float(np.linalg.norm(np.diff(wanted.path.positions_m, axis=0), axis=1).sum())
    assert lengths[0] == pytest.approx(whole, rel=0.05) and lengths[1] < 0.8 * whole
    assert "0.00 of the patient's own path" in " ".join(capsys.readouterr().out.split())


def test_a_path_that_nobody_names_must_be_said(tmp_path: Path, capsys):
    assert physio("generate", written(tmp_path / "knot.csv", knot()), "--out", tmp_path / "next.csv") == REFUSED
    said = capsys.readouterr().err
    assert "is not recognised" in said and "--type" in said and not (tmp_path / "next.csv").exists()


def test_a_picture_is_drawn_of_what_was_drawn_what_was_asked_and_what_is_next(circle: Path, tmp_path: Path):
    assert physio("plot", circle, "--type", "clock_m", "--out", tmp_path / "next.png") == DONE
    assert (tmp_path / "next.png").read_bytes().startswith(b"\x89PNG")
