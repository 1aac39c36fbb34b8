"""The judge of paths that are drawn: the wrist of the asked side is the hand, and each attempt is scored against the ideal path.

The arm's length is measured while the exercise is shown, so that stars hang where the patient reaches. After each attempt that is
complete the next path lies between her own and the ideal, the nearer to the ideal the better she drew. Whoever surely
draws another path than was asked for is told so while she draws, and it does not count.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from functools import cache

from physio_core.assessment.repetition import Fault, Outcome, Repetition, ScoreTerm, mean_terms
from physio_core.errors import ConfigError, InputError, ModelError, RunnerUnavailable
from physio_core.exercises.catalogue import Exercise
from physio_core.judging.drawn_eyes import Eyes, Hand
from physio_core.judging.gate import SetupGate
from physio_core.judging.judge import Goal, JudgingConfig, Observation
from physio_core.judging.judgement import Judgement
from physio_core.skeleton.layouts import layout_named
from physio_core.trajectories.arm import human_arm
from physio_core.trajectories.body import deepened
from physio_core.trajectories.classifier import PathClassifier
from physio_core.trajectories.drawing import Drawing, PathWanted, places, told
from physio_core.trajectories.interpolation import next_path
from physio_core.trajectories.onlooker import classifier
from physio_core.trajectories.progress import expected, more_own
from physio_core.trajectories.score import Score, TermDefinition, asked_for, load_terms, score
from physio_core.trajectories.score import difference as told_difference
from physio_core.trajectories.trajectory import Trajectory
from physio_core.trajectories.weight import weight_of
from physio_core.types import Reason, Side, Skeleton, Tracking, Verdict

WRONG_PATHS = 2
"""So many other paths, and none that was asked for, end a set: it is shown once more."""
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

    def __init__(
        self, exercise: Exercise, config: JudgingConfig, after_stamp_s: float, goal: Goal, namer: PathClassifier | None = None
    ) -> None:
        """Begin an attempt; ``namer`` names paths, the one that ships by default; for the rest see the protocol.

        Raises:
            ConfigError: the exercise's file does not say which path is drawn.
            ModelError: the model that names paths is damaged.
        """
        if exercise.trajectory is None:
            raise ConfigError(f"{exercise.name}: its file says no path; give `trajectory: type: clock_m` there")
        self._exercise, self._asked, self._after_s, self._namer = (
            exercise,
            exercise.trajectory,
            after_stamp_s,
            namer or classifier(),
        )
        self._gate, self._tilt_rad = SetupGate(exercise.needs, config), math.radians(config.camera_tilt_deg)
        self._eyes: Eyes | None = None
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
        begun, other = drawing is not None and drawing.lit > 0, self._eyes.other if self._eyes else None
        seen = begun and other is None
        verdict = Verdict.WRONG if other else Verdict.NONE
        self._judgement = replace(
            self._judgement,
            stamp_s=observation.stamp_s,
            ready=not missing,
            missing=missing if observation.tracked else (),
            judging=not missing,
            seen=self._exercise.name if seen else "",
            confidence=1.0 if seen else 0.0,
            verdict=verdict if reason is Reason.NONE else Verdict.UNSURE,
            reason=reason,
            phase=drawing.lit / len(drawing.stars) if drawing and drawing.stars else math.nan,
            drawing=drawing,
            paths=self._eyes.paths if self._eyes else None,
            now=other,
        )
        return self._tell()

    def lose_input(self) -> Judgement:
        """See :class:`~physio_core.judging.judge.Judge`."""
        self._judgement = replace(
            self._judgement, seen="", confidence=0.0, verdict=Verdict.UNSURE, reason=Reason.NO_CAMERA, now=None
        )
        return self._judgement

    def close(self) -> Sequence[Judgement]:
        """See :class:`~physio_core.judging.judge.Judge`."""
        if self._eyes:
            for path, hand in self._eyes.close():
                self._repetitions.append(self._drawn(path, hand))
        complete = any(one.outcome is Outcome.COMPLETE for one in self._repetitions)
        told = self._eyes.other if self._eyes else None  # of a path that was broken off, of which there is no repetition
        wrong = next((one.faults[0] for one in reversed(self._repetitions) if one.outcome is Outcome.WRONG), told)
        verdict = Verdict.RIGHT if complete else Verdict.WRONG if wrong else Verdict.UNSURE
        doubt = self._judgement.reason if self._judgement.reason is not Reason.NONE else Reason.NOT_SEEN
        self._judgement = replace(
            self._judgement,
            judging=False,
            seen=self._exercise.name if complete else "",
            verdict=verdict,
            reason=doubt if verdict is Verdict.UNSURE else Reason.NONE,
            missing=(),
            now=wrong if verdict is Verdict.WRONG else None,
        )
        return [self._tell() for _ in range(max(len(self._repetitions) - self._told, 1))]

    def _see(self, skeleton: Skeleton, counts: bool) -> list[tuple[Trajectory, Hand]]:
        if not skeleton.tracked and self._eyes is None:
            return []
        self._eyes = self._eyes or Eyes(self._exercise, layout_named(skeleton.layout), self.goal, self._namer, self._tilt_rad)
        return self._eyes.see(skeleton, counts)

    def _want(self, path: Trajectory) -> None:
        if self._eyes is None:
            raise InputError("nobody is seen yet who could draw it; send it once `path/next` was published")
        self._eyes.want(path)
        self._judgement = replace(self._judgement, drawing=self._eyes.drawing, paths=self._eyes.paths)

    def _drawn(self, path: Trajectory, hand: Hand) -> Repetition:
        """One attempt, scored; the hand then gets its next path."""
        definition = self._asked
        asked = asked_for(definition.type, hand.size_m, path.side)
        path = deepened(path, asked.path)
        self._paths.append(path)
        if other := hand.ended(path):
            return self._made_another(path, hand, other)
        found, share = score(path, asked, _seen_terms()), hand.tracer.stars.share
        complete = share >= definition.complete_from or found.score >= definition.complete_score
        outcome = Outcome.COMPLETE if complete else Outcome.PARTIAL
        weight = weight_of(found.score, definition.limits, more_own(self.goal.extent))
        following = next_path(path, asked.path, weight, human_arm(hand.reach_m, path.side)) if complete else hand.path
        drawing = Drawing(
            definition.type, path.side, round(hand.reach_m, 3), places(hand.tracer.stars.places_m), hand.tracer.stars.lit,
            told(path), told(asked.path), told(following), found.grade, path.duration_s, round(weight, 3), self._tilt_rad,
        )  # fmt: skip
        hand.ask_for(following)
        turn_s = float(path.stamps_s[len(path) // 2])
        number = 1 + sum(one.outcome is outcome for one in self._repetitions)
        return Repetition(
            number, outcome, Side(path.side), float(path.stamps_s[0]), turn_s, float(path.stamps_s[-1]), extent=share,
            terms=tuple(ScoreTerm(term.name, 1.0 - term.error, term.weight) for term in found.terms),
            faults=_faults(found, Side(path.side)), drawing=drawing,
        )  # fmt: skip

    def _made_another(self, path: Trajectory, hand: Hand, other: Fault) -> Repetition:
        """An attempt at another path: it has no score, and the same path is asked for again."""
        drawing = Drawing(
            self._asked.type, path.side, round(hand.reach_m, 3), places(hand.tracer.stars.places_m), hand.tracer.stars.lit,
            told(path), told(hand.ideal), told(hand.path), duration_s=path.duration_s, tilt_rad=self._tilt_rad,
        )  # fmt: skip
        hand.ask_for(hand.path)
        number = 1 + sum(one.outcome is Outcome.WRONG for one in self._repetitions)
        begun_s, turn_s, end_s = (float(path.stamps_s[place]) for place in (0, len(path) // 2, -1))
        return Repetition(number, Outcome.WRONG, Side(path.side), begun_s, turn_s, end_s, faults=(other,), drawing=drawing)

    def _tell(self) -> Judgement:
        """The judgement with the next attempt: whoever follows must see each."""
        fresh = self._repetitions[self._told : self._told + 1]
        self._told += len(fresh)
        told_of = self._repetitions[: self._told]
        complete, wrong = ([one for one in told_of if one.outcome is kind] for kind in (Outcome.COMPLETE, Outcome.WRONG))
        done = len(complete) >= max(self.goal.repetitions, 1) or (len(wrong) >= WRONG_PATHS and not complete)
        newest = fresh[-1] if fresh else self._judgement.newest
        wanted, paths = self.goal.repetitions, self._judgement.paths
        drawn = self._paths[self._told - 1] if fresh else None
        self._judgement = replace(
            self._judgement,
            progress=min(len(complete) / wanted, 1.0) if wanted else float(bool(complete)),
            decided=not self.goal.timed and done,
            repetitions=len(complete),
            partial=len(told_of) - len(complete) - len(wrong),
            terms=mean_terms(complete) if fresh else self._judgement.terms,
            faults=newest.faults if newest else (),
            not_measured=tuple(name for name, one in load_terms().items() if one.depth) if newest else (),
            newest=newest,
            paths=replace(paths, drawn=drawn) if paths else None,
            expected=expected([one.score for one in told_of if one.outcome is not Outcome.WRONG]),
        )
        return self._judgement


def drawn_objection(exercise: Exercise, labels: Sequence[str]) -> str:
    """Why the path of an exercise cannot be judged; empty: it can, whatever the recogniser knows."""
    if exercise.trajectory is None:
        return "its file says no path; give `trajectory: type: clock_m` there"
    try:
        classifier()
    except (ModelError, RunnerUnavailable) as error:
        return f"nobody can say whether another path is drawn: {error}"
    return ""


def _faults(found: Score, side: Side) -> tuple[Fault, ...]:
    """What was not as asked for, by term; most severe first."""
    named = []
    for term in found.worst:
        number, unit = told_difference(term, load_terms()[term.name])
        way = "high" if term.drawn > term.asked else "low"
        named.append(Fault(term.name, number, unit, side, "wrist", way, severity=term.error))
    return tuple(named)
