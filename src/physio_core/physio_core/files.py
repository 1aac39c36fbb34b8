"""Files are written whole or not at all: what was there before stays until all of the new one is written.

A temporary folder beside the target takes what is written; one rename puts it in place. Symbolic links are followed, and what is
neither a file nor a folder (``/dev/stdout``, also when it leads into a file; a named pipe) is written to once all is there.
"""

from __future__ import annotations

import errno
import json
import os
import re
import shutil
import stat
import sys
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, Any

from physio_core.errors import OutputError

PART = ".part_"
"""How the temporary folders are called; one that is left over was left by a process that was killed."""
PROBE = ".probe"
_STREAM = re.compile(r"(?:/dev|/proc/self)/fd/([0-9]+)|/dev/(stdin|stdout|stderr)")
_STREAMS = ("stdin", "stdout", "stderr")
_FULL = (errno.ENOSPC, errno.EFBIG, errno.EDQUOT)


def unwritable(path: Path, error: OSError, todo: str = "choose another place") -> OutputError:
    """What to say when ``path`` cannot be written; ``todo`` unless the disk is full."""
    why = error.strerror or str(error)
    if isinstance(error, FileExistsError | NotADirectoryError):
        obstacle = next((part for part in (path, *path.parents) if part.exists() and not part.is_dir()), path)
        why = f"{obstacle} is not a folder"
    if error.errno in _FULL:
        todo = "make room there, then run the same command again"
    return OutputError(f"cannot write {path}: {why}; {todo}")


@contextmanager
def writing(path: Path) -> Iterator[Path]:
    """A temporary path of the same name, for a file or a folder, that takes the place of ``path`` once the block ends well.

    Raises:
        OutputError: it cannot be written (a full disk, no permission, a folder that holds something); what was there stays.
    """
    try:
        if _is_device(path):
            with TemporaryDirectory() as name:
                yield Path(name, path.name)
                with Path(name, path.name).open("rb") as whole, _open(path) as out:
                    shutil.copyfileobj(whole, out)
            return
        target = _target(path)
        if target.is_dir() and any(target.iterdir()):
            raise OutputError(f"{path} is a folder that holds something; name another, or delete it first")
        with _beside(target) as folder:
            part = folder / target.name
            yield part
            if target.is_file() and part.is_file():
                shutil.copymode(target, part)
            part.replace(target)
    except OSError as error:
        raise unwritable(path, error) from error


@contextmanager
def writing_into(folder: Path, last: str = "") -> Iterator[Path]:
    """A temporary folder; what it holds once the block ends well takes the place of what has the same names in ``folder``.

    Args:
        folder: made if it is not there; other files in it stay.
        last: the name that moves last, so that its presence says that all others are there.

    Raises:
        OutputError: it cannot be written; what was in ``folder`` is whole.
    """
    try:
        place = _target(folder)
        with _beside(_on_its_disk(place)) as held:
            new, earlier = held / "new", held / "earlier"
            new.mkdir()
            yield new
            earlier.mkdir()
            place.mkdir(exist_ok=True)
            for part in sorted(new.iterdir(), key=lambda part: part.name == last):
                if (place / part.name).is_dir():
                    (place / part.name).replace(earlier / part.name)
                part.replace(place / part.name)
    except OSError as error:
        raise unwritable(folder, error, "give a folder that can be written") from error


def check_folder(folder: Path) -> None:
    """See that :func:`writing_into` can write, before hours are spent on what goes there; errors as there."""
    try:
        place = _target(folder)
        with _beside(_on_its_disk(place)) as held:
            (held / place.name).mkdir()
            (held / PROBE).write_bytes(b"\0")
    except OSError as error:
        raise unwritable(folder, error, "give a folder that can be written") from error


def check_writable(*paths: Path | None, endings: Collection[str] = (), reads: Collection[Path | None] = ()) -> None:
    """Fail before the work whose result could not be kept; makes the folders, and leaves no file that was not there.

    Args:
        paths: files to be written; None: nothing is asked for.
        endings: those that say the format which will be written; none: any.
        reads: files that the work takes in and so must survive it; None: nothing.

    Raises:
        OutputError: one cannot be written, has another ending, is named twice, or is itself read.
    """
    sources = [_target(path) for path in reads if path is not None]
    targets = []
    for path in paths:
        if path is None:
            continue
        if endings and path.suffix.lower() not in endings:
            raise OutputError(f"{path} has the ending {path.suffix!r}; what is written there needs {' or '.join(endings)}")
        try:
            taken_in = not _is_device(path) and _target(path) in sources
            if not taken_in:
                _check(path)
        except OSError as error:
            raise unwritable(path, error) from error
        if taken_in:
            raise OutputError(f"{path} is what is read, and would be lost; name another file")
        targets.append(path if _is_device(path) else _target(path))
        if targets.count(targets[-1]) > 1 and not _is_device(path):
            raise OutputError(f"{path} is to be written twice; name a file for each")


def write_bytes(path: Path, data: bytes | memoryview) -> None:
    """Write a file whole or not at all; errors as :func:`writing`."""
    with writing(path) as part, part.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())  # else a power cut could leave the name without the content


def write_text(path: Path, text: str) -> None:
    """Write a text in UTF-8, whole or not at all; errors as :func:`writing`.

    Names of files that are not UTF-8 are written as the bytes that they are.
    """
    write_bytes(path, text.encode("utf-8", "surrogateescape"))


def write_json(path: Path, content: Any) -> None:
    """Write what JSON can hold, whole or not at all; errors as :func:`writing`."""
    write_text(path, json.dumps(content, indent=2) + "\n")


def _check(path: Path) -> None:
    """Raises OSError or OutputError as writing would."""
    there = path.exists()
    if there and not os.access(path, os.W_OK):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
    if _is_device(path):
        return
    target = _target(path)
    if target.is_dir():
        raise OutputError(f"cannot write {path}: it is a folder; name a file")
    with _beside(target) as folder:
        (folder / PROBE).write_bytes(b"\0")


def _stream(path: Path) -> int | None:
    """Which of this process's open files a path like /dev/stdout or /dev/fd/3 names."""
    named = _STREAM.fullmatch(str(path))
    return (int(named[1]) if named[1] else _STREAMS.index(named[2])) if named else None


def _open(device: Path) -> IO[bytes]:
    number = _stream(device)
    if number is None:
        return device.open("wb")
    sys.stdout.flush()
    return os.fdopen(os.dup(number), "wb")  # after what it holds already, and before what follows


def _is_device(path: Path) -> bool:
    """Whether a rename would put a file where a pipe, a terminal, /dev/null or the output of a whole script is."""
    if _stream(path) is not None:
        return True
    try:
        mode = path.stat().st_mode
    except OSError:
        return False
    return not (stat.S_ISREG(mode) or stat.S_ISDIR(mode))


def _target(path: Path) -> Path:
    """Where a symbolic link leads, also to what is not there yet."""
    try:
        return path.resolve()
    except RuntimeError as error:  # before Python 3.13, links in a circle
        raise OSError(errno.ELOOP, os.strerror(errno.ELOOP)) from error


def _on_its_disk(folder: Path) -> Path:
    """Beside what is prepared for a folder: within it, once it is there, because a disk may be mounted at it."""
    return folder / PROBE if folder.exists() else folder


@contextmanager
def _beside(target: Path) -> Iterator[Path]:
    target.parent.mkdir(parents=True, exist_ok=True)
    # What made the writing fail may stand in the way of removing too; the error that counts is on its way already.
    with TemporaryDirectory(prefix=PART, dir=target.parent, ignore_cleanup_errors=True) as name:
        yield Path(name)
