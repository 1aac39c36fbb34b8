"""A session with its patient, board, hand and stop guard in invented time, so that whatever the screen shows can happen."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from functools import cache

import numpy as np

from physio_core.assessment.repetition import OTHER_PATH, Fault
from physio_core.errors import ConfigError
from physio_core.motion.kinematics import BodyShape, positions
from physio_core.motion.movements import EXERCISES, RECOGNISED
from physio_core.motion.projection import Camera, project, to_openpose_18
from physio_core.motion.style import Style
from physio_core.robot.guard import Guard, Request
from physio_core.robot.limits import STOP, Velocity, VelocityLimits
from physio_core.robot.stop_zone import StopZone, StopZoneConfig
from physio_core.robot.watchdog import WatchdogConfig
from physio_core.screen.figure import HEADINGS_RAD
from physio_core.screen.layout import Action, ScreenEvent
from physio_core.screen.state import ScreenConfig, ScreenState
from physio_core.screen.view_model import ViewModel
from physio_core.screen.wording import Words
from physio_core.session.machine import Session, SessionConfig
from physio_core.session.messages import message
from physio_core.session.status import State
from physio_core.skeleton.layouts import HAND_21
from physio_core.types import UNKNOWN, Abstain, FloatArray, Hand, Prediction, Reason, Skeleton, Tracking, Verdict
from physio_tools.screen.sample_hand import hand_at

PLAN = ("squat", "lunge", "deadlift", "push_up")
KNOWN = (*RECOGNISED, UNKNOWN)
STYLE = Style(depth=0.8, lean=1.0)
"""How the patient does it: not quite far enough, and leaning, so that there is something to say."""
SIDE = "side"
_YAWS_RAD = {**HEADINGS_RAD, SIDE: 1.35}
_STEP_S = 0.1
_LONGEST_S = 200.0


def sample_skeleton(
    exercise: str = "squat", time_s: float = 1.5, aside: float = 0.0, depth: float = STYLE.depth, view: str = SIDE
) -> Skeleton:
    """A patient in the middle of an exercise, as the robot's camera would see her.

    Args:
        exercise: what she does.
        time_s: since its beginning [s].
        aside: how far she stands beside the middle, in widths of the image.
        depth: how far she goes; 1: all the way.
        view: from where she is seen, as an exercise's file says it.
    """
    flat = _joints(exercise, time_s, depth, view) + (aside, 0.0)
    unknown = np.full((len(flat), 1), np.nan)
    return Skeleton(
        stamp_s=time_s,
        status=Tracking.TRACKED,
        points=np.concatenate([flat, unknown], axis=1).astype(np.float32),
        confidence=np.where(np.abs(flat[:, 0] - 0.5) < 0.5, 0.95, 0.05).astype(np.float32),
        body_id="body_1",
        width_px=640,
        height_px=480,
    )


@cache
def _joints(exercise: str, time_s: float, depth: float, view: str) -> FloatArray:
    """Where the 18 joints are in the image (18, 2), as fractions of it."""
    movement, style = EXERCISES[exercise], replace(STYLE, depth=depth)
    yaw_rad = _YAWS_RAD[view]
    motion = movement.motion(np.array([time_s / movement.period_s[1]]), style, BodyShape()).placed(yaw_rad=yaw_rad)
    points, _ = project(positions(BodyShape(), motion), Camera(x_m=2.4, height_m=0.8, pitch_rad=0.0))
    return np.asarray(to_openpose_18(points)[0], float)


class Rehearsal:
    """A session with its patient and its screen, in invented time."""

    def __init__(self, words: Words, plan: Sequence[str] = PLAN) -> None:
        """Start a session that goes through a plan; an empty plan waits for the therapist."""
        config = SessionConfig(mode="list" if plan else "request", exercises=tuple(plan))
        self._words, self._session, self._now_s = words, Session(words.catalogue, config), 100.0
        self.view_model = ViewModel(words.kinds, ScreenConfig().stale_s, words.aim)
        self._lit, self._score, self._depth = 0, math.nan, STYLE.depth
        self._missed: Fault | None = None
        self._other = ""
        self.lives(0.4)

    def lives(self, time_s: float, does: str = UNKNOWN, why: Abstain = Abstain.NONE, camera: bool = True) -> Rehearsal:
        """Let time pass.

        Args:
            time_s: how long [s].
            does: the exercise that is recognised.
            why: why nothing is recognised.
            camera: whether images come.
        """
        for _ in range(round(time_s / _STEP_S)):
            self._now_s += _STEP_S
            told = self.view_model.due(self._now_s)
            if told:
                self._session.command(told, self._now_s)
            status = self._session.tick(self._now_s)
            if camera:
                label = "" if why.value else does if does in KNOWN else UNKNOWN
                asked = self._words.catalogue.get(status.asked)
                skeleton = _seen(does, why, self._now_s, self._depth, asked.view if asked else SIDE)
                self._session.update(skeleton, self._now_s)
                status = self._session.update(
                    Prediction(self._now_s, label, 0.9, KNOWN, abstain=why, window_start_s=self._now_s - 1.0), self._now_s
                )
                self.view_model.update_skeleton(skeleton, self._now_s)
            self.view_model.update_status(status, self._now_s)
            for event in self._session.take_events():
                self.view_model.update_event(event)
            self.view_model.message = message(status, self._words.catalogue, self._words.coach, self._words.language)
        return self

    def shows(self, time_s: float, points_m: FloatArray | None, side: str = "right", why: Reason = Reason.NONE) -> Rehearsal:
        """Let time pass while a hand is seen.

        Args:
            time_s: how long [s].
            points_m: its joints (21, 3), see :func:`~physio_tools.screen.sample_hand.hand_at`; None: no hand.
            side: which hand.
            why: why it is not the one that is asked for.
        """
        for _ in range(round(time_s / _STEP_S)):
            hand = _nothing(self._now_s, why) if points_m is None else hand_at(self._now_s, points_m, side)
            self.view_model.update_hand(hand, self._now_s)
            self._session.update(hand, self._now_s)
            self.lives(_STEP_S, camera=False)
        return self

    def until(self, state: State, does: str = UNKNOWN, why: Abstain = Abstain.NONE) -> Rehearsal:
        """Let time pass until the coach is in a state.

        Raises:
            ConfigError: that does not come.
        """
        began_s = self._now_s
        while self._session.status(self._now_s).state is not state:
            self.lives(_STEP_S, does, why)
            if self._now_s - began_s > _LONGEST_S:
                raise ConfigError(f"the session does not come to {state.value!r} within {_LONGEST_S:g} s")
        return self

    def counts(self, repetitions: int, does: str = "squat") -> Rehearsal:
        """Let time pass until so many repetitions are complete, and the next is under way.

        Raises:
            ConfigError: that does not come.
        """
        began_s = self._now_s
        while (work := self._session.status(self._now_s).current_set).repetitions < repetitions or not 0.3 < work.phase < 0.5:
            self.lives(_STEP_S, does)
            if self._now_s - began_s > _LONGEST_S:
                raise ConfigError(f"{does} is not repeated {repetitions} times within {_LONGEST_S:g} s")
        return self

    def says(self, words: str) -> Rehearsal:
        """The therapist says something."""
        self._session.command(words, self._now_s)
        return self.lives(_STEP_S)

    def presses(self, *actions: Action | str | ScreenEvent) -> Rehearsal:
        """Someone presses buttons; a word is an exercise."""
        for action in actions:
            self.state()  # buttons are pressed on what is shown
            if isinstance(action, str) and not isinstance(action, Action):
                action = ScreenEvent(Action.PICK, action)
            self.view_model.press(ScreenEvent(action) if isinstance(action, Action) else action)
        return self

    def hears(self, guard: Guard) -> Rehearsal:
        """A stop guard tells how it is."""
        self.view_model.update_guard(guard.armed, guard.reason, self._now_s)
        return self

    def advised(self, cue: str, warns: bool = False) -> Rehearsal:
        """The coach says how to do it better, or what may hurt."""
        self.view_model.update_cue(cue, self._now_s, warns)
        return self

    def goes(self, depth: float) -> Rehearsal:
        """The patient goes so far from now on; 1: all the way."""
        self._depth = depth
        return self

    def draws(self, lit: int, score: float = math.nan, missed: Fault | None = None, other: str = "") -> Rehearsal:
        """The hand has gone through so many stars; with a score, one path is done, in which something was missed.

        Args:
            lit: stars.
            score: of the path that is done.
            missed: in it.
            other: which other path than asked for it draws now, as an onlooker names it; empty: none.
        """
        self._lit, self._score, self._missed, self._other = lit, score, missed, other
        return self

    def state(self) -> ScreenState:
        """What the screen shows now."""
        state = self.view_model.state(self._now_s)
        if state.status is None or state.status.drawing is None:
            return state
        drawing = replace(state.status.drawing, lit=self._lit, trail=state.status.drawing.stars[: self._lit])
        work = replace(state.status.current_set, score=self._score, repetitions=int(math.isfinite(self._score)))
        status = replace(state.status, drawing=drawing, current_set=work)
        if self._other:
            status = replace(status, verdict=Verdict.WRONG, now=Fault(OTHER_PATH, 0.0, direction=self._other))
        return replace(state, status=status, missed=self._missed)


def _nothing(now_s: float, why: Reason) -> Hand:
    return Hand(Skeleton(now_s, Tracking.NOBODY, HAND_21.name, width_px=640, height_px=480), objection=why)


def without_controller() -> Guard:
    """A stop guard whose controller died while the robot moved."""
    guard, moments_s = _guard(), np.arange(0.0, 3.0, 0.05).tolist()
    for number, now_s in enumerate(moments_s):
        moves = number - len(moments_s) // 2
        guard.update(Request(max(moves, 0), now_s, Velocity(0.02) if moves > 1 else STOP), now_s)
    for silent_s in np.arange(0.05, 0.5, 0.05).tolist():
        guard.tick(moments_s[-1] + silent_s)
    return guard


def started_again() -> Guard:
    """A stop guard that was started again beside a controller that has moved the robot before."""
    guard = _guard()
    guard.update(Request(100, 0.0, STOP), 0.0)
    return guard


def _guard() -> Guard:
    return Guard(VelocityLimits(), StopZone(StopZoneConfig(require_scan=False)), WatchdogConfig())


def _seen(does: str, why: Abstain, now_s: float, depth: float = STYLE.depth, view: str = SIDE) -> Skeleton:
    unseen = {
        Abstain.NOBODY: Tracking.NOBODY,
        Abstain.SOMEBODY_ELSE: Tracking.SOMEBODY_ELSE,
        Abstain.DETECTOR_FAILED: Tracking.DETECTOR_FAILED,
    }
    if why in unseen:
        return Skeleton(now_s, unseen[why])
    if does not in EXERCISES:
        return replace(sample_skeleton("squat", 0.0, view=view), stamp_s=now_s)
    moment_s = round(now_s % EXERCISES[does].period_s[1], 1)
    aside = 0.36 if why is Abstain.OUT_OF_FRAME else 0.0
    return replace(sample_skeleton(does, moment_s, aside, depth, view), stamp_s=now_s)
