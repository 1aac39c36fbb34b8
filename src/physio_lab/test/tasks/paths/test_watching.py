"""Real recorded paths, acted before a camera: the one that is asked for is never called another, the other way round is told."""

from __future__ import annotations

import json

import numpy as np
import pytest

from physio_core.assessment.repetition import Outcome
from physio_core.cli import main
from physio_core.trajectories.onlooker import classifier
from physio_core.trajectories.types import ideal
from physio_lab.datasets.u30a import read_packed
from physio_lab.synthetic.acted_paths import BEGINS_S, acted
from physio_lab.tasks.paths.watching import SAME, SENSE, SHAPE, begun_at_first_star, watched
from physio_testing.fixtures import DATA
from physio_testing.teaching_device import write_packed

RECORDED = ("clock_b", "clock_big", "counter_m", "counter_b", "d_l", "v_180")


@pytest.fixture(scope="module")
def recordings():
    folder = DATA / "u30a_trajectories"
    if not folder.is_dir():
        pytest.skip("the recordings of the teaching device are not on this machine (set PHYSIO_DATA)")
    known = [one for one in read_packed(folder)[0] if one.participant == "l_sk"]
    return {kind: next(one for one in known if one.kind == kind) for kind in RECORDED}


def test_real_paths_that_were_asked_for_are_not_called_another_and_others_are(recordings):
    found = [one for recording in recordings.values() for one in watched(recording, classifier(), 1)]
    same, sense, shape = ([one for one in found if one.group == group] for group in (SAME, SENSE, SHAPE))
    assert len(same) == len(RECORDED) and not any(one.live or one.said for one in same)
    assert {one.said for one in found if one.said} <= {one.due for one in found} and all(
        one.live in ("", one.due) for one in found
    )
    assert sum(one.live == one.due for one in sense) >= len(sense) - 1
    assert not [one for one in sense if one.live and one.outcome is Outcome.COMPLETE]
    assert any(one.said == one.due for one in shape)


def test_a_recording_begins_where_the_path_that_is_asked_for_does():
    path = begun_at_first_star(ideal("clock_m", 0.5), "counter_big")
    assert np.allclose(path.positions_m[0], ideal("counter_big", 1.0).positions_m[0], atol=0.01)


def test_the_body_that_acts_has_its_hand_where_the_path_is():
    path = begun_at_first_star(ideal("clock_big", 0.6), "clock_big")
    seen = acted(path, 0.9, seed=3)
    wrist, shoulder = 7, 5
    during = [one for one in seen if BEGINS_S <= one.stamp_s <= BEGINS_S + path.duration_s]
    up = np.array([one.points[shoulder, 1] - one.points[wrist, 1] for one in during])
    assert (
        np.corrcoef(up, np.interp([one.stamp_s - BEGINS_S for one in during], path.stamps_s, path.positions_m[:, 2]))[0, 1] > 0.99
    )


def test_the_command_counts_what_was_said(tmp_path, capsys):
    write_packed(tmp_path, "dev", ("l_aa", "l_bb"), ("clock_m",))
    told = tmp_path / "told.json"
    assert main(["trajectory", "watch", "--data", str(tmp_path), "--participants", "l_aa", "--json", str(told)]) == 0
    figures = json.loads(told.read_text())
    assert [figures[group]["n"] for group in (SAME, SENSE, SHAPE)] == [1, 1, 1]
    assert (figures[SAME]["told falsely"], figures[SENSE]["told while drawn"]) == (0.0, 1.0)
    assert main(["trajectory", "watch", "--data", str(tmp_path), "--participants", "l_cc"]) == 2
    assert "nobody is called 'l_cc'" in capsys.readouterr().err
    assert main(["trajectory", "watch", "--data", str(tmp_path), "--json", str(next(tmp_path.glob("u30a_*.npz")))]) == 2
    assert "is what is read, and would be lost" in capsys.readouterr().err
