"""Reads pickles of the field without running what they say: they may name any function, this reader knows numpy's arrays only."""

from __future__ import annotations

import pickle
from collections import OrderedDict
from pathlib import Path
from typing import Any

import numpy as np

from physio_core.errors import InputError


def _encode(text: str, encoding: str) -> bytes:
    """Bytes as Python 2 pickled them: text in Latin-1."""
    if encoding not in ("latin1", "latin-1"):
        raise pickle.UnpicklingError(f"text in {encoding}")
    return text.encode(encoding)


# The makers of arrays and of single numbers, wherever this numpy keeps them.
_MAKERS: tuple[Any, ...] = (np.empty(0).__reduce__()[0], np.float32(0).__reduce__()[0], np.empty(1).__reduce_ex__(5)[0])
_ALLOWED: dict[tuple[str, str], Any] = {
    ("numpy", "ndarray"): np.ndarray, ("numpy", "dtype"): np.dtype, ("collections", "OrderedDict"): OrderedDict,
    ("_codecs", "encode"): _encode,
    **{
        (f"numpy.{core}.{module}", maker.__name__): maker
        for maker in _MAKERS for core in ("core", "_core") for module in ("multiarray", "numeric")
    },
}  # fmt: skip


class _Unpickler(pickle.Unpickler):
    def find_class(self, module: str, name: str) -> Any:
        """Only what arrays are made of."""
        if (module, name) not in _ALLOWED:
            raise pickle.UnpicklingError(f"it names {module}.{name}, which could do anything")
        return _ALLOWED[module, name]


def load_pickle(path: Path) -> Any:
    """Numbers, texts, lists, tuples, dicts and numpy arrays from a pickle.

    Raises:
        InputError: it cannot be read, is damaged, or holds anything else (it is refused before any of it runs).
    """
    try:
        with path.open("rb") as file:
            return _Unpickler(file, encoding="latin1").load()
    # A damaged pickle raises nearly anything, says the library's own page.
    except (OSError, pickle.UnpicklingError, EOFError, ValueError, TypeError, LookupError, AttributeError, OverflowError,
            MemoryError) as error:  # fmt: skip
        raise InputError(f"{path} is not read: {error}; need a pickle of plain containers and numpy arrays") from error
