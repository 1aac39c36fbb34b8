"""The finished rows of a build, one small file each: whole or not at all, and done again only when their recording changed."""

from __future__ import annotations

import json
from pathlib import Path

from physio_core.errors import InputError
from physio_core.files import write_bytes
from physio_lab.datasets.files import npz_bytes, read_npz
from physio_lab.datasets.manifest import ManifestRow
from physio_lab.datasets.sequence import SkeletonSequence


def write_shard(path: Path, sequence: SkeletonSequence, **meta: str) -> None:
    """Write one sequence so that the file is there only when it is whole.

    Raises:
        OutputError: it cannot be written.
    """
    shape = {"layout": sequence.layout, "width_px": sequence.width_px, "height_px": sequence.height_px}
    arrays = {"points": sequence.points, "confidence": sequence.confidence, "stamps_s": sequence.stamps_s}
    write_bytes(path, npz_bytes(**arrays, meta=json.dumps(meta | {"shape": shape})))


def read_shard(path: Path) -> tuple[SkeletonSequence, dict[str, str]] | None:
    """A finished row and what was written with it; None where there is none or the file is damaged."""
    try:
        data = read_npz(path)
        meta = json.loads(str(data["meta"]))
        shape = meta.pop("shape")
        return SkeletonSequence(data["points"], data["confidence"], data["stamps_s"], name=path.stem, **shape), meta
    except (KeyError, TypeError, AttributeError, InputError, ValueError):
        return None


def source_state(row: ManifestRow) -> str:
    """Changes when the recording does, so that its row is done again; a page on the network is taken to stay."""
    if row.is_url:
        return row.source
    try:
        files = sorted(row.path.iterdir()) if row.path.is_dir() else [row.path]
        stats = [file.stat() for file in files]
    except OSError:
        return ""
    return f"{len(files)} {sum(stat.st_size for stat in stats)} {max((stat.st_mtime_ns for stat in stats), default=0)}"
