"""`physio angles evaluate`: true joints give true angles, wrong ones the error that they have, and the page gets its tables."""

from __future__ import annotations

from dataclasses import replace
from itertools import product
from pathlib import Path

import numpy as np
import pytest

from physio_core import cli
from physio_core.errors import ConfigError
from physio_core.skeleton.angle_table import load_angles
from physio_core.skeleton.layouts import BODY_25
from physio_core.skeleton.lifting import DEPTH, LEAN
from physio_lab.synthetic import angle_takes
from physio_lab.synthetic.angle_errors import errors_of, in_plane, rows, views_of
from physio_lab.synthetic.angle_takes import HEADINGS_DEG, MOVEMENTS, PER_PERSON, Take, makes

HIPS = BODY_25.index("spine_base")


def seen_rightly(movement: str, view: str, shift: float = 0.0) -> Take:
    """A take whose joints are found where they truly are, from far away; ``shift`` moves the knees across the image [m]."""
    shot = angle_takes.shot_of(3, 0, movement, view)
    true_m, up = angle_takes.truth_of(shot)
    true_m = true_m + np.array([0.0, 0.0, 200.0])
    flat = true_m[..., :2] / 6.0
    flat[:, [BODY_25.index("left_knee"), BODY_25.index("right_knee")], 0] += shift / 6.0
    world_m = true_m - true_m[:, [HIPS]]
    world_m[..., 2] = (world_m[..., 2] + LEAN * world_m[..., 1]) / DEPTH
    points = np.concatenate([0.5 + flat * [3 / 4, 1.0], world_m[..., 2:]], axis=-1)
    sure = np.ones(points.shape[:2], np.float32)
    stamps_s = np.arange(len(points)) / shot.fps
    whole = (points.astype(np.float32), sure, world_m.astype(np.float32), true_m, up, *shot.size_px)
    return Take(0, movement, view, stamps_s, *whole)


def test_an_angle_lies_in_the_plane_of_the_image_while_both_of_its_segments_do() -> None:
    across, slanting, away = [1.0, 0.0, 0.0], [0.9, 0.0, 0.2], [0.7, 0.0, 0.7]
    table = {name: one for name, one in load_angles().items() if name == "left_knee_flexion"}
    for shank, flat in ((across, True), (slanting, True), (away, False)):
        at_m = np.zeros((1, 25, 3))
        at_m[0, BODY_25.index("left_hip")] = [0.0, -1.0, 0.0]
        at_m[0, BODY_25.index("left_ankle")] = shank
        assert in_plane(at_m, table).tolist() == [[flat]]


def test_joints_that_are_right_give_angles_that_are_right() -> None:
    errors = errors_of([seen_rightly("squat", "side"), seen_rightly("shoulder_abduction", "front")])
    table = {(row.angle, row.view): row for row in rows(errors) if row.source == "best"}
    assert table["knee_flexion", "side"].median_deg < 3.0
    assert table["shoulder_abduction", "front"].median_deg < 2.0
    assert ("knee_flexion", "front") not in table, "depth cannot be judged from the front"


def test_knees_that_are_wrong_show_in_the_knees_and_not_in_the_trunk() -> None:
    table = {row.angle: row for row in rows(errors_of([seen_rightly("squat", "side", shift=0.08)])) if row.source == "best"}
    assert table["knee_flexion"].median_deg > 5.0 > 2.0 > table["trunk_lean"].median_deg


def test_nobody_seen_is_nothing_measured_and_no_error() -> None:
    take = seen_rightly("squat", "side")
    empty = replace(take, confidence=np.zeros_like(take.confidence))
    assert len(errors_of([take, empty]).angle) == len(errors_of([take]).angle)
    assert views_of([empty])["side"] == dict.fromkeys(HEADINGS_DEG, 0.0)


@pytest.mark.parametrize("view", HEADINGS_DEG)
def test_the_view_is_told(view: str) -> None:
    assert views_of([seen_rightly("shoulder_flexion", view)])[view][view] == 1.0


def test_a_few_people_do_everything_in_every_view() -> None:
    done = {(movement, view) for _, movement, view in makes(-(-len(MOVEMENTS) // PER_PERSON))}
    assert done == set(product(MOVEMENTS, HEADINGS_DEG))


def test_the_command_writes_figures_and_a_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys) -> None:
    def rendered(_seed: int, _person: int, movement: str, view: str) -> Take:
        return seen_rightly(movement, view)

    monkeypatch.setattr(angle_takes, "record", rendered)
    monkeypatch.setattr(angle_takes, "in_processes", lambda job, jobs, _workers: enumerate(map(job, jobs)))
    page = tmp_path / "page.md"
    options = cli.parse(["angles", "evaluate", "--people", "1", "--json", str(tmp_path / "f.json"), "--tables", str(page)])
    assert options.run(options) == 0
    assert "| knee flexion | side |" in page.read_text() and "| knee flexion | side |" in capsys.readouterr().out
    with pytest.raises(ConfigError, match="--people 0"):
        wrong = cli.parse(["angles", "evaluate", "--people", "0"])
        wrong.run(wrong)
