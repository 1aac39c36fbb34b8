"""Fingers and keys: what a tap, a doubled tap and each key mean, and what they never do."""

from __future__ import annotations

import random
from dataclasses import replace
from itertools import product

import pytest

from physio_core.screen.input_handler import DEAD_S, InputHandler
from physio_core.screen.layout import Action, ScreenEvent, Sheet
from physio_core.screen.pages import scene_of
from physio_core.screen.state import Overlay, ScreenState, TherapistPage
from physio_core.screen.telling import TELLS, UNDO_S
from physio_core.screen.view_model import ViewModel
from physio_core.session.requests import Command
from physio_core.session.status import RUNNING, State, Status
from physio_core.types import HoldReason

WATCHING = ScreenState(status=Status(State.WATCH, 1, "squat"))


class Person:
    """Someone at the screen: board, pages and hand together, in invented time."""

    def __init__(self, words, state: State = State.WATCH) -> None:
        self.words, self.view_model, self.handler, self.now_s = words, ViewModel(words.kinds, 99.0), InputHandler(), 0.0
        self.view_model.update_status(Status(state, 1, "squat"), 0.0)
        self.asked: list[str] = []
        self.wait(1.0)

    def wait(self, time_s: float) -> None:
        """Let time pass; the screen draws before and after."""
        for moment_s in (self.now_s, self.now_s + time_s):
            self.now_s = moment_s
            told = self.view_model.due(moment_s)
            self.asked += [told] if told else []
            state = self.view_model.state(moment_s)
            self.scene = scene_of(state, self.words, Sheet())
            self.handler.update(self.scene, state)

    def place(self, action: Action, exercise: str = "", value: int = 0) -> tuple[int, int]:
        return self.scene.place_of(ScreenEvent(action, exercise, value)).centre

    def taps(self, x: int, y: int) -> None:
        self.handler.press((x, y), self.now_s)
        self.follow(self.handler.release((x, y), self.now_s))

    def types(self, *keys: str, shift: bool = False) -> None:
        for key in keys:
            self.follow(self.handler.key(key, shift))

    def follow(self, event: ScreenEvent | None) -> None:
        if event:
            request = self.view_model.press(event).request
            self.asked += [request] if request else []
        self.wait(0.0)


@pytest.fixture
def person(english) -> Person:
    return Person(english)


def test_pages_of_exercises_are_turned_by_keys_and_by_a_tap_and_are_each_of_one_kind(person):
    def shown() -> list[str]:
        return [event.name for _, event in person.scene.buttons if event.action is Action.PICK]

    person.types("t")
    first = shown()
    person.types("page down")
    second = shown()
    person.types("page up")
    assert second != first and shown() == first
    person.wait(1.0)
    person.taps(*person.place(Action.KIND))
    assert {person.words.catalogue[name].kind for name in shown()} == {"hand"}


@pytest.mark.parametrize("later_s", [0.0, 0.05, 0.15, 0.4])
def test_a_doubled_tap_presses_nothing_that_appears_under_the_finger(english, later_s):
    for action, state in ((Action.THERAPIST, State.WATCH), (Action.PAUSE, State.WATCH), (Action.RESUME, State.PAUSED)):
        person = Person(english, state)
        place = person.place(action)
        person.taps(*place)
        asked, opened = list(person.asked), person.view_model.state(0.0).therapist_page
        person.wait(later_s)
        person.taps(*place)
        assert person.asked == asked, action
        assert person.view_model.state(0.0).therapist_page == opened, action


def test_no_button_anywhere_answers_before_it_has_stood_there(person):
    """The page changes by itself, too: a verdict ends, a countdown begins."""
    person.types("t")
    person.wait(DEAD_S - 0.01)
    for rect, _ in person.scene.buttons:
        if rect not in (person.scene.place_of(ScreenEvent(kept)) for kept in (Action.STOP, Action.PAUSE)):
            person.taps(*rect.centre)
    assert person.view_model.state(0.0).therapist_page == TherapistPage()
    person.wait(0.02)
    person.taps(*person.place(Action.PICK, "lunge"))
    assert person.view_model.state(0.0).therapist_page.chosen == ("lunge",)


def test_stop_answers_at_once_when_the_page_changes_around_it(person):
    person.view_model.update_status(Status(State.VERDICT, 1, "squat"), person.now_s)
    person.wait(0.0)
    person.taps(*person.place(Action.STOP))
    assert person.asked == ["stop"]


