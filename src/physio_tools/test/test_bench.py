"""What cannot be measured or written is said at once, in a sentence."""

from __future__ import annotations

import os
import types
from pathlib import Path

import pytest

from physio_core.cli import main
from physio_core.errors import InputError, LaunchError
from physio_nodes import surroundings
from physio_tools import bench, profile


@pytest.mark.parametrize("command", ["bench", "profile"])
@pytest.mark.parametrize(
    "flags", [["--seconds", "0"], ["--seconds", "-3"], ["--seconds", "nan"], ["--json", "."], ["--json", "/dev/null/found.json"]]
)
def test_flags_that_cannot_be_used_are_refused_before_the_work(
    command: str, flags: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for module in (bench, profile):
        monkeypatch.setattr(module, "render_clip", lambda *_: pytest.fail("the work began"))
    assert main([command, *flags]) == 2
    assert capsys.readouterr().err.startswith("physio: ")


def test_nothing_else_on_the_machine_mixes_into_what_is_timed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def begin(*_: object) -> None:
        raise InputError(f"begun in domain {os.environ['ROS_DOMAIN_ID']}")

    monkeypatch.setenv("ROS_DOMAIN_ID", "0")
    monkeypatch.setattr(surroundings, "free_domain", lambda: 77)
    monkeypatch.setattr(bench, "render_clip", begin)
    assert main(["bench"]) == 2
    assert capsys.readouterr().err == "physio: begun in domain 77\n"


def test_no_prediction_is_a_sentence_and_no_division_by_zero(monkeypatch: pytest.MonkeyPatch) -> None:
    nothing = lambda *_: None  # noqa: E731
    watch = types.SimpleNamespace(latencies_ms=[1.0], frames=0, spin=nothing, forget=nothing, close=nothing)
    launch = types.SimpleNamespace(start=nothing, stop=nothing, poll=nothing, processes={})
    monkeypatch.setattr(bench, "Watch", lambda: watch)
    monkeypatch.setattr(bench, "Launch", lambda *_, **__: launch)
    with pytest.raises(LaunchError, match="no prediction arrived in 0.5 s"):
        bench._nodes(Path("a.mp4"), 0.5)
