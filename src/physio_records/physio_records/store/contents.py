"""Rows of all tables as plain dictionaries: out of the record, and checked before they go into one."""

from __future__ import annotations

import reprlib
from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement, Select, Table, select

from physio_core.errors import InputError
from physio_records.store import tables as t
from physio_records.store.cells import Cell, cell
from physio_records.store.rows import Row, Rows
from physio_records.store.store import Store
from physio_records.store.tables import SINCE, TABLES

FORMAT = "physio-records"


def read_rows(store: Store, patient: str = "", session: str = "") -> Rows:
    """Every row of a patient (with the person's consent and plans), of one session with them, or of all.

    Raises:
        OutputError: the record cannot be read now.
    """
    sessions: Select[Any] | None = None
    if session:
        sessions = select(t.SESSION.c.session).where(t.SESSION.c.session == session)
    elif patient:
        sessions = select(t.SESSION.c.session).where(t.SESSION.c.patient == patient)
    people: ColumnElement[bool] | None = t.PATIENT.c.patient == patient if patient else None
    if session:
        people = t.PATIENT.c.patient.in_(select(t.SESSION.c.patient).where(t.SESSION.c.session == session))
    rows: Rows = {}
    for name, table in TABLES.items():
        query = select(table).order_by(*table.primary_key.columns)
        if sessions is not None and people is not None:
            inside = select(t.PATIENT.c.patient).where(people)
            query = query.where(table.c.session.in_(sessions) if "session" in table.c else table.c.patient.in_(inside))
        names = table.c.keys()
        rows[name] = [dict(zip(names, row, strict=True)) for row in store.rows(query)]
    return rows


def check_rows(tables: Mapping[str, Any], place: str, version: str) -> Rows:
    """Rows whose columns all exist and hold what they may.

    Args:
        tables: by name, as they come from a file.
        place: the file, for messages.
        version: of the record that they were taken out of; columns that it did not have yet are empty.

    Raises:
        InputError: they do not.
    """
    if unknown := [name for name in tables if name not in TABLES]:
        raise InputError(f"{place}: table {reprlib.repr(unknown[0])} is not one of: {', '.join(TABLES)}")
    return {name: _checked(TABLES[name], rows, f"{place}: table {name}", version) for name, rows in tables.items()}


def _checked(table: Table, rows: Any, place: str, version: str) -> list[Row]:
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise InputError(f"{place}: needs a list of rows")
    kinds = {name: _kinds(column.type.python_type, bool(column.nullable)) for name, column in table.c.items()}
    later = {name: "" for name, column in table.c.items() if column.info.get(SINCE, "") > version}
    rows = [later | row for row in rows]
    cells = {name: cell(table.name, name, column.type.python_type) for name, column in table.c.items()}
    for number, row in enumerate(rows):
        if row.keys() != kinds.keys():
            strange = sorted(row.keys() ^ kinds.keys())
            raise InputError(
                f"{place}, row {number}: {reprlib.repr(strange[0])} is missing or unknown; columns: {', '.join(kinds)}"
            )
        for name, value in row.items():
            if type(value) not in kinds[name]:
                valid = " or ".join(kind.__name__ for kind in kinds[name])
                raise InputError(
                    f"{place}, row {number}: {name} = {reprlib.repr(value)} is not {valid.replace('NoneType', 'null')}"
                )
    takers = {name: one.taken for name, one in cells.items()}
    found = []
    for number, row in enumerate(rows):
        try:
            found.append({name: value if value is None else takers[name](value) for name, value in row.items()})
        except (ValueError, OverflowError):
            raise _misfit(row, cells, f"{place}, row {number}") from None
    return found


def _misfit(row: Row, cells: Mapping[str, Cell], place: str) -> InputError:
    """What is wrong with the first cell that is; looked for only now, since most rows have none."""
    for name, value in row.items():
        try:
            if value is not None:
                cells[name].taken(value)
        except (ValueError, OverflowError):
            return InputError(f"{place}: {name} = {reprlib.repr(value)} is not {cells[name].valid}")
    raise AssertionError(f"{place}: nothing is wrong")


def _kinds(kind: type, nullable: bool) -> tuple[type, ...]:
    kinds = (float, int) if kind is float else (kind,)
    return (*kinds, type(None)) if nullable else kinds