def test_two_taps_at_two_places_are_two_taps(person):
    person.taps(*person.place(Action.PAUSE))
    person.wait(0.1)
    person.taps(*person.place(Action.STOP))
    assert person.asked == ["pause", "stop"]


def test_a_finger_that_slides_off_or_onto_a_button_presses_nothing(person):
    stop, menu = person.place(Action.STOP), person.place(Action.THERAPIST)
    for down, up in ((stop, menu), (menu, stop), (stop, (5, 300)), ((5, 300), stop)):
        person.handler.press(down, person.now_s)
        assert person.handler.release(up, person.now_s) is None


def test_a_button_that_goes_while_the_finger_is_down_is_not_pressed(person):
    stop = person.place(Action.STOP)
    person.handler.press(stop, person.now_s)
    person.view_model.update_status(Status(State.FINISHED, 1), person.now_s)
    person.wait(0.1)
    assert person.handler.release(stop, person.now_s) is None


def test_a_list_can_be_chosen_and_started_with_the_keyboard_alone(person):
    person.types("t", "5", "5", "3", "backspace")
    while person.handler.focus != ScreenEvent(Action.SETS):
        person.types("tab")
    person.types("return")
    while person.handler.focus != ScreenEvent(Action.START):
        person.types("tab", shift=True)
    person.types("return")
    assert person.asked == ["lunge,lunge,lunge,lunge"]


def test_arrows_reach_every_button(person):
    person.types("t", "1", "down")
    reached, new = set(), {person.handler.focus}
    while new:
        reached |= new
        found = set()
        for focus, key in product(new, ("up", "down", "left", "right")):
            person.handler.focus = focus
            person.types(key)
            found.add(person.handler.focus)
        new = found - reached
    assert reached == {event for _, event in person.scene.buttons}


def test_return_on_menu_twice_presses_nothing_on_the_page_that_opens(person):
    while person.handler.focus != ScreenEvent(Action.THERAPIST):
        person.types("tab")
    person.types("return", "return", "space")
    assert person.asked == ["pause"]
    assert person.view_model.state(0.0).therapist_page == TherapistPage()


def test_a_finger_takes_the_mark_of_the_keyboard_away(person):
    person.types("tab")
    person.handler.press((5, 300), person.now_s)
    assert person.handler.focus is None


def test_escape_goes_back_and_never_stops_the_session(person):
    person.types("t", "h", "escape")
    assert person.view_model.state(0.0).overlay is None
    assert person.view_model.state(0.0).therapist_page is not None
    person.types("escape", "escape", "escape")
    assert person.view_model.state(0.0).therapist_page is None
    assert person.asked == []


@pytest.mark.parametrize(("key", "asked"), [("n", "next"), ("s", "stop"), ("space", "pause")])
def test_letters_and_space_ask(person, key, asked):
    person.types(key, "x", "home")
    assert person.asked == [asked]


def test_space_goes_on_while_paused(english):
    person = Person(english, State.PAUSED)
    person.types("space")
    assert person.asked == ["resume"]


def test_q_asks_first_and_the_safe_answer_has_the_focus(person):
    person.types("q")
    assert person.view_model.state(0.0).overlay is Overlay.CLOSE
    assert person.handler.focus == ScreenEvent(Action.BACK)
    person.types("q", "n", "return")
    assert (person.view_model.state(0.0).overlay, person.asked) == (None, [])


@pytest.mark.parametrize("key", ["h", "q"])
def test_stop_answers_under_whatever_lies_over_the_page(person, key):
    person.types(key)
    person.taps(*person.place(Action.STOP))
    person.types("s")
    assert person.asked == ["stop", "stop"]


@pytest.mark.parametrize("key", ["²", "٣", "½", "dead key", ""])
def test_keys_of_other_keyboards_break_nothing(person, key):
    person.types("t", key)
    assert person.asked == []


