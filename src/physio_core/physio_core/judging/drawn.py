"""The judge of paths that are drawn: the wrist of the asked side is the hand, and each attempt is scored against the ideal path.

The arm's length is measured while the exercise is shown, so that stars hang where the patient reaches. After each attempt that is
complete the next path lies between her own and the ideal, the nearer to the ideal the better she drew.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from functools import cache

from physio_core.assessment.repetition import Fault, Outcome, Repetition, ScoreTerm, Side, mean_terms
from physio_core.errors import ConfigError, InputError
from physio_core.exercises.catalogue import Exercise
from physio_core.judging.gate import SetupGate
from physio_core.judging.judge import Goal, JudgingConfig, Observation
from physio_core.judging.judgement import Judgement
from physio_core.skeleton.layouts import Layout, layout_named
from physio_core.skeleton.stream import JointFrame, JointStream, Track
from physio_core.trajectories.arm import human_arm
from physio_core.trajectories.body import ArmPlace, ArmReader, deepened
from physio_core.trajectories.drawing import Drawing, Paths, PathWanted, places, told
from physio_core.trajectories.interpolation import next_path
from physio_core.trajectories.progress import expected, more_own
from physio_core.trajectories.reach import ReachMeter
from physio_core.trajectories.score import Score, TermDefinition, asked_for, load_terms, score
from physio_core.trajectories.score import difference as told_difference
from physio_core.trajectories.tracer import Tracer
from physio_core.trajectories.trajectory import SIDES, Trajectory
from physio_core.trajectories.trajectory import Side as Arm
from physio_core.trajectories.types import ideal
from physio_core.trajectories.weight import weight_of
from physio_core.types import Reason, Skeleton, Tracking, Verdict

RATE_HZ = 30.0
CALIBRATED_S = 1.0
"""So long an arm is looked at before its stars are hung up [s]."""
WITHIN_M = 0.03
"""A path that another program wants may lie so far beyond where the hand comes, and is brought there [m]."""
TRAIL = 60
"""Places of the trail that are told, at most."""
_NOT_SEEN = {
    Tracking.NOBODY: Reason.NOBODY,
    Tracking.SOMEBODY_ELSE: Reason.SOMEBODY_ELSE,
    Tracking.DETECTOR_FAILED: Reason.DETECTOR_FAILED,
}


@cache
def _seen_terms() -> dict[str, TermDefinition]:
    """The terms that one camera can measure."""
    return {name: one for name, one in load_terms().items() if not one.depth}


class DrawnJudge:
    """See :class:`~physio_core.judging.judge.Judge`. Skeletons alone tell."""

    input: tuple[type, ...] = (Skeleton,)

    def __init__(self, exercise: Exercise, config: JudgingConfig, after_stamp_s: float, goal: Goal) -> None:
        """Begin an attempt; for the arguments see :class:`~physio_core.judging.judge.Judge`.

        Raises:
            ConfigError: the exercise's file does not say which path is drawn.
        """
        if exercise.trajectory is None:
            raise ConfigError(f"{exercise.name}: its file says no path; give `trajectory: type: clock_m` there")
        self._exercise, self._asked, self._after_s = exercise, exercise.trajectory, after_stamp_s
        self._gate = SetupGate(exercise.needs, config)
        self._eyes: _Eyes | None = None
        self._repetitions: list[Repetition] = []
        self._paths: list[Trajectory] = []
        self._told = 0
        self._judgement = Judgement()
        self.goal = goal

    def update(self, observation: Observation, turn_s: float | None) -> Judgement:
        """See :class:`~physio_core.judging.judge.Judge`.

        Raises:
            InputError: a path that another program wants and this hand cannot be asked for.
        """
        if isinstance(observation, PathWanted):
            self._want(observation.path)
        if not isinstance(observation, Skeleton) or observation.stamp_s <= self._after_s:
            return self._judgement
        self._gate.update(observation)
        for path, hand in self._see(observation, turn_s is not None):
            self._repetitions.append(self._drawn(path, hand))
        if turn_s is None:
            return self._judgement
        missing = self._gate.missing(observation.stamp_s)
        reason = _NOT_SEEN.get(observation.status, Reason.OUT_OF_FRAME if missing else Reason.NONE)
        drawing = self._eyes.drawing if self._eyes else None
        begun = drawing is not None and drawing.lit > 0
        self._judgement = replace(
            self._judgement,
            stamp_s=observation.stamp_s,
            ready=not missing,
            missing=missing if observation.tracked else (),
            judging=not missing,
            seen=self._exercise.name if begun else "",
            confidence=1.0 if begun else 0.0,
            verdict=Verdict.NONE if reason is Reason.NONE else Verdict.UNSURE,
            reason=reason,
            phase=drawing.lit / len(drawing.stars) if drawing and drawing.stars else math.nan,
            drawing=drawing,
            paths=self._eyes.paths if self._eyes else None,
        )
        return self._tell()

    def lose_input(self) -> Judgement:
        """See :class:`~physio_core.judging.judge.Judge`."""
        self._judgement = replace(self._judgement, seen="", confidence=0.0, verdict=Verdict.UNSURE, reason=Reason.NO_CAMERA)
        return self._judgement

    def close(self) -> Sequence[Judgement]:
        """See :class:`~physio_core.judging.judge.Judge`."""
        if self._eyes:
            for path, hand in self._eyes.close():
                self._repetitions.append(self._drawn(path, hand))
        complete = any(one.outcome is Outcome.COMPLETE for one in self._repetitions)
        doubt = self._judgement.reason if self._judgement.reason is not Reason.NONE else Reason.NOT_SEEN
        self._judgement = replace(
            self._judgement,
            judging=False,
            seen=self._exercise.name if complete else "",
            verdict=Verdict.RIGHT if complete else Verdict.UNSURE,
            reason=Reason.NONE if complete else doubt,
            missing=(),
        )
        return [self._tell() for _ in range(max(len(self._repetitions) - self._told, 1))]

    def _see(self, skeleton: Skeleton, counts: bool) -> list[tuple[Trajectory, _Hand]]:
        if not skeleton.tracked and self._eyes is None:
            return []
        self._eyes = self._eyes or _Eyes(self._exercise, layout_named(skeleton.layout), self.goal)
        return self._eyes.see(skeleton, counts)

    def _want(self, path: Trajectory) -> None:
        if self._eyes is None:
            raise InputError("nobody is seen yet who could draw it; send it once `path/next` was published")
        self._eyes.want(path)
        self._judgement = replace(self._judgement, drawing=self._eyes.drawing, paths=self._eyes.paths)

    def _drawn(self, path: Trajectory, hand: _Hand) -> Repetition:
        """One attempt, scored; the hand then gets its next path."""
        definition = self._asked
        asked = asked_for(definition.type, hand.size_m, path.side)
        path = deepened(path, asked.path)
        self._paths.append(path)
        found, share = score(path, asked, _seen_terms()), hand.tracer.stars.share
        complete = share >= definition.complete_from or found.score >= definition.complete_score
        outcome = Outcome.COMPLETE if complete else Outcome.PARTIAL
        weight = weight_of(found.score, definition.limits, more_own(self.goal.extent))
        following = next_path(path, asked.path, weight, human_arm(hand.reach_m, path.side)) if complete else hand.path
        drawing = Drawing(
            definition.type, path.side, round(hand.reach_m, 3), places(hand.tracer.stars.places_m), hand.tracer.stars.lit,
            told(path), told(asked.path), told(following), found.grade, path.duration_s, round(weight, 3),
        )  # fmt: skip
        hand.ask_for(following)
        turn_s = float(path.stamps_s[len(path) // 2])
        number = 1 + sum(one.outcome is outcome for one in self._repetitions)
        return Repetition(
            number, outcome, Side(path.side), float(path.stamps_s[0]), turn_s, float(path.stamps_s[-1]), extent=share,
            terms=tuple(ScoreTerm(term.name, 1.0 - term.error, term.weight) for term in found.terms),
            faults=_faults(found, Side(path.side)), drawing=drawing,
        )  # fmt: skip

    def _tell(self) -> Judgement:
        """The judgement with the next attempt: whoever follows must see each."""
        fresh = self._repetitions[self._told : self._told + 1]
        self._told += len(fresh)
        told_of = self._repetitions[: self._told]
        complete = [one for one in told_of if one.outcome is Outcome.COMPLETE]
        newest = fresh[-1] if fresh else self._judgement.newest
        wanted, paths = self.goal.repetitions, self._judgement.paths
        drawn = self._paths[self._told - 1] if fresh else None
        self._judgement = replace(
            self._judgement,
            progress=min(len(complete) / wanted, 1.0) if wanted else float(bool(complete)),
            decided=not self.goal.timed and len(complete) >= max(wanted, 1),
            repetitions=len(complete),
            partial=len(told_of) - len(complete),
            terms=mean_terms(complete) if fresh else self._judgement.terms,
            faults=newest.faults if newest else (),
            not_measured=tuple(name for name, one in load_terms().items() if one.depth) if newest else (),
            newest=newest,
            paths=replace(paths, drawn=drawn) if paths else None,
            expected=expected([one.score for one in told_of]),
        )
        return self._judgement


def drawn_objection(exercise: Exercise, labels: Sequence[str]) -> str:
    """Why the path of an exercise cannot be judged; empty: it can, whatever the recogniser knows."""
    return "" if exercise.trajectory else "its file says no path; give `trajectory: type: clock_m` there"


class _Hand:
    """One hand that may draw: how far it comes, and what it draws."""

    def __init__(self, exercise: Exercise, layout: Layout, side: Arm, extent: float) -> None:
        assert exercise.trajectory is not None
        self._definition, self.side, self._extent = exercise.trajectory, side, extent
        self._reader, self._meter = ArmReader(layout, side), ReachMeter(CALIBRATED_S)
        self._tracer: Tracer | None = None
        self.reach_m = 0.0
        self.path: Trajectory
        self.ideal: Trajectory

    @property
    def tracer(self) -> Tracer:
        """What it draws; only once its reach is known."""
        assert self._tracer is not None
        return self._tracer

    @property
    def size_m(self) -> float:
        """Reach for which the path is meant, never more than there is [m]."""
        return self.reach_m * min(self._definition.size * self._extent, 1.0)

    @property
    def calibrated(self) -> bool:
        """Whether its reach is known."""
        return self._tracer is not None

    def reset(self) -> None:
        """Someone else is there."""
        self._reader.reset()
        self._meter.reset()
        self._tracer = None

    def ask_for(self, path: Trajectory) -> None:
        """Another path is asked for from now on."""
        self.path = path
        self.tracer.ask_for(path)

    def place(self, frame: JointFrame, aspect: float) -> ArmPlace | None:
        """Where it is; measures its reach until that is known."""
        found = self._reader.read(frame, aspect, self._tracer.ahead_m if self._tracer else 0.0)
        if found is None or self._tracer is not None:
            return found
        self._meter.push(found.stamp_s, found.arm_m, found.hand_m)
        if self._meter.done:
            self._hang_up()
        return found

    def _hang_up(self) -> None:
        try:
            self.reach_m = round(self._meter.reach.reach_m, 2)
            self.ideal = ideal(self._definition.type, self.size_m, self.side)
            self.path = human_arm(self.reach_m, self.side).follow(self.ideal)
            tolerance_m = self._definition.tolerance * self.reach_m
            self._tracer = Tracer(self.path, self._definition.stars, tolerance_m, self._definition.attempt_from, self.reach_m)
        except InputError:
            self._meter.reset()


class _Eyes:
    """Watches one person's hands, in one joint order."""

    def __init__(self, exercise: Exercise, layout: Layout, goal: Goal) -> None:
        assert exercise.trajectory is not None
        self._type = exercise.trajectory.type
        self._stream = JointStream(layout, RATE_HZ)
        wanted = goal.side.value or exercise.trajectory.side
        self._hands = [_Hand(exercise, layout, side, goal.extent) for side in SIDES if wanted in ("", side)]
        self._drawing_hand: _Hand | None = self._hands[0] if len(self._hands) == 1 else None
        self._track: Track | None = None

    def want(self, path: Trajectory) -> None:
        """Another program wants this path to be drawn next.

        Raises:
            InputError: of an arm that does not draw, or whose reach is not known yet, or a path that it does not reach.
        """
        hand = next((hand for hand in self._hands if hand.side == path.side), None)
        if hand is None:
            raise InputError(f"a path of the {path.side} arm; the {self._hands[0].side} one is to draw")
        if not hand.calibrated:
            raise InputError(f"how far the {path.side} hand comes is not known yet; send it once `path/next` was published")
        hand.ask_for(human_arm(hand.reach_m, path.side).follow(path, WITHIN_M))

    def see(self, skeleton: Skeleton, counts: bool) -> list[tuple[Trajectory, _Hand]]:
        """Take the skeleton of the next image; gives the attempts that are over with it."""
        found = []
        frames = self._stream.update(skeleton)
        if self._stream.track is not self._track:
            self._track = self._stream.track
            for hand in self._hands:
                hand.reset()
        for frame in frames:
            for hand in self._hands:
                place = hand.place(frame, skeleton.width_px / max(skeleton.height_px, 1) or 4.0 / 3.0)
                if place is None or not counts or not hand.calibrated:
                    continue
                path = hand.tracer.push(place.stamp_s, place.hand_m)
                self._drawing_hand = hand if hand.tracer.stars.lit or self._drawing_hand is None else self._drawing_hand
                if path is not None and hand is self._drawing_hand:
                    found.append((path, hand))
        return found

    def close(self) -> list[tuple[Trajectory, _Hand]]:
        """The images end; gives what was drawn so far."""
        hand = self._drawing_hand
        path = hand.tracer.close() if hand and hand.calibrated else None
        return [(path, hand)] if hand and path else []

    @property
    def drawing(self) -> Drawing | None:
        """What is being drawn; None: the reach is not known yet."""
        hand = self._drawing_hand
        if hand is None or not hand.calibrated:
            return None
        trail, stars = hand.tracer.trail, hand.tracer.stars
        step = max(math.ceil(len(trail) / TRAIL), 1)
        return Drawing(self._type, hand.side, hand.reach_m, places(stars.places_m), stars.lit, places(trail[::step]))

    @property
    def paths(self) -> Paths | None:
        """The same with its time; None: likewise."""
        hand = self._drawing_hand
        return Paths(hand.ideal, hand.path) if hand and hand.calibrated else None


def _faults(found: Score, side: Side) -> tuple[Fault, ...]:
    """What was not as asked for, by term; most severe first."""
    named = []
    for term in found.worst:
        number, unit = told_difference(term, load_terms()[term.name])
        way = "high" if term.drawn > term.asked else "low"
        named.append(Fault(term.name, number, unit, side, "wrist", way, severity=term.error))
    return tuple(named)
