"""The record as JSON, table by table: everything, so that importing it gives the same again."""

from __future__ import annotations

import json
import reprlib
from pathlib import Path
from typing import Any

from physio_core.errors import InputError
from physio_core.files import write_text
from physio_records.store.contents import FORMAT, check_rows, read_rows
from physio_records.store.database import VERSIONS, check_version
from physio_records.store.store import Store


def write_tables(path: Path, store: Store, patient: str = "", session: str = "") -> int:
    """Write the rows of a patient, of a session, or all.

    Returns:
        How many.

    Raises:
        OutputError: the record cannot be read now, or the file cannot be written.
    """
    rows = read_rows(store, patient, session)
    head = {"format": FORMAT, "version": VERSIONS[-1]}
    lines = [f"{json.dumps(name)}: [\n{_rows(some)}]" for name, some in rows.items()]
    write_text(path, f'{json.dumps(head)[:-1]}, "tables": {{\n' + ",\n".join(lines) + "\n}}\n")
    return sum(map(len, rows.values()))


def read_tables(path: Path, store: Store) -> int:
    """Add what such a file holds; what is there already stays as it is.

    Returns:
        How many rows the file has.

    Raises:
        InputError: it cannot be read, is none of these files, or its rows do not fit; nothing was added.
        ConfigError: it is of a newer version.
        OutputError: the record cannot be written now; nothing was added.
    """
    try:
        content: Any = json.loads(path.read_text(encoding="utf-8"))
    except RecursionError:
        raise InputError(f"{path} is nested too deeply; give a file that physio records export wrote") from None
    except (OSError, ValueError) as error:
        raise InputError(f"{path} cannot be read as JSON: {error}; give a file that physio records export wrote") from error
    version = content.get("version") if isinstance(content, dict) and content.get("format") == FORMAT else None
    if not isinstance(version, str) or not version or not isinstance(content.get("tables"), dict):
        raise InputError(f"{path} is JSON of something else; give a file that physio records export --format json wrote")
    check_version(version if version in VERSIONS else reprlib.repr(version), str(path))
    return store.add(check_rows(content["tables"], str(path), version))


def _rows(rows: list[dict[str, Any]]) -> str:
    return ",\n".join(json.dumps(row, separators=(",", ":")) for row in rows) + ("\n" if rows else "")
