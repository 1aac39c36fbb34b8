"""One row for each repetition as a Parquet file, for statistics. The only door to pyarrow here."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from physio_core.errors import ConfigError
from physio_core.files import writing
from physio_records.exports.flat import columns_of, flat_rows
from physio_records.store.history import SessionRecord

try:
    import pyarrow as pa
    import pyarrow.parquet as pq
except ModuleNotFoundError:  # a robot has none
    pa = pq = None


def write_parquet(path: Path, sessions: Iterable[SessionRecord]) -> int:
    """Write them; gives how many.

    Raises:
        ConfigError: pyarrow is not installed.
        OutputError: the file cannot be written.
    """
    if pa is None:
        raise ConfigError(f"{path}: Parquet needs pyarrow, which comes with the laboratory: scripts/setup; or export CSV")
    rows = flat_rows(sessions)
    table = pa.table(dict(columns_of(rows)))
    with writing(path) as part:
        pq.write_table(table, part, compression="zstd")
    return len(rows)
