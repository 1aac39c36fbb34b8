"""Clips on several processes: one that kills its process costs itself only, and what is no clip's fault ends the run."""

from __future__ import annotations

import functools
import operator
from pathlib import Path

import pytest

from physio_core.errors import ConfigError, ImageError, ModelError, PhysioError, SourceError
from physio_lab.datasets.parallel import Lost
from physio_lab.evaluation import evaluate
from physio_lab.evaluation.evaluate import Setup, judge_all, watch, watch_all
from physio_lab.evaluation.index import Clip
from physio_lab.evaluation.spread import spread

do = operator.methodcaller("__call__")
number = functools.partial(int, "7")


@pytest.mark.parametrize("fatal", ["import os; os.kill(os.getpid(), 9)", "raise MemoryError"])
def test_a_clip_that_kills_its_process_is_lost_alone(fatal: str) -> None:
    told: list[None] = []
    first, lost, last = spread(do, [number, functools.partial(exec, fatal), number], 2, lambda: told.append(None))
    assert (first, last, len(told)) == (7, 7, 3) and isinstance(lost, Lost) and "died" in lost.reason


def test_a_clip_whose_process_died_is_tried_again(tmp_path: Path) -> None:
    mark = tmp_path / "first time"
    mark.touch()
    once = f"import os, pathlib\nif pathlib.Path({str(mark)!r}).exists(): os.remove({str(mark)!r}); os._exit(1)"
    assert spread(do, [functools.partial(exec, once), number], 2) == [None, 7]


def test_what_is_raised_ends_the_run() -> None:
    with pytest.raises(ValueError, match="invalid literal"):
        spread(do, [functools.partial(int, "x"), number], 2)


def test_a_lost_clip_counts_as_failed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(evaluate, "spread", lambda _call, items, *_: [Lost("the process died") for _ in items])
    (case,) = watch_all([Clip(Path("a.mp4"), "Squat")])
    (outcome,) = judge_all([case], Setup())
    assert case.error == outcome.error == "the process died" and (outcome.truth, outcome.named) == ("squat", "")


@pytest.mark.parametrize(("error", "ends"), [(ConfigError, True), (ModelError, True), (SourceError, False), (ImageError, False)])
def test_only_what_a_clip_is_to_blame_for_is_counted_as_a_failed_clip(
    monkeypatch: pytest.MonkeyPatch, error: type[PhysioError], ends: bool
) -> None:
    def broken(*_: object) -> None:
        raise error("no good")

    monkeypatch.setattr(evaluate, "estimate", broken)
    clip = Clip(Path("a.mp4"), "squat")
    if ends:
        with pytest.raises(error):
            watch(clip)
    else:
        assert watch(clip).error == "no good"
