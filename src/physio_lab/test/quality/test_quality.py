"""Learned quality: sets are read, people are kept apart, figures are what they say, and what cannot be measured is refused."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import numpy as np
import pytest

from physio_core.errors import ConfigError, InputError
from physio_core.skeleton.layouts import KINECT_25
from physio_lab.quality import commands
from physio_lab.quality.crossing import between, crossing, kinds_of, measured, mirrored
from physio_lab.quality.judge import sigmoid
from physio_lab.quality.outcomes import Outcomes, reliability, right_or_wrong, scored, together
from physio_lab.quality.takes import JOINTS, SETS, in_own_frame, read_takes
from physio_testing.quality_sets import pack, raising, write_kimore, write_ui_prmd

UI_PRMD, IRDS, KIMORE = SETS
PEOPLE = ("B_ID1", "P_ID1", "S_ID1", "E_ID1", "NE_ID1", "NE_ID2")


def asked(data: Path, **others: object) -> argparse.Namespace:
    usual = {"test": None, "sets": "", "methods": "usual,statistics", "json": None, "tables": None}
    return argparse.Namespace(data=data, **{**usual, **others})


def test_each_person_is_judged_by_what_others_taught(tmp_path):
    write_ui_prmd(tmp_path)
    write_kimore(tmp_path, PEOPLE)
    commands.run(asked(tmp_path, json=tmp_path / "found.json"))
    found = json.loads((tmp_path / "found.json").read_text())
    assert found["ui_prmd"]["balanced_accuracy"] > 0.95
    assert found["ui_prmd"]["methods"]["usual"]["balanced_accuracy"] == 0.5
    assert found["ui_prmd"]["low"] <= found["ui_prmd"]["balanced_accuracy"] <= found["ui_prmd"]["high"]
    assert found["kimore"]["methods"]["statistics"]["mae"] < found["kimore"]["methods"]["usual"]["mae"]
    assert found["kimore"]["mae_patients"] > 0
    assert "irds" not in found


def test_other_people_are_measured_by_what_the_data_taught_whatever_their_part_is_called(tmp_path):
    write_kimore(tmp_path / "data", PEOPLE)
    write_kimore(tmp_path / "test", ("B_ID3", "E_ID3"), ("kimore_sealed.npz", "index_sealed.csv"))
    commands.run(asked(tmp_path / "data", test=tmp_path / "test", json=tmp_path / "found.json"))
    found = json.loads((tmp_path / "found.json").read_text())
    assert (found["kimore"]["n"], found["kimore"]["subjects"]) == (4, 2)
    assert found["measured_on"] == str(tmp_path / "test")


def test_recordings_without_a_score_are_left_out_and_patients_are_known(tmp_path):
    write_kimore(tmp_path, PEOPLE, ("kimore_a.npz", "index.csv"))
    takes = read_takes(KIMORE, tmp_path / "kimore")
    assert {take.subject: take.patient for take in takes} == dict(zip(PEOPLE, (True,) * 3 + (False,) * 3, strict=True))
    assert takes[0].rate_hz == pytest.approx(15.0)
    assert (takes[0].exercise, takes[0].target) == ("arm_lifting", 20.0)


def test_nobody_is_learnt_from_and_measured(tmp_path):
    write_ui_prmd(tmp_path)
    takes = read_takes(UI_PRMD, tmp_path / "ui_prmd")
    for job in crossing(UI_PRMD, takes):
        assert not {takes[row].subject for row in job.learn} & {takes[row].subject for row in job.ask}
        assert len(job.learn) + len(job.ask) == len(takes)
    with pytest.raises(ConfigError, match="s01 is in what is learnt from"):
        between(takes, takes[:3])


def test_what_is_measured_does_not_look_at_its_own_judgement(tmp_path):
    write_ui_prmd(tmp_path)
    takes = read_takes(UI_PRMD, tmp_path / "ui_prmd")
    learn, test = [take for take in takes if take.subject != "s01"], [take for take in takes if take.subject == "s01"]
    turned = [type(take)(**{**vars(take), "target": -take.target}) for take in test]
    values = [
        measured(UI_PRMD, learn + part, between(learn, part), ["statistics"])["statistics"].values for part in (test, turned)
    ]
    np.testing.assert_array_equal(*values)


def test_a_person_is_seen_from_where_he_stands():
    upright = np.array([1.0, -1.0, 1.0])
    points = raising(KINECT_25, 1.0, np.random.default_rng(0)) * upright
    joints = np.stack([points[:, KINECT_25.index("spine_base")], *[points[:, KINECT_25.index(j.replace("neck", "spine_shoulder"))]
                       for j in JOINTS.joints[1:]]], axis=1)  # fmt: skip
    turn = np.array([[np.cos(0.7), 0, np.sin(0.7)], [0, 1, 0], [-np.sin(0.7), 0, np.cos(0.7)]])
    np.testing.assert_allclose(in_own_frame(1.3 * joints @ turn.T + (0.4, 0.1, 1.0)), in_own_frame(joints), atol=1e-6)
    with pytest.raises(InputError, match="trunk has no length"):
        in_own_frame(np.zeros((6, len(JOINTS.joints), 3)))


def test_a_right_arm_in_a_mirror_is_a_left_one(tmp_path):
    rng = np.random.default_rng(3)
    takes = {side: raising(KINECT_25, 0.6, rng, side) for side in ("left", "right")}
    header = "file,subject,gesture,correct_label"
    # The set shows gestures mirrored: what it calls left moves the columns of the right.
    rows = ["201_a.txt,201,4,1", "201_b.txt,201,5,1"]
    pack(
        tmp_path / "irds",
        ("irds_int16.npz", "index.csv"),
        [takes["right"] * (-1, 1, 1), takes["left"] * (-1, 1, 1)],
        header,
        rows,
    )
    left, right = read_takes(IRDS, tmp_path / "irds")
    assert (left.exercise, right.exercise) == ("shoulder_abduction_left", "shoulder_abduction_right")
    one, other = kinds_of([left, right])
    assert one.exercise == other.exercise == "shoulder_abduction_left"
    np.testing.assert_allclose(one.places, other.places, atol=0.06)
    np.testing.assert_allclose(np.delete(one.angles_deg, UNSURE, 1), np.delete(other.angles_deg, UNSURE, 1), atol=8.0)
    np.testing.assert_allclose(mirrored(mirrored(left)).places, left.places)


UNSURE = tuple(range(12))
"""Of the legs, which are all but straight here: a direction of nothing."""


def outcomes(**change: object) -> Outcomes:
    count = 8
    usual: dict[str, object] = {
        "recordings": np.arange(count),
        "subjects": np.repeat(["a", "b", "c", "d"], 2), "exercises": np.array(["x"] * count),
        "patients": np.array([True, False] * 4), "targets": np.tile([1.0, -1.0], 4),
        "values": np.tile([1.0, -1.0], 4), "probabilities": np.tile([0.9, 0.1], 4),
        "folds": np.repeat([0, 1], 4), "centres": np.full(count, 30.0), "spreads": np.full(count, 10.0),
    }  # fmt: skip
    return Outcomes(**{**usual, **change})


def test_balanced_accuracy_is_the_mean_of_folds_and_then_of_exercises():
    found = right_or_wrong(outcomes(values=np.array([1.0, -1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0])))
    assert found["balanced_accuracy"] == pytest.approx((0.75 + 0.5) / 2)
    assert found["pooled"]["balanced_accuracy"] == pytest.approx((1.0 + 0.25) / 2)
    assert found["low"] <= found["balanced_accuracy"] <= found["high"]
    one_class = right_or_wrong(outcomes(targets=np.ones(8), values=np.array([1.0, -1.0] * 4)))
    assert one_class["balanced_accuracy"] == 0.5


def test_errors_are_averaged_over_exercises_and_told_of_patients():
    targets = np.arange(8.0)
    found = scored(outcomes(targets=targets, values=targets + np.tile([2.0, 0.0], 4)))
    assert (found["mae"], found["mae_patients"]) == (1.0, 2.0)
    assert scored(outcomes(patients=np.zeros(8, bool)))["mae_patients"] is None


def test_recordings_of_a_session_lend_each_other_half():
    values = np.array([40.0, 20.0] + [30.0] * 6)
    np.testing.assert_allclose(together(outcomes(values=values), 0.0, 50.0)[:3], [35.0, 25.0, 30.0])
    dealt_twice = outcomes(values=values, subjects=np.array(["a"] * 8), folds=np.array([0, 1] * 4))
    np.testing.assert_allclose(together(dealt_twice, 0.0, 50.0)[:3], [36.25, 23.75, 31.25])


def test_probabilities_follow_how_often_it_is_true():
    rng = np.random.default_rng(0)
    values = rng.normal(size=4000)
    right = rng.random(4000) < 1 / (1 + np.exp(-(2.0 * values + 0.5)))
    slope, offset = sigmoid(values, right)
    assert (slope, offset) == (pytest.approx(2.0, abs=0.2), pytest.approx(0.5, abs=0.1))
    sure = 1 / (1 + np.exp(-(slope * values + offset)))
    assert reliability(sure, right.astype(float))["error"] < 0.03
    assert reliability(np.full(4, 0.9), np.zeros(4))["error"] == pytest.approx(0.9)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"data": "nothing"}, "holds no folder ui_prmd or irds or kimore"),
        ({"sets": "kimore"}, "holds no folder kimore"),
        ({"sets": "kinect"}, "known are ui_prmd, irds, kimore"),
        ({"methods": "guess"}, "known are usual"),
    ],
)
def test_what_is_not_there_is_refused(tmp_path, change, says):
    write_ui_prmd(tmp_path)
    folder = tmp_path / str(change.pop("data", ""))
    with pytest.raises((InputError, ConfigError), match=says):
        commands.run(asked(folder, **change))


def test_one_person_alone_or_nobody_judged_is_refused(tmp_path):
    write_ui_prmd(tmp_path, people=1)
    with pytest.raises(ConfigError, match="need at least two"):
        commands.run(asked(tmp_path))
    write_kimore(tmp_path, ())
    with pytest.raises(InputError, match="no recording that someone judged"):
        commands.run(asked(tmp_path, sets="kimore"))


def test_sets_that_the_two_folders_do_not_share_are_refused(tmp_path):
    write_ui_prmd(tmp_path / "data")
    write_kimore(tmp_path / "test", PEOPLE)
    with pytest.raises(InputError, match="no set is in both"):
        commands.run(asked(tmp_path / "data", test=tmp_path / "test"))


def test_a_score_that_is_none_is_refused(tmp_path):
    write_kimore(tmp_path, PEOPLE)
    index = tmp_path / "kimore" / "index_dev.csv"
    index.write_text(index.read_text().replace("B_ID1,1,20.0", "B_ID1,1,high"))
    with pytest.raises(InputError, match="B_ID1_Es1"):
        commands.run(asked(tmp_path))
