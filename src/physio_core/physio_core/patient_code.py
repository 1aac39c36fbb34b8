"""Patients are codes: one to four letters and a number, so that nobody's name gets into a file, a record or a topic."""

from __future__ import annotations

import re

from physio_core.errors import InputError

PATTERN = "^[a-z]{1,4}[0-9]{1,5}$"


def is_code(text: str) -> bool:
    """Whether a text is such a code."""
    return re.fullmatch(PATTERN[1:-1], text) is not None


def checked_code(code: str, what: str = "patient") -> str:
    """The code, if it is one.

    Raises:
        InputError: it may be a name.
    """
    if not is_code(code):
        raise InputError(f"{what} {code!r}: give a code, one to four letters and a number, e.g. p01; never a name")
    return code
