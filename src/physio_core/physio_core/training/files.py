"""Files of a training on disk: what they are called, and how none is lost to a full disk; no torch here."""

from __future__ import annotations

import errno
import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from physio_core.action.card import CARD
from physio_core.errors import ConfigError, ModelError

CHECKPOINT, WEIGHTS = "checkpoint.pt", "weights.pt"
_PROBE = ".probe"
_FULL = (errno.ENOSPC, errno.EFBIG, errno.EDQUOT)


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


def unwritable(path: Path, error: OSError) -> ConfigError:
    """What to say when a file of a training cannot be written."""
    todo = "give a folder that can be written, by --out or --work"
    if error.errno in _FULL:
        todo = "make room there, then run the same command again: it goes on from the last checkpoint"
    return ConfigError(f"cannot write {path}: {error.strerror or error}; {todo}")


@contextmanager
def replacing(folder: Path) -> Iterator[Path]:
    """A new folder to write a model into; its files then take the place of those of the same names in ``folder``.

    The card moves last: a model whose files were only moved in part has a card that does not fit, and is refused.

    Raises:
        ConfigError: it cannot be written; what was in ``folder`` is whole.
    """
    place = folder.resolve()
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(prefix=f".{place.name}.", dir=place.parent) as name:
            yield Path(name)
            place.mkdir(exist_ok=True)
            for path in sorted(Path(name).iterdir(), key=lambda path: path.name == CARD):
                path.replace(place / path.name)
    except OSError as error:
        raise unwritable(folder, error) from error


def probe(folder: Path) -> None:
    """See that a model folder can be written, before hours are spent on what goes there; errors as :func:`replacing`."""
    made = not folder.exists()
    with replacing(folder) as fresh:
        (fresh / _PROBE).touch()
    (folder / _PROBE).unlink()
    if made:
        folder.rmdir()
