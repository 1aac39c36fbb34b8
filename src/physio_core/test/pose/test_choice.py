"""Which estimator runs where none is named: as measured here, else by what is installed, and the coach says which and why."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest

from physio_core.camera.video import read_video
from physio_core.cli import main
from physio_core.errors import ConfigError, EstimatorError, ModelError, RunnerUnavailable
from physio_core.pose import choice, choosing
from physio_core.pose.choice import BLAZE, MEDIAPIPE, Choice, candidates, chosen, processor
from physio_core.pose.choosing import disturbed, fastest, measure
from physio_core.pose.estimator import PoseConfig, make_estimator, settled
from physio_core.pose.hand_estimator import HandConfig, make_hand_estimator
from physio_core.runners.runner import BFLOAT16, LITERT, ONNXRUNTIME, OPENVINO
from physio_core.share import shared_path
from physio_core.skeleton.layouts import BLAZEPOSE_33
from physio_core.types import Frame, Skeleton, Tracking

FRAMES = [Frame(index / 30.0, np.zeros((100, 200, 3), np.uint8)) for index in range(choosing.WARM + choosing.LEAST)]
WRITTEN = """processor: {}
measured_on: '2026-11-27'
estimator: blaze
runner: onnxruntime
runner_threads: 2
image_ms: 12.3
"""


@pytest.fixture(autouse=True)
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    (tmp_path / "physio").mkdir()
    return tmp_path / "physio" / "pose.yaml"


def test_what_was_measured_here_is_taken_and_why_is_said(file: Path) -> None:
    file.write_text(WRITTEN.format(processor()))
    config, why = settled(PoseConfig())
    assert (config.estimator, config.runner, config.runner_threads) == (BLAZE, ONNXRUNTIME, 2)
    assert why == "the fastest on this machine that equals MediaPipe, 12.3 ms, measured 2026-11-27"
    assert settled(PoseConfig(estimator=MEDIAPIPE)) == (PoseConfig(estimator=MEDIAPIPE), "")
    assert settled(PoseConfig(model_complexity=2))[0].estimator == MEDIAPIPE


@pytest.mark.parametrize(("there", "runner"), [(True, OPENVINO), (False, ONNXRUNTIME)])
def test_unmeasured_it_is_what_is_installed(there: bool, runner: str, file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(choice.platform, "machine", lambda: "x86_64")
    monkeypatch.setattr(choice, "_there", lambda module: there)
    assert (chosen().estimator, chosen().runner, chosen().runner_threads) == (BLAZE, runner, 1)
    assert "physio pose choose does" in chosen().why
    file.write_text(WRITTEN.format("another"))
    assert chosen().runner == runner and "was measured on another processor, another" in chosen().why
    monkeypatch.setattr(choice.platform, "machine", lambda: "aarch64")
    assert chosen().runner == ONNXRUNTIME


def test_a_file_that_cannot_be_read_names_the_mistake(file: Path) -> None:
    file.write_text(WRITTEN.format("any").replace("blaze", "openpose"))
    with pytest.raises(ConfigError, match=r"pose\.yaml:3: estimator: .*'mediapipe' or 'blaze', got 'openpose'"):
        make_estimator(PoseConfig())


def test_without_mediapipe_bodies_and_hands_are_looked_for_and_who_asks_for_it_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "mediapipe", None)
    monkeypatch.delitem(sys.modules, "physio_core.pose.mediapipe", raising=False)
    frame = next(iter(read_video(shared_path("config", "pose", "squat.mp4"))))
    body = make_estimator(PoseConfig())
    assert body.estimate(frame).tracked and body.name.endswith("(not measured on this machine; physio pose choose does)")
    assert make_hand_estimator(HandConfig()).estimate(frame) == ()
    for make in (lambda: make_estimator(PoseConfig(estimator=MEDIAPIPE)),
                 lambda: make_hand_estimator(HandConfig(hand_estimator=MEDIAPIPE))):  # fmt: skip
        with pytest.raises(
            RunnerUnavailable,
            match=r"mediapipe is not installed; install it .scripts/setup without --robot.*, or use auto or blaze",
        ):
            make()


def test_our_own_refuses_what_only_mediapipe_has() -> None:
    with pytest.raises(ModelError, match=r"takes no task_model_path \(got 1, 'a\.task'\); use estimator mediapipe"):
        make_estimator(PoseConfig(estimator=BLAZE, task_model_path="a.task"))


def test_two_threads_for_one_network_are_tried_where_there_are_two_cores() -> None:
    assert {one.runner_threads for one in candidates(1)} == {1} and {one.runner_threads for one in candidates(2)} == {1, 2}


class Stand:
    """Takes so long, sees everything so far off, fails, or sees nobody."""

    name, searches = "a stand-in", 0

    def __init__(self, clock: list[float], took_s: float, off_px: float, odd: str) -> None:
        self._clock, self._took_s, self._off_px, self._odd = clock, took_s, off_px, odd

    def estimate(self, frame: Frame) -> Skeleton:
        self._clock[0] += self._took_s
        if self._odd == "fails":
            raise EstimatorError("gave NaN")
        points = np.full((33, 3), 0.5)
        points[[BLAZEPOSE_33.index("left_shoulder"), BLAZEPOSE_33.index("right_shoulder")], 1] = 0.0
        points[:, 0] += self._off_px / 200.0
        seen = Tracking.NOBODY if self._odd == "blind" else Tracking.TRACKED
        return Skeleton(frame.stamp_s, seen, BLAZEPOSE_33.name, points, np.ones(33), "", 200, 100, np.zeros((33, 3)))

    def close(self) -> None:
        """Nothing."""


def test_the_fastest_that_is_equal_is_chosen(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = [0.0]
    does = {
        (MEDIAPIPE, ""): (0.020, 0.0, ""), (BLAZE, ONNXRUNTIME): (0.018, 0.2, ""), (BLAZE, OPENVINO): (0.009, 0.2, ""),
        (BLAZE, BFLOAT16): (0.005, 2.0, ""), (BLAZE, LITERT): (0.004, 0.0, "fails"), (BLAZE, "blind"): (0.001, 0.0, "blind"),
    }  # fmt: skip

    def make(config: PoseConfig, _layout: object) -> Stand:
        kind = BFLOAT16 if config.runner_precision == BFLOAT16 else config.runner
        kind = "blind" if config.runner_threads == 2 else kind
        if config.runner_device != "cpu":
            raise RunnerUnavailable("no card")
        return Stand(clock, *does[config.estimator, "" if config.estimator == MEDIAPIPE else kind])

    monkeypatch.setattr(choosing, "make_estimator", make)
    monkeypatch.setattr(choosing.time, "perf_counter", lambda: clock[0])
    timed = measure([*candidates(1), Choice(BLAZE, runner_threads=2)], FRAMES)
    assert (fastest(timed).choice.runner, fastest(timed).image_ms) == (OPENVINO, pytest.approx(9.0))
    assert [one.objection.split(":")[0] for one in timed] == [
        "", "", "", "not equal", "failed", "no card", "no card", f"lost the person {len(FRAMES)} times",
    ]  # fmt: skip
    assert "4.00 % of the torso of at most 1" in timed[3].objection
    with pytest.raises(ConfigError, match="no estimator can be used here: .*no card"):
        fastest(timed[5:7])


def test_other_programs_neither_change_the_choice_nor_go_unsaid(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = [0.0]

    class Pushed(Stand):
        images = 0

        def estimate(self, frame: Frame) -> Skeleton:
            self.images += 1
            clock[0] += 0.040 * (self._odd == "threads" and self.images % 3 > 0)
            return super().estimate(frame)

    def make(config: PoseConfig, _layout: object) -> Stand:
        return Pushed(clock, *((0.005, 0.0, "threads") if config.runner_threads == 2 else (0.009, 0.0, "")))

    monkeypatch.setattr(choosing, "make_estimator", make)
    monkeypatch.setattr(choosing.time, "perf_counter", lambda: clock[0])
    timed = measure([Choice(BLAZE), Choice(BLAZE, runner_threads=2)], FRAMES)
    assert fastest(timed).choice.runner_threads == 2 and fastest(timed).image_ms == pytest.approx(5.0)
    assert disturbed(timed[:1]) == pytest.approx(1.0) and disturbed(timed[1:]) == pytest.approx(9.0)


def test_the_command_measures_a_real_one_writes_it_and_shows_it(
    file: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("physio_core.pose.commands.candidates", lambda _: [Choice(BLAZE), Choice(BLAZE, LITERT)])
    monkeypatch.setattr(choosing, "EACH_S", 0.0)
    monkeypatch.setitem(sys.modules, "physio_core.runners.litert_door", None)
    assert main(["pose", "choose"]) == 0
    said = capsys.readouterr().out
    assert "onnxruntime cpu float32" in said and "not timed: blaze by litert cpu; --verbose says why" in said
    assert file.read_text().startswith("# What `estimator: auto` takes on this machine.")
    assert main(["pose", "choose", "--verbose"]) == 0
    assert "not timed: blaze by litert cpu: runner litert is not installed" in capsys.readouterr().out
    assert main(["pose", "show"]) == 0
    assert "blaze by onnxruntime cpu float32, 1 thread: the fastest on this machine" in capsys.readouterr().out
