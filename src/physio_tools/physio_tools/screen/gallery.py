"""Every state of the screen as an image: a real session, board, hand and stop guard play each one, so that all can happen."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np

from physio_core.coaching.phrasing import every_correction
from physio_core.errors import ConfigError
from physio_core.languages.texts import load_texts
from physio_core.motion.kinematics import BodyShape, positions
from physio_core.motion.movements import EXERCISES
from physio_core.motion.projection import Camera, project, to_openpose_18
from physio_core.motion.style import Style
from physio_core.robot.guard import Guard, Request
from physio_core.robot.limits import STOP, Velocity, VelocityLimits
from physio_core.robot.stop_zone import StopZone, StopZoneConfig
from physio_core.robot.watchdog import WatchdogConfig
from physio_core.screen.drawing.letters import measure
from physio_core.screen.drawing.window import Screen
from physio_core.screen.layout import Action, ScreenEvent
from physio_core.screen.state import ScreenConfig, ScreenState
from physio_core.screen.view_model import ViewModel
from physio_core.screen.wording import Words, load_words
from physio_core.session.events import State
from physio_core.session.machine import Session, SessionConfig
from physio_core.session.messages import message
from physio_core.types import UNKNOWN, Abstain, FloatArray, Prediction, Skeleton, Tracking

PLAN = ("squat", "lunge", "deadlift", "push_up")
_STEP_S = 0.2
_LONGEST_S = 200.0


def sample_skeleton(exercise: str = "squat", time_s: float = 1.5, aside: float = 0.0) -> Skeleton:
    """A patient in the middle of an exercise, as the robot's camera would see her.

    Args:
        exercise: what she does.
        time_s: since its beginning [s].
        aside: how far she stands beside the middle, in widths of the image.
    """
    flat = _joints(exercise, time_s) + (aside, 0.0)
    depth = np.full((len(flat), 1), np.nan)
    return Skeleton(
        stamp_s=time_s,
        status=Tracking.TRACKED,
        points=np.concatenate([flat, depth], axis=1).astype(np.float32),
        confidence=np.where(np.abs(flat[:, 0] - 0.5) < 0.5, 0.95, 0.05).astype(np.float32),
        body_id="body_1",
        width_px=640,
        height_px=480,
    )


@cache
def _joints(exercise: str, time_s: float) -> FloatArray:
    """Where the 18 joints are in the image (18, 2), as fractions of it."""
    movement = EXERCISES[exercise]
    motion = movement.motion(np.array([time_s / movement.period_s[1]]), Style(), BodyShape()).placed(yaw_rad=0.9)
    points, _ = project(positions(BodyShape(), motion), Camera(x_m=2.4, height_m=0.8, pitch_rad=0.0))
    return np.asarray(to_openpose_18(points)[0], float)


class Rehearsal:
    """A session with its patient and its screen, in invented time."""

    def __init__(self, words: Words, plan: Sequence[str] = PLAN) -> None:
        """Start a session that goes through a plan; an empty plan waits for the therapist."""
        config = SessionConfig(mode="list" if plan else "request", exercises=tuple(plan))
        self._words, self._session, self._now_s = words, Session(words.catalogue, config), 100.0
        self.view_model = ViewModel(len(words.catalogue), ScreenConfig().stale_s)
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
            status = self._session.tick(self._now_s)
            if camera:
                label = "" if why.value else does
                skeleton = _seen(does, why, self._now_s)
                self._session.update(skeleton, self._now_s)
                status = self._session.update(
                    Prediction(self._now_s, label, 0.9, abstain=why, window_start_s=self._now_s - 1.0), self._now_s
                )
                self.view_model.update_skeleton(skeleton, self._now_s)
            self.view_model.update_status(status, self._now_s)
            self.view_model.message = message(status, self._words.catalogue, self._words.coach, self._words.language)
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

    def says(self, words: str) -> Rehearsal:
        """The therapist says something."""
        self._session.command(words, self._now_s)
        return self.lives(_STEP_S)

    def presses(self, *actions: Action | str) -> Rehearsal:
        """The therapist presses buttons; a word is an exercise."""
        for action in actions:
            self.view_model.press(ScreenEvent(action) if isinstance(action, Action) else ScreenEvent(Action.PICK, action))
        return self

    def hears(self, guard: Guard) -> Rehearsal:
        """A stop guard tells how it is."""
        self.view_model.update_guard(guard.armed, guard.reason, self._now_s)
        return self

    def advised(self) -> Rehearsal:
        """The coach says the longest cue that it has."""
        texts = every_correction(load_texts(self._words.language))
        self.view_model.update_cue(max(texts, key=lambda text: measure(text, 50)), self._now_s)
        return self

    def state(self) -> ScreenState:
        """What the screen shows now."""
        return self.view_model.state(self._now_s)


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


def _seen(does: str, why: Abstain, now_s: float) -> Skeleton:
    unseen = {
        Abstain.NOBODY: Tracking.NOBODY,
        Abstain.SOMEBODY_ELSE: Tracking.SOMEBODY_ELSE,
        Abstain.DETECTOR_FAILED: Tracking.DETECTOR_FAILED,
    }
    if why in unseen:
        return Skeleton(now_s, unseen[why])
    if does not in EXERCISES:
        return replace(sample_skeleton("squat", 0.0), stamp_s=now_s)
    moment_s = round(now_s % EXERCISES[does].period_s[1], 1)
    return replace(sample_skeleton(does, moment_s, 0.36 if why is Abstain.OUT_OF_FRAME else 0.0), stamp_s=now_s)


def samples(words: Words) -> Mapping[str, ScreenState]:
    """Every state worth a look, by name; all of them can happen."""

    def turn(plan: Sequence[str] = PLAN) -> Rehearsal:
        return Rehearsal(words, plan).until(State.WATCH)

    def unsure(why: Abstain) -> Rehearsal:
        return turn().lives(5.0, "squat", why)

    def right() -> Rehearsal:
        return turn().lives(1.8, "squat")

    def wrong() -> Rehearsal:
        return turn().lives(3.0).lives(2.4, "lunge")

    def decided(does: str, plan: Sequence[str] = PLAN) -> Rehearsal:
        return turn(plan).until(State.VERDICT, does)

    played: dict[str, Callable[[], Rehearsal]] = {
        "show": lambda: Rehearsal(words).until(State.SHOW).lives(1.4),
        "show_lunge": lambda: decided("squat").until(State.SHOW).lives(1.4),
        "ready": lambda: Rehearsal(words).until(State.READY).lives(0.4),
        "watch": lambda: turn().lives(0.6),
        "watch_right": right,
        "watch_cue": lambda: right().advised(),
        "watch_wrong": wrong,
        "watch_nobody": lambda: unsure(Abstain.NOBODY),
        "watch_out_of_frame": lambda: unsure(Abstain.OUT_OF_FRAME),
        "watch_somebody_else": lambda: unsure(Abstain.SOMEBODY_ELSE),
        "watch_unfamiliar": lambda: unsure(Abstain.UNFAMILIAR),
        "watch_low_fps": lambda: unsure(Abstain.LOW_FPS),
        "watch_detector_failed": lambda: unsure(Abstain.DETECTOR_FAILED),
        "no_camera": lambda: right().lives(2.4, camera=False),
        "verdict_right": lambda: decided("squat"),
        "verdict_wrong": lambda: decided("lunge"),
        "verdict_wrong_last": lambda: decided("lunge").until(State.SHOW).until(State.VERDICT, "lunge"),
        "verdict_unsure": lambda: decided(UNKNOWN),
        "paused": lambda: right().says("pause"),
        "stopped": lambda: right().says("stop"),
        "finished": lambda: decided("squat", ("squat",)).until(State.FINISHED),
        "idle": lambda: Rehearsal(words, ()),
        "refused": lambda: Rehearsal(words, ()).says("next"),
        "therapist_refused": lambda: Rehearsal(words, ()).presses(Action.THERAPIST).says("next"),
        "guard_held": lambda: right().hears(without_controller()),
        "therapist": lambda: right().presses(Action.THERAPIST),
        "therapist_list": lambda: Rehearsal(words, ()).presses(Action.THERAPIST, "squat", "squat", "lunge", Action.SETS),
        "therapist_held": lambda: right().hears(started_again()).presses(Action.THERAPIST),
        "help": lambda: right().presses(Action.HELP),
        "close": lambda: right().presses(Action.ASK_CLOSE),
    }
    states = {name: play().state() for name, play in played.items()}
    return states | {"no_coach": ViewModel(len(words.catalogue), ScreenConfig().stale_s).state(0.0)}


def draw_gallery(folder: Path, language: str, size_px: tuple[int, int], only: Sequence[str] = ()) -> None:
    """Write ``screen_<state>.png`` for English, and all of them with the language in the name for others.

    Raises:
        ConfigError: a state or the language does not exist.
    """
    suffix = "" if language == "en" else f"_{language}"
    screen, states = _stage(language, size_px, only)
    for name, state in states.items():
        screen.show(state)
        screen.screenshot(folder / f"screen_{name}{suffix}.png")
    screen.close()


def time_gallery(language: str, size_px: tuple[int, int], only: Sequence[str] = ()) -> list[tuple[str, float, float]]:
    """Name, and the processor time to draw one frame of each state [ms]: with the skeleton alone, with the camera's image.

    Raises:
        ConfigError: a state or the language does not exist.
    """
    screen, states = _stage(language, size_px, only)
    return [(name, _draw_ms(screen, state), _draw_ms(screen, _with_image(state))) for name, state in states.items()]


def _stage(language: str, size_px: tuple[int, int], only: Sequence[str]) -> tuple[Screen, dict[str, ScreenState]]:
    os.environ["SDL_VIDEODRIVER"] = "dummy"
    words = load_words(language)
    states = samples(words)
    unknown = [name for name in only if name not in states]
    if unknown:
        raise ConfigError(f"no state {unknown[0]!r} of the screen; there are: {', '.join(states)}")
    screen = Screen(ScreenConfig(language=language), words, size_px)
    return screen, {name: state for name, state in states.items() if not only or name in only}


def _draw_ms(screen: Screen, state: ScreenState, frames: int = 90) -> float:
    """Median processor time to draw one moment [ms]; the figure moves from each to the next."""
    took_ms = []
    for index in range(2 * frames):  # the first half is drawn for the first time
        began_s = time.process_time()
        screen.show(replace(state, time_s=index / ScreenConfig().fps))
        took_ms.append((time.process_time() - began_s) * 1e3)
    return float(np.median(took_ms[frames:]))


def _with_image(state: ScreenState) -> ScreenState:
    return replace(state, image=np.random.default_rng(1).integers(0, 256, (480, 640, 3), dtype=np.uint8))