@pytest.mark.parametrize("seed", range(2))
def test_a_thousand_events_at_random_never_fail_nor_hide_stop_nor_stop_unasked(english, seed):
    chance, person = random.Random(seed), Person(english)
    keys = ["tab", "left", "up", "return", "space", "escape", "n", "t", "q", "h", "p", "backspace", "0", "1", "6", "9", "x"]
    for _ in range(1000):
        if chance.random() < 0.1:
            person.view_model.update_status(Status(chance.choice(list(State)), 1, "squat"), person.now_s)
            person.view_model.update_guard(chance.random() < 0.5, chance.choice(list(HoldReason)), person.now_s)
        person.asked.clear()
        chosen = person.view_model.state(person.now_s).chosen
        person.wait(chance.choice([0.03, 0.6]))
        stop, spot = person.scene.place_of(ScreenEvent(Action.STOP)), (chance.randrange(1024), chance.randrange(600))
        assert stop or person.view_model.state(person.now_s).status.state not in RUNNING
        if chance.random() < 0.5:
            focus = person.handler.focus
            person.types(chance.choice(keys), shift=chance.random() < 0.2)
            asked_for = focus == ScreenEvent(Action.STOP)
        else:
            spot = chance.choice(person.scene.buttons)[0].centre if chance.random() < 0.7 else spot
            asked_for = bool(stop and stop.contains(*spot))
            person.taps(*spot)
        assert asked_for or "stop" not in person.asked
        told = [request for request in person.asked if request.startswith(("pain", "effort"))]
        assert all(chosen is not None and request == chosen.request for request in told)


def test_a_number_is_told_after_a_while_in_which_it_can_be_undone(english):
    person = Person(english, State.REST)
    person.types("7")
    person.wait(UNDO_S - 0.1)
    assert person.asked == []
    person.types("backspace")
    person.wait(2 * UNDO_S)
    assert person.asked == []
    person.types("4", "3")
    person.wait(UNDO_S)
    assert person.asked == ["effort 3"]


def test_effort_is_asked_for_first_then_pain_each_once(english):
    person = Person(english, State.REST)
    for value in (2, 5):
        person.wait(DEAD_S)
        person.taps(*person.place(TELLS[person.view_model.state(person.now_s).asks], value=value))
        person.wait(UNDO_S)
    assert person.asked == ["effort 2", "pain 5"]
    assert person.view_model.state(person.now_s).asks is None
    person.view_model.update_status(Status(State.REST, 1, "squat", turn=2), person.now_s)
    assert person.view_model.state(person.now_s).asks is Command.EFFORT


def test_a_tap_on_the_answer_never_answers_the_question_that_appears_in_its_place(english):
    person = Person(english, State.REST)
    place = person.place(Action.TELL_EFFORT, value=9)
    person.taps(*place)
    person.wait(UNDO_S)
    person.taps(*place)
    person.wait(2 * UNDO_S)
    assert person.asked == ["effort 9"]


def test_a_one_and_a_nought_make_ten(english):
    person = Person(english, State.REST)
    person.types("1", "0")
    person.wait(UNDO_S)
    person.types("0", "0")
    person.wait(UNDO_S)
    assert person.asked == ["effort 10", "pain 0"]


@pytest.mark.parametrize("state", RUNNING)
def test_pain_is_told_from_every_running_state_and_pauses_nothing(english, state):
    for tells in (lambda person: person.taps(*person.place(Action.PAIN)), lambda person: person.types("p")):
        person = Person(english, state)
        tells(person)
        person.wait(DEAD_S)
        assert person.asked == []
        person.taps(*person.place(Action.TELL_PAIN, value=6))
        person.wait(UNDO_S)
        assert (person.asked, person.view_model.state(person.now_s).overlay) == (["pain 6"], None)


@pytest.mark.parametrize("keys", [("escape",), ("return",)])
def test_pain_that_was_chosen_is_told_when_one_goes_back(person, keys):
    person.types("p", "6", *keys)
    assert person.asked == ["pain 6"]


def test_what_was_chosen_is_told_before_the_window_closes(english):
    person = Person(english, State.REST)
    person.types("8", "q", "tab")
    assert person.handler.focus == ScreenEvent(Action.CLOSE)
    person.types("return")
    assert person.asked == ["effort 8"]


def test_an_answer_is_told_before_its_page_goes_by_itself(english):
    person = Person(english, State.REST)
    person.view_model.update_status(Status(State.REST, 1, "squat", time_left_s=1.0), person.now_s)
    person.types("3")
    person.wait(0.6)
    assert person.asked == ["effort 3"]


def test_help_names_keys_that_do_something(person):
    person.types("?")
    assert person.view_model.state(0.0).overlay is Overlay.HELP
    person.types("return")
    assert person.view_model.state(0.0).overlay is None


def test_the_focus_leaves_with_its_button(english):
    handler = InputHandler()
    handler.update(scene_of(WATCHING, english, Sheet()), WATCHING)
    handler.key("tab", False)
    assert handler.focus == ScreenEvent(Action.PAIN)
    idle = replace(WATCHING, status=Status())
    handler.update(scene_of(idle, english, Sheet()), idle)
    assert handler.focus is None
