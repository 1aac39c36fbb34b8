"""What the screen remembers, what it forgets, and what follows from a tap."""

from __future__ import annotations

import numpy as np
import pytest

from physio_core.assessment.repetition import Fault, Outcome, Repetition, ScoreTerm
from physio_core.judging.judgement import Judgement
from physio_core.screen.layout import Action, ScreenEvent, Sheet
from physio_core.screen.pages import scene_of
from physio_core.screen.state import Guard, Overlay, TherapistPage
from physio_core.screen.therapist_page import MOST_SETS, Reaction, react
from physio_core.screen.view_model import CUE_S, ViewModel
from physio_core.screen.wording import load_words
from physio_core.session.events import Correction, Event, EventKind
from physio_core.session.requests import Command
from physio_core.session.status import SetStatus, State, Status
from physio_core.trajectories.drawing import Drawing
from physio_core.types import HoldReason, Side, Skeleton, Tracking
from physio_tools.screen.rehearsal import sample_skeleton

STALE_S = 1.5


@pytest.fixture
def view_model() -> ViewModel:
    return ViewModel(kinds=("body",), stale_s=STALE_S)


def test_before_anybody_speaks_the_coach_is_missing_and_the_guard_unknown(view_model):
    state = view_model.state(100.0)
    assert state.status is None
    assert state.guard is Guard.ABSENT
    assert state.skeleton is None


def test_the_newest_status_is_shown_until_it_is_stale(view_model):
    view_model.update_status(Status(State.WATCH, 1, "squat"), 10.0)
    assert view_model.state(10.0 + STALE_S).status.asked == "squat"
    assert view_model.state(10.1 + STALE_S).status is None


def test_a_cue_is_shown_for_as_long_as_it_takes_to_read_it(view_model):
    assert view_model.state(10.0).cue == ""
    view_model.update_cue("Bend your knees.", 10.0)
    assert [view_model.state(now_s).cue for now_s in (10.0, 10.0 + CUE_S, 10.1 + CUE_S)] == 2 * ["Bend your knees."] + [""]


def test_what_is_shown_of_the_patient_holds_where_her_arm_is_to_go(english):
    """In a set alone: nobody is aimed anywhere before."""
    tops = {}
    for work in (SetStatus(), SetStatus(goal=8)):
        model = ViewModel(("body",), STALE_S, english.aim)
        model.update_status(Status(State.WATCH, 1, "shoulder_abduction", current_set=work), 10.0)
        model.update_skeleton(sample_skeleton("shoulder_abduction", 0.8, view="front"), 10.0)
        tops[work.goal] = model.state(10.0).crop.top
        assert bool(model.state(10.0).aim) == work.has_goal
    assert tops[8] < tops[0] - 0.03


def test_what_was_missed_in_a_path_is_what_the_coach_spoke_of_else_what_cost_most_until_another_is_drawn(view_model):
    def drawn(*names: str, path: bool = True) -> Event:
        faults, drawing = tuple(Fault(name, 1.0) for name in names), Drawing("clock_m", "left", 0.6) if path else None
        newest = Repetition(1, Outcome.COMPLETE, Side.LEFT, 0.0, 1.0, 2.0, faults=faults, drawing=drawing)
        return Event(EventKind.REPETITION, Status(), judgement=Judgement(newest=newest))

    def missed() -> str:
        fault = view_model.state(100.0).missed
        return fault.name if fault else ""

    view_model.update_event(drawn("radius", "tempo"))
    assert missed() == "radius"
    view_model.update_cue("Draw more slowly.", 10.0, about="tempo")
    view_model.update_cue("Two more.", 11.0)
    assert missed() == "tempo"
    view_model.update_event(drawn("radius", "closure"))
    assert missed() == "radius"
    view_model.update_event(drawn())
    assert missed() == ""
    view_model.update_event(drawn("depth", path=False))
    assert missed() == ""
    view_model.update_event(drawn("radius", "tempo"))
    view_model.update_event(Event(EventKind.ASKED, Status()))
    assert missed() == ""
    view_model.update_event(drawn("radius", "tempo"))
    assert missed() == "radius"


