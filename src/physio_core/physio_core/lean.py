"""Libraries loaded without what they ask for and can do without."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def hidden(*names: str) -> Iterator[None]:
    """These cannot be imported for a while, as where they are not installed; what is loaded already stays."""
    hide = [name for name in names if name not in sys.modules]
    sys.modules.update(dict.fromkeys(hide))  # type: ignore[arg-type] # None is how an import is refused
    try:
        yield
    finally:
        for name in hide:
            del sys.modules[name]
