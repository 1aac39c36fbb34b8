"""Files of a training on disk: what they are called, and which weights are meant; no torch here."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

from physio_core.errors import ModelError

CHECKPOINT, BEST, WEIGHTS = "checkpoint.pt", "best.pt", "weights.pt"
"""In a work folder: to go on from, of the lowest validation loss. In a model folder: to learn on from."""


def weights_file(path: str | Path) -> Path:
    """The file that is meant by a model folder, a work folder of a training or a file; variables are filled in.

    Raises:
        ModelError: a folder without weights.
    """
    file = Path(os.path.expandvars(path)).expanduser()
    found = [file / name for name in (WEIGHTS, CHECKPOINT) if (file / name).is_file()]
    if file.is_dir() and not found:
        raise ModelError(f"{file} holds neither {WEIGHTS} nor {CHECKPOINT}; train the model again: physio train writes them")
    return found[0] if found else file


def fingerprint(init: str | Path) -> str:
    """SHA-256 of the weights that a training starts from; empty: it starts from scratch, or they are not there (yet).

    Raises:
        ModelError: a folder without weights.
    """
    file = weights_file(init) if init else None
    return hashlib.sha256(file.read_bytes()).hexdigest() if file and file.is_file() else ""
