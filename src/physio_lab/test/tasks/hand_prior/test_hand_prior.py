"""A prior of hand motion knows the hand of the core, refuses what cannot be filled in, and does better than a straight line."""

from dataclasses import replace

import numpy as np
import pytest

from physio_core.errors import InputError, ModelError
from physio_core.motion.hand import LIMITS_DEG, HandMotion, HandShape, hand_positions
from physio_lab.synthetic.hand_occlusion import Occlusion, hidden
from physio_lab.synthetic.hand_trials import trials
from physio_lab.tasks.hand_prior.config import SearchConfig
from physio_lab.tasks.hand_prior.figures import Told, aligned, errors
from physio_lab.tasks.hand_prior.seen import SeenHand
from physio_lab.tasks.hand_prior.task import PRIOR

torch = pytest.importorskip("torch", reason="torch is installed for training only: scripts/setup --training")

TINY = {
    "name": "tiny", "motions": {"people": 4, "held": 0.25}, "network": {"width": 4, "code": 4},
    "optimiser": {"steps": 2, "batch": 4, "precision": "32-true", "keep_every": 2, "workers": 0},
}  # fmt: skip


@pytest.fixture(scope="module")
def trial():
    return next(trials(1, seed=5))


def test_its_hand_is_that_of_the_core():
    from physio_lab.tasks.hand_prior.kinematics import joints_of

    low, high = np.radians(np.array(list(LIMITS_DEG.values()))).T
    angles = np.random.default_rng(0).uniform(low, high, (20, len(low)))
    angles[:, -3:] = 0.0
    still = np.zeros((20, 3))
    true = hand_positions(HandShape(0.2, 1.1, 0.97, 1.08), HandMotion(angles, still, still))
    shape = torch.tensor([0.0, 2.0, -1.0, 2.0])
    told = joints_of(torch.from_numpy(angles[:, :-3]).float(), shape, torch.tensor(0.2))
    assert np.abs(told.numpy() - true).max() < 1e-6


def test_what_is_hidden_is_told_and_the_rest_left_as_it_was(trial):
    found = hidden(trial, np.random.default_rng(1), Occlusion(gaps=1, covered=1))
    assert found.joints.any(1).sum() > found.joints.all(1).sum() > 0
    assert not found.trial.present[found.joints.all(1)].any()
    still = ~found.joints.any(1)
    assert np.array_equal(found.trial.found_m[still], trial.found_m[still])


@pytest.mark.parametrize("left", [False, True])
def test_a_hand_that_is_seen_whole_stays_where_it_was_on_the_clock(trial, left):
    seen = SeenHand.of(trial.skeletons(), left)
    back = seen.from_clock(seen.points_m, trial.stamps_s)
    assert np.allclose(back[trial.present], trial.found_m[trial.present], atol=1e-5)


def test_what_cannot_be_filled_in_is_refused_with_the_number_of_images(trial):
    skeletons = list(trial.skeletons())
    for few in (skeletons[:3], [], [one for one in skeletons if not one.tracked]):
        with pytest.raises(InputError, match=rf"of {len(few)} images; to fill in the others takes 10"):
            SeenHand.of(few)
    blind = [replace(one, world_m=np.zeros((0, 3), np.float32)) for one in skeletons]
    with pytest.raises(InputError, match="a hand in 0 of"):
        SeenHand.of(blind)


def test_an_error_that_place_turn_and_size_explain_is_none_after_alignment():
    rng = np.random.default_rng(0)
    true = rng.normal(size=(5, 21, 3))
    turn = np.linalg.qr(rng.normal(size=(3, 3)))[0]
    turn *= np.sign(np.linalg.det(turn))
    told = 1.3 * true @ turn.T + 0.2
    assert np.allclose(aligned(told, true), true)
    found = errors(Told(0, true, true + [0.001, 0.0, 0.0], np.ones((5, 21), bool), 1.0))
    assert found["root_relative"][0] / found["root_relative"][1] == pytest.approx(1.0)
    assert found["pa_mpjpe"][0] == pytest.approx(0.0, abs=1e-6)
    assert found["acceleration"][0] == pytest.approx(0.0, abs=1e-9)


def test_no_person_is_learnt_from_and_followed_and_what_is_written_is_read_back(tmp_path):
    from physio_lab.engine.trainer import train
    from physio_lab.tasks.hand_prior.folder import read_prior

    recipe = PRIOR.recipe(TINY, "tiny")
    data = PRIOR.data(recipe)
    assert not {one.person for one in data.train} & {one.person for one in data.held}
    measured = train(PRIOR, recipe, tmp_path / "work", tmp_path / "tiny")
    assert measured["joints_mm"] > 0.0
    assert read_prior(tmp_path / "tiny").config.code == 4
    (tmp_path / "tiny" / "weights.pt").write_bytes(b"cut")
    with pytest.raises(ModelError, match="damaged"):
        read_prior(tmp_path / "tiny")


def test_the_one_that_ships_is_nearer_than_a_straight_line_where_hands_are_hidden():
    from physio_lab.tasks.hand_prior.evaluate import by_prior, cases, simple
    from physio_lab.tasks.hand_prior.folder import read_prior

    made = cases(1, draw=31)[:3]
    told = by_prior(read_prior(), made, SearchConfig(first=15, second=15))

    def missed(case, points):
        trial = case.hidden.trial
        one = Told(0, trial.true_m - trial.true_m[:, :1], points, case.hidden.joints, 1.0)
        return np.array(errors(one)["pa_hidden"])

    ours = sum(missed(case, one) for case, one in zip(made, told, strict=True))
    straight = sum(missed(case, simple(case)["linear"]) for case in made)
    assert ours[0] / ours[1] < 0.9 * straight[0] / straight[1]
