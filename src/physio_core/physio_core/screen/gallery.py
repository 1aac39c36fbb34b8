"""Draws every state of the screen into PNG files: ``python -m physio_core.screen.gallery docs/images``."""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from physio_core.coach.messages import message
from physio_core.coach.session import State, Status
from physio_core.motion.body import BodyShape, positions
from physio_core.motion.movements import EXERCISES
from physio_core.motion.style import Style
from physio_core.motion.view import Camera, project, to_openpose_18
from physio_core.screen.drawing.window import Screen
from physio_core.screen.framing import Framing
from physio_core.screen.state import Desk, Guard, Overlay, ScreenConfig, ScreenState
from physio_core.screen.wording import Words, load_words
from physio_core.types import HoldReason, Reason, Skeleton, Tracking, Verdict

_TIME_S = 1.5


def sample_skeleton(exercise: str = "squat", time_s: float = _TIME_S) -> Skeleton:
    """A patient in the middle of an exercise, as the robot's camera would see her."""
    movement = EXERCISES[exercise]
    motion = movement.motion(np.array([time_s / movement.period_s[1]]), Style(), BodyShape()).placed(yaw_rad=0.9)
    points, _ = project(positions(BodyShape(), motion), Camera(x_m=2.4, height_m=0.8, pitch_rad=0.0))
    flat = to_openpose_18(points)[0]
    depth = np.full((len(flat), 1), np.nan)
    return Skeleton(
        stamp_s=time_s,
        status=Tracking.TRACKED,
        points=np.concatenate([flat, depth], axis=1).astype(np.float32),
        confidence=np.full(len(flat), 0.95, np.float32),
        body_id="body_1",
        width_px=640,
        height_px=480,
    )


def samples(words: Words) -> Mapping[str, ScreenState]:
    """Every state worth a look, by name; all of them can happen."""
    asked = Status(State.WATCH, round=2, asked="squat", progress=0.6)
    watch = {
        "watch": replace(asked, progress=0.0, verdict=Verdict.UNSURE, reason=Reason.NOT_SEEN),
        "watch_right": replace(asked, verdict=Verdict.RIGHT, seen="squat"),
        "watch_wrong": replace(asked, verdict=Verdict.WRONG, seen="lunge"),
        "watch_nobody": replace(asked, verdict=Verdict.UNSURE, reason=Reason.NOBODY),
        "watch_out_of_frame": replace(asked, verdict=Verdict.UNSURE, reason=Reason.OUT_OF_FRAME),
        "watch_somebody_else": replace(asked, verdict=Verdict.UNSURE, reason=Reason.SOMEBODY_ELSE),
        "watch_unfamiliar": replace(asked, verdict=Verdict.UNSURE, reason=Reason.UNFAMILIAR),
        "watch_low_fps": replace(asked, verdict=Verdict.UNSURE, reason=Reason.LOW_FPS),
        "no_camera": replace(asked, verdict=Verdict.UNSURE, reason=Reason.NO_CAMERA),
    }
    others = {
        "show": replace(asked, state=State.SHOW, progress=0.0),
        "show_lunge": Status(State.SHOW, round=3, asked="lunge"),
        "verdict_right": replace(asked, state=State.VERDICT, rounds=6, next="jumping_jack", verdict=Verdict.RIGHT, seen="squat"),
        "verdict_wrong": replace(asked, state=State.VERDICT, rounds=6, next="squat", verdict=Verdict.WRONG, seen="lunge"),
        "verdict_unsure": replace(asked, state=State.VERDICT, verdict=Verdict.UNSURE, reason=Reason.NOT_SEEN),
        "ready": replace(asked, state=State.READY, progress=0.0, time_left_s=2.2, judging=False),
        "paused": replace(asked, state=State.PAUSED),
        "stopped": Status(State.STOPPED, round=2),
        "finished": Status(State.FINISHED, round=3),
        "idle": Status(),
    }
    states = {name: _state(status, words) for name, status in {**watch, **others}.items()}
    seen = replace(states["watch_right"], skeleton=sample_skeleton())
    states |= {"watch_right": seen, "watch_wrong": replace(states["watch_wrong"], skeleton=sample_skeleton("lunge"))}
    seen = replace(seen, status=replace(asked, verdict=Verdict.RIGHT, seen="squat", rounds=6, time_left_s=14.2))
    desk = replace(states["watch_right"], desk=Desk())
    return states | {
        "no_coach": ScreenState(time_s=_TIME_S),
        "rounds": seen,
        "help": replace(seen, overlay=Overlay.HELP),
        "close": replace(seen, overlay=Overlay.CLOSE),
        "guard_held": replace(seen, guard=Guard.HELD, guard_reason=HoldReason.CONTROLLER_LOST),
        "therapist": desk,
        "therapist_list": replace(desk, desk=Desk(("squat", "lunge", "squat")), status=Status(), guard=Guard.ARMED),
        "therapist_held": replace(desk, guard=Guard.HELD, guard_reason=HoldReason.GUARD_RESTARTED),
    }


def _state(status: Status, words: Words) -> ScreenState:
    said = message(status, words.catalogue, words.coach, words.language)
    skeleton = None if status.reason in (Reason.NOBODY, Reason.SOMEBODY_ELSE, Reason.NO_CAMERA) else sample_skeleton()
    framing = Framing()
    if skeleton:
        framing.see(skeleton, 0.0)
    return ScreenState(
        status=status, message=said, skeleton=skeleton, crop=framing.crop, turned=framing.faces_left, time_s=_TIME_S
    )


def main(arguments: Sequence[str] | None = None) -> int:
    """Write ``screen_<state>.png`` for English, and all of them with the language in the name for others."""
    parser = argparse.ArgumentParser(description="Draws every state of the screen into PNG files.")
    parser.add_argument("folder", type=Path, help="where the pictures go")
    parser.add_argument("--language", default="en")
    parser.add_argument("--only", nargs="*", default=[], help="names of states; default: all")
    parser.add_argument("--time", action="store_true", help="print the processor time that each state takes to draw instead")
    options = parser.parse_args(arguments)
    os.environ["SDL_VIDEODRIVER"] = "dummy"
    words = load_words(options.language)
    screen = Screen(ScreenConfig(language=options.language), words)
    suffix = "" if options.language == "en" else f"_{options.language}"
    for name, state in samples(words).items():
        if options.only and name not in options.only:
            continue
        if options.time:
            print(f"{name:20} {_draw_ms(screen, state):5.1f} ms   mirror {_draw_ms(screen, _with_picture(state)):5.1f} ms")
            continue
        screen.show(state)
        screen.screenshot(options.folder / f"screen_{name}{suffix}.png")
    screen.close()
    return 0


def _draw_ms(screen: Screen, state: ScreenState, pictures: int = 30) -> float:
    """Median processor time to draw one moment [ms]; the figure moves from each to the next."""
    took_ms = []
    for index in range(pictures):
        began_s = time.process_time()
        screen.show(replace(state, time_s=index / ScreenConfig().fps))
        took_ms.append((time.process_time() - began_s) * 1e3)
    return float(np.median(took_ms))


def _with_picture(state: ScreenState) -> ScreenState:
    return replace(state, picture=np.random.default_rng(1).integers(0, 256, (480, 640, 3), dtype=np.uint8))


if __name__ == "__main__":
    sys.exit(main())
