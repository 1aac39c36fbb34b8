"""`physio bench` and `physio profile` from options to files, and a listener that waits in vain; what is measured is made up."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace

import pytest

from physio_core.cli import main
from physio_lab.evaluation.profile import Profile, Way
from physio_tools import bench, profile
from physio_tools.listener import Listener
from physio_tools.usage import Usage

WAY = Way(0.0, 0.0, 0.0, 0.02, 0.001, True, {})
MEASURED = Profile(300, {"numpy": 0.1}, WAY, WAY, WAY, 2.8, 1.0, 2)


@pytest.fixture
def rendered(monkeypatch) -> list[tuple[object, ...]]:
    """What was asked of the simulated patient, who renders nothing."""
    asked: list[tuple[object, ...]] = []

    def render(_folder, *what):
        asked.append(what)
        return SimpleNamespace(file="squat.mp4")

    for module in (bench, profile):
        monkeypatch.setattr(module, "render_clip", render)
    return asked


@pytest.mark.parametrize("own", [True, False])
def test_a_profile_is_of_ones_own_video_or_of_the_simulated_patient(own, rendered, monkeypatch, tmp_path, capsys) -> None:
    timed: list[tuple[Path, float, str]] = []
    monkeypatch.setenv("COLUMNS", "160")
    monkeypatch.setattr(profile, "profile", lambda *what: timed.append(what) or MEASURED)
    page = tmp_path / "page.md"
    page.write_text("# Mine\n<!-- physio: profile -->\nold\n<!-- /physio: profile -->\nthe end\n")
    files = ["--json", str(tmp_path / "f.json"), "--tables", str(page)]
    assert main(["profile", "--seconds", "4", *files, *(["--video", "me.mp4"] if own else [])]) == 0
    ((video, seconds, model),) = timed
    assert (video.name, seconds, model) == ("me.mp4" if own else "squat.mp4", 4.0, "")
    assert len(rendered) == (0 if own else 1)
    assert json.loads((tmp_path / "f.json").read_text()) == json.loads(json.dumps(MEASURED.as_dict()))
    text = page.read_text()
    assert text.startswith("# Mine\n") and text.endswith("the end\n") and "old" not in text and profile.after(MEASURED) in text
    assert "continual: each image" in capsys.readouterr().out


def test_a_profile_never_replaces_its_video(rendered, monkeypatch, tmp_path, capsys) -> None:
    monkeypatch.setattr(profile, "profile", lambda *_: pytest.fail("the work began"))
    video = tmp_path / "me.mp4"
    video.write_text("frames")
    assert main(["profile", "--video", str(video), "--json", str(video)]) == 2
    assert "is what is read" in capsys.readouterr().err and video.read_text() == "frames"


def test_a_page_without_a_place_for_the_profile_is_refused_before_the_work(rendered, tmp_path, capsys) -> None:
    page = tmp_path / "page.md"
    page.write_text("no marks\n")
    assert main(["profile", "--tables", str(page)]) == 2
    assert "<!-- physio: profile -->" in capsys.readouterr().err and not rendered and page.read_text() == "no marks\n"


def test_a_bench_compares_with_what_was_measured_before_and_after(rendered, monkeypatch, tmp_path, capsys) -> None:
    poses = iter([([10.0, 10.0, 30.0], 3.0), ([5.0, 7.0, 5.0], 1.0), ([20.0, 20.0, 20.0], 4.0)])
    live = {"cold_start_s": 2.5, "e2e_median_ms": 30.0, "e2e_p99_ms": 41.23456, "frames_used": 0.999}
    usage = {"pose": Usage(290.96, 0.4567), "total": Usage(290.96, 0.4567)}
    stand_ins = {
        "read_video": lambda _: iter(()), "_pose": lambda *_: next(poses), "_nodes": lambda *_, **__: (dict(live), usage),
        "_recognition": lambda _: 0.05, "_assessment": lambda _: 0.4, "_networks": lambda: (0.5, 50.0),
        "measure_hands": lambda: {name: 1.0 for name in bench.MEANING if name.startswith("hand_")},
        "measure_build": lambda *_: SimpleNamespace(figures={"build_over_bare": 0.9}),
    }  # fmt: skip
    for name, stand_in in stand_ins.items():
        monkeypatch.setattr(bench, name, stand_in)
    assert main(["bench", "--seconds", "1", "--json", str(tmp_path / "f.json")]) == 0
    found = json.loads((tmp_path / "f.json").read_text())
    assert list(found) == [*bench.MEANING, "rss_mb", "cpu_share"]
    assert (found["rss_mb"], found["cpu_share"]) == ({"pose": 291.0, "total": 291.0}, {"pose": 0.457, "total": 0.457})
    assert (found["blaze_over_mediapipe"], found["e2e_over_mediapipe"], found["composed_over_mediapipe"]) == (0.25, 1.5, 1.5)
    assert (found["pose_median_ms"], found["e2e_over_pose"], found["clip_over_step"]) == (20.0, 1.5, 100.0)
    assert (found["thesis_wait_ms"], found["thesis_final_wait_ms"], found["wait_ms"]) == (4050.0, 70.0, 30.0)
    assert found["e2e_p99_ms"] == 41.235 and found["build_over_pose"] == 0.9
    assert "41.2 ✗" in capsys.readouterr().out


def test_what_is_waited_for_in_vain_is_named(ros_domain: object) -> None:
    with Listener() as listener:
        with pytest.raises(TimeoutError, match=r"waited 0\.05 s in vain for a verdict"):
            listener.wait_for(lambda: False, 0.05, "a verdict")
        assert listener.wait_for(lambda: "here", 0.0) == "here"
