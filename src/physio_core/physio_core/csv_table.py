"""Tables that people write by hand or in a spreadsheet, as CSV: read in any dialect, added to without touching what is theirs.

Encodings: UTF-8 and UTF-16 (with their byte order marks), else cp1252, which spreadsheets on Windows save. Commas, semicolons or
tabs between cells, told by the first line; any ending of lines.
"""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path

from physio_core.errors import InputError, OutputError
from physio_core.files import write_bytes, write_text

_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_DELIMITERS = ",;\t"


@dataclass(frozen=True)
class TableRow:
    """One row that holds anything.

    Attributes:
        line: in the file, from 1; the last one of a row whose cells hold line ends.
        cells: by name of the column, without spaces around.
        surplus: whether something stands beyond the last named column.
    """

    line: int
    cells: Mapping[str, str]
    surplus: bool = False


@dataclass(frozen=True)
class Table:
    """A table as it was read.

    Attributes:
        path: the file.
        names: of the columns in their order, in small letters, without spaces around; empty: the file holds nothing.
        rows: those that hold anything.
    """

    path: Path
    names: tuple[str, ...]
    rows: tuple[TableRow, ...]
    _mark: bytes = b""
    _encoding: str = "utf-8"
    _delimiter: str = ","
    _lines: tuple[str, ...] = ()

    def put(self, key: str, cells: Mapping[str, object]) -> None:
        """Write one row into the file, in place of the one with the same cell ``key``, else at its end.

        The bytes of all other rows stay as they are; so do cells of columns that ``cells`` does not name.

        Raises:
            OutputError: it cannot be written; the file is as it was.
        """
        texts = {name: str(value) for name, value in cells.items()}
        lines, ending = list(self._lines), self._ending
        before = next((row for row in self.rows if row.cells.get(key) == texts[key]), None)
        filled = (dict(before.cells) if before else {}) | texts
        text = _row([filled.get(name, "") for name in self.names], self._delimiter, ending)
        if before:
            ends = [0, *(span.line for span in _spans(lines, self._delimiter))]
            first = max(end for end in ends if end < before.line)
            lines[first : before.line] = [text]
        else:
            if lines and not lines[-1].endswith(("\n", "\r")):
                lines[-1] += ending
            lines.append(text)
        try:
            data = "".join(lines).encode(self._encoding)
        except UnicodeEncodeError as error:
            raise OutputError(
                f"{self.path}: {self._encoding} cannot hold {error.object[error.start]!r}; save it in UTF-8"
            ) from error
        write_bytes(self.path, self._mark + data)

    @property
    def _ending(self) -> str:
        first = self._lines[0] if self._lines else ""
        return first[len(first.rstrip("\r\n")) :] or "\n"


def read_table(path: Path, needed: Sequence[str], what: str = "") -> Table:
    """Read a table whose first line names its columns; a line ``sep=;`` before it is heeded.

    Args:
        path: the file.
        needed: columns that it must have, besides any others.
        what: what the file is for, for the message.

    Raises:
        InputError: it cannot be read, is not a table, or lacks a column.
    """
    requirement = f"{what or 'the table'} needs the columns {', '.join(needed)}"
    try:
        data = path.read_bytes()
    except OSError as error:
        raise InputError(f"cannot read {path}: {error.strerror or error}; {requirement}") from error
    mark, encoding, text = _decoded(data, path, requirement)
    lines = tuple(io.StringIO(text, newline=""))
    first = lines[0].lstrip().rstrip("\r\n") if lines else ""
    delimiter = first[4:5] or "," if first.lower().startswith("sep=") else ""
    heading = next((line for line in lines[bool(delimiter) :] if line.strip()), "")
    try:
        delimiter = delimiter or _delimiter(heading, needed)
        rows = [row for row in _spans(lines, delimiter) if any(row.texts)][bool(first.lower().startswith("sep=")) :]
    except csv.Error as error:
        raise InputError(f"{path} is not a CSV: {error}; {requirement}") from error
    names = tuple(name.lower() for name in rows[0].texts) if rows else ()
    if not names and needed:
        raise InputError(f"{path} is empty; {requirement}: write them into its first line, {delimiter.join(needed)}")
    missing = [name for name in needed if name not in names]
    if missing:
        raise InputError(
            f"{path} has no column {' and no column '.join(missing)}; {requirement}; the first line names: {heading.strip()}"
        )
    if twice := [name for name in needed if names.count(name) > 1]:
        raise InputError(f"{path} has the column {', '.join(twice)} twice; remove one")
    table_rows = tuple(
        TableRow(row.line, dict(zip_longest(names, row.texts[: len(names)], fillvalue="")), any(row.texts[len(names) :]))
        for row in rows[1:]
    )
    return Table(path, names, table_rows, mark, encoding, delimiter, lines)


def new_table(path: Path, names: Sequence[str]) -> Table:
    """A table of these columns that is not in a file yet; its first :meth:`Table.put` makes it."""
    return Table(path, tuple(names), (), _lines=(_row(names),))


def write_table(path: Path, names: Sequence[str], rows: Iterable[Mapping[str, str]]) -> None:
    """Write a table whole or not at all, in UTF-8; errors as :func:`physio_core.files.writing`."""
    named = [name for name in names if name]
    write_text(path, "".join((_row(named), *(_row([row.get(name, "") for name in named]) for row in rows))))


@dataclass(frozen=True)
class _Span:
    line: int
    texts: list[str]


def _row(cells: Sequence[str], delimiter: str = ",", ending: str = "\n") -> str:
    text = io.StringIO(newline="")
    # The writer quotes cells with a character of its own line end, but either character would end the row for a reader.
    csv.writer(text, delimiter=delimiter, lineterminator="\r\n").writerow(cells)
    return text.getvalue().removesuffix("\r\n") + ending


def _spans(lines: Sequence[str], delimiter: str) -> list[_Span]:
    """Cells of each row, and the last line of it.

    Raises:
        csv.Error: a cell that is too long, or a quotation mark that is not closed: what follows it would be one cell.
    """
    reader = csv.reader(iter((*lines, "a row after the last")), delimiter=delimiter, skipinitialspace=True)
    *spans, _after = [_Span(reader.line_num, [cell.strip() for cell in cells]) for cells in reader]
    end = spans[-1].line if spans else 0
    if end < len(lines):
        raise csv.Error(f"a quotation mark in line {end + 1} or below is not closed")
    return spans


def _decoded(data: bytes, path: Path, requirement: str) -> tuple[bytes, str, str]:
    """Byte order mark, encoding and text."""
    mark, encodings = next(((mark, (name,)) for mark, name in _MARKS if data.startswith(mark)), (b"", ("utf-8", "cp1252")))
    for encoding in encodings:
        try:
            text = data[len(mark) :].decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return mark, encoding, text
    raise InputError(f"{path} is not a CSV in UTF-8, UTF-16 or cp1252; save it as CSV in UTF-8; {requirement}")


def _delimiter(heading: str, needed: Sequence[str]) -> str:
    """The delimiter of the first line: of the usual ones, that which gives most of the columns needed."""

    def shown(delimiter: str) -> tuple[int, int]:
        names = {name.strip().lower() for cells in csv.reader([heading], delimiter=delimiter) for name in cells}
        return len(names & set(needed)), len(names)

    return max(_DELIMITERS, key=shown)
