"""From the events of a session to its record, so that a node that hears them only passes them on."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from physio_core.coaching.advice import Advice
from physio_core.errors import InputError
from physio_core.programme.programme import WEEKDAYS, Programme
from physio_core.session.difficulty import Change
from physio_core.session.events import Event, EventKind
from physio_records import entries as e
from physio_records.recorder import Recorder
from physio_records.session_log import SessionLog

RATED = {EventKind.PAIN: e.RatingKind.PAIN, EventKind.EFFORT: e.RatingKind.EFFORT}
LEFT = (EventKind.ASKED, EventKind.RESTING, EventKind.SKIPPED, EventKind.WATCHING)
"""Events with which a set that has no verdict was left."""
OVER = {EventKind.FINISHED: "finished", EventKind.STOPPED: "stopped"}


class Follower:
    """Keeps the record of whoever's session is heard; one without a patient's code leaves none."""

    def __init__(
        self,
        recorder: Recorder,
        say: Callable[[str], None],
        *,
        robot: str = "",
        language: str = "en",
        software: str = "",
        model: str = "",
    ) -> None:
        """Wait for a session.

        Args:
            recorder: takes the entries.
            say: is told once of a patient who has not agreed to a record; the session goes on without one.
            robot: which robot coaches.
            language: in which the patient is spoken to.
            software: version of the coach.
            model: name of the model, with its version.
        """
        self._say = say
        self._begun = partial(SessionLog, recorder, robot=robot, language=language, software=software, model=model)
        self._log: SessionLog | None = None
        self._in_set = False
        self._refused = ""
        self._rated = ""

    @property
    def session(self) -> str:
        """Id of the session that is recorded now; empty: none."""
        return self._log.session if self._log else ""

    def take(self, event: Event) -> None:
        """One event, in order."""
        patient = event.status.patient
        if self._log is not None and patient != self._log.patient:
            self._end("stopped")
        if self._log is None and not self._begin(event, patient):
            return
        log = self._log
        assert log is not None
        if event.kind in LEFT and self._in_set:
            self._leave("skipped")
        if event.kind is EventKind.WATCHING:
            work = event.status.current_set
            log.begin_set(event.exercise, work.side, work.goal, work.goal_s)
            self._in_set = True
        elif event.kind is EventKind.REPETITION and event.judgement.newest is not None:
            log.repetition(event.judgement.newest)
        elif event.kind is EventKind.VERDICT:
            self._leave("done", event.status.verdict.value)
        elif event.kind in RATED:
            self._rated = RATED[event.kind].value
            log.rate(RATED[event.kind], event.value)
        elif event.kind is EventKind.CHANGED and event.change is not None:
            self._change(log, event.change)
        elif event.kind in OVER:
            # A stop with a reason is one that a rating led to.
            self._end(self._rated if event.detail and self._rated else OVER[event.kind])

    def advised(self, advice: Advice) -> None:
        """The patient was told something."""
        if self._log is not None:
            self._log.advise(advice.key or advice.kind.value, advice.text)

    def close(self) -> None:
        """Nothing more is heard: a session that runs ends as interrupted."""
        self._end("interrupted")

    def _begin(self, event: Event, patient: str) -> bool:
        if not patient or event.kind not in (EventKind.ASKED, EventKind.WATCHING):
            return False
        try:
            self._log = self._begun(patient)
        except InputError as error:
            if self._refused != patient:
                self._refused = patient
                self._say(f"{error}; nothing is recorded")
            return False
        self._refused, self._rated = "", ""
        return True

    def _change(self, log: SessionLog, change: Change) -> None:
        """A change of the level as one entry for each of its parts."""
        reason = f"{change.why.value} {change.value:g}"
        for what in ("extent", "repetitions"):
            before, after = getattr(change.before, what), getattr(change.after, what)
            if before != after:
                log.change(what, f"{before:g}", f"{after:g}", reason)

    def _leave(self, reason: str, verdict: str = "") -> None:
        if self._log is not None and self._in_set:
            self._log.end_set(reason, verdict)
        self._in_set = False

    def _end(self, reason: str) -> None:
        self._leave(reason)
        if self._log is not None:
            self._log.end(reason)
        self._log = None


def programme_entry(programme: Programme, content: str) -> e.ProgrammeGiven:
    """A therapist's plan as an entry; `content` is its file, whose text tells its versions apart."""
    named = {weekday for day in programme.days for weekday in day.weekdays}
    weekdays = tuple(number for number, weekday in enumerate(WEEKDAYS) if weekday in named)
    return e.ProgrammeGiven(e.id_of(programme.patient, content), programme.patient, programme.title, weekdays, content)
