"""Many workers: every job has a result or a reason, also when a worker is killed."""

from __future__ import annotations

import functools
import math
import operator
import os
import signal

import pytest

from physio_core.errors import ConfigError
from physio_lab.datasets.parallel import Lost, in_processes, on_ray

do = operator.methodcaller("__call__")


def half(number):
    return functools.partial(operator.truediv, number, 2)


def test_every_job_has_its_result_whatever_the_order():
    assert dict(in_processes(math.sqrt, [float(n * n) for n in range(7)], 2)) == {n: float(n) for n in range(7)}


def test_a_killed_worker_costs_its_job_and_not_the_run():
    jobs = [half(8), functools.partial(signal.raise_signal, signal.SIGKILL), half(4), functools.partial(int, "x"), half(2)]
    results = dict(in_processes(do, jobs, 1))
    assert [results[index] for index in (0, 2, 4)] == [4.0, 2.0, 1.0]
    assert results[1] == Lost("the process that worked on it died (SIGKILL); out of memory?")
    assert "exit code 1" in results[3].reason and "invalid literal" in results[3].reason


def test_leaving_early_leaves_no_process():
    results = in_processes(do, [os.getpid, os.getpid, os.getpid], 1)
    _, worker = next(results)
    results.close()
    with pytest.raises(ProcessLookupError):
        os.kill(worker, 0)


def test_no_jobs_are_no_work():
    assert list(in_processes(math.sqrt, [], 2)) == []


@pytest.mark.filterwarnings("ignore")  # Ray's own
def test_a_ray_cluster_does_the_same():
    ray = pytest.importorskip("ray", reason="Ray comes with scripts/setup --training")
    ray.init(num_cpus=2, include_dashboard=False, log_to_driver=False, logging_level="error")
    try:
        jobs = [half(8), functools.partial(os._exit, 1), half(4)]
        results = dict(on_ray(do, jobs, "auto"))
    finally:
        ray.shutdown()
    assert (results[0], results[2]) == (4.0, 2.0)
    assert results[1].reason.startswith("the Ray worker that worked on it died")


@pytest.mark.filterwarnings("ignore")
def test_a_cluster_that_is_not_there_is_refused():
    pytest.importorskip("ray", reason="Ray comes with scripts/setup --training")
    with pytest.raises(ConfigError, match="no Ray cluster at '127.0.0.1:1'"):
        list(on_ray(math.sqrt, [1.0], "127.0.0.1:1"))


def test_without_ray_the_message_says_how_to_get_it(monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "ray", None)
    with pytest.raises(ConfigError, match="scripts/setup --training"):
        list(on_ray(math.sqrt, [1.0], "auto"))
