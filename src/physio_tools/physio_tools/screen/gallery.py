"""Every state of the screen as an image: a real session, board, hand and stop guard play each one, so that all can happen."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Mapping, Sequence
from copy import deepcopy
from dataclasses import replace
from functools import cache, partial
from pathlib import Path

import numpy as np

from physio_core.assessment.repetition import Fault
from physio_core.coaching.phrasing import Phrasing
from physio_core.errors import ConfigError
from physio_core.languages.texts import load_texts
from physio_core.screen.drawing.letters import measure
from physio_core.screen.drawing.window import Screen
from physio_core.screen.layout import Action, ScreenEvent
from physio_core.screen.state import ScreenConfig, ScreenState
from physio_core.screen.view_model import ViewModel
from physio_core.screen.wording import Words, load_words
from physio_core.session.messages import message
from physio_core.session.status import State
from physio_core.trajectories.onlooker import OTHER_SENSE
from physio_core.types import UNKNOWN, Abstain, Reason, Side
from physio_tools.screen.rehearsal import PLAN, Rehearsal, started_again, without_controller
from physio_tools.screen.sample_hand import posed


def samples(words: Words) -> Mapping[str, ScreenState]:
    """Every state worth a look, by name; all of them can happen. What is said is in the language of ``words``."""
    longest = max(_cues(words, "squat"), key=lambda text: measure(text, 50))
    return {name: _in_words(state, words, longest) for name, state in _played().items()}


def _cues(words: Words, exercise: str) -> list[str]:
    """Everything that can be said of how an exercise is done, the exercise of the pages with a cue."""
    texts = load_texts(words.language)
    return [
        Phrasing(texts, session).correction(Fault(name, 1.0, direction=direction), side, fault)[1]
        for session in range(3)
        for name, fault in words.catalogue[exercise].faults.items()
        for direction, limit in (("low", fault.low), ("high", fault.high))
        if limit is not None
        for side in Side
    ]


def _in_words(state: ScreenState, words: Words, cue: str) -> ScreenState:
    said = message(state.status, words.catalogue, words.coach, words.language) if state.status else ""
    return replace(state, message=said, cue=cue if state.cue else "")


DOUBTS = tuple(why for why in Abstain if why not in (Abstain.NONE, Abstain.TOO_FEW_FRAMES))
"""Why nothing is judged, each a state of its own."""

Play = Callable[[], Rehearsal]


@cache
def _played() -> Mapping[str, ScreenState]:
    """The same in English, each played once."""
    stage = _Stage(load_words("en"))
    plays = {**_watched(stage), **_hands(stage), **_told(stage), **_others(stage)}
    states = {name: play().state() for name, play in plays.items()}
    return states | {"no_coach": ViewModel(stage.words.kinds, ScreenConfig().stale_s).state(0.0)}


class _Stage:
    """Where rehearsals begin: what many of them have in common is played once."""

    def __init__(self, words: Words) -> None:
        self.words = words
        self._kept: dict[object, Rehearsal] = {}

    def asked(self, request: str) -> Rehearsal:
        """The therapist asked for this."""
        return Rehearsal(self.words, ()).says(request)

    def turn(self, plan: Sequence[str] = PLAN) -> Rehearsal:
        """The patient's turn has begun."""
        return self._once(plan, lambda: Rehearsal(self.words, plan).until(State.WATCH))

    def path(self) -> Rehearsal:
        """A path is to be drawn."""
        return self._once("path", lambda: self.asked("draw_circle_clockwise 3").until(State.WATCH).lives(1.0))

    def right(self) -> Rehearsal:
        """She does what was asked for."""
        return self.turn().lives(1.8, "squat")

    def counted(self) -> Rehearsal:
        """Some repetitions are complete."""
        return self._once("counted", lambda: self.turn().counts(2))

    def decided(self, does: str) -> Rehearsal:
        """The verdict has just been given."""
        return self._once(f"decided {does}", lambda: self.turn().until(State.VERDICT, does))

    def rest(self) -> Rehearsal:
        """The first of three sets is done."""
        return self._once("rest", lambda: self.asked("squat 3x2, lunge").until(State.REST, "squat").lives(2.0))

    def ended(self) -> Rehearsal:
        """A session of two exercises is over."""
        both_sets = self.asked("squat 2x2, lunge 3").until(State.REST, "squat").until(State.SHOW, "squat")
        return both_sets.until(State.FINISHED, "lunge")

    def _once(self, key: object, play: Play) -> Rehearsal:
        if key not in self._kept:
            self._kept[key] = play()
        return deepcopy(self._kept[key])


