"""Teaching a movement: the new class is known afterwards, the old ones still are, and the folder can be used and taught again."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from rich.console import Console

TRAINING = "training libraries are installed for training only: scripts/setup --training"
for library in ("torch", "lightning", "onnx"):
    pytest.importorskip(library, reason=TRAINING)

from physio_core.action.model import load_model  # noqa: E402
from physio_core.action.recogniser import Recogniser, RecogniserConfig  # noqa: E402
from physio_core.cli import main  # noqa: E402
from physio_core.errors import ConfigError, InputError, ModelError  # noqa: E402
from physio_core.judging.library import LibraryConfig, load_library  # noqa: E402
from physio_core.motion.kinematics import BodyShape, positions  # noqa: E402
from physio_core.motion.projection import to_openpose_18  # noqa: E402
from physio_core.screen.layout import DemoFigure, Sheet  # noqa: E402
from physio_core.screen.pages import scene_of  # noqa: E402
from physio_core.screen.state import ScreenState  # noqa: E402
from physio_core.screen.wording import load_words  # noqa: E402
from physio_core.session.events import EventKind  # noqa: E402
from physio_core.session.machine import Session, SessionConfig  # noqa: E402
from physio_core.types import Skeleton, Tracking, Verdict  # noqa: E402
from physio_lab.datasets.kinetics import write_kinetics  # noqa: E402
from physio_lab.datasets.manifest import ManifestRow  # noqa: E402
from physio_lab.datasets.sequence import SkeletonSequence  # noqa: E402
from physio_lab.engine.config import OptimiserConfig  # noqa: E402
from physio_lab.engine.trainer import train  # noqa: E402
from physio_lab.synthetic.negatives import UNKNOWN as MOVEMENTS  # noqa: E402
from physio_lab.synthetic.noise import NoiseConfig, estimator_like  # noqa: E402
from physio_lab.tasks.stgcn import learn_commands  # noqa: E402
from physio_lab.tasks.stgcn.config import LearnConfig, NetworkConfig, StgcnRecipe  # noqa: E402
from physio_lab.tasks.stgcn.learn import Learnt, learn  # noqa: E402
from physio_lab.tasks.stgcn.sequences import SyntheticConfig, filmed  # noqa: E402
from physio_lab.tasks.stgcn.task import STGCN  # noqa: E402
from physio_lab.taught.exercise import OwnExercise  # noqa: E402

SIMPLE = SyntheticConfig(frames=44, fresh=0.0, idle_before=0.0, idle_after=0.0, cut_off=0.0, waist_up=0.0, overhead=0.0)
BASE = StgcnRecipe(
    name="tiny",
    labels=("squat", "unknown"),
    synthetic=SIMPLE,
    network=NetworkConfig(channels=(12, 16), dilations=(2, 4), kernel=5, pool=4, dropout=0.0),
    optimiser=OptimiserConfig(steps=60, batch=10, val_batches=3, lr=0.01, workers=0),
)
QUICK = LearnConfig(steps=50, lr=0.01, share=0.4)
NEW = "hang"


def clip(number: int, movement: str = NEW, seconds: float = 5.0) -> SkeletonSequence:
    """A made-up person doing a movement that is an `unknown` one to the model."""
    rng = np.random.default_rng((number, 77))
    one, shape, rate_hz = MOVEMENTS[movement], BodyShape.random(rng), 15.0
    phase = np.arange(int(seconds * rate_hz)) / rate_hz / one.period_s[0]
    body = to_openpose_18(positions(shape, one.motion(phase, one.random_style(rng), shape)))
    points, depth, aspect = filmed(body, rng, SIMPLE)
    points, confidence = estimator_like(points, depth, aspect, rng, NoiseConfig())
    return SkeletonSequence(
        (points / [aspect, 1.0])[None].astype(np.float32), confidence[None].astype(np.float32),
        np.arange(len(points)) / rate_hz, "openpose_18", name=f"clip_{number}", width_px=round(480 * aspect), height_px=480,
    )  # fmt: skip


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("base")
    train(STGCN, BASE, folder / "work", folder / "model")
    card = json.loads((folder / "model" / "card.json").read_text())
    (folder / "model" / "card.json").write_text(json.dumps({**card, "temperature": 1.25, "energy_below": 0.5}))
    return folder / "model"


@pytest.fixture(scope="module")
def taught(base: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Taught through the command, from a set on disk."""
    folder = tmp_path_factory.mktemp("taught")
    write_kinetics(folder / "clips", [replace(clip(i), label="toes") for i in range(8)], ("toes",))
    asked = ["action", "learn", str(folder / "clips"), "--name", NEW, "--out", str(folder / "mine"), "--model", str(base)]
    settings = ["--steps", "50", "--rate", "0.01", "--share", "0.4", "--work", str(folder / "work")]
    assert main([*asked, *settings, "--json", str(folder / "f.json")]) == 0
    return folder


