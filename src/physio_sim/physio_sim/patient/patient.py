"""A simulated patient: is asked for an exercise, gets into place, does it as its persona does, and stands again.

What the patient will do is planned when it is asked, as stages that follow each other; :meth:`Patient.at` only looks up the
stage and draws one frame, so the same asks give the same motion at any frame rate.
"""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from dataclasses import replace

import numpy as np

from physio_core.errors import InputError, UnknownExercise
from physio_core.exercises.catalogue import Exercise
from physio_core.motion.gait import Path, straight, walk
from physio_core.motion.kinematics import BodyShape, Motion, positions
from physio_core.motion.legs import rise
from physio_core.motion.movements import EXERCISES, STAND_STILL, exercise_named, preferred_heading_rad
from physio_core.motion.postures import posture, through
from physio_core.motion.style import Style, smooth
from physio_core.motion.supported import bar_height_m
from physio_core.types import FloatArray, Side
from physio_sim.patient.doing import Doing, PatientState, Stage
from physio_sim.patient.hand_doing import KNEELS, HandDoing, HandPose, Shown, hand_exercises, resting, showing
from physio_sim.patient.performance import PLANNED, Performance, perform
from physio_sim.patient.personas import PERSONAS, Heard, Persona, persona_named
from physio_sim.world.room import seat_of

WALK_M_S = 1.0
"""Speed at which patients and passers-by walk [m/s]."""
AWAY_M = 4.5
"""How far to the side a patient walks out, and a passer-by comes from [m]."""
_HOLD_S = 3.0
_FINISH_S = 2.0
_PASS_EVERY_S = 11.0
_SAME_SPOT_M = 0.1


