"""Model folders: what does not fit is refused with a reason; clip and step form are one network."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from physio_core.action.card import CARD, DEFAULT_MODEL
from physio_core.action.model import CLIP, STEP, load_model
from physio_core.errors import ModelError
from physio_core.share import shared_path
from physio_core.types import UNKNOWN


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(shared_path("models", DEFAULT_MODEL), tmp_path / "model"))


def change_card(folder: Path, **changes: object) -> None:
    card = json.loads((folder / CARD).read_text())
    (folder / CARD).write_text(json.dumps({**card, **changes}))


def test_the_shipped_model_knows_the_six_exercises() -> None:
    assert set(load_model().labels) == {"squat", "lunge", "deadlift", "push_up", "pull_up", "jumping_jack", UNKNOWN}


def test_stepping_equals_the_clip() -> None:
    model = load_model()
    reach = model.card.reach
    clip = np.random.default_rng(0).normal(size=(1, 5, reach + 30, 18)).astype(np.float32)
    stream = model.stream()
    steps = np.stack([stream.step(clip[0, :, t]) for t in range(clip.shape[2])], axis=-1)
    np.testing.assert_allclose(steps[:, reach - 1 :], model.clip(clip)[0], atol=1e-4)


def test_a_fresh_stream_takes_the_first_frame_as_if_it_had_always_been_so() -> None:
    model = load_model()
    frame = np.random.default_rng(0).normal(size=(5, 18)).astype(np.float32)
    always = model.clip(np.repeat(frame[None, :, None], model.card.reach, axis=2))[0, :, 0]
    np.testing.assert_allclose(model.stream().step(frame), always, atol=1e-4)


def test_reset_forgets_everything() -> None:
    stream = load_model().stream()
    frames = np.random.default_rng(0).normal(size=(9, 5, 18)).astype(np.float32)
    first = [stream.step(frame) for frame in frames]
    stream.reset()
    np.testing.assert_array_equal(first, [stream.step(frame) for frame in frames])


def test_probabilities_are_finite_and_sum_to_one() -> None:
    chances = load_model().probabilities(np.array([1e4, -1e4, 0, 0, 0, 0, 0], np.float32))
    assert np.isfinite(chances).all() and chances.sum() == pytest.approx(1.0)


@pytest.mark.parametrize("name", [STEP, CLIP])
def test_a_truncated_file_is_refused(folder: Path, name: str) -> None:
    (folder / name).write_bytes((folder / name).read_bytes()[:5000])
    with pytest.raises(ModelError, match="truncated"):
        load_model(folder)


@pytest.mark.parametrize("name", [STEP, CLIP, CARD])
def test_a_missing_file_is_refused(folder: Path, name: str) -> None:
    (folder / name).unlink()
    with pytest.raises(ModelError, match="missing"):
        load_model(folder)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"labels": ["squat", UNKNOWN]}, "7 classes"),
        ({"labels": ["squat", "lunge"]}, "unknown"),
        ({"layout": "blazepose_33"}, "layout"),
        ({"layout": "octopus"}, "octopus"),
        ({"channels": ["x", "y"]}, "channels"),
        ({"normaliser": {"rate_hz": 1e9}}, "rate_hz"),
        ({"temperature": 0.0}, "temperature"),
    ],
)
def test_a_card_that_does_not_fit_is_refused(folder: Path, changes: dict[str, object], reason: str) -> None:
    change_card(folder, **changes)
    with pytest.raises(ModelError, match=reason):
        load_model(folder)


def test_a_card_that_is_no_json_is_refused(folder: Path) -> None:
    (folder / CARD).write_text("{")
    with pytest.raises(ModelError, match="no model card"):
        load_model(folder)


def test_a_file_that_is_no_network_is_refused(folder: Path) -> None:
    import hashlib

    (folder / STEP).write_bytes(b"not a network")
    card = json.loads((folder / CARD).read_text())
    change_card(folder, sha256={**card["sha256"], STEP: hashlib.sha256(b"not a network").hexdigest()})
    with pytest.raises(ModelError, match="cannot be loaded"):
        load_model(folder)
