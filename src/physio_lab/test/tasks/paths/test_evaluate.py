"""`physio trajectory`: every figure that is promised, other people measured than learnt from, and what one file holds."""

from __future__ import annotations

import argparse
import json
from dataclasses import replace

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="torch is installed for training only: scripts/setup --training")

from physio_core.cli import carry_out  # noqa: E402
from physio_core.skeleton.layouts import BODY_25  # noqa: E402
from physio_core.trajectories.lift import load_lift  # noqa: E402
from physio_core.trajectories.types import ideal  # noqa: E402
from physio_lab.synthetic.seen_paths import SeenDrawing  # noqa: E402
from physio_lab.tasks.paths import evaluating  # noqa: E402
from physio_lab.tasks.paths.config import EncoderConfig  # noqa: E402
from physio_lab.tasks.paths.evaluate_commands import add_commands  # noqa: E402
from physio_testing.teaching_device import write_packed  # noqa: E402

PROMISED = {
    "u30a": ("left_accuracy", "accuracy", "direction_free_accuracy"), "robot": ("accuracy",),
    "camera": ("accuracy",), "camera_noise": ("accuracy",),
    "utd_mhad": ("accuracy", "dtw_accuracy"), "kinivi": ("accuracy",), "score": ("own_type_best",),
    "generation": ("between_fraction", "in_limits_fraction", "mse", "interpolation_mse"),
}  # fmt: skip
KINDS = ("clock_b", "counter_t", "v_90", "d_l")


def seen(kind):
    """A person of 25 joints who stands before a camera and whose left hand goes along a type of path."""
    path = ideal(kind, 0.5)
    joints = {"neck": (0.5, 0.3), "spine_base": (0.5, 0.55), "left_shoulder": (0.56, 0.3), "right_shoulder": (0.44, 0.3)}
    points = np.full((len(path), 25, 3), 0.5, np.float32)
    for joint, place in joints.items():
        points[:, BODY_25.index(joint), :2] = place
    for joint, share in (("left_elbow", 0.5), ("left_wrist", 1.0)):
        points[:, BODY_25.index(joint), :2] = [0.56, 0.3] + share * path.positions_m[:, 1:] * [0.375, -0.5]
    world_m = np.zeros((len(path), 25, 3), np.float32)
    world_m[:, BODY_25.index("left_wrist"), 2] = -path.positions_m[:, 0]
    return SeenDrawing(0, kind, "left", 0.0, path.stamps_s, points, np.ones((len(path), 25), np.float32), world_m)


def test_a_path_is_read_from_what_an_estimator_saw_and_nothing_from_nobody():
    path, reach_m = seen("clock_l").read()
    assert 0.5 <= reach_m <= 0.7 and path.side == "left"
    assert np.ptp(path.positions_m[:, 2]) == pytest.approx(np.ptp(ideal("clock_l", 0.5).positions_m[:, 2]), rel=0.35)
    assert replace(seen("clock_l"), confidence=np.zeros((999, 25))).read() is None


def physio(*words):
    parser = argparse.ArgumentParser()
    add_commands(parser.add_subparsers(), "trajectory")
    return carry_out(parser.parse_args(["trajectory", *map(str, words)]))


@pytest.fixture
def quick(monkeypatch):
    """Networks that learn next to nothing, next to no simulated patients."""
    small = EncoderConfig(width=8, heads=2, layers=1)
    for name in ("RECIPE", "SHAPES", "NEXT"):
        recipe = getattr(evaluating, name)
        optimiser = replace(recipe.optimiser, steps=2, keep_every=2, batch=8)
        samples = replace(recipe.samples, people=2, repetitions=1)
        monkeypatch.setattr(evaluating, name, replace(recipe, encoder=small, optimiser=optimiser, samples=samples))
    monkeypatch.setattr(evaluating, "UNSEEN_PEOPLE", 1)
    monkeypatch.setattr(
        evaluating, "see_paths", lambda *_: [seen("clock_l"), replace(seen("d_l"), confidence=np.zeros((999, 25)))]
    )
    monkeypatch.setattr(evaluating, "UNSEEN_REPETITIONS", 1)
    monkeypatch.setattr(evaluating, "WEIGHTS", (0.5,))
    monkeypatch.setattr("physio_lab.tasks.paths.generating.WEIGHTS", (0.3, 0.7))
    monkeypatch.setattr(evaluating, "TRAINED_PEOPLE", 1)
    monkeypatch.setattr("physio_lab.tasks.paths.rounds.KINDS", ("v_90",))


@pytest.mark.parametrize("apart", [True, False])
def test_every_figure_is_in_the_file_and_in_the_tables(apart, quick, tmp_path, capsys):
    folders = [tmp_path / name / "u30a_trajectories" for name in ("dev", "sealed")]
    for folder, people in zip(folders, (["l_ab", "l_cd"], ["l_ef"]), strict=True):
        folder.mkdir(parents=True)
        write_packed(folder, folder.parent.name, people, KINDS)
    test = ("--test", folders[1]) if apart else ()
    assert physio("evaluate", "--data", folders[0].parent, *test, "--json", tmp_path / "f.json", "--cache", tmp_path) == 0
    told = json.loads((tmp_path / "f.json").read_text())
    assert all(key in told[part] for part, keys in PROMISED.items() for key in keys)
    assert told["camera"]["n"] == 2
    assert told["u30a"]["n"] == (4 if apart else 8) and told["generation"]["in_limits_fraction"] == 1.0
    assert told["u30a"]["methods"]["1-nn"]["left"]["accuracy"] == 1.0 and told["score"]["own_type_best"] == 1.0
    assert told["utd_mhad"]["accuracy"] is None and "utd_mhad is neither in" in capsys.readouterr().out.replace("\n", " ")


def test_what_was_learnt_from_is_not_measured_and_an_empty_folder_is_told(quick, tmp_path, capsys):
    write_packed(tmp_path, "dev", ["l_ab"], KINDS[:1])
    assert physio("evaluate", "--data", tmp_path, "--test", tmp_path) == 2
    assert "--test takes other recordings" in capsys.readouterr().err
    assert physio("evaluate", "--data", tmp_path / "nothing") == 2
    assert "u30a_*.npz" in capsys.readouterr().err


def test_a_hand_where_no_arm_comes_is_refused_until_the_arm_is_said(tmp_path, capsys):
    path = ideal("clock_m", 1.1)
    rows = np.column_stack([path.stamps_s, path.positions_m]).tolist()
    file = tmp_path / "far.csv"
    file.write_text("time_s,x_m,y_m,z_m\n" + "\n".join(",".join(map(str, row)) for row in rows))
    assert physio("score", file, "--type", "clock_m") == 2
    assert "an arm that reaches 0.69 m" in capsys.readouterr().err
    assert physio("score", file, "--type", "clock_m", "--reach", "1.1") == 0


def test_a_camera_is_measured_and_what_is_written_is_what_the_run_time_reads(tmp_path, monkeypatch):
    people = [replace(seen(kind), person=person) for person in (0, 1) for kind in KINDS]
    monkeypatch.setattr("physio_lab.synthetic.seen_paths.see_paths", lambda *_: people)
    out, told = tmp_path / "camera.yaml", tmp_path / "told.json"
    assert physio("camera", "--out", out, "--json", told, "--cache", tmp_path) == 0
    figures = json.loads(told.read_text())
    assert 0.0 <= figures["named"]["accuracy"] <= figures["named"]["likeliest_label"] <= 1.0
    lift = load_lift(out)
    assert lift.bias == tuple(figures["errors"]["error_of_mean"])
    assert np.isfinite(lift.place(np.zeros((2, 3)))).all()
