"""What is known besides the label follows its sequence: stored, mirrored, cut, slowed, repeated, read from people's tables."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from physio_core.errors import SkeletonError
from physio_core.skeleton.layouts import layout_named
from physio_lab.augment.compose import Compose
from physio_lab.datasets.annotations import Annotations, Score, Sides, annotations_in, mirrored_name
from physio_lab.datasets.augment import augmented, augmented_set, labels_of_copies
from physio_lab.datasets.extract import padded
from physio_lab.datasets.sequence import back_and_forth, taken

KNOWN = Annotations(2, ((0.1, 0.4), (0.5, 0.9)), False, Score(41.0, worst=0.0, best=50.0), Sides.LEFT, "front-left")


@pytest.fixture(name="clip")
def clip_fixture(make):
    """Ten images a second, two repetitions marked, whole within the first and the second half."""
    one = make(frames=11)
    return replace(one, stamps_s=np.arange(11) / 10, annotations=KNOWN)


def changed(clip, *recipe, seed=0):
    return augmented(clip, Compose.from_recipe(list(recipe)), np.random.default_rng(seed), "copy")


@pytest.mark.parametrize(
    "bad",
    [
        lambda: Annotations(repetitions=-1),
        lambda: Annotations(repetitions=3, spans_s=((0.0, 1.0),)),
        lambda: Annotations(spans_s=((1.0, 1.0),)),
        lambda: Annotations(spans_s=((1.0, 2.0), (0.0, 1.0))),
        lambda: Annotations(spans_s=((0.0, float("nan")),)),
        lambda: Score(3.0, 3.0, 3.0),
        lambda: Score(51.0, 0.0, 50.0),
        lambda: Score(float("nan"), 0.0, 50.0),
    ],
)
def test_what_contradicts_itself_is_refused(bad):
    with pytest.raises(SkeletonError):
        bad()


def test_a_score_knows_which_end_of_its_scale_is_the_better_one():
    assert Score(10.0, worst=0.0, best=50.0).share == 0.2
    assert Score(0.0, worst=4.0, best=0.0).share == 1.0


def test_spans_are_counted_where_nobody_counted():
    assert (Annotations().count, Annotations(3).count, Annotations(0).count) == (None, 3, 0)
    assert Annotations(spans_s=((0.0, 1.0),)).count == 1


def test_a_mirror_exchanges_sides_of_the_person_and_of_the_view(clip):
    copy = changed(replace(clip, label="side_tap_left"), {"mirror": {"probability": 1.0}})
    assert (copy.label, copy.annotations) == ("side_tap_right", replace(KNOWN, side=Sides.RIGHT, view="front-right"))
    twice = changed(clip, *[{"mirror": {"probability": 1.0}}] * 2)
    assert (twice.label, twice.annotations) == (clip.label, KNOWN)
    assert Sides.BOTH.mirrored is Sides.BOTH


def test_what_is_not_mirrored_keeps_its_side(clip):
    assert changed(clip, {"mirror": {"probability": 0.0}}, "joint_noise").annotations == KNOWN


@pytest.mark.parametrize(
    ("name", "mirrored"),
    [("swipe_left", "swipe_right"), ("draw_circle_clockwise", "draw_circle_counter_clockwise"), ("cleft_right", "cleft_left"),
     ("draw_circle_counter_clockwise", "draw_circle_clockwise"), ("upright", "upright"), ("side, left", "side, right")],
)  # fmt: skip
def test_only_whole_words_for_a_side_are_exchanged(name, mirrored):
    assert mirrored_name(name) == mirrored


def test_copies_of_a_sided_class_may_be_of_the_other_class(clip):
    compose = Compose.from_recipe([{"mirror": {"probability": 1.0}}])
    labels = labels_of_copies(["tap_left", "squat"], compose)
    made = {one.label for one in augmented_set([replace(clip, label="tap_left")], compose, 1)}
    assert (labels, made) == (("tap_left", "squat", "tap_right"), {"tap_left", "tap_right"})
    assert labels_of_copies(["tap_left"], Compose.from_recipe(["tempo"])) == ("tap_left",)


def test_a_cut_takes_spans_with_it_and_drops_those_of_which_less_than_half_is_left(clip):
    assert taken(clip, np.arange(4, 11)).annotations.spans_s == ((0.5, 0.9),)
    assert taken(clip, np.arange(3, 9)).annotations.spans_s == ((0.5, 0.8),)
    assert taken(clip, np.arange(8, 11)).annotations.count == 0
    assert taken(clip, np.arange(5)).annotations == replace(KNOWN, repetitions=1, spans_s=((0.1, 0.4),))


def test_a_count_without_spans_stays_only_with_the_whole_recording(clip):
    counted = replace(clip, annotations=replace(KNOWN, spans_s=()))
    assert taken(counted, np.arange(0, 11, 2)).annotations.count == 2
    assert taken(counted, np.arange(5)).annotations.count is None
    assert changed(counted, {"tempo": {"slowest": 0.5, "fastest": 0.5}}).annotations.count == 2
    assert back_and_forth(counted, 3.0).annotations == replace(KNOWN, repetitions=None, spans_s=())


def test_half_the_tempo_doubles_the_spans(clip):
    slow = changed(clip, {"tempo": {"slowest": 0.5, "fastest": 0.5, "uneven": 0.0}})
    np.testing.assert_allclose(slow.annotations.spans_s, [[0.2, 0.8], [1.0, 1.8]])


def test_an_uneven_tempo_moves_spans_along_with_their_images(clip):
    marked = clip.points.copy()
    marked[0, :, 0] = np.arange(11)[:, None] / 10
    copy = changed(replace(clip, points=marked, width_px=0), {"tempo": {"uneven": 0.9}}, seed=3)
    shown_s = copy.points[0, :, 0, 0]
    np.testing.assert_allclose(np.interp(copy.annotations.spans_s, copy.stamps_s, shown_s), KNOWN.spans_s, atol=0.05)


def test_played_back_and_forth_a_repetition_is_there_each_time(clip):
    played = back_and_forth(clip, 2.1)
    np.testing.assert_allclose(played.annotations.spans_s, [[0.1, 0.4], [0.5, 0.9], [1.1, 1.5], [1.6, 1.9]])


def test_a_window_that_is_filled_up_repeats_holds_or_lacks_repetitions(clip):
    found = {
        padding: changed(clip, {"random_choose": {"frames": 22, "padding": padding}}).annotations.count
        for padding in ("replay", "hold", "empty")
    }
    assert found == {"replay": 4, "hold": 2, "empty": 2}
    assert padded(clip, 22).annotations.count == 4


def test_a_window_within_is_a_cut(clip):
    copies = [changed(clip, {"crop_time": {"least": 0.5}}, seed=seed) for seed in range(9)]
    assert {copy.annotations.count for copy in copies} == {1, 2}
    assert all(0.0 <= start < end <= copy.stamps_s[-1] for copy in copies for start, end in copy.annotations.spans_s)


def test_transforms_say_what_they_did_to_time_and_side(clip):
    compose = Compose.from_recipe([{"mirror": {"probability": 1.0}}, {"crop_time": {"least": 0.3}}, "tempo", "drop_frames"])
    made = compose.traced(clip.points, clip.confidence, layout_named(clip.layout), np.random.default_rng(2))
    assert made.mirrored and len(made.showing) == made.points.shape[1]
    assert 0 <= made.showing.min() <= made.showing.max() <= 10


def test_a_row_of_a_table_says_what_is_known_and_what_cannot_be_read():
    cells = {"reps": "5", "correct": "No", "score": "3,5", "score_worst": "0", "score_best": "5", "side": "Left", "view": "front"}
    assert annotations_in(cells) == (Annotations(5, (), False, Score(3.5, 0.0, 5.0), Sides.LEFT, "front"), [])
    assert annotations_in({"label": "squat", "score": "tekken"}) == (Annotations(), [])
    scored = {"score": "7", "score_worst": "0", "score_best": "5"}
    _, problems = annotations_in({"reps": "~5", "correct": "perhaps", "side": "top", **scored})
    assert [problem.split()[0] for problem in problems] == ["reps", "correct", "side", "score,"]