def _watched(stage: _Stage) -> dict[str, Play]:
    """From showing an exercise to the patient's turn, and what keeps the coach from judging."""

    def unsure(why: Abstain) -> Rehearsal:
        return stage.turn().lives(5.0, "squat", why)

    return {
        "show": lambda: Rehearsal(stage.words).until(State.SHOW).lives(1.4),
        "show_side": lambda: stage.asked("shoulder_abduction 8 left").until(State.SHOW).lives(1.7),
        "show_lunge": lambda: stage.decided("squat").until(State.SHOW).lives(1.4),
        "ready": lambda: Rehearsal(stage.words).until(State.READY).lives(0.4),
        "watch": lambda: stage.turn().lives(0.6),
        "watch_right": lambda: stage.counted().counts(3),
        "target_arc": lambda: stage.asked("elbow_flexion 12 left").until(State.WATCH).counts(10, "elbow_flexion"),
        "target_high": lambda: stage.asked("shoulder_abduction 8 left").until(State.WATCH).counts(1, "shoulder_abduction"),
        "timed": lambda: stage.asked("squat 30s").until(State.WATCH).counts(2),
        "draw": lambda: stage.path().draws(0),
        "draw_half": lambda: stage.path().draws(6),
        "draw_score": lambda: stage.path().draws(3, 97.0),
        "draw_other": lambda: stage.path().draws(5, 64.0, other=OTHER_SENSE),
        "draw_better": lambda: stage.path().draws(3, 64.0, Fault("length", 0.3, "%", direction="high")),
        "cue": lambda: stage.counted().advised("cue"),
        "cue_warning": lambda: stage.counted().advised("cue", warns=True),
        "watch_wrong": lambda: stage.turn().lives(3.0).lives(2.4, "lunge"),
        **{f"watch_{why.value}": partial(unsure, why) for why in DOUBTS},
        "no_camera": lambda: stage.right().lives(2.4, camera=False),
    }


def _hands(stage: _Stage) -> dict[str, Play]:
    """An exercise of a hand: shown, nearly right, wrong, held, held long enough, and a hand that cannot be judged."""
    half = posed(fingers_pip_flexion=12, ring_pip_flexion=34, ring_mcp_flexion=15, thumb_cmc_flexion=-15)
    nearly = posed(fingers_mcp_flexion=30, fingers_pip_flexion=18, thumb_cmc_flexion=-15)
    fist = posed(
        fingers_mcp_flexion=75, fingers_pip_flexion=95, fingers_dip_flexion=50,
        thumb_cmc_opposition=45, thumb_cmc_abduction=18, thumb_mcp_flexion=40, thumb_ip_flexion=40,
    )  # fmt: skip

    def turn(request: str) -> Rehearsal:
        return stage.asked(request).until(State.WATCH).shows(1.4, half)

    return {
        "hand_show": lambda: stage.asked("thumb_to_ring 5 right").until(State.SHOW).lives(2.0),
        "hand_close": lambda: stage.asked("hand_stretch 5 right").until(State.WATCH).shows(1.2, nearly),
        "hand_wrong": lambda: turn("hand_stretch 5 left").shows(1.6, fist, "left"),
        "hand_held": lambda: turn("hand_fist 5 right").shows(1.7, fist).shows(1.2, half).shows(0.8, fist),
        "hand_release": lambda: turn("hand_fist 5 right").shows(2.2, fist),
        "hand_none": lambda: stage.asked("hand_fist 5 right").until(State.WATCH).shows(1.5, None, why=Reason.NO_HAND),
        "hand_other": lambda: stage.asked("hand_fist 5 left").until(State.WATCH).shows(1.5, fist),
    }


def _told(stage: _Stage) -> dict[str, Play]:
    """Verdicts and rests, and what the patient is asked there."""

    def tells(then: Rehearsal, about: Action, value: int, waits_s: float = 4.0) -> Rehearsal:
        return then.presses(ScreenEvent(about, value=value)).lives(waits_s)

    def tired() -> Rehearsal:
        return tells(stage.rest(), Action.TELL_EFFORT, 6)

    return {
        "verdict_right": lambda: stage.decided("squat"),
        "verdict_right_short": lambda: stage.turn().goes(0.6).until(State.VERDICT, "squat"),
        "effort_chosen": lambda: tells(stage.decided("squat"), Action.TELL_EFFORT, 4, 0.0),
        "verdict_wrong": lambda: stage.decided("lunge"),
        "verdict_wrong_last": lambda: stage.decided("lunge").until(State.SHOW).until(State.VERDICT, "lunge"),
        "verdict_unsure": lambda: stage.decided(UNKNOWN),
        "rest": stage.rest,
        "rest_chosen": lambda: tells(stage.rest(), Action.TELL_EFFORT, 6, 1.0),
        "rest_pain": tired,
        "rest_told": lambda: tells(tired(), Action.TELL_PAIN, 1),
        "pain": lambda: stage.right().presses(Action.PAIN),
        "pain_chosen": lambda: tells(stage.right().presses(Action.PAIN), Action.TELL_PAIN, 3, 0.0),
        "paused": lambda: stage.right().says("pause"),
        "stopped": lambda: stage.right().says("stop"),
        "finished": stage.ended,
    }


def _others(stage: _Stage) -> dict[str, Play]:
    """Before a session, the therapist's page, and what lies over the pages."""

    def idle() -> Rehearsal:
        return Rehearsal(stage.words, ())

    return {
        "idle": idle,
        "refused": lambda: idle().says("next"),
        "therapist_refused": lambda: idle().presses(Action.THERAPIST).says("next"),
        "guard_held": lambda: stage.right().hears(without_controller()),
        "therapist": lambda: stage.right().presses(Action.THERAPIST),
        "therapist_show": lambda: Rehearsal(stage.words).until(State.SHOW).lives(1.4).presses(Action.THERAPIST),
        "therapist_verdict": lambda: stage.decided("squat").presses(Action.THERAPIST),
        "therapist_ignored": lambda: stage.rest().presses(Action.THERAPIST).says("ignore depth"),
        "therapist_list": lambda: idle().presses(Action.THERAPIST, "squat", "squat", "lunge", Action.SETS),
        "therapist_held": lambda: stage.right().hears(started_again()).presses(Action.THERAPIST),
        "help": lambda: stage.right().presses(Action.HELP),
        "close": lambda: stage.right().presses(Action.ASK_CLOSE),
    }


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
