"""Calibration: the temperature that was put in is found again, and errors are counted as Guo et al. do."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from physio_core.action.card import DEFAULT_MODEL, read_card
from physio_core.action.model import Model, load_model
from physio_core.action.recogniser import RecogniserConfig
from physio_core.errors import InputError, ModelError
from physio_core.share import shared_path
from physio_core.types import UNKNOWN, Abstain
from physio_lab.evaluation.calibration import (
    REFUSED,
    Ticks,
    calibrate,
    fit_temperature,
    moving,
    nll,
    reliability,
    ticks_of,
    write_calibration,
)
from physio_lab.evaluation.evaluate import Case, Outcome
from physio_lab.evaluation.stream import recognise
from physio_lab.evaluation.watch import annotated

LABELS = ("squat", "lunge", UNKNOWN)


def sampled(temperature: float, count: int = 20000) -> tuple[np.ndarray, np.ndarray]:
    """Scores whose labels are drawn from their softmax, then made too sure (or unsure) by a temperature."""
    rng = np.random.default_rng(3)
    logits = rng.normal(size=(count, 4)) * 2.0
    chances = np.exp(logits) / np.exp(logits).sum(-1, keepdims=True)
    truth = (chances.cumsum(-1) > rng.random((count, 1))).argmax(-1)
    return logits * temperature, truth


def ticks(logits: np.ndarray, truth: np.ndarray) -> Ticks:
    """A hundred ticks of each clip; the smoothed energies lie closer together than those of single ticks."""
    return Ticks(logits, truth, np.arange(len(truth)) // 100, Model.energy(logits) / 4)


@pytest.mark.parametrize("temperature", [0.5, 1.0, 3.0])
def test_the_temperature_put_in_is_found(temperature: float) -> None:
    logits, truth = sampled(temperature)
    found = fit_temperature(logits, truth)
    assert found == pytest.approx(temperature, rel=0.05)
    assert nll(logits, truth, found) <= nll(logits, truth, 1.0)


def test_right_confidences_have_hardly_any_error_and_sure_ones_much() -> None:
    logits, truth = sampled(1.0)
    assert reliability(logits, truth, 1.0).ece < 0.02
    assert reliability(logits * 5, truth, 1.0).ece > 0.15


def test_the_error_is_the_weighted_gap_of_the_bins() -> None:
    logits = np.log(np.array([[0.9, 0.1]] * 4 + [[0.6, 0.4]] * 4))
    got = reliability(logits, np.array([0, 0, 0, 1, 0, 0, 0, 0]), 1.0)
    assert got.ece == pytest.approx(0.5 * abs(0.9 - 0.75) + 0.5 * abs(0.6 - 1.0))
    assert got.weight.sum() == pytest.approx(1.0)


def test_calibrating_lowers_the_error_also_on_clips_left_out() -> None:
    logits, truth = sampled(4.0)
    done = calibrate(ticks(logits, truth))
    assert done.after.ece < 0.02 < 0.1 < done.before.ece and done.held_out_ece < 0.03 and done.clips == 200


def test_rest_in_a_clip_of_an_exercise_is_left_out_but_not_elsewhere(outcome: Callable[..., Outcome]) -> None:
    still = outcome("squat", [("squat", 0.9)] * 20, speed=0.001)
    busy = outcome("squat", [("squat", 0.9)] * 20, speed=0.2)
    idle = outcome(UNKNOWN, [(UNKNOWN, 0.9)] * 20, speed=0.001)
    assert np.bincount(ticks_of([still, busy, idle], LABELS).clip).tolist() == [0, 20, 20]
    assert moving(np.r_[np.zeros(15), np.ones(3), np.zeros(30)]).nonzero()[0].tolist() == list(range(15, 32))


def test_the_energy_that_is_refused_refuses_the_share_asked_for(squat: Case) -> None:
    assert squat.sequence
    model = load_model()
    free = recognise(annotated(squat.sequence), model, RecogniserConfig(refuse=False))
    card = replace(model.card, energy_below=float(np.quantile(free.energies, 0.3)))
    run = recognise(annotated(squat.sequence), Model(card, model.runner, model.clip_file))
    refused = [one.abstain for one in run.predictions].count(Abstain.UNFAMILIAR)
    assert refused / len(free.said) == pytest.approx(0.3, abs=0.03)


def test_nothing_said_cannot_be_calibrated(outcome: Callable[..., Outcome]) -> None:
    with pytest.raises(InputError, match="nothing was said"):
        ticks_of([outcome("squat", [])], LABELS)


def test_the_card_takes_the_temperature_and_the_model_still_loads(tmp_path: Path) -> None:
    folder = shutil.copytree(shared_path("models", DEFAULT_MODEL), tmp_path / "model")
    logits, truth = sampled(2.0, 2000)
    done = calibrate(ticks(logits, truth))
    write_calibration(folder, done)
    assert read_card(folder).temperature == pytest.approx(done.temperature, abs=1e-3)
    assert read_card(folder).energy_below == pytest.approx(np.quantile(Model.energy(logits) / 4, REFUSED), abs=1e-3)
    assert json.loads((folder / "card.json").read_text())["calibration"]["ticks"] == 2000
    assert load_model(folder).card.name == DEFAULT_MODEL
    with pytest.raises(ModelError, match="no model"):
        write_calibration(tmp_path, done)