class Patient:
    """A simulated person who exercises in front of the robot. Times given to one patient must not go back."""

    def __init__(
        self,
        shape: BodyShape | None = None,
        persona: str = "able",
        seed: int = 0,
        *,
        x_m: float = 0.0,
        y_m: float = 0.0,
        yaw_rad: float = 0.0,
        tempo: float = 1.0,
        turns: bool = True,
        eye_m: tuple[float, float, float] = (0.0, 0.0, 0.3),
    ) -> None:
        """Stand at a place.

        Args:
            shape: whose body; drawn from the seed unless given.
            persona: one of :data:`PERSONAS`.
            seed: of everything random.
            x_m: where.
            y_m: where.
            yaw_rad: heading that faces the camera.
            tempo: factor on the natural speed.
            turns: whether the patient turns to show each exercise from its best side.
            eye_m: where the camera is, to which a hand is shown [m].

        Raises:
            ConfigError: no such persona.
        """
        self.persona = persona_named(persona)
        self._rng = np.random.default_rng(seed)
        random_shape = BodyShape.random(self._rng)
        self.shape = random_shape if shape is None else shape
        self.asked = ""
        self._heard: set[Heard] = set()
        self._doing: Doing | HandDoing | None = None
        self._eye_m = np.array(eye_m)
        self._near: Shown | None = None
        self._spot, self._home = (x_m, y_m), np.array([x_m, y_m])
        self._yaw, self._tempo, self._turns = yaw_rad, tempo, turns
        drawn_style = Style.random(self._rng)
        self._style = replace(drawn_style, variant="", arms="sides", side="left", asymmetry=0.0, alternate=False)
        self._company = BodyShape.random(self._rng)
        self._seat: tuple[float, float, float, float] | None = None
        self._stages = [self._standing(-1e9, self._upright(yaw_rad))]

    def become(self, persona: Persona) -> None:
        """Be another, who has heard nothing yet, from what is asked for next."""
        self.persona, self._heard = persona, set()

    def ask(self, exercise: str, now_s: float, side: str | None = None, repetitions: int = 0) -> None:
        """Ask for an exercise, or with an empty string to stop and stand.

        A repetition that ends soon is finished first; asking again for what is being done changes nothing.

        Args:
            exercise: its name.
            now_s: when [s].
            side: left or right alone; empty: as people usually do it; None: so too, and it may go on as it is being done.
            repetitions: how many, then the patient stands; 0: until asked for something else.

        Raises:
            UnknownExercise: there is no such exercise.
            ConfigError: no side does it alone.
            InputError: the time is not finite.
        """
        if not np.isfinite(now_s):
            raise InputError(f"time {now_s!r} is not finite")
        if exercise and exercise not in hand_exercises():
            if exercise not in EXERCISES:
                raise UnknownExercise(exercise, [*EXERCISES, *hand_exercises()])
            exercise_named(exercise).led_by(side or "", self._style)
        stage, doing = self._stage_at(now_s), self._doing
        same = exercise == self.asked and (
            not exercise or side is None or (doing is not None and (doing.wanted, doing.repetitions) == (side, repetitions))
        )
        if same and stage.activity in ("moving", "exercising", "standing") and (stage.exercise or not exercise):
            return
        self.asked = exercise
        if self._near and exercise in ("", *hand_exercises()):
            clock = self._wait_near(now_s, stage)
        else:
            self._stages = [stage]
            if not exercise and stage.activity in ("away", "walking"):
                self._wait_there(now_s, stage.draw(now_s - stage.start_s))
                return
            clock = self._come_back(now_s, stage)
        if exercise in hand_exercises():
            self._plan_hand(hand_exercises()[exercise], clock, side or "", repetitions)
        elif exercise:
            self._plan(exercise, clock, side or "", repetitions)

    def hear(self, fault: str, side: Side, now_s: float) -> None:
        """Hear of a fault: a patient who heeds has less of it from the next repetition on.

        Args:
            fault: as the coach calls it.
            side: whose; none: both, or neither.
            now_s: when [s].
        """
        self._heard.add((fault, side))
        stage, doing = self._stage_at(now_s), self._doing
        if not isinstance(doing, Doing) or stage.activity != "exercising" or self.persona.told(self._heard) == doing.show.persona:
            return
        done = int(stage.phase(now_s - stage.start_s)) + 1
        if done >= (doing.repetitions or PLANNED):
            return
        self._stages = [one for one in self._stages if one.start_s <= now_s]
        change_s = doing.end_s(done)
        show = self._performance(doing.exercise, doing.side, deepcopy(doing.chance))
        self._repeat(doing.changed(show, done, stage.draw(change_s - stage.start_s)), change_s)

    def stands_s(self, now_s: float) -> float:
        """For how long the patient has stood and waited [s]; 0 while it does anything else."""
        stage = self._stage_at(now_s)
        return now_s - stage.start_s if stage.activity == "standing" else 0.0

    def at(self, now_s: float) -> PatientState:
        """The patient at a time.

        Raises:
            InputError: the time is not finite.
        """
        if not np.isfinite(now_s):
            raise InputError(f"time {now_s!r} is not finite")
        stage = self._stage_at(now_s)
        elapsed_s = now_s - stage.start_s
        motion = stage.draw(elapsed_s)
        phase = stage.phase(elapsed_s)
        return PatientState(
            stamp_s=now_s,
            positions=positions(self.shape, motion)[0],
            angles_rad=motion.angles_rad[0],
            asked=self.asked,
            exercise=stage.exercise if stage.activity in ("exercising", "stopped") else "",
            phase=float(phase % 1.0),
            repetition=int(phase),
            activity=stage.activity,
            others=self._passing(now_s) if self.persona.company else (),
            bar_height_m=bar_height_m(self.shape) if stage.place == "bar" else 0.0,
            under_way=stage.truth(int(phase)) if stage.truth else None,
            seat=self._seat if stage.place == "chair" else None,
            hand=stage.hand(elapsed_s) if stage.hand else None,
        )

    def _stage_at(self, now_s: float) -> Stage:
        return next((stage for stage in reversed(self._stages) if stage.start_s <= now_s), self._stages[0])

    def _upright(self, yaw_rad: float) -> Motion:
        return posture("stand", self.shape, self._style).placed(*self._spot, yaw_rad)

    def _standing(self, start_s: float, still: Motion, activity: str = "standing") -> Stage:
        rest = posture("stand", self.shape, self._style)

        def draw(elapsed_s: float) -> Motion:
            moved = STAND_STILL.motion(np.array([elapsed_s / 6.0]), self._style, self.shape)
            near = smooth(np.array([elapsed_s]), 0.0, 1.0)[0]
            yaw = float(still.root_rad[0, 2])
            at = still.root_m[0] - rest.placed(0.0, 0.0, yaw).root_m[0]
            swaying = Motion(
                rest.angles_rad + near * (moved.angles_rad - rest.angles_rad),
                rest.root_m + near * (moved.root_m - rest.root_m),
                rest.root_rad + near * (moved.root_rad - rest.root_rad),
            )
            return swaying.placed(float(at[0]), float(at[1]), yaw)

        return Stage(start_s, activity, draw)

    def _pass(self, clock: float, keys: list[tuple[float, Motion]], place: str, exercise: str = "") -> float:
        """Append a transition through postures, each with its duration [s]; returns when it ends."""
        ends = np.cumsum([seconds for seconds, _ in keys]) / self._tempo
        timed = [(float(end), motion) for end, (_, motion) in zip(ends, keys, strict=True)]

        def draw(elapsed_s: float) -> Motion:
            return through(np.array([elapsed_s]), timed, self.shape, on_floor=place != "bar").motion

        self._stages.append(Stage(clock, "moving", draw, place, exercise))
        return clock + float(ends[-1])

    def _between(self, place: str, yaw_rad: float) -> list[tuple[float, Motion]]:
        """Postures passed between standing and a place that is not the feet."""
        if place == "floor":
            down = posture("crouch", self.shape, self._style)
            nearer = replace(down, root_m=down.root_m + [0.12 * self.shape.height_m, 0.0, 0.0])
            return [(1.2, nearer.placed(*self._spot, yaw_rad))]
        if place == "bar":
            reaching = posture("stand", self.shape, replace(self._style, arms="overhead"))
            return [(0.8, reaching.placed(*self._spot, yaw_rad))]
        if place == "chair":
            half_up = rise(np.array([0.5]), self._style, self.shape).motion
            return [(0.8, half_up.placed(*self._spot, yaw_rad))]
        return []

    def _wait_there(self, clock: float, here: Motion) -> None:
        x_m, y_m, yaw = float(here.root_m[0, 0]), float(here.root_m[0, 1]), float(here.root_rad[0, 2])
        then = posture("stand", self.shape, self._style).placed(x_m, y_m, yaw)
        self._stages.append(self._standing(self._pass(clock, [(0.0, here), (0.8, then)], "feet"), then, "away"))

    def _come_back(self, now_s: float, stage: Stage) -> float:
        """Plan the transition from the current activity to standing at home; returns when it ends."""
        here = stage.draw(now_s - stage.start_s)
        clock = now_s
        if stage.activity in ("away", "walking"):
            return self._walk_home(clock, here)
        if stage.activity == "standing" and not self._near:
            return now_s
        if stage.activity == "exercising":
            clock = self._finish(now_s, stage)
            here = stage.draw(clock - stage.start_s)
        clock = self._stand_up(clock, here, stage.place)
        if self._near:
            return self._walk_home(clock, self._upright(self._yaw))
        self._stages.append(self._standing(clock, self._upright(float(here.root_rad[0, 2]))))
        return clock

    def _walk_home(self, clock: float, here: Motion) -> float:
        """Append the way home and standing there; returns when it ends."""
        self._near, self._spot = None, (float(self._home[0]), float(self._home[1]))
        path, length = straight(here.root_m[0, :2], self._home)
        return self._walk(clock, here, path, length, self._upright(self._yaw))

    def _wait_near(self, now_s: float, stage: Stage) -> float:
        """Plan to kneel and wait with the hand shown, after coming near or the repetition under way; returns when."""
        doing, near = self._doing, self._near
        assert isinstance(doing, HandDoing) and near
        coming = now_s < doing.begins_s
        clock = doing.begins_s if coming else self._finish(now_s, stage)
        rest_rad = doing.angles_rad(0.0)
        hand = stage.hand(clock - stage.start_s) if stage.hand else HandPose(doing.side, rest_rad, near.wrist_m, near.turn)
        self._stages = [one for one in self._stages if one.start_s < clock] if coming else [stage]
        self._stages.append(Stage(clock, "standing", lambda _: near.body, KNEELS, hand=resting(hand, rest_rad)))
        return clock

    def _plan_hand(self, exercise: Exercise, clock: float, side: str, repetitions: int) -> None:
        """Append coming near, the repetitions of a hand, and waiting with it."""
        doing = HandDoing.of(exercise, self.persona, side, repetitions, self._tempo, int(self._rng.integers(1 << 30)), clock)
        near = showing(self.shape, self._style, doing.side, exercise.view, self._eye_m, self._yaw)
        stage = self._stage_at(clock)
        here = stage.draw(clock - stage.start_s)
        if np.linalg.norm(np.subtract(near.spot, self._spot)) > _SAME_SPOT_M:
            if stage.place == KNEELS:
                clock = self._stand_up(clock, here, KNEELS)
                here = self._upright(self._yaw)
            path, length = straight(here.root_m[0, :2], np.array(near.spot))
            self._spot = near.spot
            clock = self._walk(clock, here, path, length, self._upright(self._yaw))
            here = self._upright(self._yaw)
        if not stage.hand or not self._near or not np.allclose(self._near.wrist_m, near.wrist_m):
            clock = self._pass(clock, [(0.0, here), (1.2, near.body)], KNEELS, doing.name)
        self._near, self._doing = near, (doing := replace(doing, begins_s=clock))

        def hand(elapsed_s: float) -> HandPose:
            return HandPose(doing.side, doing.angles_rad(elapsed_s), near.wrist_m, near.turn)

        self._stages.append(Stage(clock, "exercising", lambda _: near.body, KNEELS, doing.name, doing.phase, doing.truth, hand))
        if doing.repetitions:
            end_s = doing.end_s(doing.repetitions)
            rest, done = resting(hand(end_s - clock), doing.angles_rad(0.0)), float(doing.repetitions)
            self._stages.append(Stage(end_s, "standing", lambda _: near.body, KNEELS, phase=lambda _: done, hand=rest))

    def _finish(self, now_s: float, stage: Stage) -> float:
        """When the current repetition ends, or now if that is too far off."""
        for late_s in np.arange(0.0, _FINISH_S, 0.02):
            if stage.phase(now_s + late_s - stage.start_s) >= np.ceil(stage.phase(now_s - stage.start_s)):
                return now_s + float(late_s)
        return now_s

    def _stand_up(self, clock: float, here: Motion, place: str) -> float:
        yaw = float(here.root_rad[0, 2])
        return self._pass(clock, [(0.0, here), *self._between(place, yaw), (1.0, self._upright(yaw))], place)

    def _walk(self, clock: float, here: Motion, path: Path, length: float, then: Motion) -> float:
        """Append a walk and standing at its end; returns when it ends."""
        speed = WALK_M_S * self._tempo
        first, last = (walk(self.shape, np.array([at]), path).motion for at in (0.0, length))
        clock = self._pass(clock, [(0.0, here), (0.7, first)], "feet")
        self._stages.append(
            Stage(clock, "walking", lambda elapsed_s: walk(self.shape, np.array([elapsed_s * speed]), path).motion)
        )
        clock = self._pass(clock + length / speed, [(0.0, last), (0.9, then)], "feet")
        self._stages.append(self._standing(clock, then))
        return clock

    def _performance(self, exercise: str, side: str, chance: np.random.Generator, persona: Persona | None = None) -> Performance:
        persona = persona or self.persona.told(self._heard)
        return perform(exercise, persona, self.shape, chance, self._tempo, imitates=True, side="" if persona.wrong else side)

    def _plan(self, exercise: str, clock: float, side: str, repetitions: int) -> None:
        """Append getting into place, the repetitions, and what the persona does after them."""
        chance = deepcopy(self._rng)
        show = self._performance(exercise, side, self._rng)
        without = self._performance(exercise, side, deepcopy(chance), replace(self.persona, faults=()))
        name, place = show.movement.name, show.movement.place
        yaw = self._yaw + (preferred_heading_rad(name, show.style.side) if self._turns else 0.0)
        here = self._stage_at(clock)
        begin = here.draw(clock - here.start_s)
        keys = [(0.0, begin), *([(0.9, self._upright(yaw))] if place != "feet" else []), *self._between(place, yaw)]
        first = show.frame(0.0).placed(*self._spot, yaw)
        if place == "chair":
            self._seat = (*seat_of(first.root_m[0], self.shape.height_m, yaw).tolist(), yaw)
        clock = self._pass(clock, [*keys, (1.1, first)], place, name)
        doing = Doing(exercise, side, repetitions, chance, without, show, self._spot, yaw, clock)
        self._repeat(doing, clock)
        if self.persona.stops:
            self._stop(show, clock, doing.draw)
        elif self.persona.leaves:
            self._leave(show, clock, doing.draw)

    def _repeat(self, doing: Doing, clock: float) -> None:
        """Append the repetitions that are left, and standing after the last one."""
        self._doing, movement = doing, doing.show.movement
        self._stages.append(Stage(clock, "exercising", doing.draw, movement.place, movement.name, doing.phase, doing.truth))
        if doing.repetitions:
            end_s, before = doing.end_s(doing.repetitions), len(self._stages)
            clock = self._stand_up(end_s, doing.draw(end_s - clock), movement.place)
            self._stages.append(self._standing(clock, self._upright(doing.yaw_rad)))
            self._stages[before:] = [replace(one, phase=lambda _: float(doing.repetitions)) for one in self._stages[before:]]

    def _stop(self, show: Performance, clock: float, draw: Callable[[float], Motion]) -> None:
        phase = 1.5 + int(self._rng.integers(2))
        stuck_s = show.time_s(phase)
        held = draw(stuck_s)
        place = show.movement.place
        self._stages.append(Stage(clock + stuck_s, "stopped", lambda _: held, place, show.movement.name, lambda _: phase))
        clock = self._stand_up(clock + stuck_s + _HOLD_S, held, place)
        self._stages.append(self._standing(clock, self._upright(float(held.root_rad[0, 2]))))

    def _leave(self, show: Performance, clock: float, draw: Callable[[float], Motion]) -> None:
        done_s = show.time_s(2.0 + int(self._rng.integers(2)))
        last = draw(done_s)
        clock = self._stand_up(clock + done_s, last, show.movement.place)
        side = np.array([-np.sin(self._yaw), np.cos(self._yaw)]) * AWAY_M * (1.0 if self._rng.random() < 0.5 else -1.0)
        path, length = straight(self._home, self._home + side)
        end = self._home + side
        yaw = float(path(np.zeros(1))[0, 2])
        then = posture("stand", self.shape, self._style).placed(float(end[0]), float(end[1]), yaw)
        clock = self._walk(clock, self._upright(float(last.root_rad[0, 2])), path, length, then)
        self._stages[-1] = replace(self._stages[-1], activity="away")

    def _passing(self, now_s: float) -> tuple[FloatArray, ...]:
        """The passer-by: behind the patient, then in front, from one side to the other; empty between two passes."""
        count, elapsed_s = divmod(now_s, _PASS_EVERY_S)
        ahead = np.array([np.cos(self._yaw), np.sin(self._yaw)])
        aside = np.array([-ahead[1], ahead[0]]) * (1.0 if count % 4 < 2 else -1.0) * AWAY_M
        line = self._home + ahead * (-1.3 if count % 2 == 0 else 0.9)
        path, length = straight(line - aside, line + aside)
        if elapsed_s * WALK_M_S > length:
            return ()
        return (positions(self._company, walk(self._company, np.array([elapsed_s * WALK_M_S]), path).motion)[0],)


__all__ = ["EXERCISES", "PERSONAS", "Patient", "PatientState"]
