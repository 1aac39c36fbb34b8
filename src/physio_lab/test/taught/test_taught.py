"""A figure from clips: one clean repetition of the cleanest clip, in the size of the screen's body, begun at rest."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import yaml

from physio_core.errors import ConfigError
from physio_core.exercises.catalogue import load_exercises
from physio_core.exercises.figure import Points, read_figure
from physio_core.languages.texts import languages
from physio_core.motion.kinematics import BODY_JOINTS, BodyShape, positions
from physio_core.motion.movements import EXERCISES
from physio_core.motion.projection import to_openpose_18
from physio_core.motion.style import Style
from physio_core.skeleton.layouts import OPENPOSE_18
from physio_core.types import FloatArray
from physio_lab.taught.exercise import own_exercise, said_in
from physio_lab.taught.figure import best_repetition, learnt

RATE_HZ = 15.0
PERIOD_S = 1.6
Clip = tuple[FloatArray, FloatArray]


def clip(
    name: str = "jumping_jack", heading_rad: float = 0.0, seconds: float = 8.0, noise: float = 0.004, size: float = 0.3
) -> Clip:
    """What a camera sees of a person, as fractions of the picture's height; begun in the middle of a repetition."""
    phase = 0.4 + np.arange(int(seconds * RATE_HZ)) / RATE_HZ / PERIOD_S
    motion = EXERCISES[name].motion(phase, Style(), BodyShape(height_m=1.6)).placed(yaw_rad=heading_rad)
    body = to_openpose_18(positions(BodyShape(height_m=1.6), motion))
    flat = np.stack([body[..., 1], -body[..., 2]], axis=-1) * size + [0.5, 0.8]
    flat += np.random.default_rng(1).normal(size=flat.shape) * noise
    return flat, np.full(flat.shape[:2], 0.9)


def frames_of(figure: Points) -> FloatArray:
    return figure.points_m(np.arange(24) / 24, 0.0)


@pytest.mark.parametrize(
    ("name", "heading_rad", "view"), [("jumping_jack", 0.0, "front"), ("squat", 1.5, "side"), ("lunge", 0.8, "oblique")]
)
def test_one_repetition_is_found_from_any_side(name: str, heading_rad: float, view: str) -> None:
    figure, seen_from = learnt([clip(name, heading_rad)], RATE_HZ) or pytest.fail("no figure")
    assert (figure.period_s, seen_from) == (pytest.approx(PERIOD_S, abs=0.14), view)
    motion = EXERCISES[name].motion(np.arange(24) / 24, Style(sway=0.0), BodyShape()).placed(yaw_rad=heading_rad)
    truth, drawn = positions(BodyShape(), motion), frames_of(figure)
    wrists = [BODY_JOINTS.index(joint) for joint in ("left_wrist", "right_wrist", "left_knee", "right_knee", "nose")]
    up = [np.abs(np.roll(drawn, shift, axis=0)[:, wrists, 2] - truth[:, wrists, 2]).mean() for shift in range(24)]
    assert min(up) < 0.1  # wrists go 1.6 m


@pytest.mark.parametrize("name", ["squat", "lunge"])
def test_a_clip_that_faces_left_gives_the_figure_of_its_mirror_image_which_faces_right(name: str) -> None:
    points, sure = clip(name, 1.3)
    left = (points * [-1.0, 1.0])[:, OPENPOSE_18.mirror], sure
    figure, view = learnt([left], RATE_HZ) or pytest.fail("no figure")
    wanted, same_view = learnt([(points, sure)], RATE_HZ) or pytest.fail("no figure")
    np.testing.assert_allclose(frames_of(figure), frames_of(wanted), atol=0.01)
    nose, neck = BODY_JOINTS.index("nose"), BODY_JOINTS.index("neck")
    assert view == same_view and (frames_of(figure)[:, nose, 1] > frames_of(figure)[:, neck, 1]).all()


def test_the_arm_of_a_one_sided_movement_keeps_its_name_when_the_figure_is_turned() -> None:
    points, sure = clip("squat", -1.3)
    raised = OPENPOSE_18.index("left_wrist")
    points[:, raised, 1] += 0.1 * (1.0 - np.cos(2 * np.pi * np.arange(len(points)) / RATE_HZ / PERIOD_S))
    for one_sided, moving in ((True, "left_wrist"), (False, "right_wrist")):
        figure, _view = learnt([(points, sure)], RATE_HZ, one_sided) or pytest.fail("no figure")
        travel = {joint: float(np.ptp(figure.seen_m[joint]["up"])) for joint in ("left_wrist", "right_wrist")}
        assert max(travel, key=lambda joint: travel[joint]) == moving
        nose, neck = BODY_JOINTS.index("nose"), BODY_JOINTS.index("neck")
        assert (frames_of(figure)[:, nose, 1] > frames_of(figure)[:, neck, 1]).all()