def test_a_picture_and_a_skeleton_that_froze_are_not_shown(view_model):
    view_model.update_image(np.zeros((48, 64, 3), np.uint8), 10.0)
    view_model.update_skeleton(Skeleton(0.0, Tracking.NOBODY), 10.0)
    fresh, old = view_model.state(10.5), view_model.state(12.0)
    assert fresh.image is not None
    assert fresh.skeleton is not None
    assert old.image is None
    assert old.skeleton is None


@pytest.mark.parametrize(("armed", "guard"), [(True, Guard.ARMED), (False, Guard.HELD)])
def test_the_guard_is_lost_when_its_heart_stops(view_model, armed, guard):
    view_model.update_guard(armed, HoldReason.CONTROLLER_LOST, 10.0)
    assert view_model.state(10.5).guard is guard
    assert view_model.state(12.0).guard is Guard.LOST


def test_the_therapist_puts_a_list_together_and_starts_it(view_model):
    view_model.press(ScreenEvent(Action.THERAPIST))
    for exercise in ("squat", "lunge", "push_up"):
        assert view_model.press(ScreenEvent(Action.PICK, exercise)).request == ""
    view_model.press(ScreenEvent(Action.UNDO))
    view_model.press(ScreenEvent(Action.PICK, "squat"))
    reaction = view_model.press(ScreenEvent(Action.START))
    assert reaction.request == "squat,lunge,squat"
    assert view_model.state(0.0).therapist_page is None


def test_sets_and_repeats_need_no_tap_for_each(view_model):
    view_model.press(ScreenEvent(Action.THERAPIST))
    for _ in range(2):
        view_model.press(ScreenEvent(Action.PICK, "squat"))
    view_model.press(ScreenEvent(Action.PICK, "lunge"))
    view_model.press(ScreenEvent(Action.SETS))
    therapist_page = view_model.state(0.0).therapist_page
    assert therapist_page.runs == (("squat", 2), ("lunge", 1))
    assert view_model.press(ScreenEvent(Action.START)).request == "squat,squat,lunge,squat,squat,lunge"


def test_sets_go_round(view_model):
    view_model.press(ScreenEvent(Action.THERAPIST))
    counts = [view_model.press(ScreenEvent(Action.SETS)).page.sets for _ in range(MOST_SETS)]
    assert counts == [2, 3, 4, 5, 1]


def test_going_back_keeps_the_list(view_model):
    for event in (ScreenEvent(Action.THERAPIST), ScreenEvent(Action.PICK, "squat"), ScreenEvent(Action.BACK)):
        view_model.press(event)
    assert view_model.state(0.0).therapist_page is None
    view_model.press(ScreenEvent(Action.THERAPIST))
    assert view_model.state(0.0).therapist_page.chosen == ("squat",)


def test_starting_an_empty_list_says_nothing_and_stays(view_model):
    view_model.press(ScreenEvent(Action.THERAPIST))
    reaction = view_model.press(ScreenEvent(Action.START))
    assert (reaction.request, reaction.open) == ("", True)


@pytest.mark.parametrize("action", [Action.PAUSE, Action.RESUME, Action.STOP, Action.NEXT])
@pytest.mark.parametrize("is_open", [False, True])
def test_commands_are_requests_and_leave_the_page_as_it_is(action, is_open):
    reaction = react(TherapistPage(("squat",)), is_open, None, ScreenEvent(action), ("body",))
    assert (reaction.request, reaction.page, reaction.open) == (action.value, TherapistPage(("squat",)), is_open)


def test_closing_is_asked_for_first_and_then_ends():
    asked = react(TherapistPage(), False, None, ScreenEvent(Action.ASK_CLOSE), ("body",))
    assert (asked.overlay, asked.close) == (Overlay.CLOSE, False)
    assert react(TherapistPage(), False, Overlay.CLOSE, ScreenEvent(Action.CLOSE), ("body",)).close
    assert react(TherapistPage(), True, Overlay.CLOSE, ScreenEvent(Action.BACK), ("body",)) == Reaction(TherapistPage(), True)


