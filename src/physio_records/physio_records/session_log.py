"""One session as whoever coaches tells it: numbers sets, repetitions and events, so that a caller only says what happens."""

from __future__ import annotations

from collections.abc import Sequence

from physio_core.assessment.repetition import Repetition, Side
from physio_records import entries as e
from physio_records.recorder import Recorder


class SessionLog:
    """A session that runs.

    Attributes:
        session: its id.
        patient: code of who does it.
    """

    def __init__(
        self,
        recorder: Recorder,
        patient: str,
        planned: Sequence[e.PlannedSet] = (),
        *,
        programme: str = "",
        robot: str = "",
        language: str = "en",
        software: str = "",
        model: str = "",
    ) -> None:
        """Begin it; see :class:`physio_records.entries.SessionBegun`.

        Raises:
            InputError: the patient has not agreed to a record.
        """
        self.session, self.patient = e.new_id(), patient
        self._recorder = recorder
        self._sequence, self._set, self._ordinal = 0, 0, 0
        begun = e.SessionBegun(self.session, patient, tuple(planned), programme, robot, language, software, model)
        self._recorder.record(begun)

    def begin_set(self, exercise: str, side: Side = Side.NONE, repetitions: int = 0, duration_s: float = 0.0) -> None:
        """A set of an exercise begins; so many repetitions, or seconds, are planned."""
        self._set, self._ordinal = self._set + 1, 0
        self._recorder.record(e.SetBegun(*self._next, self._set, exercise, side, repetitions, duration_s))

    def repetition(self, done: Repetition) -> None:
        """A repetition is over, however it counts; it is on the disk when this returns."""
        self._ordinal += 1
        self._recorder.record(e.RepetitionDone(*self._next, self._set, self._ordinal, done))

    def end_set(self, reason: str = "done", verdict: str = "") -> None:
        """The set is over."""
        self._recorder.record(e.SetEnded(*self._next, self._set, reason, verdict))

    def advise(self, cue: str, text: str) -> None:
        """The patient was told something."""
        self._recorder.record(e.AdviceGiven(*self._next, self._set, cue, text))

    def rate(self, kind: e.RatingKind, value: int, joint: str = "", side: Side = Side.NONE) -> None:
        """The patient rated pain or effort.

        Raises:
            InputError: the value is not on the scale.
        """
        self._recorder.record(e.Rated(*self._next, self._set, kind, value, joint, side))

    def change(self, what: str, before: str, after: str, reason: str) -> None:
        """Something was made easier or harder."""
        self._recorder.record(e.Changed(*self._next, self._set, what, before, after, reason))

    def end(self, reason: str = "finished") -> None:
        """The session is over."""
        self._recorder.record(e.SessionEnded(*self._next, reason))

    @property
    def _next(self) -> tuple[str, int]:
        self._sequence += 1
        return self.session, self._sequence