def test_it_begins_at_rest_and_stands_on_the_floor() -> None:
    figure, _view = learnt([clip()], RATE_HZ) or pytest.fail("no figure")
    drawn = frames_of(figure)
    wrists, hips = (
        drawn[:, [BODY_JOINTS.index(f"{side}_{joint}") for side in ("left", "right")], 2] for joint in ("wrist", "hip")
    )
    assert wrists[0].max() < hips[0].min() + 0.1 and wrists.max() > 1.7
    assert -0.05 < drawn[..., 2].min() < 0.05


def test_the_cleanest_clip_is_taken() -> None:
    torn = clip()[0].copy()
    torn[40:] = torn[40:] * 0.4
    hidden = (clip()[0], np.full((120, 18), 0.3))
    found = best_repetition([(torn[:60], np.ones((60, 18))), hidden, clip(noise=0.03), clip(), clip(seconds=0.4)], RATE_HZ)
    assert found is not None and found.clip == 3


def test_legs_that_no_clip_shows_are_drawn_standing() -> None:
    points, sure = clip(noise=0.0)
    legs = [OPENPOSE_18.index(f"{side}_{joint}") for side in ("left", "right") for joint in ("knee", "ankle")]
    sure[:, legs], points[:, legs] = 0.1, 0.0
    figure, _view = learnt([(points, sure)], RATE_HZ) or pytest.fail("no figure")
    feet = frames_of(figure)[:, [BODY_JOINTS.index("left_ankle"), BODY_JOINTS.index("right_ankle")], 2]
    assert np.abs(feet - BodyShape().ankle_m).max() < 0.1


def test_clips_shorter_than_any_repetition_give_no_figure_but_an_exercise(tmp_path: Path) -> None:
    own = own_exercise("bend", [clip(seconds=0.4)], RATE_HZ, {}, (tmp_path / "mine", tmp_path / "base"))
    own.write(tmp_path)
    assert own.figure is None and load_exercises(tmp_path / "exercises")["bend"].figure is None


def test_what_is_written_is_an_exercise_with_its_figure_and_words_that_are_there_stay(tmp_path: Path) -> None:
    places = (tmp_path / "mine", tmp_path / "base")
    words = {"title": said_in(["Star", "de=Stern"]), "instruction": said_in(["fr=Comme une étoile."])}
    own_exercise("star_jump", [clip()], RATE_HZ, words, places).write(tmp_path / "mine")
    made = load_exercises(tmp_path / "mine" / "exercises")["star_jump"]
    assert (made.kind, made.view) == ("body", "front") and made.needs == ("shoulder", "elbow", "wrist", "hip", "knee", "ankle")
    said = {language: (text.title, text.instruction) for language, text in made.wording.items()}
    assert (
        said["en"] == ("Star", "Do as the figure shows.")
        and said["de"][0] == "Stern"
        and said["fr"] == ("Star", "Comme une étoile.")
    )
    again = own_exercise("star_jump", [clip()], RATE_HZ, {}, places)
    assert again.text == "" and again.figure is not None
    assert own_exercise("heel_raise", [clip()], RATE_HZ, {}, places).text.count("title: Heel raise") == len(languages())
    with pytest.raises(ConfigError, match="empty text"):
        said_in(["de="])


def test_exercises_of_the_model_that_is_taught_come_along_and_those_that_are_there_stay(tmp_path: Path) -> None:
    base, out, fresh = tmp_path / "base", tmp_path / "mine", tmp_path / "fresh"
    own_exercise("bend", [clip()], RATE_HZ, {}, (base, tmp_path / "none")).write(base)
    (out / "exercises").mkdir(parents=True)
    (out / "exercises" / "bend.yaml").write_text("my own words")
    own_exercise("nod", [clip()], RATE_HZ, {}, (out, base)).write(fresh)
    there = sorted(str(path.relative_to(fresh / "exercises")) for path in fresh.rglob("*.yaml"))
    assert there == ["bend.yaml", "figures/bend.yaml", "figures/nod.yaml", "nod.yaml"]
    assert (fresh / "exercises" / "bend.yaml").read_text() == "my own words"


def test_a_figure_of_points_survives_its_file(tmp_path: Path) -> None:
    figure, _view = learnt([clip()], RATE_HZ) or pytest.fail("no figure")
    (tmp_path / "a.yaml").write_text(replace(figure, bar_m=2.1).text())
    read = read_figure(tmp_path / "a.yaml")
    np.testing.assert_allclose(read.points_m(np.arange(9) / 9, 1.0), figure.points_m(np.arange(9) / 9, 0.0), atol=1e-6)
    assert read.bar_m == 2.1 and set(yaml.safe_load((tmp_path / "a.yaml").read_text())) == {"period_s", "bar_m", "points_m"}