def test_what_few_clips_say_is_not_called_a_measurement_and_the_next_command_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    told = Learnt(NEW, 3, 1, "synthetic motion", "", 1.0, {}, {}, 0.02, 9.0)
    exercise = OwnExercise(NEW, "kind: body", None, Path("models/mine"), Path("models/base"))
    console = Console(width=200)
    for one in (told, replace(told, held_out=0, recall=None), replace(told, held_out=2)):
        learn_commands.show(one, Path("models/mine"), console)
    learn_commands.tell_next(told, exercise, console)
    printed = capsys.readouterr().out
    assert "the one kept apart is right: one clip is no measurement, give 8 or more" in printed
    assert "none kept apart, so how well it is recognised is not known" in printed
    assert "2 of 2 kept apart are right; so few say little" in printed
    assert "physio demo --model models/mine --source camera --exercises hang" in printed and "no picture of it" in printed


def test_the_new_movement_is_known_and_the_old_ones_still_are(taught: Path) -> None:
    told = json.loads((taught / "f.json").read_text())
    assert (told["learnt_from"], told["held_out"]) == (6, 2) and told["recall"] >= 0.5
    assert told["after"]["squat"] > told["before"]["squat"] - 0.25
    card = json.loads((taught / "mine" / "card.json").read_text())
    assert card["labels"] == ["squat", "unknown", NEW] and f"8 clips of {NEW}" in card["data"]
    assert card["measured"]["taught"]["held_out"] == 2 and card["measured"]["synthetic"]["recall"] == told["after"]
    assert (card["temperature"], card["energy_below"]) == (1.25, 0.5) and "licence" not in card


def test_the_folder_holds_an_exercise_that_shows_it(taught: Path) -> None:
    library = load_library(LibraryConfig(model=str(taught / "mine")))
    made = library.exercises[NEW]
    assert made.figure is not None and not made.barred and made.words("de").title == "Hang"
    assert not [line for line in library.lacks("de") if line.startswith(NEW)]


def test_the_folder_is_shown_asked_for_and_judged(taught: Path) -> None:
    """From the command to a verdict: the same objects that the nodes hold."""
    model = load_model(taught / "mine")
    catalogue = load_library(LibraryConfig(model=str(taught / "mine"))).exercises
    recogniser = Recogniser(model, RecogniserConfig(name_above=0.5))
    verdicts = []
    for number in (20, 21, 22):
        session = Session(catalogue, SessionConfig(mode="request", show_s=0.5, ready_s=0.0, right_s=1.0, attempts=1))
        recogniser.reset()
        assert session.command(NEW, 0.0).accepted
        page = scene_of(ScreenState(session.status(0.0)), load_words("en", catalogue=catalogue), Sheet(1024, 600))
        assert any(isinstance(item, DemoFigure) and item.figure is catalogue[NEW].figure for item in page.items)
        for skeleton in skeletons(clip(number, seconds=8.0)):
            session.update(skeleton, skeleton.stamp_s)
            session.update(recogniser.update(skeleton), skeleton.stamp_s)
        verdicts += [event.status.verdict for event in session.take_events() if event.kind is EventKind.VERDICT]
    assert verdicts.count(Verdict.RIGHT) >= 2
    assert session.command("lunge", 10.0).accepted  # by what its file says of a repetition


