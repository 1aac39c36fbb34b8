"""Model files as they must be: there, whole, and the version that was meant, or refused with the reason."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from physio_core.errors import ModelError

SUMS = "SHA256SUMS"
"""Beside the models of a folder, as ``sha256sum`` writes it: what each must be."""


@dataclass(frozen=True)
class ModelFile:
    """A file that was checked.

    Attributes:
        path: where it lies; messages name it.
        content: its bytes.
    """

    path: Path
    content: bytes


def read_model_file(path: Path, sha256: str = "", remedy: str = "restore it from where the models were published") -> ModelFile:
    """Read a file and check it.

    Args:
        path: the file.
        sha256: what it must be, in hexadecimal; empty: what :data:`SUMS` beside it says.
        remedy: what to do about a file that is not as it should be, for the message.

    Raises:
        ModelError: missing, unreadable, truncated or of another version, or nothing says what it must be.
    """
    if not path.is_file():
        raise ModelError(f"model file {path} is missing; {remedy}")
    wanted = sha256 or _sums(path.parent / SUMS).get(path.name, "")
    if not wanted:
        raise ModelError(f"{path.parent / SUMS} does not name {path.name}, so nothing says whether it is whole; {remedy}")
    try:
        content = path.read_bytes()
    except OSError as error:
        raise ModelError(f"model file {path} cannot be read: {error.strerror}; {remedy}") from error
    found = hashlib.sha256(content).hexdigest()
    if found != wanted:
        raise ModelError(
            f"model file {path} ({len(content)} bytes, sha256 {found[:12]}) is truncated or of another version than the one "
            f"described ({wanted[:12]}); {remedy}"
        )
    return ModelFile(path, content)


def _sums(path: Path) -> dict[str, str]:
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise ModelError(f"{path} is missing or unreadable, so nothing says what the models there must be: {error}") from error
    return {name.strip().lstrip("*"): sha256 for sha256, _, name in (line.partition(" ") for line in lines)}
