"""What cannot be measured or written is said at once, in a sentence."""

from __future__ import annotations

import types
from pathlib import Path

import pytest

from physio_core.cli import main
from physio_core.errors import LaunchError
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


def test_no_prediction_is_a_sentence_and_no_division_by_zero(monkeypatch: pytest.MonkeyPatch) -> None:
    nothing = lambda *_: None  # noqa: E731
    watch = types.SimpleNamespace(latencies_ms=[1.0], frames=0, spin=nothing, forget=nothing, close=nothing)
    launch = types.SimpleNamespace(start=nothing, stop=nothing, poll=nothing, processes={})
    monkeypatch.setattr(bench, "Watch", lambda: watch)
    monkeypatch.setattr(bench, "Launch", lambda *_, **__: launch)
    with pytest.raises(LaunchError, match="no prediction arrived in 0.5 s"):
        bench._nodes(Path("a.mp4"), 0.5)
