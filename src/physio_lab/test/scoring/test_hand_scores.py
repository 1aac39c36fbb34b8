"""Tries of hand items are scored by what ships, or not with a reason; a therapist's own score is kept beside it."""

import csv
import json
from dataclasses import replace

import numpy as np
import pytest

from physio_core.cli import AMISS, DONE, REFUSED, main
from physio_core.errors import ConfigError
from physio_core.hands.features import FEATURES
from physio_core.hands.scoring import FmaScorer
from physio_core.hands.trial import Trial
from physio_core.types import Skeleton, Tracking
from physio_lab.scoring import body_commands, score_commands
from physio_lab.scoring.examples import simulated
from physio_lab.scoring.fma_baselines import BASELINES
from physio_lab.scoring.fma_figures import figures
from physio_lab.scoring.rendered import EVERY, seen
from physio_lab.synthetic.hand_trials import patient_of, trial_of


@pytest.fixture(scope="module")
def full():
    """A healthy closing of the hand."""
    return trial_of(patient_of(3, 77), "mass_flexion", (77, 3), level=2)


def as_trial(one):
    return Trial.of(one.skeletons(), one.side == "left")


def test_what_ships_tells_a_whole_movement_from_none(full):
    scorer = FmaScorer()
    still = trial_of(patient_of(3, 77), "mass_flexion", (77, 4), level=0)
    assert scorer.score(as_trial(full), "mass_flexion").level == 2
    assert scorer.score(as_trial(still), "mass_flexion").level == 0
    with pytest.raises(ConfigError, match="items of the hand are"):
        scorer.score(as_trial(full), "wave")


def test_what_cannot_be_scored_is_told_with_its_reason(full):
    scorer, trial = FmaScorer(), as_trial(full)
    short = scorer.score(Trial(trial.stamps_s[:3], trial.points[:3], trial.left), "mass_flexion")
    assert short.level is None and "a hand in 3 of 3 images" in short.words
    rng = np.random.default_rng(0)
    torn = replace(trial, points=trial.points + rng.normal(0, 0.5 * np.nanstd(trial.points), trial.points.shape))
    assert "like no try" in scorer.score(torn, "mass_flexion").reason


def test_a_therapists_score_is_kept_beside_what_was_told(full, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(score_commands, "watched", lambda _video, _side: score_commands._Seen(as_trial(full), full.side))
    table, video = tmp_path / "scores.csv", tmp_path / "a.mp4"
    video.touch()
    words = ["hand", "score", str(video), "--item", "mass_flexion", "--scores", str(table)]
    assert main(words) == DONE
    assert main([*words, "--patient", "p07", "--level", "1", "--therapist", "t1", "--reason", "the thumb stays out"]) == DONE
    assert "not a diagnosis" in capsys.readouterr().out
    (row,) = csv.DictReader(table.read_text().splitlines())
    assert (row["told"], row["level"], row["therapist"], row["patient"]) == ("2", "1", "t1", "p07")
    assert main(words[:5] + ["--level", "1"]) == REFUSED
    assert "name one with --scores" in capsys.readouterr().err


def test_a_try_that_is_not_scored_is_amiss_and_no_video_is_refused(full, tmp_path, monkeypatch, capsys):
    trial, video = as_trial(full), tmp_path / "a.mp4"
    short = Trial(trial.stamps_s[:3], trial.points[:3], trial.left)
    monkeypatch.setattr(score_commands, "watched", lambda _video, _side: score_commands._Seen(short, full.side))
    words = ["hand", "score", str(video), "--item", "mass_flexion"]
    assert main(words) == REFUSED
    video.touch()
    assert main(words) == AMISS
    assert "no such video" in capsys.readouterr().err


def test_ranges_of_motion_tell_more_than_the_usual_level():
    examples = simulated(14)
    learn, ask = (examples.of(np.flatnonzero(rows)) for rows in (examples.patients < 10, examples.patients >= 10))
    found = {name: figures(ask, baseline.told(learn, ask)) for name, baseline in BASELINES.items()}
    assert found["usual"]["kappa"] == 0.0 and found["range"]["kappa"] > 0.3 and found["neighbours"]["kappa"] > 0.3
    assert found["range"]["n"] == len(ask) and found["range"]["patients"] == 4


def test_every_feature_that_scorers_look_at_is_named(capsys):
    assert main(["hand", "features"]) == DONE
    said = capsys.readouterr().out
    assert f"{len(FEATURES)} features an image" in said and all(name in "".join(said.split()) for name in FEATURES[:3])


def test_an_arm_that_nobody_saw_is_not_scored_and_that_is_amiss(tmp_path, monkeypatch, capsys):
    nobody = (Skeleton(0.1 * at, Tracking.NOBODY) for at in range(20))
    monkeypatch.setattr(body_commands, "_skeletons", lambda _video: nobody)
    told = tmp_path / "told.json"
    words = ["hand", "body", "a.mp4", "--item", "elbow_flexion", "--side", "left", "--json", str(told)]
    assert main(words) == AMISS
    found = json.loads(told.read_text())
    assert found["level"] is None and found["reason"] and found["side"] == "left"
    assert "elbow flexion, left arm: not scored" in capsys.readouterr().out


def test_a_drawn_try_is_what_the_coachs_tracker_says_of_it_and_is_scored():
    levels = []
    for meant in (0, 2):
        made = trial_of(patient_of(0), "mass_flexion", (0,), level=meant)
        drawn = seen(made, 0)
        tracked = [one for one in drawn.skeletons() if one.tracked]
        assert made.level == meant and len(drawn.seen) == -(-len(made.stamps_s) // EVERY) and len(tracked) > 0.8 * len(drawn.seen)
        levels.append(FmaScorer().score(Trial.of(drawn.skeletons(), drawn.side == "left"), drawn.item).level)
    assert levels[0] == 0 < levels[1]
