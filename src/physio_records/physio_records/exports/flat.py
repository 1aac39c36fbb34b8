"""One row for each repetition, for spreadsheets and statistics: what counts after a therapist's corrections."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from physio_core.assessment.repetition import OTHER_PATH, Fault
from physio_core.csv_table import write_table
from physio_records.store.history import Done, ExerciseSet, SessionRecord

Cells = dict[str, Any]
_MEASURES = ("score", "duration_s", "out_s", "hold_s", "back_s", "extent", "smoothness", "asymmetry")


def flat_rows(sessions: Iterable[SessionRecord]) -> list[Cells]:
    """A row for each repetition, with the same columns in each; None where nothing was measured."""
    rows = [_row(session, made, done) for session in sessions for made in session.sets for done in made.done]
    fixed = [name for name in (rows[0] if rows else {}) if not name.endswith("_deg") and not name.startswith("term_")]
    measured = sorted({name for row in rows for name in row} - set(fixed))
    return [{name: row.get(name) for name in (*fixed, *measured)} for row in rows]


def write_csv(path: Path, sessions: Iterable[SessionRecord]) -> int:
    """Write them as CSV; gives how many.

    Raises:
        OutputError: the file cannot be written.
    """
    rows = flat_rows(sessions)
    names = list(rows[0]) if rows else ["patient"]
    write_table(path, names, ({name: _text(value) for name, value in row.items()} for row in rows))
    return len(rows)


def fault_text(fault: Fault) -> str:
    """A fault in a few words, e.g. ``depth left 8 deg``; of another path than asked for also which it was."""
    size = f"{fault.size:.3g}" if math.isfinite(fault.size) else ""
    which = fault.direction if fault.name == OTHER_PATH else ""
    return " ".join(filter(None, (fault.name, which, fault.side.value, size, fault.unit)))


def _row(session: SessionRecord, made: ExerciseSet, done: Done) -> Cells:
    repetition = done.repetition
    row: Cells = {
        "patient": session.patient,
        "session": session.session,
        "session_number": session.number,
        "begun_at": session.begun_at.isoformat(),
        "set": made.number,
        "exercise": made.exercise,
        "planned_repetitions": made.planned_repetitions or None,
        "ordinal": done.ordinal,
        "number": repetition.number,
        "outcome": repetition.outcome.value,
        "side": repetition.side.value,
        **{name: _known(getattr(repetition, name)) for name in _MEASURES},
        "faults": "; ".join(map(fault_text, repetition.faults)),
    }
    for measured in repetition.ranges:
        name = "_".join(filter(None, (measured.angle, measured.side.value)))
        row |= {f"{name}_low_deg": _known(measured.low_deg), f"{name}_high_deg": _known(measured.high_deg)}
    if repetition.drawing:
        row |= {"path": repetition.drawing.type, "grade": repetition.drawing.grade, "reach_m": repetition.drawing.reach_m}
    return row | {f"term_{term.name}": _known(term.value) for term in repetition.terms}


def _known(value: float) -> float | None:
    return value if math.isfinite(value) else None


def _text(value: Any) -> str:
    return "" if value is None else f"{value:.6g}" if isinstance(value, float) else str(value)


def columns_of(rows: list[Cells]) -> Mapping[str, list[Any]]:
    """The same, column by column."""
    return {name: [row[name] for row in rows] for name in (rows[0] if rows else {})}
