"""A scorer of hand items is trained by the engine on simulated patients, split by patient, and ships as it was trained."""

import json

import numpy as np
import pytest

from physio_core.errors import ConfigError, ModelError
from physio_core.hands.scoring import CARD, LEVELS, FmaScorer, inputs_of
from physio_core.hands.trial import Trial, time_points
from physio_lab.synthetic.hand_trials import trials
from physio_lab.tasks.scoring.task import SCORING

torch = pytest.importorskip("torch", reason="torch is installed for training only: scripts/setup --training")

TINY = {
    "name": "tiny", "trials": {"patients": 12}, "network": {"width": 8, "cell": "lstm"},
    "optimiser": {"steps": 4, "batch": 16, "precision": "32-true", "keep_every": 4, "workers": 0},
}  # fmt: skip


def test_no_patient_is_on_both_sides_and_each_fold_tests_others():
    from physio_lab.tasks.scoring.data import load_data

    recipes = [SCORING.recipe(TINY | {"fold": {"count": 3, "index": index}}, "tiny") for index in range(3)]
    found = [load_data(recipe) for recipe in recipes]
    for data in found:
        people = [set(part.patients.tolist()) for part in (data.train, data.held, data.test)]
        assert not (people[0] & people[1] or people[0] & people[2] or people[1] & people[2])
    tested = [who for data in found for who in set(data.test.patients.tolist())]
    assert len(tested) == len(set(tested))
    kept = set(load_data(SCORING.recipe(TINY, "tiny")).test.patients.tolist())
    assert kept and not kept & set(tested)


def test_what_ships_says_what_was_trained(tmp_path):
    from physio_lab.engine.state import read_state
    from physio_lab.engine.trainer import train
    from physio_lab.tasks.scoring.measure import probabilities, scores_of

    recipe = SCORING.recipe(TINY, "tiny")
    measured = train(SCORING, recipe, tmp_path / "work", tmp_path / "tiny")
    assert measured["test"]["n"] and -1.0 <= measured["test"]["kappa"] <= 1.0
    one = next(trials(1, seed=5))
    trial = Trial.of(one.skeletons(), one.side == "left")
    found = FmaScorer(tmp_path / "tiny").score(trial, one.item)
    network = SCORING.model(recipe)
    network.load_state_dict(read_state(tmp_path / "tiny" / "weights.pt"))
    network.eval()
    inputs = inputs_of(time_points(trial), one.item)[None]
    with torch.no_grad():
        expected = probabilities(network(torch.from_numpy(inputs)).numpy(), measured["temperature"])[0]
    assert np.allclose(found.probabilities, expected, atol=1e-4)
    card = json.loads((tmp_path / "tiny" / CARD).read_text())
    (tmp_path / "tiny" / CARD).write_text(json.dumps(card | {"features": ["speed"]}))
    with pytest.raises(ModelError, match="other features"):
        FmaScorer(tmp_path / "tiny")
    assert scores_of(network, SCORING.data(recipe).test).shape[1] == LEVELS


def test_two_levels_off_costs_more_than_one():
    from physio_lab.tasks.scoring.losses import loss_of

    recipe = SCORING.recipe(TINY | {"network": {"loss": "ordinal"}}, "tiny")
    truth = torch.tensor([[0.0, 1.0]])
    near, far = (loss_of(torch.tensor([[0.0, *there]]), truth, recipe).loss for there in ((9.0, 0.0), (0.0, 9.0)))
    assert far > 1.5 * near


def test_a_group_of_features_that_there_is_not_is_refused():
    with pytest.raises(ConfigError, match="groups of features are flexion, spread"):
        SCORING.recipe(TINY | {"network": {"without": ["colour"]}}, "tiny")
