"""Spreads jobs over processes or over machines, the only file that imports Ray; a worker that dies costs its job, not the run.

The standard library's process pool gives up altogether when one of its processes is killed, for example for want of memory:
after hours of work that is not acceptable, so the processes are watched here.
"""

from __future__ import annotations

import contextlib
import os
import signal
import socket
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import count, islice
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, TypeVar

from physio_core.errors import ConfigError

Job = TypeVar("Job")
Result = TypeVar("Result")
PROBE_S = 5.0
AHEAD = 3
"""Jobs that wait on a cluster for each of its processors."""


@dataclass(frozen=True)
class Lost:
    """A job without a result, and why."""

    reason: str


@dataclass
class _Worker:
    process: BaseProcess
    pipe: Connection
    log: Path
    job: int | None = None


def in_processes(function: Callable[[Job], Result], jobs: Sequence[Job], workers: int) -> Iterator[tuple[int, Result | Lost]]:
    """Run ``function`` on each job in fresh processes; gives (index of the job, result) as they come.

    A job whose process dies, or whose function raises, is :class:`Lost`; the others go on. Leaving the loop ends the processes.
    """
    context = get_context("spawn")
    todo = iter(range(len(jobs)))
    team: list[_Worker] = []
    left = len(jobs)
    logs = TemporaryDirectory(prefix="physio_workers_")
    number = count()

    def spawn_worker() -> _Worker:
        mine, theirs = context.Pipe()
        log = Path(logs.name) / f"{next(number)}.log"
        process = context.Process(target=_serve, args=(function, theirs, log), daemon=True)
        process.start()
        theirs.close()  # so that its death ends the pipe
        return _Worker(process, mine, log)

    def assign(worker: _Worker) -> None:
        worker.job = next(todo, None)
        if worker.job is not None:
            with contextlib.suppress(BrokenPipeError):  # its death is seen in wait()
                worker.pipe.send(jobs[worker.job])

    try:
        team += [spawn_worker() for _ in range(min(workers, len(jobs)))]
        for worker in team:
            assign(worker)
        while left:
            for pipe in wait([worker.pipe for worker in team if worker.job is not None]):
                worker = next(one for one in team if one.pipe is pipe)
                done, result = _collect(worker)
                left -= 1
                if not worker.process.is_alive() or isinstance(result, Lost):
                    _terminate(worker)
                    team[team.index(worker)] = worker = spawn_worker()
                assign(worker)
                yield done, result
    finally:
        for worker in team:
            _terminate(worker)
        logs.cleanup()


def _collect(worker: _Worker) -> tuple[int, Any]:
    assert worker.job is not None
    try:
        return worker.job, worker.pipe.recv()
    except (EOFError, OSError):
        worker.process.join(5.0)
        code = worker.process.exitcode
        how = signal.Signals(-code).name if code is not None and code < 0 else f"exit code {code}"
        said = worker.log.read_text(errors="replace").strip().splitlines() if worker.log.exists() else []
        last = "; out of memory?" if how == "SIGKILL" else f": {said[-1]}" if said else ""
        return worker.job, Lost(f"the process that worked on it died ({how}){last}")


def _terminate(worker: _Worker) -> None:
    worker.process.kill()
    worker.process.join()
    worker.pipe.close()


def _serve(function: Callable[[Any], Any], pipe: Connection, log: Path) -> None:
    """Life of a worker process: jobs in, results out, until the pipe ends; the libraries' chatter goes to a file."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the one that hands out the jobs
    with log.open("ab") as file:
        os.dup2(file.fileno(), 2)
    with contextlib.suppress(EOFError, BrokenPipeError):
        while True:
            job = pipe.recv()
            os.ftruncate(2, 0)
            pipe.send(function(job))


def on_ray(function: Callable[[Job], Result], jobs: Sequence[Job], address: str) -> Iterator[tuple[int, Result | Lost]]:
    """Run ``function`` on each job on a Ray cluster; as :func:`in_processes`.

    Args:
        function: must be importable on every machine.
        jobs: what to do.
        address: of a cluster that runs already. None is started here: a Ray head asks for the cloud's metadata when it starts,
            also with its reports of usage switched off.

    Raises:
        ConfigError: Ray is not installed, or no cluster answers at the address.
    """
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")  # nothing is sent anywhere
    os.environ.setdefault("RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO", "0")
    try:
        import ray
    except ImportError as error:
        raise ConfigError("--ray needs Ray: run scripts/setup --training") from error

    def work(job: Job) -> Result:
        return function(job)

    mine = not ray.is_initialized()
    try:
        if mine:
            _check_answers(address)
            ray.init(address=address, log_to_driver=False, logging_level="error")
    except (ConnectionError, ValueError, RuntimeError, OSError) as error:
        raise ConfigError(f"no Ray cluster at {address!r}: {error}; start one by: ray start --head") from error
    try:
        remote = ray.remote(num_cpus=1, max_retries=0)(work)
        todo = iter(range(len(jobs)))
        running: dict[Any, int] = {}
        while True:
            room = AHEAD * max(1, int(ray.cluster_resources().get("CPU", 1))) - len(running)  # machines come and go
            running |= {remote.remote(jobs[index]): index for index in islice(todo, max(0, room))}
            if not running:
                return
            ready, _ = ray.wait(list(running), num_returns=1)
            for reference in ready:
                try:
                    result: Any = ray.get(reference)
                except ray.exceptions.RayError as error:
                    result = Lost(f"the Ray worker that worked on it died: {str(error).strip().splitlines()[-1]}")
                yield running.pop(reference), result
    finally:
        if mine:
            ray.shutdown()


def _check_answers(address: str) -> None:
    """Probe first: Ray itself waits for minutes where nobody is. OSError when nobody answers."""
    host, _, port = address.removeprefix("ray://").rpartition(":")
    if host and port.isdigit():
        socket.create_connection((host, int(port)), PROBE_S).close()
