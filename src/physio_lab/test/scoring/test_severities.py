"""Severities and ratings are told of people who taught nothing; what cannot be used is refused with its place."""

import json

import numpy as np
import pytest

from physio_core.cli import DONE, REFUSED, main
from physio_core.skeleton.layouts import KINECT_25
from physio_lab.scoring import severity as told
from physio_lab.scoring.agreement import quadratic_kappa
from physio_lab.scoring.wmft import INDEX, PACKED, SEVERITIES
from physio_lab.scoring.wmft_figures import in_order
from physio_testing.plain_transform import Plain

REST_M = {
    "spine_base": (0, 0, 3), "upper_neck": (0, 0.55, 3), "head": (0, 0.7, 3), "spine_shoulder": (0, 0.5, 3),
    "left_shoulder": (0.2, 0.5, 3), "left_elbow": (0.25, 0.2, 3), "left_wrist": (0.25, 0.0, 2.9),
    "left_hand": (0.25, -0.05, 2.85), "left_hand_tip": (0.25, -0.1, 2.8), "left_thumb": (0.22, -0.06, 2.82),
    "left_hip": (0.1, 0, 3), "right_hip": (-0.1, 0, 3),
    "right_shoulder": (-0.2, 0.5, 3), "right_elbow": (-0.25, 0.2, 3), "right_wrist": (-0.25, 0.0, 2.9),
    "right_hand": (-0.25, -0.05, 2.85), "right_hand_tip": (-0.25, -0.1, 2.8), "right_thumb": (-0.22, -0.06, 2.82),
}  # fmt: skip


def write_wmft(folder, people=4, tasks=2, joints=tuple(REST_M)):
    """Reaches that are slower, smaller and shakier the more severe they are."""
    rng, frames, offsets, rows = np.random.default_rng(0), [], [0], ["subject,condition,task"]
    for person in range(people):
        for severity, condition in enumerate(SEVERITIES):
            for task in range(1, tasks + 1):
                count = 40 + 40 * severity + int(rng.integers(0, 8))
                body = np.repeat(np.array([REST_M[joint] for joint in joints], float)[None], count, 0)
                reach = np.sin(np.linspace(0, np.pi, count)) * (0.4 - 0.12 * severity)
                arm = [joint.startswith(("left_wrist", "left_hand", "left_thumb")) for joint in joints]
                body[:, arm, 1] += reach[:, None] + rng.normal(0, 0.004 * (1 + severity), (count, 1))
                frames.append(body + rng.normal(0, 0.002, body.shape))
                offsets.append(offsets[-1] + count)
                rows.append(f"P{person},{condition},{task}")
    numbers = [KINECT_25.joints.index(joint) for joint in joints]
    packed = (np.concatenate(frames) * 1000).astype(np.int16)
    np.savez(folder / PACKED, frames=packed, offsets=np.array(offsets), scale_m=0.001, joints=np.array(numbers))
    (folder / INDEX).write_text("\n".join(rows))
    return folder


def test_severities_of_a_person_are_told_by_what_others_taught(tmp_path, capsys, monkeypatch):
    pytest.importorskip("aeon", reason="aeon is installed for training only: scripts/setup --training")
    monkeypatch.setattr(told, "Rocket", Plain)
    found = tmp_path / "found.json"
    words = ["hand", "wmft", "--data", str(write_wmft(tmp_path)), "--methods", "duration,angles", "--json", str(found)]
    assert main(words) == DONE
    result = json.loads(found.read_text())
    assert result["single_task_accuracy"] > 0.8 and result["combined_accuracy"] > 0.8
    assert result["n"] == 24 and result["subjects"] == 4 and result["method"] == "angles"
    assert "published" in capsys.readouterr().out


def test_an_order_within_a_person_may_be_right_where_levels_are_not():
    scores = np.array([[0.9, 0.1, 0.0], [0.1, 0.4, 0.5], [0.0, 0.1, 0.9], [0.2, 0.8, 0.0], [0.6, 0.4, 0.0]])
    found = in_order(scores, np.array([0, 1, 2, 0, 1]), np.array(["a", "a", "a", "b", "b"]))
    assert found["combined_in_order_accuracy"] == 1.0, "b has no session of the third severity, so has no order to be known"
    assert found["told_wrong"] == {"a": ["mild as moderate"], "b": ["healthy as mild", "mild as healthy"]}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda folder: write_wmft(folder, people=2), "at least three people"),
        (lambda folder: write_wmft(folder, joints=tuple(REST_M)[1:]), "no joint spine_base"),
        (lambda folder: (folder / PACKED).write_bytes(b"no"), "no packed set"),
        (
            lambda folder: (folder / INDEX).write_text((folder / INDEX).read_text().replace("mild", "severe", 1)),
            "line 4: condition",
        ),
    ],
)
def test_recordings_that_cannot_be_used_are_refused(tmp_path, capsys, change, said):
    pytest.importorskip("aeon", reason="aeon is installed for training only: scripts/setup --training")
    write_wmft(tmp_path)
    change(tmp_path)
    assert main(["hand", "wmft", "--data", str(tmp_path)]) == REFUSED
    assert said in capsys.readouterr().err


def write_taps(path, people, seed=0):
    rng = np.random.default_rng(seed)
    rows = ["subject,age,speed_mean,period_mean,Rating"]
    for person in people:
        for _ in range(2):
            rating = int(rng.integers(0, 5))
            period = "" if rating == 2 else f"{0.2 + 0.1 * rating + rng.normal(0, 0.02):.4f}"
            rows.append(f"p{person},70,{300 - 50 * rating + rng.normal(0, 10):.3f},{period},{rating}")
    path.write_text("\n".join(rows))
    return str(path)


def test_ratings_of_tapping_are_told_of_other_people(tmp_path):
    pytest.importorskip("sklearn", reason="scikit-learn is installed for training only: scripts/setup --training")
    train, test, found = (
        write_taps(tmp_path / "a.csv", range(30)),
        write_taps(tmp_path / "b.csv", range(30, 40), 1),
        tmp_path / "f.json",
    )
    assert main(["hand", "tapping", "--train", train, "--test", test, "--json", str(found)]) == DONE
    result = json.loads(found.read_text())
    assert result["n"] == 20 and result["subjects"] == 10
    assert result["mae"] < 0.5 * result["methods"]["usual"]["mae"] and result["pearson"] > 0.8


def test_tapping_of_someone_who_taught_or_without_a_rating_is_refused(tmp_path, capsys):
    pytest.importorskip("sklearn", reason="scikit-learn is installed for training only: scripts/setup --training")
    train = write_taps(tmp_path / "a.csv", range(6))
    assert main(["hand", "tapping", "--train", train, "--test", train]) == REFUSED
    assert "must not have taught" in capsys.readouterr().err
    (tmp_path / "a.csv").write_text("subject,speed,Rating\np1,3.0,7\n")
    assert main(["hand", "tapping", "--train", train]) == REFUSED
    assert "line 2: rating '7'" in capsys.readouterr().err


def test_far_disagreement_weighs_more_than_near():
    truth = np.array([0, 1, 2, 0, 1, 2])
    assert quadratic_kappa(truth, truth, 3) == 1.0
    assert quadratic_kappa(truth, np.array([1, 1, 2, 0, 1, 2]), 3) > quadratic_kappa(truth, np.array([2, 1, 2, 0, 1, 2]), 3) > 0.0
    assert quadratic_kappa(truth, np.array([0, 0, 0, 0, 0, 0]), 3) == 0.0
