"""A try is kept with its level, or with why it has none; the report shows both, and what a therapist says instead."""

from __future__ import annotations

from dataclasses import replace

from physio_core.assessment.repetition import LEVEL_TERM, Fault, Outcome, Repetition, ScoreTerm, level_of
from physio_core.types import Side
from physio_records import entries as e
from physio_records.made_up import made_up_entries
from physio_records.report.page import page
from physio_records.report.summary import summarise
from physio_records.report.words import words_of
from physio_records.store.history import read_sessions

SCORED = Repetition(1, Outcome.COMPLETE, Side.LEFT, 1.0, 3.0, 6.5, terms=(ScoreTerm(LEVEL_TERM, 0.5),))
NOT_SCORED = Repetition(1, Outcome.INTERRUPTED, Side.LEFT, 7.0, 8.0, 9.5, faults=(Fault("try_unsure", 0.0, side=Side.LEFT),))


def _tried(entry: e.Entry) -> e.Entry:
    if isinstance(entry, e.RepetitionDone):
        return replace(entry, repetition=SCORED if entry.ordinal % 2 else NOT_SCORED)
    return entry


def test_level_reason_and_override_are_kept_and_shown(store):
    entries = list(map(_tried, made_up_entries("p09", 1, 2)))
    store.write(entries)
    session = read_sessions(store, "p09")[0]
    assert [level_of(one.repetition.terms) for one in session.sets[0].judged][:2] == [1, None]
    number = session.sets[0].number
    store.write([e.Corrected(e.new_id(), session.session, number, 0, e.Action.CORRECT, e.SCORE, "2", therapist="t1")])
    shown = page(summarise(read_sessions(store, "p09")), words_of("en"))
    assert "1 / 2" in shown and "→ 2 / 2" in shown
    assert "between two scores, a therapist decides" in shown
