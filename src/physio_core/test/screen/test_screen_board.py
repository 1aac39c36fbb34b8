"""What the screen remembers, what it forgets, and what follows from a tap."""

from __future__ import annotations

import numpy as np
import pytest

from physio_core.coach.session import State, Status
from physio_core.screen.board import Board
from physio_core.screen.desk import key_event, pages, react
from physio_core.screen.layout import Action, ScreenEvent
from physio_core.screen.state import Desk, Guard, ScreenState
from physio_core.types import Skeleton, Tracking

STALE_S = 1.5


@pytest.fixture
def board() -> Board:
    return Board(exercises=6, stale_s=STALE_S)


def test_before_anybody_speaks_the_coach_is_missing_and_the_guard_unknown(board):
    state = board.state(100.0)
    assert state.status is None
    assert state.guard is Guard.ABSENT
    assert state.skeleton is None


def test_the_newest_status_is_shown_until_it_is_stale(board):
    board.hear_status(Status(State.WATCH, 1, "squat"), 10.0)
    assert board.state(10.0 + STALE_S).status.asked == "squat"
    assert board.state(10.1 + STALE_S).status is None


def test_a_picture_and_a_skeleton_that_froze_are_not_shown(board):
    board.see_picture(np.zeros((48, 64, 3), np.uint8), 10.0)
    board.see_skeleton(Skeleton(0.0, Tracking.NOBODY), 10.0)
    fresh, old = board.state(10.5), board.state(12.0)
    assert fresh.picture is not None
    assert fresh.skeleton is not None
    assert old.picture is None
    assert old.skeleton is None


@pytest.mark.parametrize(("armed", "guard"), [(True, Guard.ARMED), (False, Guard.HELD)])
def test_the_guard_is_lost_when_its_heart_stops(board, armed, guard):
    board.hear_guard(armed, "why", 10.0)
    assert board.state(10.5).guard is guard
    assert board.state(12.0).guard is Guard.LOST


def test_a_list_tells_how_many_rounds_there_will_be(board):
    board.hear_status(Status(State.WATCH, 4, "squat"), 0.0)
    board.hear_request("lunge, squat,push_up")
    assert board.state(0.0).rounds == 7
    board.hear_request("pause")
    assert board.state(0.0).rounds == 7
    board.hear_request("squat")
    assert board.state(0.0).rounds == 0


def test_stopping_forgets_the_list(board):
    board.hear_request("lunge,squat")
    board.hear_status(Status(State.STOPPED, 1), 0.0)
    assert board.state(0.0).rounds == 0


def test_the_therapist_puts_a_list_together_and_starts_it(board):
    board.press(ScreenEvent(Action.THERAPIST))
    for exercise in ("squat", "lunge", "push_up"):
        assert board.press(ScreenEvent(Action.PICK, exercise)).request == ""
    board.press(ScreenEvent(Action.UNDO))
    board.press(ScreenEvent(Action.PICK, "squat"))
    reaction = board.press(ScreenEvent(Action.START))
    assert reaction.request == "squat,lunge,squat"
    assert board.state(0.0).desk is None


def test_starting_an_empty_list_says_nothing():
    assert react(Desk(), ScreenEvent(Action.START), 6).request == ""
    assert react(Desk(), ScreenEvent(Action.START), 6).desk == Desk()


@pytest.mark.parametrize("action", [Action.PAUSE, Action.RESUME, Action.STOP, Action.NEXT])
@pytest.mark.parametrize("desk", [None, Desk(("squat",))])
def test_commands_are_requests_and_leave_the_page_as_it_is(action, desk):
    reaction = react(desk, ScreenEvent(action), 6)
    assert (reaction.request, reaction.desk) == (action.value, desk)


def test_back_leaves_the_page_and_close_ends():
    assert react(Desk(("squat",)), ScreenEvent(Action.BACK), 6).desk is None
    assert react(None, ScreenEvent(Action.CLOSE), 6).close


def test_releasing_the_robot_asks_for_nothing_else():
    reaction = react(Desk(), ScreenEvent(Action.REARM), 6)
    assert reaction.rearm
    assert not reaction.request
    assert not any(react(Desk(), ScreenEvent(action), 6).rearm for action in Action if action is not Action.REARM)


def test_more_goes_round_the_pages():
    assert pages(6) == 1
    assert pages(7) == 2
    second = react(Desk(), ScreenEvent(Action.MORE), 7).desk
    assert second.page == 1
    assert react(second, ScreenEvent(Action.MORE), 7).desk.page == 0


def test_keys():
    going, paused = (ScreenState(status=Status(state, 1, "squat")) for state in (State.WATCH, State.PAUSED))
    assert key_event("space", going).action is Action.PAUSE
    assert key_event("space", paused).action is Action.RESUME
    assert key_event("t", going).action is Action.THERAPIST
    assert key_event("t", ScreenState(desk=Desk())).action is Action.BACK
    assert [key_event(key, going).action for key in ("escape", "n", "q")] == [Action.STOP, Action.NEXT, Action.CLOSE]
    assert key_event("x", going) is None
