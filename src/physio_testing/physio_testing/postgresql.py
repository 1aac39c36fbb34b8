"""A PostgreSQL server of the tests' own, from Debian's programs, in a temporary folder and on a socket in it."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest

_PROGRAMS = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: float(path.parent.name))


class Server:
    """A server that runs; each test gets databases of its own."""

    def __init__(self, folder: Path) -> None:
        """Make a cluster in a folder and start it."""
        self._folder = folder
        self._numbers = count()
        self._run("initdb", "--auth=trust", "--username=physio", "--no-sync", str(folder / "data"))
        settings = f"-c listen_addresses='' -c unix_socket_directories='{folder}' -c fsync=off"
        self._settings = settings
        self.start()

    def start(self) -> None:
        """Start it, and wait until it serves."""
        log = str(self._folder / "log")
        self._run("pg_ctl", "start", "-w", "-s", "-D", str(self._folder / "data"), "-l", log, "-o", self._settings)

    def stop(self) -> None:
        """Stop it at once; connections break."""
        self._run("pg_ctl", "stop", "-w", "-s", "-m", "immediate", "-D", str(self._folder / "data"))

    def new_database(self) -> str:
        """URL of an empty database."""
        name = f"test{next(self._numbers)}"
        self._run("createdb", "-h", str(self._folder), "-U", "physio", name)
        return f"postgresql://physio@/{name}?host={self._folder}"

    def _run(self, program: str, *arguments: str) -> None:
        # It refuses to run as root.
        user = {"user": "postgres", "group": "postgres", "extra_groups": []} if os.getuid() == 0 else {}
        command = [str(_PROGRAMS[-1] / program), *arguments]
        done = subprocess.run(command, capture_output=True, text=True, check=False, cwd="/", **user)  # type: ignore[call-overload]
        if done.returncode:
            raise RuntimeError(f"{program}: {done.stdout}{done.stderr}")


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """The server, or a skip with the reason."""
    if not _PROGRAMS:
        pytest.skip("PostgreSQL is not installed; scripts/setup --dev brings it")
    folder = Path(tempfile.mkdtemp(prefix="physio_pg_"))  # short: a socket's path holds 107 signs
    if os.getuid() == 0:
        try:
            owner = pwd.getpwnam("postgres")
        except KeyError:
            pytest.skip("PostgreSQL does not run as root, and there is no user postgres")
        os.chown(folder, owner.pw_uid, owner.pw_gid)
    running = Server(folder)
    try:
        yield running
    finally:
        running.stop()
        shutil.rmtree(folder, ignore_errors=True)
