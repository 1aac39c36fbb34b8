"""What a page says and offers in each state, and that there is room for it on every display."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import pytest

from physio_core.assessment.repetition import OTHER_PATH, Fault, ScoreTerm
from physio_core.screen.drawing.letters import measure
from physio_core.screen.fitting import fit_item
from physio_core.screen.layout import (
    READ,
    Action,
    DemoFigure,
    Ring,
    Sheet,
    Symbol,
    Text,
)
from physio_core.screen.pages import scene_of
from physio_core.screen.palette import VERDICT_COLOURS, contrast
from physio_core.screen.state import Guard, ScreenState, TherapistPage
from physio_core.screen.therapist_page import PER_PAGE
from physio_core.screen.wording import Words
from physio_core.session.messages import message
from physio_core.session.requests import Command
from physio_core.session.status import RUNNING, SetStatus, State, Status
from physio_core.session.summary import Done
from physio_core.trajectories.drawing import Drawing
from physio_core.trajectories.onlooker import OTHER_WAYS
from physio_core.types import HoldReason, Reason, Verdict
from physio_testing.pages import DRAWING, SIZES, inside, legible, places


def said_on(status: Status, words: Words, **state) -> list[str]:
    scene = scene_of(ScreenState(status=status, **state), words, Sheet())
    return [item.text for item in scene.items if isinstance(item, Text)]


@pytest.mark.parametrize("therapist_page", [None, TherapistPage()])
def test_a_refused_request_is_told_on_either_page_with_what_to_do_instead(english, therapist_page):
    said = said_on(Status(State.IDLE, refused=True), english, therapist_page=therapist_page)
    assert english["refused_idle"] in said


def test_a_refused_request_takes_the_name_of_the_exercise_from_no_patient(english):
    refused = Status(State.WATCH, 1, "squat", refused=True)
    assert english.title("squat") in said_on(refused, english) and english["refused"] not in said_on(refused, english)
    assert english["refused"] in said_on(refused, english, therapist_page=TherapistPage())


@pytest.mark.parametrize("question", [None, Command.EFFORT])
def test_a_verdict_says_what_comes_next_beside_the_question_too(english, question):
    work = SetStatus(goal=5, repetitions=5)
    right = Status(State.VERDICT, 1, "squat", rounds=2, verdict=Verdict.RIGHT, next="lunge", current_set=work)
    assert "Next: Lunge" in said_on(right, english, question=question)


def test_a_movement_of_which_no_repetition_was_complete_is_told_what_was_missing(english):
    short = Status(State.VERDICT, 1, "squat", verdict=Verdict.RIGHT, current_set=SetStatus(goal=5, partial=3))
    assert {"Almost!", "0 of 5", "Not yet all the way."} <= set(said_on(short, english))
    done = replace(short, current_set=SetStatus(goal=5, repetitions=5, partial=3))
    assert "Not yet all the way." not in said_on(done, english)


def test_a_path_is_asked_for_by_its_hand_and_then_told_by_score_and_grade(english):
    drawing = Status(State.WATCH, 1, "draw_circle_clockwise", drawing=DRAWING)
    drawn = replace(drawing, current_set=SetStatus(score=64.0))
    assert {"Left hand", "Trace the stars."} <= set(said_on(drawing, english))
    assert {"Left hand", "64", "Grade 2 (1 is best)"} <= set(said_on(drawn, english))


def test_what_to_do_better_in_a_path_stays_with_its_score_and_the_hand_until_the_next_is_drawn(english):
    drawn = Status(State.WATCH, 1, "draw_circle_clockwise", drawing=DRAWING, current_set=SetStatus(score=64.0))
    slower, unnamed = Fault("tempo", 1.0, direction="low"), Fault("no_such_term", 1.0)
    assert {"L", "64", "Grade 2. Draw more slowly."} <= set(said_on(drawn, english, missed=slower))
    assert "Grade 2 (1 is best)" in said_on(drawn, english, missed=unnamed)
    assert {"L", "64", "Go the whole way."} <= set(said_on(drawn, english, missed=slower, cue="Go the whole way."))
    before = replace(drawn, current_set=SetStatus())
    assert "Trace the stars." in said_on(before, english, missed=slower)
    unseen = replace(drawn, verdict=Verdict.UNSURE, reason=Reason.NOBODY)
    assert not any("slowly" in text for text in said_on(unseen, english, missed=slower))


@pytest.mark.parametrize("size", SIZES)
def test_a_rest_tells_the_score_of_the_set_before_and_below_it_which_one_follows(english, size):
    work = SetStatus(goal=8, set=2, sets=3)
    state = ScreenState(Status(State.REST, 1, "squat", time_left_s=29.0, current_set=work), terms=(ScoreTerm("depth", 1.0),))
    items = scene_of(state, english, Sheet(*size)).items
    (score,) = (item.rect for item in items if isinstance(item, Text) and item.text == "100")
    (follows,) = (item.rect for item in items if isinstance(item, Text) and item.text == "Set 2 of 3")
    (arrow,) = (item.rect for item in items if isinstance(item, Symbol) and item.name == "onward")
    last_star = max(item.rect.right for item in items if isinstance(item, Symbol) and item.name == "star")
    assert score.bottom <= follows.y and follows.y <= arrow.centre[1] < follows.bottom
    assert score.x - last_star >= Sheet(*size).px(1.0)


def test_which_round_it_is_is_told_only_where_there_are_several(english):
    rounds = {total: said_on(Status(State.SHOW, 1, "squat", rounds=total), english) for total in (1, 4)}
    assert ("1/1" in rounds[1], "1/4" in rounds[4]) == (False, True)


def test_another_path_than_asked_for_is_named_in_place_of_the_grade(english):
    drawing = Drawing("clock_m", "left", 0.6, ((0.3, 0.0, 0.0), (0.3, 0.1, 0.0)), lit=1)
    off = Fault(OTHER_PATH, 0.0, direction="other_way")
    wrong = Status(
        State.WATCH, 1, "draw_circle_clockwise", verdict=Verdict.WRONG, kind="trajectory", drawing=drawing, now=off,
        current_set=SetStatus(score=82.0),
    )  # fmt: skip
    told = message(wrong, english.catalogue, english.coach, "en")
    said = said_on(wrong, english, message=told, missed=Fault("tempo", 1.0, direction="low"))
    assert "That was a circle the other way round." in said and not any("Grade" in text for text in said)
    items = scene_of(ScreenState(wrong, message=told), english, Sheet()).items
    assert any(isinstance(item, Symbol) and item.name == "cross" for item in items)


@pytest.mark.parametrize("size", SIZES)
def test_every_name_of_another_path_fits_at_full_size(words, size):
    for way in OTHER_WAYS:
        status = Status(
            State.WATCH, 1, "draw_circle_clockwise", verdict=Verdict.WRONG, kind="trajectory", drawing=DRAWING,
            now=Fault(OTHER_PATH, 0.0, direction=way),
        )  # fmt: skip
        told = message(status, words.catalogue, words.coach, words.language)
        items = scene_of(ScreenState(status, message=told), words, Sheet(*size)).items
        (item,) = (item for item in items if isinstance(item, Text) and item.text == told)
        assert legible(item, Sheet(*size).size_px(READ)), told


def test_a_cue_for_a_hand_goes_once_the_hand_is_right(english):
    held = Status(State.WATCH, 1, "hand_fist", verdict=Verdict.RIGHT, kind="hand", current_set=SetStatus(goal=5, phase=1.0))
    assert "Close your hand." not in said_on(held, english, cue="Close your hand.")
    assert "Close your hand." in said_on(replace(held, verdict=Verdict.WRONG), english, cue="Close your hand.")
    assert "Mind your wrist." in said_on(held, english, cue="Mind your wrist.", warns=True)


@pytest.mark.parametrize("state", State)
def test_the_therapists_page_offers_next_pause_and_stop_only_beside_something_that_runs(english, state):
    """`Nothing is running.` beside buttons that end in a refusal would be a lie of one of the two."""
    offered = set(
        places(scene_of(ScreenState(status=Status(state, 1, "squat"), therapist_page=TherapistPage()), english, Sheet()))
    )
    pause = Action.RESUME if state is State.PAUSED else Action.PAUSE
    assert ({Action.NEXT, pause, Action.STOP} & offered) == ({Action.NEXT, pause, Action.STOP} if state in RUNNING else set())


@pytest.mark.parametrize(
    ("guard", "reason", "offered"),
    [
        (Guard.HELD, HoldReason.CONTROLLER_LOST, True),
        (Guard.HELD, HoldReason.WAITING_FOR_CONTROLLER, False),
        (Guard.LOST, HoldReason.NONE, False),
        (Guard.ARMED, HoldReason.KEEP_OUT, False),
    ],
)
def test_release_is_offered_only_while_the_guard_holds(english, guard, reason, offered):
    state = ScreenState(status=Status(), therapist_page=TherapistPage(), guard=guard, guard_reason=reason)
    assert (Action.REARM in places(scene_of(state, english, Sheet()))) == offered


def test_the_bar_is_about_praise_and_stands_only_while_something_counts(english):
    def bars(**status) -> list[float]:
        scene = scene_of(ScreenState(status=Status(State.WATCH, 1, "squat", progress=0.4, **status)), english, Sheet())
        return [item.fraction for item in scene.items if hasattr(item, "fraction")]

    assert bars(judging=True) == [0.4]
    assert bars(judging=False) == []


def test_no_mark_is_given_before_judging_begins(english):
    status = Status(State.WATCH, 1, "squat", verdict=Verdict.WRONG, seen="lunge", judging=False)
    scene = scene_of(ScreenState(status=status), english, Sheet())
    assert not [item for item in scene.items if getattr(item, "name", "") in ("cross", "check", "question")]
    assert not [item for item in scene.items if getattr(item, "colour", None) == VERDICT_COLOURS[Verdict.WRONG]]


def counted(**work) -> Status:
    return Status(State.WATCH, 1, "squat", rounds=4, current_set=SetStatus(goal=5, **work))


def test_the_ring_goes_with_the_repetition_and_the_number_counts_complete_ones_alone(english):
    scene = scene_of(ScreenState(counted(repetitions=3, partial=2, phase=0.4)), english, Sheet())
    (ring,) = (item for item in scene.items if isinstance(item, Ring))
    said = [item.text for item in scene.items if isinstance(item, Text)]
    assert (ring.fraction, "3/5" in said, "1/4" in said) == (0.4, True, False)
    without = scene_of(ScreenState(Status(State.WATCH, 1, "squat", rounds=4)), english, Sheet())
    assert not [item for item in without.items if isinstance(item, Ring)]


def test_a_set_in_seconds_shows_those_that_are_left_and_how_many_were_done(english):
    work = SetStatus(goal_s=30.0, repetitions=4, phase=0.9)
    status = Status(State.WATCH, 1, "squat", rounds=4, time_left_s=11.2, current_set=work)
    scene = scene_of(ScreenState(status), english, Sheet())
    (ring,) = (item for item in scene.items if isinstance(item, Ring))
    said = [item.text for item in scene.items if isinstance(item, Text)]
    assert (ring.fraction, "12" in said, "4" in said) == (pytest.approx(1.0 - 11.2 / 30.0), True, True)


def test_a_cue_moves_nothing_else_on_the_page(english):
    plain, cued = (scene_of(ScreenState(counted(), cue=cue), english, Sheet()) for cue in ("", "A little slower."))
    assert [item.rect for item in plain.items if isinstance(item, Ring | DemoFigure)] == [
        item.rect for item in cued.items if isinstance(item, Ring | DemoFigure)
    ]
    assert plain.buttons == cued.buttons


@pytest.mark.parametrize("size", SIZES[:4])
def test_the_summary_tells_of_every_exercise_or_how_many_more_there_are(words, size):
    for count in (1, 3, 20):
        done = tuple(Done(name, 10, 10, 71.0, "knee_past_toe") for name in list(words.catalogue)[:count])
        scene = scene_of(ScreenState(Status(State.FINISHED), done=done), words, Sheet(*size))
        said = [item.text for item in scene.items if isinstance(item, Text)]
        shown = [one for one in done if words.title(one.exercise) in said]
        assert len(shown) == count or words["more_done"].format(number=count - len(shown)) in said
        assert all(inside(item.rect, Sheet(*size).whole) for item in scene.items)
        for item in (item for item in scene.items if isinstance(item, Text)):
            assert " ".join(fit_item(item, measure)[1]) == item.text, item


def test_every_part_of_a_score_has_room_for_its_words(words):
    known = list(words.aspects)
    for size, names in product(SIZES[:4], [known[first : first + 8] for first in range(0, len(known), 8)]):
        terms = tuple(ScoreTerm(name, 0.5) for name in names)
        state = ScreenState(Status(State.VERDICT, 1, "squat"), terms=terms, therapist_page=TherapistPage())
        texts = [item for item in scene_of(state, words, Sheet(*size)).items if isinstance(item, Text)]
        said = [words.score_part(name, 50.0 / len(names), None, ignored=False) for name in names]
        found = [item for item in texts if item.text in said]
        assert len(found) == len(names)
        assert [item.text for item in found if " ".join(fit_item(item, measure)[1]) != item.text] == []


@pytest.mark.parametrize("size", [(1920, 1080), (1080, 1920)])
def test_every_exercise_to_choose_has_room_for_its_title_also_beside_a_score(words, size):
    for index, names in enumerate(words.pages):
        for terms in ((), (ScoreTerm("depth", 0.5),)):
            page = TherapistPage(names[:1], page_index=index)
            state = ScreenState(Status(State.VERDICT, 1, "squat"), terms=terms, therapist_page=page)
            texts = [item for item in scene_of(state, words, Sheet(*size)).items if isinstance(item, Text)]
            assert {words.page_of(index), *map(words.title, names)} <= {item.text for item in texts}
            assert [item.text for item in texts if " ".join(fit_item(item, measure)[1]) != item.text] == []


def test_the_score_is_explained_by_the_points_that_each_part_cost_and_how_far_it_was_missed(english):
    terms = (ScoreTerm("depth", 0.5, 1.0), ScoreTerm("trunk_lean", 0.9, 2.0), ScoreTerm("too_fast", 1.0))
    misses = {"depth": Fault("depth", 12.4, "deg"), "trunk_lean": Fault("trunk_lean", 3.0, "cm")}
    status = Status(State.VERDICT, 1, "squat")
    said = said_on(status, english, terms=terms, misses=misses, therapist_page=TherapistPage())
    assert {"82 of 100", "depth: −12, 12°", "upright back: −5, 3 cm", "not too fast: 0"} <= set(said)
    assert any(english["score_tap"] in text for text in said)
    ignoring = said_on(status, english, terms=terms, ignored=frozenset({"depth"}), therapist_page=TherapistPage())
    assert "depth: ignored" in ignoring


def test_black_on_white_has_the_contrast_that_wcag_gives():
    assert contrast((0, 0, 0), (255, 255, 255)) == pytest.approx(21.0)
    assert contrast((119, 119, 119), (255, 255, 255)) == pytest.approx(4.48, abs=0.01)


def test_a_movement_without_a_figure_says_so_and_one_that_the_model_does_not_know_is_not_offered(words):
    catalogue = {name: replace(exercise, figure=None) for name, exercise in words.catalogue.items()}
    catalogue["squat"] = replace(catalogue["squat"], barred="the model does not know it")
    without = replace(words, catalogue=catalogue)
    for state in (ScreenState(Status(State.SHOW, 1, "lunge")), ScreenState(therapist_page=TherapistPage())):
        scene = scene_of(state, without, Sheet(1024, 600))
        said = [item.text for item in scene.items if isinstance(item, Text)]
        assert not any(isinstance(item, DemoFigure) for item in scene.items)
        assert said.count(words["no_figure"]) == (PER_PAGE if state.therapist_page else 1) and words.title("squat") not in said
