"""Command output reaches any terminal: characters that its encoding lacks are written in ASCII, a closed pipe ends nothing."""

from __future__ import annotations

import codecs
import io
import os
import sys
import unicodedata
from pathlib import Path
from typing import TextIO

NEAREST = {
    "✓": "+", "✗": "x", "·": "-", "–": "-", "—": "-", "…": "...", "→": "->", "≤": "<=", "≥": ">=", "×": "x", "°": " deg",
    "µ": "u", "“": '"', "”": '"', "‘": "'", "’": "'", "•": "*",
}  # fmt: skip
"""Signs that the commands use, in ASCII; letters lose their accents, anything else becomes a question mark."""


def fit_output() -> None:
    """Make standard output and error of this process take every text and outlive their reader."""
    codecs.register_error("physio", _nearest)
    sys.stdout, sys.stderr = _fitted(sys.stdout, 1), _fitted(sys.stderr, 2)


class _Pipe(io.FileIO):
    """An output whose reader may disappear, as `| head` does: the rest is dropped, so that the work and its files continue."""

    def write(self, data: object) -> int:
        """Write, or drop once nobody reads; OSError only the first time that a disk is full."""
        try:
            return super().write(data)  # type: ignore[arg-type]
        except OSError as error:
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, self.fileno())
            os.close(nowhere)
            if isinstance(error, BrokenPipeError):
                return memoryview(data).nbytes  # type: ignore[arg-type]
            raise


def _fitted(stream: TextIO | None, number: int) -> TextIO:
    if stream is None:  # closed by the shell: `>&-`
        return Path(os.devnull).open("w", encoding="utf-8")
    stream.flush()
    raw = _Pipe(number, "wb", closefd=False)
    lines = number == 2 or stream.isatty()
    return io.TextIOWrapper(io.BufferedWriter(raw), encoding=stream.encoding, errors="physio", line_buffering=lines)


def _nearest(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return "".join(map(_sign, error.object[error.start : error.end])), error.end


def _sign(sign: str) -> str:
    if "\udc80" <= sign <= "\udcff":  # a byte of a file name that is not UTF-8
        return f"\\x{ord(sign) - 0xDC00:02x}"
    plain = unicodedata.normalize("NFKD", sign).encode("ascii", "ignore").decode()
    return NEAREST.get(sign) or plain or "?"
