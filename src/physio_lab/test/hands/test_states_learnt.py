"""Positions of hands learnt from pictures, and judged on other people's."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import numpy as np
import pytest

from physio_core.cli import carry_out
from physio_core.errors import InputError
from physio_core.hands.states import HandStates
from physio_lab.hands.clusters import knee
from physio_lab.hands.judged import figures_of, judge_by, judge_folds, judge_others
from physio_lab.hands.learning import How, learn_states, states_text
from physio_lab.hands.page import states_page
from physio_lab.hands.pictures import Picture, SeenHands, read_pictures
from physio_lab.hands.simulated import simulated_hands, simulated_pictures
from physio_lab.hands.states_commands import add_commands


@pytest.fixture(scope="module")
def learnt():
    points, states = simulated_hands("hand_stretch", 60, 0)
    return learn_states(points, states, How(learnt_from="simulated hands", licence="Apache-2.0"))


def test_other_people_are_judged_by_what_some_taught(learnt):
    test = simulated_pictures("hand_stretch", 40, 7)
    figures = figures_of(judge_by(learnt.model, test, "simulated"))
    assert figures["accuracy"] > 0.95
    assert figures["abstained"] < 0.05
    assert set(figures["confusion"]) == {"good", "half_open", "closed"}


def test_every_state_has_a_cluster_and_they_explain_the_tips(learnt):
    assert {cluster.state for cluster in learnt.file.clusters} == {"good", "half_open", "closed"}
    assert learnt.purity > 0.95
    assert len(learnt.file.clusters) >= learnt.by_knee
    assert learnt.explained[8] > 0.7
    tip = learnt.from_wrist[:, 12]
    far = [tip[at] for at, cluster in enumerate(learnt.file.clusters) if cluster.state == "good"]
    near = [tip[at] for at, cluster in enumerate(learnt.file.clusters) if cluster.state == "closed"]
    assert min(far) > max(near) + 0.5


def test_the_file_that_is_written_is_the_one_that_judges(learnt, tmp_path):
    path = tmp_path / "states.yaml"
    path.write_text(states_text(learnt.file, "test"))
    again = HandStates.read(path)
    points, _ = simulated_hands("hand_stretch", 5, 3)
    assert [again.match(hand).state for hand in points] == [learnt.model.match(hand).state for hand in points]


def test_the_page_shows_no_picture_unless_it_is_asked_to(learnt):
    page = states_page(learnt, "physio hand states learn")
    assert "Variance explained" in page
    assert ".jpg" not in page


def test_recordings_are_left_out_or_cut_where_a_state_is_in_one_only():
    pictures, hands = simulated_pictures("hand_fist", 30, 2)
    apart = [Picture(one.path, one.state, "p", str(at % 2)) for at, one in enumerate(pictures)]
    assert judge_folds(apart, hands).how.startswith("each recording")
    together = [Picture(one.path, one.state, "p", one.state) for one in pictures]
    assert judge_folds(together, hands).how.startswith("each 5th")


def test_hands_that_were_not_seen_are_abstained_from_and_too_few_teach_nothing():
    pictures, hands = simulated_pictures("hand_fist", 30, 2)
    blind = SeenHands(np.full_like(hands.points, np.nan), hands.stamps_s)
    figures = figures_of(judge_others((pictures, hands), (pictures, blind)))
    assert (figures["abstained"], figures["detected"]) == (1.0, 0.0)
    with pytest.raises(InputError, match="only 0 hands were seen"):
        judge_others((pictures, blind), (pictures, hands))
    other = [Picture(one.path, "salute", one.person, one.recording) for one in pictures]
    with pytest.raises(InputError, match="salute"):
        judge_others((pictures, hands), (other, hands))


def test_the_knee_is_where_more_clusters_stop_helping():
    assert knee([1, 2, 3, 4, 5, 6], [600.0, 43.0, 14.0, 12.0, 10.0, 9.0]) == 3


def test_an_index_that_cannot_be_used_is_refused_with_its_row(tmp_path):
    (tmp_path / "index.csv").write_text("file,person,recording,frame,state\nmissing.jpg,A,1,1,good\n")
    with pytest.raises(InputError, match=r"row 2: no picture .*missing\.jpg"):
        read_pictures(tmp_path)


def run(*words: object) -> int:
    parser = argparse.ArgumentParser()
    add_commands(parser.add_subparsers(), "states")
    return carry_out(parser.parse_args(["states", *map(str, words)]))


def test_simulated_hands_are_evaluated_from_the_command_line(tmp_path: Path, capsys):
    out = tmp_path / "figures.json"
    assert run("evaluate", "--simulated", "hand_fist", "--each", 40, "--json", out) == 0
    assert json.loads(out.read_text())["accuracy"] > 0.95
    assert run("evaluate", "--simulated", "hand_wave") == 2
    assert "hand_wave" in capsys.readouterr().err