def test_releasing_the_robot_asks_for_nothing_else():
    reaction = react(TherapistPage(), True, None, ScreenEvent(Action.REARM), ("body",))
    assert reaction.rearm
    assert not reaction.request
    others = [action for action in Action if action is not Action.REARM]
    assert not any(react(TherapistPage(), True, None, ScreenEvent(action), ("body",)).rearm for action in others)


@pytest.mark.parametrize(
    ("action", "way"), [(Action.MORE, [1, 2, 3, 0]), (Action.PREVIOUS, [3, 2, 1, 0]), (Action.KIND, [2, 3, 0, 2])]
)
def test_pages_are_turned_both_ways_and_to_another_kind_and_go_round(action, way):
    page, shown = TherapistPage(), []
    for _ in way:
        page = react(page, True, None, ScreenEvent(action), ("body", "body", "hand", "trajectory")).page
        shown.append(page.page_index)
    assert shown == way


def test_the_window_comes_forward_when_the_coach_first_speaks(view_model):
    assert view_model.update_status(Status(), 10.0)
    assert not view_model.update_status(Status(), 10.1)
    assert view_model.update_status(Status(), 20.0)


def test_the_score_of_a_set_is_kept_until_another_exercise_is_asked_for(view_model):
    terms = (ScoreTerm("depth", 0.5),)
    view_model.update_event(Event(EventKind.VERDICT, Status(), "squat", judgement=Judgement(terms=terms)))
    view_model.update_event(Event(EventKind.RESTING, Status(), "squat"))
    assert view_model.state(10.0).terms == terms
    view_model.update_event(Event(EventKind.ASKED, Status(), "lunge"))
    assert view_model.state(10.0).terms == ()


def test_of_each_fault_the_largest_in_a_complete_repetition_of_the_set_is_kept(view_model):
    def repeated(size: float, number: int = 1, outcome: Outcome = Outcome.COMPLETE) -> float | None:
        one = Repetition(1, outcome, Side.NONE, 0.0, 1.0, 2.0, faults=(Fault("depth", size, "deg"),))
        status = Status(turn=1, current_set=SetStatus(set=number))
        view_model.update_event(Event(EventKind.REPETITION, status, "squat", judgement=Judgement(newest=one)))
        kept = view_model.state(10.0).misses.get("depth")
        return kept.size if kept else None

    assert [repeated(8.0), repeated(12.0), repeated(5.0), repeated(40.0, outcome=Outcome.PARTIAL)] == [8.0, 12.0, 12.0, 12.0]
    assert repeated(3.0, number=2) == 3.0


def test_no_question_is_asked_while_the_coach_is_not_heard(view_model):
    view_model.update_status(Status(State.REST, 1, "squat"), 10.0)
    assert view_model.state(10.1).asks is Command.EFFORT
    assert view_model.state(11.0 + STALE_S).asks is None


def test_a_warning_is_told_apart_from_a_cue(view_model):
    for warns in (False, True):
        view_model.update_cue("Slowly.", 10.0, warns)
        assert (view_model.state(10.1).cue, view_model.state(10.1).warns) == ("Slowly.", warns)


def test_a_fault_is_ignored_by_a_tap_and_counts_again_by_another():
    model = ViewModel(("body",), 1.5)
    status = Status(State.REST, 1, "squat")
    model.update_status(status, 0.0)
    terms = (ScoreTerm("depth", 0.4), ScoreTerm("knees_in", 0.5), ScoreTerm("too_fast", 1.0))
    model.update_event(Event(EventKind.VERDICT, status, "squat", judgement=Judgement(terms=terms)))
    model.press(ScreenEvent(Action.THERAPIST))

    def offered():
        buttons = scene_of(model.state(0.0), load_words("en"), Sheet()).buttons
        return [event for _, event in buttons if event.action in (Action.IGNORE, Action.ACCEPT)]

    assert offered() == [ScreenEvent(Action.IGNORE, "depth")]
    assert model.press(offered()[0]).request == "ignore depth"
    model.update_event(Event(EventKind.CORRECTED, status, "squat", correction=Correction("depth", False)))
    assert offered() == [ScreenEvent(Action.ACCEPT, "depth")]
