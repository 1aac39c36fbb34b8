"""Teaching, interrupted or on another machine: nothing is lost, what the model knew is rehearsed as far as it is here."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

TRAINING = "training libraries are installed for training only: scripts/setup --training"
for library in ("torch", "lightning", "onnx"):
    pytest.importorskip(library, reason=TRAINING)

from physio_core.errors import ConfigError  # noqa: E402
from physio_lab.datasets.kinetics import write_kinetics  # noqa: E402
from physio_lab.datasets.sequence import SkeletonSequence  # noqa: E402
from physio_lab.engine.checkpoint import save_weights  # noqa: E402
from physio_lab.engine.config import OptimiserConfig  # noqa: E402
from physio_lab.tasks.stgcn import learn as teaching  # noqa: E402
from physio_lab.tasks.stgcn.clips import write_clips  # noqa: E402
from physio_lab.tasks.stgcn.config import LearnConfig, NetworkConfig, SetConfig, StgcnRecipe  # noqa: E402
from physio_lab.tasks.stgcn.learn import learn  # noqa: E402
from physio_lab.tasks.stgcn.recorded import at_rate  # noqa: E402
from physio_lab.tasks.stgcn.rehearsal import rehearse  # noqa: E402
from physio_lab.tasks.stgcn.sequences import SyntheticConfig  # noqa: E402
from physio_lab.tasks.stgcn.weights import make_network  # noqa: E402

BASE = StgcnRecipe(
    name="tiny",
    labels=("squat", "unknown"),
    synthetic=SyntheticConfig(frames=44, fresh=0.0),
    network=NetworkConfig(channels=(8, 8), dilations=(1, 2), kernel=5, pool=4),
    optimiser=OptimiserConfig(steps=1, batch=12, val_batches=1, workers=0),
)
QUICK = LearnConfig(steps=60, share=0.5)


def clip(number: int, label: str = "") -> SkeletonSequence:
    rng = np.random.default_rng(number)
    points = rng.uniform(0.3, 0.7, (1, 1, 18, 2)) + 0.01 * rng.normal(size=(1, 60, 18, 2)).cumsum(1)
    return SkeletonSequence(
        points.astype(np.float32), np.ones((1, 60, 18), np.float32), np.arange(60) / 15.0, "openpose_18", label, f"clip_{number}",
        width_px=640, height_px=480,
    )  # fmt: skip


CLIPS = [clip(i) for i in range(4)]


def model(folder: Path, config: StgcnRecipe = BASE) -> Path:
    """A model folder, as far as it is needed to learn on from it."""
    save_weights(make_network(config), config, folder / "weights.pt")
    return folder


class InterruptedRunError(Exception):
    pass


def stop(step: int, *_rest: float) -> None:
    if step == 55:
        raise InterruptedRunError


def test_an_interrupted_teaching_goes_on_and_other_clips_or_settings_do_not(tmp_path: Path) -> None:
    places = (model(tmp_path / "base"), tmp_path / "mine", tmp_path / "work")
    with pytest.raises(InterruptedRunError):
        learn(CLIPS, "bend", *places, QUICK, stop)
    for clips, config, reason in [
        (CLIPS[:3], QUICK, "3 clips of bend"),
        ([*CLIPS[:3], clip(9)], QUICK, "clips '.*', now '"),
        (CLIPS, replace(QUICK, mirror=False), "settings.mirror True, now False"),
    ]:
        with pytest.raises(ConfigError, match=f"checkpoint.pt was made by another recipe: .*{reason}"):
            learn(clips, "bend", *places, config)
    steps: list[int] = []
    learn(CLIPS, "bend", *places, QUICK, lambda step, *_rest: steps.append(step))
    assert steps == list(range(51, 61))
    learn([*CLIPS[:3], clip(9)], "bend", *places, replace(QUICK, steps=10))


def test_a_folder_that_cannot_be_written_is_named_before_the_teaching(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(ConfigError, match="give a folder that can be written"):
        learn(CLIPS, "bend", model(tmp_path / "base"), tmp_path / "file" / "mine", tmp_path / "work", QUICK)
    assert not (tmp_path / "work").exists()


def test_all_movements_that_were_taught_share_one_part_of_a_batch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    config = replace(BASE, labels=(*BASE.labels, "hang"), sets=(SetConfig(path="2 clips of hang", share=0.0),))
    write_clips(model(tmp_path / "base", config), [at_rate(clip(i), 2, config.normaliser) for i in (5, 6)], config.labels)
    seen: list[Any] = []
    monkeypatch.setattr(teaching, "fit", lambda _task, _network, _recipe, batches, *_rest, **_given: seen.append(batches))
    learn(CLIPS, "bend", tmp_path / "base", tmp_path / "mine", tmp_path / "work", QUICK)
    drawn = Counter(label for i in range(20) for label in seen[0][i][1].max(1).tolist())
    assert sum(drawn.values()) == 20 * 12 and drawn[2] + drawn[3] == 20 * 6 and 40 < drawn[2] < 80


def recorded(folder: Path, share: float = 0.5) -> StgcnRecipe:
    """A recipe with a set that shows a movement of its own, and one that is on no machine."""
    write_kinetics(folder / "set", [clip(i, "wave") for i in range(12)], ("wave",))
    here, gone = SetConfig(path=str(folder / "set"), share=share), SetConfig(path="$PHYSIO_GONE/bends", share=0.25)
    return replace(BASE, labels=("squat", "wave", "bend", "unknown"), sets=(here, gone))


def test_what_the_model_was_made_from_is_rehearsed_as_far_as_it_is_here(tmp_path: Path) -> None:
    base = recorded(tmp_path)
    found = rehearse(base, replace(base, labels=(*base.labels, "hang")), 8, {"hang"})
    drawn = Counter(label for i in range(10) for label in found.sources.learn[i][1].max(1).tolist())
    assert drawn[1] == 40 and drawn[0] > 0 and found.data == "synthetic motion and set"
    assert found.missing == "not found, so not rehearsed: $PHYSIO_GONE/bends; nothing here shows bend, which may be forgotten"
    assert {base.labels[one.label] for one in found.sources.held_out} == {"wave"}


def test_sets_take_the_place_of_those_that_are_gone_where_nothing_is_synthetic(tmp_path: Path) -> None:
    base = replace(recorded(tmp_path, share=0.75), labels=("wave", "bend", "unknown"))
    found = rehearse(base, base, 8, ())
    assert found.sources.check is None and (found.sources.learn[0][1].max(1) == 0).all()
    with pytest.raises(ConfigError, match=r"nothing that the model knows can be rehearsed: \$PHYSIO_GONE/bends not found"):
        rehearse(replace(base, sets=base.sets[1:]), base, 8, ())


def test_what_is_missing_is_said_before_the_teaching_and_the_card_has_it(tmp_path: Path) -> None:
    config = replace(BASE, sets=(SetConfig(path="$PHYSIO_GONE/squats", share=0.5),), licence="Apache-2.0")
    said: list[str] = []
    places = (model(tmp_path / "base", config), tmp_path / "mine", tmp_path / "work")
    told = learn(CLIPS, "bend", *places, replace(QUICK, steps=10), None, said.append)
    assert said == ["not found, so not rehearsed: $PHYSIO_GONE/squats"] == [told.missing]
    assert told.rehearsed == "synthetic motion only"
    assert "licence" not in (tmp_path / "mine" / "card.json").read_text()
