"""Our own form of a set: one Parquet file, a row per sequence, streamed in row groups, so that a set may be larger than memory.

It keeps everything that a :class:`SkeletonSequence` holds, points and confidence as 32-bit floats bit by bit. Annotations are
columns of their own, which may be missing: files of before them are read, and programs of before them read these files. The only
door to pyarrow.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from physio_core.errors import ConfigError, InputError
from physio_core.files import writing
from physio_core.skeleton.layouts import layout_named
from physio_lab.datasets.annotations import Annotations, Score, Sides
from physio_lab.datasets.files import checked
from physio_lab.datasets.sequence import SkeletonSequence

try:
    import pyarrow as pa
    import pyarrow.parquet as pq
except ModuleNotFoundError:  # the coach runs without the laboratory
    pa = pq = None

KEY = b"physio.skeletons"
VERSION = 1
GROUP_VALUES = 4_000_000
"""Coordinates in a row group: 16 MB, what reading and writing hold in memory."""
TEXTS = ("name", "label", "layout", "subject", "source")
NUMBERS = ("width_px", "height_px")
ARRAYS = ("stamps_s", "points", "confidence")
NOTES = ("repetitions", "spans_s", "correct", "score", "score_worst", "score_best", "side", "view")
"""Columns of the annotations; null where a set does not say."""


def need_pyarrow(path: Path) -> None:
    """ConfigError where the library is missing, to be found out before the work."""
    if pa is None:
        raise ConfigError(f"{path}: Parquet needs pyarrow, which comes with the laboratory: scripts/setup --training")


def _schema() -> Any:
    numbers = [(name, pa.int32()) for name in ("people", "dimensions", *NUMBERS)]
    texts = [(name, pa.string()) for name in TEXTS]
    kinds = (pa.int32(), pa.list_(pa.list_(pa.float64())), pa.bool_(), *[pa.float64()] * 3, pa.string(), pa.string())
    return pa.schema(
        [*texts, *numbers, ("stamps_s", pa.list_(pa.float64())), ("points", pa.list_(pa.float32())),
         ("confidence", pa.list_(pa.float32())), *zip(NOTES, kinds, strict=True)]
    )  # fmt: skip


def write_parquet(path: Path, sequences: Iterable[SkeletonSequence], labels: Sequence[str] = ()) -> int:
    """Write a set, streaming: memory holds one row group.

    Args:
        path: file to write; replaced only once all is written.
        sequences: any iterable, may mix layouts.
        labels: every class in its order; empty: those that occur, sorted.

    Returns:
        How many sequences were written.

    Raises:
        ConfigError: pyarrow is not installed.
        InputError: an empty set, a label that is not in ``labels``, or a name used twice.
        OutputError: the file cannot be written.
    """
    need_pyarrow(path)
    count, seen = 0, set()
    split = [f"{name}.list.element" for name in ARRAYS]
    encoding = {"compression": "zstd", "use_dictionary": list(TEXTS), "use_byte_stream_split": split}
    with writing(path) as part, pq.ParquetWriter(part, _schema(), **encoding) as writer:
        for group in _groups(checked(sequences, labels or None, path)):
            count += len(group)
            seen |= {sequence.label for sequence in group} - {""}
            writer.write_table(_table(group))
        meta = {"version": VERSION, "sequences": count, "labels": list(labels) or sorted(seen)}
        writer.add_key_value_metadata({KEY: json.dumps(meta)})
    return count


def _groups(sequences: Iterable[SkeletonSequence]) -> Iterator[list[SkeletonSequence]]:
    group: list[SkeletonSequence] = []
    values = 0
    for sequence in sequences:
        group.append(sequence)
        values += sequence.points.size
        if values >= GROUP_VALUES:
            yield group
            group, values = [], 0
    if group:
        yield group


def _table(group: Sequence[SkeletonSequence]) -> Any:
    columns: dict[str, Any] = {name: [getattr(one, name) for one in group] for name in (*TEXTS, *NUMBERS)}
    columns["people"] = [one.points.shape[0] for one in group]
    columns["dimensions"] = [one.points.shape[3] for one in group]
    for name in ARRAYS:
        kind = np.float64 if name == "stamps_s" else np.float32
        flat = [np.asarray(getattr(one, name), kind).ravel() for one in group]
        offsets = np.cumsum([0, *(len(values) for values in flat)], dtype=np.int32)
        columns[name] = pa.ListArray.from_arrays(pa.array(offsets), pa.array(np.concatenate(flat)))
    columns |= dict(zip(NOTES, zip(*(_cells(one.annotations) for one in group), strict=True), strict=True))
    return pa.table(columns, schema=_schema())


def _cells(of: Annotations) -> tuple[Any, ...]:
    """In the order of :data:`NOTES`."""
    score = (of.score.value, of.score.worst, of.score.best) if of.score else (None, None, None)
    return of.repetitions, of.spans_s, of.correct, *score, of.side and of.side.value, of.view


def read_parquet(path: Path) -> Iterator[SkeletonSequence]:
    """Read a set, streaming: memory holds one row group.

    Raises:
        ConfigError: pyarrow is not installed.
        InputError: the file is missing, truncated, or was not written by :func:`write_parquet`.
        SkeletonError: a row does not fit its layout.
    """
    with _open(path) as file:
        for group in range(file.num_row_groups):
            try:
                table = file.read_row_group(group)
            except (OSError, pa.ArrowException) as error:
                raise InputError(f"{path} is damaged in row group {group}: {error}") from error
            yield from _sequences(table)


def read_parquet_labels(path: Path) -> tuple[str, ...]:
    """Every class of a set in its order, without reading the sequences.

    Raises:
        ConfigError: pyarrow is not installed.
        InputError: the file is missing, truncated, or was not written by :func:`write_parquet`.
    """
    with _open(path) as file:
        return tuple(json.loads(file.metadata.metadata[KEY])["labels"])


def _needed() -> list[str]:
    return [name for name in _schema().names if name not in NOTES]


def _open(path: Path) -> Any:
    need_pyarrow(path)
    try:
        file = pq.ParquetFile(path)
    except (OSError, pa.ArrowException) as error:
        raise InputError(f"{path} cannot be read as Parquet: {error}") from error
    if KEY not in (file.metadata.metadata or {}) or not set(_needed()) <= set(file.schema_arrow.names):
        raise InputError(f"{path} is a Parquet file of something else; a set of skeletons has columns {_needed()}")
    version = json.loads(file.metadata.metadata[KEY])["version"]
    if version != VERSION:
        raise InputError(f"{path} is of version {version}; this program reads version {VERSION}")
    return file


def _sequences(table: Any) -> Iterator[SkeletonSequence]:
    columns = {name: table.column(name).to_pylist() for name in (*TEXTS, *NUMBERS, "people", "dimensions")}
    arrays = {name: table.column(name).combine_chunks() for name in ARRAYS}
    notes = {name: table.column(name).to_pylist() for name in NOTES if name in table.column_names}
    for row in range(table.num_rows):
        flat = {name: arrays[name][row].values.to_numpy(zero_copy_only=False).copy() for name in ARRAYS}
        texts = {name: columns[name][row] for name in (*TEXTS, *NUMBERS)}
        joints = len(layout_named(texts["layout"]).joints)
        shape = (columns["people"][row], len(flat["stamps_s"]), joints)
        dimensions = columns["dimensions"][row]
        if flat["points"].size != np.prod(shape) * dimensions or flat["confidence"].size != np.prod(shape):
            raise InputError(f"{texts['name']}: {flat['points'].size} coordinates do not fill {(*shape, dimensions)}")
        points, confidence = flat["points"].reshape(*shape, dimensions), flat["confidence"].reshape(shape)
        known = _annotations({name: cells[row] for name, cells in notes.items()})
        yield SkeletonSequence(points, confidence, flat["stamps_s"], **texts, annotations=known)


def _annotations(cells: dict[str, Any]) -> Annotations:
    score = None if cells.get("score") is None else Score(cells["score"], cells["score_worst"], cells["score_best"])
    spans_s = tuple((start_s, end_s) for start_s, end_s in cells.get("spans_s") or ())
    side = cells.get("side") or None
    if side and side not in list(Sides):
        raise InputError(f"side {side!r}; a set of skeletons knows {', '.join(Sides)}")
    return Annotations(
        cells.get("repetitions"), spans_s, cells.get("correct"), score, side and Sides(side), cells.get("view") or ""
    )
