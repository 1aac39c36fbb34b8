"""The session: what is asked for, whether it is seen, and what comes next. One object, one table of transitions.

::

                 time          time           decided, time            time: again, next or
    IDLE -> SHOW ------> READY ------> WATCH ----------------> VERDICT ------> SHOW   FINISHED
                           ^ time                                 | time: another set
                           +------------------ REST <-------------+
         pause <-> resume, stop -> STOPPED, pain and effort from any of them

After a wrong verdict the same exercise is asked for once more before the session goes on. Pain, effort and what a set showed make
the rest of it easier or harder by one rule (:mod:`physio_core.session.difficulty`). It takes judgements from whichever
judge the exercise's kind has, and knows nothing of how they are made. Times are passed in, never read from a clock, so that
every rule can be tested in microseconds.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from physio_core.assessment.repetition import score
from physio_core.errors import ConfigError, InputError
from physio_core.exercises.catalogue import Catalogue
from physio_core.judging.judge import Judge, JudgingConfig, Observation
from physio_core.judging.judgement import Judgement
from physio_core.judging.panel import JUDGES, Panel, Seat
from physio_core.params import param
from physio_core.session.course import Course
from physio_core.session.difficulty import Change, Why
from physio_core.session.events import Answer, Correction, Event, EventKind
from physio_core.session.plan import Adapt, Due, Mode, Plan, PlanConfig, Today, as_written, nobody_due
from physio_core.session.prescription import Prescription
from physio_core.session.requests import Command, Request, check, parse, resolved, valid_words
from physio_core.session.status import State, Status
from physio_core.session.transitions import TRANSITIONS, Move, Trigger
from physio_core.types import Verdict

REFUSAL_S = 4.0
"""How long a refusal is told: long enough to be read."""


@dataclass(frozen=True)
class SessionConfig(JudgingConfig, PlanConfig):
    """How long each part of a round lasts, where exercises come from and how sure a verdict must be."""

    show_s: float = param(6.0, "Time an exercise is shown.", unit="s", low=0.0, high=60.0, live=True)
    ready_s: float = param(3.0, "Countdown from showing to the patient's turn.", unit="s", low=0.0, high=60.0, live=True)
    watch_s: float = param(
        25.0, "Longest time to watch without a repetition of what is asked for.", unit="s", low=1.0, high=600.0, live=True
    )
    verdict_s: float = param(4.0, "Time between a verdict and what follows.", unit="s", low=0.0, high=600.0, live=True)
    set_rest_s: float = param(30.0, "Rest between two sets of an exercise.", unit="s", low=0.0, high=600.0, live=True)
    repetitions: int = param(
        5, "Repetitions of a set where nothing else is asked for; 0: seeing the movement is enough.", low=0, high=100, live=True
    )
    start_delay_s: float = param(1.0, "Time before the first exercise.", unit="s", low=0.0, high=60.0, live=True)
    attempts: int = param(2, "How often an exercise is asked for until it is not judged wrong.", low=1, high=10, live=True)
    lost_input_s: float = param(
        1.0, "Without predictions for longer, the camera counts as lost.", unit="s", low=0.1, high=10.0, live=True
    )


class Session:
    """One patient's session; see the module for its states.

    Attributes:
        config: may be replaced while it runs.
    """

    def __init__(
        self, catalogue: Catalogue, config: SessionConfig, judges: Mapping[str, Seat] = JUDGES, due: Due = nobody_due,
        adapt: Adapt = as_written,
    ) -> None:  # fmt: skip
        """Wait for the start.

        Args:
            catalogue: exercises by name; what no judge can judge is not asked for.
            config: how long each part lasts, where exercises come from, what judges go by.
            judges: by kind of exercise.
            due: what a patient's programme has for today.
            adapt: how an exercise is for a patient.

        Raises:
            ConfigError: the list of exercises names one that cannot be asked for, or there is no programme for the patient.
        """
        self.config = config
        self._panel = Panel(judges)
        self._catalogue = self._panel.barring(catalogue)
        self._due, self._adapt = due, adapt
        today = due(config.patient) if config.mode == Mode.PROGRAMME else Today()
        self._plan = Plan(self._catalogue, config, today.exercises)
        self._status = Status(judging=False, patient=config.patient)
        self._judge: Judge | None = None
        self._judgement = Judgement()
        self._course = Course(today.limits)
        self._request = Request(None)
        self._repeated_s = -math.inf
        self._events: list[Event] = []
        self._counted = 0
        self._since_s: float | None = None
        self._refused_s = -math.inf
        self._paused_at_s, self._paused_in = 0.0, State.IDLE
        self._input_s, self._stamp_s = -math.inf, 0.0
        self._moves: Mapping[Move, Callable[[float], None]] = {
            Move.STAY: lambda _: None,
            Move.BEGIN: self._onward,
            Move.ONWARD: self._onward,
            Move.COUNT_DOWN: self._count_down,
            Move.WATCH: self._watch,
            Move.DECIDE: self._decide,
            Move.FOLLOW: self._follow,
            Move.REPORT: self._report,
            Move.CORRECT: self._correct,
            Move.PAUSE: self._pause,
            Move.RESUME: self._resume,
            Move.STOP: self._stop,
        }

    def command(self, text: str, now_s: float) -> Answer:
        """Serve a therapist's words; what is refused changes nothing."""
        return self._serve(lambda: resolved(parse(text, self._catalogue), self._due), now_s)

    def ask(self, wanted: Sequence[Prescription], now_s: float) -> Answer:
        """Ask for exercises, as a program does; what is refused changes nothing."""

        def request() -> Request:
            for one in wanted:
                check(one, self._catalogue)
            return Request(None, tuple(wanted))

        return self._serve(request, now_s)

    def _greet(self, request: Request) -> None:
        """Someone else is there: another session begins, whatever ran."""
        if request.limits is not None:
            self._course.allowed = request.limits
        if request.patient and request.patient != self._status.patient:
            self._course.end()
            self._status = replace(self._status, patient=request.patient, asked="")

    def _serve(self, understand: Callable[[], Request], now_s: float) -> Answer:
        self._pass_time(now_s)
        try:
            request = understand()
            exercises = tuple(map(self._course.within, request.exercises))
            trigger = Trigger.ASK if request.command is None else Trigger(request.command.value)
            self._check(trigger)
            if request.command is None:
                self._plan.begin(exercises)
                self._greet(request)
            elif request.command is Command.STOP:
                self._plan.end()
            self._request = request
            self._fire(trigger, now_s)
        except (ConfigError, InputError) as error:
            self._refused_s = now_s
            self._record(EventKind.REJECTED, "", str(error))
            return Answer(False, str(error), self.status(now_s))
        self._refused_s = -math.inf
        return Answer(True, "", self.status(now_s))

    def update(self, observation: Observation, now_s: float) -> Status:
        """Take in one observation; a decided attempt changes no more."""
        if self._panel.update(observation):
            self._bar(now_s)
        if self._judge is None or isinstance(observation, self._judge.input):
            self._stamp_s, self._input_s = observation.stamp_s, now_s
            self._pass_time(now_s)
        if self._judge is not None:
            turn_s = now_s - self._began_s if self._status.state is State.WATCH else None
            self._take(self._judge.update(observation, turn_s), now_s)
        return self.status(now_s)

    def tick(self, now_s: float) -> Status:
        """Let time pass without an observation."""
        self._pass_time(now_s)
        lost = now_s - max(self._input_s, self._began_s) > self.config.lost_input_s
        if lost and self._judge is not None and self._status.state is State.WATCH:
            self._take(self._judge.lose_input(), now_s)
        return self.status(now_s)

    def status(self, now_s: float) -> Status:
        """The present status: with what comes next, the time left and the age of the newest input."""
        status = self._status
        left_s = self._ends_s - now_s if math.isfinite(self._ends_s) else math.nan
        state = self._paused_in if status.state is State.PAUSED else status.state
        again = state is State.VERDICT and (self._retries or self._more_sets)
        coming = None if status.state in (State.STOPPED, State.FINISHED) else self._plan.upcoming
        follows = coming.exercise if coming else ""
        return replace(
            status, next=status.asked if again else follows, time_left_s=max(left_s, 0.0), input_age_s=now_s - self._input_s,
            rounds=self._plan.rounds if status.asked else 0, refused=now_s - self._refused_s < REFUSAL_S,
        )  # fmt: skip

    def take_events(self) -> list[Event]:
        """What happened since this was last called."""
        taken, self._events = self._events, []
        return taken

    @property
    def _began_s(self) -> float:
        return -math.inf if self._since_s is None else self._since_s

    @property
    def _ends_s(self) -> float:
        """When the present state ends by itself; infinite: never."""
        config, state = self.config, self._status.state
        waits = not self._status.turn and self._plan.starts_by_itself
        lasts_s = {
            State.IDLE: config.start_delay_s if waits else math.inf,
            State.SHOW: config.show_s,
            State.READY: config.ready_s,
            State.WATCH: self._watch_s,
            State.VERDICT: config.verdict_s,
            State.REST: self._course.rest_s(self.config.set_rest_s),
        }
        return math.inf if self._since_s is None else self._since_s + lasts_s.get(state, math.inf)

    @property
    def _watch_s(self) -> float:
        """How long the patient's turn lasts: the time that is wanted, or until nothing of what is wanted came for too long."""
        current = self._status.current_set
        repeated_s = self._repeated_s - self._began_s if current.goal else 0.0
        return current.goal_s or max(repeated_s, 0.0) + self.config.watch_s

    @property
    def _more_sets(self) -> bool:
        return self._status.verdict is not Verdict.WRONG and self._status.current_set.set < self._status.current_set.sets

    @property
    def _retries(self) -> bool:
        return self._status.verdict is Verdict.WRONG and self._status.attempt < self.config.attempts

    def _pass_time(self, now_s: float) -> None:
        if self._since_s is None:
            self._since_s = now_s
        if now_s >= self._ends_s:
            self._fire(Trigger.TIME, now_s)

    def _check(self, trigger: Trigger) -> None:
        state = self._status.state
        move = TRANSITIONS[state].get(trigger)
        lost = trigger is Trigger.NEXT and not self._status.asked and self._plan.upcoming is None
        if move is None or lost:
            why = "nothing comes next" if lost else f"there is nothing to {trigger.value}, the coach is {state.value}"
            raise ConfigError(f"{why}; say one of: {valid_words(self._catalogue)}")

    def _fire(self, trigger: Trigger, now_s: float) -> None:
        self._moves[TRANSITIONS[self._status.state][trigger]](now_s)

    def _enter(self, status: Status, since_s: float, kind: EventKind, detail: str = "") -> None:
        self._status, self._since_s = status, since_s
        self._record(kind, status.asked, detail)

    def _record(self, kind: EventKind, exercise: str, detail: str = "", **more: Any) -> None:
        status = replace(self._status, rounds=self._plan.rounds if self._status.asked else 0)
        self._counted += 1
        self._events.append(Event(kind, status, exercise, detail, self._judgement, self._counted, **more))

    def _take(self, said: Judgement, now_s: float) -> None:
        if self._status.state is not State.WATCH:
            return
        fresh = said.newest if said.newest != self._judgement.newest else None
        self._judgement = said
        work = replace(
            self._status.current_set, repetitions=said.repetitions, partial=said.partial, phase=said.phase,
            score=score(said.terms),
        )  # fmt: skip
        self._status = replace(
            self._status, current_set=work, seen=said.seen, confidence=said.confidence, verdict=said.verdict, now=said.now,
            reason=said.reason, missing=said.missing, progress=said.progress, judging=said.judging, stamp_s=said.stamp_s,
            faults=said.faults, not_measured=said.not_measured, drawing=said.drawing, paths=said.paths,
        )  # fmt: skip
        if fresh:
            self._repeated_s = now_s if fresh.outcome.counts else self._repeated_s
            self._record(EventKind.REPETITION, self._status.asked)
        if said.decided:
            self._fire(Trigger.DECIDED, now_s)

    def _onward(self, now_s: float) -> None:
        self._change(self._course.settle())
        wanted = self._plan.take()
        if wanted and not self._status.asked:
            self._status = replace(self._status, session=self._status.session + 1)
        if wanted:
            wanted = self._course.within(wanted)
            adapted = self._adapt(wanted, self._catalogue[wanted.exercise], self._status.patient)
            self._course.begin(*adapted, self.config.repetitions)
            self._show(1, now_s)
        else:
            self._enter(self._over(State.FINISHED), now_s, EventKind.FINISHED)

    def _follow(self, now_s: float) -> None:
        if self._retries:
            self._show(self._status.attempt + 1, now_s)
        elif self._more_sets:
            self._rest(now_s)
        else:
            self._onward(now_s)

    def _show(self, attempt: int, now_s: float) -> None:
        self._begin(State.SHOW, attempt, self._status.current_set.set if attempt > 1 else 1)
        self._enter(self._status, now_s, EventKind.ASKED)

    def _rest(self, now_s: float) -> None:
        self._begin(State.REST, 1, self._status.current_set.set + 1)
        if self._course.rest_s(self.config.set_rest_s) > 0.0:
            self._enter(self._status, now_s, EventKind.RESTING)
        else:
            self._count_down(now_s)

    def _begin(self, state: State, attempt: int, number: int) -> None:
        """Seat a judge for the next attempt of what is wanted now."""
        asked, before = self._plan.asked.exercise if self._plan.asked else "", self._status
        exercise = self._course.exercise or self._catalogue[asked]
        self._judge = self._panel.judge(exercise, self.config, self._stamp_s, self._course.goal)
        self._judgement, self._repeated_s = Judgement(), -math.inf
        self._status = Status(
            state, self._plan.round, asked, attempt=attempt, turn=before.turn + 1, judging=False, patient=before.patient,
            session=before.session, current_set=self._course.first(number), kind=exercise.kind,
        )  # fmt: skip

    def _count_down(self, now_s: float) -> None:
        self._change(self._course.settle())
        if self.config.ready_s > 0.0:
            self._enter(replace(self._status, state=State.READY), now_s, EventKind.READY)
        else:
            self._watch(now_s)

    def _watch(self, now_s: float) -> None:
        self._enter(replace(self._status, state=State.WATCH), now_s, EventKind.WATCHING)

    def _decide(self, now_s: float) -> None:
        if self._judge is not None:
            for judgement in self._judge.close():
                self._take(replace(judgement, decided=False), now_s)
        self._enter(replace(self._status, state=State.VERDICT, wait_s=now_s - self._began_s), now_s, EventKind.VERDICT)
        if self._status.verdict is not Verdict.WRONG:
            self._course.ended(self._status.current_set, self._judgement.expected)

    def _report(self, now_s: float) -> None:
        """Write down what the patient told, and act on it at once."""
        why, value = Why(self._request.command.value if self._request.command else ""), self._request.value
        self._record(EventKind(why.value), self._status.asked, value=value)
        stops = self._course.stops(why, value)
        if stops and self._status.state not in (State.STOPPED, State.FINISHED):
            self._plan.end()
            self._stop(now_s, stops)
        else:
            self._change(self._course.told(why, value))

    def _correct(self, now_s: float) -> None:
        """A therapist's word on a fault: goes by it from the next set on."""
        correction = Correction(self._request.fault, self._request.command is Command.ACCEPT)
        self._course.correct(correction)
        self._record(EventKind.CORRECTED, self._status.asked, correction=correction)

    def _change(self, change: Change | None) -> None:
        if change is None:
            return
        if self._judge is not None:
            self._judge.goal = self._course.goal
        if self._status.state is not State.VERDICT:
            self._status = replace(self._status, current_set=self._course.updated(self._status.current_set))
        self._record(EventKind.CHANGED, self._status.asked, str(change), change=change)

    def _pause(self, now_s: float) -> None:
        self._paused_in, self._paused_at_s = self._status.state, now_s
        self._enter(replace(self._status, state=State.PAUSED), self._began_s, EventKind.PAUSED)

    def _resume(self, now_s: float) -> None:
        since_s = self._began_s + now_s - self._paused_at_s
        self._repeated_s += now_s - self._paused_at_s
        self._enter(replace(self._status, state=self._paused_in), since_s, EventKind.RESUMED)
        if self._status.asked and self._catalogue[self._status.asked].barred:  # another model came while it was paused
            self._onward(now_s)

    def _stop(self, now_s: float, why: str = "") -> None:
        self._enter(self._over(State.STOPPED), now_s, EventKind.STOPPED, why)

    def _over(self, state: State) -> Status:
        self._judge, self._judgement = None, Judgement()
        self._course.end()
        before = self._status
        return Status(state, before.round, turn=before.turn, judging=False, patient=before.patient, session=before.session)

    def _bar(self, now_s: float) -> None:
        """Leave out what can no longer be judged, whatever the files say."""
        barred, asked = self._panel.objections(self._catalogue), self._status.asked
        self._catalogue = self._panel.barring(self._catalogue)
        for name in dict.fromkeys((*([asked] if asked in barred else []), *self._plan.drop(tuple(barred)))):
            self._record(EventKind.SKIPPED, name, barred[name])
        if asked in barred and self._status.state is not State.PAUSED:
            self._onward(now_s)