def skeletons(one: SkeletonSequence) -> Iterator[Skeleton]:
    points = np.pad(one.points[0], ((0, 0), (0, 0), (0, 1)))
    for stamp_s, place, sure in zip(one.stamps_s, points, one.confidence[0], strict=True):
        yield Skeleton(stamp_s, Tracking.TRACKED, one.layout, place, sure, "a", one.width_px, one.height_px)


def test_a_second_movement_is_learnt_on_top_and_the_first_is_rehearsed(taught: Path) -> None:
    clips = [clip(i, "side_step") for i in range(3)]
    told = learn(clips, "side_step", taught / "mine", taught / "two", taught / "work", replace(QUICK, steps=10))
    assert told.recall is None and told.held_out == 0
    assert load_model(taught / "two").labels == ("squat", "unknown", NEW, "side_step")
    with np.load(taught / "two" / "clips.npz") as kept:
        assert kept["labels"].tolist() == [NEW] * 6 + ["side_step"] * 3


@pytest.mark.parametrize(
    ("label", "count", "error", "reason"),
    [
        ("squat", 4, ConfigError, "knows 'squat' already"),
        ("Side bend", 4, ConfigError, "small letters"),
        ("bend", 1, InputError, "at least 2"),
    ],
)
def test_what_cannot_be_taught_is_refused(
    base: Path, tmp_path: Path, label: str, count: int, error: type[Exception], reason: str
) -> None:
    with pytest.raises(error, match=reason):
        learn([clip(i) for i in range(count)], label, base, tmp_path / "out", tmp_path / "work", QUICK)
    assert not (tmp_path / "out").exists()


def test_a_model_without_weights_and_a_folder_without_clips_are_named(
    base: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(ModelError, match=r"neither weights.pt"):
        learn([clip(0), clip(1)], "bend", tmp_path, tmp_path / "out", tmp_path / "work", QUICK)
    (tmp_path / "empty").mkdir()
    for clips in ("gone", "empty"):
        asked = ["action", "learn", str(tmp_path / clips), "--name", "bend", "--model", str(base)]
        assert main([*asked, "--out", str(tmp_path / "out")]) == 2
    assert not (tmp_path / "out").exists()
    printed = capsys.readouterr().err
    assert "does not exist" in printed and "looks like no format" in printed


def test_a_stretch_of_a_video_is_cut_from_what_the_tracker_saw(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(learn_commands, "estimate", lambda _path: clip(0))
    one = learn_commands.of_row(ManifestRow(2, "bend", "a.mp4", 1.0, 3.0, "anna", Path("a.mp4")))
    assert (one.stamps_s[0], one.stamps_s[-1], one.subject) == (pytest.approx(1.0), pytest.approx(3.0), "anna")
    assert one.points.shape[:2] == one.confidence.shape[:2] == (1, len(one.stamps_s))
    with pytest.raises(InputError, match="nobody is seen from 9 s"):
        learn_commands.of_row(ManifestRow(3, "bend", "a.mp4", 9.0, 10.0))


def test_clips_that_cannot_be_used_are_named_and_left_out(base: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with (tmp_path / "list.csv").open("w", newline="") as file:
        csv.writer(file).writerows([["label", "source"], ["bend", "gone.mp4"]])
    asked = ["action", "learn", str(tmp_path / "list.csv"), "--name", "bend", "--model", str(base)]
    assert main([*asked, "--out", str(tmp_path / "out")]) == 2
    printed = capsys.readouterr()
    assert "left out" in printed.out and "gone.mp4" in printed.out and "0 clip(s)" in printed.err
